"""The help: a page of all commands, and what other tools call them."""

import posix
import time

from awsx import VERBS, __version__
from awsx.term import AwsxError, clean, columns, near, out, wrapped

TYPE_CHECKING = False
if TYPE_CHECKING:
    from awsx.facts import Facts

NO_SUCH_COMMAND = "no command {}; all of them: awsx help"
CALLED_HERE = "no profile {}; what you mean is called here: {}"
SHORTEST = 4  # letters of a word that is taken for a command with a typing error
TYPING_ERROR = "no profile {0}, and no such command; did you mean awsx {1}?"

WIDTH, INDENT = 80, " " * 4  # of the page; of the rest of a line that has no room
PAGE = """\
awsx {version}: one terminal, one AWS account

Use it
  awsx NAME              switch this terminal to the profile NAME
  awsx ACCOUNT           to the profile of that account; also an ARN or a URL
  awsx                   pick a profile; awsx WORD: of those that have it
  awsx -                 back to this terminal's previous profile
  awsx off               leave, and give back what awsx replaced
  awsx use NAME          switch to a profile that is called like a command
  awsx region [R | -]    change this terminal's region; -: the profile's own
  awsx pin [NAME]        this folder, and all below it, uses NAME
  awsx exec NAME -- CMD  run one command with a profile, or with 'dev-*'
  awsx console [NAME]    the web console, also of an ARN or a URL; -s SERVICE
  awsx creds [NAME]      print valid keys of a profile; --format F
  awsx serve [NAME]...   serve them on loopback; awsx ssh HOST: on a far side
Log in
  awsx login [NAME]      make a session valid now; awsx logout ends it
Look
  awsx ls [QUERY]        the profiles; --json, --names
  awsx current           what this terminal uses and why; --short, --json
  awsx whoami [NAME]     what AWS says; awsx status: an exit code, for scripts
  awsx doctor [NAME]     what is wrong, and what mends it; awsx help [COMMAND]
Set up
  awsx setup             begin here; awsx demo: first try it in a sandbox
  awsx populate          a profile for every account; awsx pull: a team's file
  awsx install [SHELL]   load it; awsx init prints it, awsx uninstall undoes it

With NAME, use and exec; exec --creds: the command gets keys, no profile
  -r, --region R   another region       --no-login       without a login
  -y, --yes        do not ask           --device-code    log in by a code
  --version        print the version    --no-browser     print the link only

awsx settings [edit]: ~/.config/awsx/config.toml   Read: README.md, docs/
"""

# What people type who come from other tools, and what it is called here.
OTHER_WORDS = {
    "list": "awsx ls",
    "list-profiles": "awsx ls --names",
    "profiles": "awsx ls",
    "accounts": "awsx ls",
    "roles": "awsx ls",
    "sessions": "awsx ls",
    "search": "awsx ls QUERY",
    "find": "awsx ls QUERY",
    "show": "awsx current",
    "info": "awsx current",
    "who": "awsx whoami",
    "id": "awsx whoami",
    "identity": "awsx whoami",
    "check": "awsx status",
    "validate": "awsx status",
    "version": "awsx --version",
    "switch": "awsx NAME",
    "set": "awsx NAME",
    "assume": "awsx NAME",
    "profile": "awsx NAME",
    "account": "awsx QUERY",
    "select": "awsx",
    "pick": "awsx",
    "choose": "awsx",
    "back": "awsx -",
    "previous": "awsx -",
    "unset": "awsx off",
    "clear": "awsx off",
    "exit": "awsx off",
    "quit": "awsx off",
    "leave": "awsx off",
    "deactivate": "awsx off",
    "run": "awsx exec NAME -- COMMAND",
    "shell": "awsx exec NAME",
    "env": "awsx creds",
    "export": "awsx creds",
    "credentials": "awsx creds",
    "keys": "awsx creds",
    "token": "awsx creds",
    "server": "awsx serve",
    "open": "awsx console",
    "web": "awsx console",
    "browser": "awsx console",
    "login-all": "awsx login --all",
    "signin": "awsx login",
    "sign-in": "awsx login",
    "sso": "awsx login",
    "refresh": "awsx login --force",
    "renew": "awsx login --force",
    "signout": "awsx logout",
    "sign-out": "awsx logout",
    "logoff": "awsx logout",
    "logout-all": "awsx logout --all",
    "regions": "awsx region",
    "unpin": "awsx pin --remove",
    "trust": "awsx pin --trust",
    "config": "awsx settings",
    "edit": "awsx settings edit",
    "configure": "awsx setup",
    "add": "awsx setup",
    "new": "awsx setup",
    "sync": "awsx populate",
    "import": "awsx populate",
    "generate": "awsx populate",
    "remove": "awsx uninstall",
    "completion": "awsx init",
    "completions": "awsx init",
    "hook": "awsx init",
    "try": "awsx demo",
    "commands": "awsx help",
    "docs": "awsx help",
    "man": "awsx help",
    "usage": "awsx help",
}


def show() -> None:
    """Print the page of all commands; a narrow terminal breaks no word of it."""
    page = PAGE.format(version=__version__)
    if posix.isatty(1) and columns(1) < WIDTH:
        lines = (line for long in page.splitlines() for line in wrapped(long, columns(1), INDENT))
        page = "".join(f"{line.rstrip()}\n" for line in lines)
    out(page)


def check_command(word: str) -> None:
    """Raises AwsxError for a word that is no command, and says what it is called here."""
    if word not in VERBS:
        check_word(word)
        raise AwsxError(NO_SUCH_COMMAND.format(clean(word)), 2)


def plain(text: str) -> str:
    """The help of one command, without what a parser alone reads: `{NAME}`, `<str>`, `[x>=0]`."""
    import re

    types = re.compile(r"^( +\S.*?)( <(?:list\[)?(?:str|int)\]?>)", flags=re.MULTILINE)
    text = types.sub(lambda found: found[1] + " " * len(found[2]), text)
    text = re.sub(r"^(  -.*)  \[[^][]*\]$", r"\1", text, flags=re.MULTILINE)
    first, _, rest = text.partition("\n")
    first = re.sub(r"\{([^{}]*)\}(?:\.\.\.)?", r"\1", first)
    first = re.sub(r"\[(\[[^][]*\](?:\.\.\.)?)\](?:\.\.\.)?", r"\1", first)
    first = re.sub(r"\[([^][]* -- [^][]*)\]\.\.\.", r"\1", first)
    return f"{first}\n{rest}\n"


def check_word(word: str) -> None:
    """Raises AwsxError for a word that is no profile, but a command somewhere else."""
    if word in OTHER_WORDS:
        raise AwsxError(CALLED_HERE.format(word, OTHER_WORDS[word]), 2)


def check_spelling(facts: "Facts", word: str) -> None:
    """Raises AwsxError for a word that is nearly a command, and like no profile."""
    from difflib import get_close_matches

    from awsx.tables import search

    meant = get_close_matches(word.lower(), VERBS, 1, 0.8) if len(word) >= SHORTEST else []
    names = list(facts.config.profiles())
    if not meant or near(word, names) or (names and search.names(facts, word, time.time())):
        return
    raise AwsxError(TYPING_ERROR.format(clean(word), meant[0]))
