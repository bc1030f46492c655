"""Memos are fresh exactly as long as their sources stay the same; they hold no secret."""

import json
import os
import posix
import shutil
import stat
import subprocess
import sys
import time
from hashlib import sha1
from pathlib import Path

import pytest
from sample import CORP, PROD

from awsx.commands import before
from awsx.facts import Facts
from awsx.files import profiles, stock, tokens
from awsx.files.memo import FIELDS, FORMAT, SEPARATOR, Memo
from awsx.files.stock import SOURCES, Stock
from awsx.memos.remember import remember
from awsx.memos.remember import remember_names as remember_lists

ROOT = Path(__file__).parents[2]
KEY = sha1(b"corp").hexdigest()
CONFIG = f"""\
{CORP}{PROD}[profile keys]
aws_access_key_id = AKIASECRET
aws_secret_access_key = SECRET
credential_process = /bin/SECRET
"""


@pytest.fixture
def env(home):
    """An environment whose config was last changed an hour ago."""
    env = {"HOME": str(home), "TMPDIR": str(home / "tmp")}
    write(home / ".aws" / "config", CONFIG, age=3600)
    return env


def write(path, text, age=0.0):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    if age:
        then = time.time_ns() - int(age * 1e9)
        os.utime(path, ns=(then, then))


def source(home, name):
    """The path of `config`, `credentials` or `settings`."""
    return home / (".config/awsx/config.toml" if name == "settings" else f".aws/{name}")


def refresh(env, name="prod"):
    """Do what the core does for a prompt; return the stock afterwards."""
    before.refresh({**env, "AWS_PROFILE": name})
    return Stock(env)


def quiet(env, name="prod"):
    """Write the memo of a profile; return the facts."""
    facts = before.opened_quietly(env)
    remember(facts, name, facts.find(name))
    return facts


def memo_name(name):
    return Memo(name, "").file_name()


def token(home, expires="2027-11-20T18:57:37Z", **more):
    write(
        home / ".aws/sso/cache" / f"{KEY}.json",
        json.dumps({"accessToken": "SECRET", "expiresAt": expires, **more}),
    )


def memo(found, name):
    path = Path(found.folder) / name
    return path.read_bytes().decode() if path.exists() else None


NAMES = (*FIELDS, "end")
LOOK = "36:{}\x1e:{}\x1eL:\x02\x1eS:\x03\x1e"  # `prod 111122223333 6h`
PLAIN = {
    "exports": "",
    "short_regions": "",
    "mark": "",
    "needs": "",
    "aws_until": "",
    "aws_clock": "",
    "leave": "",
    "soon": "1800",
    "below": "60",
    "colours": "32 33 31 33 0",
    "end": ".\n",
}


def said(found, name):
    """The fields of a profile's memo."""
    fields = memo(found, name).split(SEPARATOR)
    assert len(fields) == len(NAMES)
    return dict(zip(NAMES, fields))


def look(profile, account=""):
    """The memo's two formats of the segment, wide and narrow, where no settings give them."""
    wide = LOOK.format(profile, account)
    return {
        "look": wide if account else wide.replace(":\x1e", "", 1),
        "narrow": LOOK.format(profile, "").replace(":\x1e", "", 1),
    }


# --- what is written


def test_the_memo_of_a_profile_has_all_it_takes_to_switch_and_draw(env, home):
    write(home / ".config/awsx/config.toml", '[accounts]\n111122223333 = "Production"\n', age=60)
    found = refresh(env)
    assert found.is_fresh
    told = "prod: 111122223333 (Production) Admin"
    fields = {
        "name": "prod",
        "key": KEY,
        "kind": "sso",
        "region": "eu-west-1",
        "told": told,
        "aws_until": "0",
        "stock": found.name,
    }
    assert said(found, "p.prod") == {**PLAIN, **fields, **look("prod", "Production")}
    assert found.folder == f"{home}/.cache/awsx/{FORMAT}{home}/.aws/config/+{home}/.aws/credentials"


@pytest.mark.parametrize(
    ("name", "region", "told"),
    [("two  blanks", "eu-west-1", "two blanks: kind none"), ("prod", "eu  west", "")],
)
def test_the_memo_has_the_message_only_where_a_shell_prints_it_as_the_core_does(
    name, region, told, env, home
):
    """The core prints two blanks as one; what a shell cannot print so, it leaves to the core."""
    write(home / ".aws" / "config", f"[profile '{name}']\nregion = {region}\n", age=60)
    assert said(refresh(env, name), f"p.{name}")["told"] == told


def test_the_memo_of_an_unknown_name_says_that_it_is_missing(env):
    found = refresh(env, "gone")
    fields = {
        "name": "gone",
        "key": "",
        "kind": "missing",
        "region": "",
        "told": "",
        "stock": found.name,
    }
    assert said(found, "p.gone") == {**PLAIN, **fields, **look("gone")}


SSO_GONE = "sso_session = gone\nsso_role_name = r\n"


def test_the_memo_of_a_profile_without_its_session_is_marked_broken(env, home):
    write(home / ".aws" / "config", f"[profile prod]\n{SSO_GONE}", age=60)
    found = refresh(env)
    fields = {
        "name": "prod",
        "key": "",
        "kind": "sso",
        "region": "",
        "told": "",
        "mark": "broken",
        "stock": found.name,
    }
    assert said(found, "p.prod") == {**PLAIN, **fields, **look("prod")}


@pytest.mark.parametrize(
    ("renewable", "expected"),
    [(False, 0), (True, 1826737057)],
)
def test_the_memo_of_a_session_has_a_stamp_with_its_tokens_mtime(env, home, renewable, expected):
    more = (
        {"refreshToken": "SECRET", "clientId": "c", "clientSecret": "SECRET"} if renewable else {}
    )
    token(home, **more, registrationExpiresAt="2027-11-20T18:57:37Z")
    found = refresh(env)
    ends, until, stamp, end = memo(found, f"s.{KEY}").split(SEPARATOR)
    assert (ends, until, end) == ("1826737057", str(expected), ".\n")
    source = home / ".aws/sso/cache" / f"{KEY}.json"
    assert os.stat(f"{found.folder}/s.{KEY}.{stamp}").st_mtime_ns == source.stat().st_mtime_ns
    assert os.stat(f"{found.folder}/e.{KEY}").st_mtime == 1826737057  # fish reckons with this


def test_the_memo_of_a_session_follows_its_token(env, home):
    """Each token has a stamp of its own, so a shell that drew from an old token finds it gone."""

    def seen():
        found = refresh(env)
        stamps = [path.name for path in Path(found.folder).glob(f"s.{KEY}.*")]
        told = memo(found, f"s.{KEY}")
        return told and told.split(SEPARATOR)[0], stamps

    assert seen() == (None, [])
    token(home)
    ends, first = seen()
    assert (ends, len(first)) == ("1826737057", 1)
    token(home, expires="2026-11-20T18:57:37Z")
    ends, second = seen()
    assert (ends, len(second), first == second) == ("1795201057", 1, False)
    write(home / ".aws/sso/cache" / f"{KEY}.json", '{"accessToken": "SEC')
    assert seen()[0] == "0"
    last = seen()[1]
    (home / ".aws/sso/cache" / f"{KEY}.json").unlink()
    assert seen() == (None, last)  # so that a shell sees that the token is gone


def test_stamps_have_the_mtimes_of_their_sources(env, home):
    found = refresh(env)
    at = f"{found.folder}/config.{found.name}"
    assert os.stat(at).st_mtime_ns == (home / ".aws/config").stat().st_mtime_ns
    assert os.path.exists(f"{found.folder}/g.{found.name}")
    assert not list(Path(found.folder).glob("credentials.*"))
    assert not list(Path(found.folder).glob("settings.*"))


def test_a_new_stock_removes_the_stamps_of_the_last_one(env, home):
    first = refresh(env)
    write(home / ".aws" / "credentials", "[more]\n", age=60)
    second = refresh(env)
    stamps = {
        path.name
        for path in Path(second.folder).iterdir()
        if path.name.startswith(("config", "cred", "g."))
    }
    assert first.name != second.name
    assert stamps == {f"{name}.{second.name}" for name in ("config", "credentials", "g")}


@pytest.mark.parametrize(
    "text", ["", "1 None None", "1 None None x", "x\n", "1 None None x\n", "a b c d e f\n"]
)
def test_a_damaged_stock_is_stale_and_made_anew(text, env):
    found = refresh(env)
    Path(found.folder, "stock").write_text(text)
    assert not Stock(env).is_fresh
    assert refresh(env).name not in ("", found.name)


def test_nothing_secret_is_written(env, home):
    write(
        home / ".aws" / "credentials",
        "[keys]\naws_secret_access_key = SECRET\nSECRET\n[keys]\n",
        age=60,
    )
    token(
        home,
        refreshToken="SECRET",
        clientSecret="SECRET",
        clientId="SECRET",
        registrationExpiresAt="SECRET",
    )
    for name in ("prod", "keys", "gone"):
        found = refresh(env, name)
    files = [path for path in (home / ".cache").rglob("*") if path.is_file()]
    assert {"p.prod", "p.keys", "p.gone", "problems", "stock", f"s.{KEY}"} <= {
        path.name for path in files
    }
    for path in files:
        assert b"SECRET" not in path.read_bytes(), path
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path
    for folder in (found.folder, home / ".cache" / "awsx"):
        assert stat.S_IMODE(os.stat(folder).st_mode) == 0o700


def test_slashes_in_a_name_are_escaped_in_its_file_name():
    assert memo_name("a/b%2Fc") == "p.a%2Fb%252Fc"
    assert memo_name("../../x") == "p...%2F..%2Fx"


HOSTILE = [
    "a b",
    "$(touch x)",
    "`x`",
    "%n",
    "\\[",
    "\x1b[31m",
    "-rf",
    "=ls",
    "a/b",
    "../../../x",
    "größe",
    "*",
    ".",
]


@pytest.mark.parametrize("name", HOSTILE, ids=ascii)
def test_hostile_names_stay_inside_the_folder(name, env, home):
    write(home / ".aws" / "config", f"[profile '{name}']\nregion = eu-west-1\n", age=60)
    found = refresh(env, name)
    fields = said(found, memo_name(name))
    assert (fields["name"], fields["region"]) == (name, "eu-west-1")
    assert fields["look"].split("\x1e")[0].isprintable()
    assert {path.name for path in (home / ".cache" / "awsx").iterdir()} == {FORMAT}


@pytest.mark.parametrize("name", ["a\x1fb", "a\nb", "x" * 300])
def test_a_name_that_no_memo_can_hold_gets_none(name, env):
    """Without a memo, the shells ask the core."""
    found = refresh(env, name)
    assert found.is_fresh
    assert [file for file in os.listdir(found.folder) if file.startswith("p.")] == []


def test_the_name_of_an_account_is_printable_and_short(env, home):
    write(
        home / ".config/awsx/config.toml",
        f'[accounts]\n111122223333 = "a\\u001b[31m{"x" * 100}"\n',
        age=60,
    )
    account = said(refresh(env), "p.prod")["look"].split("\x1e")[1]
    assert account.isprintable()
    assert len(account) == len(":") + 40


# --- fresh or not


def test_the_stock_is_fresh_as_long_as_nothing_changes(env):
    assert not Stock(env).is_fresh
    refresh(env)
    assert Stock(env).is_fresh
    assert Stock(env).is_fresh


def move_clock(path, seconds):
    then = path.stat().st_mtime_ns + int(seconds * 1e9)
    os.utime(path, ns=(then, then))


def replace(path, text, age):
    write(path.with_name("new"), text, age)
    path.with_name("new").rename(path)


CHANGES = {
    "edited": lambda aws: write(aws / "config", CONFIG + "\n"),
    "touched": lambda aws: (aws / "config").touch(),
    "an older copy restored": lambda aws: write(aws / "config", CONFIG, age=7200),
    "mtime put back": lambda aws: move_clock(aws / "config", -1e-6),
    "replaced by a newer one": lambda aws: replace(aws / "config", CONFIG, age=60),
    "replaced by an older one": lambda aws: replace(aws / "config", CONFIG, age=9999),
    "from the future": lambda aws: move_clock(aws / "config", 1e6),
    "deleted": lambda aws: (aws / "config").unlink(),
    "its folder deleted": lambda aws: shutil.rmtree(aws),
    "a credentials file appears": lambda aws: write(aws / "credentials", "[x]\n"),
    "an old credentials file appears": lambda aws: write(aws / "credentials", "[x]\n", age=99999),
    "settings appear": lambda aws: write(aws.parent / ".config/awsx/config.toml", "", age=99999),
    "a folder takes its place": lambda aws: ((aws / "config").unlink(), (aws / "config").mkdir()),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_the_stock_is_stale_after_any_change(change, env, home):
    refresh(env)
    change(home / ".aws")
    assert not Stock(env).is_fresh
    assert refresh(env).is_fresh


def with_same_mtime(path, change):
    kept = path.stat().st_mtime_ns
    change(path)
    os.utime(path, ns=(kept, kept))


def same_size(path):
    """Another file of the same size takes its place, as `git checkout` does it."""
    replace(path, path.read_text().replace("a", "b"), age=0)


SAME_MTIME = {
    "overwritten by more": lambda path: path.write_text(path.read_text() + "# more\n"),
    "replaced by a file of the same size": same_size,
    "replaced by a link": lambda path: (
        path.rename(path.with_name("moved")),
        path.symlink_to("moved"),
    ),
}


@pytest.mark.parametrize("name", SOURCES)
@pytest.mark.parametrize("change", SAME_MTIME.values(), ids=SAME_MTIME)
def test_the_stock_is_stale_after_a_change_that_keeps_the_mtime(change, name, env, home):
    path = source(home, name)
    write(path, "# a\n", age=60)
    assert refresh(env).is_fresh
    with_same_mtime(path, change)
    assert not Stock(env).is_fresh
    assert refresh(env).is_fresh


# What is a link, and what it leads to before and after the change.
LINKS = {
    "the file": ("{}", "v1/file", "v2/file"),
    "the file, by two links": ("hop", "v1/file", "v2/file"),
    "a folder above it": ("current", "v1", "v2"),
}


def lead(home, path, where, to):
    """Make `path` lead to a file through links, the one called `where` to `to`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    ways = {"{}": to, "hop": "hop", "current": "current/file"}
    for link, aim in ((path, home / ways[where]), (home / where, to)):
        if link.name != "{}":
            link.unlink(missing_ok=True)
            link.symlink_to(home / aim)


@pytest.mark.parametrize("age", [60, None], ids=["", "of Nix"])
@pytest.mark.parametrize("name", SOURCES)
@pytest.mark.parametrize(("where", "before", "after"), LINKS.values(), ids=LINKS)
def test_a_link_that_leads_elsewhere_makes_the_stock_stale(
    where, before, after, name, age, env, home
):
    """Both files are alike in mtime and size. A pointer shows the change to a shell's `-ef`."""
    then = 1_000_000_000 if age is None else time.time_ns() - age * 10**9
    for version in ("v1", "v2"):
        write(home / version / "file", "", age=60)
        os.utime(home / version / "file", ns=(then, then))
    path = source(home, name)
    for to, other in ((before, after), (after, before)):
        lead(home, path, where, to)
        assert not Stock(env).is_fresh
        found = refresh(env)
        pointer = Path(found.folder) / f"{name}-at.{found.name}"
        assert found.is_fresh
        assert os.readlink(pointer) == str(home / to / ("" if "file" in to else "file"))
        assert os.path.samefile(pointer, path)
        lead(home, path, where, other)
        assert not os.path.samefile(pointer, path)
        assert [file.name for file in pointer.parent.glob("*-at.*")] == [pointer.name]


def test_the_same_file_behind_another_path_makes_the_stock_stale(env, home):
    """A pointer that leads nowhere must not have each prompt start the core for ever."""
    config = home / ".aws" / "config"
    config.rename(home / "first")
    config.symlink_to(home / "first")
    refresh(env)
    (home / "first").rename(home / "second")
    config.unlink()
    config.symlink_to(home / "second")
    assert not Stock(env).is_fresh
    found = refresh(env)
    assert os.path.samefile(f"{found.folder}/config-at.{found.name}", config)


@pytest.mark.parametrize("name", ["credentials", "settings"])
def test_the_stock_is_stale_after_a_source_disappears(name, env, home):
    path = source(home, name)
    write(path, "", age=60)
    refresh(env)
    path.unlink()
    assert not Stock(env).is_fresh
    assert refresh(env).is_fresh


def test_every_memo_is_stale_once_a_source_changes(env, home):
    found = refresh(env)
    found.keep("rows", "old")
    write(home / ".aws" / "config", CONFIG.replace("Admin", "Reader"), age=60)
    assert Stock(env).kept("rows") == ""
    found = refresh(env, "keys")
    assert (memo(found, "p.prod"), found.kept("rows")) == (None, "")
    assert said(refresh(env), "p.prod")["told"] == "prod: 111122223333 Reader"


def test_another_config_file_has_memos_of_its_own(env, home):
    write(home / "other", "[profile prod]\nregion = us-east-1\n", age=3600)
    other = {**env, "AWS_CONFIG_FILE": "~/other"}
    first, second = refresh(env), refresh(other)
    assert first.folder != second.folder
    assert (first.is_fresh, Stock(other).is_fresh, Stock(env).is_fresh) == (True, True, True)
    assert [said(f, "p.prod")["region"] for f in (first, second)] == ["eu-west-1", "us-east-1"]
    third = {**env, "AWS_SHARED_CREDENTIALS_FILE": "/nowhere"}
    assert not Stock(third).is_fresh


def test_a_relative_config_file_counts_from_the_working_folder(env, home, monkeypatch):
    monkeypatch.chdir(home / ".aws")
    relative = {**env, "AWS_CONFIG_FILE": "config"}
    assert refresh(relative).is_fresh
    monkeypatch.chdir(home)
    assert profiles.Config(relative).profiles() == {}
    assert Stock(relative).sources["config"] is None
    assert said(refresh(relative), "p.prod")["kind"] == "missing"


def test_a_path_with_two_dots_gets_no_memos(env, home):
    climbing = {**env, "AWS_CONFIG_FILE": f"{home}/x/../.aws/config"}
    (home / "x").mkdir()
    assert not refresh(climbing).is_fresh
    assert not (home / ".cache").exists()
    assert Facts(climbing).profile("prod").role == "Admin"


def test_there_is_a_memo_even_without_any_file(home):
    """Even then a prompt can be drawn from a memo, without starting the core."""
    env = {"HOME": str(home)}
    assert Facts(env).config.profiles() == {}
    assert said(refresh(env), "p.prod")["kind"] == "missing"
    write(home / ".aws" / "config", CONFIG, age=60)
    assert not Stock(env).is_fresh


# --- a file system that ignores the case of names


def test_profiles_share_a_memo_file_where_case_is_ignored(env, home):
    """Otherwise the core would start for each of them by turns."""
    with (home / ".aws" / "config").open("a") as file:
        file.write("[profile PROD]\nregion = us-east-1\n[profile Prod]\nregion = us-east-2\n")
    os.utime(home / ".aws" / "config", (10**9, 10**9))
    folder = Path(refresh(env).folder)
    shared = (folder / "p.prod").read_bytes()
    for name, expected in (("PROD", 2), ("Prod", 3), ("prod", 3), ("PROD", 3)):
        (folder / f"p.{name}").write_bytes(shared + b"dev\x1fof another profile\n")
        refresh(env, name)
        shared = (folder / f"p.{name}").read_bytes()
        names = [line.partition(SEPARATOR)[0] for line in shared.decode().split("\n")[:-1]]
        assert (names[0], len(names), len({*names})) == (name, expected, expected)
        assert "dev" not in names


# --- files younger than the clock is precise


def test_the_core_waits_until_a_file_is_older_than_a_clock_tick(env, home):
    """A file written twice within a tick keeps its mtime, and an old memo would look fresh."""
    path = home / ".aws" / "config"
    for number in range(20):
        write(path, CONFIG.replace("eu-west-1\n[", f"r-{number}\n["))
        assert said(refresh(env), "p.prod")["region"] == f"r-{number}"
    assert time.time_ns() - Stock(env).sources["config"] >= stock.TICK_NS


@pytest.mark.parametrize("name", ["config", "credentials", "settings"])
@pytest.mark.parametrize("shell", ["bash", "bash4"])
def test_no_stamp_vouches_for_a_source_that_is_younger_than_its_clock(name, shell, env, home):
    """The memos say what the core has just read, and a shell asks again at its next step."""
    env = {**env, "AWSX_SHELL": shell}
    path = source(home, name)
    write(path, CONFIG if name == "config" else "", age=60)
    # bash before 5 compares whole seconds, and so does each shell where a file system keeps no more
    rounded = 0 if shell == "bash4" else 1_000_000_000
    change(path, age=1, rounded=rounded)
    found = refresh(env)
    assert said(found, "p.prod")["region"] == "eu-west-1"
    taken = said(found, "p.prod")["stock"]
    stamp = os.stat(f"{found.folder}/{name}.{taken}").st_mtime_ns
    assert stamp // 1_000_000_000 != path.stat().st_mtime_ns // 1_000_000_000
    assert not Stock(env).is_fresh
    change(path, age=3, rounded=rounded)
    found = refresh(env)
    assert os.stat(f"{found.folder}/{name}.{found.name}").st_mtime_ns == path.stat().st_mtime_ns
    assert Stock(env).is_fresh


def change(path, age, rounded):
    changed = time.time_ns() - int(age * 1e9)
    changed -= changed % (rounded or 1)
    os.utime(path, ns=(changed, changed))


def test_bash_4_does_not_take_a_young_stock_of_another_shell(env, home):
    write(home / ".aws" / "config", CONFIG, age=1)
    assert refresh(env).is_fresh
    assert not Stock({**env, "AWSX_SHELL": "bash4"}).is_fresh


def test_no_stamp_vouches_for_a_token_that_is_younger_than_its_clock(env, home):
    bash4 = {**env, "AWSX_SHELL": "bash4"}
    write(home / ".aws" / "config", CONFIG, age=60)
    token(home)
    path = home / ".aws/sso/cache" / f"{KEY}.json"
    found = refresh(bash4)
    ends, _, stamp, _ = (memo(found, f"s.{KEY}") or "").split(SEPARATOR)
    assert int(ends) > time.time()
    assert os.stat(f"{found.folder}/s.{KEY}.{stamp}").st_mtime_ns != path.stat().st_mtime_ns
    found = refresh(env)  # another shell vouches for it, but bash 4 asks again
    assert os.stat(f"{found.folder}/s.{KEY}.{stamp}").st_mtime_ns == path.stat().st_mtime_ns
    found = refresh(bash4)
    assert os.stat(f"{found.folder}/s.{KEY}.{stamp}").st_mtime_ns != path.stat().st_mtime_ns


def test_what_was_read_before_a_change_is_not_written_after_it(env, home):
    """If another process has seen a newer file meanwhile, no memo of the older one is written."""
    slow = before.opened_quietly(env)
    write(home / ".aws" / "config", CONFIG.replace("Admin", "Reader"), age=60)
    refresh(env, "keys")
    remember(slow, "prod", slow.find("prod"))
    slow.stock.keep("rows", "old")
    assert memo(Stock(env), "p.prod") is None
    assert Stock(env).kept("rows") == ""


def test_a_change_during_the_reading_leaves_the_stock_stale(env, home, monkeypatch):
    really = profiles.Config.is_sound

    def edit(self):
        write(home / ".aws" / "config", CONFIG + "# later\n", age=60)
        return really(self)

    monkeypatch.setattr(profiles.Config, "is_sound", edit)
    before.renew(Facts(env))
    monkeypatch.undo()
    assert not Stock(env).is_fresh


def test_many_cores_at_once_leave_a_true_memo(env, home):
    """Ten cores renew one folder while the file changes; the last memo is true."""
    env = {**env, "AWS_PROFILE": "prod"}
    script = f"from awsx.commands.before import refresh\nfor _ in range(20): refresh({env!r})"
    processes = [subprocess.Popen([sys.executable, "-c", script], cwd=ROOT) for _ in range(10)]
    for number in range(10):
        replace(
            home / ".aws" / "config", CONFIG.replace("Admin", f"Role{number}"), age=100 + number
        )
    assert [process.wait() for process in processes] == [0] * 10
    found = refresh(env)
    assert found.is_fresh
    assert said(found, "p.prod")["told"] == "prod: 111122223333 Role9"
    assert [name for name in os.listdir(found.folder) if name.endswith(".tmp")] == []


# --- problems


def test_problems_in_the_files_are_kept_with_the_stock(env, home):
    write(home / ".aws" / "config", CONFIG + "SECRET\n[profile prod]\n", age=60)
    first, second = before.opened(env), before.opened(env)
    assert second.stock.is_fresh
    told = first.problems
    assert told == second.problems
    assert [line.split(": ")[0] for line in told] == ["~/.aws/config:13", "~/.aws/config:14"]


def test_a_corrected_file_has_no_problems(env, home):
    write(home / ".aws" / "config", CONFIG + "junk\n", age=60)
    before.opened(env)
    write(home / ".aws" / "config", CONFIG, age=50)
    assert before.opened(env).problems == []
    assert Stock(env).kept("problems") == ""


def test_an_unreadable_file_is_reported_until_it_can_be_read_again(env, home, monkeypatch):
    """chmod leaves the mtime, so a file that could not be read must not get a stamp."""
    really = os.open

    def refuse(path, *more):
        if str(path) == str(home / ".aws" / "config"):
            raise PermissionError(13, "Permission denied", path)
        return really(path, *more)

    monkeypatch.setattr(posix, "open", refuse)
    monkeypatch.setattr(posix, "access", lambda path, _: path != str(home / ".aws" / "config"))
    for _ in range(2):
        assert len(quiet(env).problems) == 1
    monkeypatch.undo()
    facts = quiet(env)
    assert facts.problems == []
    assert said(facts.stock, "p.prod")["told"] == "prod: 111122223333 Admin"


def test_a_file_that_becomes_unreadable_is_reported(env, home, monkeypatch):
    refresh(env)
    really = os.open

    def refuse(path, *more):
        if str(path) == str(home / ".aws" / "config"):
            raise PermissionError(13, "Permission denied", path)
        return really(path, *more)

    monkeypatch.setattr(posix, "open", refuse)
    monkeypatch.setattr(posix, "access", lambda path, _: path != str(home / ".aws" / "config"))
    problems = before.opened_quietly(env).problems
    assert ["cannot be read (Permission denied)" in line for line in problems] == [True]


# --- where the cache cannot be written, memos lie in the spare folder, or nowhere


def locked(home, monkeypatch):
    def refuse(*_, **__):
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(posix, "mkdir", refuse)


def a_file_for_a_folder(home, monkeypatch):
    (home / ".cache").write_text("")


def a_file(home, monkeypatch):
    (home / ".cache").mkdir()
    (home / ".cache" / "awsx").write_text("")


def a_dangling_link(home, monkeypatch):
    (home / ".cache").symlink_to("nowhere")


def full_at_home(home, monkeypatch):
    really = posix.rename

    def refuse(source, target):
        if "/.cache/" in target:
            raise OSError(28, "No space left on device")
        really(source, target)

    monkeypatch.setattr(posix, "rename", refuse)


def full_later(home, monkeypatch):
    """The disk is full when the stock has been taken."""
    before.opened_quietly({"HOME": str(home)})
    full_at_home(home, monkeypatch)


def full_at_last(home, monkeypatch):
    """The disk is full when the memo of the profile has been written."""
    quiet({"HOME": str(home)})
    token(home, "2028-11-20T18:57:37Z")
    full_at_home(home, monkeypatch)


def open_to_all(home, monkeypatch):
    """On a mount that ignores chmod (WSL's drives, some SMB shares), others may write everything.

    The memos in it could not be trusted, so every prompt would start the core.
    """
    really = posix.chmod
    (home / ".cache" / "awsx").mkdir(parents=True)
    (home / ".cache" / "awsx").chmod(0o777)

    def ignore(path, mode):
        if "/.cache" not in path:
            really(path, mode)

    monkeypatch.setattr(posix, "chmod", ignore)


SPARE = [
    a_file_for_a_folder,
    a_file,
    a_dangling_link,
    full_at_home,
    full_later,
    full_at_last,
    open_to_all,
]


@pytest.mark.parametrize("trouble", SPARE, ids=lambda t: t.__name__)
def test_where_the_cache_cannot_be_written_memos_lie_in_the_spare_folder(
    trouble, env, home, monkeypatch, capsys
):
    token(home)
    trouble(home, monkeypatch)
    facts = quiet(env)
    spare = f"{home}/tmp/awsx-{os.getuid()}"
    assert facts.stock.folder.startswith(f"{spare}/{FORMAT}/")
    assert said(facts.stock, "p.prod")["stock"] == facts.stock.name
    assert memo(facts.stock, f"s.{KEY}")
    assert facts.stock.is_fresh
    assert capsys.readouterr() == ("", "")
    again = quiet({**env, "AWSX_CACHE": spare})
    assert (again.stock.is_fresh, again.stock.name) == (True, facts.stock.name)


def test_the_cache_may_be_a_link_to_a_folder_of_ones_own(env, home):
    (home / "elsewhere").mkdir()
    (home / ".cache").mkdir()
    (home / ".cache" / "awsx").symlink_to("../elsewhere")
    assert quiet(env).stock.is_fresh
    assert list((home / "elsewhere").rglob("p.prod"))


@pytest.mark.parametrize("name", ["stock", "p.prod", "problems", "names", "table"])
def test_what_another_user_may_have_written_is_not_read(name, env, home, monkeypatch):
    """Be it by the owner of the file or by its mode: the shells ignore such memos, too."""
    (home / ".aws" / "credentials").write_text("[twice]\n[twice]\n")
    facts = quiet(env)
    remember_lists(facts)
    path = Path(facts.stock.folder, name)
    path.exists() or facts.stock.keep(name, "text")
    assert facts.stock.kept(name)
    path.chmod(0o620)
    found = Stock(env)
    assert (found.kept(name), found.is_fresh) == ("", name != "stock")


@pytest.mark.parametrize("whose", ["cache", "folder"])
def test_a_stock_in_a_folder_of_another_user_is_stale(whose, env, home):
    if os.geteuid():
        pytest.skip("only root can give a folder away")
    folder = Path(quiet(env).stock.folder)
    assert Stock(env).is_fresh
    os.chown(home / ".cache" / "awsx" if whose == "cache" else folder, 12345, -1)
    assert not Stock(env).is_fresh


def full(home, monkeypatch):
    def refuse(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(posix, "rename", refuse)


def foreign(home, monkeypatch):
    (home / ".cache" / "awsx").mkdir(parents=True)
    really = os.geteuid()
    monkeypatch.setattr(posix, "geteuid", lambda: really + 1)


@pytest.mark.parametrize("trouble", [locked, full, foreign], ids=lambda t: t.__name__)
def test_without_any_usable_folder_only_memos_are_missing(trouble, env, home, monkeypatch, capsys):
    token(home)
    trouble(home, monkeypatch)
    for _ in range(2):
        facts = before.opened(env)
        remember(facts, "prod", facts.find("prod"))
        assert facts.profile("prod").role == "Admin"
        assert facts.resolve(facts.profile("prod")).session.label == "corp"
        assert not facts.stock.is_fresh
        facts.stock.keep("rows", "x")
        assert facts.stock.kept("rows") == ""
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("junk", ["", "\0\xff", SEPARATOR * 50, "junk\n" * 1000])
def test_damaged_memos_are_not_believed(junk, env):
    found = refresh(env)
    for name in ("sound", "problems", "p.prod", "rows"):
        stamp = os.stat(found.folder).st_mtime_ns
        Path(found.folder, name).write_text(junk)
        os.utime(found.folder, ns=(stamp, stamp))
    facts = quiet(env)
    assert facts.profile("prod").role == "Admin"
    assert said(facts.stock, "p.prod")["told"] == "prod: 111122223333 Admin"


def test_a_new_stock_removes_unknown_files_but_no_folders(env, home):
    found = refresh(env)
    Path(found.folder, "stranger").write_text("")
    Path(found.folder, "nested").mkdir()
    write(home / ".aws" / "config", CONFIG, age=60)
    found = refresh(env)
    assert found.is_fresh
    assert not Path(found.folder, "stranger").exists()
    assert Path(found.folder, "nested").exists()


def test_a_sessions_key_is_the_name_of_its_token_file(env):
    facts = Facts(env)
    assert tokens.key(facts.resolve(facts.profile("prod")).session) == KEY


def test_a_missing_home_is_not_created(env, home):
    shutil.rmtree(home)
    assert not refresh(env).is_fresh
    assert not home.exists()


# --- nothing grows without bound ------------------------------------------------------------------


def test_memos_of_config_files_that_are_gone_are_removed(env, home):
    """A script may make many config files; their folders must not pile up."""
    for number in range(3):
        config = home / f"config {number}"
        write(config, CONFIG, age=60)
        refresh({**env, "AWS_CONFIG_FILE": str(config)})
        config.unlink()
    cache = home / ".cache" / "awsx"
    gone = ("v1", "v2", "v3", "v4-00000000", "v12-0123abcd")
    kept_too = ("other", "v", "v4-", "v4-0123abcg", "v4-0123abcde", "vx-0123abcd", "w4-0123abcd")
    for other in (*(cache / name / "x" for name in gone), *(cache / name for name in kept_too)):
        other.mkdir(parents=True)
        (other / "file").write_text("")
    kept = Path(refresh(env).folder)
    assert sorted(path.parent for path in cache.rglob("stock")) == [kept]
    assert {path.name for path in cache.iterdir()} == {FORMAT, *kept_too}
    assert all((cache / name / "file").exists() for name in kept_too)


def test_memos_of_another_existing_config_file_stay(env, home):
    other = home / "other"
    write(other, CONFIG, age=60)
    first = Path(refresh({**env, "AWS_CONFIG_FILE": str(other)}).folder)
    second = Path(refresh(env).folder)
    assert (first / "p.prod").exists()
    assert (second / "p.prod").exists()


def test_the_next_stock_removes_memos_of_profiles_that_are_gone(env, home):
    found = refresh(env)
    assert memo(found, "p.prod")
    write(home / ".aws" / "config", CONFIG.replace("prod", "other"), age=30)
    assert memo(refresh(env, "other"), "p.prod") is None


def test_lists_made_without_an_unreadable_file_are_not_kept(env, home, monkeypatch):
    """chmod leaves the mtime, so lists made without an unreadable file must not be kept."""
    refresh(env)
    monkeypatch.setattr(posix, "access", lambda path, _: path != str(home / ".aws" / "config"))
    facts = before.opened_quietly(env)
    facts.stock.keep("rows", "made without the config")
    monkeypatch.undo()
    assert Stock(env).kept("rows") == ""


BROKEN = {
    "a session that is nowhere": "sso_session = corpp\nsso_account_id = 111122223333\n"
    "sso_role_name = Admin\n",
    "a session without a region": "sso_start_url = https://x\nsso_account_id = 1\n"
    "sso_role_name = Admin\n",
    "a source that is nowhere": "role_arn = arn:aws:iam::111122223333:role/X\n"
    "source_profile = nosuch\n",
    "a loop": "role_arn = arn:aws:iam::111122223333:role/X\nsource_profile = back\n"
    "[profile back]\nrole_arn = arn:aws:iam::111122223333:role/Y\nsource_profile = this\n",
    "a role without a source": "role_arn = arn:aws:iam::111122223333:role/X\n",
    "a token without a role": "web_identity_token_file = /token\n",
    "a key without its secret": "aws_access_key_id = AKIAIOSFODNN7EXAMPLE\n",
}


@pytest.mark.parametrize("keys", BROKEN.values(), ids=BROKEN)
def test_a_profile_that_leads_to_no_credentials_is_marked_broken(keys, env, home):
    write(home / ".aws" / "config", f"{CONFIG}\n[profile this]\n{keys}", age=3600)
    found = refresh(env, "this")
    assert (said(found, "p.this")["mark"], said(found, "p.this")["told"]) == ("broken", "")
    assert said(refresh(env), "p.prod")["mark"] == ""


@pytest.mark.parametrize("name", ["prod", "nosuch"])
def test_a_file_that_the_aws_cli_refuses_is_marked(name, env, home):
    write(home / ".aws" / "config", f"{CONFIG}\nnonsense\n", age=3600)
    assert said(refresh(env, name), f"p.{name}")["mark"] == "bad file"
    write(home / ".aws" / "config", CONFIG, age=3000)
    assert said(refresh(env, name), f"p.{name}")["mark"] == ""


def test_settings_with_a_mistake_are_marked(env, home):
    write(home / ".config" / "awsx" / "config.toml", "guard = [", age=3600)
    found = refresh(env)
    assert (said(found, "p.prod")["mark"], said(found, "p.prod")["told"]) == ("bad settings", "")
    assert said(found, "p.prod")["look"] == LOOK.format("prod", "111122223333")
