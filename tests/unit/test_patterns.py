"""Which profiles are guarded, and by which pattern."""

import subprocess
import sys
from pathlib import Path

import pytest

from awsx import guard
from awsx.files.profiles import Config
from awsx.files.settings import Settings

CONFIG = """\
[profile prod-Admin]
sso_session = corp
sso_account_id = 111122223333
sso_role_name = AdministratorAccess

[profile team/live]
role_arn = arn:aws:iam::444455556666:role/path/Deployer
source_profile = prod-Admin

[profile größe]
region = eu-west-1

[profile $(x)[a]
region = eu-west-1
"""

# Patterns, profile, name of its account, and the pattern that guards it ("" for none).
TABLE = [
    ([], "prod-Admin", "", ""),
    (["*"], "größe", "", "*"),
    (["prod-admin"], "prod-Admin", "", "prod-admin"),
    (["PROD*"], "prod-Admin", "", "PROD*"),
    (["prod"], "prod-Admin", "", ""),
    (["rod*"], "prod-Admin", "", ""),
    (["prod?Admin"], "prod-Admin", "", "prod?Admin"),
    (["[p-q]rod*"], "prod-Admin", "", "[p-q]rod*"),
    (["[!p]rod*"], "prod-Admin", "", ""),
    (["*live"], "team/live", "", "*live"),
    (["111122223333"], "prod-Admin", "", "111122223333"),
    (["111122223333"], "prod-Admin", "Production", "111122223333"),
    (["11112222333"], "prod-Admin", "", ""),
    (["*3333"], "team/live", "", ""),
    (["444455556666"], "team/live", "", "444455556666"),
    (["Produ*"], "prod-Admin", "Production", "Produ*"),
    (["Produ*"], "prod-Admin", "", ""),
    (["Admin*"], "prod-Admin", "", "Admin*"),
    (["Deployer"], "team/live", "", "Deployer"),
    (["role/*", "path/*"], "team/live", "", ""),
    (["GRÖSSE", "GRÖßE"], "größe", "", "GRÖßE"),
    (["nobody", "*live", "Deployer"], "team/live", "", "*live"),
    (["Deployer", "*live"], "team/live", "", "Deployer"),
    (["[[]*"], "größe", "", ""),
    (["$(x)[a"], "$(x)[a", "", "$(x)[a"),
    (["a\nb*"], "prod-Admin", "a\nbc", "a\nb*"),
]


@pytest.fixture
def config(home):
    (home / ".aws" / "config").write_text(CONFIG, encoding="utf-8")
    return Config({"HOME": str(home)})


@pytest.mark.parametrize(("patterns", "name", "account_name", "found"), TABLE, ids=str)
def test_the_first_matching_pattern_guards_the_profile(patterns, name, account_name, found, config):
    chosen = Settings({"guard": {"match": patterns}})
    assert guard.pattern(chosen, config.profile(name), account_name) == found


def test_an_unknown_value_matches_no_pattern():
    assert guard.matching(["*"], ["", ""]) == ""
    assert guard.matching(["?*", "*"], ["", "x"]) == "?*"


LOOK = """
import sys
sys.path.insert(0, sys.argv[1])
from awsx.facts import Facts
facts = Facts({"HOME": sys.argv[2]})
print(facts.guarding(facts.profile("prod-Admin")), \
*sorted({"awsx.guard", "awsx.files.settings"} & set(sys.modules)))
"""
LOADED = [
    (None, [""]),
    ("[picker]\norder = 'file'\n", ["", "awsx.files.settings"]),
    ("[guard]\nconfirm = true\n", ["", "awsx.files.settings"]),
    ("[guard]\nmatch = ['prod*']\n", ["prod*", "awsx.files.settings", "awsx.guard"]),
]


@pytest.mark.parametrize(("text", "expected"), LOADED, ids=str)
def test_without_a_guard_its_module_is_not_loaded(text, expected, config, home):
    if text is not None:
        (home / ".config" / "awsx").mkdir(parents=True)
        (home / ".config" / "awsx" / "config.toml").write_text(text)
    command = [sys.executable, "-I", "-c", LOOK, str(Path(guard.__file__).parents[1]), str(home)]
    ran = subprocess.run(command, capture_output=True, text=True)
    found, *modules = ran.stdout.rstrip("\n").split(" ")
    assert [found, *sorted(modules)] == expected, ran.stderr
