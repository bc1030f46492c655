"""A person's own names of profiles and regions lead to them, and the prompt has them."""

import time

import pytest
from sample import CORP, PROD

from awsx.commands import before, console, ls, meant, preview, which_sessions
from awsx.facts import Facts
from awsx.many import selection
from awsx.many.form import Wish
from awsx.memos.remember import remember, remember_names
from awsx.tables import listing, search
from awsx.term import AwsxError

DEV = "[profile dev]\nsso_session = corp\nsso_account_id = 444455556666\nsso_role_name = Reader\n"


@pytest.fixture
def env(environment, home):
    (home / ".aws" / "config").write_text(CORP + PROD + DEV)
    return environment


def memo(env, name):
    facts = before.opened_quietly(env)
    remember(facts, name, facts.find(name))
    return facts.stock.kept(f"p.{name}")


ALIASES = [  # the table, and the aliases by which profiles are found
    ("prod = 'p'", {"p": "prod"}),
    ("p = 'prod'", {"p": "prod"}),
    ("prod = '$(touch x) `y`'", {"$(touch x) `y`": "prod"}),
    ("prod = 'dev'", {}),  # a profile's name
    ("dev = 'prod'", {}),
    ("nobody = 'n'", {}),
]


@pytest.mark.parametrize(("table", "found"), ALIASES)
def test_an_alias_leads_to_its_profile_unless_a_profile_is_called_so(
    table, found, env, write_settings
):
    write_settings(f"[profiles]\n{table}\n")
    facts = Facts(env)
    assert facts.aliases == found
    assert facts.named("dev") == "dev"
    assert facts.named("gone") == "gone"
    for alias, name in found.items():
        assert facts.named(alias) == name


def test_every_command_takes_it(env, write_settings, home):
    write_settings("[profiles]\nprod = 'p'\n")
    facts = before.opened_quietly(env)
    assert before.target_of(facts, "p").profile.name == "prod"
    assert [job.name for job in selection.choose(facts, Wish(("p", "dev"))).jobs] == ["prod", "dev"]
    chosen = which_sessions.selected(facts, which_sessions.Selection("p"))
    assert [session.label for session in chosen] == ["corp"]
    console.console(env, console.Asked("p", prints=True))
    with pytest.raises(AwsxError, match="no profile q"):
        before.target_of(facts, "q")


def test_completion_and_picker_know_it_and_the_list_of_names_does_not(env, write_settings, capsys):
    write_settings("[profiles]\nprod = 'pay-day'\n")
    facts = before.opened_quietly(env)
    remember_names(facts)
    assert facts.stock.kept("names").split("\n")[2] == "pay-day\t= prod"
    ls.ls(env, names=True)
    assert capsys.readouterr().out == "prod\ndev\n"
    assert list(search.names(facts, "pay-day", time.time())) == ["prod"]
    assert list(search.names(facts, "prod", time.time())) == ["prod"]
    rows = listing.made(facts, time.time(), 100).drawn(7).decode()
    assert "prod (pay-day)" in rows
    preview.preview(env, "prod")
    assert ["alias", "pay-day"] in [line.split() for line in capsys.readouterr().out.splitlines()]


def test_the_prompt_has_it_and_the_switch_has_the_name(env, write_settings):
    write_settings("[profiles]\nprod = 'pay'\n")
    assert "\x1f36:pay\x1e" in memo(env, "prod")
    assert "\x1fprod: 111122223333 Admin\x1f" in memo(env, "prod")
    assert "36:dev\x1e" in memo(env, "dev")


REGIONS = [  # the format, and what the shells get
    ("{profile} {region}", "\x1f eu-west-1=ire us-east-1=use1 \x1f"),
    ("{profile}", "\x1f\x1f36:prod"),
]


@pytest.mark.parametrize(("form", "got"), REGIONS)
def test_shells_get_short_regions_if_they_draw_some(form, got, env, write_settings):
    write_settings(
        f"[regions]\neu-west-1 = 'ire'\nuse1 = 'us-east-1'\n[prompt]\nformat = '{form}'\n"
    )
    assert got in memo(env, "prod")


def test_an_account_is_found_by_its_name_alone(env, write_settings, capsys):
    write_settings("[accounts]\n111122223333 = 'Payments Team'\n444455556666 = 'dev team'\n")
    facts = before.opened_quietly(env)
    assert meant.account_called(facts, "payments team") == "111122223333"
    assert meant.account_called(facts, "payments") == ""
    console.console(env, console.Asked("Payments Team", prints=True))
    assert "account_id=111122223333" in capsys.readouterr().out
    write_settings("[accounts]\n111122223333 = 'same'\n444455556666 = 'same'\n")
    assert meant.account_called(before.opened_quietly(env), "same") == ""


def test_a_profile_with_an_alias_is_found_first_by_exactly_its_name(env, write_settings, home):
    other = PROD.replace("[profile prod]", "[profile prod-a]")
    (home / ".aws" / "config").write_text(CORP + other + PROD)
    write_settings("[profiles]\nprod = 'pay'\n")
    facts = before.opened_quietly(env)
    assert list(search.names(facts, "prod", time.time())) == ["prod", "prod-a"]
