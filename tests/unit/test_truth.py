"""What each tool uses: the states of environment and files, tool by tool."""

import pytest

from awsx import truth
from awsx.profiles import Config

SSO = "sso_session = corp\nsso_account_id = 111122223333\nsso_role_name = Admin\n"
KEYS = "aws_access_key_id = AKIA\naws_secret_access_key = SECRET\n"
PROCESS = "credential_process = /bin/creds\n"
ROLE = "role_arn = arn:aws:iam::777788889999:role/Deploy\nsource_profile = other\n"
WEB = "role_arn = arn:aws:iam::777788889999:role/Web\nweb_identity_token_file = /token\n"
LOGIN = "login_session = arn:aws:iam::111122223333:user/jane\n"


@pytest.fixture
def config(home):
    """config(prod=text, credentials=text, ...): the files as awsx reads them; a profile by its name."""

    def config(credentials="", **profiles):
        names = {name: f"[{name}]" if name == "default" else f"[profile {name}]" for name in profiles}
        text = "".join(f"{names[name]}\n{keys}" for name, keys in profiles.items())
        (home / ".aws" / "config").write_text(text)
        (home / ".aws" / "credentials").write_text(credentials)
        return Config({"HOME": str(home)})

    return config


# config, [prod] in the credentials file -> what a tool takes of profile prod: aws, boto3, js, go, rust; the mark.
PROFILES = {
    "sso": (SSO, "", "sso sso sso sso sso", ""),
    "keys": (KEYS, "", "keys keys keys keys keys", ""),
    "keys in the credentials file": ("", KEYS, "keys keys keys keys keys", ""),
    "role": (ROLE, "", "role role role role role", ""),
    "web identity": (WEB, "", "web-identity web-identity web-identity web-identity web-identity", ""),
    "sso and keys": (SSO + KEYS, "", "sso sso keys keys sso", "js:keys"),
    "sso, and keys in the credentials file": (SSO, KEYS, "sso sso keys keys sso", "js:keys"),
    "process and keys": (PROCESS + KEYS, "", "process process keys keys process", "js:keys"),
    "process, and keys in the credentials file": (PROCESS, KEYS, "keys keys keys keys process", "rust:process"),
    "sso and process": (SSO + PROCESS, "", "sso sso process sso sso", "js:process"),
    "login and process": (LOGIN + PROCESS, "", "login login process login login", "js:process"),
    "login, and keys in the credentials file": (LOGIN, KEYS, "keys keys keys keys login", "rust:login"),
    "web identity and keys": (WEB + KEYS, "", "web-identity web-identity keys keys web-identity", "js:keys"),
    "role and keys": (ROLE + KEYS, "", "role role role role role", ""),
    "role and sso": (ROLE + SSO, "", "role role role role role", ""),
    "a session to log in to": ("sso_session = corp\n", "", "", ""),
    "a region": ("region = eu-west-1\n", "", "", ""),
}


@pytest.mark.parametrize("case", PROFILES)
def test_what_each_tool_takes_of_a_profile(case, config):
    text, credentials, taken, mark = PROFILES[case]
    profile = config(prod=text, credentials=f"[prod]\n{credentials}" if credentials else "").profile("prod")
    assert " ".join(truth.inside(tool, profile) for tool in truth.TOOLS).strip() == taken
    assert truth.mixed(profile) == mark


def test_the_kind_of_a_profile_is_what_botocore_takes(config):
    """`ls` and the picker say one kind: that of the AWS CLI."""
    for text, credentials, taken, _ in PROFILES.values():
        profile = config(prod=text, credentials=f"[prod]\n{credentials}" if credentials else "").profile("prod")
        assert profile.kind == (taken.split() or ["sso" if "sso_session" in text else "none"])[0]
