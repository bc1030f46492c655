"""The tags that the settings give an account: guarded by, listed, and told in the preview."""

import json

import pytest
from sample import CORP, PROD

from awsx.commands import ls, preview
from awsx.facts import Facts

TAGGED = '[accounts]\n111122223333 = { tags = ["pci", "\\u001b[31mred$(x)"] }\n'


@pytest.fixture
def env(environment, home):
    (home / ".aws" / "config").write_text(CORP + PROD)
    return environment


def test_an_account_has_the_tags_of_the_settings(env, write_settings):
    assert list(Facts(env).tags("111122223333")) == []
    write_settings(TAGGED)
    assert list(Facts(env).tags("111122223333")) == ["pci", "\x1b[31mred$(x)"]
    assert list(Facts(env).tags("444455556666")) == []


@pytest.mark.parametrize(("pattern", "found"), [("PCI", "PCI"), ("pc*", "pc*"), ("dev", "")])
def test_a_guard_pattern_may_be_a_tag(pattern, found, env, write_settings, capsys):
    write_settings(f"{TAGGED}[guard]\nmatch = '{pattern}'\n")
    assert Facts(env).target("prod").pattern == found
    ls.ls(env, as_json=True)
    assert json.loads(capsys.readouterr().out)[0]["guarded"] is bool(found)


def test_the_list_has_them_for_programs(env, write_settings, capsys):
    write_settings(TAGGED)
    ls.ls(env, as_json=True)
    assert json.loads(capsys.readouterr().out)[0]["tags"] == ["pci", "\x1b[31mred$(x)"]


def test_the_preview_tells_them_and_no_escape_sequence(env, write_settings, capsys):
    write_settings(TAGGED)
    preview.preview(env, "prod")
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert ["tags", "pci,", "?[31mred$(x)"] in lines
