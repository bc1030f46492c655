"""What `awsx ssh` makes of the words of ssh; the rest is seen with a real sshd (tests/e2e)."""

import shlex
import subprocess

import pytest

from awsx.cli.run import run
from awsx.commands import ssh
from awsx.term import AwsxError

# words -> options, host, command
PARSED = {
    "host": ([], "host", []),
    "host ls -l": ([], "host", ["ls", "-l"]),
    "host -v ls -l": (["-v"], "host", ["ls", "-l"]),
    "-v -p 22 me@host": (["-v", "-p", "22"], "me@host", []),
    "-p22 host": (["-p22"], "host", []),
    "-vp 22 host id": (["-vp", "22"], "host", ["id"]),
    "-o User=me -i key host": (["-o", "User=me", "-i", "key"], "host", []),
    "-L 80:a:80 -- host -x": (["-L", "80:a:80"], "host", ["-x"]),
    "host -- -x": ([], "host", ["-x"]),
    "-tt host 'a  b' c": (["-tt"], "host", ["a  b", "c"]),
}


@pytest.mark.parametrize(("line", "expected"), PARSED.items(), ids=PARSED)
def test_the_words_of_ssh(line, expected):
    found = ssh.parse(shlex.split(line))
    assert (found.options, found.host, found.command) == expected


@pytest.mark.parametrize("line", ["", "-v", "-p 22", "-N host", "-fN host", "-vW a:1 host", "-V"])
def test_words_without_a_command_on_a_far_side(line):
    with pytest.raises(AwsxError) as refused:
        ssh.parse(shlex.split(line))
    assert refused.value.code == 2


@pytest.mark.parametrize("shell", ["sh", "bash", "zsh", "fish"])
def test_every_login_shell_gives_the_line_to_sh_as_it_is(shell, environment):
    words = ["", "a b", "it's", '$HOME `id` "\\', "*", "\n"]
    line = ssh._for_sh('for word; do printf "<%s>" "$word"; done', "name", *words)
    ran = subprocess.run(
        ["/usr/bin/env", shell, "-c", line], env=environment, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert ran.stdout == "".join(f"<{word}>" for word in words), ran.stderr


@pytest.mark.parametrize(
    ("line", "name", "words"),
    [
        ("ssh host df -h", "", "host df -h"),
        ("ssh --profile prod -p 22 -v host ls --help", "prod", "-p 22 -v host ls --help"),
        ("ssh host ls -- --profile x", "", "host ls -- --profile x"),
    ],
)
def test_the_words_of_the_far_side_are_none_of_ours(line, name, words, monkeypatch):
    found = []
    monkeypatch.setattr(ssh, "ssh", lambda _, words, call: found.append((call.name, words)))
    assert run(line.split()) == 0
    assert found == [(name, words.split())]
