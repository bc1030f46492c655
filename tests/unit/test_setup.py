"""What a person types at `awsx setup`, read as the address of an access portal."""

import pytest

from awsx.service import portal_address
from awsx.service.portal_address import Address
from awsx.term import AwsxError

D = "https://d-0123456789.awsapps.com/start"
MANAGER = "https://aa-1234.account-access.eu-west-1.app.aws"
READ = {
    D: (D, "sso", False),
    f" {D}/ ": (D, "sso", False),
    f"{D}#/": (D, "sso", False),
    f"{D}/#/?tab=accounts": (D, "sso", False),
    "d-0123456789.awsapps.com/start": (D, "sso", False),
    "d-0123456789": (D, "sso", False),
    "Acme": ("https://acme.awsapps.com/start", "acme", False),
    "https://acme.awsapps.com/start": ("https://acme.awsapps.com/start", "acme", False),
    "https://ssoins-0123456789abcdef.portal.eu-west-1.app.aws": (
        "https://ssoins-0123456789abcdef.portal.eu-west-1.app.aws",
        "sso",
        False,
    ),
    "https://sso.acme.com:8443/x/": ("https://sso.acme.com:8443/x", "sso", False),
    MANAGER: (MANAGER, "aa-1234", True),
    f"{MANAGER}/console": (f"{MANAGER}/console", "aa-1234", True),
}


@pytest.mark.parametrize(("text", "expected"), READ.items(), ids=READ)
def test_an_address_is_read(text, expected):
    assert portal_address.read(text) == Address(*expected)


@pytest.mark.parametrize(
    "text",
    ["", " ", "a b", "http://d-1.awsapps.com/start", "https://", "https://x", "https://a.b:x/",
     "https://me@acme.com/", "https://a.b/\x1b[31m", "ftp://a.b"],
)  # fmt: skip
def test_what_is_no_address_is_wrong_usage(text):
    with pytest.raises(AwsxError) as raised:
        portal_address.read(text)
    assert raised.value.code == 2
    assert "https://" in str(raised.value)


@pytest.mark.parametrize("other", [D, f"{D}/", f"{D}#/", f"{D}/#/", D.upper()])
def test_one_portal_may_be_written_in_several_ways(other):
    assert portal_address.is_same(D, other)
    assert not portal_address.is_same("https://acme.awsapps.com/start", other)
