"""`awsx settings`: each value with its source, and the file in an editor."""

import json

import pytest
from drawn import CORE, Drawn

from awsx.commands import settings as verb
from awsx.files.settings import DEFAULTS
from awsx.term import AwsxError

TEXT = '[guard]\nmatch = ["*prod*"]\nconfirm = true\n[accounts]\n111122223333 = "money"\n'
PLACE = "~/.config/awsx/config.toml"


@pytest.fixture
def env(home):
    folder = home / ".config" / "awsx"
    folder.mkdir(parents=True)
    (folder / "config.toml").write_text(TEXT)
    return {"HOME": str(home)}


def test_each_value_has_its_source(env, capfd):
    verb.show(env)
    lines = {line.split()[0]: line for line in capfd.readouterr().out.splitlines()}
    assert lines["guard.confirm"].split() == ["guard.confirm", "true", f"{PLACE}:3"]
    assert lines["accounts.111122223333"].split()[1:] == ['"money"', f"{PLACE}:5"]
    assert lines["login.auto"].split() == ["login.auto", "true", "default"]
    assert {f"{table}.{key}" for table in DEFAULTS for key in DEFAULTS[table]} <= set(lines)


@pytest.mark.parametrize("columns", [60, 80, 200])
def test_no_line_runs_out_of_the_screen(columns, env, environment):
    with Drawn([*CORE, "settings"], {**environment, **env}, columns, 100) as drawn:
        assert drawn.wait_end() == 0
    assert not drawn.display.wrapped
    confirm = next(n for n, line in enumerate(drawn.lines()) if line.startswith("guard.confirm"))
    assert drawn.lines()[confirm].split()[:2] == ["guard.confirm", "true"]
    assert PLACE in drawn.lines()[confirm]
    assert "\x1b[2mguard.confirm" in drawn.raw


def test_json(env, capfd):
    verb.show(env, as_json=True)
    found = {each["name"]: each for each in json.loads(capfd.readouterr().out)}
    assert found["guard.match"] == {
        "name": "guard.match",
        "value": ["*prod*"],
        "source": f"{PLACE}:2",
    }


def test_a_mistake_is_told_beside_the_values(env, home, capfd):
    (home / ".config" / "awsx" / "config.toml").write_text("[guard]\nmach = 1\n")
    verb.show(env)
    ran = capfd.readouterr()
    assert ran.err.startswith(f"awsx: {PLACE}:2: unknown setting guard.mach; did you mean guard.m")
    assert "guard.confirm" in ran.out


@pytest.mark.parametrize("variable", ["EDITOR", "VISUAL"])
def test_edit_opens_the_file_and_tells_its_mistakes(env, home, capfd, variable):
    editor = home / "my editor"
    editor.write_text(f"#!/bin/sh\necho '[guard]\nmach = 1' >$2; echo $1 >{home}/option\n")
    editor.chmod(0o755)
    verb.edit({**env, "EDITOR": "false", variable: f"'{editor}' --wait"})
    assert capfd.readouterr().err.startswith(f"awsx: {PLACE}:2: unknown setting guard.mach")
    assert (home / "option").read_text() == "--wait\n"


def test_no_editor_is_one_line(env):
    with pytest.raises(AwsxError, match="no editor could be started"):
        verb.edit({**env, "EDITOR": "/gone/editor"})


def test_edit_of_sound_settings_says_so(env, capfd):
    verb.edit({**env, "EDITOR": "true"})
    assert capfd.readouterr().err == f"awsx: {PLACE}: no mistakes\n"
