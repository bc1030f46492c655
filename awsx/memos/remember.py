"""Write the memos of a profile and of its session, from which a shell switches and draws."""

import posix
import time

from awsx import VERBS
from awsx.facts import is_unnameable
from awsx.files import disk, tokens
from awsx.files.memo import SEPARATOR, Memo, session_line
from awsx.files.stock import is_coarse, other, wait_for_tick
from awsx.term import AwsxError, clean, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from awsx.facts import Facts, Target
    from awsx.files.profiles import Profile
    from awsx.files.stock import Stock
    from awsx.files.tokens import Token

# The words of the prompt and their colours where there are no settings: segment.py makes the same
# of the settings' defaults, but takes more modules for it.
PLAIN_DRAWING = {"leave": "", "soon": "1800", "below": "60", "colours": "32 33 31 33 0"}
LEFT_STATE = "L:\x02\x1eS:\x03\x1e"
MISSING = "missing"  # the kind of a name that is no profile


def remember(facts: "Facts", name: str, target: "Target | None") -> None:
    """Write the memo of `name`, be it a profile or not (then `target` is None), and its session's.

    Where nothing can be written, the only cost is comfort.
    """
    stock = facts.stock
    if not stock.is_fresh:
        return
    if name == "default" and facts.has_settings:
        _remember_default(facts)
    memo = Memo(name, stock.name)
    _fill_in(memo, facts, target)
    _draw(memo, facts, target)
    if line := memo.line():
        _keep(stock, memo.file_name(), line)
    if target and target.session:
        remember_session(stock, target)
    elif target and target.lasts:
        stock.under_lock(lambda: _write_keys(stock, target))
    if stock.is_stuck and stock.move(facts.problems, stock.is_sound):
        remember(facts, name, target)
        return
    if stock.is_new and not stock.is_large():  # nobody feels it, and the first Tab has its lists
        remember_names(facts)


def _remember_default(facts: "Facts") -> None:
    """Tell the shells by a file whether they draw [default] where no variable names a profile."""
    try:
        if facts.settings.prompt.shows_default:
            facts.stock.keep("default", "show\n")
    except AwsxError:  # a mistake in the settings, which the commands tell
        pass


def _keep(stock: "Stock", file: str, line: str) -> None:
    """Keep the memo, and those of profiles whose names differ from its own in their case alone.

    Such a line is in the file only where the file system ignores the case: `p.prod` is `p.Prod`.
    """
    kept, name, others = stock.kept(file), line.partition(SEPARATOR)[0], ""
    if kept == line:
        return
    for shared in kept.split("\n")[:-1]:
        found = shared.partition(SEPARATOR)[0]
        if found != name and found.casefold() == name.casefold():
            others += f"{shared}\n"
    stock.keep(file, line + others)


def remember_names(facts: "Facts") -> None:
    """Keep what completion and the wrapped commands read.

    The list of names is written last: a shell that finds it finds the others, too.
    """
    keep, sessions = facts.stock.keep, facts.config.sessions()
    try:
        commands = facts.settings.login_commands if facts.has_settings else []
        described = [_described(facts, profile) for profile in facts.each()]
        described += [f"{alias}\t= {clean(name)}\n" for alias, name in facts.aliases.items()]
    except AwsxError:  # a mistake in the settings, which the commands tell
        return
    if facts.has_settings:
        keep("commands", "".join(f"{name}\n" for name in commands))
    if sessions:
        keep("sessions", "".join(f"{clean(name)}\n" for name in sessions))
    keep("names", "".join(described))


def _described(facts: "Facts", profile: "Profile") -> str:
    """`NAME, tab, 111122223333 Production Admin`, a line; empty for a name that nobody can use."""
    if is_unnameable(profile.name):
        return ""
    texts = profile.account, facts.account_name(profile), profile.role
    return f"{profile.name}\t{clean(' '.join(filter(None, texts)))}\n"


def _fill_in(memo: Memo, facts: "Facts", target: "Target | None") -> None:
    """What a switch needs to know, and what the prompt says is wrong."""
    memo.kind = MISSING
    marks = []
    if target:
        memo.key, memo.kind = target.key, target.kind
        memo.region = target.shown_region
        memo.exports = target.exports
        memo.needs = _needs(target.source)
        _look_beyond_the_session(memo, facts, target)
        mark = _mark_of_profile(facts, target)
        memo.told = "" if mark and mark == _mark("broken") else _told(facts, target)
        marks = [mark] if mark else []
        if target.settings_error:
            marks.append(_mark("bad-settings"))
    if not facts.stock.is_sound and facts.problems:
        marks.append(_mark("bad-file"))
    memo.mark = " ".join(marks)


def _needs(credential_source: str) -> str:
    """The variables of which a role with this source needs one, with blanks between."""
    if not credential_source:
        return ""
    from awsx.environment import ONE_OF  # few profiles have one

    return " ".join(ONE_OF.get(credential_source, ()))


def _look_beyond_the_session(memo: Memo, facts: "Facts", target: "Target") -> None:
    """Until when the AWS CLI goes on if the session has ended."""
    now, token = time.time(), target.token
    if target.lasts:
        memo.aws_until = "0"
    has_ended = token is None or max(token.expires, token.renewable) <= now
    if target.session and has_ended:
        until = facts.aws_until(target, now)
        memo.aws_until, memo.aws_clock = str(until), tokens.clock(until) if until else ""


def _told(facts: "Facts", target: "Target") -> str:
    """The beginning of what a shell says when it switches; empty: it must ask the core."""
    name = target.profile.name
    if name in VERBS or name[:1] == "-" or target.settings_error or target.source:
        return ""
    if target.pattern and facts.settings.guard.confirm:
        return ""
    if facts.has_settings and facts.settings.agents.stand_in(name):  # the core knows who calls
        return ""
    region = target.shown_region
    if region != " ".join(region.split()):  # the core folds blanks, and a shell would not
        return ""
    return target.description


def _mark(code: str) -> str:
    """How the prompt shows a finding with this code."""
    from awsx.finding import MARKS  # only where something is wrong

    return MARKS[code]


def _mark_of_profile(facts: "Facts", target: "Target") -> str:
    """The mark of a profile that the AWS CLI refuses, or that the tools read differently."""
    if target.file_error or target.has_odd_region:
        return _mark("broken")
    if target.profile.is_simple():
        return ""
    from awsx.truth import credentials  # for the few profiles that may need a mark

    return credentials.mark(facts.config, target.profile)


def _draw(memo: Memo, facts: "Facts", target: "Target | None") -> None:
    """What the prompt looks like, as far as the files tell."""
    account = clean(target.account, 12) if target else ""
    label = clean(target.alias, 40) if target and target.alias else account
    profile = clean(memo.name if target else shown(memo.name), 40)
    if facts.has_settings and not (target and target.settings_error):
        try:
            settings = facts.settings
        except AwsxError:  # the prompt of a name that is no profile has no mark for it
            settings = None
        if settings:
            role = clean(target.role, 64) if target else ""
            aliases = {name: alias for alias, name in facts.aliases.items()}
            profile = clean(aliases.get(memo.name, profile), 40)
            texts = {"profile": profile, "account": label, "account_id": account, "role": role}
            _draw_as_set(memo, facts, texts, bool(target and target.pattern))
            return
    for field, value in PLAIN_DRAWING.items():
        setattr(memo, field, value)
    first = f"36:{profile}\x1e"
    memo.look = first + (f":{label}\x1e" if label else "") + LEFT_STATE
    memo.narrow = first + LEFT_STATE


def _draw_as_set(memo: Memo, facts: "Facts", texts: dict[str, str], is_guarded: bool) -> None:
    """The same, where the settings say what it looks like."""
    from awsx.segment import FILLED_BY_SHELLS, filled

    prompt, guard = facts.settings.prompt, facts.settings.guard
    colours = prompt.colours | ({"profile": guard.color} if is_guarded else {})
    if is_guarded:  # a prompt may have no colours
        texts["profile"] = f"!{texts['profile']}"
    memo.leave = str(guard.leave_after) if is_guarded and guard.leave_after else ""
    memo.soon, memo.below = str(prompt.soon), str(prompt.narrow_below)
    drawn = ("good", "soon", "expired", "state", "region")
    memo.colours = " ".join(colours[name] or "0" for name in drawn)
    memo.look = filled(prompt.format, texts, colours)
    memo.narrow = filled(prompt.narrow, texts, colours)
    if facts.settings.regions and FILLED_BY_SHELLS["region"][1] in memo.look + memo.narrow:
        pairs = " ".join(f"{name}={short}" for name, short in facts.settings.regions.items())
        memo.short_regions = f" {pairs} "


def remember_session(stock: "Stock", target: "Target") -> None:
    """Write when the session's access token ends, and until when the session renews itself.

    The token is read again unless the memo says the same of it already.
    """
    path, memo = target.token_path, f"{stock.folder}/s.{target.key}"
    if target.token and _is_remembered(stock, memo, target.token, path):
        return
    wait_for_tick(disk.mtimes([path]))
    changed = disk.mtime(path)
    if changed is None:
        stock.under_lock(lambda: _forget_session(stock, target.key))
    else:
        if target.token and target.token.is_valid(time.time()):
            _follow_login(stock, target)
        stamped = other(changed) if is_coarse(stock.env, changed) else changed
        stock.under_lock(
            lambda: _write_session(stock, target.key, tokens.read(path), changed, stamped)
        )


def _forget_session(stock: "Stock", key: str) -> None:
    """There is no token: no memo, and an empty file that remembers that. Raises OSError."""
    disk.remove(f"{stock.folder}/s.{key}")
    disk.stamp(f"{stock.folder}/o.{key}", 0)


def _follow_login(stock: "Stock", target: "Target") -> None:
    """Let the names of the accounts be learned if somebody has logged in, with any program.

    So it is if the session has a valid token now, and had none, or one that has ended.
    """
    out, end = disk.mtimes(f"{stock.folder}/{kind}.{target.key}" for kind in "oe")
    if target.session and (out is not None or (end is not None and end <= time.time_ns())):
        from awsx.login import learning  # only after a login

        disk.remove(f"{stock.folder}/o.{target.key}")
        learning.begin(stock.env, target.session)


def _write_keys(stock: "Stock", target: "Target") -> None:
    """The same of temporary keys in the credentials file, whose end stands there. Raises OSError.

    There is no stamp, as there is no file of a token: the memo is as fresh as its stock.
    """
    disk.stamp(f"{stock.folder}/e.{target.key}", target.lasts * 1_000_000_000)
    stock.write(f"s.{target.key}", session_line(target.lasts, 0, 0).encode())


def _is_remembered(stock: "Stock", memo: str, token: "Token", path: str) -> bool:
    """True if the memo holds what the token says, and its stamp the mtime of the token's file."""
    line = disk.read_own(memo)
    stamp = line.decode("ascii", "replace").split(SEPARATOR)[-2:-1]
    changed, stamped = disk.mtimes((path, f"{memo}.{''.join(stamp)}"))
    if changed is None or changed != stamped or is_coarse(stock.env, changed):
        return False
    return line == session_line(token.expires, token.renewable, changed).encode()


def _write_session(
    stock: "Stock", key: str, token: "Token | None", changed: int, stamped: int
) -> None:
    """The memo, its stamp, and fish's clock; the stamps of older tokens go.

    `changed` is the mtime of the token's file, and `stamped` that of the stamp: another one where
    the first is no proof. Raises OSError.
    """
    ends, renewable = (token.expires, token.renewable) if token else (0, 0)
    stamp = f"s.{key}.{changed:x}"
    for name in posix.listdir(stock.folder):
        if name.startswith(f"s.{key}.") and name != stamp:
            disk.remove(f"{stock.folder}/{name}")
    disk.stamp(f"{stock.folder}/{stamp}", stamped)
    disk.stamp(f"{stock.folder}/e.{key}", ends * 1_000_000_000)
    stock.write(f"s.{key}", session_line(ends, renewable, changed).encode())
