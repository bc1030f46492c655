"""argv, parsed to a value; None leaves it to typer: help, the other verbs, and wrong usage."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from awsx.__main__ import VERBS
from awsx.argv import parse


def call(verb, name="", region="", may_login=True, command=(), sure=False):
    return (verb, name, region, may_login, list(command), sure)


def parsed(argv):
    found = parse(list(argv))
    return found and (
        found.verb,
        found.name,
        found.region,
        found.may_login,
        found.command,
        found.is_sure,
    )


HOT = [
    ("", call("pick")),
    ("-r eu", call("pick", region="eu")),
    ("--no-login --region=eu", call("pick", region="eu", may_login=False)),
    ("--version", call("--version")),
    ("help", call("help")),
    ("current --json", call("current")),
    ("current --short", call("current")),
    ("-h", call("help")),
    ("--help", call("help")),
    ("--refresh", call("--refresh")),
    ("--refresh x", call("--refresh", name="x")),
    ("--preview 70726f64", call("--preview", "70726f64")),
    ("--ensure prod", call("--ensure", "prod")),
    ("--ensure prod s3", call("--ensure", "prod", command=["s3"])),
    ("--ensure prod s3 ls", None),
    ("--ensure --all", call("--ensure", "--all")),
    ("prod", call("use", "prod")),
    ("use prod", call("use", "prod")),
    ("use use", call("use", "use")),
    ("use ls", call("use", "ls")),
    ("use off", call("use", "off")),
    ("prod -r eu", call("use", "prod", "eu")),
    ("prod --region eu", call("use", "prod", "eu")),
    ("prod --region=eu", call("use", "prod", "eu")),
    ("prod --region=a=b", call("use", "prod", "a=b")),
    ("prod --no-login", call("use", "prod", may_login=False)),
    ("prod -r a -r b", call("use", "prod", "b")),
    ("prod -r --no-login", call("use", "prod", "--no-login")),
    ("prod --yes", call("use", "prod", sure=True)),
    ("prod -y", call("use", "prod", sure=True)),
    ("-y prod", call("use", "prod", sure=True)),
    ("use -y prod --no-login", call("use", "prod", may_login=False, sure=True)),
    ("-y", call("pick", sure=True)),
    ("--yes -r eu", call("pick", region="eu", sure=True)),
    ("- -y", call("back", "-", sure=True)),
    ("-y -", call("back", "-", sure=True)),
    ("-- -y", call("use", "-y")),
    ("-- -y -y", call("use", "-y", sure=True)),
    ("use -r eu prod", call("use", "prod", "eu")),
    ("use --no-login --region=eu prod", call("use", "prod", "eu", may_login=False)),
    ("use -r eu prod --no-login", call("use", "prod", "eu", may_login=False)),
    ("-- prod", call("use", "prod")),
    ("-- -x", call("use", "-x")),
    ("-- --help", call("use", "--help")),
    ("-- -", call("use", "-")),
    ("-- --", call("use", "--")),
    ("-- ls", call("use", "ls")),
    ("-- -x -r eu", call("use", "-x", "eu")),
    ("use -- -x --no-login", call("use", "-x", may_login=False)),
    ("=ls", call("use", "=ls")),
    ("1111 2222 3333", call("use", "1111 2222 3333")),
    ("use 1111 2222 3333 -y", call("use", "1111 2222 3333", sure=True)),
    ("exec 1111 2222 3333 -- a", call("exec", "1111 2222 3333", command=["a"])),
    ("-", call("back", "-")),
    ("- -r eu", call("back", "-", "eu")),
    ("use -", call("back", "-")),
    ("- --no-login", call("back", "-", may_login=False)),
    ("off", call("off")),
    ("region", call("region")),
    ("region us-east-1", call("region", region="us-east-1")),
    ("region euw1", call("region", region="euw1")),
    ("region -", call("region", region="-")),
    ("use region", call("use", "region")),
    ("current", call("current")),
    ("exec prod", call("exec", "prod")),
    ("exec -r eu prod -y", call("exec", "prod", "eu", sure=True)),
    ("exec prod -- true", call("exec", "prod", command=["true"])),
    (
        "exec prod -- a -r b --no-login -- c",
        call("exec", "prod", command=["a", "-r", "b", "--no-login", "--", "c"]),
    ),
    ("exec prod -r eu -- a", call("exec", "prod", "eu", command=["a"])),
    ("exec -r eu prod --no-login -- a", call("exec", "prod", "eu", False, ["a"])),
    ("exec prod -y -- a -y", call("exec", "prod", command=["a", "-y"], sure=True)),
    ("exec --yes prod -- a", call("exec", "prod", command=["a"], sure=True)),
    ("exec prod -- --yes", call("exec", "prod", command=["--yes"])),
    ("exec ls -- a", call("exec", "ls", command=["a"])),
    ("exec exec -- exec", call("exec", "exec", command=["exec"])),
    ("exec -- -x -- a", call("exec", "-x", command=["a"])),
    ("exec -- -x -r eu -- a -- b", call("exec", "-x", "eu", command=["a", "--", "b"])),
    ("exec -- - -- a", call("exec", "-", command=["a"])),
    ("exec prod -- --help", call("exec", "prod", command=["--help"])),
]


@pytest.mark.parametrize(("words", "expected"), HOT, ids=[words for words, _ in HOT])
def test_a_hot_verb_is_parsed_to_a_value(words, expected):
    assert parsed(words.split()) == expected


LISTS = [
    ("ls", "", ""),
    ("ls prod", "prod", ""),
    ("ls --names", "", "--names"),
    ("ls --json prod", "prod", "--json"),
    ("ls prod --names", "prod", "--names"),
]


@pytest.mark.parametrize(("words", "query", "form"), LISTS, ids=[words for words, _, _ in LISTS])
def test_ls_is_parsed_with_its_query_and_form(words, query, form):
    found = parse(words.split())
    assert (found.verb, found.name, found.form) == ("ls", query, form)


CREDS = [
    ("creds", ("", "", 0, None, True)),
    ("creds a=b", ("a=b", "", 0, None, True)),
    ("creds prod --format process", ("prod", "process", 0, None, True)),
    ("creds --format=process prod", ("prod", "process", 0, None, True)),
    ("creds prod --duration 900 --no-login", ("prod", "", 900, None, False)),
    ("creds prod --expires-within 0", ("prod", "", 0, 0, True)),
    ("creds --expires-within=60 --duration=3600", ("", "", 3600, 60, True)),
    ("creds prod dev", None),
    ("creds prod --format", None),
    ("creds prod --format=", None),
    ("creds prod --duration x", None),
    ("creds prod --duration 0", None),
    ("creds prod --duration -1", None),
    ("creds prod --no-login=1", None),
    ("creds prod -x", None),
    ("creds -- prod", None),
    ("creds --help", None),
]


@pytest.mark.parametrize(("words", "expected"), CREDS, ids=[words for words, _ in CREDS])
def test_creds_is_parsed_with_its_format_and_times(words, expected):
    found = parse(words.split())
    assert expected == (
        found and (found.name, found.form, found.duration, found.expires_within, found.may_login)
    )


@pytest.mark.parametrize(
    ("words", "gives"),
    [
        ("exec --creds prod -- a", "--creds"),
        ("exec prod --creds -- a", "--creds"),
        ("exec prod -y --creds -- a", "--creds"),
        ("exec prod -- a", ""),
    ],
)
def test_exec_may_give_keys(words, gives):
    found = parse(words.split())
    assert (found.verb, found.name, found.gives, found.command) == ("exec", "prod", gives, ["a"])


def test_a_word_behind_the_dashes_is_the_commands_own():
    assert parse(["exec", "prod", "--", "a", "--creds"]).gives == ""
    assert parse(["exec", "--", "--creds", "--", "a"]).name == "--creds"
    assert parse(["prod", "--creds"]) is None


NAMES = [
    "a b",
    "$(touch x)",
    "`x`",
    "%n",
    "\\[",
    "\x1b[31m",
    "größe",
    "x" * 300,
    "a/b",
    "it's",
    "a\nb",
    "*",
    "=ls",
]


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_a_name_stays_one_word(name):
    assert parsed([name]) == parsed(["use", name]) == parsed(["--", name]) == call("use", name)
    assert parsed(["exec", name, "--", name, ""]) == call("exec", name, command=[name, ""])


@pytest.mark.parametrize("name", ["", "-", "--", "-x", "--help", "--region=x"])
def test_any_name_can_be_given_after_two_dashes(name):
    assert parsed(["use", "--", name]) == call("use", name)
    assert parsed(["exec", "--", name, "--", "a"]) == call("exec", name, command=["a"])


TYPER = """
--versio
--version x
--refresh x y
--preview
--preview a b
-x
--
use
use -h
use --help
use -r
use prod dev
prod dev
prod -h
prod --help
prod -x
prod -r
prod --region
prod --region=
prod --no-login=1
prod --yes=1
prod -yy
-y ls
off -y
region -y
current --yes
exec -y -- a
- dev
use -- prod dev
off x
off -h
region -h
region --help
region --
region -- us-east-1
region -r us-east-1
region us-east-1 x
region - x
region x -
current x
current -h
exec
exec prod true
exec prod --
exec -- prod
exec -- prod --
exec -- -- a
exec --
exec --help
exec prod -x -- a
exec - -- a
exec prod dev -- a
exec -r eu -- a
ls -h
ls a b
ls --names --json
ls --name
ls -- a
ls -
login
login prod
init zsh
install
uninstall
""".strip().splitlines()


@pytest.mark.parametrize("words", TYPER)
def test_everything_else_is_left_to_typer(words):
    assert parsed(words.split()) is None


@pytest.mark.parametrize(
    "argv",
    [
        ["prod", "-r", ""],
        ["-r", ""],
        ["use", "-r", "", "prod"],
        ["exec", "p", "-r", "", "--", "a"],
        ["region", ""],
    ],
)
def test_an_empty_region_is_wrong_usage(argv):
    assert parsed(argv) is None


words = st.sampled_from(
    [
        *sorted(VERBS),
        "-",
        "--",
        "-r",
        "--region",
        "--region=eu",
        "--no-login",
        "-y",
        "--yes",
        "-h",
        "prod",
        "",
        "x y",
    ]
)


@given(st.lists(words | st.text(), max_size=7))
def test_any_argv_is_parsed_without_an_error(argv):
    before = list(argv)
    found = parse(argv)
    assert argv == before
    if found and found.verb == "exec" and found.command:  # without one it opens a shell
        assert argv[-len(found.command) :] == found.command
        assert argv[-len(found.command) - 1] == "--"
    elif found and found.verb == "exec":
        assert "--" not in argv
    if found and found.verb in ("use", "exec", "back"):
        # An account may be three words: 1111 2222 3333.
        three = [" ".join(argv[at : at + 3]) for at in range(len(argv))]
        assert found.name in [*argv, *three]


@pytest.mark.parametrize(
    "words", ["prod {}", "{} prod", "use prod {}", "exec prod {} -- true", "{}"]
)
@pytest.mark.parametrize(
    ("option", "by"),
    [
        ("--device-code", ("--device-code",)),
        ("--use-device-code", ("--device-code",)),
        ("--no-browser", ("--no-browser",)),
        ("--no-browser --device-code", ("--no-browser", "--device-code")),
        ("-y", ()),
    ],
)
def test_how_to_log_in(words, option, by):
    assert parse(words.format(option).split()).login_by == by
