"""config.toml: everything optional, everything wrong named with its key and the cure."""

import os
import posix
import re
from pathlib import Path

import pytest

from awsx.files import settings
from awsx.term import AwsxError


@pytest.fixture
def env(home):
    return {"HOME": str(home)}


@pytest.fixture
def write(home):
    def write(text):
        path = home / ".config" / "awsx" / "config.toml"
        path.parent.mkdir(parents=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())

    return write


def values(chosen):
    found = {
        name: getattr(chosen, name)
        for name in settings.Settings.__slots__
        if name not in ("guard", "prompt")
    }
    for name, part in (("guard", chosen.guard), ("prompt", chosen.prompt)):
        found |= {f"{name}.{key}": getattr(part, key) for key in part.__slots__}
    return found


COLOURS = {"profile": "36", "account": "", "account_id": "", "role": "", "region": ""}
COLOURS |= {"good": "32", "soon": "33", "expired": "31", "state": "33"}
DEFAULTS = {
    "accounts": {},
    "auto_login": True,
    "browsers": {},
    "guard.color": "31",
    "guard.confirm": False,
    "guard.leave_after": 0,
    "guard.patterns": [],
    "login_commands": ["aws"],
    "picker_order": "used",
    "picker_preview": True,
    "prefer_own_login": False,
    "prompt.colours": COLOURS,
    "prompt.format": "{profile} {account} {left} {state}",
    "prompt.narrow": "{profile} {left} {state}",
    "prompt.narrow_below": 60,
    "prompt.soon": 1800,
    "switch_on_single_match": False,
}
GOOD = {
    "nothing": ("", {}),
    "a comment": ("# nothing\n", {}),
    "empty tables": ("[picker]\n[login]\n[accounts]\n", {}),
    "picker": (
        '[picker]\nsingle = "switch"\norder = "file"\npreview = false\n',
        {"switch_on_single_match": True, "picker_order": "file", "picker_preview": False},
    ),
    "login": (
        '[login]\nauto = false\nprefer = "own"\n',
        {"auto_login": False, "prefer_own_login": True},
    ),
    "accounts": (
        '[accounts]\n111122223333 = "Production"\n"444455556666" = "größe"\n',
        {"accounts": {"111122223333": "Production", "444455556666": "größe"}},
    ),
    "browsers": (
        '[browser]\ncorp = "firefox -P work"\n',
        {"browsers": {"corp": "firefox -P work"}},
    ),
    "guard": (
        '[guard]\nmatch = ["*prod*", "1111*"]\nconfirm = true\ncolor = "bold red"\nleave_after = "30m"\n',
        {
            "guard.patterns": ["*prod*", "1111*"],
            "guard.confirm": True,
            "guard.color": "1;31",
            "guard.leave_after": 1800,
        },
    ),
    "one pattern": ('[guard]\nmatch = "*prod*"\n', {"guard.patterns": ["*prod*"]}),
    "no pattern": ("[guard]\nmatch = []\n", {}),
    "a colour's number": ("[guard]\ncolor = 208\n", {"guard.color": "38;5;208"}),
    "commands": (
        '[login]\ncommands = ["aws", "terraform", "g++", "_x.y-z"]\n',
        {"login_commands": ["aws", "terraform", "g++", "_x.y-z"]},
    ),
    "prompt": (
        '[prompt]\nformat = "[{account_id}/{role}@{region}] {left}"\nnarrow = "{{}}"\nnarrow_below = 0\nsoon = "2h"\n',
        {
            "prompt.format": "[{account_id}/{role}@{region}] {left}",
            "prompt.narrow": "{{}}",
            "prompt.narrow_below": 0,
            "prompt.soon": 7200,
        },
    ),
    "colours": (
        '[colors]\nprofile = "bold blue"\ngood = ""\nrole = 208\n',
        {"prompt.colours": COLOURS | {"profile": "1;34", "good": "", "role": "38;5;208"}},
    ),
    "no command": ("[login]\ncommands = []\n", {"login_commands": []}),
    "one command": ("[login]\ncommands = 'cdk'\n", {"login_commands": ["cdk"]}),
    "CRLF": ("[login]\r\nauto = false\r\n", {"auto_login": False}),
    "dotted": ("login.auto = false\n", {"auto_login": False}),
}


@pytest.mark.parametrize(("text", "changed"), GOOD.values(), ids=GOOD)
def test_good(text, changed, write, env):
    write(text)
    assert values(settings.load(env)) == {**DEFAULTS, **changed}


def test_the_settings_of_the_readme_are_settings(write, env):
    text = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)
    write(example)
    chosen = values(settings.load(env))
    assert {
        name.partition(".")[0] for name, value in chosen.items() if value != DEFAULTS[name]
    } >= {
        "guard",
        "accounts",
    }
    assert {name.strip("[]") for name in re.findall(r"^\[\w+\]", example, re.MULTILINE)} == set(
        settings.DEFAULTS
    )


def test_no_file(env):
    assert values(settings.load(env)) == DEFAULTS


def test_an_alias_of_an_account(write, env):
    write('[accounts]\n111122223333 = "Production"\n')
    chosen = settings.load(env)
    assert (chosen.account("111122223333"), chosen.account("444455556666")) == (
        "Production",
        "444455556666",
    )


FILE = "~/.config/awsx/config.toml"
BAD = {
    "unknown table": ('[pickr]\nsingle = "switch"\n', f"unknown setting pickr in {FILE}; did you mean picker?"),
    "unknown key": ("[login]\nauot = true\n", f"unknown setting login.auot in {FILE}; did you mean login.auto?"),
    "unknown and like nothing": ("[xyz]\n", f"unknown setting xyz in {FILE}"),
    "top-level key": ("auto = true\n", f"unknown setting auto in {FILE}"),
    "no table": ("login = true\n", f"login in {FILE} must be a table: [login]"),
    "choice": ('[picker]\nsingle = "yes"\n', f'picker.single in {FILE} must be "confirm" or "switch"'),
    "choice of another type": ("[picker]\norder = 1\n", f'picker.order in {FILE} must be "used" or "file"'),
    "choice that is a list": ("[picker]\norder = []\n", f'picker.order in {FILE} must be "used" or "file"'),
    "no truth value": ('[login]\nauto = "yes"\n', f"login.auto in {FILE} must be true or false"),
    "a number is none": ("[login]\nauto = 1\n", f"login.auto in {FILE} must be true or false"),
    "alias": ("[accounts]\n111122223333 = 7\n", f"accounts.111122223333 in {FILE} must be text in quotes"),
    "guard, unknown": (
        "[guard]\nmatches = []\n",
        f"unknown setting guard.matches in {FILE}; did you mean guard.match?",
    ),
    "confirm": ('[guard]\nconfirm = "yes"\n', f"guard.confirm in {FILE} must be true or false"),
    "alias table": ("[accounts.a]\nb = 'c'\n", f"accounts.a in {FILE} must be text in quotes"),
}  # fmt: skip

A_FORMAT = "words with {profile}, {account}, {account_id}, {role}, {region}, {left} or {state}, at most 12 of them"
for value in (
    "1",
    "'{name}'",
    "'{profile'",
    "'profile}'",
    "'{}'",
    "'{profile!r}'",
    "'{left:3}'",
    "'{profile.x}'",
    "'\\u001b'",
):
    for key in ("format", "narrow"):
        BAD[f"{key} = {value}"] = (
            f"[prompt]\n{key} = {value}\n".replace("'\\u001b'", '"\\u001b"'),
            f"prompt.{key} in {FILE} must be {A_FORMAT}",
        )
BAD["13 words"] = (
    f"[prompt]\nformat = '{'{left} ' * 13}'\n",
    f"prompt.format in {FILE} must be {A_FORMAT}",
)
for value in ("'60'", "-1", "1000", "true", "1.5"):
    told = f"prompt.narrow_below in {FILE} must be a number of columns below 1000"
    BAD[f"narrow_below = {value}"] = (f"[prompt]\nnarrow_below = {value}\n", told)
BAD["soon"] = (
    "[prompt]\nsoon = 30\n",
    f'prompt.soon in {FILE} must be "30m", "2h", "90s" or the like, or "" for never',
)
BAD["colors"] = (
    "[colors]\nexpird = 'red'\n",
    f"unknown setting colors.expird in {FILE}; did you mean colors.expired, colors.role, colors.profile?",
)
A_PATTERN = f"guard.match in {FILE} must be a pattern in quotes, or a list of them"
A_COLOUR = (
    f"guard.color in {FILE} must be black, red, green, yellow, blue, magenta, cyan, white, bright-red, "
    '"bold red" or a number from 0 to 255'
)
A_WHILE = f'guard.leave_after in {FILE} must be "30m", "2h", "90s" or the like, or "" for never'
SOME_NAMES = f'login.commands in {FILE} must be a list of names: ["aws", "terraform"]'
for value in ("1", "true", "[1]", '["a", 1]', '[""]', '""', "{ a = 1 }", '[["a"]]'):
    BAD[f"match = {value}"] = (f"[guard]\nmatch = {value}\n", A_PATTERN)
for value in (
    "''",
    "'rde'",
    "'RED'",
    "'bold'",
    "'bold '",
    "'red bold'",
    "'bold bold red'",
    "256",
    "-1",
    "true",
    "['red']",
    "1.5",
    "'1;31'",
    "'\\u001b[31m'",
):
    BAD[f"color = {value}"] = (f"[guard]\ncolor = {value}\n", A_COLOUR)
for value in (
    "30",
    "'30'",
    "'m'",
    "'30 m'",
    "'1h30m'",
    "'-1m'",
    "'0m'",
    "'1.5h'",
    "'1d'",
    "'30M'",
    "'999999h'",
    "'٣m'",
    "true",
):
    BAD[f"leave_after = {value}"] = (f"[guard]\nleave_after = {value}\n", A_WHILE)
for value in (
    "1",
    "[1]",
    "['']",
    "['a b']",
    "['-x']",
    "['$(id)']",
    "['a/b']",
    "['größe']",
    "['a;b']",
    '["a\\nb"]',
):
    BAD[f"commands = {value}"] = (f"[login]\ncommands = {value}\n", SOME_NAMES)


@pytest.mark.parametrize(("text", "message"), BAD.values(), ids=BAD)
def test_bad(text, message, write, env):
    write(text)
    with pytest.raises(AwsxError) as caught:
        settings.load(env)
    assert str(caught.value) == message
    assert caught.value.code == 1


NOT_TOML = {
    "junk": ("junk\n", "line 1"),
    "open": ('[login]\nauto = "\n', "line 2"),
    "twice": ("[login]\nauto = true\nauto = true\n", "line 3"),
    "BOM": ("\ufeff[login]\n", "line 1"),
    "Latin-1": (b"[login]\n# \xfc\n", "position 10"),
    "NUL": ("\0", "line 1"),
}


@pytest.mark.parametrize(("text", "where"), NOT_TOML.values(), ids=NOT_TOML)
def test_not_toml(text, where, write, env):
    write(text)
    with pytest.raises(AwsxError) as caught:
        settings.load(env)
    assert str(caught.value).startswith(f"{FILE} is not TOML: ")
    assert where in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("kind", ["folder", "fifo", "empty"])
def test_what_is_no_file_is_no_settings(kind, home, env):
    path = home / ".config" / "awsx" / "config.toml"
    path.parent.mkdir(parents=True)
    {"folder": path.mkdir, "fifo": lambda: os.mkfifo(path), "empty": path.touch}[kind]()
    assert values(settings.load(env)) == DEFAULTS


def test_unreadable(env, monkeypatch):
    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(posix, "open", refuse)
    with pytest.raises(AwsxError, match=r"config\.toml: Permission denied; check its permissions$"):
        settings.load(env)


COLOURS = {
    "black": "30",
    "red": "31",
    "white": "37",
    "bright-black": "90",
    "bright-white": "97",
    "bold red": "1;31",
    "bold bright-blue": "1;94",
    "bold 208": "1;38;5;208",
    "0": "38;5;0",
    "255": "38;5;255",
    "007": "38;5;7",
    208: "38;5;208",
    0: "38;5;0",
}


@pytest.mark.parametrize(("colour", "digits"), COLOURS.items(), ids=str)
def test_colours(colour, digits):
    assert settings.sgr(colour) == digits


SPANS = {"": 0, "90s": 90, "30m": 1800, "2h": 7200, "1s": 1, "99999h": 99999 * 3600}


@pytest.mark.parametrize(("text", "seconds"), SPANS.items())
def test_spans(text, seconds):
    assert settings.seconds(text) == seconds


def test_every_setting_has_a_default_of_its_type():
    for name, choices in settings.CHOICES.items():
        table, key = name.split(".")
        assert settings.DEFAULTS[table][key] in choices
    for name, (read, _) in settings.READERS.items():
        table, key = name.split(".")
        read(settings.DEFAULTS[table][key])
    assert values(settings.Settings({})) == DEFAULTS
    assert values(settings.Settings(settings.DEFAULTS)) == DEFAULTS
