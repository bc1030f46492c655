"""After the end of a session the AWS CLI goes on for a while with role credentials that it keeps.

The prompt says until when. The core looks for them once, when the session has ended.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

from conftest import Aws
from terminal import Terminal

from awsx.facts import Facts
from awsx.files import role_cache, tokens

EXPIRED = "prod 111122223333 expired"


def keep_role_credentials(aws: Aws, home: Path, seconds: int) -> str:
    """Keep credentials of prod as the AWS CLI does, which it uses for so many seconds.

    Returns the end of these seconds as the prompt shows it.
    """
    env = {"HOME": str(home)}
    target = Facts(env).find("prod")
    assert target is not None and target.session is not None
    path = Path(role_cache.path(env, target.profile, target.session))
    path.parent.mkdir(parents=True, exist_ok=True)
    last = int(time.time()) + seconds
    ends = tokens.iso(last + role_cache.NEEDED_SECONDS)
    content = {"Credentials": {"AccessKeyId": "ASIA", "Expiration": ends}}
    path.write_text(json.dumps(content), encoding="utf-8")
    return tokens.clock(last)


def wait_for_prompt(live: Terminal, wanted: str) -> None:
    deadline = time.monotonic() + 15
    while live.run(":").status is not None and live.prompt_line() != wanted:
        assert time.monotonic() < deadline, live.prompt_line()


def test_the_prompt_says_how_long_aws_goes_on(
    loaded: Callable[..., Terminal], aws: Aws, home: Path
) -> None:
    aws.log_in(-1)
    until = keep_role_credentials(aws, home, 3000)
    live = loaded(AWS_PROFILE="prod", columns=100)
    assert live.prompt_line() == f"{EXPIRED}, aws until {until} ? $"
    aws.log_in()
    live.run(":")
    assert live.prompt_line() == "prod 111122223333 7h ? $"


def test_the_core_looks_once_when_the_session_has_ended(
    loaded: Callable[..., Terminal],
    core: Callable[[str], Path],
    aws: Aws,
    home: Path,
    tmp_path: Path,
) -> None:
    log = tmp_path / "starts"
    counting = core(f'echo "$*" >>{log}\nexec {sys.executable} "$@"')
    aws.log_in(8 / 3600)
    live = loaded(AWS_PROFILE="prod", columns=100, python=counting)
    assert live.prompt_line() == "prod 111122223333 <1m ? $"
    until = keep_role_credentials(aws, home, 14)
    before = len(log.read_text().splitlines())
    wait_for_prompt(live, f"{EXPIRED}, aws until {until} ? $")
    wait_for_prompt(live, f"{EXPIRED} ? $")
    assert len(log.read_text().splitlines()) == before + 1
