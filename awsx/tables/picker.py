"""Choose a profile: rows in fzf, with a preview. Esc and Ctrl-C choose nothing."""

import time

from awsx import term
from awsx.tables import columns, fzf, listing, search
from awsx.tables.listing import Listing
from awsx.term import AwsxError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from awsx.facts import Facts
    from awsx.files.settings import Settings

ENTER, COPY_KEY, PREVIEW_KEY, LEAVE = "enter switch", "alt-c copy name", "? preview", "esc leave"
DRAWN = "AWSX_PREVIEW_DRAWN"  # tells the preview which columns the rows show, and their widths

# The preview is below the list, or beside it on a wide screen; on a low one it waits for a `?`.
LOW = 30  # rows of the screen
WIDE = 140  # columns of the screen
BELOW, BESIDE = "down,{},wrap,border-top", "right,60,wrap,border-left"
BELOW_HEIGHT = 8  # rows that it takes with its frame, if the rows show all columns
BESIDE_WIDTH = 64  # columns that it takes with its frame

# A command that awsx itself answers; {-1} is the name in hexadecimal: nothing for a shell to
# stumble over.
CORE = '"$AWSX_PREVIEW_PYTHON" -I -S "$AWSX_PREVIEW_START"'
COPY = f"alt-c:execute-silent({CORE} --copy {{-1}})+change-prompt(copied> )"
# What fzf is asked for what a person types (awsx/tables/search.py), and the account in what they
# paste (awsx/tables/pasted.py). A shell answers what is typed most, as the core takes longer.
TYPED = (
    "transform:case $FZF_QUERY in '') ;;"
    f""" *[0-9]-[0-9]*|*[!a-zA-Z0-9._/@+-]*) {CORE} --typed "$FZF_QUERY";;"""
    r""" *) printf 'search:^%s\f | %s' "$FZF_QUERY" "$FZF_QUERY";; esac"""
)


def choose(facts: "Facts", query: str) -> tuple[str, bool]:
    """The name of the profile the person chose, and whether fzf did it for them.

    The latter is told where profiles are guarded: then it is the only match, which nobody has seen.
    Raises as `fzf.ask` does, and AwsxError if there is no profile.
    """
    return _choose(facts, query, None)


def choose_of(facts: "Facts", names: "list[str]") -> str:
    """The name of the profile the person chose of these alone. Raises as `choose` does."""
    return _choose(facts, "", names)[0]


def _choose(facts: "Facts", query: str, only: "list[str] | None") -> tuple[str, bool]:
    now = time.time()
    width, height = term.size(2)
    beside = facts.settings.picker_preview and width > WIDE
    room = width - fzf.FRAME - columns.MARKS - (BESIDE_WIDTH if beside else 0)
    found, is_new = _fitting(facts, now, room)
    shown = len(found.fitting(room))
    own = [
        *_preview(facts.settings, height, beside, len(columns.TITLES) - shown),
        _header(found, shown, facts.settings.picker_preview, room),
    ]
    command = _command(search.meant(query), own, facts.settings, facts.env)
    drawn = found.drawn(shown)
    rows = listing.arranged(drawn if only is None else listing.of(drawn, only), facts, now)
    widths = found.titles(shown)
    env = {**facts.env, DRAWN: " ".join(f"{title}={widths[title]}" for title in widths)}
    key, row = fzf.ask(command, rows, env, lambda: found.keep(facts.stock) if is_new else None)
    name = listing.name_of(row)
    if not name:
        raise AwsxError(fzf.NO_ROW)
    return name, bool(facts.patterns) and not key


def _fitting(facts: "Facts", now: float, room: int) -> "tuple[Listing, bool]":
    """The listing, and whether it is to be kept."""
    found, is_new = listing.current(facts, now)
    wanted = found.fitting(room)
    if wanted == list(found.widths[: len(wanted)]):
        return found, is_new
    return listing.made(facts, now, room), True


def _header(found: Listing, shown: int, has_preview: bool, room: int) -> str:
    return f"--header={fzf.dim(_keys(has_preview, room))}\n{found.title_line(shown)}"


def _keys(has_preview: bool, room: int) -> str:
    """The keys that there are, and what they do; a narrow screen shows fewer."""
    keys = [ENTER, COPY_KEY, PREVIEW_KEY, LEAVE] if has_preview else [ENTER, COPY_KEY, LEAVE]
    while len(" · ".join(keys)) > room and len(keys) > 2:
        del keys[1]
    return " · ".join(keys)


def _command(query: str, own: list[str], chosen: "Settings", env: "Mapping[str, str]") -> list[str]:
    """fzf's arguments; `own` are those of this picker that an option of AWSX_FZF_OPTS may change.

    The command line shows no name but the query that the person typed.
    """
    begin, end = fzf.command("awsx> ", query, env)
    begin += [*own, f"--bind={COPY}"]
    # What a row has no room for stands past the edge of every screen; a row that is wrapped would
    # show it. To cut it away by --with-nth takes 10 to 20 ms longer, if there are 20,000 rows.
    end += [*search.OPTIONS, "--ansi", "--tabstop=999", "--no-hscroll"]
    end += ["--bind=ctrl-/:ignore,alt-/:ignore"]
    if begin[0].endswith(fzf.CARRIED):
        # fzf before 0.30 knows no ellipsis, and ends a row with `..`; 0.45 was the first to
        # transform.
        end += ["--ellipsis=", f"--bind={'start,' if query else ''}change:{TYPED}"]
    if query and chosen.switch_on_single_match:
        end += ["--select-1"]
    return [*begin, *end]


def _preview(chosen: "Settings", height: int, beside: bool, missing: int) -> list[str]:
    """Where the preview is; it has a line more for each of the columns that are missing."""
    if not chosen.picker_preview:
        return []
    # On a low screen, the list has half of the rows.
    place = BESIDE if beside else BELOW.format(min(BELOW_HEIGHT + missing, height // 2))
    place += ",hidden" if height < LOW else ""
    return [
        f"--preview={CORE} --preview {{-1}}",
        f"--preview-window={place}",
        "--bind=?:toggle-preview",
    ]
