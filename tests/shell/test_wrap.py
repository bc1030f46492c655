"""Wrapped commands: `aws ...` with an expired session logs in first, then runs (or does not)."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Aws, Words
from processes import count_processes
from terminal import Result, Terminal, compares_whole_seconds
from test_options import CASES, MATRIX

Loaded = Callable[..., Terminal]
Core = Callable[[str], Path]

LAB = """
[sso-session lab]
sso_start_url = https://lab.awsapps.com/start
sso_region = eu-west-1

[profile lab]
sso_session = lab
sso_account_id = 777788889999
sso_role_name = Admin
"""
# A stand-in for the AWS CLI. The core calls it for its version and for a login; every other call is
# the command that the person typed.
AWS = """\
#!/bin/sh
case $* in
  --version) if [ -z "${AWS_CONFIG_FILE-}" ]; then echo >>FOLDER/ran; fi; \
echo aws-cli/2.15.0; exit ;;
  'sso login --sso-session '*)
    echo "$4" >>FOLDER/logins
    echo "a page opens for $4"
    while [ -e FOLDER/hold ]; do sleep 0.02; done
    if [ -e FOLDER/refused ]; then exit 3; fi
    cp FOLDER/token.$4.new FOLDER/token.$4
    exec mv FOLDER/token.$4 "$(cat FOLDER/token.$4.path)" ;;
esac
printf '%s\\0' "$@" >FOLDER/argv
echo "${AWS_PROFILE-none} $*" >>FOLDER/ran
echo "ran $*"
exit ${CODE-0}
"""
LOGGING_IN = "awsx: the session {} has expired; logging in"


class World:
    """A stand-in for the AWS CLI v2 on PATH, and terminals whose core logs each of its starts."""

    def __init__(
        self, folder: Path, aws: Aws, path: str, open_terminal: Callable[..., Terminal]
    ) -> None:
        self.folder, self.aws, self._open = folder, aws, open_terminal
        self.path = f"{folder}:{path}"
        aws.config.write_text(aws.config.read_text(encoding="utf-8") + LAB, encoding="utf-8")
        for session in ("corp", "lab"):  # what a login leaves; nobody has logged in to lab yet
            aws.log_in(session=session)
            aws.token_path(session).replace(folder / f"token.{session}.new")
            (folder / f"token.{session}.path").write_text(
                str(aws.token_path(session)), encoding="utf-8"
            )
        aws.log_in()
        self.program("aws", AWS.replace("FOLDER", str(folder)))

    def program(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text, encoding="utf-8")
        (self.folder / name).chmod(0o755)

    def terminal(self, **more: str) -> Terminal:
        return self._open(**{"PATH": self.path, **more})

    def lines(self, name: str) -> list[str]:
        path = self.folder / name
        return path.read_text(encoding="utf-8").splitlines() if path.exists() else []

    @property
    def logins(self) -> list[str]:
        return self.lines("logins")

    @property
    def ran(self) -> list[str]:
        return self.lines("ran")

    def starts(self) -> int:
        """How often the core was started, without its starts for the prompt."""
        return len([line for line in self.lines("starts") if "--refresh" not in line])


@pytest.fixture
def world(
    loaded: Loaded, aws: Aws, core: Core, tmp_path: Path, environment: dict[str, str]
) -> World:
    folder = tmp_path / "bin"
    folder.mkdir()
    python = core(f'echo "$*" >>{folder}/starts\nexec {sys.executable} "$@"')
    return World(folder, aws, environment["PATH"], lambda **more: loaded(python=python, **more))


@pytest.fixture
def expired(world: World) -> World:
    world.aws.log_in(-1)
    return world


# --- the session is valid -------------------------------------------------------------------------


def test_with_a_valid_session_only_the_command_starts(loaded: Loaded, world: World) -> None:
    (world.folder / "aws").unlink()
    (world.folder / "aws").symlink_to("/bin/true")
    live = loaded(PATH=world.path, AWS_PROFILE="prod")
    for command in ("aws s3 ls", "aws s3 ls --profile dev", "aws --profile nosuch s3 ls"):
        live.run(command)  # writes the memo
        with count_processes(live.pid) as seen:
            assert live.run(command) == Result(0, "prod", "")
        assert (seen.forks, seen.execs) == (1, 1), seen


def test_a_profile_without_a_memo_starts_the_core_once(world: World) -> None:
    live = world.terminal()
    for name in ("dev", "ci", "nosuch", "dev", "ci", "nosuch"):
        assert live.run(f"aws --profile {name} s3 ls").text == f"ran --profile {name} s3 ls"
    assert (world.starts(), world.logins) == (3, [])


def test_arguments_and_exit_code_are_the_commands(world: World, words: Words) -> None:
    arguments = (
        "",
        "two words",
        "*",
        "$HOME",
        "$(touch pwned)",
        "--",
        "-r",
        "%n",
        "é☁",
        "=ls",
        "{a,b}",
        ";",
        "\\",
    )
    live = world.terminal(CODE="7", AWS_PROFILE="prod")
    assert live.run("aws " + " ".join(words.quote(argument) for argument in arguments)).status == 7
    assert (world.folder / "argv").read_bytes().decode().split("\0")[:-1] == [*arguments]
    if not words.is_fish:
        status = "${PIPESTATUS[*]}" if words.shell == "bash" else "$pipestatus"
        assert (
            live.run(f'aws s3 ls | sh -c "cat >/dev/null; exit 3"; echo "{status}"').text == "7 3"
        )


# --- the session has expired ----------------------------------------------------------------------


def test_an_expired_session_logs_in_and_then_the_command_runs(expired: World) -> None:
    live = expired.terminal(AWS_PROFILE="prod")
    talk = f"{LOGGING_IN.format('corp')}\na page opens for corp\nawsx: logged in to corp\n"
    assert live.run("aws s3 ls") == Result(0, "prod", f"{talk}ran s3 ls")
    assert live.prompt_line() == "prod 111122223333 7h ? $"
    live.run("")  # where the shell compares whole seconds, the token is old enough from here on
    assert live.run("aws s3 ls") == Result(0, "prod", "ran s3 ls")
    assert (expired.logins, expired.starts()) == (["corp"], 1)


LINES = {
    "pipe": ("aws a | cat", ["a"]),
    "both ends": ("aws a | aws b", ["a", "b"]),
    "stdin": ("aws a </dev/null", ["a"]),
    "behind a pipe": ("echo x | aws a", ["a"]),
    "and": ("true && aws a && aws b", ["a", "b"]),
    "or": ("false || aws a", ["a"]),
    "not": ("! aws a", ["a"]),
}
COMPOUND = {
    "substitution": ('x="$(aws a)"; test "$x" = "ran a"', "set x (aws a); test $x = 'ran a'"),
    "if": ("if aws a; then :; fi", "if aws a; end"),
    "loop": ("for x in 1 2; do aws a; done", "for x in 1 2; aws a; end"),
    "while": (
        "printf '1\\n' | while read -r x; do aws a; done",
        "printf '1\\n' | while read x; aws a; end",
    ),
}


@pytest.mark.parametrize("line", LINES)
def test_the_login_comes_wherever_the_command_stands(line: str, expired: World) -> None:
    command, ran = LINES[line]
    live = expired.terminal(AWS_PROFILE="prod")
    assert live.run(command).status == (line == "not")
    assert (expired.logins, sorted(expired.ran)) == (["corp"], [f"prod {word}" for word in ran])


@pytest.mark.parametrize("line", COMPOUND)
def test_the_login_comes_inside_of_compound_commands(
    line: str, expired: World, words: Words
) -> None:
    live = expired.terminal(AWS_PROFILE="prod")
    assert live.run(COMPOUND[line][words.is_fish]).status == 0
    assert (expired.logins, set(expired.ran)) == (["corp"], {"prod a"})


@pytest.mark.parametrize("shell", ["bash", "zsh"])
def test_two_commands_at_once_log_in_once(expired: World) -> None:
    """(In fish, the first function ends before the second begins.)"""
    (expired.folder / "hold").touch()
    live = expired.terminal(AWS_PROFILE="prod")
    live.type("aws a | aws b")
    live.press("enter")
    live.wait_for(lambda _: expired.starts() == 2)
    (expired.folder / "hold").unlink()
    assert live.wait_prompt().status == 0
    assert (expired.logins, sorted(expired.ran)) == (["corp"], ["prod a", "prod b"])


def test_the_command_can_be_stopped_and_continued(world: World, words: Words) -> None:
    world.program(
        "slow", f"#!/bin/sh\necho >>{world.folder}/begun\ncat <{world.folder}/pipe\nexit 7\n"
    )
    os.mkfifo(world.folder / "pipe")
    live = world.terminal(AWS_PROFILE="prod", AWSX_WRAP="slow")
    live.type("slow")
    live.press("enter")
    live.wait_for(lambda _: world.lines("begun"))
    live.press("ctrl-z")
    live.wait_prompt()
    assert live.run("echo on").text == "on"
    live.type("fg")
    live.press("enter")
    live.wait_foreground()
    (world.folder / "pipe").write_text("told\n", encoding="utf-8")
    result = live.wait_prompt()
    assert result.text.splitlines()[-1] == "told"
    # zsh loses the status of a function that was stopped, and fish that of any job.
    assert words.shell != "bash" or result.status == 7


def test_stdout_has_only_the_commands_output(expired: World, tmp_path: Path) -> None:
    live = expired.terminal(AWS_PROFILE="prod")
    live.run(f"aws a >{tmp_path}/out")
    assert (expired.logins, (tmp_path / "out").read_text()) == (["corp"], "ran a\n")


def test_no_process_of_the_login_keeps_the_commands_stdout_open(
    loaded: Loaded, expired: World, core: Core
) -> None:
    """A browser that stays in the foreground would otherwise keep the pipe open for good."""
    live = loaded(python=core("echo talk"), PATH=expired.path, AWS_PROFILE="prod")
    assert live.run("aws a | sed 's/^/piped /'").text.splitlines() == ["talk", "piped ran a"]


def test_after_a_failed_login_the_command_does_not_run(expired: World) -> None:
    (expired.folder / "refused").touch()
    live = expired.terminal(AWS_PROFILE="prod")
    result = live.run("aws s3 ls")
    assert (result.status, expired.logins, expired.ran) == (1, ["corp"], [])
    assert live.run("aws s3 ls || echo no").text.endswith("no")
    assert expired.ran == []


def test_after_a_cancelled_login_the_command_does_not_run(expired: World) -> None:
    (expired.folder / "hold").touch()
    live = expired.terminal(AWS_PROFILE="prod")
    before = live.stty()
    live.type("aws s3 ls && echo never")
    live.press("enter")
    live.wait_for(lambda _: expired.logins)
    live.press("ctrl-c")
    assert live.wait_prompt().status == live.interrupted
    assert (live.stty(), expired.ran) == (before, [])
    (expired.folder / "hold").unlink()
    assert live.run("aws s3 ls").status == 0
    assert expired.ran == ["prod s3 ls"]


@pytest.mark.parametrize("shell", ["bash", "zsh"])  # fish goes on after a cancelled function
@pytest.mark.parametrize(
    "line",
    [
        "for i in 1 2 3; do aws $i; done",
        "for i in 1 2 3; do awsx exec prod -- aws $i; done",
        "aws s3 ls; echo never",
        "awsx prod; echo never",
    ],
)
def test_a_cancelled_login_ends_the_whole_line(line: str, expired: World) -> None:
    (expired.folder / "hold").touch()
    live = expired.terminal(AWS_PROFILE="prod")
    live.type(line)
    live.press("enter")
    live.wait_for(lambda _: expired.logins)
    live.press("ctrl-c")
    result = live.wait_prompt()
    assert (result.status, "never" in result.text.splitlines()) == (live.interrupted, False)
    assert (expired.logins, expired.ran) == (["corp"], [])


def test_a_background_job_runs_without_a_login(expired: World) -> None:
    live = expired.terminal(AWS_PROFILE="prod")
    (expired.folder / "hold").touch()  # a login would keep the terminal until this is gone
    live.run("aws s3 ls &")
    live.wait_for(lambda _: expired.ran)
    assert live.run("echo on").text.splitlines()[0] == "on"
    assert (expired.logins, expired.ran) == ([], ["prod s3 ls"])


def test_a_background_job_stays_in_the_background(world: World) -> None:
    world.program(
        "slow",
        f"#!/bin/sh\nwhile [ -e {world.folder}/hold ]; do sleep 0.02; done\n"
        f"echo >>{world.folder}/end\n",
    )
    (world.folder / "hold").touch()
    live = world.terminal(AWS_PROFILE="prod", AWSX_WRAP="slow")
    live.run("slow >/dev/null 2>&1 &")
    assert world.lines("end") == []
    (world.folder / "hold").unlink()
    live.wait_for(lambda _: world.lines("end"))


def test_there_is_no_login_where_nobody_would_see_it(expired: World) -> None:
    live = expired.terminal(AWS_PROFILE="prod")
    assert live.run("aws s3 ls 2>/dev/null").text == "ran s3 ls"
    assert live.run("sh -c 'aws s3 ls'").text == "ran s3 ls"
    assert live.run("env aws s3 ls").text == "ran s3 ls"
    assert (expired.logins, expired.starts()) == ([], 0)


@pytest.mark.parametrize(
    "away", ["2>&1 | tee FILE", "2>FILE >&2", ">FILE 2>&1", "2>&1 </dev/null | cat >FILE"]
)
def test_the_login_talks_to_the_terminal_wherever_stderr_goes(
    away: str, expired: World, tmp_path: Path
) -> None:
    live = expired.terminal(AWS_PROFILE="prod")
    talk = live.run(f"aws s3 ls {away.replace('FILE', str(tmp_path / 'file'))}").text
    assert LOGGING_IN.format("corp") in talk
    assert (tmp_path / "file").read_text(encoding="utf-8") == "ran s3 ls\n"
    assert (expired.logins, expired.ran) == (["corp"], ["prod s3 ls"])


def test_the_settings_can_turn_the_login_off(expired: World, home: Path) -> None:
    settings = home / ".config" / "awsx" / "config.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text("[login]\nauto = false\n", encoding="utf-8")
    live = expired.terminal(AWS_PROFILE="prod")
    assert live.run("aws s3 ls") == Result(0, "prod", "ran s3 ls")
    assert expired.logins == []


def test_the_command_runs_even_if_awsx_is_gone(expired: World, words: Words) -> None:
    """awsx was uninstalled while this terminal was open."""
    live = expired.terminal(AWS_PROFILE="prod")
    live.run("set -g __awsx_start /none" if words.is_fish else "__awsx_start=/none")
    told = "awsx: awsx was uninstalled; open a new terminal"  # by the prompt, once
    assert live.run("aws s3 ls") == Result(0, "prod", f"ran s3 ls\n{told}")
    assert live.run("aws s3 ls") == Result(0, "prod", "ran s3 ls")


def test_a_command_in_the_rc_file_does_not_log_in(expired: World) -> None:
    live = expired.terminal(AWS_PROFILE="prod", after="aws s3 ls")
    assert (live.started.text, expired.logins) == ("ran s3 ls", [])


def test_a_missing_command_is_told_by_the_shell(expired: World) -> None:
    (expired.folder / "aws").unlink()
    live = expired.terminal(AWS_PROFILE="prod", PATH=f"{expired.folder}:/usr/bin:/bin")
    result = live.run("aws s3 ls")
    assert (result.status, len(result.text.splitlines()), "__awsx" in result.text) == (
        127,
        1,
        False,
    ), result.text
    assert expired.starts() == 0


@pytest.mark.parametrize("shell", ["zsh"])
def test_the_persons_own_command_not_found_handler_runs(expired: World) -> None:
    (expired.folder / "aws").unlink()
    live = expired.terminal(AWS_PROFILE="prod", PATH=f"{expired.folder}:/usr/bin:/bin")
    live.run("command_not_found_handler() { echo try apt: $@; return 127 }")
    assert live.run("aws s3 ls") == Result(127, "prod", "try apt: aws s3 ls")


# --- which profile --------------------------------------------------------------------------------

KEYS = "AWS_ACCESS_KEY_ID=AKIA AWS_SECRET_ACCESS_KEY=x"
LOGS_IN = (
    "aws s3 ls --profile lab",
    "aws --profile lab s3 ls",
    "aws s3 ls --profile=lab",
    "aws --profile=lab s3 ls",
    "aws --region sso --profile lab s3 ls",
    "aws --region=sso --debug --profile lab s3 ls",
    "aws --no-cli-pager --profile lab s3 ls",
    "aws s3 ls --recursive --profile lab",
    "aws s3 ls --profile prod --profile lab",
    "aws s3 configure --profile lab",
    "AWS_PROFILE=lab aws s3 ls",
    "AWS_PROFILE=lab AWS_DEFAULT_PROFILE=prod aws s3 ls",
    f"{KEYS} aws s3 ls --profile lab",
    "AWS_PROFILE=lab AWS_ACCESS_KEY_ID= AWS_SECRET_ACCESS_KEY=x aws s3 ls",
    "AWS_PROFILE=lab AWS_ROLE_ARN=arn AWS_WEB_IDENTITY_TOKEN_FILE= aws s3 ls",
    "AWS_PROFILE=lab AWS_ROLE_ARN=arn aws s3 ls",
)
NEEDS_NONE = (
    "aws s3 ls",
    "aws s3 ls --profile ci",
    "aws s3 ls --profile nosuch",
    "aws s3 ls --query --profile=prod",
    "AWS_PROFILE=lab aws s3 ls --profile prod",
    f"AWS_PROFILE=lab {KEYS} aws s3 ls",
    "AWS_PROFILE=lab AWS_ROLE_ARN=arn AWS_WEB_IDENTITY_TOKEN_FILE=/x aws s3 ls",
    "AWS_PROFILE=lab AWS_ACCESS_KEY_ID=AKIA aws s3 ls",
    "AWS_PROFILE=lab AWS_WEB_IDENTITY_TOKEN_FILE=/x aws s3 ls",
    "AWS_PROFILE= aws s3 ls",
    "AWS_PROFILE= AWS_DEFAULT_PROFILE=lab aws s3 ls",
    "AWS_DEFAULT_PROFILE=lab aws s3 ls",
    "AWS_PROFILE=lab aws",
    "AWS_PROFILE=lab aws --version",
    "AWS_PROFILE=lab aws help",
    "AWS_PROFILE=lab aws s3 ls help",
    "AWS_PROFILE=lab aws s3 ls --no-sign-request",
    "aws configure list --profile lab",
    "aws --profile lab configure",
    "aws --region eu-west-1 sso login --profile lab",
    "aws --profile lab sso logout",
    "aws login --profile lab",
    "command aws s3 ls --profile lab",
)


def test_the_login_is_for_the_profile_whose_session_the_command_uses(world: World) -> None:
    live = world.terminal(AWS_PROFILE="prod")
    for count, command in enumerate(NEEDS_NONE, 1):
        live.run(command)
        assert (len(world.ran), world.logins) == (count, []), command
    for count, command in enumerate(LOGS_IN, 1):
        live.run(command)
        assert world.logins == ["lab"] * count, command
        world.aws.token_path("lab").unlink()


def test_without_aws_profile_another_variable_or_default_counts(world: World, words: Words) -> None:
    live = world.terminal()
    live.run("AWS_DEFAULT_PROFILE=lab aws s3 ls")
    assert world.logins == ["lab"]
    world.aws.token_path("lab").unlink()
    live.run("aws s3 ls")
    assert world.logins == ["lab"]
    default = LAB.replace("profile lab", "default").partition("\n\n")[2]
    world.aws.config.write_text(f"{world.aws.config.read_text()}{default}", encoding="utf-8")
    live.run("aws s3 ls")
    assert world.logins == ["lab"] * 2
    world.aws.token_path("lab").unlink()
    # This variable is not exported, so it must not count.
    live.run("set -g AWS_PROFILE prod" if words.is_fish else "AWS_PROFILE=prod")
    live.run("aws s3 ls")
    assert world.logins == ["lab"] * 3


# --- a guest --------------------------------------------------------------------------------------


def test_an_empty_awsx_wrap_turns_the_login_off(loaded: Loaded, expired: World) -> None:
    live = expired.terminal(AWS_PROFILE="prod", AWSX_WRAP="")
    assert live.run("aws s3 ls") == Result(0, "prod", "ran s3 ls")
    assert expired.logins == []


def test_awsx_wrap_names_the_wrapped_commands(expired: World) -> None:
    for name in ("terra-form", "a.b_c+1", "a:b"):
        expired.program(
            name, f'#!/bin/sh\necho "{name}${{*:+ $*}}" | tee -a {expired.folder}/ran\n'
        )
    wrapped = (
        "terra-form $(touch${IFS}pwned) x;touch${IFS}pwned * -x a:b  a.b_c+1 "
        "x(){\t:;};touch\tpwned;function\ty"
    )
    live = expired.terminal(AWS_PROFILE="prod", AWSX_WRAP=wrapped)
    assert live.started.text == ""
    assert live.run("aws s3 ls").text == "ran s3 ls"
    assert live.run("a:b").text == "a:b"
    assert expired.logins == []
    for name in ("terra-form", "a.b_c+1"):
        expired.aws.token_path().unlink(missing_ok=True)
        live.run(f"{name} help --profile lab")  # `help` and `--profile` mean something to aws only
    assert expired.logins == ["corp"] * 2
    assert expired.ran[2:] == [f"{name} help --profile lab" for name in ("terra-form", "a.b_c+1")]
    assert not list(expired.folder.parent.rglob("*pwned*"))


@pytest.mark.parametrize(
    ("arguments", "session"),
    [
        ("deploy --profile lab", "lab"),
        ("--verbose --profile=lab deploy", "lab"),
        ("deploy --profile ci", ""),
        ("deploy -- --profile lab", "corp"),
        ("deploy", "corp"),
    ],
)
def test_the_option_profile_counts_for_other_tools_of_aws_too(
    arguments: str, session: str, expired: World
) -> None:
    expired.program("cdk", "#!/bin/sh\necho ran\n")
    live = expired.terminal(AWS_PROFILE="prod", AWSX_WRAP="cdk")
    assert live.run(f"cdk {arguments}").text.splitlines()[-1] == "ran"
    assert expired.logins == [session] * bool(session)


def wrapped(live: Terminal, world: World, *names: str) -> list[str]:
    """Return those of the commands that log in first."""
    found = []
    for name in names:
        world.aws.token_path().unlink(missing_ok=True)
        before = len(world.logins)
        assert live.run(f"{name} x").text.splitlines()[-1].startswith("ran")
        found += [name] if len(world.logins) > before else []
    return found


def test_the_settings_name_the_wrapped_commands(
    world: World, settings: Callable[[str], Path]
) -> None:
    for name in ("terraform", "g++"):
        world.program(name, "#!/bin/sh\necho ran\n")
    names = ("aws", "terraform", "g++")
    for listed in ('["terraform", "g++"]', '["aws", "g++"]', "[]", '"terraform"', '["nosuch"]'):
        settings(f"[login]\ncommands = {listed}\n")
        live = world.terminal(AWS_PROFILE="prod")  # the first terminal with these settings
        expected = [name for name in names if f'"{name}"' in listed]
        assert wrapped(live, world, *names) == expected, listed
        before = world.starts()
        live = world.terminal(AWS_PROFILE="prod")
        assert world.starts() == before
        assert wrapped(live, world, *names) == expected, listed
        live.close()
    live = world.terminal(AWS_PROFILE="prod", AWSX_WRAP="aws terraform")
    assert wrapped(live, world, *names) == ["aws", "terraform"]


def test_other_settings_of_the_same_mtime_name_the_wrapped_commands_at_once(
    world: World, home: Path
) -> None:
    """`git checkout` and links to dotfiles may put other settings there that are no newer."""
    world.program("terraform", "#!/bin/sh\necho ran\n")
    path = home / ".config" / "awsx" / "config.toml"
    path.parent.mkdir(parents=True)
    for name in ("terraform", "aws"):
        (home / name).write_text(f"[login]\ncommands = ['{name}']\n", encoding="utf-8")
        os.utime(home / name, ns=(10**18, 10**18))
        path.unlink(missing_ok=True)
        path.symlink_to(home / name)
        live = world.terminal(AWS_PROFILE="prod")
        assert wrapped(live, world, "aws", "terraform") == [name]


def test_settings_without_commands_wrap_only_aws(
    world: World, settings: Callable[[str], Path], home: Path
) -> None:
    world.program("terraform", "#!/bin/sh\necho ran\n")
    for text in (
        "[picker]\norder = 'file'\n",
        "[login]\ncommands = ['$(touch pwned)']\n",
        "[login]\ncommands = [",
    ):
        settings(text)
        live = world.terminal(AWS_PROFILE="prod")
        assert (live.started.text, live.started.status) == ("", 0)
        assert wrapped(live, world, "terraform") == []
        assert live.run("command aws s3 ls").text == "ran s3 ls"
    (home / ".config" / "awsx" / "config.toml").unlink()
    live = world.terminal(AWS_PROFILE="prod")
    assert wrapped(live, world, "aws", "terraform") == ["aws"]


def test_names_in_the_list_of_commands_are_never_evaluated(
    world: World, settings: Callable[[str], Path], home: Path
) -> None:
    settings("[login]\ncommands = ['terraform']\n")
    world.program("terraform", "#!/bin/sh\necho ran\n")
    world.terminal(AWS_PROFILE="prod").close()
    (kept,) = (home / ".cache" / "awsx").rglob("commands")
    assert kept.read_text(encoding="utf-8") == "terraform\n"
    kept.write_text(
        "terraform\n-x\n\n*\n$(touch${IFS}pwned)\nx(){\t:;};touch\tpwned;function\ty\n%n\n/\n"
    )
    live = world.terminal(AWS_PROFILE="prod")
    assert (live.started.text, live.started.status) == ("", 0)
    assert wrapped(live, world, "terraform", "aws") == ["terraform"]
    assert not list(world.folder.parent.rglob("*pwned*"))


ALIAS = "alias aws='aws --no-cli-pager'"


WHERE = pytest.mark.parametrize("where", ["before", "after"])


@WHERE
def test_an_alias_of_that_name_keeps_working(where: str, expired: World) -> None:
    live = expired.terminal(AWS_PROFILE="prod", **{where: ALIAS})
    for _ in range(2):
        assert live.run("aws s3 ls").text.endswith("ran --no-cli-pager s3 ls")
    assert expired.logins == ["corp"]


def test_an_alias_made_in_the_terminal_keeps_the_login_before_the_command(expired: World) -> None:
    live = expired.terminal(AWS_PROFILE="prod")
    for alias in (ALIAS, ALIAS.replace("pager", "sign")):
        expired.aws.token_path().unlink(missing_ok=True)
        live.run(alias)
        assert live.run("aws s3 ls").text.endswith("s3 ls")
        assert live.run("aws s3 ls").text == expired.ran[-1].replace("prod", "ran")
    assert expired.logins == ["corp", "corp"]
    assert expired.ran[-1].count("--no-cli") >= 1


def test_an_alias_of_the_aws_cli_for_a_login_is_not_preceded_by_one(
    expired: World, home: Path
) -> None:
    (home / ".aws" / "cli").mkdir()
    (home / ".aws" / "cli" / "alias").write_text(
        "[toplevel]\nin = sso login --sso-session corp\nwho = sts get-caller-identity\n"
    )
    expired.program("cdk", "#!/bin/sh\necho ran\n")
    live = expired.terminal(AWS_PROFILE="prod", AWSX_WRAP="aws cdk")
    assert live.run("aws in").text == "ran in"
    assert live.run("aws --region eu-west-1 in").text == "ran --region eu-west-1 in"
    assert expired.logins == []
    assert live.run("aws who").text.endswith("ran who")
    expired.aws.log_out()
    assert live.run("cdk in").text.endswith("ran")
    assert expired.logins == ["corp", "corp"]


@WHERE
def test_a_function_of_that_name_keeps_working(where: str, expired: World, words: Words) -> None:
    own = "function aws; echo own $argv; end" if words.is_fish else 'aws() { echo own "$@"; }'
    live = expired.terminal(AWS_PROFILE="prod", **{where: own})
    assert live.run("aws s3 ls").text.endswith("own s3 ls")
    assert expired.ran == []


def test_loading_awsx_again_wraps_a_command_once(
    expired: World, words: Words, tmp_path: Path
) -> None:
    live = expired.terminal(AWS_PROFILE="prod", after=words.load())
    (tmp_path / "again").write_text(words.load(), encoding="utf-8")
    live.run(f"source {tmp_path}/again")
    assert live.run("aws s3 ls").text.endswith("ran s3 ls")
    assert (expired.logins, expired.ran) == (["corp"], ["prod s3 ls"])


@pytest.mark.parametrize(("shell", "case"), CASES)
def test_a_wrapped_command_works_with_the_persons_own_options(
    shell: str, case: str, expired: World, tmp_path: Path
) -> None:
    live = expired.terminal(before=MATRIX[shell][case])
    assert live.started.text == ""
    result = live.run("aws --profile prod s3 'a  b'")
    assert (result.status, result.text.splitlines()[-1]) == (0, "ran --profile prod s3 a  b")
    assert (expired.logins, expired.starts()) == (["corp"], 1)
    if compares_whole_seconds(shell):  # there the core looks again once the token is old enough
        live.run("aws --profile prod s3 ls")
    starts = expired.starts()
    assert live.run("aws --profile prod s3 ls").status == 0
    assert expired.starts() == starts
    if case == "allexport":
        child = tmp_path / "child"
        child.write_text("aws --profile lab s3 ls\n", encoding="utf-8")
        live.run(f"{shell} {child}")
        assert expired.logins == ["corp"]


def test_the_prompt_goes_on_counting_down_the_time_left(world: World) -> None:
    """Reading another profile's memo does not change what the prompt draws."""
    world.aws.log_in(62.5 / 3600)
    live = world.terminal(AWS_PROFILE="prod")
    assert live.prompt_line() == "prod 111122223333 1m! ? $"
    live.run("aws s3 ls --profile ci")
    live.wait_for(lambda _: live.run("") and live.prompt_line() == "prod 111122223333 <1m ? $")


COMPLETION = {
    "bash": "complete -W 'ec2-only' aws",
    "zsh": "autoload -Uz compinit; compinit -u -D; compdef '_values x ec2-only' aws",
    "fish": "complete -c aws -f -a ec2-only",
}


def test_a_wrapped_command_keeps_its_own_completion(world: World, words: Words) -> None:
    live = world.terminal(AWS_PROFILE="prod", after=COMPLETION[words.shell])
    live.type("aws ec2-o")
    live.press("tab")
    live.wait_for("aws ec2-only")
    live.press("enter")
    assert live.wait_prompt().text == "ran ec2-only"
