"""The account in what a person pastes: an id with dashes or blanks, an ARN, a URL of a console."""

LENGTH = 12  # digits of an account id
ROLE = "role_name="  # in a link of the access portal


def account_in(text: str) -> str:
    """The account id that `text` names; empty if it is none of these, or names no account.

    1111-2222-3333, 1111 2222 3333
    arn:aws:iam::111122223333:role/Admin
    https://111122223333-ab12cd34.eu-west-1.console.aws.amazon.com/...
    https://111122223333.signin.aws.amazon.com/console
    https://corp.awsapps.com/start/#/console?account_id=111122223333&role_name=Admin
    """
    text = text.strip()
    bare = text.replace("-", "").replace(" ", "")
    if is_account(bare) and bare != text:
        return bare
    if text[:4] == "arn:":
        account = (text.split(":") + [""] * 5)[4]
        return account if is_account(account) else ""
    return _account_in_url(text) if "://" in text else ""


def _account_in_url(url: str) -> str:
    """The first run of digits in the URL that is as long as an account id."""
    runs = "".join(c if c.isdecimal() and c.isascii() else " " for c in url).split()
    return next((run for run in runs if len(run) == LENGTH), "")


def role_in(text: str) -> str:
    """The role that a link of the access portal names beside its account; empty if it names none.

    https://corp.awsapps.com/start/#/console?account_id=111122223333&role_name=Admin
    """
    if "://" not in text or ROLE not in text:
        return ""
    from urllib.parse import unquote

    return unquote(text.partition(ROLE)[2].partition("&")[0])


def is_account(text: str) -> bool:
    return len(text) == LENGTH and text.isascii() and text.isdecimal()
