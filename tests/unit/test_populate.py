"""awsx populate: names that every SDK reads, one block in the config, and nothing else changed."""

import hashlib
import json
import os
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import botocore.session
import pytest
from sample import CORP, PROD

from awsx.commands import populate
from awsx.commands.populate import Order
from awsx.demo import IdentityCenter, make_organisation
from awsx.files import marked_block, rewrite
from awsx.files.profiles import SsoSession
from awsx.populate import block, names, reading, selection
from awsx.populate.block import Wish
from awsx.populate.names import Entry, Naming
from awsx.populate.selection import Selection
from awsx.service.accounts import Account
from awsx.term import AwsxError

ROOT = Path(__file__).parents[2]
SESSION = SsoSession("corp", "https://corp.awsapps.com/start", "eu-west-1", "")
PAY = Account("111122223333", "Payments Prod", "aws+pay@example.com")
HOSTILE = [
    "a b",
    "'q'",
    '"q"',
    "$(touch x)",
    "`id`",
    "\N{PILE OF POO}",
    "Zürich",
    "x" * 200,
    "a]b",
    "a\n[profile evil]\ncredential_process = touch x",
    "# >>> awsx populate corp >>>",
    "",
    "default",
    "login",
    " ",
    "-r",
    "..",
    "%s{role}",
    "\x1b[31mred",
    "a\0b",
]


def entry(account=PAY, role="AdministratorAccess", region="eu-west-1"):
    return Entry(account, role, region)


def named(naming=Naming(), has_regions=False, **changed):  # noqa: B008 - a value
    return names.name(naming, entry(**changed), "corp", has_regions)


@pytest.mark.parametrize(
    ("naming", "expected"),
    [
        (Naming(), "payments-prod-AdministratorAccess"),
        (Naming(separator="."), "payments.prod.AdministratorAccess"),
        (Naming(case="lower"), "payments-prod-administratoraccess"),
        (Naming(case="upper"), "PAYMENTS-PROD-ADMINISTRATORACCESS"),
        (Naming(trim_role=("Access$",)), "payments-prod-Administrator"),
        (Naming(trim_account=("(?i)^payments ",)), "prod-AdministratorAccess"),
        (Naming(trim_account=(".*",)), "payments-prod-AdministratorAccess"),
        (Naming("{account_name}"), "Payments-Prod"),
        (Naming("{account_id}.{role}"), "111122223333.AdministratorAccess"),
        (Naming("{email}"), "aws+pay@example.com"),
        (Naming("{session}/{account}"), "corp-payments-prod"),
        (Naming("{account}-{region}"), "payments-prod-eu-west-1"),
        (Naming("{account}-{short_region}"), "payments-prod-euw1"),
    ],
)
def test_a_template_is_filled_in(naming, expected):
    assert named(naming) == expected


def test_where_a_role_is_wanted_in_several_regions_the_name_says_which():
    assert named(has_regions=True) == "payments-prod-AdministratorAccess-euw1"


@pytest.mark.parametrize("template", ["{nobody}", "{account", "{0}", "{account!r}", "words", "{}"])
def test_what_is_no_template_is_wrong_usage(template):
    with pytest.raises(AwsxError, match="account_id") as raised:
        Naming(template).check()
    assert raised.value.code == 2


def test_names_that_collide_get_the_account_whatever_the_order():
    twin = PAY._replace(id="444455556666")
    entries = [entry(), entry(twin), entry(twin, "ReadOnly")]
    for order in (entries, entries[::-1]):
        found = names.assign({e: named(account=e.account, role=e.role) for e in order}, set(), "-")
        assert found.names == {
            entries[0]: "payments-prod-AdministratorAccess-111122223333",
            entries[1]: "payments-prod-AdministratorAccess-444455556666",
            entries[2]: "payments-prod-ReadOnly",
        }
        assert list(found.collisions) == ["payments-prod-AdministratorAccess"]


@pytest.mark.parametrize("taken", ["default", "login", "mine"])
def test_a_name_that_somebody_has_is_not_taken(taken):
    found = names.assign({entry(): taken}, {"mine"}, "-")
    assert found.names == {entry(): f"{taken}-111122223333"}


def test_roles_whose_names_look_alike_are_numbered():
    entries = [entry(role="A=b"), entry(role="A,b")]
    found = names.assign({e: named(role=e.role) for e in entries}, set(), "-").names
    assert sorted(found.values()) == ["payments-prod-A-b", "payments-prod-A-b-2"]


# --- the block


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (" Zürich\n 2 ", "Zurich 2"),
        ("\N{PILE OF POO}", "?"),
        ("# hash; semicolon", "- hash; semicolon"),
        ("team #5 ; new", "team -5 - new"),
        ("C#", "C#"),
        ("x" * 200, "x" * 128),
    ],
)
def test_an_account_keeps_its_name_as_far_as_every_sdk_reads_it(name, expected):
    assert block.account_name(name) == expected


def planned(text, entries, wish=Wish(Naming()), credentials=b""):  # noqa: B008 - a value
    return block.plan(text, SESSION, entries, wish, "config", credentials)


def test_a_block_is_added_and_found_again():
    first = planned(CORP.encode(), [entry()])
    assert first.text.startswith(CORP.encode())
    assert first.added == ["payments-prod-AdministratorAccess"]
    again = planned(first.text, [entry()])
    assert again.text == first.text
    assert again.diff("config") == []


def test_hostile_names_of_accounts_make_whole_profiles(tmp_path):
    accounts = [Account(f"{n:012}", name, "") for n, name in enumerate(HOSTILE, 1)]
    plan = planned(CORP.encode(), [entry(account) for account in accounts])
    path = tmp_path / "config"
    path.write_bytes(plan.text)
    session = botocore.session.Session()
    session.set_config_variable("config_file", str(path))
    read = session.full_config["profiles"]
    assert {keys["sso_account_id"] for keys in read.values()} == {a.id for a in accounts}
    assert not any("credential_process" in keys for keys in read.values())
    assert all(name.isascii() and not set(name) & set(" '\"$[]#`%\\") for name in read)
    assert planned(plan.text, [entry(account) for account in accounts]).text == plan.text


def test_a_profile_by_hand_for_the_same_account_and_role_is_left_alone():
    text = (CORP + PROD).encode()  # 111122223333, Admin
    plan = planned(text, [entry(role="Admin"), entry()])
    assert plan.left == ["prod"]
    assert plan.added == ["payments-prod-AdministratorAccess"]
    legacy = PROD.replace("sso_session = corp", f"sso_start_url = {SESSION.start_url}/")
    assert planned(legacy.encode(), [entry(role="Admin")]).left == ["prod"]
    other = PROD.replace("sso_session = corp", "sso_session = other")
    assert planned(other.encode(), [entry(role="Admin")]).left == []


def test_of_several_regions_only_the_one_by_hand_is_left_out():
    entries = [entry(role="Admin"), entry(role="Admin", region="us-east-1")]
    plan = planned((CORP + PROD).encode(), entries)
    assert plan.left == ["prod"]
    assert [keys["region"] for keys in plan.after.values()] == ["us-east-1"]


def test_a_name_of_the_credentials_file_is_taken():
    plan = planned(b"", [entry()], credentials=b"[payments-prod-AdministratorAccess]\n")
    assert plan.added == ["payments-prod-AdministratorAccess-111122223333"]


def test_what_aws_lists_no_more_stays_until_it_is_pruned():
    text = planned(b"", [entry(), entry(role="Old")]).text
    plan = planned(text, [entry()])
    assert (plan.text, plan.gone, plan.removed) == (text, ["payments-prod-Old"], [])
    plan = planned(text, [entry()], Wish(Naming(), prune=True))
    assert plan.removed == ["payments-prod-Old"]
    assert b"Old" not in plan.text
    assert planned(plan.text, [], Wish(Naming(), prune=True)).text == b""


def test_another_region_takes_the_place_of_the_one_before():
    text = planned(b"", [entry()]).text
    plan = planned(text, [entry(region="us-east-1")])
    assert (plan.changed, plan.gone) == (["payments-prod-AdministratorAccess"], [])
    assert plan.diff("config")[3:] == ["-region = eu-west-1", "+region = us-east-1"]


def test_extra_keys_stand_in_each_profile_and_a_change_of_them_is_told():
    text = planned(b"", [entry()]).text
    plan = planned(text, [entry()], Wish(Naming(), extra={"output": "json"}))
    assert plan.changed == ["payments-prod-AdministratorAccess"]
    assert plan.diff("config")[2:] == [
        " [profile payments-prod-AdministratorAccess]",
        "+output = json",
    ]


def test_blocks_of_two_sessions_stand_side_by_side():
    text = planned(CORP.encode(), [entry()]).text
    other = SsoSession("corp eu", SESSION.start_url, "eu-west-1", "")
    both = block.plan(text, other, [entry()], Wish(Naming()), "config").text
    assert both.startswith(text)
    found = marked_block.find(both, "config", block.label("corp"))
    assert found
    assert both.count(b"[profile payments-prod-AdministratorAccess]") == 1
    assert b"[profile payments-prod-AdministratorAccess-111122223333]" in both
    assert planned(both, [entry()]).text == both


def test_broken_markers_are_an_error_with_their_line():
    with pytest.raises(AwsxError, match="config:1: awsx's markers"):
        planned(b"# >>> awsx populate corp >>>\n", [entry()])


@pytest.mark.parametrize(
    ("select", "expected"),
    [
        (Selection(), {"1A", "1R", "2A", "2R"}),
        (Selection(include=("payments*",)), {"1A", "1R"}),
        (Selection(include=("111122223333",)), {"1A", "1R"}),
        (Selection(exclude=("*pay@*",)), {"2A", "2R"}),
        (Selection(roles=("admin*",)), {"1A", "2A"}),
        (Selection(include=("*-readonly",)), {"1R", "2R"}),
    ],
)
def test_patterns_select_accounts_and_roles(select, expected):
    dev = Account("222233334444", "Dev", "aws+dev@example.com")
    grants = {PAY: ["AdministratorAccess", "ReadOnly"], dev: ["AdministratorAccess", "ReadOnly"]}
    found = selection.entries(grants, select, Naming(), SESSION)
    assert {f"{e.account.id[0]}{e.role[0]}" for e in found} == expected


def test_regions_go_by_the_first_pattern_that_matches():
    dev = Account("222233334444", "Dev", "")
    regions = {"payments*": ("eu-west-1", "us-east-1"), "*": ("eu-north-1",)}
    found = selection.entries(
        {PAY: ["A"], dev: ["A"]}, Selection(regions=regions), Naming(), SESSION
    )
    assert [e.region for e in found] == ["eu-west-1", "us-east-1", "eu-north-1"]


# --- the verb, against the loopback AWS


@pytest.fixture
def center(monkeypatch):
    with IdentityCenter(make_organisation(accounts=6, roles=2)) as center:
        for name, value in center.environment().items():
            monkeypatch.setenv(name, value)
        yield center


@pytest.fixture
def config(home, center):
    """A config with a session, and the session's token."""
    path = home / ".aws" / "config"
    path.write_text(CORP.replace("https://corp.awsapps.com/start", center.start_url))
    log_in(home, center)
    return path


def log_in(home, center):
    cache = home / ".aws" / "sso" / "cache"
    cache.mkdir(parents=True, exist_ok=True)
    file = cache / f"{hashlib.sha1(b'corp').hexdigest()}.json"
    file.write_text(json.dumps(center.log_in()))


def run(environment, center, *words, **more):
    start = [sys.executable, "-I", "-S", str(ROOT / "awsx" / "start.py"), "populate", *words]
    env = {**environment, **center.environment(), **more}
    return subprocess.run(
        start, env=env, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False
    )


def account_by_boto3(environment, center, profile):
    """Which account a profile is in, as boto3 uses it in a process of its own."""
    script = (
        f"import sys; sys.path[:0] = {sys.path!r}\nimport boto3\n"
        "print(boto3.client('sts').get_caller_identity()['Account'])"
    )
    env = {**environment, **center.environment(), "AWS_PROFILE": profile}
    return subprocess.check_output([sys.executable, "-c", script], env=env, text=True).strip()


def test_populate_writes_what_boto3_reads(environment, center, config):
    was = config.read_bytes()
    config.chmod(0o640)
    done = run(environment, center, "--dry-run")
    assert (done.returncode, config.read_bytes()) == (0, was)
    assert "+[profile payments-prod-AdministratorAccess]" in done.stdout.splitlines()
    assert run(environment, center).returncode == 2  # nobody can be asked
    assert config.read_bytes() == was

    done = run(environment, center, "--yes")
    assert done.returncode == 0, done.stderr
    assert "12 profiles added" in done.stderr
    assert config.read_bytes().startswith(was)
    assert stat.S_IMODE(config.stat().st_mode) == 0o640
    backups = list(config.parent.glob("config.*.awsx-backup"))
    assert [path.read_bytes() for path in backups] == [was]
    made = center.organisation.accounts[2]
    assert account_by_boto3(environment, center, f"{made.name}-{made.roles[1]}") == made.id

    written = config.stat().st_mtime_ns
    again = run(environment, center, "--yes")
    assert (again.returncode, again.stdout) == (0, "")
    assert "nothing to change" in again.stderr
    assert config.stat().st_mtime_ns == written
    assert kept(environment) == []


def test_a_config_that_is_a_link_stays_one(environment, center, config):
    real = config.with_name("real")
    config.rename(real)
    config.symlink_to("real")
    assert run(environment, center, "--yes").returncode == 0
    assert config.is_symlink()
    assert b"awsx populate corp" in real.read_bytes()


def kept(environment):
    return list((Path(environment["HOME"]) / ".local/state/awsx").glob("populate.*.json"))


def test_a_list_that_is_not_whole_changes_nothing_and_is_gone_on_with(
    environment, center, config, monkeypatch
):
    """A session that AWS ends in the middle; the next run reads the rest alone."""
    was = config.read_bytes()
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    calls = 0
    roles = populate.Accounts.roles

    def ends(self, account):
        nonlocal calls
        calls += 1
        if calls == 4:
            center.revoke_sessions()
        return roles(self, account)

    monkeypatch.setattr(populate.Accounts, "roles", ends)
    monkeypatch.setattr(reading, "WORKERS", 2)
    env = {**environment, **center.environment()}
    with pytest.raises(AwsxError, match=r"ended the session corp in the middle.* read so far"):
        populate.populate(env, Order(is_sure=True))
    assert config.read_bytes() == was
    [file] = kept(environment)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    had = len(json.loads(file.read_text())["roles"])
    assert had >= 2

    log_in(config.parents[1], center)
    calls = 10
    before = center.log.count("ListAccountRoles")
    populate.populate(env, Order(is_sure=True))
    assert center.log.count("ListAccountRoles") - before == 6 - had
    assert config.read_bytes().count(b"[profile ") == 12
    assert kept(environment) == []


def test_a_dead_network_is_an_error_and_changes_nothing(environment, center, config):
    was = config.read_bytes()
    dead = dict.fromkeys(center.environment(), "http://127.0.0.1:9")
    done = run(environment, center, "--yes", **dead)
    assert (done.returncode, done.stdout, config.read_bytes()) == (1, "", was)
    assert "cannot reach AWS" in done.stderr


def test_what_forbids_to_write_is_told_before_anything_is_read(environment, center, config):
    config.write_text(f"{config.read_text()}# >>> awsx populate corp >>>\n")
    done = run(environment, center, "--yes")
    assert done.returncode == 1
    assert "~/.aws/config:4: awsx's markers" in done.stderr
    config.write_text(CORP + CORP.replace("corp]", "other]"))
    done = run(environment, center, "--yes")
    assert done.returncode == 2
    assert "which session? say --session with one of: corp, other" in done.stderr
    assert center.log.count("ListAccounts") == 0


def test_another_sessions_results_are_not_taken_up(environment, home):
    env, now = environment, time.time()
    mine = reading.Kept(env, SESSION, now)
    mine.roles["1"] = ["Admin"]
    mine.save()
    assert reading.Kept(env, SESSION, now).roles == {"1": ["Admin"]}
    assert reading.Kept(env, SESSION, now + reading.KEPT_FOR).roles == {}
    moved = SsoSession("corp", "https://other.awsapps.com/start", "eu-west-1", "")
    assert reading.Kept(env, moved, now).roles == {}
    [file] = kept(environment)
    file.write_text('{"roles": [')
    assert reading.Kept(env, SESSION, now).roles == {}


def test_a_change_by_another_program_at_the_same_moment_is_kept(environment, home):
    path = home / ".aws" / "config"
    path.write_bytes(b"1\n")
    seen = []

    def changed(text):
        seen.append(text)
        if len(seen) == 1:
            path.write_bytes(b"1\n2\n")
        return text + b"3\n"

    rewrite.change(str(path), environment, changed)
    assert path.read_bytes() == b"1\n2\n3\n"
    assert sorted(os.listdir(path.parent))[0] == "config"
    assert not list(path.parent.glob("*.tmp"))


def test_what_a_killed_awsx_left_beside_its_files_is_swept(environment, home):
    path = home / ".aws" / "config"
    path.write_bytes(b"1\n")
    kept_by = reading.Kept(environment, SESSION, time.time())
    kept_by.save()
    [state] = kept(environment)
    left = [
        path.with_name("config.20260101-000000-000.awsx-backup.4194303.tmp"),
        state.with_name(f"{state.name}.4194303.tmp"),
    ]
    for file in left:
        file.write_bytes(b"half")
        os.utime(file, (0, 0))
    rewrite.change(str(path), environment, lambda text: text + b"2\n")
    kept_by.save()
    assert [file for file in left if file.exists()] == []


def test_one_awsx_writes_at_a_time(environment, home):
    path = home / ".aws" / "config"
    script = (
        f"import sys; sys.path[:0] = {[str(ROOT), *sys.path]!r}\n"
        "import os\nfrom awsx.files import rewrite\n"
        "rewrite.change(sys.argv[1], dict(os.environ), lambda t: t + sys.argv[2].encode() + b'\\n')"
    )
    start = [sys.executable, "-c", script, str(path)]
    running = [subprocess.Popen([*start, str(n)], env=environment) for n in range(6)]
    assert [process.wait() for process in running] == [0] * 6
    assert sorted(path.read_bytes().split()) == sorted(str(n).encode() for n in range(6))
    assert len(list(path.parent.glob("*.awsx-backup"))) <= rewrite.KEPT


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ('case = "odd"', '"keep" or "lower" or "upper"'),
        ('template = "{nobody}"', "{account_id}"),
        ('trim_role = "("', "a regular expression"),
        ('regions = ["nowhere"]', "a region, a list"),
        ('extra = { sso_session = "x" }', "none of those that log in"),
        ('extra = { output = "a\\nb" }', "none of those that log in"),
        ('separator = " "', "a character of"),
    ],
)
def test_a_mistake_in_the_settings_is_told_with_its_line(
    environment, center, config, settings, message
):
    path = Path(environment["HOME"]) / ".config/awsx/config.toml"
    path.parent.mkdir(parents=True)
    path.write_text(f"[populate]\n{settings}\n")
    done = run(environment, center, "--yes")
    assert (done.returncode, done.stdout) == (1, "")
    assert "config.toml:2" in done.stderr
    assert message in done.stderr


def test_the_settings_say_how_profiles_are_called(environment, center, config):
    path = Path(environment["HOME"]) / ".config/awsx/config.toml"
    path.parent.mkdir(parents=True)
    path.write_text(
        '[populate]\ntemplate = "{account}.{role}"\ntrim_role = "Access$"\ncase = "lower"\n'
        'role = "Admin*"\nregions = { "*prod*" = ["us-east-1"] }\n'
        '[populate.extra]\noutput = "json"\n'
    )
    done = run(environment, center, "--yes", "--include", "payments*")
    assert done.returncode == 0, done.stderr
    text = config.read_text()
    assert "[profile payments-prod.administrator]" in text
    assert text.count("output = json") == 4
    assert text.count("region = us-east-1") == 1


def test_a_kill_at_any_moment_leaves_the_config_whole(environment, center, config):
    """Whole: as it was, or with all profiles. Killed ever later until one run comes through."""
    was, whole = config.read_bytes(), None
    center.behaviour.latency = 0.01
    start = [sys.executable, "-I", "-S", str(ROOT / "awsx" / "start.py"), "populate", "--yes"]
    env = {**environment, **center.environment()}
    done = subprocess.run(start, env=env, capture_output=True, check=False)
    assert done.returncode == 0
    whole = config.read_bytes()
    config.write_bytes(was)
    for delay in (0.3, 0.6, 0.75, 0.9):
        process = subprocess.Popen(start, env=env, stderr=subprocess.PIPE, stdout=subprocess.PIPE)
        timer = threading.Timer(delay, process.kill)
        timer.start()
        process.communicate()
        timer.cancel()
        assert config.read_bytes() in (was, whole)
