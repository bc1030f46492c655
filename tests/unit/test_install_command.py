"""awsx install and uninstall: what they do to the rc files, and what they print."""

import os
import shlex
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from awsx.commands import install as command
from awsx.install import in_use, neighbours, shells
from awsx.term import AwsxError

ROOT = Path(__file__).parents[2]


def lines_of(shell):
    return f"source '/opt/awsx/awsx.{shell}'\n"


@pytest.fixture(autouse=True)
def loading(monkeypatch):
    """Let the blocks hold `lines_of(shell)`, wherever this checkout lies."""
    monkeypatch.setattr(shells, "loading", lines_of)


@pytest.fixture
def env(tmp_path):
    """A home and a PATH with a bash, a zsh and a fish that do nothing."""
    (tmp_path / "bin").mkdir()
    for shell in shells.NAMES:
        (tmp_path / "bin" / shell).write_text("#!/bin/sh\n")
        (tmp_path / "bin" / shell).chmod(0o755)
    (tmp_path / "home").mkdir()
    return {"HOME": str(tmp_path / "home"), "PATH": str(tmp_path / "bin")}


@pytest.fixture
def home(env, tmp_path, monkeypatch):
    monkeypatch.setattr(in_use, "_interactive_ancestors", set)
    monkeypatch.setattr(sys, "platform", "linux")
    return tmp_path / "home"


@pytest.fixture
def install(env, home, capsys):
    """install("bash", dry_run=True): what `awsx install` prints."""

    def run(*named, dry_run=False):
        command.install(env, list(named), dry_run)
        return capsys.readouterr().out

    return run


@pytest.fixture
def uninstall(env, home, capsys):
    """uninstall("bash"): what `awsx uninstall` prints."""

    def run(*named, dry_run=False):
        command.uninstall(env, list(named), dry_run)
        return capsys.readouterr().out

    return run


def one_line(said):
    """What was said, if it is one line."""
    assert said.count("\n") == 1
    return said


# --- which shells


def test_a_shell_is_in_use_by_its_rc_file_login_shell_or_ancestor(env, home, monkeypatch):
    assert in_use.shells_in_use(env) == []
    assert in_use.shells_in_use({**env, "SHELL": "/usr/local/bin/fish"}) == ["fish"]
    (home / ".zshrc").touch()
    assert in_use.shells_in_use(env) == ["zsh"]
    (home / ".config/fish").mkdir(parents=True)
    assert in_use.shells_in_use(env) == ["zsh", "fish"]
    monkeypatch.setattr(in_use, "_interactive_ancestors", lambda: {"bash", "sshd"})
    assert in_use.shells_in_use(env) == ["bash", "zsh", "fish"]
    os.unlink(f"{env['PATH']}/zsh")
    assert in_use.shells_in_use(env) == ["bash", "fish"]


def test_a_shell_that_runs_a_script_is_no_interactive_ancestor(tmp_path):
    """A shell that was started without a script or a command is one."""
    code = "from awsx.install import in_use; print(*sorted(in_use._interactive_ancestors()))"
    ask = [sys.executable, "-c", code]
    script = tmp_path / "script"
    script.write_text('"$@"; :\n')

    def ancestors(*command, **options):
        ran = subprocess.run([*command, *ask], cwd=ROOT, capture_output=True, check=True, **options)
        return set(ran.stdout.decode().split())

    plain = ancestors()
    assert ancestors("bash", script) == plain
    assert ancestors("bash", "-c", '"$@"; :', "-") == plain
    with open(script) as typed:
        assert ancestors("bash", "--norc", "-s", stdin=typed) == plain
    typed = " ".join(shlex.quote(word) for word in ask)
    assert ancestors("sh", "-c", 'echo "$1; :" | bash --norc; :', "-", typed) == plain | {"bash"}


@pytest.mark.parametrize("verb", ["install", "uninstall"])
def test_an_unknown_shell_is_a_usage_error(verb, env, home):
    with pytest.raises(AwsxError, match=r"no integration for fsh; .*did you mean fish") as caught:
        getattr(command, verb)(env, ["bash", "fsh"], dry_run=False)
    assert caught.value.code == 2
    assert os.listdir(home) == []


def test_with_no_shell_in_use_the_person_has_to_name_one(home, install):
    with pytest.raises(AwsxError, match="name yours"):
        install()


def test_a_zdotdir_that_zsh_does_not_export_is_found(home, install, uninstall):
    (home.parent / "bin/zsh").write_text(
        '#!/bin/sh\necho noise from .zshenv\nZDOTDIR=$HOME/z\neval "$2"\n'
    )
    (home / "z").mkdir()
    install("zsh")
    assert (home / "z/.zshrc").exists()
    assert not (home / ".zshrc").exists()
    uninstall("zsh")
    assert not (home / "z/.zshrc").exists()


# --- neighbours

LOADED = {
    ".zshrc": {
        "plugins=(git aws)\n": "oh-my-zsh's plugin aws",
        "plugins=(\n  git\n  # mine\n  aws\n  docker\n)\n": "oh-my-zsh's plugin aws",
        "zinit snippet OMZP::aws\n": "oh-my-zsh's plugin aws",
        "antigen bundle aws\n": "oh-my-zsh's plugin aws",
        'zplug "plugins/aws", from:oh-my-zsh\n': "oh-my-zsh's plugin aws",
        'ZSH_THEME="agnoster"\n': "oh-my-zsh's theme agnoster",
        "source ~/spaceship/spaceship.zsh\n": "spaceship",
        'ZSH_THEME="spaceship"\n': "spaceship",
        "autoload -U promptinit; promptinit; prompt spaceship\n": "spaceship",
        "source ~/liquidprompt/liquidprompt\n": "liquidprompt",
        "plugins=(git)\n": "",
        "plugins=(aws)\n": "oh-my-zsh's plugin aws",
        "plugins=(git aws-vault zsh-aws) # aws\n": "",
        "antigen bundle aws-vault\n": "",
        "# plugins=(git aws)\n": "",
        "plugins=(git aws)\nSHOW_AWS_PROMPT=false\n": "",
        "export SPACESHIP_AWS_SHOW=false\nsource ~/spaceship/spaceship.zsh\n": "",
    },
    ".bashrc": {
        "source /usr/share/liquidprompt/liquidprompt\n": "liquidprompt",
        "LP_ENABLE_AWS_PROFILE=0\nsource /usr/share/liquidprompt/liquidprompt\n": "",
        "plugins=(git aws)\n": "",  # oh-my-bash's plugin shows nothing
    },
}


@pytest.mark.parametrize(
    ("file", "text", "name"),
    [(file, text, name) for file, texts in LOADED.items() for text, name in texts.items()],
)
def test_install_says_what_else_shows_the_profile(file, text, name, env, home, capsys):
    (home / ".profile").touch()
    (home / file).write_text(text)
    for _ in range(2):  # also where the block is there already
        command.install(env, [file[1:-2]], False)
        said = capsys.readouterr().err
        assert said.count("\n") == (1 if name else 0)
        assert said.startswith(f"awsx: ~/{file}: {name} shows the profile, too; " if name else "")


def test_each_hint_is_on_the_page_of_neighbours():
    page = (ROOT / "docs" / "neighbours.md").read_text(encoding="utf-8")
    for near in neighbours.NEIGHBOURS:
        assert near.remedy.split()[0] in page


# --- files

FILES = {"bash": ".bashrc", "zsh": ".zshrc", "fish": ".config/fish/config.fish"}


@pytest.mark.parametrize("text", [None, b"", b"x", b"x\n", b"x\r\n\xff", b"a\nb"])
@pytest.mark.parametrize("shell", FILES)
def test_install_and_uninstall_leave_no_trace(home, shell, text, install, uninstall, monkeypatch):
    file = home / FILES[shell]
    if text is not None:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text)
    said = one_line(install(shell))
    assert said.startswith(
        f"{shell}: {'made' if text is None else 'added a block to'} ~/{FILES[shell]} ("
    )
    assert file.read_bytes().count(lines_of(shell).encode()) == 1

    said = one_line(install(shell))
    assert "was there" in said
    monkeypatch.setattr(shells, "loading", lambda _: "new\n")
    said = one_line(install(shell))
    assert "updated" in said
    assert b"\nnew\n" in file.read_bytes()
    assert lines_of(shell).encode() not in file.read_bytes()

    said = one_line(uninstall())
    assert said.startswith(f"{shell}: {'deleted' if text is None else 'took'} ")
    assert uninstall() == ""
    if text is None:
        assert list(home.iterdir()) == []
    else:
        assert file.read_bytes() == text


@pytest.mark.parametrize(
    ("shell", "there", "is_told"),
    [
        ("bash", ".bashrc", True),
        ("bash", ".profile", False),
        ("bash", ".bash_profile", False),
        ("bash", ".bash_login", False),
        ("zsh", ".bashrc", False),
    ],
)
def test_a_login_bash_that_reads_no_rc_file_is_told_of(env, home, shell, there, is_told, capsys):
    (home / there).touch()
    command.install(env, [shell], dry_run=False)
    line = """echo 'if [ -n "$BASH_VERSION" ]; then . ~/.bashrc; fi' >>~/.profile"""
    assert capsys.readouterr().err == (
        "awsx: a bash that is a login shell (ssh, a console) reads no ~/.bashrc here, since there "
        f"is no ~/.profile; to have awsx there, too: {line}\n"
        if is_told
        else ""
    )


def test_the_line_that_install_offers_loads_the_rc_file_in_a_login_bash(home, environment):
    (home / ".bashrc").write_text("echo loaded\n")
    offered = command.NOT_AT_LOGIN.partition("too: ")[2]
    env = {**environment, "HOME": str(home)}
    subprocess.run(["sh", "-c", offered], env=env, check=True)
    asked = subprocess.run(["bash", "-l", "-c", ":"], env=env, capture_output=True, text=True)
    assert "loaded\n" in asked.stdout


@pytest.mark.parametrize("mode", [0o600, 0o644, 0o755])
def test_the_mode_of_an_rc_file_stays(home, mode, install, uninstall):
    (home / ".bashrc").write_bytes(b"x")
    (home / ".bashrc").chmod(mode)
    install("bash")
    assert stat.S_IMODE((home / ".bashrc").stat().st_mode) == mode
    uninstall()
    assert stat.S_IMODE((home / ".bashrc").stat().st_mode) == mode
    assert os.listdir(home) == [".bashrc"]


def test_a_symbolic_link_stays_a_link(home, install, uninstall):
    (home / "dotfiles").mkdir()
    (home / "dotfiles/bashrc").write_bytes(b"x")
    (home / ".bashrc").symlink_to("dotfiles/bashrc")
    (home / ".bash_profile").symlink_to(".bashrc")
    install("bash")
    assert os.readlink(home / ".bashrc") == "dotfiles/bashrc"
    assert b"awsx" in (home / "dotfiles/bashrc").read_bytes()
    one_line(uninstall())
    assert os.readlink(home / ".bashrc") == "dotfiles/bashrc"
    assert (home / "dotfiles/bashrc").read_bytes() == b"x"


def test_a_dangling_link_gets_its_file_and_loses_it_again(home, install, uninstall):
    (home / ".bashrc").symlink_to("later")
    (home / ".bash_profile").symlink_to("later")
    install("bash")
    assert (home / "later").exists()
    uninstall()
    assert sorted(os.listdir(home)) == [".bash_profile", ".bashrc"]


def test_dry_run_shows_a_diff_and_writes_nothing(home, install, uninstall):
    (home / ".bashrc").write_bytes(b"x\n\xff\n")
    diff = install("bash", dry_run=True)
    assert diff.count("--- ") == 1
    assert diff.startswith("--- ~/.bashrc\n+++ ~/.bashrc\n@@ ")
    assert "\n+source '/opt/awsx/awsx.bash'\n" in diff
    assert (home / ".bashrc").read_bytes() == b"x\n\xff\n"
    install("bash")
    assert install("bash", dry_run=True) == ""
    diff = uninstall(dry_run=True)
    assert diff.count("--- ") == 1
    assert "\n-source '/opt/awsx/awsx.bash'\n" in diff
    assert b"awsx" in (home / ".bashrc").read_bytes()


def test_broken_markers_are_named_and_no_file_is_touched(home, install, uninstall):
    (home / ".zshrc").write_bytes(b"x\n# >>> awsx >>>\n")
    with pytest.raises(AwsxError, match=r"^~/\.zshrc:2: "):
        install("bash", "zsh")
    assert os.listdir(home) == [".zshrc"]
    assert (home / ".zshrc").read_bytes() == b"x\n# >>> awsx >>>\n"
    with pytest.raises(AwsxError, match=r"^~/\.zshrc:2: "):
        uninstall()


@pytest.mark.parametrize("kind", ["folder", "fifo", "null", "loop"])
def test_what_is_no_regular_file_is_left_alone(home, kind, install):
    rc = home / ".bashrc"
    {
        "folder": rc.mkdir,
        "fifo": lambda: os.mkfifo(rc),
        "null": lambda: rc.symlink_to("/dev/null"),
        "loop": lambda: rc.symlink_to(".bashrc"),
    }[kind]()
    with pytest.raises(AwsxError, match=r"\.bashrc(:| is not a file)"):
        install("bash")
    assert os.listdir(home) == [".bashrc"]


@pytest.mark.parametrize("what", ["file", "folder"])
def test_a_read_only_file_or_folder_is_named_and_nothing_changes(home, what, monkeypatch, install):
    if os.geteuid() == 0:  # may write everywhere
        monkeypatch.setattr(os, "access", lambda path, _: bool(os.stat(path).st_mode & 0o200))
    (home / ".bashrc").write_bytes(b"x")
    (home / ".bashrc" if what == "file" else home).chmod(0o555)
    with pytest.raises(
        AwsxError, match=r"^cannot write ~/\.(bash|zsh)rc: it.* is read-only; change it"
    ):
        install("zsh", "bash")
    assert os.listdir(home) == [".bashrc"]
    assert (home / ".bashrc").read_bytes() == b"x"
    home.chmod(0o755)


def test_a_full_disk_leaves_the_file_and_nothing_beside_it(home, monkeypatch, install):
    (home / ".bashrc").write_bytes(b"x")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "rename", full)
    with pytest.raises(AwsxError, match=r"^cannot write ~/\.bashrc: No space left on device; "):
        install("bash")
    assert os.listdir(home) == [".bashrc"]
    assert (home / ".bashrc").read_bytes() == b"x"


def test_a_path_that_is_not_utf_8_arrives_unchanged(home, install, monkeypatch):
    lines = os.fsdecode(b"source '/opt/\xff'\n")
    monkeypatch.setattr(shells, "loading", lambda _: lines)
    install("bash")
    assert b"\nsource '/opt/\xff'\n" in (home / ".bashrc").read_bytes()
