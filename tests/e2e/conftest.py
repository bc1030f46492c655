"""A made-up Identity Center that runs, a home that knows it, and the real AWS CLI v2."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from awsx.demo import IdentityCenter

from . import awscli
from .home import aws_variables, make_home

# Read before the tests' own environment begins: pip needs this machine's index, proxy and
# certificates.
OUTSIDE = dict(os.environ)


@pytest.fixture(scope="session")
def aws_v2() -> Path:
    """The folder with the real `aws` and nothing else, to be put on PATH."""
    try:
        return awscli.fetch(OUTSIDE)
    except awscli.Unavailable as why:
        if OUTSIDE.get("CI") == "true":
            pytest.fail(str(why))
        pytest.skip(str(why))


@pytest.fixture
def center() -> Iterator[IdentityCenter]:
    with IdentityCenter() as center:
        yield center


@pytest.fixture
def home(home: Path, center: IdentityCenter) -> Path:
    """A home with the ~/.aws of a person who works with the made-up organisation."""
    return make_home(home, center.organisation)


@pytest.fixture
def environment(environment: dict[str, str], center: IdentityCenter) -> dict[str, str]:
    """An environment from scratch that points at `center`, without an AWS CLI."""
    return {**environment, **aws_variables(center, Path(environment["TMPDIR"]))}


@pytest.fixture
def env(environment: dict[str, str], aws_v2: Path) -> dict[str, str]:
    """`environment` with the real AWS CLI v2."""
    return {**environment, "PATH": f"{aws_v2}:{environment['PATH']}"}
