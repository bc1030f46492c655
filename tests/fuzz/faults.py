"""A fault at each system call of a command: files stay whole, the next run works, no traceback.

    python tests/fuzz/faults.py                     each command, system call and fault; 20 minutes
    python tests/fuzz/faults.py renew logout        these commands only
    python tests/fuzz/faults.py --every 50          one case of fifty

strace makes the N-th call of a kind fail, or kills awsx there, for each N of a run without a fault.
What goes wrong is printed with its command, call and fault; the exit code is 1 then. Linux only.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parent), str(HERE.parents[1])]

from e2e.at_terminal import AWSX, run  # noqa: E402
from e2e.home import aws_variables, log_in, make_home, token_path  # noqa: E402

from awsx.demo import IdentityCenter  # noqa: E402
from awsx.files.paths import catalogue_path  # noqa: E402

# The calls that change files, and `openat`, of which only those below HOME count.
CALLS = (
    *("openat", "write", "mkdir", "rename", "fsync", "ftruncate", "fallocate", "unlink"),
    *("utimensat", "fcntl", "flock", "fchmod", "chmod", "link", "rmdir"),
)
FAULTS = ("KILL", "EIO", "ENOSPC", "EACCES", "EROFS", "EINTR")
KILLED, LINES = -9, 4  # the status of a killed awsx; the lines that it may say
SAY_MORE = ("ls", "populate", "on demand")
NEW_MEMO = "new.tmp"  # always the same file, which the next memo is written into
RC = "# mine\nalias ll='ls -l'\n"


class Scene:
    """A command, and the state of HOME before it.

    words      the command's words
    prepare    makes the state; it is called with HOME and the Identity Center
    variables  more of the environment
    """

    def __init__(
        self,
        words: str,
        prepare: Callable[[Path, IdentityCenter], None],
        variables: Mapping[str, str] | None = None,
    ) -> None:
        self.words, self.prepare = words.split(), prepare
        self.variables = dict(variables or {})


def logged_in(home: Path, center: IdentityCenter) -> None:
    log_in(home, center)


def ended(home: Path, center: IdentityCenter) -> None:
    path = log_in(home, center)
    token = {**json.loads(path.read_text()), "expiresAt": "2020-01-01T00:00:00Z"}
    path.write_text(json.dumps(token))
    center.expire_access_tokens()


def logged_out(home: Path, center: IdentityCenter) -> None:
    """Nothing to do: a new HOME has no token."""


def installed(home: Path, center: IdentityCenter) -> None:
    assert run(["install"], {**environment(home, center), "SHELL": "/bin/bash"})[0] == 0


def catalogued(home: Path, center: IdentityCenter) -> None:
    """A profile that nobody has chosen yet."""
    path = Path(catalogue_path({"HOME": str(home)}, f"{home}/.aws/config"))
    path.parent.mkdir(parents=True, mode=0o700)
    account = center.organisation.accounts[3]
    path.write_text(
        f"[profile later]\nsso_session = {center.organisation.session_name}\n"
        f"sso_account_id = {account.id}\nsso_role_name = {account.roles[0]}\n"
    )
    path.chmod(0o600)


IN_BASH = {"AWSX_SHELL": "bash", "AWSX_PID": "1", "AWSX_ORIGIN": "hand"}
SCENES = {
    "switch": Scene("prod", logged_in, IN_BASH),
    "refresh": Scene("--refresh prod", logged_in, IN_BASH),
    "ls": Scene("ls", logged_in),
    "renew": Scene("exec prod -- true", ended),
    "login": Scene("login prod --device-code", logged_out),
    "logout": Scene("logout prod", logged_in),
    "populate": Scene("populate --yes", logged_in),
    "on demand": Scene("populate --on-demand --yes", logged_in),
    "choose": Scene("exec later --no-login -- true", catalogued),
    "install": Scene("install", logged_out, {"SHELL": "/bin/bash"}),
    "uninstall": Scene("uninstall", installed, {"SHELL": "/bin/bash"}),
}


class Case:
    """One scene with one fault: the call of this number of its kind fails, or is the last one."""

    def __init__(self, scene: str, call: str, number: int, fault: str) -> None:
        self.scene, self.call, self.number, self.fault = scene, call, number, fault

    def __str__(self) -> str:
        return f"{self.scene}: {self.fault} at {self.call} {self.number}"

    def strace(self, trace: Path) -> list[str]:
        """The words that start a command with this fault, and write the call to a file."""
        how = "signal=KILL" if self.fault == "KILL" else f"error={self.fault}"
        inject = f"inject={self.call}:{how}:when={self.number}"
        return [
            "/usr/bin/strace",
            "-f",
            "-qq",
            "-o",
            str(trace),
            "-e",
            f"trace={self.call}",
            "-e",
            inject,
        ]


def environment(home: Path, center: IdentityCenter) -> dict[str, str]:
    folder = home.parent / "tmp"
    folder.mkdir(mode=0o700, exist_ok=True)
    return {
        "HOME": str(home),
        "PATH": f"/usr/bin:/bin:{Path(sys.executable).parent}",
        "TERM": "xterm",
        "LANG": "C.UTF-8",
        "TMPDIR": str(folder),
        **aws_variables(center, folder),
    }


class Stage:
    """A folder with a HOME that is made anew for each case, beside an Identity Center."""

    def __init__(self, folder: Path, center: IdentityCenter) -> None:
        self.home, self.center = folder / "home", center
        center.behaviour.device_pending_polls = 0

    def set(self, name: str) -> dict[str, str]:
        """Make the state of a scene. Returns the environment of its command."""
        shutil.rmtree(self.home.parent, ignore_errors=True)
        self.home.mkdir(parents=True, mode=0o700)
        make_home(self.home, self.center.organisation)
        (self.home / ".bashrc").write_text(RC)
        scene = SCENES[name]
        scene.prepare(self.home, self.center)
        handover = self.home / ".cache" / "awsx" / "shell.1"
        variables = {**environment(self.home, self.center), **scene.variables}
        return (
            {**variables, "AWSX_HANDOVER": str(handover)} if "AWSX_PID" in variables else variables
        )

    def cases(self, name: str) -> Iterator[Case]:
        """Every case of a scene: of each kind of call as many as a run without a fault makes."""
        env = self.set(name)
        trace = self.home.parent / "trace"
        calls = f"trace={','.join(f'?{call}' for call in CALLS)}"
        words = ["/usr/bin/strace", "-f", "-qq", "-o", str(trace), "-e", calls]
        status, awsx = run([*words, *AWSX, *SCENES[name].words], env)
        assert status == 0, awsx.shown
        main = trace.read_text().split(None, 1)[0]
        made = re.findall(rf"(?m)^{main} +(\w+)\((.*)$", trace.read_text())
        ours = next(at for at, (_, rest) in enumerate(made) if "awsx/start.py" in rest)
        numbers = Counter[str]()
        for at, (call, rest) in enumerate(made):
            numbers[call] += 1
            if at > ours and (call != "openat" or str(self.home) in rest):
                yield from (Case(name, call, numbers[call], fault) for fault in FAULTS)

    def play(self, case: Case) -> list[str]:
        """Run a case, and the command again without a fault. Returns what is wrong."""
        env = self.set(case.scene)
        words, trace = SCENES[case.scene].words, self.home.parent / "trace"
        before = self.texts()
        status, awsx = run([*case.strace(trace), *AWSX, *words], env)
        if case.call == "openat" and not self.is_below_home(trace):
            return []  # Python's own file this time: the numbers differ a little from run to run
        wrong = list(self.told(status, awsx.shown, case))
        for path in self.home.rglob("*.tmp"):
            os.utime(path, (0, 0))  # a process on another machine may be writing it before
        halves = self.texts()
        status, again = run([*AWSX, *words], env)
        if status:
            wrong.append(f"the next run: {status}: {again.talk}")
        after = self.texts()
        for name, text in halves.items():
            if text not in (before[name], after[name]):
                wrong.append(f"{name} is neither what it was nor what it becomes")
        left = (path.name for path in self.home.rglob("*.tmp"))
        wrong += [f"left over: {name}" for name in left if name != NEW_MEMO]
        return [f"{case}: {line}" for line in wrong]

    def is_below_home(self, trace: Path) -> bool:
        """True if the call that failed, or the last one before the kill, was about our files."""
        lines = trace.read_text(errors="replace").splitlines()
        failed = [line for line in lines if "INJECTED" in line] or lines[-2:-1]
        return any(str(self.home) in line for line in failed)

    def told(self, status: int, shown: str, case: Case) -> Iterator[str]:
        """What is wrong with the exit code and the messages."""
        if status not in (0, 1, KILLED if case.fault == "KILL" else 0):
            yield f"exit code {status}: {shown}"
        if "Traceback" in shown or "of awsx's own" in shown:
            yield f"says {shown}"
        if len(shown.splitlines()) > LINES and case.scene not in SAY_MORE:
            yield f"says {len(shown.splitlines())} lines: {shown}"

    def texts(self) -> dict[str, str]:
        """The files that must be whole at each moment; of a token, whether there is one."""
        found = {}
        catalogue = catalogue_path({"HOME": str(self.home)}, f"{self.home}/.aws/config")
        for name in (".aws/config", ".aws/credentials", ".bashrc", catalogue):
            path = self.home / name
            found[name] = path.read_text() if path.exists() else ""
        token = token_path(self.home)
        found["token"] = token.exists() and f"{len(json.loads(token.read_text())) > 2}"
        return found


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("scenes", nargs="*", choices=[[], *SCENES], metavar="SCENE")
    parser.add_argument("--every", type=int, default=1, metavar="N")
    asked = parser.parse_args(argv)
    tried = failed = 0
    with tempfile.TemporaryDirectory() as folder, IdentityCenter() as center:
        stage = Stage(Path(folder) / "stage", center)
        cases = [case for name in asked.scenes or SCENES for case in stage.cases(name)]
        for case in cases[:: asked.every]:
            wrong = stage.play(case)
            tried, failed = tried + 1, failed + bool(wrong)
            sys.stdout.write("".join(f"{line}\n" for line in wrong))
            sys.stdout.flush()
    sys.stdout.write(f"{tried} faults, {failed} went wrong\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
