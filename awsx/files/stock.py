"""A stock of the files of AWS: what the core keeps of them, and the stamps that show its age.

For each pair of config and credentials file there is one folder. Its path is their paths put
together, so that a shell finds it with no more than a variable:

    $XDG_CACHE_HOME/awsx/FORMAT/home/me/.aws/config/+/home/me/.aws/credentials/
        stock            what was seen of config, credentials and settings (`_seen`); and, behind a
                         `/` each, of awsx's catalogue and of the names of accounts, if there are
                         some; `sound` if `ini.find` may be trusted on the files of AWS, else `odd`;
                         and G, the name of this stock
        config.G, credentials.G, settings.G
                         stamps: each has the mtime of its source, or is missing like its source
        config-at.G, credentials-at.G, settings-at.G
                         pointers: links to the file to which the links in a source's path led;
                         missing where there are none in it
        g.G              empty; it is there as long as G is the last stock
        problems         what is wrong in the files, a line each
        p.NAME           the memo of a profile (files/memo.py); `%` and `/` in NAME are %25 and %2F
        s.KEY            the memo of a session; it names a stamp s.KEY.T with the mtime of the token
        e.KEY            empty; its mtime is the end of the session's access token (fish's clock)
        o.KEY            empty; it is there if the session had no token
        names, sessions, commands
                         what completion lists (memos/remember.py)
        default          it is there if the prompt shows [default] where no variable names a profile
        table            what `awsx ls` and the picker list (tables/store.py)
        listing          the rows for fzf (tables/listing.py)
        new.tmp          what is being written, under the lock

A memo holds while its stamps are neither newer nor older than their sources, and each source is
the file that its pointer leads to. (A shell can compare that by `-ef`, without a process. The core
compares size and inode as well, which a shell cannot read.) A new stock, and a new
token, have stamps of other names: a shell that drew from an older memo finds that memo's stamp
gone, whoever wrote the new one. (The names of accounts have no stamp: who writes them takes a new
stock.) The last stamp of a source that is gone stays, so that a shell sees that the source is gone.
Nothing here is secret.

A source may be too young for its mtime to be a proof, see `is_coarse`. Then its stamp has another
mtime, and the stock is unsure: a shell that has just asked the core draws from it, and asks again
at the next prompt or switch.
"""

import posix
import time

from awsx.files import disk, paths
from awsx.files.memo import FORMAT, is_format
from awsx.files.paths import Places
from awsx.files.tokens import sha1_hex

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

# A file written twice within one tick of the kernel's clock keeps its mtime, so no stamp is made
# for a file that young (git calls it racy). bash before 5 compares whole seconds, and some file
# systems keep no more.
TICK_NS = 20_000_000
COARSE_TICK_NS = 2_000_000_000
WHOLE_SECONDS = "bash4"  # what such a bash calls itself in AWSX_SHELL
QUIET_NS = 100_000_000  # who writes a file in place hardly rests longer between two pieces of it
DAY_NS = 86_400_000_000_000
LARGE = 64 * 1024  # bytes of config and credentials: some 500 profiles
NOT_THERE = "-"
UNSURE = "0"  # the first digit of the name of an unsure stock; no time begins with it
SOURCES = ("config", "credentials", "settings")


class Stock:
    """The folder of one pair of files, and what its sources were like when this object was made.

    Making it reads and changes nothing. `is_fresh` tells whether what is kept was made from the
    sources as they are, and `name` is then the name of that stock. `is_sound` tells whether nothing
    is wrong in the files and `ini.find` may be trusted on them; `is_new` whether `take` made it;
    `is_stuck` whether the folder could not be written; `has_names` whether AWS has told the names
    of accounts.
    """

    __slots__ = (
        "_cache",
        "_is_readable",
        "_places",
        "_seen",
        "env",
        "folder",
        "has_names",
        "is_fresh",
        "is_new",
        "is_sound",
        "is_stuck",
        "name",
        "sources",
    )

    def __init__(self, env: "Mapping[str, str]", places: "Places | None" = None) -> None:
        self.env = env
        self._places = places = places or Places(env)
        self._see()
        # chmod leaves the mtime as it is: no stamp vouches for a file that cannot be read.
        self._is_readable = disk.are_readable(places.config, places.credentials)
        self._lie_in(places.cache)

    def _lie_in(self, cache: str) -> None:
        """Look for the last stock in this cache folder."""
        self._cache = cache
        self.folder = f"{cache}/{FORMAT}{self._places.config}/+{self._places.credentials}"
        self.is_sound = self.is_new = self.is_stuck = False
        self.name = self._last() if self._is_readable and self._is_sure() else ""
        if self.name[:1] == UNSURE:
            self.name, self.is_sound = "", False
        self.is_fresh = bool(self.name)

    def _see(self) -> None:
        """Look at the sources as they are now. `sources` has their mtimes (ns)."""
        self._seen = self._look()
        self.has_names = "/" in self._seen[-1]
        self.sources = {
            source: None if word[:1] == NOT_THERE else int(word.partition(":")[0])
            for source, word in zip(SOURCES, self._seen)
        }

    def _look(self) -> list[str]:
        words = [_seen(self._path(source)) for source in SOURCES]
        for at, path in ((0, self._places.catalogue), (2, self._places.names)):
            more = _seen(path)  # these files have no stamps
            words[at] += "" if more == NOT_THERE else f"/{more}"
        return words

    def _path(self, source: str) -> str:
        return str(getattr(self._places, source))

    def _last(self) -> str:
        """The name of the last stock if it was taken of the sources as they are, else empty.

        What somebody else may have written is not trusted, and counts as no stock.
        """
        if not disk.are_own_folders(self._cache, self.folder):
            return ""
        words = _read(f"{self.folder}/stock").split(" ")
        if words[:-2] != self._seen or words[-1][-1:] != "\n":
            return ""
        self.is_sound = words[-2] == "sound"
        return words[-1][:-1]

    def _is_unchanged(self) -> bool:
        """True if the sources are still what this object has seen."""
        return self._look() == self._seen

    def was_just_written(self) -> bool:
        """True if somebody may be writing config or credentials in place at this moment."""
        now, written = time.time_ns(), disk.mtimes(map(self._path, SOURCES[:2]))
        return any(changed is not None and 0 <= now - changed < QUIET_NS for changed in written)

    def is_large(self) -> bool:
        """True if a person would feel it when lists of all profiles are made."""
        sources = (self._places.config, self._places.credentials, self._places.catalogue)
        return sum(disk.size(path) or 0 for path in sources) > LARGE

    def settle(self) -> None:
        """Wait until every source is older than a tick; what is read from now on can be stamped."""
        wait_for_tick(self.sources.values())
        self._see()

    def take(self, problems: list[str], is_sound: bool) -> None:
        """Write a new stock of files that have been read since `settle`, and forget every memo.

        Where it cannot be written, it goes to the spare folder; where that cannot be written
        either, the only cost is comfort.
        """
        if not self._may_be_taken():
            return
        if not disk.is_folder(self.folder):
            self._forget_others()
        self._make_folder()
        self.under_lock(lambda: self._replace(problems, is_sound))
        if self.is_stuck:
            self.move(problems, is_sound)

    def _make_folder(self) -> None:
        try:
            disk.private_folder(self._cache)
            disk.make_folders(self.folder)
        except (OSError, ValueError):
            self.is_stuck = True

    def _replace(self, problems: list[str], is_sound: bool) -> None:
        self._sweep()
        self._write(problems, is_sound)

    def move(self, problems: list[str], is_sound: bool) -> bool:
        """Go on in the spare folder, and take stock there unless it has a fresh one.

        False if there is none then. Takes what `take` does.
        """
        spare = paths.spare_folder(self.env)
        if self._cache == spare:
            return False
        self._lie_in(spare)
        if not self.is_fresh:
            self.take(problems, is_sound)
        return self.is_fresh

    def under_lock(self, write: "Callable[[], None]") -> None:
        """Call `write` while holding the folder's lock.

        Where nothing can be written, or somebody else holds the lock for long, nothing is.
        """
        if self.is_stuck:
            return
        try:
            with disk.Lock(f"{self.folder}/lock"):
                write()
        except BlockingIOError:
            pass
        except (OSError, ValueError):
            self.is_stuck = True

    def _may_be_taken(self) -> bool:
        # A home that is gone (a sandbox that ends while we look) must not be made again.
        home_is_there = disk.is_folder(paths.home(self.env))
        return self._is_readable and home_is_there and "/../" not in self.folder + "/"

    def _is_sure(self) -> bool:
        return all(map(self._is_told_by_its_stamp, SOURCES))

    def _is_told_by_its_stamp(self, source: str) -> bool:
        """True if a shell can see that the source has changed.

        A file of Nix's always has the same mtime, but the link to it leads to another path then.
        """
        path, changed = self._path(source), self.sources[source]
        return not is_coarse(self.env, changed) or (
            is_fixed(changed) and paths.real_path(path) != path
        )

    def _write(self, problems: list[str], is_sound: bool) -> None:
        if problems:
            self.write("problems", _encode("\n".join(problems) + "\n"))
        name = ("" if self._is_sure() else UNSURE) + f"{time.time_ns():x}"
        disk.stamp(f"{self.folder}/g.{name}", 0)
        for source, changed in self.sources.items():
            if changed is not None:
                told = self._is_told_by_its_stamp(source)
                disk.stamp(f"{self.folder}/{source}.{name}", changed if told else other(changed))
        self._point(name)
        if not self._is_unchanged():
            return
        words = (*self._seen, "sound" if is_sound else "odd", name)
        self.write("stock", " ".join(words).encode() + b"\n")
        self.name, self.is_sound, self.is_fresh, self.is_new = name, is_sound, True, True

    def _point(self, name: str) -> None:
        """Make the pointers of the stock `name`. Raises OSError."""
        for source, changed in self.sources.items():
            path = self._path(source)
            leads_to = paths.real_path(path)
            if changed is not None and leads_to != path:
                posix.symlink(leads_to, f"{self.folder}/{source}-at.{name}")

    def _forget_others(self) -> None:
        """Delete what was kept of files that are gone, and what is kept in other formats."""
        root = self._cache
        for folder in disk.folders(root):
            kind, _, path = folder[len(root) + 1 :].partition("/")
            config, _, credentials = f"/{path}".partition("/+/")
            is_gone = disk.mtimes((config, f"/{credentials}")) == [None, None]
            if is_format(kind) and (kind != FORMAT or is_gone):
                disk.remove_folder(folder)

    def _sweep(self) -> None:
        for name in posix.listdir(self.folder):
            source = name.partition(".")[0]
            is_last_stamp = source in self.sources and self.sources[source] is None
            path = f"{self.folder}/{name}"
            if name != "lock" and not is_last_stamp and not disk.is_folder(path):
                disk.remove(path)

    def problems(self) -> list[str] | None:
        """What was wrong in the files when this stock was taken, a line each.

        None if it is stale.
        """
        return self.kept("problems").split("\n")[:-1] if self.is_fresh else None

    def keep(self, name: str, content: "str | bytes") -> None:
        """Keep what was made from the sources until one of them changes.

        Where nothing can be written, the only cost is comfort.
        """
        data = content if isinstance(content, bytes) else _encode(content)
        if not self.is_fresh or (data and self.kept_bytes(name) == data):
            return
        self.under_lock(lambda: self._keep(name, data))

    def _keep(self, name: str, data: bytes) -> None:
        if self._last() == self.name and self._is_unchanged():
            self.write(name, data)

    def write(self, name: str, data: bytes) -> None:
        """Write a file of this folder; only while holding its lock. Raises OSError.

        One temporary name for all: the next one to write takes over what a killed process has left.
        """
        disk.write(f"{self.folder}/{name}", data, beside=f"{self.folder}/new.tmp")

    def kept(self, name: str) -> str:
        """The text that `keep` was given; empty if there is nothing that still holds."""
        return self.kept_bytes(name).decode("utf-8", "surrogateescape")

    def kept_bytes(self, name: str) -> bytes:
        """The same where it is no text."""
        return disk.read_own(f"{self.folder}/{name}") if self.is_fresh else b""


def _seen(path: str) -> str:
    """`MTIME:SIZE:INODE` of a file, and the sha1 of its real path if a link leads there.

    NOT_THERE if there is no such file.
    """
    try:
        facts = posix.stat(path)
    except (OSError, ValueError):
        return NOT_THERE
    seen = f"{facts.st_mtime_ns}:{facts.st_size}:{facts.st_ino}"
    leads_to = paths.real_path(path)
    return seen if leads_to == path else f"{seen}:{sha1_hex(leads_to)}"


def wait_for_tick(mtimes: "Iterable[int | None]") -> None:
    """Sleep until a change of a file with one of these mtimes (ns) would give it another mtime."""
    now = time.time_ns()
    if any(changed is not None and 0 <= now - changed < TICK_NS for changed in mtimes):
        time.sleep(TICK_NS / 1e9)


def is_coarse(env: "Mapping[str, str]", changed: int | None) -> bool:
    """True if an mtime (ns) is no proof that a file is unchanged.

    It is none if it is too young for a clock of whole seconds and there is no finer clock, and if
    it is fixed.
    """
    if changed is None:
        return False
    if is_fixed(changed):
        return True
    has_whole_seconds = env.get("AWSX_SHELL") == WHOLE_SECONDS or changed % 1_000_000_000 == 0
    return has_whole_seconds and 0 <= time.time_ns() - changed < COARSE_TICK_NS


def other(changed: int) -> int:
    """An mtime (ns) that is another one for every shell: no stamp with it vouches for a file."""
    return 0 if changed > DAY_NS else 2 * DAY_NS


def is_fixed(changed: int | None) -> bool:
    """True if it is an mtime (ns) of the kind that Nix and others give to every file: 0 or 1 s."""
    return changed is not None and changed < DAY_NS


def _encode(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _read(path: str) -> str:
    return disk.read_own(path).decode("utf-8", "surrogateescape")
