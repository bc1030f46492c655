"""Every command has help with an example; wrong usage is one line on stderr, with exit code 2."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from drawn import CORE, Drawn

from awsx import __version__
from awsx.__main__ import VERBS, run
from awsx.cli import run as cli
from awsx.commands import help as helping
from awsx.commands.region import NONE
from awsx.term import AwsxError

START = str(Path(__file__).parents[2] / "awsx" / "start.py")
COMMANDS = sorted(
    command.name or command.callback.__name__ for command in cli.app.registered_commands
)


@pytest.fixture
def quiet(monkeypatch, environment):
    """Let run(argv) leave SIGINT's handler alone and see the environment of the test."""
    monkeypatch.setattr("_signal.signal", lambda *_: None)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)


def test_verbs_lists_every_command():
    assert sorted(VERBS) == COMMANDS


@pytest.mark.parametrize("flag", ["-h", "--help"])
@pytest.mark.parametrize("command", COMMANDS)
def test_help_has_an_example_with_its_answer(command, flag, quiet, capsys):
    assert run([command, flag]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert (
        out.splitlines()[0].startswith(f"Usage: awsx {command} ") or f"Usage: awsx {command}" in out
    )
    assert "Example: " in out
    example, answer = out.partition("Example: ")[2].splitlines()[:2]
    assert f"awsx {command}" in example
    assert answer.strip() and "awsx demo" not in answer
    assert max(map(len, out.splitlines())) <= 100
    assert "\x1b" not in out


@pytest.mark.parametrize("flag", ["-h", "--help"])
def test_help_names_every_command(flag, quiet, capsys):
    assert run([flag]) == 0
    out = capsys.readouterr().out
    for command in COMMANDS:
        assert f"awsx {command}" in out
    for usage in ("awsx NAME", "awsx -", "-r, --region", "--short", "--version", "config.toml"):
        assert usage in out
    assert out.splitlines()[3].strip().startswith("awsx NAME")


@pytest.mark.parametrize("argv", [["-h"], ["help"], *([command, "-h"] for command in COMMANDS)])
def test_help_fits_a_small_screen_and_shows_nothing_of_the_parser(argv, environment):
    """A prompt stands below it."""
    with Drawn([*CORE, *argv], environment, 80, 60) as drawn:
        assert drawn.wait_end() == 0
    lines = drawn.lines()
    rows = max(n for n, line in enumerate(lines, 1) if line)
    assert rows <= (33 if argv[-1] == "help" or len(argv) == 1 else 23)
    text = "\n".join(lines)
    assert not re.search(r"<(str|list|int)|[{}]|\[\[|\]\]|x[<>]=|\[default", text)
    assert not drawn.display.wrapped


def test_a_narrow_screen_breaks_no_word_of_the_help(environment):
    drawn = {}
    for columns in (60, 80):
        with Drawn([*CORE, "help"], environment, columns, 80) as drawn[columns]:
            assert drawn[columns].wait_end() == 0
        assert not drawn[columns].display.wrapped
    assert drawn[60].words() == drawn[80].words()


def test_help_of_a_word(quiet, capsys):
    assert run(["help", "exec"]) == run(["exec", "-h"]) == 0
    out = capsys.readouterr().out
    assert out[: len(out) // 2] == out[len(out) // 2 :]
    assert out.startswith("Usage: awsx exec [OPTIONS] NAME... -- COMMAND...\n")
    assert run(["help", "nosuch"]) == 2
    assert capsys.readouterr().err.endswith("awsx: no command nosuch; all of them: awsx help\n")


@pytest.mark.parametrize("word", helping.OTHER_WORDS)
def test_a_word_of_another_tool_is_answered_in_one_line_without_a_picker(word, environment, home):
    (home / ".aws" / "config").write_text("[profile prod]\nregion = eu-west-1\n")
    meant = helping.OTHER_WORDS[word]
    with Drawn([*CORE, word], environment, 160) as drawn:
        assert drawn.wait_end() == 2
    assert drawn.lines()[0].startswith(f"awsx: no profile {word}")
    assert drawn.lines()[0].endswith(meant)
    assert drawn.lines()[1] == ""


def test_a_word_of_another_tool_with_more_behind_it(quiet, capsys):
    assert run(["switch", "prod"]) == run(["show", "--json"]) == 2
    told = capsys.readouterr().err.splitlines()
    assert [line.rpartition(": ")[2] for line in told] == ["awsx NAME", "awsx current"]


NO_FILE = "is set to nothing, so no file can be written; unset it"
KEYS = "aws_access_key_id = AKIAEXAMPLE\naws_secret_access_key = made-up\n"


@pytest.mark.parametrize(
    ("variable", "argv"),
    [
        ("AWS_SHARED_CREDENTIALS_FILE", ["creds", "prod", "--format", "file"]),
        ("AWS_CONFIG_FILE", ["creds", "ci", "--twin", "--write", "--yes"]),
        ("AWS_CONFIG_FILE", ["pull", "team.toml", "--yes"]),
    ],
)
def test_no_file_to_write_to_is_said_in_one_way(variable, argv, environment, home):
    (home / ".aws" / "config").write_text(f"[profile prod]\n{KEYS}")
    (home / ".aws" / "credentials").write_text(f"[ci]\n{KEYS}")
    (home / "team.toml").write_text('[profiles.dev]\nregion = "eu-west-1"\n')
    ran = awsx({**environment, variable: ""}, *argv, cwd=home)
    assert (ran.returncode, ran.stderr) == (1, f"awsx: {variable} {NO_FILE}\n")


def test_whoami_without_credentials_says_what_to_do(environment):
    ran = awsx({**environment, "AWS_EC2_METADATA_DISABLED": "true"}, "whoami")
    told = "awsx: nothing gives credentials to ask AWS with; pick a profile: awsx\n"
    assert (ran.returncode, ran.stderr) == (1, told)


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("lgoin", "awsx: no profile lgoin, and no such command; did you mean awsx login?"),
        ("curent", "awsx: no profile curent, and no such command; did you mean awsx current?"),
        ("deno", "awsx: no profile deno; did you mean dino?"),  # a profile is as near as `demo`
        ("nosuch", "awsx: no profile nosuch; all of them: awsx ls"),
    ],
)
def test_a_typing_error_in_a_command_is_said_to_be_one(word, told, environment, home):
    (home / ".aws" / "config").write_text("[profile dino]\nregion = eu-west-1\n")
    ran = awsx(environment, word)
    assert (ran.returncode, ran.stdout, ran.stderr) == (1, "", f"{told}\n")


def test_a_typing_error_in_a_command_opens_no_picker(environment, home):
    (home / ".aws" / "config").write_text("[profile prod]\nregion = eu-west-1\n")
    with Drawn([*CORE, "lgoin"], environment, 100) as drawn:
        assert drawn.wait_end() == 1
    assert drawn.lines()[0].endswith("did you mean awsx login?")


def test_a_word_like_a_command_that_finds_a_profile_is_a_query(environment, home):
    """In the picker, which an integration that is not loaded does not open."""
    (home / ".aws" / "config").write_text("[profile stats]\nregion = eu-west-1\n")
    with Drawn([*CORE, "stat"], environment, 160) as drawn:
        assert drawn.wait_end() == 1
    assert drawn.lines()[0].startswith("awsx: the shell integration is not loaded")


def test_a_profile_of_such_a_name_wins(environment, home):
    (home / ".aws" / "config").write_text("[profile list]\nregion = eu-west-1\n")
    assert "list" not in VERBS
    ran = awsx({**environment, "AWSX_SHELL": "bash"}, "list")
    assert "called here" not in ran.stderr


def test_no_verb_is_a_word_of_another_tool():
    assert not VERBS & helping.OTHER_WORDS.keys()


def test_every_option_and_argument_is_explained(quiet, capsys):
    """Each option has an explanation after it on its line."""
    for command in COMMANDS:
        run([command, "--help"])
        options = capsys.readouterr().out.partition("Options:")[2].splitlines()
        assert all(len(line.split("  ")) > 2 or not line.startswith("  -") for line in options), (
            command
        )


@pytest.mark.parametrize("argv", [["--version"], ["--version", "-r", "x"]])
def test_version_is_printed(argv, quiet, capsys):
    assert run(argv) == 0
    assert capsys.readouterr() == (f"awsx {__version__}\n", "")


MISTAKES = {
    "unknown option": ["--bogus"],
    "unknown short option": ["-z"],
    "prod with one": ["prod", "--bogus"],
    "two names": ["prod", "dev"],
    "use without a name": ["use"],
    "use with two": ["use", "a", "b"],
    "region without a value": ["prod", "-r"],
    "exec alone": ["exec"],
    "exec without a command": ["exec", "prod"],
    "exec with nothing to run": ["exec", "prod", "--"],
    "exec with an unknown option": ["exec", "prod", "--bogus", "--", "true"],
    "off with a name": ["off", "prod"],
    "back with a name": ["-", "prod"],
    "two regions": ["region", "euw1", "use1"],
    "back to a region": ["region", "-", "use1"],
    "current with a name": ["current", "prod"],
    "version with a name": ["--version", "prod"],
    "init for no shell": ["init", "tcsh"],
    "install for no shell": ["install", "fsh"],
    **{f"{command} --bogus": [command, "--bogus"] for command in COMMANDS},
}


@pytest.mark.parametrize("argv", MISTAKES.values(), ids=MISTAKES)
def test_wrong_usage_is_one_line_with_exit_code_2(argv, quiet, capsys):
    code = run(argv)
    out, err = capsys.readouterr()
    assert (code, out) == (2, "")
    assert err.startswith("awsx: ")
    assert err.count("\n") == 1
    assert "Traceback" not in err
    assert "an error of awsx's own" not in err


@pytest.mark.parametrize(
    ("argv", "told"),
    [
        (["prod", "--bogus"], "awsx: no such option: --bogus; help: awsx use --help\n"),
        (
            ["exec", "prod"],
            "awsx: no COMMAND, and no terminal to open a shell on; "
            "in a script: awsx exec NAME -- COMMAND\n",
        ),
        (
            ["exec", "prod", "--"],
            "awsx: no COMMAND behind the --; help: awsx exec --help\n",
        ),
        (["use"], "awsx: missing argument 'NAME'; help: awsx use --help\n"),
        (["prod", "dev"], "awsx: too many words: dev; help: awsx use --help\n"),
        (["login", "a", "b"], "awsx: too many words: b; help: awsx login --help\n"),
        (["creds"], "awsx: this terminal uses no profile; name one, or switch first: awsx NAME\n"),
    ],
)
def test_wrong_usage_names_the_help(argv, told, quiet, capsys):
    run(argv)
    assert capsys.readouterr().err == told


@pytest.mark.parametrize(("name", "shown"), [("prod", "prod"), ("my prod", "NAME")])
def test_a_script_with_awsx_on_path_is_told_of_exec_first(name, shown, quiet, home, capsys):
    (home / ".aws/config").write_text(f"[profile '{name}']\nregion = eu-west-1\n")
    assert run([name]) == 1
    assert capsys.readouterr().err == (
        "awsx: the shell integration is not loaded, so nothing was switched; in a script: "
        f"awsx exec {shown} -- COMMAND; in a terminal: awsx install, and open a new one\n"
    )


@pytest.mark.parametrize(
    "word", ["\x1b[31m", "a\nb", "--\x1b[31m", "--a\nb", "größe", "--" + "x" * 3000]
)
def test_control_characters_of_a_wrong_word_are_not_printed(word, quiet, capsys):
    run(["off", word])
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    assert err[:-1].isprintable()


def test_an_option_may_stand_before_the_name(quiet, capsys):
    """`awsx -r eu-west-1 prod` switches like `awsx prod -r eu-west-1`, or explains the usage."""
    code = run(["-r", "eu-west-1", "prod"])
    err = capsys.readouterr().err
    assert "no profile prod" in err or (code == 2 and "awsx NAME" in err)


def test_an_error_in_awsx_itself_is_one_line(quiet, capsys, monkeypatch):
    def fail(*_):
        raise RuntimeError("some\nbug")

    monkeypatch.setattr(cli, "run", fail)
    assert run(["login"]) == 1
    out, err = capsys.readouterr()
    assert (out, err) == (
        "",
        "awsx: an error of awsx's own: RuntimeError: some bug; "
        "AWSX_DEBUG=1 shows where it comes from\n",
    )
    monkeypatch.setenv("AWSX_DEBUG", "1")
    assert run(["login"]) == 1
    assert "Traceback" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (KeyboardInterrupt(), 130),
        (BrokenPipeError(), 141),
        (AwsxError("x"), 1),
        (AwsxError("x", 2), 2),
    ],
)
def test_each_error_has_its_exit_code(error, code, quiet, capsys, monkeypatch):
    def fail(*_):
        raise error

    monkeypatch.setattr(cli, "run", fail)
    assert run(["login"]) == code
    assert capsys.readouterr().err == ("awsx: x\n" if isinstance(error, AwsxError) else "")


# --- the whole process, started as the shells start it


HERE = "in ~/.aws/config"
HOW_TO_BEGIN = "make one: awsx setup; to look first: awsx demo"


def awsx(env, *argv, **options):
    return subprocess.run(
        [sys.executable, "-I", "-S", START, *argv],
        env=env,
        capture_output=True,
        text=True,
        **options,
    )


@pytest.mark.parametrize(
    ("argv", "code", "out", "err"),
    [
        (["--version"], 0, f"awsx {__version__}\n", ""),
        (["--bogus"], 2, "", "awsx: no such option: --bogus; help: awsx --help\n"),
        ([], 1, "", f"awsx: no profiles in ~/.aws/config; {HOW_TO_BEGIN}\n"),
        (["ls"], 1, "", f"awsx: no profiles in ~/.aws/config; {HOW_TO_BEGIN}\n"),
        (
            ["prod"],
            1,
            "",
            f"awsx: no profile prod; there are none in ~/.aws/config; {HOW_TO_BEGIN}\n",
        ),
        (["login"], 1, "", f"awsx: no [sso-session] in ~/.aws/config; {HOW_TO_BEGIN}\n"),
        (
            ["logout"],
            1,
            "",
            "awsx: no [sso-session] in ~/.aws/config, so there is nothing to log out of\n",
        ),
        (
            ["login", "--session", "nope"],
            1,
            "",
            "awsx: no [sso-session nope] in ~/.aws/config; it has none\n",
        ),
        (
            ["exec", "--", "printenv", "HOME"],
            2,
            "",
            "awsx: exec needs a profile before the --: awsx exec NAME -- printenv;"
            " help: awsx exec --help\n",
        ),
        (["current"], 1, "", "awsx: no profile: AWS_PROFILE is not set; pick one: awsx\n"),
        (["ls", "--json"], 0, "[]\n", ""),
        (["region", "moon"], 1, "", "awsx: no region moon; all of them: awsx region\n"),
        (["region"], 1, "", f"awsx: {NONE.format('default')}\n"),
    ],
)
def test_a_process_gives_this_output_and_exit_code(argv, code, out, err, environment):
    ran = awsx(environment, *argv)
    assert (ran.returncode, ran.stdout, ran.stderr) == (code, out, err)


@pytest.mark.parametrize("argv", [["-h"], ["ls", "-h"], ["--version"]])
def test_a_closed_stdout_is_no_error(argv, environment):
    """`awsx -h | head -0` shows no traceback."""
    process = subprocess.Popen(
        [sys.executable, "-I", "-S", START, *argv],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    process.wait()


@pytest.mark.parametrize(
    "variables", [{"LANG": "C"}, {"LC_ALL": "POSIX"}, {"PYTHONIOENCODING": "ascii"}], ids=str
)
def test_names_are_printed_in_a_locale_that_lacks_their_letters(variables, environment, home):
    (home / ".aws" / "config").write_text("[profile größe]\n", encoding="utf-8")
    env = {**environment, "LANG": "C", **variables}
    ran = subprocess.run(
        [sys.executable, "-I", "-S", START, "ls", "--names"], env=env, capture_output=True
    )
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "größe\n".encode(), b"")
    ran = subprocess.run([sys.executable, "-I", "-S", START, "ls"], env=env, capture_output=True)
    assert (ran.returncode, ran.stderr) == (0, b"")
    ran = subprocess.run([sys.executable, "-I", "-S", START, "größ"], env=env, capture_output=True)
    assert (ran.returncode, ran.stderr.count(b"\n")) == (1, 1)
