"""When the keys in a section of the credentials file end, as the tool that wrote them says.

saml2aws, gimme-aws-creds, aws-azure-login, awsume, yawsso, granted and others write temporary keys
there, and their end beside them, each under a name of its own.
"""

from awsx.files import tokens

TYPE_CHECKING = False
if TYPE_CHECKING:
    from awsx.files.profiles import Profile

NAMES = (
    "x_security_token_expires",
    "aws_expiration",
    "expiration",
    "aws_session_expiration",
    "aws_credential_expiration",
    "expires",
)
SECONDS, MILLISECONDS = 10, 13  # digits of the time since 1970


def of(profile: "Profile") -> int:
    """Epoch seconds; 0 if nothing says it, or in no form that is known."""
    given = profile.in_credentials()
    return next((found for name in NAMES if (found := epoch(given.get(name, "")))), 0)


def epoch(text: str) -> int:
    """The time of RFC 3339, or since 1970; 0 for anything else, such as a time without a zone."""
    if text.isascii() and text.isdecimal():
        return int(text[:SECONDS]) if len(text) in (SECONDS, MILLISECONDS) else 0
    return tokens.epoch(text) or 0
