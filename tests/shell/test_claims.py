"""The segment is true at the very next draw after any change of the environment, however odd."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Aws, Words
from terminal import Terminal

Loaded = Callable[..., Terminal]
PROD = "prod 111122223333 7h"


def claim(live: Terminal) -> str:
    return live.prompt_line().rpartition("$")[0].rstrip()


def unexport(words: Words, name: str) -> str:
    return {"bash": f"export -n {name}", "zsh": f"typeset +x {name}"}.get(
        words.shell, f"set -gu {name} ${name}"
    )


@pytest.mark.parametrize(
    ("variables", "said", "half"),
    [
        (("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"), "keys", "keys without a secret"),
        (
            ("AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_ROLE_ARN"),
            "web identity",
            "web identity without a role",
        ),
    ],
)
def test_a_variable_that_is_no_longer_exported_does_not_count(
    variables: tuple[str, str], said: str, half: str, live: Terminal, words: Words
) -> None:
    live.run("awsx prod")
    for name in variables:
        live.run(words.export(name, "something"))
    assert claim(live) == f"{said}, not prod"
    live.run(unexport(words, variables[1]))
    assert claim(live) == f"{half}, not prod"
    live.run(unexport(words, variables[0]))
    assert claim(live) == PROD
    live.run("awsx off")
    assert claim(live) == ""


def test_a_role_in_the_environment_makes_a_web_identity_of_the_profiles_token(
    live: Terminal, words: Words, aws: Aws
) -> None:
    with aws.config.open("a", encoding="utf-8") as config:
        config.write(
            "[profile pod]\nrole_arn = arn:aws:iam::222233334444:role/Pod\n"
            "web_identity_token_file = /token\n"
        )
    live.run("awsx pod")
    assert claim(live) == "pod 222233334444"
    live.run(words.export("AWS_ROLE_ARN", "arn:aws:iam::777788889999:role/Other"))
    assert claim(live) == "web identity, not pod"
    live.run(words.unset("AWS_ROLE_ARN"))
    assert claim(live) == "pod 222233334444"


@pytest.mark.parametrize("name", ["AWS_REGION", "AWS_DEFAULT_PROFILE", "AWS_PROFILE"])
def test_bytes_that_a_format_uses_are_text_in_a_value(
    name: str, live: Terminal, words: Words, aws: Aws
) -> None:
    value = r"\x02\x03\x04\x1e32:evil\x1e"
    live.run("awsx prod")
    written = f"set -gx {name} {value}" if words.is_fish else f"export {name}=$'{value}'"
    live.run(written)
    seen = "????32:evil?"
    said = {"AWS_REGION": f"{PROD} @{seen}", "AWS_DEFAULT_PROFILE": f"{PROD} boto3:{seen}"}
    # A name that is no profile stands in quotes, as in a message: in it the bytes are written out.
    assert claim(live) == said.get(name, f"'{value}' no such profile *")


@pytest.mark.parametrize("columns", ["08", "99999999999999999999", "wide", "a[$(touch pwned)]", ""])
def test_a_wrong_value_of_columns_does_no_harm(
    columns: str, loaded: Loaded, words: Words, home: Path
) -> None:
    live = loaded()
    live.run("awsx prod")
    assignment = (
        f"set -g COLUMNS {words.quote(columns)}"
        if words.is_fish
        else f"COLUMNS={words.quote(columns)}"
    )
    said = live.run(assignment).text
    assert "awsx" not in said and "[[" not in said  # zsh itself complains of a wrong COLUMNS
    assert claim(live) in (PROD, "prod 7h")
    assert not list(home.rglob("pwned"))


@pytest.mark.parametrize("language", ["C.UTF-8", "C.utf8", "C.Utf-8"])
def test_utf_8_is_recognised_in_every_spelling_of_the_locale(
    language: str, loaded: Loaded, home: Path
) -> None:
    settings = home / ".config" / "awsx" / "config.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text('[accounts]\n111122223333 = "Prodüktion"\n', encoding="utf-8")
    live = loaded(LANG=language)
    live.run("awsx prod")
    assert live.variable("AWS_PROFILE") == "prod"
    assert claim(live) == "prod Prodüktion 7h"


def test_an_interrupted_draw_does_not_show_the_previous_profile(
    loaded: Loaded, core: Callable[[str], Path], words: Words, tmp_path: Path
) -> None:
    slow = f"if [ -e {tmp_path}/slow ]; then mv {tmp_path}/slow {tmp_path}/begun; exec sleep 60; fi"
    live = loaded(python=core(f'{slow}\nexec {sys.executable} "$@"'))
    live.run("awsx prod")
    (tmp_path / "slow").touch()
    live.type(words.export("AWS_PROFILE", "dev"))
    live.press("enter")
    live.wait_for(lambda _: (tmp_path / "begun").exists())
    live.press("ctrl-c")
    live.wait_prompt()
    assert "prod" not in claim(live)
    live.run("true")
    assert claim(live) == "dev 444455556666 7h *"
