"""The test vectors for parsers and file locations that the AWS SDKs share.

awsx sees what botocore sees, and never less. The vectors are not part of this repository; without
them these tests are skipped.
"""

import json
from pathlib import Path

import pytest
from botocore.exceptions import ConfigParseError
from botocore.session import Session

from awsx.files import paths, profiles

FOLDER = Path(__file__).parents[3] / "shared" / "vectors"


def vectors(name):
    """The cases of one file of vectors, or one skipped case that says that the file is missing."""
    file = FOLDER / name
    if not file.exists():
        return [
            pytest.param(
                None, marks=pytest.mark.skip(reason=f"no {file}: the vectors are not part of awsx")
            )
        ]
    tests = json.loads(file.read_text(encoding="utf-8"))["tests"]
    return [
        pytest.param(test, id=f"{number}: {test['name'].rstrip('.')}")
        for number, test in enumerate(tests)
    ]


@pytest.fixture
def env(home):
    """An environment with both files at their usual places, for awsx and for botocore."""
    return {"HOME": str(home)}


def write(home, vector):
    for key, name in (("configFile", "config"), ("credentialsFile", "credentials")):
        if key in vector["input"]:
            (home / ".aws" / name).write_text(vector["input"][key], encoding="utf-8", newline="")


def seen_by_botocore():
    """Profiles and sessions as botocore reads them; None where it refuses the files."""
    try:
        config = Session().full_config
    except ConfigParseError:
        return None
    return config["profiles"], config.get("sso_sessions", {})


def flat(value):
    """A value as the dict that botocore makes of sub-properties; awsx keeps their text."""
    if not isinstance(value, str) or not value.startswith("\n"):
        return value
    pairs = (line.partition("=") for line in value.split("\n") if line)
    return {key.strip(): text.strip() for key, _, text in pairs}


def seen_by_awsx(config):
    found = {
        name: {k: flat(v) for k, v in profile.settings.items()}
        for name, profile in config.profiles().items()
    }
    return found, {
        name: section.keys for name, section in config.config.named("sso-session").items()
    }


@pytest.mark.parametrize("vector", vectors("smithy-rs-profile-parser-tests.json"))
def test_awsx_reads_the_files_as_botocore_does(vector, home, env):
    write(home, vector)
    config = profiles.Config(env)
    expected = seen_by_botocore()
    if expected is None:
        assert config.problems()
        assert not config.is_sound()
    else:
        assert [problem.as_text() for problem in config.problems()] == []
        assert seen_by_awsx(config) == expected


@pytest.mark.parametrize("vector", vectors("smithy-rs-profile-parser-tests.json"))
def test_profiles_around_a_mistake_are_still_listed(vector, home, env):
    write(home, vector)
    whole = "[profile before]\nregion = eu-west-1\n"
    file = home / ".aws" / "config"
    text = file.read_bytes() if file.exists() else b""
    file.write_bytes(whole.encode() + text + b"\n[profile after]\nregion = eu-west-2\n")
    found = profiles.Config(env).profiles()
    # An indented first line of the vector may continue the value.
    assert found["before"].settings["region"].startswith("eu-west-1")
    assert found["after"].settings == {"region": "eu-west-2"}


@pytest.mark.parametrize("vector", vectors("smithy-rs-profile-parser-tests.json"))
def test_a_single_profile_is_found_without_reading_the_whole_file(vector, home, env):
    """The fast way through a file known to be sound finds the same profiles."""
    write(home, vector)
    whole = profiles.Config(env)
    if not whole.is_sound():
        return
    for name, profile in whole.profiles().items():
        found = profiles.Config(env, sound=True).profile(name)
        assert found.settings == profile.settings
        assert [found.place(key) for key in ("", *found.settings)] == [
            profile.place(key) for key in ("", *profile.settings)
        ]


@pytest.mark.parametrize("vector", vectors("smithy-rs-file-location-tests.json"))
def test_the_files_are_where_the_sdks_look_for_them(vector):
    if vector["platform"] != "linux":
        pytest.skip("a place on Windows")
    assert paths.config_path(vector["environment"]) == vector["configLocation"]
    assert paths.credentials_path(vector["environment"]) == vector["credentialsLocation"]
