"""The program `awsx` finds its Python and its package wherever a tool has installed it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PYTHON = f"python3.{sys.version_info.minor}"
CORE = 'import sys\nprint(sys.flags.no_site, sys.flags.isolated, *sys.argv[1:], sep="|")\n'


@pytest.fixture
def installed(tmp_path):
    """installed(folder, library) puts the program, its package and a Python below a folder."""

    def install(folder="it's a place", packages="site-packages", has_python=True, checkout=None):
        root = tmp_path / folder
        library = root / "lib" / PYTHON / packages
        (library / "awsx_shell-0.1.0.dist-info").mkdir(parents=True)
        (root / "bin").mkdir()
        for program in ("awsx", "docker-credential-awsx"):
            shutil.copy(ROOT / "program" / program, root / "bin" / program)
        if has_python:
            (root / "bin" / PYTHON).symlink_to(sys.executable)
        if checkout:
            (library / "_editable_impl_awsx_shell.pth").write_text(
                str(checkout)
            )  # without an end of line
        core = (checkout or library) / "awsx"
        core.mkdir(parents=True)
        (core / "start.py").write_text(CORE)
        return root / "bin" / "awsx"

    return install


def run(program, tmp_path, *argv):
    path = f"{tmp_path}/bin:{Path(sys.executable).parent}:/usr/bin:/bin"
    env = {"HOME": str(tmp_path), "PATH": f"{Path(program).parent}:{path}"}
    ran = subprocess.run([program, *argv], env=env, capture_output=True, text=True, check=False)
    return ran.stdout or ran.stderr


WAYS = {
    "a virtual environment": {},
    "Debian's own Python": {"packages": "dist-packages", "has_python": False},
    "pip install --user": {"folder": ".local", "has_python": False},
}


@pytest.mark.parametrize("way", WAYS)
def test_the_core_starts_without_site_packages(way, installed, tmp_path):
    assert run(installed(**WAYS[way]), tmp_path, "a b", "$(x)", "") == "1|1|a b|$(x)|\n"


def test_an_editable_installation_runs_the_checkout(installed, tmp_path):
    assert run(installed(checkout=tmp_path / "my code"), tmp_path, "x") == "1|1|x\n"


@pytest.mark.parametrize(
    "folder",
    [".local/share/uv/tools/awsx-shell", ".local/share/pipx/venvs/awsx-shell", "other place"],
)
@pytest.mark.parametrize("is_relative", [True, False])
def test_a_link_leads_to_its_python(folder, is_relative, installed, tmp_path):
    program = installed(folder)
    link = tmp_path / "bin" / "awsx"
    link.parent.mkdir()
    link.symlink_to(os.path.relpath(program, link.parent) if is_relative else program)
    assert run(link, tmp_path, "x") == "1|1|x\n"


def test_the_helper_of_docker_starts_the_awsx_beside_it(installed, tmp_path):
    helper = installed().parent / "docker-credential-awsx"
    link = tmp_path / "bin" / "docker-credential-awsx"
    link.parent.mkdir()
    link.symlink_to(os.path.relpath(helper, link.parent))
    for program in (helper, link, link.name):
        assert run(program, tmp_path, "get") == "1|1|--docker-credential|get\n"
    assert run(link, tmp_path) == "1|1|--docker-credential|\n"
    helper.with_name("awsx").unlink()
    assert "install it again" in run(link, tmp_path, "get")


def test_without_its_package_it_says_so(installed, tmp_path):
    program = installed(has_python=False)
    shutil.rmtree(program.parents[1] / "lib")
    assert "install it again" in run(program, tmp_path)
