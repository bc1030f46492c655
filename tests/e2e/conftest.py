from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from awsx.demo import IdentityCenter

from . import awscli
from .home import environment, make_home


@pytest.fixture(scope="session")
def aws_v2() -> Path:
    """The folder with the real `aws` and nothing else, to be put on PATH."""
    try:
        return awscli.fetch()
    except awscli.Unavailable as why:
        if os.environ.get("CI") == "true":
            pytest.fail(str(why))
        pytest.skip(str(why))


@pytest.fixture
def center() -> Iterator[IdentityCenter]:
    with IdentityCenter() as center:
        yield center


@pytest.fixture
def home(tmp_path: Path, center: IdentityCenter) -> Path:
    return make_home(tmp_path / "home", center.organisation)


@pytest.fixture
def env(home: Path, center: IdentityCenter, aws_v2: Path) -> dict[str, str]:
    return environment(home, center, aws_v2)
