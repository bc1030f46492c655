"""Random configurations: what awsx says of each profile, against what the installed botocore does.

    python tests/fuzz/profiles.py                  3,000 of them, a few minutes
    python tests/fuzz/profiles.py 200 --seed 7     200 of them, beginning with this seed

For every fourth one the sessions have expired. A disagreement is printed with its seed and profile;
the exit code is 1 if there is one.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Mapping
from hashlib import sha1, sha256
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parents[1])]

import botocore_says  # noqa: E402
import configurations  # noqa: E402

from awsx.facts import Facts  # noqa: E402
from awsx.memos.remember import _mark_of_profile  # noqa: E402
from awsx.tables.rows import Rows  # noqa: E402
from awsx.truth.findings import Terminal  # noqa: E402
from awsx.truth.usable import usable  # noqa: E402

LATER, EARLIER = "2099-01-01T00:00:00Z", "2020-01-01T00:00:00Z"
# What no file can tell: how a program ends, what stands behind the metadata of EC2.
UNTOLD = ("custom-process", "FileNotFoundError", "from Ec2InstanceMetadata", "JSONDecodeError")


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("count", nargs="?", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as folder:
        began, compared, failed = time.time(), 0, 0
        for seed in range(asked.seed, asked.seed + asked.count):
            compared_here, wrong = compare(Path(folder), seed)
            compared, failed = compared + compared_here, failed + len(wrong)
            sys.stdout.write("".join(f"{line}\n" for line in wrong))
        rate = compared / (time.time() - began)
    sys.stdout.write(
        f"{asked.count} configurations, {compared} profiles ({rate:.0f} a second): {failed} wrong\n"
    )
    return 1 if failed else 0


def compare(home: Path, seed: int) -> tuple[int, list[str]]:
    """How many profiles the files of this seed have, and a line for each that is told wrongly."""
    env = {
        "HOME": str(home),
        "PATH": "/usr/bin:/bin",
        "AWS_EC2_METADATA_DISABLED": "true",
        "XDG_CACHE_HOME": str(home / "cache"),
    }
    _write(home, configurations.files(seed), EARLIER if seed % 4 == 3 else LATER)
    with botocore_says.offline(env):
        try:
            botocore = botocore_says.Botocore()
        except Exception as error:  # noqa: BLE001 - a file that nobody can read
            return 0, [f"seed {seed}: {error}"] if not Facts(env).config.problems() else []
        wrong = []
        facts = Facts(env)
        if set(facts.config.profiles()) != set(botocore.profiles):
            wrong.append(f"seed {seed}: other profiles")
        rows = Rows(facts.config, facts.account, env, time.time())
        for name in botocore.profiles:
            refusal = botocore.refusal(name)
            if why := _disagreement(env, facts, rows, name, refusal):
                wrong.append(f"seed {seed}, profile {name}: {why}; botocore: {refusal or 'works'}")
    return len(botocore.profiles), wrong


def _disagreement(env: Mapping[str, str], facts: Facts, rows: Rows, name: str, refusal: str) -> str:
    """What awsx says wrongly of a profile; empty if all is right."""
    told = usable(Terminal({**env, "AWS_PROFILE": name}, facts.config), time.time())
    target = facts.find(name)
    assert target is not None
    broken = _mark_of_profile(facts, target) == "broken"
    listed = rows.of(target.profile).kind
    if (listed == "broken") != broken:
        return f"the prompt's mark and the kind in the list ({listed}) differ"
    if refusal and told.usable is True:
        return "usable"
    if not refusal and told.usable in (False, "login"):
        return f"not usable: {told.reason}"
    if not refusal and broken:
        return "broken"
    if told.usable == "unknown" and refusal and not any(map(refusal.__contains__, UNTOLD)):
        return f"unknown: {told.reason}"
    if broken and told.usable is not False:
        return "broken, but usable"
    return ""


def _write(home: Path, files: configurations.Files, ends: str = LATER) -> None:
    """The files, and what they point to: tokens, one login, a web identity's token."""
    tokens, logins = home / ".aws" / "sso" / "cache", home / ".aws" / "login" / "cache"
    for folder in (tokens, logins):
        folder.mkdir(parents=True, exist_ok=True)
    token_file = home / "token"
    token_file.write_text("a stand-in")
    for name, text in (("config", files.config), ("credentials", files.credentials)):
        path = home / ".aws" / name
        path.write_text(text.replace("TOKEN_FILE", str(token_file)))
    for name in (*configurations.SESSIONS, *configurations.START_URLS, ""):
        token = {"accessToken": "x", "expiresAt": ends}
        (tokens / f"{sha1(name.encode()).hexdigest()}.json").write_text(json.dumps(token))
    name = sha256(configurations.LOGINS[0].encode()).hexdigest()
    (logins / f"{name}.json").write_text(json.dumps(LOGIN))


LOGIN = {
    "accessToken": {
        "accessKeyId": "AKIA",
        "secretAccessKey": "s",
        "sessionToken": "t",
        "accountId": "111122223333",
        "expiresAt": LATER,
    },
    "refreshToken": "r",
    "dpopKey": "k",
    "clientId": "c",
}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
