"""`awsx doctor`: an example for each code, what it prints, what it masks, and what it mends."""

import json
import os
import re
import time

import pytest
from doctor_examples import EXAMPLES
from drawn import CORE, Drawn
from sample import CORP, PROD
from test_vectors import flat, seen_by_botocore, vectors, write

from awsx.commands import doctor as verb
from awsx.doctor import examination, repair
from awsx.doctor.codes import CODES
from awsx.doctor.world import World
from awsx.facts import Facts
from awsx.files import pins
from awsx.finding import Finding
from awsx.term import AwsxError

# What no example can show: a test of its own does, or the machine of the tests cannot.
WITHOUT_EXAMPLE = {
    "unreadable",
    "other-owner",
    "read-only",
    "no-locks",
    "refused",
    "region-of-page",
    "another-awsx",
    "terraform-too-old",
}


def lay_out(example, home):
    """The environment in which the example's finding is to be found."""
    for name, text in example.files.items():
        path = home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        path.chmod(example.modes.get(name, 0o600))
        when = time.time() - example.age
        os.utime(path, (when, when))
    for name, target in example.links.items():
        (home / name).symlink_to(target)
    (home / "bin").mkdir()
    for name, text in example.programs.items():
        (home / "bin" / name).write_text(text)
        (home / "bin" / name).chmod(0o755)
    env = {"HOME": str(home), "PATH": str(home / "bin"), "LANG": "C.UTF-8"}
    return {**env, "TMPDIR": str(home), **example.env}


def examined(env, name=""):
    return examination.examine(World(Facts(env), time.time(), name))


def codes(env, name=""):
    return [finding.code for finding in examined(env, name).findings]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.code)
def test_doctor_finds_each_example_and_says_where(example, home):
    report = examined(lay_out(example, home))
    assert report.broken == []
    assert (example.code, example.place) in [(f.code, f.place) for f in report.findings]


def test_each_code_has_an_example():
    assert {example.code for example in EXAMPLES} | WITHOUT_EXAMPLE == set(CODES)
    assert len(EXAMPLES) >= 60


def test_a_legacy_profile_of_the_same_start_url_has_no_other_spelling(home):
    url = "sso_start_url = https://corp.awsapps.com/start\nsso_region = eu-west-1\n"
    account = "sso_account_id = 111122223333\nsso_role_name = Admin\n"
    config = f"[sso-session corp]\n{url}[profile old]\n{url}{account}"
    (home / ".aws" / "config").write_text(config)
    found = codes({"HOME": str(home), "PATH": str(home)})
    assert "legacy-session" in found
    assert "start-url-variants" not in found


def test_nothing_is_wrong_in_a_sound_home(home):
    (home / ".aws" / "config").write_text(CORP + PROD)
    env = {"HOME": str(home), "PATH": str(home), "LANG": "C.UTF-8", "AWSX_SHELL": "zsh"}
    assert set(codes(env)) <= {"no-cli", "no-login"}


@pytest.mark.parametrize("vector", vectors("smithy-rs-profile-parser-tests.json"))
def test_doctor_names_each_file_that_the_sdks_read_in_different_ways(vector, home):
    """The vectors say what the SDKs share; doctor has to name what botocore reads otherwise."""
    write(home, vector)
    env = {"HOME": str(home), "PATH": str(home), "LANG": "C.UTF-8", "AWSX_SHELL": "zsh"}
    report = examined(env)
    assert report.broken == []
    found, wanted = seen_by_botocore(), vector["output"].get("config", {}).get("profiles")
    if (found and _flat(found[0])) != (wanted and _flat(wanted)):
        about = [f for f in report.findings if f.place.startswith("~/.aws/")]
        assert [f for f in about if f.code not in ("no-region", "no-config")] != []


def _flat(found):
    """The profiles with sub-properties as tables, be they tables or text."""
    return {name: {key: flat(value) for key, value in keys.items()} for name, keys in found.items()}


def test_a_broken_check_hides_no_finding(home, monkeypatch):
    def broken(world):
        raise RuntimeError("of the test")
        yield

    monkeypatch.setattr(examination.sessions, "CHECKS", (broken,))
    (home / ".aws" / "config").write_text("[prod]\nregion = eu-west-1\n")
    report = examined({"HOME": str(home), "PATH": str(home)})
    assert report.broken == [("test_doctor.broken", "RuntimeError: of the test")]
    assert "header-without-profile" in [finding.code for finding in report.findings]


def run(capfd, home, *args, **more):
    env = {"HOME": str(home), "PATH": str(home), "LANG": "C.UTF-8", **more.pop("env", {})}
    try:
        verb.doctor(env, *args, **more)
        code = 0
    except AwsxError as error:
        code = error.code
    return code, capfd.readouterr().out


def test_an_error_ends_with_1_and_the_verdict_is_the_last_line(home, capfd):
    (home / ".aws" / "config").write_text("[profile a]\nregion = x\nregion = y\n")
    code, text = run(capfd, home)
    assert code == 1
    assert text.splitlines()[-1].startswith("1 error, ")
    assert "1. error: double-key  ~/.aws/config:3\n" in text
    assert "   -> remove one\n" in text


def test_a_warning_ends_with_0(home, capfd):
    (home / ".aws" / "config").write_text("[prod]\nregion = eu-west-1\n")
    assert run(capfd, home)[0] == 0


def test_doctor_of_one_profile_tells_why_it_does_not_work(home, capfd):
    text = f"{CORP}{PROD}[profile other]\nregion =\n[profile chain]\nsource_profile = prod\n"
    (home / ".aws" / "config").write_text(text + "role_arn = arn:aws:iam::111122223333:role/A\n")
    code, text = run(capfd, home, "chain")
    assert "other" not in text
    assert text.splitlines()[-1].startswith("chain needs a login: not logged in to corp; run: ")
    assert code == 0


def test_a_file_that_is_refused_is_why_a_profile_does_not_work(home, capfd):
    (home / ".aws" / "config").write_text(f"{CORP}{PROD}region = eu-west-1\n")
    code, text = run(capfd, home, "prod")
    assert text.splitlines()[-1].startswith("prod does not work: ~/.aws/config:9: region stands")
    assert code == 1


def test_doctor_of_an_unknown_profile_says_so(home, capfd):
    (home / ".aws" / "config").write_text(CORP + PROD)
    assert run(capfd, home, "prdo") == (1, "")


def test_json_has_facts_findings_and_broken_checks(home, capfd):
    (home / ".aws" / "config").write_text("[prod]\n" + CORP)
    found = json.loads(run(capfd, home, "", True)[1])
    assert set(found) == {"facts", "findings", "broken_checks", "verdict"}
    assert found["broken_checks"] == []
    assert found["facts"]["sessions"] == [{"name": "corp", "left": "expired", "expires_at": None}]
    first = next(f for f in found["findings"] if f["code"] == "header-without-profile")
    assert first == {
        "code": "header-without-profile",
        "severity": "warning",
        "place": "~/.aws/config:1",
        "text": "[prod] lacks the word profile; no tool sees a profile there",
        "remedy": "write [profile prod]",
    }


@pytest.mark.parametrize("as_json", [False, True])
def test_share_masks_names_ids_and_addresses(home, capfd, as_json):
    text = CORP.replace("corp", "acme-corp") + PROD.replace("corp", "acme-corp")
    text = text.replace("Admin", "AcmeAdmin").replace("[profile prod]", "[profile acme-prod]")
    (home / ".aws" / "config").write_text(f"{text}[acme-old]\nsource_profile = acme-prod\n")
    shown = run(capfd, home, "", as_json, share=True)[1]
    assert not re.search(r"(?i)acme(?!-old)|111122223333|awsapps|" + re.escape(str(home)), shown)
    assert "session-1" in shown


def test_fix_mends_what_is_safe_and_keeps_the_old_text(home, capfd):
    config = home / ".aws" / "config"
    config.write_text("\ufeff[default]\n[prod]\nregion = x # y\n[PROFILE my dev] # mine\n")
    config.chmod(0o640)
    credentials = home / ".aws" / "credentials"
    credentials.write_text("[a]\n")
    credentials.chmod(0o644)
    before = config.read_bytes()
    assert run(capfd, home, "", fix=True, is_sure=True)[0] == 0
    assert (
        config.read_text()
        == "[default]\n[profile prod]\nregion = x # y\n[profile 'my dev'] # mine\n"
    )
    assert (home / ".aws" / "config.before-doctor").read_bytes() == before
    assert [path.stat().st_mode & 0o777 for path in (config, credentials)] == [0o640, 0o600]


def test_fix_without_a_terminal_needs_yes(home):
    (home / ".aws" / "config").write_text("[prod]\n")
    with pytest.raises(AwsxError, match=r"^there is nobody to ask here .*: --yes$") as refused:
        verb.doctor({"HOME": str(home), "PATH": str(home)}, fix=True)
    assert refused.value.code == 2
    assert (home / ".aws" / "config").read_text() == "[prod]\n"


def test_fix_leaves_a_file_alone_that_somebody_changed_meanwhile(home):
    config = home / ".aws" / "config"
    config.write_text("[prod]\n")
    world = World(Facts({"HOME": str(home), "PATH": str(home)}), time.time())
    found = repair.repairs(world, examination.examine(world).findings)
    config.write_text("[dev]\n")
    with pytest.raises(AwsxError, match="has changed meanwhile"):
        found[0].do()
    assert config.read_text() == "[dev]\n"


@pytest.mark.parametrize(
    ("constraint", "is_old"),
    [
        ("< 1.6", True),
        ("~> 1.5.0", True),
        ("1.5.7", True),
        ("~> 1.5", False),
        (">= 1.3", False),
        (">= 1.3, < 1.6.0", False),
        ("< 2.0", False),
        ("nonsense", False),
    ],
)
def test_a_version_of_terraform_that_is_too_old(constraint, is_old, home, monkeypatch):
    (home / ".aws" / "config").write_text(CORP + PROD)
    (home / "main.tf").write_text(f'terraform {{\n  required_version = "{constraint}"\n}}\n')
    monkeypatch.chdir(home)
    found = examined({"HOME": str(home), "PATH": str(home)}).findings
    assert ("main.tf:2" in [f.place for f in found if f.code == "terraform-too-old"]) == is_old


def test_another_program_of_this_name_before_ours_is_told(home):
    for folder, text in (("a", "#!/bin/sh\n"), ("b", f"#!{os.path.realpath('/usr/bin/env')}\n")):
        (home / folder).mkdir()
        (home / folder / "awsx").write_text(text)
        (home / folder / "awsx").chmod(0o755)
    import sys

    (home / "b" / "awsx").write_text(f"#!{sys.executable}\n")
    env = {"HOME": str(home), "PATH": f"{home}/a:{home}/b"}
    assert "another-awsx" in codes(env)
    assert "another-awsx" not in codes({**env, "PATH": f"{home}/b:{home}/a"})


def test_the_terminal_breaks_no_word_of_a_finding():
    text = "its token cannot be renewed, so a login is due every 8 hours"
    finding = Finding("legacy-session", "info", "~/.aws/config:19", text, "give it an sso_session")
    whole = list(verb._told(1, finding, False, 700))
    assert whole[1:3] == [f"   {text}", "   -> give it an sso_session"]
    for width in range(41, 80):
        lines = list(verb._told(1, finding, False, width))
        assert max(map(len, lines)) <= width
        assert " ".join(lines).split() == " ".join(whole).split()
    assert list(verb._told(1, finding, False, 41))[1:] == [
        "   its token cannot be renewed, so a",
        "   login is due every 8 hours",
        "   -> give it an sso_session",
        "",
    ]


def test_the_terminal_breaks_no_line_of_doctor(environment, home):
    (home / ".aws").mkdir(exist_ok=True)
    (home / ".aws" / "config").write_text(
        f"{CORP}{PROD}[profile old]\nsso_start_url = https://corp.awsapps.com/start\n"
        "sso_region = eu-west-1\nsso_account_id = 111122223333\nsso_role_name = Admin\n"
    )
    with Drawn([*CORE, "doctor"], environment, 80, 200) as drawn:
        drawn.wait_end()
    assert {"legacy-session", "hours"} <= drawn.words()
    assert not drawn.display.wrapped


def test_dead_pins_are_told_and_those_of_folders_that_are_gone_are_forgotten(home, capfd):
    (home / ".aws" / "config").write_text(CORP + PROD)
    (home / "file").mkdir()
    env = {"HOME": str(home), "PATH": str(home)}
    for name, profile, content in (("", "nosuch", ""), ("file", "prod", "x"), ("gone", "prod", "")):
        at = str(home / name)
        pins.put(env, pins.Pin(at, at, profile, content))
    told = [found for found in examined(env).findings if found.code == "dead-pin"]
    assert [(found.place, found.remedy) for found in told] == [
        (str(home), f"awsx pin --remove {home}"),
        ("~/file", "read it, then run there: awsx pin --trust; or: awsx pin --remove ~/file"),
        ("~/gone", "awsx pin --remove ~/gone"),
    ]
    assert codes(env, "prod").count("dead-pin") == 2
    assert run(capfd, home, "", fix=True, is_sure=True)[0] == 0
    assert [pin.folder for pin in pins.read(env)] == [str(home), str(home / "file")]
