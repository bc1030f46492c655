"""Credentials that are kept already, and the program `awsx` as uv or pipx installs it."""

from __future__ import annotations

import json
import shutil
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from awsx import __version__
from awsx.facts import Facts
from awsx.files import role_cache, tokens
from benchmarks import homes, peers
from benchmarks.commands import BARE, CORE, ROOT, TRUE, seconds
from benchmarks.homes import Homes
from benchmarks.race import Bound, Contest, LeftOut, Reference
from tests.e2e import awscli

KEPT = "kept credentials: "
PEER = f"{KEPT}aws configure export-credentials (AWS CLI {awscli.CLI_VERSION})"


def rows(place: Homes) -> Iterator[list[Contest]]:
    for size in place.sizes(100, 5000):
        env = place.environment(size, "creds")
        home, name = Path(env["HOME"]), homes.profile(size // 2)
        keep(env, name)
        program = installed(home)
        link = home / "bin" / "awsx"
        link.parent.mkdir(exist_ok=True)
        link.unlink(missing_ok=True)
        link.symlink_to(program)
        bare = Reference("python -I -S -c pass", partial(seconds, BARE, env))
        print_keys = ("creds", name, "--format", "process")
        run_true = ("exec", name, "--", TRUE)
        export = f"aws configure export-credentials --profile {name} --format process"
        by_uv = {**env, "UV_TOOL_DIR": str(home / "tools")}
        yield [
            Contest(
                f"{KEPT}awsx creds --format process", size,
                partial(seconds, (*CORE, *print_keys), env), bare, (Bound(2.5, "x"),),
            ),
            Contest(
                f"{KEPT}the same by the installed awsx", size,
                partial(seconds, (str(program), *print_keys), env), bare, (Bound(2.5, "x"),),
            ),
            Contest(
                "installed awsx exec NAME -- true", size,
                partial(seconds, (str(program), *run_true), env), bare, (Bound(1.6, "x"),),
            ),
            Contest(
                "installed awsx exec NAME -- true, by a link", size,
                partial(seconds, (str(link), *run_true), by_uv), bare, (Bound(1.6, "x"),),
            ),
            Contest(PEER, size, partial(peers.run, peers.aws, export, env), bare),
        ]  # fmt: skip


def keep(env: dict[str, str], name: str) -> None:
    """Keep role credentials of the profile where the AWS CLI keeps them, for hours."""
    facts = Facts(env)
    target = facts.find(name)
    if target is None or target.session is None:
        raise LeftOut(f"{name} is no profile of a session")
    file = Path(role_cache.path(env, target.profile, target.session))
    file.parent.mkdir(parents=True, exist_ok=True)
    keys = {
        "AccessKeyId": "ASIAIOSFODNN7EXAMPLE",
        "SecretAccessKey": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        "SessionToken": "t" * 700,
        "Expiration": tokens.iso(int(time.time()) + 8 * 3600),
        "AccountId": "111122223333",
    }
    file.write_text(json.dumps({"ProviderType": "sso", "Credentials": keys}))


def installed(home: Path) -> Path:
    """The installed program, where uv puts a tool; it runs this checkout."""
    root = home / "tools" / "awsx-shell"
    library = root / "lib" / f"python3.{sys.version_info.minor}" / "site-packages"
    if not root.exists():
        (library / f"awsx_shell-{__version__}.dist-info").mkdir(parents=True)
        (library / "awsx").symlink_to(ROOT / "awsx")
        (root / "bin").mkdir()
        (root / "bin" / "python").symlink_to(sys.executable)
        shutil.copy(Path(sys.prefix) / "pyvenv.cfg", root)
    return Path(shutil.copy(ROOT / "program" / "awsx", root / "bin" / "awsx"))
