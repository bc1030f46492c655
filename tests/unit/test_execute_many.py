"""`awsx exec` with several profiles and regions: who runs, what is printed, how it ends."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from sample import CORP, PROD

from awsx.many.form import Limits
from awsx.many.runner import Runner

START = str(Path(__file__).parents[2] / "awsx" / "start.py")
KEYS = "aws_access_key_id = AKIAEXAMPLE\naws_secret_access_key = example\n"
NAMES = ("dev-a", "dev-b", "prod", "we/ird é")
GUARD = '[guard]\nmatch = ["prod"]\n'
SAY = 'echo "$AWS_PROFILE $AWS_REGION"'
PATIENCE = 20  # seconds
PIPE = 'exec "$@" | head -n 1'


@pytest.fixture
def many(environment, home):
    """many(*WORDS, **VARIABLES): the finished process of `awsx exec WORDS`."""
    sections = "".join(
        f"[profile '{name}']\nregion = eu-west-1\n"
        + KEYS.replace("EXAMPLE", name.partition("/")[0].upper())
        for name in NAMES
    )
    (home / ".aws" / "config").write_text(sections)

    def run(*words, settings="", **more):
        if "none" in words:  # a profile without credentials
            (home / ".aws" / "config").write_text(f"{sections}[profile none]\noutput = json\n")
        (home / ".config" / "awsx").mkdir(parents=True, exist_ok=True)
        (home / ".config" / "awsx" / "config.toml").write_text(settings)
        argv = [sys.executable, "-I", "-S", START, "exec", *words]
        return subprocess.run(
            argv, env=environment, capture_output=True, text=True, check=False, timeout=60, **more
        )

    return run


def lines(text):
    return sorted(text.splitlines())


# --- what a command gets in place of the profile

# A program that asks the credential server as SDKs do, and prints its answer.
ASK = """
import os, urllib.request
url = os.environ["AWS_CONTAINER_CREDENTIALS_FULL_URI"]
token = os.environ["AWS_CONTAINER_AUTHORIZATION_TOKEN"]
request = urllib.request.Request(url, headers={"Authorization": token})
print(os.environ["AWS_REGION"], urllib.request.urlopen(request).read().decode())
"""
GIVES = {
    "--creds": ("sh", "-c", 'echo "$AWS_REGION" $AWS_ACCESS_KEY_ID; env'),
    "--serve": (sys.executable, "-c", ASK),
}


@pytest.mark.parametrize("gives", GIVES)
@pytest.mark.parametrize("names", [("dev-a", "prod", "none"), ("dev-*", "prod", "none")])
def test_each_profile_gives_its_own_keys(gives, names, many, home):
    ran = many(*names, gives, "-r", "euw1,use1", "--json", "--", *GIVES[gives])
    found = {(job["profile"], job["region"]): job for job in json.loads(ran.stdout)}
    assert ran.returncode == 1
    for (name, region), job in found.items():
        if name == "none":  # the others run
            assert (job["exit_code"], job["stdout"]) == (1, "")
            assert job["reason"].startswith("profile none gives no credentials")
            continue
        assert job["exit_code"] == 0, job["stderr"]
        assert job["stdout"].startswith(region)
        assert f"AKIA{name.upper()}" in job["stdout"]
        assert "AWS_PROFILE" not in job["stdout"]
    assert {name for name, _ in found} >= {"dev-a", "prod", "none"}


# --- who runs

CHOICES = {
    "names": (("dev-b", "dev-a"), ["dev-b", "dev-a"]),
    "a name twice": (("dev-a", "dev-a"), ["dev-a"]),
    "a pattern": (("dev-*",), ["dev-a", "dev-b"]),
    "a pattern and a name": (("prod", "dev-?"), ["prod", "dev-a", "dev-b"]),
    "all": (("--all",), list(NAMES)),
    "regions": (("dev-a", "-r", "euw1,us-east-1"), ["dev-a@eu-west-1", "dev-a@us-east-1"]),
}


@pytest.mark.parametrize(("words", "labels"), CHOICES.values(), ids=CHOICES)
def test_who_runs(many, words, labels):
    ran = many(*words, "--json-lines", "-j", "1", "--", "sh", "-c", SAY)
    found = [json.loads(line) for line in ran.stdout.splitlines()]
    has_regions = "-r" in words
    assert [f["profile"] + f"@{f['region']}" * has_regions for f in found] == labels
    assert [f["stdout"].split(" ")[0] for f in found] == [
        label.partition("@")[0].split(" ")[0] for label in labels
    ]
    assert (ran.returncode, ran.stderr) == (0, "")


def test_all_regions_are_those_of_the_partition(many):
    ran = many("dev-a", "-r", "all", "--dry-run", "--", "true")
    regions = [line.split("\t")[3] for line in ran.stdout.splitlines()]
    assert len(regions) > 15
    assert "us-east-1" in regions
    assert not [name for name in regions if name.startswith(("cn-", "us-gov-"))]


def test_filters_narrow(environment, home):
    other = PROD.replace("prod", "other").replace("= Admin", "= Reader").replace("1111", "4444")
    (home / ".aws" / "config").write_text(CORP + PROD + other)

    def chosen(*words):
        argv = [sys.executable, "-I", "-S", START, "exec", *words, "--dry-run", "--", "true"]
        ran = subprocess.run(argv, env=environment, capture_output=True, text=True, check=False)
        return [line.split("\t")[0] for line in ran.stdout.splitlines()], ran.returncode

    assert chosen("--session", "corp") == (["prod", "other"], 0)
    assert chosen("-a", "1111-2222-3333") == (["prod"], 0)
    assert chosen("--role", "read*") == (["other"], 0)
    assert chosen("--all", "--role", "admin") == (["prod"], 0)
    assert chosen("--session", "nope") == ([], 1)
    (home / ".config" / "awsx").mkdir(parents=True)
    tagged = '[accounts]\n111122223333 = { name = "one", tags = ["pci", "eu"] }\n'
    (home / ".config" / "awsx" / "config.toml").write_text(tagged)
    assert chosen("--tag", "pci") == (["prod"], 0)
    assert chosen("--tag", "pc") == ([], 1)


def test_a_guarded_profile_that_only_a_pattern_reached_is_left_out_and_named(many):
    ran = many("*", "--dry-run", "--", "true", settings=GUARD)
    assert "prod" not in ran.stdout
    assert ran.stderr == "awsx: prod is guarded; to use it, too: --include-guarded\n"
    assert "prod\t" in many("*", "--include-guarded", "--dry-run", "--", "a", settings=GUARD).stdout


def test_a_guarded_profile_that_is_named_needs_a_yes(many):
    ran = many("prod", "dev-a", "--", "true", settings=GUARD)
    assert (ran.returncode, ran.stdout) == (1, "")
    assert ran.stderr == (
        "awsx: guarded: prod; there is nobody to ask here; if you mean it: --yes\n"
    )
    assert many("prod", "dev-a", "-y", "--", "true", settings=GUARD).returncode == 0


def test_dry_run_starts_nothing(many, tmp_path):
    ran = many("dev-*", "--dry-run", "--", "touch", str(tmp_path / "made"))
    assert ran.stdout == "dev-a\t\t\teu-west-1\ndev-b\t\t\teu-west-1\n"
    assert not (tmp_path / "made").exists()


MISTAKES = {
    "nothing matches": (("x-*", "--", "true"), 1, "no profile matches x-*; all of them: awsx ls"),
    "an unknown name": (("dev-a", "nope", "--", "true"), 1, "no profile nope"),
    "an unknown region": (("dev-a", "-r", "euw1,xx", "--", "true"), 1, "no region xx"),
    "no command": (("dev-a", "dev-b"), 2, "several profiles need a command"),
    "no profile": (("--ordered", "--", "true"), 2, "missing argument 'NAME'"),
}


@pytest.mark.parametrize(("words", "code", "text"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_one_line(many, words, code, text):
    ran = many(*words)
    assert (ran.returncode, ran.stdout) == (code, "")
    assert ran.stderr.startswith(f"awsx: {text}")
    assert ran.stderr.count("\n") == 1


# --- what is printed


def test_each_line_has_the_name_before_it(many):
    ran = many("dev-a", "we/ird é", "--", "sh", "-c", "echo one; printf two; echo err >&2")
    assert lines(ran.stdout) == [
        "dev-a    | one",
        "dev-a    | two",
        "we/ird é | one",
        "we/ird é | two",
    ]
    assert lines(ran.stderr) == ["dev-a    | err", "we/ird é | err"]


def test_no_line_is_torn(many):
    """Eight at once write long lines in small pieces, one of them longer than memory is for."""
    write = (
        "import os,sys\nfor n in range(40):\n for c in range(20): os.write(1, b'x' * 500)\n"
        " os.write(1, b'\\n')\n"
        "if os.environ['AWS_REGION'] == 'eu-west-1':\n"
        " for n in range(300): os.write(1, b'y' * 10000)\n os.write(1, b'\\n')\n"
    )
    regions = "euw1,euw2,euw3,euc1,use1,use2,usw1,usw2"
    ran = many("dev-a", "-r", regions, "--", sys.executable, "-c", write)
    bodies = [re.sub(r"^dev-a@\S+ +\| ", "", line) for line in ran.stdout.splitlines()]
    assert sorted(set(map(len, bodies))) == [10_000, 3_000_000]
    assert len(bodies) == 8 * 40 + 1
    assert {body for body in bodies if set(body) not in ({"x"}, {"y"})} == set()


def test_ordered_lines_stay_together_in_the_order_of_the_profiles(many):
    slow_first = 'test $AWS_PROFILE = dev-a && sleep 0.3; echo "1 $AWS_PROFILE"; echo 2'
    ran = many("dev-a", "dev-b", "--ordered", "--", "sh", "-c", slow_first)
    assert ran.stdout == "dev-a | 1 dev-a\ndev-a | 2\ndev-b | 1 dev-b\ndev-b | 2\n"


def test_json_is_a_list_of_objects(many):
    command = 'echo "{\\"is\\": \\"$AWS_PROFILE\\"}"; echo oh >&2; exit 3'
    ran = many("dev-a", "dev-b", "--json", "-j", "1", "--", "sh", "-c", command)
    found = json.loads(ran.stdout)
    assert 0 <= found[0].pop("seconds") < PATIENCE
    assert found[0] == {
        "profile": "dev-a",
        "account_id": None,
        "account_name": None,
        "region": "eu-west-1",
        "exit_code": 3,
        "stdout": '{"is": "dev-a"}\n',
        "data": {"is": "dev-a"},
        "stderr": "oh\n",
        "reason": None,
    }
    assert [f["profile"] for f in found] == ["dev-a", "dev-b"]
    assert ran.returncode == 1


def test_output_goes_into_a_file_for_each_and_a_summary(many, tmp_path):
    folder = tmp_path / "out"
    ran = many("dev-a", "we/ird é", "--output", str(folder), "--", "sh", "-c", "echo hi; false")
    assert sorted(path.name for path in folder.iterdir()) == [
        "dev-a.err",
        "dev-a.out",
        "summary.json",
        "we%2Fird %C3%A9.err",
        "we%2Fird %C3%A9.out",
    ]
    assert (folder / "dev-a.out").read_text() == "hi\n"
    assert (folder / "dev-a.out").stat().st_mode & 0o777 == 0o600
    summary = json.loads((folder / "summary.json").read_text())
    assert {(f["profile"], f["exit_code"], f["stdout"]) for f in summary} == {
        ("dev-a", 1, "dev-a.out"),
        ("we/ird é", 1, "we%2Fird %C3%A9.out"),
    }
    assert (ran.returncode, ran.stdout) == (1, "")
    again = many("dev-*", "--output", str(folder), "--", "true")
    assert (again.returncode, again.stderr.count("not empty")) == (1, 1)


def test_a_reader_that_leaves_ends_all(many):
    ran = subprocess.run(
        ["sh", "-c", PIPE, "sh", sys.executable, "-I", "-S", START, "exec", "dev-*", "--", "yes"],
        env={**os.environ, "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    assert re.fullmatch(r"dev-[ab] \| y\n", ran.stdout)


# --- how it ends


def test_the_exit_code_is_0_only_if_all_were_and_failures_are_listed(many):
    ran = many("dev-a", "dev-b", "--", "sh", "-c", "test $AWS_PROFILE = dev-a || exit 7")
    assert ran.returncode == 1
    first, second = ran.stderr.splitlines()
    assert first == "awsx: 1 of 2 failed"
    assert re.fullmatch(r"awsx: dev-b: exit code 7, \d+\.\ds", second)
    assert many("dev-*", "--", "true").returncode == 0


def test_a_pattern_for_a_single_profile_keeps_the_command_s_own_code(many):
    assert many("*-a", "--", "sh", "-c", "exit 7").returncode == 7
    assert many("*-a", "--", "sh", "-c", "kill -9 $$").returncode == 137


def test_a_command_that_is_not_there_is_told_for_each(many):
    ran = many("dev-*", "--", "no-such-command")
    assert ran.returncode == 1
    assert ran.stderr.count("exit code 127, 0.0s No such file or directory") == 2


def test_timeout_ends_a_command_and_what_it_started(many, tmp_path):
    began = time.monotonic()
    ran = many("dev-*", "--timeout", "0.3", "--", "sh", "-c", "sleep 60 & sleep 60")
    assert time.monotonic() - began < PATIENCE
    assert ran.stderr.count("exit code 124, ") == 2
    assert ran.stderr.count("not done after 0.3 s") == 2


def test_fail_fast_begins_no_more(many, tmp_path):
    command = f"echo x >>{tmp_path}/ran; exit 1"
    ran = many("dev-a", "dev-b", "prod", "-j", "1", "--fail-fast", "--", "sh", "-c", command)
    assert (tmp_path / "ran").read_text() == "x\n"
    assert ran.stderr.splitlines()[0] == "awsx: 3 of 3 failed (2 never began)"
    assert ran.returncode == 1


def test_a_process_that_a_command_leaves_behind_is_not_waited_for(many):
    began = time.monotonic()
    ran = many("dev-*", "--", "sh", "-c", "sleep 15 & echo done")
    assert lines(ran.stdout) == ["dev-a | done", "dev-b | done"]
    assert time.monotonic() - began < 10


def test_the_environment_is_that_of_exec(many, environment):
    environment |= {"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "y", "AWSX_OWNER": "1"}
    ran = many("dev-a", "-r", "use1,usw2", "--json", "--", "env")
    for found in json.loads(ran.stdout):
        names = dict(line.split("=", 1) for line in found["stdout"].splitlines())
        assert (names["AWS_PROFILE"], names["AWS_REGION"]) == ("dev-a", found["region"])
        assert names["AWS_DEFAULT_REGION"] == found["region"]
        assert not {"AWS_ACCESS_KEY_ID", "AWSX_OWNER"} & names.keys()


@pytest.mark.parametrize("times", [1, 2])
def test_ctrl_c_ends_all_and_the_second_one_kills(environment, many, tmp_path, times):
    many("dev-a", "--dry-run", "--", "true")
    trap = "trap 'echo int >>{0}/seen; {1}' INT; echo $$ >>{0}/pids; while :; do sleep 0.05; done"
    command = trap.format(tmp_path, "exit 0" if times == 1 else ":")
    argv = [sys.executable, "-I", "-S", START, "exec", "dev-*", "--", "sh", "-c", command]
    with subprocess.Popen(argv, env=environment, start_new_session=True) as process:
        pids = wait_for(lambda: lines_of(tmp_path / "pids", 2))
        for _ in range(times):
            process.send_signal(signal.SIGINT)
            wait_for(lambda: lines_of(tmp_path / "seen", 2))
        assert process.wait(PATIENCE) == 130
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(int(pid), 0)


def test_ctrl_c_reaches_a_job_that_is_just_being_started():
    """It comes while the process is made, before the runner knows of it."""
    runner = Runner(["sleep", "20"], lambda _: interrupt() or os.environ, Silent(), Limits())

    def interrupt():
        os.kill(os.getpid(), signal.SIGINT)

    began = time.monotonic()
    (found,) = runner.run([SimpleNamespace(label="dev")])
    assert (found.exit_code, found.reason) == (128 + signal.SIGINT, "stopped")
    assert time.monotonic() - began < PATIENCE / 2


class Silent:
    """A sink for nobody."""

    def files(self, job):
        return 0, 0

    def is_open(self, job, stream):
        return True

    def begun(self, job):
        pass

    def feed(self, job, stream, data):
        pass

    def ended(self, result):
        pass


def lines_of(path, count):
    found = path.read_text().split() if path.exists() else []
    return found if len(found) >= count else None


def wait_for(look):
    until = time.monotonic() + PATIENCE
    while not (found := look()):
        assert time.monotonic() < until
        time.sleep(0.01)
    return found
