"""The profile that a person means by an alias, an account id, an ARN or a URL."""

import time

from awsx.memos import uses
from awsx.tables import pasted
from awsx.term import AwsxError, clean, on_terminal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from awsx.facts import Facts

NONE = "no profile uses the account {}; all of them: awsx ls"
SEVERAL = "{} profiles use the account {}: {}; name one of them"
MOST = 20  # names in a message


def account(word: str) -> str:
    """The account id that the word names in one of its forms; empty if it names none."""
    return word if pasted.is_account(word) else pasted.account_in(word)


def is_meant(facts: "Facts", word: str) -> bool:
    """True for the alias of a profile, and for what names an account."""
    return word in facts.aliases or bool(account(word))


def profile(facts: "Facts", word: str) -> str:
    """The name of the profile that has this alias, or of that of the account that `word` names.

    Empty if it names none. Of several, the person chooses one in the picker. Raises AwsxError if
    there is no profile of this account, or several and nobody to choose; Cancelled if the person
    chooses none.
    """
    if name := facts.aliases.get(word):
        return name
    number = account(word)
    if not number:
        return ""
    names = profiles_of(facts, number, pasted.role_in(word))
    if len(names) == 1:
        return names[0]
    if not on_terminal():
        raise several(number, names)
    from awsx.tables import picker

    return picker.choose_of(facts, names)


def profiles_of(facts: "Facts", number: str, role: str = "") -> list[str]:
    """The profiles of an account, those that use `role` if there are some; the most used first.

    Raises AwsxError if the account has no profile.
    """
    found = {each.name: each.role for each in facts.each() if each.account == number}
    if not found:
        raise AwsxError(NONE.format(number))
    names = [name for name, its in found.items() if role and its == role] or list(found)
    scores = uses.scores(facts.env, time.time())
    return sorted(names, key=lambda name: -scores.get(name, 0.0))


def account_called(facts: "Facts", name: str) -> str:
    """The id of the account of this name; empty if no account is called so, or more than one."""
    wanted = name.casefold()
    found = {p.account for p in facts.each() if facts.account_name(p).casefold() == wanted}
    return found.pop() if len(found) == 1 else ""


def several(number: str, names: list[str]) -> AwsxError:
    """What to say where several profiles use the account, and nobody is there to choose."""
    shown = ", ".join(map(clean, names[:MOST])) + ", ..." * (len(names) > MOST)
    return AwsxError(SEVERAL.format(len(names), number, shown))
