"""The picker as a person sees it, at many sizes of the screen, and what a query finds there."""

import json
import time

import pytest
from drawn import CORE, Drawn

from awsx.files import tokens
from awsx.files.settings import Settings
from awsx.tables import fzf, left, listing
from awsx.tables.columns import TITLES

TEAMS, STAGES = ("payments", "data-platform", "web"), ("dev", "stage", "prod")
ROLES = {"admin": "AdministratorAccess", "reader": "ReadOnlyAccess", "power": "DevOpsPowerUser"}
ACCOUNTS = {
    f"{team}-{stage}": (f"{t}{s}1122223333", f"{team} {stage}".title())
    for t, team in enumerate(TEAMS, 1)
    for s, stage in enumerate(STAGES, 1)
}
NAMES = [f"{account}-{role}" for account in ACCOUNTS for role in ROLES]
PROFILE = """[profile {account}-{role}]
sso_session = {session}
sso_account_id = {number}
sso_account_name = {name}
sso_role_name = {role_name}
region = {region}
"""
KEYS = "enter switch · alt-c copy name · ? preview · esc leave"


def config():
    sessions = "".join(
        f"[sso-session {name}]\nsso_start_url = https://{name}.awsapps.com/start\n"
        "sso_region = eu-west-1\n"
        for name in ("corp", "partner", "past")
    )
    return sessions + "".join(
        PROFILE.format(
            account=account,
            role=role,
            number=number,
            name=name,
            role_name=role_name,
            session={"w": "past", "d": "partner"}.get(account[0], "corp"),
            region="us-gov-west-1" if account == "web-stage" else "eu-west-1",
        )
        for account, (number, name) in ACCOUNTS.items()
        for role, role_name in ROLES.items()
    )


def log_in(home, session, seconds, **more):
    content = {"accessToken": "SECRET", "expiresAt": tokens.iso(int(time.time()) + seconds)}
    tokens.save({"HOME": str(home)}, tokens.sha1_hex(session), content | more)


@pytest.fixture
def env(environment, home):
    """Sessions with hours left, with minutes left, and expired."""
    (home / ".aws" / "config").write_text(config())
    log_in(home, "corp", 7 * 3600 + 60)
    log_in(home, "partner", 12 * 60 + 30)
    return {**environment, "AWSX_HANDOVER": "/nowhere", "AWSX_PID": "1", "AWSX_SHELL": "bash"}


@pytest.fixture
def settings(home):
    def write(text):
        path = home / ".config" / "awsx" / "config.toml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    return write


def picker(env, columns=100, rows=24, *words):
    return Drawn([*CORE, *words], env, columns, rows)


def listed(drawn):
    """The rows on the screen, without what fzf puts around them."""
    lines = drawn.lines()
    start = next((n for n, line in enumerate(lines) if "PROFILE" in line), len(lines))
    end = next((n for n, line in enumerate(lines) if n > start and "────" in line), len(lines))
    whole = [line.strip("▌>│ ") for line in lines[start + 1 : end]]
    return [row for row in whole if row]


def names(drawn):
    return [row.removeprefix("*").lstrip(" !").split("  ")[0] for row in listed(drawn)]


def is_whole(drawn):
    counts = drawn.lines()[1].split()[:1]
    found = int(counts[0].partition("/")[0]) if counts and "/" in counts[0] else -1
    return found >= 0 and len(listed(drawn)) == min(found, drawn.display.lines - 4)


def wait(drawn):
    drawn.wait_for(lambda _: is_whole(drawn))


def titles(drawn):
    line = next(line for line in drawn.lines() if "PROFILE" in line)
    return line.split("│")[0].split()


# At each width: the titles that are seen.
WIDTHS = {
    60: 2,  # PROFILE LEFT
    80: 3,
    100: 5,
    120: 6,
    200: 7,
}


@pytest.mark.parametrize("columns", WIDTHS)
def test_a_narrow_screen_loses_whole_columns_and_cuts_none(columns, env):
    with picker(env, columns) as drawn:
        wait(drawn)
        shown = TITLES[: WIDTHS[columns]]
        assert titles(drawn) == list(shown)
        first = {
            "PROFILE": "payments-dev-admin",
            "LEFT": "7h",
            "NAME": "Payments Dev",
            "ROLE": "AdministratorAccess",
            "REGION": "eu-west-1",
            "SESSION": "corp",
            "ACCOUNT": "111122223333",
        }
        cells = [cell.strip() for cell in listed(drawn)[0].split("  ") if cell.strip()]
        assert cells == [first[title] for title in shown]
        assert max(len(line) for line in drawn.lines()) <= columns
        assert "\t" not in drawn.raw and "\v" not in drawn.raw


def test_a_text_that_is_too_long_ends_in_an_ellipsis_and_is_searched_whole(env, home):
    name = "p" * 60 + "-tail"
    with (home / ".aws" / "config").open("a") as file:
        file.write(f"[profile {name}]\naws_access_key_id = x\naws_secret_access_key = x\n")
    with picker(env, 100, 24, "tail") as drawn:
        wait(drawn)
        assert names(drawn) == ["p" * 47 + "…"]
    with picker(env, 40, 24, "tail") as drawn:
        wait(drawn)
        assert names(drawn) == ["p" * 33 + "…"]
        assert titles(drawn) == ["PROFILE"]


@pytest.fixture
def one_long_role(env, home):
    """Many profiles with a short role, and one with a long one."""
    (home / ".aws" / "config").write_text(
        "".join(
            f"[profile team-{n:02}]\nsource_profile = team-{n:02}\nregion = eu-west-1\n"
            f"role_arn = arn:aws:iam::111122223333:role/{'Admin' if n else 'R' * 30}\n"
            "aws_access_key_id = x\naws_secret_access_key = x\n"
            for n in range(12)
        )
    )
    return env


def test_one_long_text_is_cut_where_it_would_push_a_column_out(one_long_role):
    env, columns = one_long_role, 60
    wanted = ["PROFILE", "ACCOUNT", "ROLE", "REGION"]
    for _ in range(2):  # anew, and as it was kept
        with picker(env, columns) as drawn:
            wait(drawn)
            assert titles(drawn) == wanted
            roles = {row.split()[2] for row in listed(drawn)}
            assert len(roles) == 2 and sorted(roles)[1].strip("R") == "…"
            assert max(len(line) for line in drawn.lines()) <= columns
    with picker(env, 120) as drawn:
        wait(drawn)
        assert "…" not in str(drawn.lines())
    with Drawn([*CORE, "ls"], env, columns, 30) as drawn:
        drawn.wait_end()
        assert drawn.lines()[0].split() == [*wanted, "KIND"]
        assert str(drawn.lines()).count("…") == 1
        assert not drawn.lines()[13]  # no row is wrapped
    with picker(env, columns, 24, "R" * 30) as drawn:  # it is searched whole
        wait(drawn)
        assert names(drawn) == ["team-00"]


# Of each query, the profiles that it finds: each term stands in one field.
FOUND = {
    "dev admin": ["payments-dev-admin", "data-platform-dev-admin", "web-dev-admin"],
    "ADMIN web": ["web-dev-admin", "web-stage-admin", "web-prod-admin"],
    "pda": [],  # scattered letters
    "payadm": [],
    "7h": [],  # LEFT
    "expired": [],
    "us-gov reader": ["web-stage-reader"],  # a column that has no room at 60 columns
    "past dev-power": ["web-dev-power"],
    "111122223333 admin": ["payments-dev-admin"],
    "1111-2222-3333": ["payments-dev-admin", "payments-dev-reader", "payments-dev-power"],
    "arn:aws:iam::331122223333:role/x": ["web-prod-admin", "web-prod-reader", "web-prod-power"],
    "https://231122223333-ab12.eu-west-1.console.aws.amazon.com/s3/home?region=eu-west-1#": [
        "data-platform-prod-admin",
        "data-platform-prod-reader",
        "data-platform-prod-power",
    ],
    "^web Stage$ !reader": ["web-stage-admin", "web-stage-power"],
}


@pytest.mark.parametrize("query", FOUND)
def test_the_picker_and_ls_find_the_same_in_the_same_order(query, env):
    with picker(env, 60, 24, query) as drawn:
        wait(drawn)
        found = names(drawn)
    with Drawn([*CORE, "ls", "--json", query], env, 200, 400) as drawn:
        drawn.wait_end()
        in_json = json.loads("\n".join(drawn.lines()))
    assert found == FOUND[query]
    assert [row["profile"] for row in in_json] == FOUND[query]


@pytest.mark.parametrize("query", [query for query in FOUND if ":" in query or "-2222" in query])
def test_what_is_pasted_becomes_the_account(query, env):
    with picker(env, 100) as drawn:
        wait(drawn)
        drawn.press(f"\x1b[200~{query}\x1b[201~")  # as a terminal pastes
        drawn.wait_for(lambda _: names(drawn) == FOUND[query] and is_whole(drawn))
        assert drawn.lines()[0].split()[1:] == [ACCOUNTS[FOUND[query][0].rpartition("-")[0]][0]]


def test_the_best_match_comes_first_then_the_most_used(env, home):
    (home / ".aws" / "config").write_text(
        "".join(
            f"[profile {name}]\naws_access_key_id = x\naws_secret_access_key = x\n"
            for name in ("nonprod", "old-prod", "prod-b", "prod-a")
        )
    )
    folder = home / ".local" / "state" / "awsx"
    folder.mkdir(parents=True, mode=0o700)
    now = int(time.time())
    (folder / "used").write_text(f"9 {now} nonprod\n2 {now} prod-a\n1 {now} old-prod\n")
    with picker(env, 100) as drawn:
        wait(drawn)
        assert names(drawn) == ["nonprod", "prod-a", "old-prod", "prod-b"]
        drawn.press("prod")
        drawn.wait_for(lambda _: names(drawn) == ["prod-a", "prod-b", "old-prod", "nonprod"])


EXACT = {
    "dev": ["a-dev-admin", "dev-a", "dev"],
    "two words": ["words two", "two words more", "two words"],
    "größe": ["größe-1", "größe"],
    "team-1-2": ["team-1-2-3", "team-1-2"],
    "l" * 60: ["l" * 61, "l" * 60],
}


@pytest.fixture
def exact(env, home):
    """Profiles of which those that are called like a query are used the least.

    The account of the most used one is called `dev`, too.
    """
    names = [name for found in EXACT.values() for name in found]
    (home / ".aws" / "config").write_text(
        "".join(f"[profile '{name}']\nregion = eu-west-1\n" for name in names)
        + "[profile a-dev-admin]\nsso_account_name = dev\n",
        encoding="utf-8",
    )
    folder = home / ".local" / "state" / "awsx"
    folder.mkdir(parents=True, mode=0o700)
    used = [f"9 {time.time():.0f} {found[0]}\n" for found in EXACT.values()]
    (folder / "used").write_text("".join(used), encoding="utf-8")
    return env


@pytest.mark.parametrize("query", EXACT)
@pytest.mark.parametrize("is_typed", [True, False])
def test_a_profile_of_exactly_that_name_is_first_in_the_picker(query, is_typed, exact):
    asked = query[0].swapcase() + query[1:]  # a word that is a profile's name opens no picker
    with picker(exact, 100, 24, *([] if is_typed else ["use", asked])) as drawn:
        wait(drawn)
        if is_typed:
            drawn.press(query)
        wanted = [shown(name) for name in EXACT[query]]
        drawn.wait_for(lambda _: names(drawn)[:1] == wanted[-1:] and is_whole(drawn))
        assert sorted(names(drawn)) == sorted(wanted)


def shown(name):
    return name if len(name) <= 48 else name[:47] + "…"


@pytest.mark.parametrize("has_fzf", [True, False])
@pytest.mark.parametrize("query", EXACT)
def test_and_in_ls(query, has_fzf, exact, monkeypatch, capsys):
    from awsx.commands import ls

    if not has_fzf:
        monkeypatch.setattr(fzf, "_fzf", lambda _: "/nowhere/fzf")
    ls.ls(exact, query, names=True)
    found = capsys.readouterr().out.splitlines()
    assert found[0].lower() == query.lower()
    assert sorted(found) == sorted(EXACT[query])


def test_left_has_the_colours_of_the_prompt(env):
    with picker(env) as drawn:
        wait(drawn)
        found = {}
        for line, text in enumerate(drawn.lines()):
            for told in ("7h", "12m", "expired"):
                if f" {told} " in text:
                    at = text.index(f" {told} ") + 1
                    found[told] = {drawn.display.buffer[line][at].fg}
        assert found == {"7h": {"green"}, "12m": {"brown"}, "expired": {"red"}}


def test_the_colours_of_left_are_those_of_the_settings():
    prompt = Settings({}).prompt
    assert {name: prompt.colours[name] for name in left.COLOURS} == left.COLOURS
    assert prompt.soon == left.SOON


PREVIEWS = {  # columns, rows: the preview is below, beside or hidden
    (100, 24): "hidden",
    (200, 24): "hidden",
    (100, 30): "below",
    (140, 40): "below",
    (141, 40): "beside",
    (200, 50): "beside",
}


def place_of_preview(drawn):
    lines = drawn.lines()
    if any(line.startswith("────") for line in lines[2:]):
        return "below"
    return "beside" if any("│ " in line or line.endswith("│") for line in lines[:2]) else "hidden"


@pytest.mark.parametrize("size", PREVIEWS)
def test_the_place_of_the_preview(size, env):
    with picker(env, *size) as drawn:
        wait_for_place = PREVIEWS[size]
        drawn.wait_for(lambda lines: KEYS in lines[2] and place_of_preview(drawn) == wait_for_place)
        drawn.press("?")
        drawn.wait_for(
            lambda _: (place_of_preview(drawn) == "hidden") != (wait_for_place == "hidden")
        )


@pytest.mark.parametrize("rows", [15, 24])
def test_the_preview_leaves_the_list_half_of_a_low_screen(rows, env):
    with picker(env, 60, rows) as drawn:
        wait(drawn)
        drawn.press("?")
        drawn.wait_for(lambda _: place_of_preview(drawn) == "below")
        drawn.wait_for(lambda _: len(listed(drawn)) == rows - 5 - rows // 2)


def test_alt_c_copies_the_name(env):
    with picker(env) as drawn:
        wait(drawn)
        drawn.press("\x1bc")
        drawn.wait_for(lambda lines: lines[0].startswith("copied>"))
        assert "\x1b]52;c;cGF5bWVudHMtZGV2LWFkbWlu\x07" in drawn.raw


def test_the_row_in_front_is_in_reverse_so_that_no_theme_hides_it(env):
    with picker(env) as drawn:
        wait(drawn)
        front, next_one = drawn.cell(4, "payments"), drawn.cell(5, "payments")
        assert (front.reverse, front.fg, front.bg) == (True, "default", "default")
        assert (next_one.reverse, next_one.bg) == (False, "default")


def test_the_keys_are_dim_and_name_no_preview_that_is_off(env, settings):
    with picker(env) as drawn:
        wait(drawn)
        assert f"\x1b[;2m{KEYS}" in drawn.raw or f"\x1b[2m{KEYS}" in drawn.raw
    settings("[picker]\npreview = false\n")
    with picker(env) as drawn:
        wait(drawn)
        assert drawn.lines()[2].strip() == "enter switch · alt-c copy name · esc leave"


@pytest.mark.parametrize("more", [{"NO_COLOR": "1"}, {"TERM": "xterm-256color"}])
def test_colours_are_left_out_where_they_are_not_wanted(more, env, settings):
    settings("[guard]\nmatch = ['*prod*']\ncolor = 'magenta'\n")
    with picker({**env, **more}) as drawn:
        wait(drawn)
        assert names(drawn)[0] == "payments-dev-admin"
        assert ("\x1b[;32m" in drawn.raw or "\x1b[32m" in drawn.raw) == ("NO_COLOR" not in more)


def test_regions_in_use_come_first_and_separate_partitions_last(env):
    with picker(env, 100, 60, "region") as drawn:
        drawn.wait_for(lambda lines: lines[0] == "region>" and "46/46" in lines[1])
        shown = [line.strip("▌> *").split()[0] for line in drawn.lines()[4:50]]
        assert shown[:3] == ["eu-west-1", "us-gov-west-1", "af-south-1"]
        ranks = [shown.index(name) for name in ("us-west-2", "cn-north-1", "us-gov-east-1")]
        assert ranks == sorted(ranks)
        assert drawn.lines()[2].strip() == "enter use it · esc leave"


@pytest.mark.parametrize("columns", [60, 80, 100])
def test_no_region_runs_out_of_the_screen(columns, env):
    with picker({**env, "AWS_PROFILE": "web-dev-admin"}, columns, 60, "region") as drawn:
        drawn.wait_for(lambda lines: "46/46" in lines[1] and "me-south-1" in str(lines))
        assert "··" not in str(drawn.lines()) and ".." not in str(drawn.lines())
        first = drawn.lines()[4].strip("▌> *").split("  ")[-1].strip()
        assert first == ("Europe (Ireland)" if columns < 80 else "web-dev-admin's own")


def test_without_fzf_ls_still_finds(env, monkeypatch, capsys):
    from awsx.commands import ls

    monkeypatch.setattr(fzf, "_fzf", lambda _: "/nowhere/fzf")
    ls.ls(env, "dev admin", names=True)
    assert capsys.readouterr().out.split() == FOUND["dev admin"]


@pytest.mark.parametrize(
    "first", [[], ["0"], ["99", "0"], ["42", "41", "7"], [str(n) for n in range(100)]]
)
def test_every_row_is_listed_once(first):
    lines = {str(n): f"\v  \vrow {n}\v{str(n).encode().hex()}\n".encode() for n in range(100)}
    text = b"".join(lines.values())
    shown = [listing._place(text, name) for name in first]
    assert [text[start:end] for start, end in shown] == [lines[name] for name in first]
    in_order = b"".join(text[start:end] for start, end in listing._in_order(shown, len(text)))
    rest = [name for name in lines if name not in first]
    assert in_order == b"".join(lines[name] for name in (*first, *rest))
    assert listing._place(text, "nobody") == (0, 0)
