"""config.toml: every setting is optional, each mistake is named with its line and a remedy."""

import os
import posix
import re
from pathlib import Path

import pytest

from awsx.files import settings, toml
from awsx.finding import FindingError
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
        if name not in ("agents", "console", "guard", "prompt")
    }
    for name in ("agents", "console", "guard", "prompt"):
        part = getattr(chosen, name)
        found |= {f"{name}.{key}": getattr(part, key) for key in part.__slots__}
    return found


COLOURS = {"profile": "36", "account": "", "account_id": "", "role": "", "region": ""}
COLOURS |= {"good": "32", "soon": "33", "expired": "31", "state": "33"}
DEFAULTS = {
    "accounts": {},
    "agents._instead": {},
    "agents.allow": [],
    "auto_login": True,
    "browsers": {},
    "console.accounts": {},
    "console.browser": "",
    "console.duration": 0,
    "console.guarded": "",
    "console.profiles": {},
    "console.sessions": {},
    "ecr": {},
    "exports_region": False,
    "guard.color": "7",
    "guard.confirm": False,
    "guard.leave_after": 0,
    "guard.patterns": [],
    "login_commands": ["aws"],
    "login_port": 0,
    "mfa_commands": {},
    "picker_order": "used",
    "picker_preview": True,
    "populate": settings.DEFAULTS["populate"],
    "prefer_own_login": False,
    "profiles": {},
    "prompt.colours": COLOURS,
    "prompt.format": "{profile} {account} {left} {state}",
    "prompt.narrow": "{profile} {left} {state}",
    "prompt.narrow_below": 60,
    "prompt.shows_default": False,
    "prompt.soon": 1800,
    "regions": {},
    "switch_on_single_match": False,
    "tags": {},
}
GOOD = {
    "nothing": ("", {}),
    "agents": (
        '[agents]\nallow = "a*"\ninstead = { "*-admin" = "*-ro" }\n',
        {"agents.allow": ["a*"], "agents._instead": {"*-admin": "*-ro"}},
    ),
    "a switch": ("[switch]\nexport_region = true\n", {"exports_region": True}),
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
    "ecr": ("[ecr]\n111122223333 = 'ro'\n", {"ecr": {"111122223333": "ro"}}),
    "accounts": (
        '[accounts]\n111122223333 = "Production"\n"444455556666" = "größe"\n',
        {"accounts": {"111122223333": "Production", "444455556666": "größe"}},
    ),
    "accounts with tags": (
        '[accounts]\n111122223333 = { name = "web", tags = ["pci", "eu"] }\n4 = { tags = "x" }\n'
        "[accounts.5]\nname = 'table'\ntags = []\n[team.accounts]\n4 = 'four'\n"
        "6 = { name = 'six', tags = ['dev'] }\n",
        {
            "accounts": {"111122223333": "web", "5": "table", "6": "six"},
            "tags": {"111122223333": ["pci", "eu"], "4": ["x"], "6": ["dev"]},
        },
    ),
    "aliases": ("[profiles]\nprod = '$(p) x'\n", {"profiles": {"prod": "$(p) x"}}),
    "short regions": (
        "[regions]\neu-west-1 = 'ire'\nuse1 = 'us-east-1'\nmars = 'm'\n",
        {"regions": {"eu-west-1": "ire", "us-east-1": "use1", "mars": "m"}},
    ),
    "mfa": (
        '[mfa]\ncommand = "code"\n"arn:aws:iam::111122223333:mfa/a" = "other"\n',
        {"mfa_commands": {"command": "code", "arn:aws:iam::111122223333:mfa/a": "other"}},
    ),
    "browsers": (
        '[browser]\ncorp = "firefox -P work"\n',
        {"browsers": {"corp": "firefox -P work"}},
    ),
    "guard": (
        '[guard]\nmatch = ["*prod*", "1111*"]\nconfirm = true\n'
        'color = "bold red"\nleave_after = "30m"\n',
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
        '[prompt]\nformat = "[{account_id}/{role}@{region}] {left}"\nnarrow = "{{}}"\n'
        'narrow_below = 0\nsoon = "2h"\n',
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
    "a port": ("[login]\nport = 8080\n", {"login_port": 8080}),
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
    example = "".join(re.findall(r"```toml\n(.*?)```", text, re.DOTALL))
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


def wrong(name, wanted, line=2):
    return f"{FILE}:{line}: {name} has a wrong value; use {wanted}"


# text of the file -> the message
BAD = {
    "unknown table": (
        '[pickr]\nsingle = "switch"\n',
        f"{FILE}:1: unknown setting pickr; did you mean picker?",
    ),
    "unknown key": (
        "[login]\nauot = true\n",
        f"{FILE}:2: unknown setting login.auot; did you mean login.auto, login.port?",
    ),
    "unknown and like nothing": ("\n[xyz]\n", f"{FILE}:2: unknown setting xyz; remove it"),
    "top-level key": ("auto = true\n", f"{FILE}:1: unknown setting auto; remove it"),
    "no table": ("login = true\n", wrong("login", "a table: [login]", 1)),
    "choice": ('[picker]\nsingle = "yes"\n', wrong("picker.single", '"confirm" or "switch"')),
    "choice of another type": (
        "[picker]\norder = 1\n",
        wrong("picker.order", '"used" or "file"'),
    ),
    "choice that is a list": (
        "[picker]\norder = []\n",
        wrong("picker.order", '"used" or "file"'),
    ),
    "text for true or false": ('[login]\nauto = "yes"\n', wrong("login.auto", "true or false")),
    "number for true or false": ("[login]\nauto = 1\n", wrong("login.auto", "true or false")),
    "alias": (
        "[accounts]\n111122223333 = 7\n",
        wrong("accounts.111122223333", "text in quotes"),
    ),
    **{
        f"account = {value}": (
            f"[accounts]\n111122223333 = {value}\n",
            wrong("accounts.111122223333", '{ name = "payments", tags = ["prod", "pci"] }'),
        )
        for value in ("{ name = 1 }", "{ tags = [1] }", "{ tags = 1 }", "{ name = 'x', tag = [] }")
    },
    **{
        f"alias = {value}": (
            f"[profiles]\nprod = {value}\n",
            wrong("profiles.prod", "a word in quotes"),
        )
        for value in ("1", "''", '"a\\tb"', '"\\u001b[31m"', "['p']", '"\\u202e"')
    },
    **{
        f"region = {value}": (
            f"[regions]\na-b-1 = {value}\n",
            wrong("regions.a-b-1", "a word in quotes"),
        )
        for value in ("1", "''", "'a b'", "'a=b'", '"\\u001e"')
    },
    "guard, unknown": (
        "[guard]\nmatches = []\n",
        f"{FILE}:2: unknown setting guard.matches; did you mean guard.match?",
    ),
    "confirm": ('[guard]\nconfirm = "yes"\n', wrong("guard.confirm", "true or false")),
    "mfa typo": (
        '[mfa]\ncomand = "x"\n',
        f"{FILE}:2: unknown setting mfa.comand; did you mean mfa.command?",
    ),
    "alias table": ("[accounts.a]\nb = 'c'\n", wrong("accounts.a", "text in quotes", 1)),
}

A_FORMAT = (
    "words with {profile}, {account}, {account_id}, {role}, {region}, {left} or {state}, "
    "at most 12 of them"
)
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
            wrong(f"prompt.{key}", A_FORMAT),
        )
BAD["13 words"] = (
    f"[prompt]\nformat = '{'{left} ' * 13}'\n",
    wrong("prompt.format", A_FORMAT),
)
for value in ("'8080'", "-1", "65536", "true", "1.5"):
    told = wrong("login.port", "a port from 1 to 65535, or 0 for any")
    BAD[f"port = {value}"] = (f"[login]\nport = {value}\n", told)
for value in ("'60'", "-1", "1000", "true", "1.5"):
    told = wrong("prompt.narrow_below", "a number of columns below 1000")
    BAD[f"narrow_below = {value}"] = (f"[prompt]\nnarrow_below = {value}\n", told)
BAD["soon"] = (
    "[prompt]\nsoon = 30\n",
    wrong("prompt.soon", '"30m", "2h", "90s" or the like, or "" for never'),
)
BAD["colors"] = (
    "[colors]\nexpird = 'red'\n",
    f"{FILE}:2: unknown setting colors.expird; "
    "did you mean colors.expired, colors.role, colors.profile?",
)
A_PATTERN = wrong("guard.match", "a pattern in quotes, or a list of them")
A_COLOUR = wrong(
    "guard.color",
    "black, red, green, yellow, blue, magenta, cyan, white, bright-red or a number from 0 to 255, "
    'alone or as in "bold red", "white on red"; or "reverse", "underline"',
)
A_WHILE = wrong("guard.leave_after", '"30m", "2h", "90s" or the like, or "" for never')
SOME_NAMES = wrong("login.commands", 'a list of names: ["aws", "terraform"]')
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
    "'reverse reverse'",
    "'on'",
    "'on '",
    "'red on'",
    "'red on blue on green'",
    "'on bold red'",
    "'white  on red'",
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


# text of the file -> the line that is wrong
NOT_TOML = {
    "junk": ("junk\n", 1),
    "open quote": ('[login]\nauto = "\n', 2),
    "twice": ("[login]\nauto = true\nauto = true\n", 3),
    "open list at the end": ("\n[guard]\nmatch = [", 3),
    "BOM": ("\ufeff[login]\n", 1),
    "NUL": ("\0", 1),
}


@pytest.mark.parametrize(("text", "line"), NOT_TOML.values(), ids=NOT_TOML)
def test_what_is_not_toml_is_named_with_its_line(text, line, write, env):
    write(text)
    with pytest.raises(FindingError) as caught:
        settings.load(env)
    assert str(caught.value).startswith(f"{FILE}:{line}: this is not TOML: ")
    assert str(caught.value).endswith("; correct the line or remove it")
    assert "(at " not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_what_is_not_utf8_is_named_with_its_line(write, env):
    write(b"[login]\n# \xfc\n")
    with pytest.raises(FindingError) as caught:
        settings.load(env)
    assert str(caught.value) == f"{FILE}:2: this is not UTF-8; save the file as UTF-8"


def test_a_number_with_too_many_digits_is_a_finding(write, env):
    """Python refuses to read it, and does not say where it is."""
    write(f"[prompt]\nnarrow_below = {'9' * 5000}\n")
    with pytest.raises(FindingError, match=rf"^{FILE}: this is not TOML: "):
        settings.load(env)


def test_every_mistake_is_a_finding():
    text = "[login]\nauto = 1\n\n[guard]\nmatches = []\nconfirm = 2\n[xyz]\n"
    found = toml.parse(text.encode(), FILE, "bad-settings")
    mistakes = list(settings.mistakes(found, text, FILE))
    assert [one.place for one in mistakes] == [f"{FILE}:{line}" for line in (2, 5, 6, 7)]
    assert {(one.code, one.severity) for one in mistakes} == {("bad-settings", "error")}
    assert mistakes[0].text == "login.auto has a wrong value"
    assert mistakes[0].remedy == "use true or false"


# text -> the line where login.auto is set
LINES = {
    "in its table": ("[picker]\nauto = 1\n[login]\n\nauto = 1\n", 5),
    "table with blanks and a comment": ("[ login ]  # auto = 1\nauto = 1\n", 2),
    "key in quotes": ("[login]\n'auto' = 1\n", 2),
    "after a comment": ("[login]\n# auto = 1\nauto=1\n", 3),
    "key that begins alike": ("[login]\nautomatic = 1\nauto = 1\n", 3),
    "dotted": ("login . auto = 1\n", 1),
    "a table inside": ("[login.auto]\nx = 1\n", 1),
    "array of tables": ("[[login.auto]]\nx = 1\n", 1),
    "inline table": ("\nlogin = { auto = 1 }\n", 2),
    "CRLF": ("[login]\r\nauto = 1\r\n", 2),
    "spelled with an escape": ('[login]\n"\\u0061uto" = 1\n', 1),
    "nowhere": ("[picker]\nsingle = 1\n", 0),
}


@pytest.mark.parametrize(("text", "line"), LINES.values(), ids=LINES)
def test_line_of_a_setting(text, line):
    assert toml.line_of("login.auto", text) == line


def test_line_of_a_list_is_the_one_on_which_it_begins():
    text = "[guard]\nmatch = [\n  1,\n  2,\n]\ncolor = 'rde'\n"
    assert toml.line_of("guard.match", text) == 2
    assert toml.line_of("guard.color", text) == 6


@pytest.mark.parametrize("kind", ["folder", "fifo", "empty"])
def test_a_path_that_is_no_file_gives_the_defaults(kind, home, env):
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
    "reverse": "7",
    "underline": "4",
    "bold reverse": "1;7",
    "reverse cyan": "7;36",
    "on red": "41",
    "white on red": "37;41",
    "bold bright-white on 52": "1;97;48;5;52",
    "black on bright-yellow": "30;103",
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
