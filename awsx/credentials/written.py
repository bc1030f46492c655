"""Credentials as text, in the form that a shell, a program or an SDK reads."""

from awsx.files import role_cache, tokens

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from awsx.credentials.keys import Keys

FORMATS = ("env", "fish", "powershell", "dotenv", "json", "sts", "process")
# PowerShell takes each of these for a single quote, and two of them for one that means itself.
POWERSHELL_QUOTES = "'\u2018\u2019\u201a\u201b"
# What needs no quotes in any reader of .env files; Docker's takes quotes for a part of the value.
PLAIN = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-+/=.:@,%")


def text(form: str, keys: "Keys", profile: str, region: str, env: "Mapping[str, str]") -> str:
    """The credentials in one of FORMATS. `env` is the environment that the text changes."""
    if form == "process":
        return _object({"Version": 1, **_named(keys), "AccountId": keys.account})
    if form == "sts":
        return '{"Credentials": ' + _object(_named(keys))[:-1] + "}\n"
    if form == "json":
        more = {"AccountId": keys.account, "Profile": profile, "Region": region}
        return _object({**_named(keys), **more}, "null")
    assign, unset = LINES[form]
    lines = [assign(name, value) for name, value in variables(keys, region).items()]
    if unset:
        lines += [f"{unset}{name}" for name in misleading(keys, profile, region, env)]
    return "".join(f"{line}\n" for line in lines)


def _named(keys: "Keys") -> "dict[str, str | int]":
    """The parts of the credentials as AWS calls them; an empty text for one that is not there."""
    return {
        "AccessKeyId": keys.access_key,
        "SecretAccessKey": keys.secret_key,
        "SessionToken": keys.token,
        "Expiration": tokens.iso(keys.expires) if keys.expires else "",
    }


def _object(fields: "Mapping[str, str | int]", blank: str = "") -> str:
    """A JSON object on one line. A field without a text is left out, or has the value `blank`."""
    written = {
        name: role_cache.quoted(value) if isinstance(value, str) and value else str(value) or blank
        for name, value in fields.items()
    }
    return "{" + ", ".join(f'"{name}": {value}' for name, value in written.items() if value) + "}\n"


def variables(keys: "Keys", region: str) -> dict[str, str]:
    """The variables by which every AWS tool gets the credentials, and the region if there is one.

    boto3 reads the second variable of the region alone, JavaScript the first one alone.
    """
    found = {
        "AWS_ACCESS_KEY_ID": keys.access_key,
        "AWS_SECRET_ACCESS_KEY": keys.secret_key,
        "AWS_SESSION_TOKEN": keys.token,
        "AWS_CREDENTIAL_EXPIRATION": tokens.iso(keys.expires) if keys.expires else "",
        "AWS_REGION": region,
        "AWS_DEFAULT_REGION": region,
    }
    return {name: value for name, value in found.items() if value}


def misleading(keys: "Keys", profile: str, region: str, env: "Mapping[str, str]") -> list[str]:
    """The variables of `env` that would stand beside the credentials and belong to others.

    The JavaScript SDK takes AWS_PROFILE before keys, and a token of other keys makes these fail.
    """
    names = ("AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN", "AWS_CREDENTIAL_EXPIRATION")
    given = variables(keys, region)
    found = [name for name in names if name in env and name not in given]
    profiles = ("AWS_PROFILE", "AWS_DEFAULT_PROFILE")
    return found + [name for name in profiles if env.get(name, profile) != profile]


def _sh(name: str, value: str) -> str:
    return f"export {name}='{value.replace(QUOTE, CLOSED)}'"


def _fish(name: str, value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"set -gx {name} '{escaped}'"


def _powershell(name: str, value: str) -> str:
    return f"$Env:{name} = '{''.join(c * 2 if c in POWERSHELL_QUOTES else c for c in value)}'"


def _dotenv(name: str, value: str) -> str:
    if PLAIN.issuperset(value):
        return f"{name}={value}"
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"{name}='{escaped}'"


QUOTE, CLOSED = "'", "'\\''"
# For each format: how a variable is set, and the word that unsets one; a .env file cannot do that.
LINES: "dict[str, tuple[Callable[[str, str], str], str]]" = {
    "env": (_sh, "unset "),
    "fish": (_fish, "set -e "),
    "powershell": (_powershell, "Remove-Item -ErrorAction Ignore Env:"),
    "dotenv": (_dotenv, ""),
}
