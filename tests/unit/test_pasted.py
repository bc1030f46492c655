"""The account in what a person pastes."""

import pytest

from awsx.tables.pasted import account_in

FOUND = {
    "1111-2222-3333": "111122223333",
    " 1111 2222 3333 ": "111122223333",
    "111122223333": "",  # nothing to be changed
    "arn:aws:iam::111122223333:role/Admin": "111122223333",
    "arn:aws-us-gov:sts::111122223333:assumed-role/AWSReservedSSO_Admin_0123456789abcdef/me": (
        "111122223333"
    ),
    "arn:aws:s3:::bucket": "",
    "arn:aws:s3:::bucket-444455556666": "",
    "arn:aws:iam::aws:policy/AdministratorAccess": "",
    "arn:": "",
    "https://111122223333.signin.aws.amazon.com/console": "111122223333",
    "https://111122223333-ab12cd34.eu-west-1.console.aws.amazon.com/ec2/home": "111122223333",
    "https://eu-west-1.console.aws.amazon.com/ec2/home?region=eu-west-1": "",
    "https://corp.awsapps.com/start/#/console?account_id=111122223333&role_name=Admin": (
        "111122223333"
    ),
    "https://example.com/1234567890123/x": "",  # 13 digits
    "prod-111122223333-admin": "",  # a name
    "1111-2222-333": "",
    "\u0661\u0661\u0661\u0661-2222-3333": "",  # digits of another script
    "dev admin": "",
    "": "",
}


@pytest.mark.parametrize("text", FOUND)
def test_the_account_that_a_text_names(text):
    assert account_in(text) == FOUND[text]
