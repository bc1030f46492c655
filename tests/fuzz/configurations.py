"""Random config and credentials files, as people write them and as they get them wrong."""

from __future__ import annotations

import random

SESSIONS = ("corp", "lab")
NAMES = ("default", "alpha", "beta", "gamma", "delta", "omega", "my prod", "a!b")
START_URLS = ("https://corp.awsapps.com/start", "https://lab.awsapps.com/start")
REGIONS = ("eu-west-1", "eu-west-1", "us-east-1", "eu-central-1")
ODD_REGIONS = ("eu-west-1 # Ireland", "eu west 1", "-eu", "eu_west_1", "12", "eu-west-1 ; x", "")
ROLES = ("arn:aws:iam::111122223333:role/Deploy", "arn:aws:iam::444455556666:role/Audit")
ODD_ROLES = ("", "Deploy", "arn:aws:iam::1:role")
PROCESSES = (
    '/bin/echo \'{"Version": 1, "AccessKeyId": "AKIA", "SecretAccessKey": "s"}\'',
    "/bin/false",
    "/no/such/program",
    "/bin/echo 'unfinished",
    "",
)
LOGINS = ("arn:aws:iam::111122223333:user/jane", "arn:aws:iam::111122223333:user/gone", "")
SOURCES = ("Environment", "EcsContainer", "Ec2InstanceMetadata", "environment", "")
ODD_SECTIONS = (
    "[plugins]\nfoo = bar",
    "[profiles x]\nregion = eu-west-1",
    "[Profile alpha]\nregion = eu-west-1",
    "[alpha]\nregion = us-west-2",
    "[services mine]\ns3 =\n  endpoint_url = http://127.0.0.1",
    "# a comment\n; another",
    "[sso-session]\nsso_region = eu-west-1",
)

Keys = "list[tuple[str, str]]"


class Files:
    """The texts of both files."""

    def __init__(self, config: str, credentials: str) -> None:
        self.config, self.credentials = config, credentials


def files(seed: int) -> Files:
    """The files of a seed, always the same."""
    chance = random.Random(seed)
    names = chance.sample(NAMES, chance.randint(3, len(NAMES)))
    sections = [_session(chance, name) for name in SESSIONS if chance.random() < 0.9]
    in_credentials = []
    for name in names:
        keys, more = _profile(chance, names)
        if keys or chance.random() < 0.5:
            sections.append(_section(chance, _header(name), keys))
        if more:
            in_credentials.append(_section(chance, f"[{name}]", more))
    if chance.random() < 0.3:
        sections.append(chance.choice(ODD_SECTIONS))
    if chance.random() < 0.03:
        sections.append("[DEFAULT]\n" + chance.choice(("region = eu-west-1", "sso_session = corp")))
    if chance.random() < 0.03:
        in_credentials.append("[DEFAULT]\naws_access_key_id = AKIADEFAULT")
    chance.shuffle(sections)
    return Files("\n\n".join(sections) + "\n", "\n".join(in_credentials) + "\n")


def _header(name: str) -> str:
    if name == "default":
        return "[default]"
    return f"[profile '{name}']" if " " in name else f"[profile {name}]"


def _section(chance: random.Random, header: str, keys: Keys) -> str:
    unique = dict(keys)
    lines = [f"{key} = {value}".rstrip() for key, value in unique.items()]
    if chance.random() < 0.1:
        lines.insert(chance.randint(0, len(lines)), "# a comment")
    if chance.random() < 0.03 and lines:
        lines = [line.replace(" = ", ": ", 1) for line in lines]
    if chance.random() < 0.03 and lines:
        lines[chance.randrange(len(lines))] += " # why"
    if chance.random() < 0.03:
        lines = [line.replace("sso_", "SSO_", 1).replace("aws_", "AWS_", 1) for line in lines]
    return "\n".join((header, *lines))


def _session(chance: random.Random, name: str) -> str:
    url = START_URLS[SESSIONS.index(name)]
    keys = [("sso_start_url", url), ("sso_region", "eu-west-1")]
    if chance.random() < 0.7:
        keys.append(("sso_registration_scopes", "sso:account:access"))
    if chance.random() < 0.05:
        keys.append(("region", "us-west-2"))
    return _section(chance, f"[sso-session {name}]", _damaged(chance, keys, 0.06))


def _damaged(chance: random.Random, keys: Keys, share: float) -> Keys:
    """The keys; for a share of the cases one of them is left out, or has no value."""
    if keys and chance.random() < share:
        at = chance.randrange(len(keys))
        if chance.random() < 0.6:
            return keys[:at] + keys[at + 1 :]
        return [*keys[:at], (keys[at][0], ""), *keys[at + 1 :]]
    return keys


def _profile(chance: random.Random, names: list[str]) -> tuple[Keys, Keys]:
    """The keys of a profile in the config file and in the credentials file."""
    config: Keys = []
    credentials: Keys = []
    for _ in range(chance.choice((0, 1, 1, 1, 1, 1, 2, 2, 3))):
        kind = chance.choice(KINDS)
        found = _damaged(chance, kind(chance, names), 0.15)
        in_config = chance.random() < (0.4 if kind is _keys else 0.9)
        if kind is _keys and len(found) > 1 and chance.random() < 0.1:
            config, credentials = config + found[:1], credentials + found[1:]
        elif in_config:
            config += found
        else:
            credentials += found
    if chance.random() < 0.8:
        odd = chance.random() < 0.06
        config.append(("region", chance.choice(ODD_REGIONS if odd else REGIONS)))
    chance.shuffle(config)
    return config, credentials


def _sso(chance: random.Random, names: list[str]) -> Keys:
    session = chance.choice((*SESSIONS * 4, "nosuch"))
    url = START_URLS[SESSIONS.index(session)] if session in SESSIONS else START_URLS[0]
    keys = [
        ("sso_session", session),
        ("sso_account_id", "111122223333"),
        ("sso_role_name", "Admin"),
    ]
    if chance.random() < 0.2:
        keys.append(("sso_region", chance.choice(("eu-west-1", "eu-west-1", "us-east-1"))))
    if chance.random() < 0.2:
        keys.append(("sso_start_url", chance.choice((url, url, START_URLS[0]))))
    if chance.random() < 0.05:
        keys.append(("sso_registration_scopes", "sso:account:access"))
    return keys


def _legacy(chance: random.Random, names: list[str]) -> Keys:
    return [
        ("sso_start_url", chance.choice(START_URLS)),
        ("sso_region", chance.choice(("eu-west-1", "eu-west-1", "eu-west-1", "eu west"))),
        ("sso_account_id", "111122223333"),
        ("sso_role_name", "Admin"),
    ]


def _session_alone(chance: random.Random, names: list[str]) -> Keys:
    return [("sso_session", chance.choice((*SESSIONS, "nosuch")))]


def _role(chance: random.Random, names: list[str]) -> Keys:
    keys = [("role_arn", chance.choice(ROLES if chance.random() < 0.92 else ODD_ROLES))]
    if chance.random() < 0.9:
        keys.append(("source_profile", chance.choice([*names * 5, "nosuch"])))
    if chance.random() < 0.1:
        keys.append(("credential_source", chance.choice(SOURCES)))
    if chance.random() < 0.15:
        keys.append(("mfa_serial", chance.choice(("arn:aws:iam::1:mfa/jane", "", "1234567"))))
    if chance.random() < 0.15:
        keys.append(("external_id", chance.choice(("secret", "x", ""))))
    if chance.random() < 0.15:
        keys.append(("role_session_name", chance.choice(("jane", "j", ""))))
    if chance.random() < 0.15:
        keys.append(("duration_seconds", chance.choice(("3600", "900", "600", "1h", "", " +1200"))))
    return keys


def _from_source(chance: random.Random, names: list[str]) -> Keys:
    return [("role_arn", ROLES[0]), ("credential_source", chance.choice(SOURCES))]


def _keys(chance: random.Random, names: list[str]) -> Keys:
    return [("aws_access_key_id", "AKIAEXAMPLE"), ("aws_secret_access_key", "stand-in")]


def _process(chance: random.Random, names: list[str]) -> Keys:
    good = chance.random() < 0.7
    return [("credential_process", PROCESSES[0] if good else chance.choice(PROCESSES))]


def _login(chance: random.Random, names: list[str]) -> Keys:
    return [("login_session", chance.choice(LOGINS))]


def _web_identity(chance: random.Random, names: list[str]) -> Keys:
    token = chance.choice(("TOKEN_FILE", "TOKEN_FILE", "/no/such/file", ""))
    return [("web_identity_token_file", token), ("role_arn", chance.choice(ROLES))]


KINDS = (
    *[_sso] * 5,
    _legacy,
    _session_alone,
    *[_role] * 4,
    _from_source,
    *[_keys] * 3,
    _process,
    _login,
    _web_identity,
)
