"""The person's aliases of the AWS CLI (~/.aws/cli/alias), as far as a login is concerned.

As in awscli/alias.py: `[toplevel]` has `name = command arguments`, or `name = !program arguments`
for the shell. Only a command before which a login is due has this file read.
"""

from itertools import pairwise

from awsx.files import disk, ini, paths
from awsx.term import AwsxError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

# Commands of the AWS CLI that log in by themselves, or need no session.
OWN = ("sso", "login", "logout", "configure", "help")
# How such a command begins in a line for the shell.
IN_LINE = {("sso", "login"), ("sso", "logout"), *(("aws", word) for word in OWN)}
AROUND = "'\"`;&|(){}"  # characters that may stand beside a word in a line for the shell
MOST_HOPS = 8  # from alias to alias


def needs_no_login(env: "Mapping[str, str]", command: str) -> bool:
    """True if `aws COMMAND` is an alias of a command that logs in by itself or needs no session."""
    aliases = _read(f"{paths.home(env)}/.aws/cli/alias")
    for _ in range(MOST_HOPS):
        value = aliases.pop(command, "").strip()  # an alias of its own name means the command
        if value[:1] == "!":
            words = [word.strip(AROUND) for word in value[1:].split()]
            return not IN_LINE.isdisjoint(pairwise(words))
        command = _command(ini.words(value))
        if command in OWN:
            return True
    return False


def _read(path: str) -> dict[str, str]:
    try:
        data = disk.read(path)
    except AwsxError:
        return {}
    reader = ini.Reader()
    reader.read(ini.decode(data or b"")[0])
    section = reader.sections.get("toplevel")
    return dict(section.keys) if section else {}


def _command(words: list[str]) -> str:
    """The first word that is neither an option nor the value of one."""
    is_value = False
    for word in words:
        if is_value:
            is_value = False
        elif word[:2] != "--":
            return word
        else:
            is_value = "=" not in word and word[:5] != "--no-" and word != "--debug"
    return ""
