"""install.sh with stand-ins for uv, pipx and Python, and once with the real pip."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from terminal import require

ROOT = Path(__file__).parents[2]
INSTALLER = ROOT / "install.sh"
TOOLS = ["cat", "dirname", "grep", "head", "ln", "mkdir", "mktemp", "readlink", "rm", "rmdir"]
SHELLS = [["dash"], ["bash", "--posix"], ["busybox", "ash"]]

NOTE = (
    "Path:  ~/.local/bin/awsx; ~/.local/bin is not on PATH; "
    "scripts that call awsx need it there, your shells do not"
)
# How this machine reaches the package index. Read before the tests' environment is emptied.
REACH = {
    name: value
    for name, value in os.environ.items()
    if name.lower() in ("http_proxy", "https_proxy", "no_proxy", "ssl_cert_file")
    or name in ("PIP_CERT", "PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_FIND_LINKS")
}

# Stands for the installed `awsx` and its `python`; notes how it was called.
PROGRAM = """#!/bin/sh
case $0 in
  *python)
    case "$*" in
      *__version__*) echo 1.2.3 ;;
      *"-m pip"* | *start.py*) echo "python $*" >>"$NOTES" ;;
    esac
    exit
    ;;
esac
printf 'awsx %s\\n' "$*" >>"$NOTES"
case $1 in init) echo "${INIT:-source /opt/awsx.$2}" ;; esac
exit "${AWSX_ANSWER:-0}"
"""

# Stands for uv and for pipx: "installs" into a folder of its own, and notes how it was called.
TOOL = """#!/bin/sh
case "$*" in
  "tool dir") echo "$HOME/tools/uv"; exit ;;
  "environment --value PIPX_LOCAL_VENVS") echo "$HOME/tools/pipx"; exit ;;
esac
printf '%s %s\\n' "${0##*/}" "$*" >>"$NOTES"
if [ -n "${NOISE-}" ]; then echo "$NOISE" >&2; exit 3; fi
place=$HOME/tools/${0##*/}/awsx-shell
case "$*" in
  *uninstall*) rm -r "$place" "$HOME/.local/bin/awsx" ;;
  *)
    mkdir -p "$place/bin" "$HOME/.local/bin"
    cp "$PROGRAM" "$place/bin/awsx"; cp "$PROGRAM" "$place/bin/python"
    ln -sf "$place/bin/awsx" "$HOME/.local/bin/awsx"
    ;;
esac
"""


# Stands for a Python whose venvs hold the programs above.
PYTHON = """#!/bin/sh
case "$*" in
  *"-m venv"*)
    for place; do :; done
    mkdir -p "$place/bin"; cp "$PROGRAM" "$place/bin/awsx"; cp "$PROGRAM" "$place/bin/python"
    cp "$PROGRAM" "$place/bin/docker-credential-awsx"
    ;;
  *sys.executable*) echo "$0" ;;
esac
"""


class Machine:
    """A home with a difficult name, and a PATH with only the tools that the installer may use."""

    def __init__(self, folder):
        self.home = folder / "ho me's"
        self.bin = folder / "bin"
        self.tmp = folder / "tmp"
        for made in (self.home, self.bin, self.tmp):
            made.mkdir()
        for tool in [*TOOLS, "cp"]:
            (self.bin / tool).symlink_to(shutil.which(tool))
        for tool in ("sh", "bash", "dash", "busybox"):
            if shutil.which(tool):
                (self.bin / tool).symlink_to(shutil.which(tool))
        self.notes_file = folder / "notes"
        (folder / "program").write_text(PROGRAM)
        (folder / "program").chmod(0o755)
        self.env = {
            "HOME": str(self.home),
            "PATH": str(self.bin),
            "TMPDIR": str(self.tmp),
            "NOTES": str(self.notes_file),
            "PROGRAM": str(folder / "program"),
            "SHELL": "/bin/zsh",
        }
        self.add("python3", f'#!/bin/sh\nexec {sys.executable} "$@"\n')

    def add(self, name, text=TOOL):
        (self.bin / name).write_text(text)
        (self.bin / name).chmod(0o755)

    def run(self, *args, shell=("sh",), script=INSTALLER, **options):
        env = {**self.env, **options.pop("env", {})}
        command = [shutil.which(shell[0]), *shell[1:], *([script] if script else []), *args]
        return subprocess.run(
            command, env=env, capture_output=True, text=True, check=False, **options
        )

    def notes(self):
        """How the stand-ins were called since the last `notes()`."""
        text = self.notes_file.read_text() if self.notes_file.exists() else ""
        self.notes_file.unlink(missing_ok=True)
        return text.splitlines()

    def left(self):
        """All that lies under the home and in the folder for temporary files."""
        return sorted(
            str(path.relative_to(top)) for top in (self.home, self.tmp) for path in top.rglob("*")
        )


@pytest.fixture
def machine(tmp_path):
    return Machine(tmp_path)


def refused(done, text, code=1):
    """Assert that the installer failed with one line on stderr that contains `text`."""
    assert (done.returncode, done.stderr.count("\n")) == (code, 1), done.stderr
    assert done.stderr.startswith("awsx: ")
    assert text in done.stderr


# --- which way, which source


@pytest.mark.parametrize("shell", SHELLS, ids=" ".join)
def test_uv_is_chosen_before_pipx(machine, shell):
    if shell[0] == "busybox" and not shutil.which("busybox"):
        pytest.skip("no busybox")
    machine.add("uv")
    machine.add("pipx")
    done = machine.run(shell=shell)
    assert done.stderr == ""
    uv = "uv tool install --quiet --upgrade --reinstall-package awsx-shell"
    assert machine.notes() == [f"{uv} {ROOT} --python {sys.executable}", "awsx install"]
    assert done.stdout.splitlines() == [
        "Installing awsx with uv ...",
        "awsx 1.2.3 is in ~/tools/uv/awsx-shell",
        'Start: eval "$(~/.local/bin/awsx init zsh)"    # in this terminal; new ones have it',
        NOTE,
        f"Undo:  sh '{INSTALLER}' --uninstall",
    ]
    assert list(machine.tmp.iterdir()) == []


def test_without_uv_pipx_is_chosen(machine):
    machine.add("pipx")
    done = machine.run()
    assert done.returncode == 0
    assert machine.notes() == [
        f"pipx install --force --python {sys.executable} {ROOT}",
        "awsx install",
    ]


def test_an_upgrade_uses_the_way_of_the_installation(machine):
    machine.add("pipx")
    machine.run()
    machine.add("uv")
    machine.notes()
    machine.run()
    assert machine.notes()[0].startswith("pipx install --force ")
    machine.run("--uninstall")
    machine.notes()
    machine.run()
    assert machine.notes()[0].startswith("uv tool install ")


def test_without_a_python_uv_finds_its_own(machine):
    machine.add("uv")
    (machine.bin / "python3").unlink()
    assert machine.run().returncode == 0
    assert "--python" not in machine.notes()[0]


def test_the_caller_may_name_a_source(machine, tmp_path):
    machine.add("uv")
    (tmp_path / "a b.whl").touch()
    url = "https://example.com/awsx.whl"
    wheel = f"{tmp_path}/a b.whl"
    sources = {"a b.whl": wheel, "./a b.whl": f"{tmp_path}/./a b.whl", wheel: wheel, url: url}
    for named, source in sources.items():
        assert machine.run(env={"AWSX_SOURCE": named}, cwd=tmp_path).returncode == 0
        assert f" awsx-shell {source} --python" in machine.notes()[0]
    refused(machine.run(env={"AWSX_SOURCE": "no/such.whl"}), "there is no ")
    assert machine.notes() == []


def test_from_the_network_it_installs_by_name_even_inside_a_checkout(machine):
    machine.add("uv")
    done = machine.run(
        "-s", "--", "--shell", "bash", script=None, input=INSTALLER.read_text(), cwd=ROOT
    )
    assert " --reinstall-package awsx-shell awsx-shell --python " in machine.notes()[0]
    assert done.stdout.endswith("Undo:  run the installer again with --uninstall\n")
    assert "awsx init bash)" in done.stdout


@pytest.mark.parametrize("part", [0.3, 0.6, 0.99])
def test_half_a_download_does_nothing(machine, part):
    machine.add("uv")
    text = INSTALLER.read_text()
    machine.run("-s", script=None, input=text[: int(len(text) * part)])
    assert machine.notes() == []
    assert machine.left() == []


# --- options


def test_only_the_named_shells_get_a_block(machine):
    machine.add("uv")
    done = machine.run("--shell", "zsh", "--shell=fish")
    assert machine.notes()[1] == "awsx install zsh fish"
    assert "awsx init fish | source" in done.stdout


def test_no_rc_prints_the_lines_to_add_by_hand(machine):
    machine.add("uv")
    done = machine.run("--no-rc", "--shell", "bash")
    assert machine.notes()[1:] == ["awsx init bash"]
    assert "To load it in bash, add to its rc file:\nsource /opt/awsx.bash\n" in done.stdout
    assert 'Start: eval "$(~/.local/bin/awsx init bash)"    # in this terminal\n' in done.stdout
    assert NOTE in done.stdout
    machine.run("--no-rc")
    assert machine.notes()[1:] == ["awsx init zsh"]
    machine.run("--no-rc", env={"SHELL": "/bin/tcsh"})
    assert machine.notes()[1:] == ["awsx init bash", "awsx init zsh", "awsx init fish"]


def test_help_names_all_options(machine):
    done = machine.run("--help")
    assert (done.returncode, done.stderr) == (0, "")
    options = "--shell --no-rc --prefix --version --dry-run --demo --uninstall AWSX_SOURCE"
    for word in options.split():
        assert word in done.stdout


@pytest.mark.parametrize(
    "args",
    [
        ["--unistall"],
        ["--shell"],
        ["--shell", "tcsh"],
        ["bash"],
        ["--shell="],
        ["--prefix"],
        ["--prefix="],
        ["--version"],
        ["--version", "1;2"],
    ],
)
def test_wrong_usage_does_nothing(machine, args):
    machine.add("uv")
    refused(machine.run(*args), "see: sh install.sh --help", code=2)
    assert machine.notes() == []
    assert machine.left() == []


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
@pytest.mark.parametrize("prefix", ["", "it's/a b"])
def test_the_start_line_works_in_the_very_same_shell(machine, shell, prefix):
    machine.add("python3", PYTHON)
    machine.env["INIT"] = "set -g loaded yes" if shell == "fish" else "loaded=yes"
    options = ["--prefix", f"{machine.home}/{prefix}"] if prefix else []
    done = machine.run("--no-rc", "--shell", shell, *options)
    (line,) = [line for line in done.stdout.splitlines() if line.startswith("Start: ")]
    typed = f"{line.removeprefix('Start: ')}\necho $loaded"
    asked = subprocess.run(
        [require(shell), "-c", typed], env=machine.env, capture_output=True, text=True
    )
    assert (asked.stdout, asked.stderr) == ("yes\n", ""), line


@pytest.mark.parametrize(
    ("path", "profile", "said"),
    [
        ("{bin}", "", NOTE.removeprefix("Path:  ")),
        ("{bin}:{local}", "", "~/.local/bin/awsx; ~/.local/bin is on PATH"),
        (
            "{other}:{bin}:{local}",
            "",
            "~/.local/bin/awsx; ~/.local/bin is on PATH, but ~/other/awsx comes first",
        ),
        (
            "{bin}",
            'PATH="$HOME/.local/bin:$PATH"',
            "~/.local/bin/awsx; ~/.profile puts it on PATH at your next login; "
            "scripts that call awsx need it there, your shells do not",
        ),
    ],
)
def test_it_says_where_awsx_is_on_path(machine, path, profile, said):
    machine.add("uv")
    other = machine.home / "other"
    other.mkdir()
    shutil.copy(machine.env["PROGRAM"], other / "awsx")
    (machine.home / ".profile").write_text(profile)
    local = machine.home / ".local/bin"
    machine.env["PATH"] = path.format(bin=machine.bin, local=local, other=other)
    assert f"Path:  {said}\n" in machine.run("--no-rc").stdout


def test_a_prefix_takes_everything(machine, tmp_path):
    machine.add("uv")
    machine.add("python3", PYTHON)
    done = machine.run("--prefix", "opt/x", cwd=tmp_path)
    place = tmp_path / "opt/x"
    assert machine.notes() == [f"python -m pip install --quiet --upgrade {ROOT}", "awsx install"]
    for program in ("awsx", "docker-credential-awsx"):
        assert (place / "bin" / program).resolve() == place / "share/awsx/venv/bin" / program
    assert done.stdout.endswith(f"Undo:  sh '{INSTALLER}' --uninstall --prefix '{place}'\n")
    assert machine.left() == []
    done = machine.run("--uninstall", f"--prefix={place}")
    assert (machine.notes(), done.returncode) == (["awsx uninstall"], 0)
    assert not (tmp_path / "opt").exists()


def test_a_version_is_installed_by_name(machine):
    machine.add("uv")
    assert machine.run("--version", "0.2.0rc1").returncode == 0
    assert " awsx-shell awsx-shell==0.2.0rc1 --python" in machine.notes()[0]
    refused(machine.run("--version=1", env={"AWSX_SOURCE": "x"}), "name two sources", code=2)


def test_dry_run_says_what_would_be_done_and_does_nothing(machine):
    machine.add("python3", PYTHON)
    done = machine.run("--dry-run", "--shell", "zsh")
    assert done.stdout.splitlines() == [
        f"Would install {ROOT} with venv",
        "Would make ~/.local/share/awsx/venv and ~/.local/bin/awsx",
        "Would add one marked block to the rc file of: zsh",
    ]
    assert (machine.notes(), machine.left()) == ([], [])
    machine.run()
    machine.notes()
    before = machine.left()
    machine.run("--dry-run")
    done = machine.run("--dry-run", "--uninstall")
    assert "Would remove awsx from venv: ~/.local/share/awsx/venv\n" in done.stdout
    assert machine.notes() == ["awsx install --dry-run", "awsx uninstall --dry-run"]
    assert machine.left() == before


def test_on_a_terminal_it_says_how_long_pip_has_worked(machine):
    machine.add("uv", TOOL.replace('case "$*" in\n  *un', 'sleep 0.1\ncase "$*" in\n  *un'))
    (machine.bin / "sleep").symlink_to(shutil.which("sleep"))
    reader, writer = os.openpty()
    env = {**machine.env, "TERM": "xterm"}
    subprocess.run(["sh", INSTALLER], env=env, stdout=subprocess.PIPE, stderr=writer, check=True)
    os.close(writer)
    said = ""
    while not said.endswith("  \r"):  # wiped out again
        said += os.read(reader, 1000).decode()
    os.close(reader)
    assert said.startswith("\r  fetching and installing, 0 s ")


# --- the demo


def test_the_demo_runs_from_the_checkout_with_its_options(machine, tmp_path):
    checkout = tmp_path / "check out"
    (checkout / "scripts").mkdir(parents=True)
    for name in ("install.sh", "pyproject.toml", "scripts/demo"):
        shutil.copy(ROOT / name, checkout / name)
    (checkout / ".venv/bin").mkdir(parents=True)
    shutil.copy(machine.env["PROGRAM"], checkout / ".venv/bin/python")
    for script, option in ((checkout / "scripts/demo", []), (checkout / "install.sh", ["--demo"])):
        assert machine.run(*option, "--run", "awsx ls", script=script).returncode == 0
        start = f"{checkout}/awsx/start.py"
        assert machine.notes() == [f"python -I -S {start} demo --run awsx ls"]
    assert machine.left() == []


def test_a_demo_without_what_it_needs_makes_a_virtual_environment(machine, tmp_path):
    checkout = tmp_path / "checkout"
    checkout.mkdir()
    for name in ("install.sh", "pyproject.toml"):
        shutil.copy(ROOT / name, checkout / name)
    machine.add("python3", PYTHON.replace("case", 'case "$*" in *boto3*) exit 1 ;; esac\ncase', 1))
    done = machine.run("--demo", script=checkout / "install.sh")
    install, start = machine.notes()
    assert install.startswith("python -m pip install --quiet --no-cache-dir -r ")
    assert start == f"python -I -S {checkout}/awsx/start.py demo"
    assert (done.returncode, done.stdout) == (0, "")
    assert (checkout / ".venv/bin/python").exists()
    assert machine.left() == []


# --- what can be in the way


def test_without_a_python_the_person_is_told_what_to_install(machine):
    (machine.bin / "python3").unlink()
    refused(machine.run(), "needs Python 3.10 or newer and found none")
    machine.add("pipx")
    refused(machine.run(), "needs Python 3.10 or newer and found none")
    machine.add("python3", "#!/bin/sh\nexit 1\n")
    refused(machine.run(), "needs Python 3.10 or newer and found none")
    assert machine.notes() == []
    assert machine.left() == []


def test_a_newer_python_beside_an_old_one_is_found(machine):
    machine.add("pipx")
    (machine.bin / "python3").rename(machine.bin / "python3.12")
    machine.add("python3", "#!/bin/sh\nexit 1\n")
    assert machine.run().returncode == 0


def test_on_debian_without_venv_the_missing_package_is_named(machine, tmp_path):
    checkout = tmp_path / "checkout"  # without the .venv that may lie beside ours
    checkout.mkdir()
    for name in ("install.sh", "pyproject.toml"):
        shutil.copy(ROOT / name, checkout / name)
    machine.add(
        "python3",
        f'#!/bin/sh\ncase $* in *ensurepip* | *boto3*) exit 1; esac\nexec {sys.executable} "$@"\n',
    )
    refused(machine.run(), "install uv or pipx")
    machine.add("apt-get")
    refused(machine.run(), "apt install python3-venv (or install uv or pipx), then again")
    # They help neither the demo nor a prefix.
    for options in (["--demo"], ["--prefix", str(machine.home / "p")]):
        done = machine.run(*options, script=checkout / "install.sh")
        refused(done, "apt install python3-venv, then again")
    assert machine.notes() == []
    assert machine.left() == []


def test_after_a_certificate_error_uv_runs_again_with_the_systems(machine):
    machine.add("uv", TOOL.replace('if [ -n "${NOISE-}" ]', 'if [ -z "${UV_SYSTEM_CERTS-}" ]'))
    assert machine.run(env={"NOISE": "invalid peer certificate"}).returncode == 0
    assert [line[:15] for line in machine.notes()] == ["uv tool install"] * 2 + ["awsx install"]


@pytest.mark.parametrize("tool", ["uv", "pipx"])
@pytest.mark.parametrize(
    ("noise", "said"),
    [
        ("dns error: failed\nat length", "not be reached"),
        ("no such wheel", f"not install {ROOT} (why: "),
    ],
)
def test_what_a_failing_tool_prints_goes_to_a_log(machine, tool, noise, said):
    machine.add(tool)
    done = machine.run(env={"NOISE": noise})
    refused(done, said)
    (log,) = machine.tmp.iterdir()
    assert str(log) in done.stderr
    assert noise in log.read_text()


def test_a_failed_installation_leaves_no_half_venv(machine):
    """Nobody listens at the index's address, so pip fails. The next run may choose another way."""
    nobody = {"PIP_INDEX_URL": "http://127.0.0.1:9/simple", "PIP_CONFIG_FILE": "/dev/null"}
    done = machine.run(env={"AWSX_SOURCE": "awsx-shell", **nobody})
    refused(done, "the package index could not be reached")
    (log,) = machine.tmp.iterdir()
    assert str(log) in done.stderr
    assert machine.left() == [log.name]


def test_a_home_that_is_missing_or_read_only_is_named(machine):
    machine.add("uv")
    refused(machine.run(env={"HOME": ""}), "HOME is not set")
    refused(machine.run(env={"HOME": "/nonexistent"}), "is not there")
    refused(machine.run(env={"HOME": "/proc"}), "cannot write in your home folder /proc")
    assert machine.notes() == []


def test_a_folder_for_the_log_that_is_missing_is_named(machine):
    refused(machine.run(env={"TMPDIR": "/nonexistent"}), "cannot write in /nonexistent")


def test_another_awsx_is_not_overwritten(machine):
    machine.add("uv")
    other = machine.home / ".local/bin/awsx"
    other.parent.mkdir(parents=True)
    other.write_text("mine")
    refused(machine.run(), "~/.local/bin/awsx is there already")
    assert machine.notes() == []
    (machine.home / ".local/share/awsx/venv").mkdir(parents=True)
    assert "Removed awsx from venv" in machine.run("--uninstall").stdout
    assert other.read_text() == "mine"
    assert not (machine.home / ".local/share/awsx").exists()


def test_another_docker_credential_awsx_stays(machine):
    machine.add("python3", PYTHON)
    other = machine.home / ".local/bin/docker-credential-awsx"
    other.parent.mkdir(parents=True)
    other.write_text("mine")
    assert machine.run().returncode == 0
    assert machine.run("--uninstall").returncode == 0
    assert other.read_text() == "mine"


def test_a_failing_rc_file_fails_the_installation(machine):
    machine.add("uv")
    assert machine.run(env={"AWSX_ANSWER": "1"}).returncode == 1


# --- away again


@pytest.mark.parametrize("tool", ["uv", "pipx"])
def test_uninstall_keeps_aws_files_and_settings(machine, tool):
    machine.add(tool)
    kept = [".aws/config", ".aws/sso/cache/token.json", ".config/awsx/config.toml"]
    for path in [*kept, ".cache/awsx/memo", ".local/state/awsx/used", ".cache/other"]:
        (machine.home / path).parent.mkdir(parents=True, exist_ok=True)
        (machine.home / path).write_text(path)
    machine.run()
    machine.notes()
    done = machine.run("--uninstall")
    assert (done.returncode, done.stderr) == (0, "")
    undo = "uv tool uninstall awsx-shell" if tool == "uv" else "pipx uninstall awsx-shell"
    assert machine.notes() == ["awsx uninstall", undo]
    assert f"Removed awsx from {tool}\nKept:  ~/.config/awsx/config.toml" in done.stdout
    files = {str(p.relative_to(machine.home)) for p in machine.home.rglob("*") if p.is_file()}
    assert files == {*kept, ".cache/other"}
    assert not (machine.home / ".cache/awsx").exists()
    assert list(machine.tmp.iterdir()) == []
    assert machine.run("--uninstall").stdout.startswith("awsx is not installed\n")


def test_uninstall_leaves_no_empty_folder_that_it_made(machine):
    machine.add("python3", PYTHON)
    (machine.home / ".local/bin").mkdir(parents=True)
    machine.run()
    for path in (".cache/awsx/x", ".local/state/awsx/y"):  # what awsx makes when it is used
        (machine.home / path).mkdir(parents=True)
    machine.run()  # an upgrade
    machine.run("--uninstall")
    assert machine.left() == [".local", ".local/bin"]
    (machine.home / ".local/bin").rmdir()
    (machine.home / ".local").rmdir()
    machine.run()
    (machine.home / ".local/share/mine").mkdir()
    machine.run("--uninstall")
    assert machine.left() == [".local", ".local/share", ".local/share/mine"]


def test_uninstall_follows_xdg_folders(machine):
    for name in ("cache", "state", "run"):
        (machine.home / name / "awsx").mkdir(parents=True)
    home = machine.home
    names = {"XDG_CACHE_HOME": "cache", "XDG_STATE_HOME": "state", "XDG_RUNTIME_DIR": "run"}
    env = {name: f"{home}/{folder}" for name, folder in names.items()}
    machine.run("--uninstall", env=env)
    assert machine.left() == ["cache", "run", "state"]


def test_nothing_is_removed_if_a_block_cannot_be_taken_out(machine):
    machine.add("uv")
    (machine.home / ".cache/awsx").mkdir(parents=True)
    machine.run()
    machine.notes()
    before = machine.left()
    assert machine.run("--uninstall", env={"AWSX_ANSWER": "1"}).returncode == 1
    assert machine.notes() == ["awsx uninstall"]
    assert machine.left() == before


def test_without_an_awsx_uninstall_names_the_blocks_that_are_left(machine):
    (machine.home / ".bashrc").write_text("x\n# >>> awsx >>>\ny\n# <<< awsx <<<\n")
    done = machine.run("--uninstall")
    assert "Left:  the lines from '# >>> awsx >>>' to '# <<< awsx' in ~/.bashrc" in done.stdout
    assert done.stdout.count("Left:") == 1


# --- for real

ASK = {
    "bash": "type -t awsx; echo $AWSX_PYTHON",
    "zsh": "whence -w awsx; echo $AWSX_PYTHON",
    "fish": "functions -q awsx; and echo function; echo $AWSX_PYTHON",
}


def test_install_upgrade_and_uninstall(machine, tmp_path):
    """With pip, from this checkout, into the rc files of three shells; then all is as it was."""
    for shell in ASK:
        (machine.bin / shell).unlink(missing_ok=True)
        (machine.bin / shell).symlink_to(require(shell))
    home = machine.home
    (home / ".bashrc").write_bytes(b"export A=1")
    (home / "dotfiles").mkdir()
    (home / "dotfiles/zshrc").write_bytes(b"# caf\xe9\r\n")
    (home / ".zshrc").symlink_to("dotfiles/zshrc")
    before = files_of(home)
    machine.env |= {
        "SHELL": "/usr/bin/fish",
        "PIP_USER": "1",
        "PIP_CACHE_DIR": str(ROOT / ".cache/pip"),
        **REACH,
    }

    done = machine.run()
    if "could not be reached" in done.stderr and not os.environ.get("CI"):
        pytest.skip("no network: pip cannot fetch the dependencies")
    assert (done.returncode, done.stdout.splitlines()[-2:-1]) == (0, [NOTE]), done
    talk = done.stdout + done.stderr
    for did in (
        "bash: added a block to ~/.bashrc (",
        "zsh: added a block to ~/.zshrc (",
        "fish: made ~/.",
    ):
        assert did in talk
    place = home / ".local/share/awsx/venv"
    assert (place / "bin/awsx").read_bytes() == (ROOT / "program/awsx").read_bytes()
    package = "lib/python*/site-packages/awsx"
    assert list(place.glob(f"{package}/commands/__pycache__/switch.*.pyc"))
    assert (home / ".local/bin/awsx").resolve() == place / "bin/awsx"
    helper = [home / ".local/bin/docker-credential-awsx", "version"]
    told = subprocess.run(helper, env={"HOME": str(home), "PATH": machine.env["PATH"]}, stdout=-1)
    assert told.stdout.startswith(b"docker-credential-awsx (awsx) ")
    for shell, ask in ASK.items():
        copy = tmp_path / f"home of {shell}"  # an interactive shell leaves files of its own
        shutil.copytree(home, copy, symlinks=True, ignore=shutil.ignore_patterns(".local"))
        # Or else fish makes them, for minutes and in the background.
        (copy / ".local/share/fish/generated_completions").mkdir(parents=True)
        env = {"HOME": str(copy), "PATH": machine.env["PATH"], "TERM": "dumb"}
        command = [require(shell), "-i", "-c", ask]
        loaded = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
        assert "function" in loaded.stdout, loaded
        assert loaded.stdout.endswith(f"{place}/bin/python\n"), loaded

    marked = files_of(home)
    assert machine.run().returncode == 0
    assert files_of(home) == marked

    done = machine.run("--uninstall")
    assert (done.returncode, done.stderr.count("\n") > 3) == (0, False), done
    assert "Removed awsx from venv" in done.stdout
    assert files_of(home) == before
    assert os.readlink(home / ".zshrc") == "dotfiles/zshrc"
    assert not (home / ".config").exists()


def files_of(home):
    """Every file's bytes, without those of the tool itself."""
    tops = [path for path in home.iterdir() if path.name != ".local"]
    found = [path for top in tops for path in (top, *top.rglob("*")) if path.is_file()]
    return {str(path.relative_to(home)): path.read_bytes() for path in found}
