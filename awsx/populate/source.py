"""Where a team's file comes from: a path, an https address, or a git repository; and its pin."""

from __future__ import annotations

import hashlib
import os
import tempfile
from typing import NamedTuple

from awsx.files import disk
from awsx.service import web
from awsx.term import AwsxError, clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

NO_FILE = "there is no file {}"
NO_TLS = "{}: only https, git and paths can be pulled from"
UNREACHABLE = "cannot fetch {}: {}; check the network or the VPN"
TOO_LONG = "{} has more than {:,} bytes, which no team's file has"
NOT_PINNED = "{} is not what its pin says: it has {}; whoever changed it may tell you why"
NO_GIT = "{} is in a git repository, and git is not installed"
GIT_FAILED = "git cannot fetch {}: {}"

LONGEST = 1_000_000  # bytes
REDIRECTS = 4
PATIENCE = 60  # seconds for git
SHA256 = "sha256="
IN_GIT = ("git+", "git@", "ssh://", "git://")
USUAL_FILE = "awsx.toml"
# git runs programs for other protocols (ext::), and asks on the terminal.
SAFE = {"GIT_ALLOW_PROTOCOL": "https:ssh:file", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}


class Unreachable(AwsxError):
    """The source cannot be had now; what was pulled last may do."""


class Pulled(NamedTuple):
    """The content of a source; `pin` is the commit, or the hash of the content."""

    data: bytes
    pin: str
    is_toml: bool


def absolute(source: str) -> str:
    """The source as it means the same from every folder."""
    if _is_git(source) or "://" in source:
        return source
    path, mark, pin = source.partition("#" + SHA256)
    return os.path.abspath(os.path.expanduser(path)) + mark + pin


def fetch(source: str, env: Mapping[str, str]) -> Pulled:
    """The content of the source.

    Raises Unreachable if it cannot be had now, AwsxError if it is not what it should be.
    """
    where, _, fragment = source.partition("#")
    pin = fragment.removeprefix(SHA256) if fragment.startswith(SHA256) else ""
    if _is_git(where):
        return _from_git(where, "" if pin else fragment, env, source)
    data = _from_web(source, where) if "://" in where else _from_disk(where)
    if len(data) > LONGEST:
        raise AwsxError(TOO_LONG.format(clean(source, 200), LONGEST))
    found = hashlib.sha256(data).hexdigest()
    if pin and pin.lower() != found:
        raise AwsxError(NOT_PINNED.format(clean(source, 200), SHA256 + found))
    return Pulled(data, SHA256 + found, _is_toml(where.partition("?")[0], data))


def _is_toml(path: str, data: bytes) -> bool:
    """By its name; where that does not tell, it is an INI file if it has headers as one."""
    if path.lower().endswith((".toml", ".ini")):
        return path.lower().endswith(".toml")
    return not any(line.startswith((b"[profile ", b"[sso-session ")) for line in data.splitlines())


def _is_git(where: str) -> bool:
    bare = where.partition("#")[0]
    return bare.startswith(IN_GIT) or bare.endswith(".git")


def _from_disk(path: str) -> bytes:
    data = disk.read(path)
    if data is None:
        raise Unreachable(NO_FILE.format(clean(path, 200)))
    return data


def _from_web(source: str, url: str) -> bytes:
    for _ in range(REDIRECTS):
        if not url.startswith("https://"):
            raise AwsxError(NO_TLS.format(clean(url, 200)))
        reply = web.ask("GET", url)
        if reply.status not in web.REDIRECTS:
            break
        url = reply.location
    if reply.status != 200:
        why = clean(reply.text, 200) if not reply.status else f"HTTP {reply.status}"
        raise Unreachable(UNREACHABLE.format(clean(source, 200), why))
    return reply.body


def _from_git(where: str, fragment: str, env: Mapping[str, str], source: str) -> Pulled:
    """`URL#COMMIT:PATH`, `URL#PATH` or `URL`: the file of that path at that commit, or the head."""
    ref, mark, path = fragment.partition(":")
    if not mark:
        ref, path = "", fragment
    url, path = where.removeprefix("git+"), path or USUAL_FILE
    with tempfile.TemporaryDirectory(prefix="awsx-pull-") as folder:

        def git(*words: str) -> bytes:
            return _git(folder, words, env, source)

        git("init", "--quiet", "--bare")
        try:
            git("fetch", "--quiet", "--depth=1", "--", url, ref or "HEAD")
            commit = git("rev-parse", "FETCH_HEAD^{commit}").decode().strip()
        except Unreachable:
            if not ref:
                raise
            # Many a server gives no commit by its hash alone.
            git("fetch", "--quiet", "--", url, "+refs/heads/*:refs/heads/*")
            words = ("rev-parse", "--verify", "--end-of-options", f"{ref}^{{commit}}")
            commit = git(*words).decode().strip()
        data = git("cat-file", "blob", f"{commit}:{path}")
    return Pulled(data, commit, _is_toml(path, data))


def _git(folder: str, words: tuple[str, ...], env: Mapping[str, str], source: str) -> bytes:
    """Run git without a terminal; its output. Raises Unreachable."""
    import subprocess

    shown = clean(source, 200)
    try:
        done = subprocess.run(
            ["git", *words],
            cwd=folder,
            env={**env, **SAFE},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=PATIENCE,
            check=False,
        )
    except FileNotFoundError as error:
        raise AwsxError(NO_GIT.format(shown)) from error
    except subprocess.TimeoutExpired as error:
        raise Unreachable(GIT_FAILED.format(shown, f"no answer in {PATIENCE} s")) from error
    if done.returncode:
        lines = done.stderr.decode("utf-8", "replace").strip().splitlines() or ["it failed"]
        why = next((line for line in lines if line.startswith("fatal:")), lines[-1])
        raise Unreachable(GIT_FAILED.format(shown, clean(why.removeprefix("fatal: "), 200)))
    return done.stdout
