"""What a coding agent may do, and what it is told; the recipes of docs/agents.md."""

import json
import posix
import re
import subprocess
import sys
from pathlib import Path

import pytest

from awsx import term
from awsx.commands import agents
from awsx.files.agent_settings import Agents

ROOT = Path(__file__).parents[2]
START = str(ROOT / "awsx" / "start.py")
PAGE = (ROOT / "docs" / "agents.md").read_text(encoding="utf-8")
KEYS = "aws_access_key_id = AKIAEXAMPLE\naws_secret_access_key = x\nregion = eu-west-1\n"
NAMES = ("pay-prod-admin", "pay-prod-readonly", "web-prod-admin", "dev")
GUARD = '[guard]\nmatch = ["*prod*"]\nconfirm = true\n'
INSTEAD = '[agents]\ninstead = { "*prod*-admin" = "*prod*-readonly" }\n'
SAY = ("--", "sh", "-c", "echo $AWS_PROFILE")


@pytest.fixture
def awsx(environment, home):
    """awsx(*WORDS, settings="", **VARIABLES): the finished process, called by an agent."""
    sections = "".join(f"[profile {name}]\n{KEYS}" for name in NAMES)
    (home / ".aws" / "config").write_text(sections)
    (home / ".config" / "awsx").mkdir(parents=True)

    def run(*words, settings="", **more):
        (home / ".config" / "awsx" / "config.toml").write_text(settings)
        env = {**environment, "AWS_EC2_METADATA_DISABLED": "true", "CLAUDECODE": "1", **more}
        argv = [sys.executable, "-I", "-S", START, *words]
        return subprocess.run(
            argv, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
        )

    return run


@pytest.mark.parametrize("name", term.AGENTS)
def test_each_agent_is_known_by_its_variable(name, monkeypatch):
    monkeypatch.setattr(posix, "environ", {name.encode(): b"1"})
    monkeypatch.setattr(posix, "isatty", lambda _: True)
    assert (term.agent(), term.on_terminal()) == (name, False)
    for nothing in (b"", b"0", b"false"):
        monkeypatch.setattr(posix, "environ", {name.encode(): nothing})
        assert (term.agent(), term.on_terminal()) == ("", True)
    assert f"`{name}" in PAGE


@pytest.mark.parametrize(
    "words",
    [
        ("exec", "pay-prod-admin", "-y", *SAY),
        ("exec", "pay-prod-admin", "dev", "--yes", *SAY),
        ("creds", "pay-prod-admin", "-y"),
        ("console", "pay-prod-admin", "-y", "--print"),
    ],
    ids=" ".join,
)
def test_yes_does_not_pass_the_guard(words, awsx):
    ran = awsx(*words, settings=GUARD)
    assert (ran.returncode, ran.stdout) == (1, "")
    assert "an agent (CLAUDECODE) called this; --yes does not count" in ran.stderr
    ran = awsx(*words, settings=GUARD, CLAUDECODE="")
    assert "an agent" not in ran.stderr


@pytest.mark.parametrize("allow", ['"pay-*"', '["nothing", "PAY-prod-admin"]'])
def test_the_person_allows_a_guarded_profile(allow, awsx):
    ran = awsx("exec", "pay-prod-admin", *SAY, settings=f"{GUARD}[agents]\nallow = {allow}\n")
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "pay-prod-admin\n", "")


def test_exec_takes_the_stand_in_and_says_so(awsx):
    ran = awsx("exec", "pay-prod-admin", *SAY, settings=GUARD + INSTEAD)
    told = "awsx: an agent gets pay-prod-readonly in place of pay-prod-admin ([agents] instead)\n"
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "pay-prod-readonly\n", told)
    ran = awsx("exec", "pay-*", "--include-guarded", "--json-lines", *SAY, settings=INSTEAD)
    assert [json.loads(line)["profile"] for line in ran.stdout.splitlines()] == [
        "pay-prod-readonly"
    ]
    ran = awsx("exec", "pay-prod-admin", *SAY, settings=INSTEAD, CLAUDECODE="")
    assert (ran.stdout, ran.stderr) == ("pay-prod-admin\n", "")
    ran = awsx("exec", "web-prod-admin", *SAY, settings=INSTEAD)
    assert (ran.returncode, ran.stdout) == (1, "")
    assert "web-prod-readonly in place of" in ran.stderr


STAND_INS = [
    ("*prod*-admin", "*prod*-readonly", "a-prod-x-admin", "a-prod-x-readonly"),
    ("prod-admin", "prod-readonly", "prod-admin", "prod-readonly"),
    ("*-admin", "readonly", "x-admin", "readonly"),
    ("*-admin", "*-readonly", "x-reader", ""),
    ("a.*", "b.*", "ab", ""),
]


@pytest.mark.parametrize(("pattern", "other", "name", "found"), STAND_INS)
def test_a_star_stands_for_the_same_on_both_sides(pattern, other, name, found):
    assert Agents({"instead": {pattern: other}}).stand_in(name) == found


ERRORS = [
    (("status", "nosuch", "--json"), "no-such-profile", 1),
    (("exec", "pay-prod-admin", "dev", "-y", "--json", "--", "true"), "guarded", 1),
    (("ls", "--json", "--nonsense"), "usage", 2),
]


@pytest.mark.parametrize(("words", "code", "exit_code"), ERRORS, ids=str)
def test_an_error_is_json_with_a_code(words, code, exit_code, awsx):
    ran = awsx(*words, settings=GUARD)
    error = json.loads(ran.stdout)["error"]
    assert (error["code"], error["exit_code"], ran.returncode) == (code, exit_code, exit_code)
    assert ran.stderr == f"awsx: {error['message']}\n"
    assert f"| `{code}` |" in PAGE
    assert '"error"' not in awsx(*words, settings=GUARD, CLAUDECODE="").stdout


def test_without_a_name_the_profiles_are_printed_and_no_picker_opens(awsx):
    assert awsx().stdout.split() == list(NAMES)


# --- the recipes


def blocks(kind):
    return re.findall(rf"```{kind}\n(.*?)```", PAGE, re.DOTALL)


COMMANDS = [
    *"".join(blocks("sh")).splitlines(),
    *re.findall(r'"(awsx [^"]*)"', PAGE),
    *re.findall(r"`(awsx login [a-z]+-[^`]*)`", PAGE),
]


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_of_the_page_is_one(command, awsx):
    """It may lack a login or a profile, but awsx knows the words."""
    words = command.split()[1:]
    ran = awsx(*words, *([] if words[0] != "login" else ["--timeout", "1"]), PATH="/usr/bin:/bin")
    assert ran.returncode in (0, 1, 3, 127), ran.stderr
    assert "no such option" not in ran.stderr.lower()


def test_the_files_of_the_page_can_be_read(awsx):
    tomllib = pytest.importorskip("tomllib")
    assert len(COMMANDS) > 8
    assert [json.loads(block) for block in blocks("json")]
    settings = blocks("toml")[0]
    assert "agents" in tomllib.loads(settings)
    assert awsx("status", "dev", settings=settings).returncode == 0
    assert tomllib.loads(blocks("toml")[1])


def test_every_code_of_awsx_is_on_the_page():
    kinds = {agents.USAGE, agents.FAILED}
    for path in (ROOT / "awsx").rglob("*.py"):
        kinds |= set(re.findall(r'kind = "([a-z-]+-[a-z]+|unreachable)"', path.read_text()))
        kinds |= set(re.findall(r'AwsxError\([^\n]*kind="([a-z-]+)"', path.read_text()))
    assert kinds == set(re.findall(r"^\| `([a-z-]+)` \|", PAGE, re.MULTILINE))
