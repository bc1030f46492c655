"""A credential_process of a known tool names the profile, and so the session, behind it."""

import pytest
from sample import CORP, PROD

from awsx.facts import Facts
from awsx.files import processes
from awsx.truth.findings import Terminal
from awsx.truth.usable import usable

NAMED = {
    "aws configure export-credentials --profile prod --format process": ["prod"],
    "/usr/local/bin/aws --profile=prod configure export-credentials": ["prod"],
    "granted credential-process --profile prod --auto-login": ["prod"],
    "aws-vault export --format=json prod": ["prod"],
    "aws-vault exec --json prod": ["prod"],
    "aws-sso process -p prod": ["prod"],
    "'/opt/my tools/awsx' creds prod --format process": ["prod", "process"],
    "python3 -I -S /opt/awsx/start.py creds prod --format process": ["prod", "process"],
    "aws s3 ls --profile prod": [],
    "my-own-tool --profile prod": [],
    "aws configure export-credentials --profile 'prod": [],
}


@pytest.mark.parametrize("command", NAMED)
def test_the_words_of_known_tools_name_a_profile(command):
    assert list(processes.named(command)) == NAMED[command]


CONFIG = f"""{CORP}{PROD}
[profile behind]
credential_process = aws configure export-credentials --profile prod
region = eu-west-1
[profile over]
role_arn = arn:aws:iam::111122223333:role/Admin
source_profile = behind
[profile itself]
credential_process = awsx creds itself
[profile again]
credential_process = awsx creds behind
[profile gone]
credential_process = awsx creds nobody
"""


@pytest.mark.parametrize(
    ("name", "session", "verdict"),
    [
        ("behind", "corp", "login"),
        ("over", "corp", "login"),
        ("itself", "", "unknown"),
        ("again", "", "unknown"),
        ("gone", "", "unknown"),
    ],
)
def test_the_session_behind_the_process_is_the_profiles(name, session, verdict, home):
    (home / ".aws" / "config").write_text(CONFIG)
    env = {"HOME": str(home), "AWS_PROFILE": name, "AWS_EC2_METADATA_DISABLED": "true"}
    facts = Facts(env)
    target = facts.target(name)
    assert (target.session.name if target.session else "") == session
    assert usable(Terminal(env, facts.config), 0).usable == verdict
