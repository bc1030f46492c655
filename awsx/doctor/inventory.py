"""What there is: versions, shells, files and sessions. Facts, no findings."""

from __future__ import annotations

import os
import platform
import sys
import time

from awsx import __version__
from awsx.files import disk, paths, tokens
from awsx.install import in_use
from awsx.term import AwsxError, span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from awsx.doctor.world import World

Facts = dict[str, object]


def facts(world: World) -> Facts:
    """Each fact by its name; a value is text, a number, or a list or table of them."""
    return {
        "awsx": __version__,
        "python": platform.python_version(),
        "interpreter": world.place(sys.executable),
        "system": platform.platform(terse=True),
        "shell": world.env.get("AWSX_SHELL", "").replace("bash4", "bash") or None,
        "shells_in_use": in_use.shells_in_use(world.env),
        "aws_cli": [
            {"path": world.place(cli.path), "version": ".".join(map(str, cli.version)) or None}
            for cli in world.clis
        ],
        "files": [_file(world, path) for path in _paths(world)],
        "profiles": len(world.config.profiles()),
        "sessions": [_session(world, name) for name in world.sessions],
    }


def _paths(world: World) -> list[str]:
    env = world.env
    named = [source.path for source in world.sources if source.path]
    return [*named, paths.settings_path(env), paths.token_folder(env), paths.cache_folder(env)]


def _file(world: World, path: str) -> Facts:
    """Its path, size in bytes, and age in seconds; both are None where it is not there."""
    changed = disk.mtime(path)
    age = max(0, int(world.now - changed / 1e9)) if changed is not None else None
    size = os.path.getsize(path) if age is not None and os.path.isfile(path) else None
    return {"path": world.place(path), "size": size, "age": age}


def _session(world: World, name: str) -> Facts:
    try:
        token = tokens.load(world.env, tokens.key(world.config.session(name)))
    except AwsxError:
        return {"name": name, "left": None, "expires_at": None}
    ends = tokens.iso(token.expires) if token else None
    return {"name": name, "left": tokens.left(token, time.time()), "expires_at": ends}


def lines(found: Facts) -> list[tuple[str, str]]:
    """The same for a person: a word, and what there is."""
    clis = [f"{cli['version'] or '?'} {cli['path']}" for cli in found["aws_cli"]]  # type: ignore[attr-defined]
    told = [
        ("awsx", str(found["awsx"])),
        ("shell", f"{found['shell']}, awsx is loaded" if found["shell"] else "awsx is not loaded"),
        ("python", f"{found['python']} {found['interpreter']}"),
        ("aws", ", ".join(clis) or "not on PATH"),
    ]
    for file in found["files"]:  # type: ignore[attr-defined]
        told.append(("file", f"{file['path']}, {_age(file['age'])}"))
    told.append(("profiles", str(found["profiles"])))
    for session in found["sessions"]:  # type: ignore[attr-defined]
        told.append(("session", f"{session['name']}, {session['left'] or 'cannot be read'}"))
    return told


def _age(age: int | None) -> str:
    return "not there" if age is None else f"changed {span(age)} ago"
