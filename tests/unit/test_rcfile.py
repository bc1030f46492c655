"""The marked block in an rc file: in, replaced, and out again byte for byte."""

import os
import shlex
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from awsx.install import rcfile
from awsx.install.marked_block import BEGIN, add, remove
from awsx.install.rcfile import install, rc_path, shells_in_use, uninstall
from awsx.term import AwsxError

ROOT = Path(__file__).parents[2]
BLOCK = b"source '/opt/awsx/awsx.bash'\n"
MARKED = b"# >>> awsx >>>\n" + BLOCK + b"# <<< awsx <<<\n"
ENDED = b"# >>> awsx >>>\n" + BLOCK + b"# <<< awsx (ended the last line) <<<\n"
MADE = b"# >>> awsx >>>\n" + BLOCK + b"# <<< awsx (made this file) <<<\n"


def block_for(shell):
    return f"source '/opt/awsx/awsx.{shell}'\n"


# --- add and remove on bytes

ADDED = {
    "empty": (b"", True, MARKED),
    "one line": (b"alias l=ls\n", True, b"alias l=ls\n" + MARKED),
    "no final newline": (b"l=1", True, b"l=1\n" + ENDED),
    "CRLF": (b"l=1\r\n", True, b"l=1\r\n" + MARKED),
    "ends in CR": (b"l=1\r", True, b"l=1\r\n" + ENDED),
    "not UTF-8": (b"\xff\xfe\x00\n", True, b"\xff\xfe\x00\n" + MARKED),
    "no file": (b"", False, MADE),
}


@pytest.mark.parametrize(("text", "existed", "expected"), ADDED.values(), ids=ADDED)
def test_add(text, existed, expected):
    assert add(text, BLOCK, existed) == expected
    assert remove(expected) == (text if existed else None)


def test_a_block_without_final_newline_gets_one():
    assert add(b"", BLOCK.rstrip(b"\n"), True) == MARKED


pieces = st.sampled_from([b"a", b"\n", b"\r\n", b"\r", b"\xff", b"#", b" "])
texts = (st.binary() | st.lists(pieces).map(b"".join)).filter(lambda text: b" awsx " not in text)


@given(texts, st.booleans())
def test_round_trip(text, existed):
    assert remove(add(text if existed else b"", BLOCK, existed)) == (text if existed else None)


@given(texts, texts)
def test_a_second_add_replaces_the_block_and_nothing_else(before, after):
    once = add(before, b"old\n", True) + after
    twice = add(once, BLOCK, True)
    assert twice == once.replace(b">>>\nold\n#", b">>>\n" + BLOCK + b"#")
    assert twice.count(BEGIN) == 1
    assert add(twice, BLOCK, True) == twice
    assert remove(twice) == remove(once)


@given(texts.filter(bool), texts.filter(bool))
def test_what_was_written_around_the_block_stays(before, after):
    left = remove(add(before, BLOCK, True) + after)
    assert left == (before if before.endswith(b"\n") else before + b"\n") + after


def test_a_file_we_made_stays_if_somebody_wrote_into_it():
    made = add(b"", BLOCK, False)
    assert remove(made + b"alias l=ls\n") == b"alias l=ls\n"
    assert remove(b"alias l=ls\n" + made) == b"alias l=ls\n"


def test_markers_survive_an_editor():
    assert remove(b"a\r\n" + MARKED.replace(b"\n", b"\r\n") + b"b\r\n") == b"a\r\nb\r\n"
    assert remove(b"a\n" + MARKED.rstrip(b"\n")) == b"a\n"
    indented = b"if x; then\n  " + MARKED.replace(b"\n", b"\n  ").rstrip(b" ") + b"fi\n"
    assert remove(indented) == b"if x; then\nfi\n"


@pytest.mark.parametrize(
    "text", [b"", b"# >>> conda >>>\n# <<< conda <<<\n", b"echo '# >>> awsx >>>'\n"]
)
def test_without_a_block_nothing_is_removed(text):
    assert remove(text) == text


BROKEN = {
    "no end": (b"a\n# >>> awsx >>>\nb\n", 2),
    "two begins": (b"# >>> awsx >>>\n# >>> awsx >>>\n# <<< awsx <<<\n", 2),
    "two blocks": (MARKED + b"a\n" + MARKED, 5),
    "two ends": (MARKED + b"# <<< awsx <<<\n", 4),
    "end alone": (b"a\nb\n# <<< awsx <<<\n", 3),
    "end first": (b"# <<< awsx <<<\n# >>> awsx >>>\n", 1),
}


@pytest.mark.parametrize(("text", "line"), BROKEN.values(), ids=BROKEN)
def test_broken_markers_are_named_by_line(text, line):
    for act in (lambda: remove(text, "rc"), lambda: add(text, BLOCK, True, "rc")):
        with pytest.raises(
            AwsxError, match=rf"^rc:{line}: awsx's markers do not make one pair; [^\n]+$"
        ):
            act()


# --- which file, which shells

WHERE = [
    ("bash", {}, "linux", ".bashrc"),
    ("bash", {}, "darwin", ".bash_profile"),
    ("zsh", {}, "linux", ".zshrc"),
    ("zsh", {"ZDOTDIR": ""}, "linux", ".zshrc"),
    ("zsh", {"ZDOTDIR": "/z"}, "darwin", "/z/.zshrc"),
    ("fish", {}, "linux", ".config/fish/config.fish"),
    ("fish", {"XDG_CONFIG_HOME": ""}, "linux", ".config/fish/config.fish"),
    ("fish", {"XDG_CONFIG_HOME": "/x"}, "darwin", "/x/fish/config.fish"),
]


@pytest.mark.parametrize(("shell", "env", "platform", "expected"), WHERE)
def test_rc_path(shell, env, platform, expected, tmp_path):
    assert rc_path(shell, {"HOME": str(tmp_path), **env}, platform) == os.path.join(
        tmp_path, expected
    )


def test_on_macos_an_older_login_file_is_not_hidden(tmp_path):
    (tmp_path / ".profile").touch()
    assert rc_path("bash", {"HOME": str(tmp_path)}, "darwin") == f"{tmp_path}/.profile"


def test_an_unknown_shell_is_a_usage_error(tmp_path):
    with pytest.raises(AwsxError, match=r"no shell 'fsh'; .*did you mean fish") as caught:
        install(["fsh"], {"HOME": str(tmp_path)}, block_for)
    assert caught.value.code == 2


@pytest.fixture
def env(tmp_path):
    """A home and a PATH with a bash, a zsh and a fish that do nothing."""
    (tmp_path / "bin").mkdir()
    for shell in rcfile.SHELLS:
        (tmp_path / "bin" / shell).write_text("#!/bin/sh\n")
        (tmp_path / "bin" / shell).chmod(0o755)
    (tmp_path / "home").mkdir()
    return {"HOME": str(tmp_path / "home"), "PATH": str(tmp_path / "bin")}


@pytest.fixture
def home(env, tmp_path, monkeypatch):
    monkeypatch.setattr(rcfile, "_parents", set)
    monkeypatch.setattr(sys, "platform", "linux")
    return tmp_path / "home"


def test_shells_in_use(env, home, monkeypatch):
    assert shells_in_use(env) == []
    assert shells_in_use({**env, "SHELL": "/usr/local/bin/fish"}) == ["fish"]
    (home / ".zshrc").touch()
    assert shells_in_use(env) == ["zsh"]
    (home / ".config/fish").mkdir(parents=True)
    assert shells_in_use(env) == ["zsh", "fish"]
    monkeypatch.setattr(rcfile, "_parents", lambda: {"bash", "sshd"})
    assert shells_in_use(env) == ["bash", "zsh", "fish"]
    os.unlink(f"{env['PATH']}/zsh")
    assert shells_in_use(env) == ["bash", "fish"]


def test_parents_are_interactive_shells_only(tmp_path):
    """A bash that runs a script is nobody's shell; one that was started plainly is."""
    ask = [
        sys.executable,
        "-c",
        "from awsx.install import rcfile; print(*sorted(rcfile._parents()))",
    ]
    script = tmp_path / "script"
    script.write_text('"$@"; :\n')

    def parents(*command, **options):
        ran = subprocess.run([*command, *ask], cwd=ROOT, capture_output=True, check=True, **options)
        return set(ran.stdout.decode().split())

    plain = parents()
    assert parents("bash", script) == plain
    assert parents("bash", "-c", '"$@"; :', "-") == plain
    with open(script) as typed:
        assert parents("bash", "--norc", "-s", stdin=typed) == plain
    typed = " ".join(shlex.quote(word) for word in ask)
    assert parents("sh", "-c", 'echo "$1; :" | bash --norc; :', "-", typed) == plain | {"bash"}


def test_no_shell_in_use_is_an_error(env, home):
    with pytest.raises(AwsxError, match="name yours"):
        install([], env, block_for)


def test_zsh_is_asked_for_a_zdotdir_it_does_not_export(env, home):
    (home.parent / "bin/zsh").write_text(
        '#!/bin/sh\necho noise from .zshenv\nZDOTDIR=$HOME/z\neval "$2"\n'
    )
    (home / "z").mkdir()
    install(["zsh"], env, block_for)
    assert (home / "z/.zshrc").exists()
    assert not (home / ".zshrc").exists()
    uninstall(["zsh"], env)
    assert not (home / "z/.zshrc").exists()


# --- files

FILES = {"bash": ".bashrc", "zsh": ".zshrc", "fish": ".config/fish/config.fish"}


@pytest.mark.parametrize("text", [None, b"", b"x", b"x\n", b"x\r\n\xff", b"a\nb"])
@pytest.mark.parametrize("shell", FILES)
def test_install_and_uninstall_leave_no_trace(env, home, shell, text):
    file = home / FILES[shell]
    if text is not None:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text)
    (said,) = install([shell], env, block_for)
    assert said.startswith(
        f"{shell}: {'made' if text is None else 'added a block to'} ~/{FILES[shell]} ("
    )
    assert file.read_bytes().count(block_for(shell).encode()) == 1

    (said,) = install([shell], env, block_for)
    assert "was there" in said
    (said,) = install([shell], env, lambda _: "new\n")
    assert "updated" in said
    assert b"\nnew\n" in file.read_bytes()
    assert block_for(shell).encode() not in file.read_bytes()

    (said,) = uninstall([], env)
    assert said.startswith(f"{shell}: {'deleted' if text is None else 'took'} ")
    assert uninstall([], env) == []
    if text is None:
        assert list(home.iterdir()) == []
    else:
        assert file.read_bytes() == text


@pytest.mark.parametrize("mode", [0o600, 0o644, 0o755])
def test_the_mode_stays(env, home, mode):
    (home / ".bashrc").write_bytes(b"x")
    (home / ".bashrc").chmod(mode)
    install(["bash"], env, block_for)
    assert stat.S_IMODE((home / ".bashrc").stat().st_mode) == mode
    uninstall([], env)
    assert stat.S_IMODE((home / ".bashrc").stat().st_mode) == mode
    assert os.listdir(home) == [".bashrc"]


def test_a_link_stays_a_link(env, home):
    (home / "dotfiles").mkdir()
    (home / "dotfiles/bashrc").write_bytes(b"x")
    (home / ".bashrc").symlink_to("dotfiles/bashrc")
    (home / ".bash_profile").symlink_to(".bashrc")
    install(["bash"], env, block_for)
    assert os.readlink(home / ".bashrc") == "dotfiles/bashrc"
    assert b"awsx" in (home / "dotfiles/bashrc").read_bytes()
    assert len(uninstall([], env)) == 1
    assert os.readlink(home / ".bashrc") == "dotfiles/bashrc"
    assert (home / "dotfiles/bashrc").read_bytes() == b"x"


def test_a_dangling_link_gets_its_file_and_loses_it_again(env, home):
    (home / ".bashrc").symlink_to("later")
    (home / ".bash_profile").symlink_to("later")
    install(["bash"], env, block_for)
    assert (home / "later").exists()
    uninstall([], env)
    assert sorted(os.listdir(home)) == [".bash_profile", ".bashrc"]


def test_dry_run_shows_a_diff_and_writes_nothing(env, home):
    (home / ".bashrc").write_bytes(b"x\n\xff\n")
    (diff,) = install(["bash"], env, block_for, dry_run=True)
    assert diff.startswith("--- ~/.bashrc\n+++ ~/.bashrc\n@@ ")
    assert "\n+source '/opt/awsx/awsx.bash'\n" in diff
    assert (home / ".bashrc").read_bytes() == b"x\n\xff\n"
    install(["bash"], env, block_for)
    assert install(["bash"], env, block_for, dry_run=True) == []
    (diff,) = uninstall([], env, dry_run=True)
    assert "\n-source '/opt/awsx/awsx.bash'\n" in diff
    assert b"awsx" in (home / ".bashrc").read_bytes()


def test_a_broken_file_is_named_and_no_file_is_touched(env, home):
    (home / ".zshrc").write_bytes(b"x\n# >>> awsx >>>\n")
    with pytest.raises(AwsxError, match=r"^~/\.zshrc:2: "):
        install(["bash", "zsh"], env, block_for)
    assert os.listdir(home) == [".zshrc"]
    assert (home / ".zshrc").read_bytes() == b"x\n# >>> awsx >>>\n"
    with pytest.raises(AwsxError, match=r"^~/\.zshrc:2: "):
        uninstall([], env)


@pytest.mark.parametrize("kind", ["folder", "fifo", "null", "loop"])
def test_what_is_no_file_is_left_alone(env, home, kind):
    rc = home / ".bashrc"
    {
        "folder": rc.mkdir,
        "fifo": lambda: os.mkfifo(rc),
        "null": lambda: rc.symlink_to("/dev/null"),
        "loop": lambda: rc.symlink_to(".bashrc"),
    }[kind]()
    with pytest.raises(AwsxError, match=r"\.bashrc(:| is not a file)"):
        install(["bash"], env, block_for)
    assert os.listdir(home) == [".bashrc"]


@pytest.mark.parametrize("what", ["file", "folder"])
def test_read_only(env, home, what, monkeypatch):
    if os.geteuid() == 0:  # may write everywhere
        monkeypatch.setattr(os, "access", lambda path, _: bool(os.stat(path).st_mode & 0o200))
    (home / ".bashrc").write_bytes(b"x")
    (home / ".bashrc" if what == "file" else home).chmod(0o555)
    with pytest.raises(
        AwsxError, match=r"^cannot write ~/\.(bash|zsh)rc: it.* is read-only; change it"
    ):
        install(["zsh", "bash"], env, block_for)
    assert os.listdir(home) == [".bashrc"]
    assert (home / ".bashrc").read_bytes() == b"x"
    home.chmod(0o755)


def test_a_full_disk_leaves_the_file_and_nothing_beside_it(env, home, monkeypatch):
    (home / ".bashrc").write_bytes(b"x")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "rename", full)
    with pytest.raises(AwsxError, match=r"^cannot write ~/\.bashrc: No space left on device; "):
        install(["bash"], env, block_for)
    assert os.listdir(home) == [".bashrc"]
    assert (home / ".bashrc").read_bytes() == b"x"


def test_a_path_that_is_not_utf_8_arrives_unchanged(env, home):
    install(["bash"], env, lambda _: os.fsdecode(b"source '/opt/\xff'\n"))
    assert b"\nsource '/opt/\xff'\n" in (home / ".bashrc").read_bytes()
