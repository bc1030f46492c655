"""Profiles on demand: awsx's catalogue has them all, the config those that were chosen."""

import hashlib
import json
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from sample import CORP, PROD

from awsx.demo import IdentityCenter, make_organisation
from awsx.facts import Facts
from awsx.files import paths
from awsx.populate import block, on_demand
from awsx.populate.block import Wish
from awsx.populate.names import Entry, Naming
from awsx.service.accounts import Account

ROOT = Path(__file__).parents[2]
PAY = Account("111122223333", "pay", "")
DEV = Account("444455556666", "dev", "")
ENTRIES = [
    Entry(account, role, "eu-west-1") for account in (PAY, DEV) for role in ("Admin", "Read")
]
NAMES = ["dev-Admin", "dev-Read", "pay-Admin", "pay-Read"]


@pytest.fixture
def config(home):
    path = home / ".aws" / "config"
    path.write_text(CORP + PROD.replace("Admin", "Other"))
    return path


@pytest.fixture
def session(config, environment):
    return Facts(environment).config.session("corp")


@pytest.fixture
def catalogue(config, environment):
    return Path(paths.catalogue_path(environment, str(config)))


@pytest.fixture
def listed(config, session, catalogue):
    """A catalogue with four profiles, of which nobody has chosen one yet."""
    split(config.read_bytes(), session, catalogue, ENTRIES, writes=True)
    return catalogue


def split(text, session, path, entries, used=(), writes=False):
    """The plans for the config and for the catalogue, which may be written, too."""
    where = on_demand.catalogue(str(path), session)
    plan = block.plan(text, session, entries, Wish(Naming()), "config", b"", where.taken)
    found = on_demand.split(plan, text, where, "config", used.__contains__)
    before = path.read_bytes() if path.exists() else b""
    other = found.catalogue_plan(before, where)
    if writes:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(other.text)
    return found.config, other


def full(session, text, entries=ENTRIES):
    """The config with all profiles, as populate writes it without --on-demand."""
    return block.plan(text, session, entries, Wish(Naming()), "config").text


def core(env, *words, **more):
    start = [sys.executable, "-I", "-S", str(ROOT / "awsx" / "start.py"), *words]
    return subprocess.run(
        start, env={**env, **more}, capture_output=True, text=True, stdin=subprocess.DEVNULL
    )


def test_the_catalogue_has_all_and_the_config_stays_as_it_is(config, session, catalogue):
    was = config.read_bytes()
    ours, listed = split(was, session, catalogue, ENTRIES)
    assert (ours.text, ours.is_change) == (was, False)
    assert listed.added == NAMES


def test_of_a_config_with_all_profiles_those_that_were_used_stay(config, session, catalogue):
    text = full(session, config.read_bytes())
    ours, listed = split(text, session, catalogue, ENTRIES, used=["pay-Read"])
    assert list(ours.after) == ["pay-Read"]
    assert len(ours.removed) == 3
    assert listed.added == NAMES


def test_what_was_chosen_stays_even_if_awsx_counts_no_use(config, session, listed):
    text = full(session, config.read_bytes(), ENTRIES[:1])
    ours, other = split(text, session, listed, ENTRIES)
    assert (ours.text, other.is_change) == (text, False)


def test_a_chosen_profile_whose_name_now_collides_is_renamed_as_in_a_full_config(
    config, session, listed
):
    text = full(session, config.read_bytes(), ENTRIES[:1])
    twin = Entry(Account("777788889999", "pay", ""), "Admin", "eu-west-1")
    ours, other = split(text, session, listed, [*ENTRIES, twin])
    assert list(ours.after) == ["pay-Admin-111122223333"]
    assert {"pay-Admin-111122223333", "pay-Admin-777788889999"} <= set(other.after)


def test_what_aws_lists_no_more_leaves_the_catalogue_and_stays_in_the_config(
    config, session, listed
):
    text = full(session, config.read_bytes(), ENTRIES[:1])
    ours, other = split(text, session, listed, ENTRIES[2:])
    assert (ours.gone, list(ours.after)) == (["pay-Admin"], ["pay-Admin"])
    assert other.removed == ["pay-Read"]


def test_a_name_in_the_catalogue_of_another_session_is_taken(config, session, listed, environment):
    config.write_text(config.read_text() + CORP.replace("corp]", "other]"))
    other = Facts(environment).config.session("other")
    found = split(config.read_bytes(), other, listed, ENTRIES[:1])[1]
    assert found.added == ["pay-Admin-111122223333"]
    assert found.text.startswith(listed.read_bytes())


def test_a_profile_by_hand_is_in_no_catalogue(config, session, catalogue):
    config.write_text(CORP + PROD)
    ours, other = split(config.read_bytes(), session, catalogue, ENTRIES)
    assert (ours.left, other.added) == (["prod"], [n for n in NAMES if n != "pay-Admin"])


# --- the commands, with a catalogue in which nobody has chosen yet


def test_lists_show_the_catalogue_and_follow_its_changes(environment, config, session, listed):
    assert core(environment, "ls", "--names").stdout.split() == ["prod", *NAMES]
    rows = json.loads(core(environment, "ls", "--json", "pay-r").stdout)
    assert [(row["profile"], row["account_id"]) for row in rows] == [("pay-Read", PAY.id)]
    split(config.read_bytes(), session, listed, ENTRIES[:2], writes=True)
    assert core(environment, "ls", "--names").stdout.split() == ["prod", "pay-Admin", "pay-Read"]
    assert len(core(environment, "ls").stdout.splitlines()) == 4


@pytest.mark.parametrize(
    "words",
    [
        ["exec", "dev-Read", "--no-login", "--", "true"],
        ["exec", "prod", "dev-R*", "--no-login", "--", "true"],
        ["console", "dev-Read", "--print"],
        ["login", "dev-Read"],
        ["pin", "dev-Read"],
        ["creds", "dev-Read", "--format", "env", "--no-login"],
    ],
)
def test_the_first_choice_writes_the_profile(words, environment, config, listed):
    was = config.read_text()
    done = core(environment, *words)
    assert "no profile" not in done.stderr
    text = config.read_text()
    assert text.startswith(was)
    assert "[profile dev-Read]\nsso_session = corp\nsso_account_id = 444455556666\n" in text
    assert "no profile" not in core(environment, *words).stderr
    assert config.read_text() == text
    assert not list(config.parent.glob("*.awsx-backup"))  # those of populate are worth more


def test_nothing_else_writes_a_profile(environment, config, listed):
    was = config.read_bytes()
    core(environment, "--refresh", AWS_PROFILE="dev-Read")
    core(environment, "--ensure", "dev-Read")
    told = core(environment, "current", AWS_PROFILE="dev-Read")
    assert (told.returncode, config.read_bytes()) == (1, was)
    assert "it is in awsx's catalogue alone" in told.stderr
    assert "awsx dev-Read" in told.stderr
    wrong = core(environment, "exec", "dev-Reed", "--", "true")
    assert "did you mean dev-Read" in wrong.stderr
    assert config.read_bytes() == was


def test_the_preview_says_that_no_file_has_the_profile_yet(environment, config, listed):
    told = core(environment, "--preview", b"dev-Read".hex()).stdout
    assert "none yet: this writes it into the config" in told
    assert "444455556666" in told
    core(environment, "exec", "dev-Read", "--no-login", "--", "true")
    assert "~/.aws/config:" in core(environment, "--preview", b"dev-Read".hex()).stdout


def test_a_catalogue_that_others_may_have_written_counts_as_none(environment, listed):
    listed.chmod(0o666)
    assert core(environment, "ls", "--names").stdout.split() == ["prod"]


def test_profiles_that_are_chosen_at_once_are_all_written(environment, config, listed):
    start = [sys.executable, "-I", "-S", str(ROOT / "awsx" / "start.py"), "exec"]
    running = [
        subprocess.Popen([*start, name, "--no-login", "--", "true"], env=environment)
        for name in NAMES
    ]
    assert [process.wait() for process in running] == [0] * len(NAMES)
    assert [name for name in NAMES if f"[profile {name}]" in config.read_text()] == NAMES


# --- populate, against the loopback AWS


def log_in(home, center):
    cache = home / ".aws" / "sso" / "cache"
    cache.mkdir(parents=True, exist_ok=True)
    file = cache / f"{hashlib.sha1(b'corp').hexdigest()}.json"
    file.write_text(json.dumps(center.log_in()))


def test_populate_writes_the_catalogue_and_without_the_option_everything(
    environment, home, config, catalogue
):
    with IdentityCenter(make_organisation(accounts=3, roles=2)) as center:
        config.write_text(CORP.replace("https://corp.awsapps.com/start", center.start_url))
        was = config.read_bytes()
        log_in(home, center)
        env = {**environment, **center.environment()}
        done = core(env, "populate", "--on-demand", "--yes")
        assert done.returncode == 0, done.stderr
        assert (config.read_bytes(), stat.S_IMODE(catalogue.stat().st_mode)) == (was, 0o600)
        assert "awsx's catalogue: 6 profiles added for corp" in done.stderr
        assert done.stdout.count("+[profile ") == 6
        again = core(env, "populate", "--on-demand", "--yes")
        assert (again.stdout, "nothing to change" in again.stderr) == ("", True)

        core(env, "exec", "payments-dev-ReadOnlyAccess", "--", "true")
        chosen = config.read_text()
        assert chosen.count("[profile ") == 1
        settings = home / ".config/awsx/config.toml"
        settings.parent.mkdir(parents=True)
        settings.write_text("[populate]\non_demand = true\n")
        assert core(env, "populate", "--yes").returncode == 0
        assert config.read_text() == chosen
        done = core(env, "populate", "--yes", "--all")
        assert "5 profiles added" in done.stderr
        assert config.read_text().count("[profile ") == 6
        assert catalogue.read_bytes() == b""
        done = core(env, "populate", "--yes")
        assert "6 profiles removed" in done.stderr
