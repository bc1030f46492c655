"""The lines of docs/tools.md with the real tools: each `sh` block, where its tool is installed."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from terminal import give_up, require

from . import javascript
from .at_terminal import AWSX, scripts
from .conftest import OUTSIDE
from .home import PROD, log_in, opened

PAGE = (Path(__file__).parents[2] / "docs" / "tools.md").read_text(encoding="utf-8")
BACKEND = """\
terraform {
  backend "s3" {
    bucket = "state"
    key = "state"
    region = "eu-west-1"
    use_path_style = true
  }
}
"""


def blocks():
    """`title, number` -> the lines of each block that the page says is run."""
    found = {}
    for section in PAGE.split("\n## ")[1:]:
        title = section.partition("\n")[0]
        for number, text in enumerate(re.findall(r"^```sh\n(.*?)^```", section, re.M | re.S), 1):
            found[f"{title}, {number}"] = text
    return found


BLOCKS = blocks()


def sdk():
    """The folder with the JavaScript SDK."""
    try:
        return javascript.fetch(OUTSIDE)
    except javascript.Unavailable as why:
        if shutil.which("npm", path=OUTSIDE["PATH"]) is None:
            give_up(str(why))
        pytest.skip(str(why))  # the registry is out of reach


@pytest.fixture
def run(env, home, center, tmp_path):
    """run(TEXT): bash runs the text, with awsx, the AWS CLI v2 and a Python that has boto3."""
    log_in(home, center)
    tools, work = tmp_path / "tools", tmp_path / "work"
    tools.mkdir()
    work.mkdir()
    (work / "main.tf").write_text(BACKEND)
    scripts(tools, awsx=f'exec {" ".join(AWSX)} "$@"', python3=f'exec {sys.executable} "$@"')

    def run(text):
        if "terraform" in text:
            if not shutil.which("terraform"):
                pytest.skip("terraform is not installed")
            (tools / "terraform").symlink_to(shutil.which("terraform"))
        if "node " in text:
            (tools / "node").symlink_to(require("node"))
            (work / "app.mjs").write_text(javascript.PROGRAM)
            (work / "node_modules").symlink_to(sdk())
        return subprocess.run(
            ["bash", "-euc", text], cwd=work,
            env={**env, "PATH": f"{tools}:{env['PATH']}", "CHECKPOINT_DISABLE": "1"},
            stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip

    return run


@pytest.mark.awscli
@pytest.mark.parametrize("block", BLOCKS)
def test_the_lines_of_the_page(block, run, center):
    text = BLOCKS[block]
    ran = run(text)
    if "terraform" in text:  # it goes on to the bucket, which the made-up S3 has not
        assert "nable to list objects in S3 bucket" in ran.stderr, ran.stderr
        assert center.log.count("GetCallerIdentity") > 0
        return
    assert ran.returncode == 0, ran.stderr
    if "eks get-token" in text:
        assert json.loads(ran.stdout)["status"]["token"].startswith("k8s-aws-v1.")
    else:
        assert center.organisation.account(PROD).id in ran.stdout


def test_the_page_says_of_each_tool_whether_it_was_run():
    for section in PAGE.split("\n## ")[1:]:
        assert re.search(r"[Bb]y hand|[Tt]ests run|[Rr]un with|Not run here", section), section
        if "```console" in section:
            assert re.search("[Bb]y hand", section), section
    run_ones = {title.partition(",")[0] for title in BLOCKS}
    assert run_ones == {
        "AWS CLI v2",
        "boto3",
        "JavaScript",
        "Terraform and OpenTofu",
        "kubectl and EKS",
    }


def test_an_agent_logs_in_and_takes_credentials(environment, home, center):
    """As an agent runs them: no terminal, no stdin, output through pipes."""
    lines = dict(re.findall(r'"(aws\w+)": "(.*)"', PAGE))
    assert set(lines) == {"awsAuthRefresh", "awsCredentialExport"}

    def run(line):
        argv = [*AWSX, *line.split()[1:]]
        ran = subprocess.run(
            argv, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True,
            check=False, start_new_session=True, timeout=60,
        )  # fmt: skip
        assert ran.returncode == 0, ran.stderr
        return ran.stdout

    run(lines["awsAuthRefresh"])
    assert len(opened(environment)) == 1
    found = json.loads(run(lines["awsCredentialExport"]))["Credentials"]
    assert set(found) == {"AccessKeyId", "SecretAccessKey", "SessionToken", "Expiration"}
