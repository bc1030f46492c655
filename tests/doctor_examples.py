"""One example for each code of doctor: what lies in HOME, and where the finding points to.

tests/unit/test_doctor.py lays each of them out, and scripts/findings makes docs/findings.md of it.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field

from sample import CORP, PROD

TOKEN = "0" * 40  # a file of the SSO cache
CONFIG = ".aws/config"
CREDENTIALS = ".aws/credentials"
CACHE = ".aws/sso/cache/"
OF_CORP = f"{CACHE}{hashlib.sha1(b'corp').hexdigest()}.json"  # the token of [sso-session corp]
SETTINGS = ".config/awsx/config.toml"
KEYS = "aws_access_key_id = AKIAEXAMPLE\naws_secret_access_key = example\n"
ROLE = "role_arn = arn:aws:iam::111122223333:role/Admin\n"


@dataclass(frozen=True)
class Example:
    """`files` are texts by their path in HOME, `modes` and `links` likewise, `env` variables.

    `programs` are on PATH, by their text. `age` is how old the files are, in seconds.
    """

    code: str
    place: str
    files: dict[str, str | bytes] = field(default_factory=dict)
    env: dict[str, str] = field(default_factory=dict)
    modes: dict[str, int] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    programs: dict[str, str] = field(default_factory=dict)
    age: int = 0


def in_config(code: str, text: str, line: int | str = 1, **more: object) -> Example:
    place = f"~/.aws/config:{line}" if line else "~/.aws/config"
    return Example(code, place, {CONFIG: text}, **more)  # type: ignore[arg-type]


def token(**more: str) -> str:
    """A token that cannot be renewed."""
    return json.dumps({"accessToken": "secret", "expiresAt": "2099-01-01T00:00:00Z"} | more)


def version(text: str) -> dict[str, str]:
    """An AWS CLI of that version."""
    return {"aws": f"#!/bin/sh\necho aws-cli/{text} Python/3.13.0 Linux\n"}


AWSX = "AWSX_PYTHON=/opt/awsx/bin/python\nsource /opt/awsx/awsx.bash\n"
BASH = {"bash": "#!/bin/sh\n"}

EXAMPLES = (
    # the files as text
    in_config("double-section", "[profile a]\n[profile a]\n", 2),
    in_config("double-key", "[profile a]\nregion = eu-west-1\nregion = eu-west-2\n", 3),
    in_config("no-equals", "[profile a]\nregion\n", 2),
    in_config("before-section", "region = eu-west-1\n[profile a]\n", 1),
    in_config("not-nested", "[profile a]\ns3 =\n  nothing\n", 3),
    in_config("byte-order-mark", "\ufeff[profile a]\nregion = eu-west-1\n", 1),
    Example("not-utf8", "~/.aws/config:2", {CONFIG: b"[profile a]\nregion = \xe9\n"}),
    Example("no-config", "~/.aws/config"),
    Example("dangling-link", "~/.aws/config", links={CONFIG: "gone"}),
    Example("config-file-missing", "AWS_CONFIG_FILE", env={"AWS_CONFIG_FILE": "/gone/config"}),
    in_config("header-without-profile", "[prod]\nregion = eu-west-1\n"),
    in_config("header-case", "[PROFILE prod]\nregion = eu-west-1\n"),
    in_config("header-empty", "[profile ]\nregion = eu-west-1\n"),
    in_config("header-words", "[profile my prod]\nregion = eu-west-1\n"),
    Example(
        "profile-in-credentials", "~/.aws/credentials:1", {CREDENTIALS: f"[profile a]\n{KEYS}"}
    ),
    in_config("default-leak", "[DEFAULT]\nregion = eu-west-1\n[profile a]\n", 1),
    in_config("default-twice", "[default]\nregion = eu-west-1\n[profile default]\n", 3),
    in_config("spelled-twice", "[profile a]\nregion = eu-west-1\n[profile 'a']\n", 1),
    Example("carriage-return", "~/.aws/config", {CONFIG: b"[profile a]\r\nregion = eu-west-1\r\n"}),
    in_config("inline-comment", "[profile a]\noutput = json # not text\n", 2),
    in_config("quoted-value", '[profile a]\nrole_session_name = "me"\n', 2),
    in_config("colon", "[profile a]\nregion: eu-west-1\n", 2),
    in_config("odd-key", "[profile a]\nmy key = b\n", 2),
    in_config("unknown-key", "[profile a]\nsoure_profile = b\n", 2),
    Example(
        "both-files",
        "~/.aws/config:1",
        {CONFIG: "[profile a]\nregion = eu-west-1\n", CREDENTIALS: f"[a]\n{KEYS}"},
    ),
    # permissions
    Example(
        "open-credentials",
        "~/.aws/credentials",
        {CREDENTIALS: f"[a]\n{KEYS}"},
        modes={CREDENTIALS: 0o644},
    ),
    Example(
        "open-token",
        f"~/{CACHE}{TOKEN}.json",
        {f"{CACHE}{TOKEN}.json": "{}"},
        modes={f"{CACHE}{TOKEN}.json": 0o644},
    ),
    Example("spare-cache", "~/.cache/awsx", {".cache/awsx": "a file\n"}, env={"TMPDIR": "/tmp"}),
    Example(
        "left-over",
        f"~/{CACHE}{TOKEN}.json.999999999.tmp",
        {f"{CACHE}{TOKEN}.json.999999999.tmp": "{}"},
        age=7200,
    ),
    Example("clock", "~/.aws/config", {CONFIG: PROD + CORP}, age=-7200),
    # profiles
    in_config("no-session", PROD, 2),
    in_config("missing-key", CORP + "[profile a]\nsso_session = corp\nsso_account_id = 1\n", 4),
    in_config("inconsistent", CORP + PROD + "sso_region = us-east-1\n", 9),
    in_config("no-source", f"[profile a]\n{ROLE}source_profile = gone\n", 3),
    in_config(
        "loop",
        f"[profile a]\n{ROLE}source_profile = b\n[profile b]\n{ROLE}source_profile = a\n",
        6,
    ),
    in_config("empty-source", f"[profile a]\n{ROLE}source_profile = b\n[profile b]\n", 3),
    in_config("unknown-source", f"[profile a]\n{ROLE}credential_source = EC2\n", 3),
    in_config("one-source", f"[profile a]\n{ROLE}", 2),
    in_config("half-keys", "[profile a]\naws_access_key_id = AKIAEXAMPLE\n", 2),
    in_config("blank-key", "[profile a]\naws_access_key_id =\naws_secret_access_key = x\n", 2),
    in_config("too-short", f"[profile a]\n{ROLE}external_id = 1\nsource_profile = a\n{KEYS}", 3),
    in_config("bad-command", "[profile a]\ncredential_process = 'tool\n", 2),
    in_config("bad-region", "[profile a]\nregion = eu-west-1 # Ireland\n", 2),
    in_config("several-kinds", CORP + PROD + KEYS, 4),
    in_config("odd-name", "[profile 'my prod']\nregion = eu-west-1\n", 1),
    in_config("like-a-command", "[profile login]\nregion = eu-west-1\n", 1),
    Example("long-lived-keys", "~/.aws/credentials:2", {CREDENTIALS: f"[a]\n{KEYS}"}),
    Example("default-keys", "~/.aws/credentials:2", {CREDENTIALS: f"[default]\n{KEYS}"}),
    Example(
        "keys-past-end",
        "~/.aws/credentials:4",
        {CREDENTIALS: f"[a]\n{KEYS}x_security_token_expires = 2020-01-01T00:00:00Z\n"},
    ),
    in_config(
        "reserved-role",
        CORP + PROD.replace("= Admin", "= AWSReservedSSO_Admin_0123456789abcdef"),
        7,
    ),
    in_config("odd-account", CORP + PROD.replace("111122223333", "1111-2222-3333"), 6),
    in_config("odd-role", f"[profile a]\nrole_arn = 111122223333:role/Admin/x\n{KEYS}", 2),
    in_config("no-region", f"[profile a]\n{KEYS}", 1),
    in_config("no-program", "[profile a]\ncredential_process = /gone/tool a\n", 2),
    in_config("no-token-file", f"[profile a]\n{ROLE}web_identity_token_file = /gone/token\n", 3),
    in_config(
        "long-chained-role",
        f"{CORP}{PROD}[profile a]\n{ROLE}source_profile = prod\nduration_seconds = 7200\n",
        12,
    ),
    in_config(
        "legacy-session",
        "[profile a]\nsso_start_url = https://corp.awsapps.com/start\nsso_region = eu-west-1\n"
        "sso_account_id = 111122223333\nsso_role_name = Admin\n",
        2,
    ),
    # sessions
    in_config("plain-http", CORP.replace("https", "http"), 1),
    in_config(
        "start-url-variants",
        f"{CORP}[sso-session two]\nsso_start_url = https://corp.awsapps.com/start/\n"
        "sso_region = eu-west-1\n",
        4,
    ),
    in_config("same-start-url", CORP + CORP.replace("session corp", "session two"), 4),
    in_config(
        "region-of-host",
        "[sso-session corp]\nsso_region = us-east-1\n"
        "sso_start_url = https://ssoins-1.eu-west-1.portal.amazonaws.com\n",
        1,
    ),
    in_config("no-scope", f"{CORP}sso_registration_scopes = codewhisperer:completions\n", 1),
    in_config(
        "account-access",
        "[sso-session corp]\nsso_region = eu-west-1\n"
        "sso_start_url = https://aa-1.account-access.eu-west-1.app.aws\n",
        1,
    ),
    in_config("unused-session", CORP, 1),
    in_config("no-login", CORP + PROD, 1),
    Example(
        "session-ended",
        "~/.aws/config:1",
        {CONFIG: CORP + PROD, OF_CORP: token(expiresAt="2020-01-01T00:00:00Z")},
    ),
    Example("not-renewable", "~/.aws/config:1", {CONFIG: CORP + PROD, OF_CORP: token()}),
    Example("odd-time", f"~/{OF_CORP}", {OF_CORP: token(expiresAt="2099-01-01T00:00:00UTC")}),
    Example("odd-token", f"~/{CACHE}{TOKEN}.json", {f"{CACHE}{TOKEN}.json": "{half"}),
    Example(
        "stuck-registration",
        f"~/{CACHE}{TOKEN}.json",
        {f"{CACHE}{TOKEN}.json": '{"clientId": "a", "expiresAt": "2099-01-01T00:00:00Z"}'},
    ),
    # variables
    Example(
        "in-rc-file", "~/.bashrc:2", {".bashrc": "# mine\nexport AWS_DEFAULT_PROFILE=legacy\n"}
    ),
    Example("endpoint", "AWS_ENDPOINT_URL_S3", env={"AWS_ENDPOINT_URL_S3": "http://127.0.0.1:9"}),
    Example("ca-bundle", "AWS_CA_BUNDLE", env={"AWS_CA_BUNDLE": "/gone/ca.pem"}),
    Example("no-metadata", "AWS_EC2_METADATA_DISABLED", env={"AWS_EC2_METADATA_DISABLED": "true"}),
    Example("locale", "LC_ALL", env={"LC_ALL": "C"}),
    # programs
    Example("no-cli", "PATH"),
    Example("cli-v1", "~/bin/aws", programs=version("1.45.11")),
    Example("cli-too-old", "~/bin/aws", {CONFIG: CORP + PROD}, programs=version("2.7.0")),
    in_config("auto-prompt", "[profile a]\ncli_auto_prompt = on\n", 2, programs=version("2.38.5")),
    # awsx itself
    Example(
        "dead-pin",
        "/gone",
        {
            ".local/state/awsx/pins": "1\n/gone\x1f/gone\x1fprod\x1f/gone\x1f\x1f.\n",
            CONFIG: CORP + PROD,
        },
    ),
    Example("bad-settings", "~/.config/awsx/config.toml:2", {SETTINGS: "[guard]\nmach = 1\n"}),
    Example("not-loaded", ""),
    Example("old-bash", "", env={"AWSX_SHELL": "bash4"}),
    Example("not-installed", "~/.bashrc", {".bashrc": "# mine\n"}, programs=BASH),
    Example("loaded-twice", "~/.bashrc", {".bashrc": AWSX + AWSX}, programs=BASH),
    Example("loads-another", "~/.bashrc", {".bashrc": AWSX}, programs=BASH),
    Example(
        "shown-twice",
        "~/.bashrc",
        {".bashrc": "source /usr/share/liquidprompt/liquidprompt\n"},
        programs=BASH,
    ),
)
