"""Credentials as a section of the credentials file: all else in it stays as it is."""

import pytest

from awsx.credentials import section
from awsx.credentials.keys import Keys
from awsx.facts import Facts
from awsx.term import AwsxError

KEYS = Keys("AKIA1", "secret/+=", "token", 4102444800)
BLOCK = """\
# >>> awsx prod-awsx >>>
# Until 2100-01-01T00:00:00Z. Written by: awsx creds NAME --format file; taken out by: --remove
[prod-awsx]
aws_access_key_id = AKIA1
aws_secret_access_key = secret/+=
aws_session_token = token
region = eu-west-1
# <<< awsx prod-awsx <<<
"""


def facts(home):
    return Facts({"HOME": str(home)})


def put(home, keys=KEYS):
    return section.put(facts(home), keys, "prod", "eu-west-1")


@pytest.mark.parametrize("before", ["[a]\naws_access_key_id = x\n\n# mine\n", "[a]\r\nb = c\r\n"])
def test_the_section_is_put_in_renewed_and_taken_out_byte_for_byte(home, before):
    path = home / ".aws" / "credentials"
    path.write_bytes(before.encode())
    path.chmod(0o640)
    assert put(home) == "~/.aws/credentials"
    assert path.read_bytes() == (before + BLOCK).encode()
    put(home, Keys("AKIA2", "s"))
    assert b"AKIA1" not in path.read_bytes()
    assert b"Until they are replaced." in path.read_bytes()
    assert section.remove({"HOME": str(home)}, "prod") == "~/.aws/credentials"
    assert path.read_bytes() == before.encode()
    assert path.stat().st_mode & 0o777 == 0o640
    assert section.remove({"HOME": str(home)}, "prod") == ""
    assert [file.name for file in (home / ".aws").iterdir()] == ["credentials"]


def test_a_file_that_is_not_there_is_made_for_the_person_alone(home):
    put(home)
    path = home / ".aws" / "credentials"
    assert path.stat().st_mode & 0o777 == 0o600
    assert facts(home).profile("prod-awsx").get("aws_session_token") == "token"


@pytest.mark.parametrize(
    ("file", "text", "place"),
    [
        ("credentials", "[prod-awsx]\na = b\n", "~/.aws/credentials"),
        ("config", "[default]\n[profile prod-awsx]\n", "~/.aws/config:2"),
    ],
)
def test_a_profile_of_that_name_is_not_hidden(home, file, text, place):
    (home / ".aws" / file).write_text(text)
    with pytest.raises(AwsxError, match="there is a profile prod-awsx already") as error:
        put(home)
    assert place in str(error.value)
    assert (home / ".aws" / file).read_text() == text


def test_a_name_that_no_header_can_hold_is_refused(home):
    with pytest.raises(AwsxError, match="cannot be the name of a section"):
        section.put(facts(home), KEYS, "a]b", "")
