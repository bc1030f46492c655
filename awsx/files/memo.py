"""The memos: what a shell knows of a profile and of its session without starting a process.

Each memo is a file of one line. The names of its fields, their order and FORMAT stand here alone:
scripts/generate writes them into shell/awsx.*.
"""

from awsx import VERBS
from awsx.files.tokens import sha1_hex

SEPARATOR = "\x1f"
END = "."  # the last field: a line that lacks it was cut off
# Raise this when a field, or another file of awsx/files/stock.py, keeps its name but not its
# meaning.
GENERATION = 5


class Memo:
    """All that a prompt and a switch need of one profile, or of a name that is no profile.

    The fields stand here in the order in which they stand in the line.
    """

    name: str  # the profile's name, as AWS_PROFILE has it
    key: str  # its session's token file, without `.json`; empty: the profile has no session
    kind: str  # the kind of profile, `missing` if there is none of that name
    region: str  # the region that the files give it
    exports: str  # the region that a switch to it exports; empty: none
    told: str  # the beginning of what a switch says; empty: a shell leaves the switch to the core
    mark: str  # what the prompt says is wrong with it, or read differently by some tools
    needs: str  # the variables of which commands must see one, or it is broken; with blanks between
    aws_until: str  # until when the AWS CLI goes on without the session, in epoch seconds; 0: not
    # at all; empty: the session had not ended when this was written
    aws_clock: str  # the same as a person reads it: 19:40
    leave: str  # the seconds at rest after which the prompt leaves it; empty: never
    soon: str  # from how many seconds on the prompt says that little of the session is left
    below: str  # the prompt is narrow in a terminal with fewer columns
    colours: str  # of good, soon, expired, state and region: numbers with blanks between them
    short_regions: str  # ` eu-west-1=euw1 us-east-1=use1 `: what the prompt calls regions
    look: str  # the words of the prompt (awsx/segment.py)
    narrow: str  # the words of the narrow prompt
    stock: str  # the stock that it was made from, which names the stamps (awsx/files/stock.py)

    def __init__(self, name: str, stock: str) -> None:
        for field in FIELDS:
            setattr(self, field, "")
        self.name, self.stock = name, stock

    def file_name(self) -> str:
        """The name of its file; a shell finds it with two substitutions."""
        return "p." + self.name.replace("%", "%25").replace("/", "%2F")

    def line(self) -> str:
        """The text of the file.

        It is empty if a field holds a character that would end it: there can be no memo then.
        """
        line = SEPARATOR.join((*(getattr(self, field) for field in FIELDS), END))
        return "" if line.count(SEPARATOR) != len(FIELDS) or "\n" in line else line + "\n"


FIELDS = tuple(Memo.__annotations__)
# The fields of a session's memo.
SESSION_FIELDS = (
    "ends",  # when the access token ends, in epoch seconds
    "renewable",  # until when it can be renewed without a person, in epoch seconds; 0: it cannot
    "stamp",  # the T of its stamp s.KEY.T, which has the mtime of the token file
)


def session_line(ends: int, renewable: int, changed: int) -> str:
    """The text of a session's memo; `changed` is the mtime of its token file."""
    return SEPARATOR.join((str(ends), str(renewable), f"{changed:x}", END)) + "\n"


def _format() -> str:
    """The name of the folder of all memos.

    It changes with the fields. It changes with the verbs, too: a profile may be called like a new
    verb, and its old memo would hide the verb.
    """
    names = (*sorted(VERBS), END, *FIELDS, END, *SESSION_FIELDS)
    return f"v{GENERATION}-{sha1_hex(' '.join(names))[:8]}"


FORMAT = _format()


def is_format(folder: str) -> bool:
    """True if a folder of this name holds memos, of this version of awsx or of another one."""
    version, dash, digits = folder[1:].partition("-")
    is_digest = len(digits) == 8 and not digits.strip("0123456789abcdef")
    return folder[:1] == "v" and version.isdecimal() and (is_digest if dash else True)
