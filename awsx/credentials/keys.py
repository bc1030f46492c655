"""Keys, and those that lie in the files already: static ones, and what the AWS CLI keeps of roles.

Every SDK starts `awsx creds --format process` before each command, so this is a hot path.
"""

from awsx.files import disk, role_cache, tokens
from awsx.files.profiles import SECRET, STATIC
from awsx.term import AwsxError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from awsx.facts import Facts, Target
    from awsx.files.profiles import Profile
    from awsx.files.tokens import Token

# The names that botocore knows for a session token (SharedCredentialProvider.TOKENS).
TOKENS = ("aws_security_token", "aws_session_token")


class Keys:
    """Credentials that AWS takes.

    `token` is empty for the keys of an IAM user; `expires` is in epoch seconds, 0 if they do not
    end; `account` is empty if nobody tells whose they are.
    """

    __slots__ = ("access_key", "account", "expires", "secret_key", "token")

    def __init__(
        self, access_key: str, secret_key: str, token: str = "", expires: int = 0, account: str = ""
    ) -> None:
        self.access_key, self.secret_key, self.token = access_key, secret_key, token
        self.expires, self.account = expires, account

    def last(self, seconds: int, now: float) -> bool:
        """True if they work for more than so many seconds from now on."""
        return not self.expires or self.expires - now > seconds


class Need:
    """What somebody needs of credentials, all times in seconds.

    Credentials that last no longer than `expires_within` are renewed; `duration` is how long a role
    is asked for, 0: as the profile says; `may_login` is off where a session that has ended stays;
    `login_by` has the options for a login: `--device-code`, `--no-browser`.
    """

    __slots__ = ("duration", "expires_within", "login_by", "may_login")

    def __init__(
        self,
        expires_within: int = role_cache.NEEDED_SECONDS,
        duration: int = 0,
        may_login: bool = True,
        login_by: "tuple[str, ...]" = (),
    ) -> None:
        self.expires_within, self.duration = expires_within, duration
        self.may_login, self.login_by = may_login, login_by


def kept(facts: "Facts", target: "Target", need: "Need") -> "Keys | None":
    """The profile's credentials in the files, be they near their end; None if there are none."""
    profile = target.profile
    if target.kind == "login" and target.token:
        return _of_aws_login(target.token)
    if target.kind == "keys":
        return None if need.duration else _static(profile)
    if target.kind == "role":
        path = role_cache.assumed_path(facts.env, profile, need.duration)
    elif target.kind == "sso" and target.session:
        path = role_cache.path(facts.env, profile, target.session)
    else:
        return None
    return read(path, target.account)


def _of_aws_login(token: "Token") -> "Keys | None":
    """The credentials that `aws login` keeps; None if the session can no longer be renewed.

    botocore does not take these either then.
    """
    held = token.raw["accessToken"]
    if not isinstance(held, dict) or not token.renewable:
        return None
    names = ("accessKeyId", "secretAccessKey", "sessionToken", "accountId")
    key, secret, session_token, account = (str(held.get(name, "")) for name in names)
    return Keys(key, secret, session_token, token.expires, account)


def _static(profile: "Profile") -> Keys:
    """The keys in the profile itself: all from the file that holds the key's id, as in botocore."""
    is_in_credentials = profile.is_in_credentials(STATIC)
    held = profile.in_credentials() if is_in_credentials else profile.in_config()
    token = next((held[name] for name in TOKENS if held.get(name)), "")
    return Keys(held[STATIC], held[SECRET], token, account=held.get("aws_account_id", ""))


def read(path: str, account: str) -> "Keys | None":
    """The credentials in a file of the AWS CLI's cache; None if it has none that can be read.

    `account` is whose they are if the file does not tell: older versions do not write it.
    """
    try:
        found = disk.read_json(path).get("Credentials")
    except AwsxError:
        return None
    if not isinstance(found, dict):
        return None
    expires = tokens.epoch(found.get("Expiration"))
    key, secret, token = (found.get(n) for n in ("AccessKeyId", "SecretAccessKey", "SessionToken"))
    if expires is None or not (key and secret and token):
        return None
    return Keys(str(key), str(secret), str(token), expires, str(found.get("AccountId") or account))
