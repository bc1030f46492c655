"""The lines that load awsx, read by real shells, and which shell this is."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import shellingham

from awsx.install import shells
from awsx.term import AwsxError

ROOT = Path(__file__).parents[2]
FOLDERS = [
    "plain",
    "a b",
    "it's",
    'say "hi"',
    "$(touch x)",
    "`touch x`",
    "%n{file}",
    "back\\slash",
    "größe",
    "-rf",
    "a'\\''b",
]


@pytest.mark.parametrize("name", shells.NAMES)
def test_each_shell_has_its_integration_in_the_checkout(name):
    assert shells.script(name) == str(ROOT / "shell" / f"awsx.{name}")


def test_a_missing_integration_is_named(monkeypatch, tmp_path):
    monkeypatch.setattr(shells, "__file__", f"{tmp_path}/awsx/install/shells.py")
    with pytest.raises(
        AwsxError,
        match=rf"^the integration is not where it belongs \({tmp_path}/awsx/shell/awsx\.zsh\)",
    ):
        shells.loading("zsh")


def test_the_file_inside_an_installed_package_comes_first(monkeypatch, tmp_path):
    monkeypatch.setattr(shells, "__file__", f"{tmp_path}/awsx/install/shells.py")
    for folder in ("shell", "awsx/shell"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "awsx.bash").touch()
        assert shells.script("bash") == f"{tmp_path}/{folder}/awsx.bash"


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("tcsh", "no integration for tcsh; there is one for bash, zsh and fish"),
        ("fsh", "no integration for fsh; there is one for bash, zsh and fish; did you mean fish"),
        ("", "no integration for ; there is one"),
        ("../x", "no integration for ../x; there is one"),
    ],
)
def test_a_shell_without_an_integration_is_a_usage_error(name, told):
    with pytest.raises(AwsxError) as caught:
        shells.loading(name)
    assert str(caught.value).startswith(told)
    assert caught.value.code == 2


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """installed(folder, shell): an awsx in that folder; its shell file prints what it is given."""

    def install(folder, shell):
        package = tmp_path / folder / "awsx"
        (package / "shell").mkdir(parents=True)
        show = {"fish": 'echo "$AWSX_PYTHON"; set -g SEEN loaded'}.get(
            shell, 'echo "$AWSX_PYTHON"; SEEN=loaded'
        )
        (package / "shell" / f"awsx.{shell}").write_text(show + "\n")
        monkeypatch.setattr(shells, "__file__", str(package / "install" / "shells.py"))
        monkeypatch.setattr(sys, "executable", f"{tmp_path / folder}/bin/python3")
        return package / "shell" / f"awsx.{shell}"

    return install


BARE = {"bash": ["bash", "--norc"], "zsh": ["zsh", "-f"], "fish": ["fish", "--no-config"]}


def source(shell, text, folder, env):
    """What a shell does that has these lines in its rc file."""
    (folder / "rc").write_text(f'{text}echo "<$SEEN>"\n', encoding="utf-8")
    return subprocess.run(
        [*BARE[shell], f"{folder}/rc"], cwd=folder, env=env, capture_output=True, text=True
    )


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_real_shell_loads_awsx_from_any_folder(shell, folder, installed, environment, tmp_path):
    installed(folder, shell)
    ran = source(shell, shells.loading(shell), tmp_path, environment)
    assert (ran.stdout, ran.stderr) == (f"{tmp_path / folder}/bin/python3\n<loaded>\n", "")
    assert not (tmp_path / "x").exists()


def test_a_shell_stays_silent_once_awsx_is_gone(shell, installed, environment, tmp_path):
    installed("gone", shell)
    text = shells.loading(shell)
    shutil.rmtree(tmp_path / "gone")
    ran = source(shell, text, tmp_path, environment)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "<>\n", "")


@pytest.mark.parametrize("options", ["set -eu", "set -o noglob"])
def test_the_lines_work_under_strict_options(shell, options, installed, environment, tmp_path):
    if shell == "fish":
        pytest.skip("fish has no such options")
    file = installed("gone", shell)
    text = f"{options}\nSEEN=\n{shells.loading(shell)}"
    file.unlink()
    ran = source(shell, text, tmp_path, environment)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "<>\n", "")


def test_the_lines_are_few_and_end_in_a_newline(shell):
    text = shells.loading(shell)
    assert text.endswith("\n")
    assert text.count("\n") <= 5
    assert sys.executable in text


# --- which shell this is


@pytest.mark.parametrize(
    ("found", "env", "expected"),
    [
        ("zsh", {"SHELL": "/bin/bash"}, "zsh"),
        (None, {"SHELL": "/usr/local/bin/fish"}, "fish"),
        (None, {"SHELL": "bash"}, "bash"),
    ],
)
def test_the_shell_is_the_one_that_started_awsx_else_the_login_shell(
    found, env, expected, monkeypatch
):
    def detect_shell():
        if found is None:
            raise shellingham.ShellDetectionFailure
        return found, f"/bin/{found}"

    monkeypatch.setattr(shellingham, "detect_shell", detect_shell)
    assert shells.detect(env) == expected


@pytest.mark.parametrize(
    ("found", "env", "told"),
    [
        ("tcsh", {}, "no integration for tcsh; there is one for bash, zsh and fish"),
        (
            None,
            {"SHELL": "/bin/tcsh"},
            "no integration for tcsh; there is one for bash, zsh and fish",
        ),
        (None, {}, "cannot tell which shell this is; name it: awsx init bash|zsh|fish"),
        (None, {"SHELL": ""}, "cannot tell which shell this is; name it: awsx init bash|zsh|fish"),
    ],
)
def test_an_undetected_or_unknown_shell_has_to_be_named(found, env, told, monkeypatch):
    def detect_shell():
        if found is None:
            raise OSError(2, "no ps")
        return found, found

    monkeypatch.setattr(shellingham, "detect_shell", detect_shell)
    with pytest.raises(AwsxError) as caught:
        shells.detect(env)
    assert (str(caught.value), caught.value.code) == (told, 2)


def test_init_detects_a_real_shell(shell, environment):
    ask = f"{sys.executable} -I -S {ROOT}/awsx/start.py init; true"
    ran = subprocess.run([*BARE[shell], "-c", ask], env=environment, capture_output=True, text=True)
    assert (ran.stdout, ran.stderr) == (shells.loading(shell), "")
