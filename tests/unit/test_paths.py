"""Where the files lie."""

import os

import pytest

from awsx.files import paths


@pytest.mark.parametrize(
    "links",
    [
        {},
        {"a": "b"},
        {"a": "{}/b"},
        {"a/file": "../b/file"},
        {"a/file": "../b/../b/./file"},
        {"a/file": "../c/file", "c": "b"},
        {"a": "c", "c": "d", "d": "b"},
        {"a/file": "gone"},
        {"a": "c/gone", "c": "b"},
        {"a/file": "/"},
        {"a/file": "../../../../../../../../.."},
    ],
    ids=str,
)
def test_the_real_path_is_that_of_the_standard_library(links, tmp_path):
    tmp_path = tmp_path.resolve()
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "file").write_text(folder)
    for link, leads_to in links.items():
        at = tmp_path / link
        if at.is_dir():
            at.rename(tmp_path / "away")
        at.unlink(missing_ok=True)
        at.symlink_to(leads_to.format(tmp_path))
    path = f"{tmp_path}/a/file"
    assert paths.real_path(path) == os.path.realpath(path)


@pytest.mark.parametrize("leads_to", ["a", "./a", "b"])
def test_a_circle_of_links_leads_nowhere(leads_to, tmp_path):
    (tmp_path / "a").symlink_to(leads_to)
    (tmp_path / "b").symlink_to("a")
    assert paths.real_path(f"{tmp_path}/a") == f"{tmp_path}/a"
