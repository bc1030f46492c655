"""Which rc file each shell reads."""

import os

import pytest

from awsx.install import rcfile
from awsx.term import AwsxError

WHERE = [
    ("bash", {}, "linux", ".bashrc"),
    ("bash", {}, "darwin", ".bash_profile"),
    ("zsh", {}, "linux", ".zshrc"),
    ("zsh", {"ZDOTDIR": ""}, "linux", ".zshrc"),
    ("zsh", {"ZDOTDIR": "/z"}, "darwin", "/z/.zshrc"),
    ("fish", {}, "linux", ".config/fish/config.fish"),
    ("fish", {"XDG_CONFIG_HOME": ""}, "linux", ".config/fish/config.fish"),
    ("fish", {"XDG_CONFIG_HOME": "/x"}, "darwin", "/x/fish/config.fish"),
]


@pytest.mark.parametrize(("shell", "env", "platform", "expected"), WHERE)
def test_the_rc_file_of_each_shell(shell, env, platform, expected, tmp_path):
    found = rcfile.path(shell, {"HOME": str(tmp_path), **env}, platform)
    assert found == os.path.join(tmp_path, expected)


def test_on_macos_an_existing_login_file_is_taken_before_a_new_one(tmp_path):
    (tmp_path / ".profile").touch()
    assert rcfile.path("bash", {"HOME": str(tmp_path)}, "darwin") == f"{tmp_path}/.profile"


def test_without_a_home_there_is_no_rc_file():
    with pytest.raises(AwsxError, match="HOME is not set"):
        rcfile.path("bash", {"HOME": "relative"})
