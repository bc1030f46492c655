"""Pins: the store that the shells read, which pin is in force, and what `awsx pin` says."""

import json
import os

import pytest

from awsx.__main__ import run
from awsx.files import pins
from awsx.files.pins import Pin
from awsx.term import AwsxError

CONFIG = "[profile prod]\nregion = eu-west-1\n[profile 'my dev']\nregion = eu-west-1\n"
ODD = ("/a b", "/a\nb\n", "/100%", "/%0A", "/%25", "/a\x1fb", "/\x1b[31m", "/$(x)'\"*", "/\udcff")


@pytest.fixture
def env(environment, home, monkeypatch):
    """A person with two profiles, who works in ~/work/prod/deep; all of it is their environment."""
    (home / ".aws" / "config").write_text(CONFIG)
    folder = home / "work" / "prod" / "deep"
    folder.mkdir(parents=True)
    monkeypatch.chdir(folder)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("PWD", str(folder))
    return dict(os.environ)


def pin(folder, name="prod", content=""):
    return Pin(str(folder), os.path.realpath(folder), name, content)


def test_what_is_kept_is_read_again_whatever_the_folder_is_called(env):
    wanted = [Pin(folder, f"/real{folder}", "my dev", f"dev{folder}") for folder in ODD]
    for each in wanted:
        pins.put(env, each)
    assert sorted(pins.read(env)) == sorted(wanted)
    for each in wanted[1:]:
        pins.remove(env, each)
    assert pins.read(env) == wanted[:1]


def test_the_file_is_the_persons_own_and_each_change_gives_it_another_stamp(env, home):
    folder = home / ".local" / "state" / "awsx"
    seen = set()
    for name in ("prod", "my dev"):
        pins.put(env, pin("/work", name))
        assert [each.name for each in pins.read(env)] == [name]
        (stamp,) = (path.name for path in folder.glob("pins.*"))
        assert (folder / "pins").read_text().startswith(stamp.removeprefix("pins.") + "\n")
        seen.add(stamp)
    assert len(seen) == 2
    assert (folder.stat().st_mode & 0o777, (folder / "pins").stat().st_mode & 0o777) == (
        0o700,
        0o600,
    )
    pins.remove(env, pin("/work"))
    assert [path.name for path in folder.glob("pins*")] == ["pins"]
    assert (folder / "pins").read_bytes() == b""


def test_a_line_that_is_not_ours_is_left_out(env, home):
    pins.put(env, pin("/work"))
    file = home / ".local" / "state" / "awsx" / "pins"
    whole = file.read_text()
    file.write_text(whole + "nonsense\n" + whole.splitlines()[1].removesuffix("."))
    assert pins.read(env) == [pin("/work")]
    file.chmod(0o666)  # others may have written it
    assert pins.read(env) == []


NEAREST = [
    ("/w/p/d", "/w/p/d", "/w/p"),
    ("/w/p", "/w/p", "/w/p"),
    ("/w/px", "/w/px", "/w"),
    ("/else", "/else", "/"),
    ("/", "/", "/"),
    ("/link/d", "/w/p/d", "/link"),  # as the shell shows it comes first
    ("/other/d", "/w/p/d", "/"),
]


@pytest.mark.parametrize(("folder", "real", "wanted"), NEAREST)
def test_the_nearest_pin_is_in_force(folder, real, wanted):
    known = [Pin(at, at, "prod") for at in ("/w", "/", "/w/p", "/link")]
    assert pins.nearest(known, folder, real).folder == wanted


def test_a_pin_holds_under_the_real_path_too():
    known = [Pin("/home/me/w", "/data/w", "prod")]
    assert pins.nearest(known, "/data/w/d", "/data/w/d") == known[0]
    assert pins.nearest(known, "/link", "/data/w/d") == known[0]
    assert pins.nearest(known, "/data", "/data") is None


def test_a_file_that_has_changed_chooses_nothing(home):
    outer, inner = pin(home), pin(home / ".aws", "my dev", "my dev")
    file = home / ".aws" / ".awsx"
    for text, wanted in (
        ("my dev\n\n", inner),
        ("my dev", inner),
        ("prod\n", outer),
        ("x" * 2000, outer),
        ("", outer),
        (None, outer),
    ):
        file.unlink() if text is None else file.write_text(text)
        assert pins.nearest([outer, inner], *[str(home / ".aws" / "sso")] * 2) == wanted, text


@pytest.mark.parametrize("text", ["", "\n", "a\nb", "a\x1b[31m", "a\x1fb", "\ufeffprod"])
def test_a_file_that_holds_no_name_cannot_be_trusted(text):
    assert pins.name_in(" prod\r\n", "f") == "prod"
    with pytest.raises(AwsxError, match=r"~/\.awsx does not hold the name of one profile"):
        pins.name_in(text, "~/.awsx")


def told(capsys, *argv):
    """The exit code, and what is printed."""
    code = run(["pin", *argv])
    answer = capsys.readouterr()
    return code, (answer.out + answer.err).removesuffix("\n")


def test_the_verb_tells_makes_and_forgets(env, home, capsys, monkeypatch):
    assert told(capsys) == (1, "awsx: no pin here; make one: awsx pin NAME")
    assert told(capsys, "prdo") == (1, "awsx: no profile prdo; did you mean prod?")
    assert told(capsys, "prod") == (
        0,
        "awsx: ~/work/prod/deep and all below it use prod from now on",
    )
    assert told(capsys) == (0, "prod  the pin of ~/work/prod/deep")
    assert json.loads(told(capsys, "--json")[1]) == {
        "profile": "prod",
        "folder": str(home / "work/prod/deep"),
        "file": None,
    }
    assert told(capsys, "--remove") == (0, "awsx: ~/work/prod/deep is no longer pinned to prod")
    assert told(capsys, "--remove") == (1, "awsx: no pin on ~/work/prod/deep")
    pins.put(env, pin(home / "work", "gone"))
    gone = "~/work is pinned to gone, which is no profile, so the pin changes nothing"
    assert told(capsys) == (0, f"gone  the pin of ~/work\nawsx: {gone}")
    assert told(capsys, "--remove")[1].endswith(
        "that of ~/work; to drop it: awsx pin --remove ~/work"
    )
    assert told(capsys, "--remove", "../..") == (0, "awsx: ~/work is no longer pinned to gone")
    for argv in (["--trust", "prod"], ["--trust", "--remove"]):
        assert told(capsys, *argv)[0] == 2
    monkeypatch.setenv("AWS_PROFILE", "mine")
    monkeypatch.setenv("AWSX_ORIGIN", "hand")
    assert "AWS_PROFILE=mine was not set by awsx and stays" in told(capsys, "prod")[1]


def test_the_verb_trusts_a_file_above(env, home, capsys):
    assert told(capsys, "--trust")[0] == 1
    file = home / "work" / ".awsx"
    file.write_text("my dev\n")
    untrusted = "~/work/.awsx names my dev, and is not trusted; read it, then: awsx pin --trust"
    assert told(capsys) == (1, f"awsx: {untrusted}")
    trusted = "~/work/.awsx is trusted as it is: ~/work and all below it use my dev"
    assert told(capsys, "--trust") == (0, f"awsx: {trusted}")
    assert told(capsys) == (0, "my dev  the pin of ~/work/.awsx")
    assert json.loads(told(capsys, "--json")[1])["file"] == str(file)
    file.write_text("gone\n")
    changed = "~/work/.awsx has changed since you trusted it; read it, then: awsx pin --trust"
    assert told(capsys) == (1, f"awsx: {changed}")
    assert told(capsys, "--trust") == (1, "awsx: no profile gone; all of them: awsx ls")
    pins.put(env, pin(home / "work" / "prod"))  # nearer than the file: nothing to say of it
    assert told(capsys) == (0, "prod  the pin of ~/work/prod")


def test_a_folder_that_is_gone_or_a_state_that_cannot_be_written_is_one_line(env, home, capsys):
    os.rmdir(home / "work/prod/deep")
    assert told(capsys, "prod") == (1, "awsx: this folder is gone; cd to another one")
    os.chdir(home)
    (home / ".local" / "state").mkdir(parents=True, exist_ok=True)
    (home / ".local" / "state" / "awsx").write_text("a file")
    code, text = told(capsys, "prod")
    assert (code, text.count("\n")) == (1, 0)
    assert text.startswith("awsx: cannot write ~/.local/state/awsx/pins: ")
