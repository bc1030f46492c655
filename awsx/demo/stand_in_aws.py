"""The demo's `aws` where the AWS CLI is not installed: a few commands of it, by boto3.

They work like the real ones, with the profile that the terminal uses. `aws sso login` is not among
them: awsx then logs in by itself. The file also runs as a script, outside of the package.
"""

from __future__ import annotations

import base64
import json
import os
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

COMMANDS = (
    "sts get-caller-identity",
    "s3 ls",
    "configure list-profiles",
    "ecr get-login-password",
    "login",
    "configure export-credentials",
)
OPTIONS = ("--profile", "--region", "--output", "--query", "--format")
FLAGS = ("--remote", "--no-cli-pager")
WHAT_IT_IS = "this is not the AWS CLI, which is not installed here, but a stand-in of awsx demo"
VERSION = f"awsx-demo ({WHAT_IT_IS})"
# For a program that asks: awsx lets it log in to sessions of `aws login`, which this version has.
LOGS_IN = "its aws login does what aws-cli/2.32.0 does"
NO_SESSION = "aws: the stand-in logs in to a profile with login_session alone, not to {}"
KNOWS = f"aws: {WHAT_IT_IS}; it knows: {', '.join(f'aws {command}' for command in COMMANDS)}"
# As the AWS CLI: an error of usage, one that AWS answered, any other, Ctrl-C.
USAGE, REFUSED, FAILED, CANCELLED = 252, 254, 255, 130


def install(folder: Path) -> None:
    """Make the program `aws` in `folder`."""
    command = shlex.join([sys.executable, "-I", "-S", os.path.abspath(__file__)])
    program = folder / "aws"
    program.write_text(f'#!/bin/sh\nexec {command} "$@"\n', encoding="utf-8")
    program.chmod(0o700)


def main(argv: list[str]) -> int:
    """Do what `argv` says; returns the exit code."""
    if argv == ["--version"]:
        print(VERSION)
        if not sys.stderr.isatty():
            print(LOGS_IN, file=sys.stderr)
        return 0
    options = dict.fromkeys(OPTIONS, "")
    words, flags = [], set()
    rest = iter(argv)
    for word in rest:
        name, _, value = word.partition("=")
        if name in OPTIONS:
            options[name] = value or next(rest, "")
        elif word in FLAGS:
            flags.add(word)
        else:
            words.append(word)
    if " ".join(words) not in COMMANDS:
        print(KNOWS, file=sys.stderr)
        return USAGE
    return answer(" ".join(words), options, "--remote" in flags)


def answer(command: str, options: dict[str, str], is_remote: bool = False) -> int:
    """Print the answer to one of COMMANDS; an error is one line, as the AWS CLI writes it."""
    sys.path.append(str(Path(__file__).resolve().parents[2]))
    from awsx import packages

    packages.add()
    from boto3.session import Session
    from botocore.exceptions import BotoCoreError, ClientError

    from awsx.demo import stand_in_login

    stand_in_login.use_keys()
    if command == "login":
        return log_in(options, is_remote)
    try:
        session = Session(
            profile_name=options["--profile"] or None, region_name=options["--region"] or None
        )
        for line in lines(command, session, options):
            print(line)
    except ClientError as error:
        return fail(error, REFUSED)
    except BotoCoreError as error:
        return fail(error, FAILED)
    return 0


def log_in(options: dict[str, str], is_remote: bool) -> int:
    from botocore.exceptions import BotoCoreError, ClientError

    from awsx.demo import stand_in_login
    from awsx.files.profiles import Config

    name = options["--profile"] or os.environ.get("AWS_PROFILE") or "default"
    profile = Config(os.environ).profile(name)
    arn = profile.get("login_session") if profile else ""
    if profile is None or not arn:
        print(NO_SESSION.format(name), file=sys.stderr)
        return USAGE
    try:
        stand_in_login.log_in(name, arn, options["--region"] or profile.get("region"), is_remote)
    except ClientError as error:
        return fail(error, REFUSED)
    except (BotoCoreError, OSError) as error:
        return fail(error, FAILED)
    return 0


def fail(error: Exception, code: int) -> int:
    print(f"aws: {error}", file=sys.stderr)
    return code


def lines(command: str, session: Any, options: dict[str, str]) -> Iterator[str]:  # noqa: ANN401
    """What a command prints. Raises the errors of botocore."""
    if command == "configure list-profiles":
        yield from session.available_profiles
    elif command == "s3 ls":
        for bucket in session.client("s3").list_buckets()["Buckets"]:
            yield f"{bucket['CreationDate']:%Y-%m-%d %H:%M:%S} {bucket['Name']}"
    elif command == "configure export-credentials":
        found = session.get_credentials().get_frozen_credentials()
        pair = {"AccessKeyId": found.access_key, "SecretAccessKey": found.secret_key}
        token = {"SessionToken": found.token} if found.token else {}
        yield json.dumps({"Version": 1, **pair, **token}, indent=2)
    elif command == "ecr get-login-password":
        (data,) = session.client("ecr").get_authorization_token()["authorizationData"]
        yield base64.b64decode(data["authorizationToken"]).decode().partition(":")[2]
    else:
        identity = session.client("sts").get_caller_identity()
        del identity["ResponseMetadata"]
        yield spelled(identity, options)


def spelled(found: Any, options: dict[str, str]) -> str:  # noqa: ANN401 - JSON
    """`found` as --query and --output want it: JSON, or text with tabs."""
    if options["--query"]:
        import jmespath  # type: ignore[import-untyped]

        found = jmespath.search(options["--query"], found)
    if options["--output"] != "text":
        return json.dumps(found, indent=4)
    values = list(found.values()) if isinstance(found, dict) else found
    return "\t".join(map(str, values)) if isinstance(values, list) else str(values)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(CANCELLED)
