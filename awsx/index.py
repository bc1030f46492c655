"""What the shells read without starting a process, and what the core need not read twice.

For each pair of config and credentials file there is one folder, found by concatenating their paths, so that a shell
finds it with no more than a variable:

    $XDG_CACHE_HOME/awsx/FORMAT/home/me/.aws/config/+/home/me/.aws/credentials/
        stock                           the mtimes of config, credentials and settings, `sound` if `ini.find` may be
                                        trusted on them (else `odd`), and G: the name of this stock
        config.G, credentials.G, settings.G   stamps: each has the mtime of its source, or is missing like its source
        g.G                             empty: there as long as stock G is the last one
        names, sessions                 every profile with its description, every [sso-session]: for completion
        commands                        those that log in first, as the settings have them: a line each
        rows                            the picker's rows, packed
        problems                        what is wrong in them, a line each
        p.NAME                          memo of a profile (awsx/memo.py); `%`, `/` in NAME as %25, %2F
        s.KEY                           memo of a session; it names a stamp s.KEY.T with the mtime of the token file
        e.KEY                           empty, with the end of the session's access token for an mtime (fish's clock)

A memo is true while its stamps are neither newer nor older than their sources. A new stock, and a new token, have
stamps of other names: a shell that has drawn from an older memo finds its stamp gone, whoever wrote the new one. The
last stamp of a source that is gone stays, so that it is seen to be gone. Memos hold nothing secret.
"""

import posix
import time

from awsx import files, profiles, tokens
from awsx.memo import FORMAT, is_format, session_line
from awsx.term import AwsxError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from awsx.memo import Memo
    from awsx.profiles import Config

# A file written twice within one tick of the kernel's clock keeps its mtime: no stamp for one so young (git's
# "racy" rule). bash 3.2 compares whole seconds, and some file systems keep no more.
TICK_NS = 20_000_000
COARSE_TICK_NS = 2_000_000_000
DAY_NS = 86_400_000_000_000
HALF_LIFE = 7 * 86400  # seconds after which a use counts half
KEPT = 500  # profiles whose use is counted; the least used are forgotten


class Index:
    """The folder of one pair of files, and the state of its sources when this object was made."""

    def __init__(self, env: "Mapping[str, str]") -> None:
        self.env = env
        config, credentials = files.config_path(env), files.credentials_path(env)
        self._paths = {"config": config, "credentials": credentials, "settings": files.settings_path(env)}
        self.sources = {name: _settled(path) for name, path in self._paths.items()}
        self.folder = f"{files.cache_folder(env)}/{FORMAT}{config}/+{credentials}"
        self.is_sound = self.is_renewed = False
        self.stock = self._last_stock()

    @property
    def is_fresh(self) -> bool:
        """True if what is kept is true of the sources as they were when this object was made."""
        return bool(self.stock)

    def _last_stock(self) -> str:
        """The name of the last stock, if it was taken of the sources as they are; else empty."""
        words = _read(f"{self.folder}/stock").split(" ")
        if words[:-2] != self._mtimes() or words[-1][-1:] != "\n":
            return ""
        self.is_sound = words[-2] == "sound"
        return words[-1][:-1]

    def _is_unchanged(self) -> bool:
        """True if the sources are what they were: what has been read of them since then is what was stamped."""
        return all(files.mtime(path) == self.sources[name] for name, path in self._paths.items())

    def _mtimes(self) -> list[str]:
        return [str(changed) for changed in self.sources.values()]

    def config(self) -> "Config":
        """The profiles; the whole of the files is read only when they have changed since the last time."""
        config = profiles.Config(self.env, self.is_fresh and self.is_sound)
        if not config.is_readable():  # chmod leaves the mtime: no stamp vouches for what could not be read
            self.stock = ""
        elif not self.is_fresh:
            self._renew(config)
        return config

    def problems(self, config: "Config") -> list[str]:
        """What is wrong in the two files, a line each."""
        if self.is_fresh:
            return self.kept("problems").split("\n")[:-1]
        return [problem.told(self.env) for problem in config.problems()]

    def _renew(self, config: "Config") -> None:
        """Take stock of files that have changed, and forget every memo. Costs comfort only if it fails."""
        if any(_is_coarse(self.env, m) for m in self.sources.values()) or "/../" in self.folder + "/":
            return
        if not files.is_folder(files.home(self.env)):  # gone, as a sandbox goes while we look: do not bring it back
            return
        try:
            if not files.is_folder(self.folder):
                self._forget_others()
            files.private_folder(files.cache_folder(self.env))
            files.make_folders(self.folder)
            with files.Lock(f"{self.folder}/lock"):
                self._sweep()
                told = [problem.told(self.env) for problem in config.problems()]
                if told:
                    files.write(f"{self.folder}/problems", _encode("\n".join(told) + "\n"))
                stock = f"{time.time_ns():x}"
                for name, changed in (*self.sources.items(), ("g", 0)):
                    if changed is not None:
                        files.stamp(f"{self.folder}/{name}.{stock}", changed)
                if not self._is_unchanged():
                    return
                words = (*self._mtimes(), "sound" if config.is_sound() else "odd", stock)
                files.write(f"{self.folder}/stock", " ".join(words).encode() + b"\n")
        except (OSError, ValueError):
            return
        self.stock, self.is_renewed = stock, True

    def _forget_others(self) -> None:
        """Take away what was kept of files that are gone, and in older formats."""
        root = files.cache_folder(self.env)
        for folder in files.folders(root):
            kind, _, path = folder[len(root) + 1 :].partition("/")
            config, _, credentials = f"/{path}".partition("/+/")
            is_gone = files.size(config) is None and files.size(f"/{credentials}") is None
            if is_format(kind) and (kind != FORMAT or is_gone):
                files.remove_folder(folder)

    def _sweep(self) -> None:
        for name in posix.listdir(self.folder):
            source = name.partition(".")[0]
            is_last_stamp = source in self.sources and self.sources[source] is None
            if name != "lock" and not is_last_stamp and not files.is_folder(f"{self.folder}/{name}"):
                files.remove(f"{self.folder}/{name}")

    def remember(self, memo: "Memo") -> None:
        """Write the memo of a profile (of one that does not exist, too) and of its session."""
        memo.stock = self.stock
        line = memo.line()
        if not self.is_fresh or not line:
            return
        path = f"p.{memo_name(memo.name)}"
        if self.kept(path) != line:
            self.keep(path, line)
        if memo.key:
            self.remember_session(memo.key)

    def keep(self, name: str, text: str, pack: "Callable[[bytes], bytes]" = bytes) -> None:
        """Keep what was made from these very files, until one of them changes. Costs comfort only if it fails."""
        if not self.is_fresh:
            return
        try:
            with files.Lock(f"{self.folder}/lock"):
                if self._last_stock() == self.stock and self._is_unchanged():
                    files.write(f"{self.folder}/{name}", pack(_encode(text)))
        except (OSError, ValueError):
            pass

    def kept(self, name: str, unpack: "Callable[[bytes], bytes]" = bytes) -> str:
        """What `keep` was given; empty if nothing that is still true."""
        return _read(f"{self.folder}/{name}", unpack) if self.is_fresh else ""

    def remember_session(self, key: str) -> None:
        """Write when a session's token ends, and until when it renews itself. Costs comfort only if it fails."""
        changed = _settled(tokens.path(self.env, key))
        if _is_coarse(self.env, changed):
            return
        token = tokens.load(self.env, key)
        ends, renewable = (token.expires, token.renewable) if token else (0, 0)
        memo = f"{self.folder}/s.{key}"
        line = session_line(ends, renewable, changed or 0)
        if changed is not None and _read(memo) == line and files.mtime(f"{memo}.{changed:x}") == changed:
            return
        try:
            with files.Lock(f"{self.folder}/lock"):
                if changed is None:
                    files.remove(memo)
                    return
                stamp = f"s.{key}.{changed:x}"
                for name in posix.listdir(self.folder):
                    if name.startswith(f"s.{key}.") and name != stamp:
                        files.remove(f"{self.folder}/{name}")
                files.stamp(f"{self.folder}/{stamp}", changed)
                files.stamp(f"{self.folder}/e.{key}", ends * 1_000_000_000)
                files.write(memo, line.encode())
        except (OSError, ValueError):
            pass


def memo_name(name: str) -> str:
    """The profile's name as a file name; a shell does the same with two substitutions."""
    return name.replace("%", "%25").replace("/", "%2F")


def _settled(path: str) -> int | None:
    """The file's mtime, once it is so old that a further change would change it."""
    changed = files.mtime(path)
    if changed is not None and 0 <= time.time_ns() - changed < TICK_NS:
        time.sleep(TICK_NS / 1e9)
        changed = files.mtime(path)
    return changed


def _is_coarse(env: "Mapping[str, str]", changed: int | None) -> bool:
    """True if this mtime says too little: too young for a clock of whole seconds, if such a clock is all there is; or
    the one that Nix gives to every file.
    """
    if changed is not None and changed < DAY_NS:
        return True
    whole = env.get("AWSX_SHELL") == "bash3" or (changed or 1) % 1_000_000_000 == 0
    return changed is not None and whole and 0 <= time.time_ns() - changed < COARSE_TICK_NS


def _encode(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _read(path: str, unpack: "Callable[[bytes], bytes]" = bytes) -> str:
    try:
        return unpack(files.read(path) or b"").decode("utf-8", "surrogateescape")
    except AwsxError:
        return ""


def scores(env: "Mapping[str, str]", now: float) -> dict[str, float]:
    """The score of every profile ever used, as of `now`. A file that cannot be read counts as empty.

    A switch by the shell alone has left no more than the name, a line each, in a file beside it.
    """
    try:
        lines = (files.read(_used_path(env)) or b"").decode("utf-8", "surrogateescape").split("\n")
    except AwsxError:
        return {}
    found: dict[str, float] = {}
    for line in lines:
        score, _, rest = line.partition(" ")
        when, _, name = rest.partition(" ")
        try:
            found[name] = float(score) * 0.5 ** (max(0.0, now - float(when)) / HALF_LIFE)
        except (ValueError, OverflowError):  # a line that is not ours
            continue
    try:
        recent = (files.read(_recent_path(env)) or b"").decode("utf-8", "surrogateescape")
    except AwsxError:
        return found
    for name in recent.split("\n")[:-1]:
        found[name] = found.get(name, 0.0) + 1.0
    return found


def count_use(env: "Mapping[str, str]", name: str, now: float) -> None:
    """Count one use of `name`. Where nothing can be written, nothing is counted."""
    try:
        folder = files.private_folder(files.state_folder(env))
        with files.Lock(f"{folder}/lock"):
            found = scores(env, now)
            found[name] = found.get(name, 0.0) + 1.0
            most = sorted(found, key=lambda n: -found[n])[:KEPT]
            lines = [f"{found[n]:.4g} {now:.0f} {n}\n" for n in most]
            files.write(_used_path(env), "".join(lines).encode("utf-8", "surrogateescape"))
            if files.size(_recent_path(env)) != 0:
                files.write(_recent_path(env), b"")
    except (OSError, AwsxError):
        pass


def _recent_path(env: "Mapping[str, str]") -> str:
    return files.state_folder(env) + "/recent"


def _used_path(env: "Mapping[str, str]") -> str:
    return files.state_folder(env) + "/used"
