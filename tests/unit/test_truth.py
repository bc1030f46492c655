"""What each tool will use: a table of environments and files, tool by tool."""

import pytest

from awsx.files.profiles import Config
from awsx.truth import credentials, tools

SESSION = "[sso-session corp]\nsso_start_url = https://x\nsso_region = eu-west-1\n"
SSO = "sso_session = corp\nsso_account_id = 111122223333\nsso_role_name = Admin\n"
KEYS = "aws_access_key_id = AKIA\naws_secret_access_key = SECRET\n"
PROCESS = "credential_process = /bin/creds\n"
ROLE = "role_arn = arn:aws:iam::777788889999:role/Deploy\nsource_profile = other\n"
WEB = "role_arn = arn:aws:iam::777788889999:role/Web\nweb_identity_token_file = /token\n"
HALF = "role_arn = arn:aws:iam::1:role/Half\n"
LOGIN = "login_session = arn:aws:iam::111122223333:user/jane\n"


@pytest.fixture
def config(home):
    """config(prod=text, credentials=text): the files as awsx reads them, a profile by its name."""

    def config(credentials="", **profiles):
        names = {
            name: "[default]" if name == "default" else f"[profile {name}]" for name in profiles
        }
        text = "".join(f"{names[name]}\n{keys}" for name, keys in profiles.items()) + SESSION
        (home / ".aws" / "config").write_text(text)
        (home / ".aws" / "credentials").write_text(credentials)
        return Config({"HOME": str(home)})

    return config


# [profile prod] in the config, [prod] in the credentials file -> the kind of credentials that each
# tool takes from profile prod (aws, boto3, js, go, rust), and the mark in the prompt.
PROFILES = {
    "sso": (SSO, "", "sso sso sso sso sso", ""),
    "keys": (KEYS, "", "keys keys keys keys keys", ""),
    "keys in the credentials file": ("", KEYS, "keys keys keys keys keys", ""),
    "role": (ROLE, "", "role role role role role", ""),
    "web identity": (
        WEB,
        "",
        "web-identity web-identity web-identity web-identity web-identity",
        "",
    ),
    "sso and keys": (SSO + KEYS, "", "sso sso keys keys sso", "js:keys"),
    "sso, and keys in the credentials file": (SSO, KEYS, "sso sso keys keys sso", "js:keys"),
    "process and keys": (PROCESS + KEYS, "", "process process keys keys process", "js:keys"),
    "process, and keys in the credentials file": (
        PROCESS,
        KEYS,
        "keys keys keys keys process",
        "rust:process",
    ),
    "sso and process": (SSO + PROCESS, "", "sso sso process sso sso", "js:process"),
    "login and process": (LOGIN + PROCESS, "", "login login process login login", "js:process"),
    "login, and keys in the credentials file": (
        LOGIN,
        KEYS,
        "keys keys keys keys login",
        "rust:login",
    ),
    "web identity and keys": (
        WEB + KEYS,
        "",
        "web-identity web-identity keys role web-identity",
        "js:keys",
    ),
    "web identity and sso": (
        WEB + SSO,
        "",
        "web-identity web-identity web-identity web-identity web-identity",
        "",
    ),
    "web identity and process": (
        WEB + PROCESS,
        "",
        "web-identity web-identity web-identity error web-identity",
        "go:error",
    ),
    "role and keys": (ROLE + KEYS, "", "role role role role role", ""),
    "role and process": (ROLE + PROCESS, "", "role role role error role", "go:error"),
    "role and sso": (ROLE + SSO, "", "role role role role role", ""),
    "a session to log in to": ("sso_session = corp\n", "", "", ""),
    "a region": ("region = eu-west-1\n", "", "", ""),
}


@pytest.mark.parametrize("case", PROFILES)
def test_kind_of_credentials_that_each_tool_takes_from_a_profile(case, config):
    text, more, taken, mark = PROFILES[case]
    files = config(prod=text, credentials=f"[prod]\n{more}" if more else "")
    profile = files.profile("prod")
    assert " ".join(credentials.inside(tool, profile) for tool in tools.TOOLS).strip() == taken
    assert credentials.mark(files, profile) == mark


@pytest.mark.parametrize(
    ("more", "go"), [("", ""), (KEYS, "role"), (SSO, "role")], ids=["alone", "keys", "sso"]
)
def test_only_go_assumes_a_role_without_a_source_and_the_prompt_shows_no_mark(more, go, config):
    files = config(prod=HALF + more)
    profile = files.profile("prod")
    assert [
        credentials.inside(tool, profile)
        for tool in tools.TOOLS
        if tool.name in ("aws", "go", "rust")
    ] == ["", go, ""]
    assert credentials.mark(files, profile) == ""


# The same for profile other, which the role of profile prod is assumed with.
SOURCES = {
    "sso": (SSO, "", "sso sso sso sso sso", ""),
    "keys": (KEYS, "", "keys keys keys keys keys", ""),
    "sso and keys": (SSO + KEYS, "", "sso sso keys keys keys", "js:keys"),
    "sso, and keys in the credentials file": (SSO, KEYS, "sso sso keys keys keys", "js:keys"),
    "process and keys": (PROCESS + KEYS, "", "process process keys keys keys", "js:keys"),
    "process, and keys in the credentials file": (PROCESS, KEYS, "keys keys keys keys keys", ""),
    "sso and process": (SSO + PROCESS, "", "sso sso process sso sso", "js:process"),
    "web identity and keys": (
        WEB + KEYS,
        "",
        "web-identity web-identity keys keys keys",
        "js:keys",
    ),
    "role and keys": (ROLE + KEYS, "", "keys keys keys keys keys", ""),
    "half a role, and keys": (HALF + KEYS, "", "keys keys keys keys keys", ""),
    "a stray key": (SSO + "source_profile = x\n", "", "sso sso sso error sso", "go:error"),
    "nothing": ("region = eu-west-1\n", "", "", ""),
}


@pytest.mark.parametrize("case", SOURCES)
def test_kind_of_credentials_that_each_tool_takes_from_the_source_of_a_role(case, config):
    text, more, taken, mark = SOURCES[case]
    files = config(prod=ROLE, other=text, credentials=f"[other]\n{more}" if more else "")
    found = [
        credentials.inside(tool, files.profile("other"), is_source=True) for tool in tools.TOOLS
    ]
    assert " ".join(found).strip() == taken
    assert credentials.mark(files, files.profile("prod")) == mark


def test_the_mark_looks_at_the_end_of_the_chain_and_not_at_a_broken_one(config):
    files = config(prod=ROLE, other=ROLE.replace("other", "last"), last=SSO + KEYS)
    assert credentials.mark(files, files.profile("prod")) == "js:keys"
    files = config(prod=ROLE)
    assert credentials.mark(files, files.profile("prod")) == ""
    files = config(prod=ROLE, other=ROLE.replace("other", "prod"))
    assert credentials.mark(files, files.profile("prod")) == ""


def test_the_kind_of_a_profile_is_the_one_that_the_aws_cli_takes(config):
    """`ls` and the picker show one kind for each profile."""
    for text, more, taken, _ in PROFILES.values():
        files = config(prod=text, credentials=f"[prod]\n{more}" if more else "")
        profile = files.profile("prod")
        assert profile.kind == (taken.split() or ["none"])[0]


PROFILE, OTHER = "AWS_PROFILE", "AWS_DEFAULT_PROFILE"
KEY, SECRET = {"AWS_ACCESS_KEY_ID": "AKIA"}, {"AWS_SECRET_ACCESS_KEY": "SECRET"}
TOKEN, ROLE_ARN = (
    {"AWS_WEB_IDENTITY_TOKEN_FILE": "/token"},
    {"AWS_ROLE_ARN": "arn:aws:iam::1:role/Pod"},
)
URI = {"AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1/"}


# Environment -> what each tool takes, in the order aws, boto3, js, go, rust; `=` stands for what
# the tool before takes. The AWS CLI 2.38, boto3 1.44, the JavaScript SDK 3.1169 and the Go SDK 1.30
# and 1.41 were run to see it; for Rust it was read in its sources.
CREDENTIALS = {
    "nothing": ({}, "none = = = ="),
    "a profile": ({PROFILE: "prod"}, "prod:sso = = = ="),
    "the other variable alone": ({OTHER: "dev"}, "dev:keys = none dev:keys none"),
    "both variables": ({PROFILE: "prod", OTHER: "dev"}, "prod:sso dev:keys prod:sso = ="),
    "both alike": ({PROFILE: "prod", OTHER: "prod"}, "prod:sso = = = ="),
    "set to nothing": ({PROFILE: ""}, "error = none = error"),
    "set to nothing, and the other": (
        {PROFILE: "", OTHER: "dev"},
        "error dev:keys none dev:keys error",
    ),
    "the other set to nothing": ({PROFILE: "prod", OTHER: ""}, "prod:sso error prod:sso = ="),
    "set to nothing, and keys": ({PROFILE: "", **KEY, **SECRET}, "error = env:keys = ="),
    "no such profile": ({PROFILE: "nope"}, "error = none error ="),
    "no such profile in the other": (
        {PROFILE: "prod", OTHER: "nope"},
        "prod:sso error prod:sso = =",
    ),
    "no such profile in the other alone": ({OTHER: "nope"}, "error = none = ="),
    "no such profile, and keys": (
        {PROFILE: "nope", **KEY, **SECRET},
        "error = none error env:keys",
    ),
    "no such profile, and web identity": (
        {PROFILE: "nope", **TOKEN, **ROLE_ARN},
        "error = env:web-identity error =",
    ),
    "keys": ({PROFILE: "prod", **KEY, **SECRET}, "env:keys = prod:sso env:keys ="),
    "keys alone": ({**KEY, **SECRET}, "env:keys = = = ="),
    "keys, and the other variable": ({OTHER: "dev", **KEY, **SECRET}, "env:keys = = = ="),
    "half a key": ({PROFILE: "prod", **KEY}, "error = prod:sso = ="),
    "half a key, set to nothing": (
        {PROFILE: "prod", **KEY, "AWS_SECRET_ACCESS_KEY": ""},
        "error = prod:sso = =",
    ),
    "the other half": ({PROFILE: "prod", **SECRET}, "prod:sso = = = ="),
    "half a key alone": ({**KEY}, "error = none = ="),
    "a key set to nothing": (
        {PROFILE: "prod", "AWS_ACCESS_KEY_ID": "", **SECRET},
        "prod:sso = = = =",
    ),
    "web identity": (
        {PROFILE: "prod", **TOKEN, **ROLE_ARN},
        "env:web-identity = prod:sso env:web-identity prod:sso",
    ),
    "web identity alone": ({**TOKEN, **ROLE_ARN}, "env:web-identity = = = ="),
    "web identity, and keys": (
        {PROFILE: "prod", **KEY, **SECRET, **TOKEN, **ROLE_ARN},
        "env:keys = prod:sso env:keys =",
    ),
    "web identity beside a role": (
        {PROFILE: "deploy", **TOKEN, **ROLE_ARN},
        "deploy:role = = env:web-identity deploy:role",
    ),
    "web identity beside keys in a profile": (
        {PROFILE: "dev", **TOKEN, **ROLE_ARN},
        "env:web-identity = dev:keys env:web-identity dev:keys",
    ),
    "web identity beside one in a profile": (
        {PROFILE: "pod", **TOKEN, **ROLE_ARN},
        "env:web-identity = pod:web-identity env:web-identity pod:web-identity",
    ),
    "web identity beside an empty profile": (
        {PROFILE: "bare", **TOKEN, **ROLE_ARN},
        "env:web-identity = = = =",
    ),
    "a token without a role": ({PROFILE: "prod", **TOKEN}, "error = prod:sso error prod:sso"),
    "a token without a role, beside a role": (
        {PROFILE: "deploy", **TOKEN},
        "deploy:role = = error deploy:role",
    ),
    "a token set to nothing": (
        {PROFILE: "pod", "AWS_WEB_IDENTITY_TOKEN_FILE": ""},
        "none = pod:web-identity = =",
    ),
    "a role without a token": ({PROFILE: "prod", **ROLE_ARN}, "prod:sso = = = ="),
    "a role for a profile's token": (
        {PROFILE: "pod", **ROLE_ARN},
        "env:web-identity = pod:web-identity = =",
    ),
    "a role set to nothing for a profile's token": (
        {PROFILE: "pod", "AWS_ROLE_ARN": ""},
        "error = pod:web-identity = =",
    ),
    "a container": ({**URI}, "container = = = ="),
    "a container beside a profile": ({PROFILE: "prod", **URI}, "prod:sso = = = ="),
    "a container beside an empty profile": ({PROFILE: "bare", **URI}, "container = = = ="),
    "an empty profile": ({PROFILE: "bare"}, "none = = = ="),
    "keys in both files": ({PROFILE: "both"}, "both:sso = both:keys = both:sso"),
    "half a role": ({PROFILE: "half"}, "error = none = error"),
    "half a role, and keys": (
        {PROFILE: "half-keys"},
        "error = half-keys:keys half-keys:role error",
    ),
    "half a role, and sso": ({PROFILE: "half-sso"}, "error = half-sso:sso half-sso:role error"),
    "web identity and keys in one": (
        {PROFILE: "pod-keys"},
        "pod-keys:web-identity = pod-keys:keys pod-keys:role pod-keys:web-identity",
    ),
    "a role with two sources": ({PROFILE: "twice"}, "error = none error ="),
    "half a pair of keys in a profile": ({PROFILE: "half-id"}, "error = none error ="),
    "half a pair, and sso": ({PROFILE: "id-sso"}, "id-sso:sso = = error id-sso:sso"),
    "the other half, and sso": ({PROFILE: "secret-sso"}, "secret-sso:sso = = error secret-sso:sso"),
    "half a pair in the credentials file, and a process": (
        {PROFILE: "file-half"},
        "error = file-half:process error file-half:process",
    ),
    "half a pair, and keys": (
        {PROFILE: "half-id", **KEY, **SECRET},
        "env:keys = none error env:keys",
    ),
    "a role and a process": (
        {PROFILE: "role-process"},
        "role-process:role = = error role-process:role",
    ),
    "a source without a role": ({PROFILE: "stray"}, "stray:sso = = error stray:sso"),
    "a source without a role, and keys": (
        {PROFILE: "stray", **KEY, **SECRET},
        "env:keys = stray:sso error env:keys",
    ),
    "half a role, and keys in the environment": (
        {PROFILE: "half", **KEY, **SECRET},
        "env:keys = none env:keys =",
    ),
    "a name that is not plain": ({PROFILE: "a!b"}, "a!b:sso = none a!b:sso error"),
    "a name in quotes": ({PROFILE: "a b"}, "a b:sso = none error ="),
    "a plain name in quotes": ({PROFILE: "ab"}, "ab:sso = = error ="),
}

FILES = {
    "prod": SSO + "region = eu-west-1\n",
    "dev": KEYS + "region = eu-central-1\n",
    "deploy": ROLE,
    "other": KEYS,
    "pod": WEB,
    "bare": "region = eu-west-3\n",
    "both": SSO,
    "half": HALF,
    "half-keys": HALF + KEYS,
    "half-sso": HALF + SSO,
    "pod-keys": WEB + KEYS,
    "stray": SSO + "credential_source = Environment\n",
    "half-id": KEYS.splitlines(keepends=True)[0],
    "id-sso": SSO + KEYS.splitlines(keepends=True)[0],
    "secret-sso": SSO + KEYS.splitlines(keepends=True)[1],
    "file-half": PROCESS,
    "role-process": ROLE + PROCESS,
    "half-pod": "web_identity_token_file = /token\n",
    "twice": ROLE + "credential_source = Environment\n",
    "a!b": SSO,
    '"a b"': SSO,
    "'ab'": SSO,
}
IN_CREDENTIALS = f"[both]\n{KEYS}[file-half]\naws_access_key_id = AKIA\n"


def tell(seen):
    """`prod:sso`, `env:keys`, `container`, `error`."""
    if seen.identity == "profile":
        return f"{seen.profile}:{seen.credentials}"
    return seen.credentials if seen.identity in ("none", "container") else f"env:{seen.identity}"


def spread(text):
    """`a = = b =` -> [a, a, a, b, b]; the profile `a b` is not cut at its blank."""
    found = []
    for word in text.replace("a b:", "a\0b:").split():
        found.append(found[-1] if word == "=" else word.replace("\0", " "))
    return found


@pytest.mark.parametrize("case", CREDENTIALS)
def test_credentials_that_each_tool_takes(case, config):
    env, told = CREDENTIALS[case]
    assert len(spread(told)) == len(tools.TOOLS)
    files = config(IN_CREDENTIALS, **FILES)
    assert [tell(credentials.seen(tool, env, files)) for tool in tools.TOOLS] == spread(told)


DEFAULT_CREDENTIALS = {
    "no variable": ({}, "default:sso = = = ="),
    "keys": ({**KEY, **SECRET}, "env:keys = = = ="),
    "web identity": (
        {**TOKEN, **ROLE_ARN},
        "env:web-identity = default:sso env:web-identity default:sso",
    ),
    "the other variable alone": ({OTHER: "dev"}, "dev:keys = default:sso dev:keys default:sso"),
    "set to nothing": ({PROFILE: ""}, "error = default:sso = error"),
}


@pytest.mark.parametrize("case", DEFAULT_CREDENTIALS)
def test_credentials_without_a_named_profile(case, config):
    env, told = DEFAULT_CREDENTIALS[case]
    files = config(default=SSO, dev=KEYS)
    assert [tell(credentials.seen(tool, env, files)) for tool in tools.TOOLS] == spread(told)


# Environment -> the region of each tool; `-` stands for none. In the files, prod has eu-west-1 and
# dev has eu-central-1.
REGIONS = {
    "the profile's": ({}, "eu-west-1 = = = ="),
    "one": ({"AWS_REGION": "us-east-1"}, "us-east-1 eu-west-1 us-east-1 = ="),
    "the other": ({"AWS_DEFAULT_REGION": "us-east-2"}, "us-east-2 = eu-west-1 us-east-2 ="),
    "both": (
        {"AWS_REGION": "us-east-1", "AWS_DEFAULT_REGION": "us-east-2"},
        "us-east-1 us-east-2 us-east-1 = =",
    ),
    "set to nothing": ({"AWS_REGION": ""}, "- eu-west-1 - eu-west-1 -"),
    "the other set to nothing": ({"AWS_DEFAULT_REGION": ""}, "- = eu-west-1 = -"),
    "nothing, and the other": (
        {"AWS_REGION": "", "AWS_DEFAULT_REGION": "us-east-2"},
        "- us-east-2 - us-east-2 -",
    ),
    "another profile for some": ({OTHER: "dev"}, "eu-west-1 eu-central-1 eu-west-1 = ="),
    "no such profile": ({PROFILE: "nope"}, "- = = = ="),
    "keys": ({**KEY, **SECRET}, "eu-west-1 = = = ="),
}


@pytest.mark.parametrize("case", REGIONS)
def test_region_of_each_tool(case, config):
    env, told = REGIONS[case]
    files = config(IN_CREDENTIALS, **FILES)
    found = [
        credentials.seen(tool, {PROFILE: "prod", **env}, files).region or "-"
        for tool in tools.TOOLS
    ]
    assert found == spread(told)


def test_each_value_comes_with_its_source(config):
    files = config(IN_CREDENTIALS, **FILES)
    aws, boto3, js, _, _ = tools.TOOLS
    assert credentials.seen(aws, {PROFILE: "prod"}, files).as_json() == {
        "profile": "prod",
        "profile_source": "AWS_PROFILE",
        "identity": "profile",
        "credentials": "sso",
        "credentials_source": "~/.aws/config:3",
        "region": "eu-west-1",
        "region_source": "~/.aws/config:5",
    }
    env = {PROFILE: "both", OTHER: "dev", **KEY, **SECRET, "AWS_DEFAULT_REGION": "us-east-2"}
    found = credentials.seen(boto3, env, files)
    assert (found.profile_source, found.credentials_source) == (OTHER, "AWS_ACCESS_KEY_ID")
    assert found.region_source == "AWS_DEFAULT_REGION"
    assert credentials.seen(js, env, files).credentials_source == "~/.aws/credentials:2"
    assert credentials.seen(aws, {}, config(default=SSO)).profile_source == "~/.aws/config:1"
    assert (
        credentials.seen(aws, {**URI}, files).credentials_source
        == "AWS_CONTAINER_CREDENTIALS_FULL_URI"
    )


def test_no_secret_is_in_the_values(config):
    files = config(IN_CREDENTIALS, **FILES)
    env = {
        PROFILE: "both",
        "AWS_ACCESS_KEY_ID": "AKIA",
        "AWS_SECRET_ACCESS_KEY": "hush",
        "AWS_SESSION_TOKEN": "hush",
    }
    for tool in tools.TOOLS:
        assert not {"hush", "SECRET"} & set(credentials.seen(tool, env, files).as_json().values())
