from __future__ import annotations

from html.parser import HTMLParser

import pytest

from awsx.demo import IdentityCenter, make_organisation
from awsx.demo.center import pages
from awsx.demo.center.request import Request

PAGES = {
    "notice": pages.notice("Done", "Close this window."),
    "question": pages.question(
        "alice",
        "awsx-corp",
        "/device",
        pages.HiddenField("user_code", "ABCD-EFGH"),
        "ABCD-EFGH",
    ),
    "code": pages.enter_code(),
    "portal": pages.start_page("alice", "eu-west-1", "", make_organisation().accounts),
}


class Reader(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.found if name == tag]


def start_page(query: str = "") -> str:
    center = IdentityCenter()
    try:
        answer = center.handle(Request("GET", f"/start{query}"))
    finally:
        center.stop()
    assert answer.status == 200
    return answer.body.decode()


@pytest.mark.parametrize("name", PAGES)
def test_page_is_accessible_and_loads_nothing(name: str) -> None:
    page = Reader(PAGES[name])

    assert page.all("html") == [{"lang": "en"}]
    assert [len(page.all(tag)) for tag in ("title", "h1", "main")] == [1, 1, 1]
    assert {"name": "viewport", "content": "width=device-width, initial-scale=1"} in page.all(
        "meta"
    )
    labels = {label["for"] for label in page.all("label")}
    assert all(
        field.get("type") == "hidden" or field["id"] in labels for field in page.all("input")
    )
    assert page.all("script") == page.all("img") == []
    assert [link["href"] for link in page.all("link")] == ["data:,"]


def test_the_start_page_names_its_region() -> None:
    """In the form of the real page, which awsx reads to find the right region."""
    assert '<meta name="region" content="eu-west-1">' in start_page()


def test_the_start_page_lists_the_accounts() -> None:
    assert len(Reader(start_page()).all("th")) == 12 + 2


def test_the_start_page_says_which_console_would_open() -> None:
    center = IdentityCenter()
    center.stop()
    prod = center.organisation.account("payments-prod")

    assert f"payments-prod {prod.id} Admin" in start_page(f"?account_id={prod.id}&role_name=Admin")
    assert "would open" not in start_page("?account_id=1&role_name=Admin")
    assert "<script>" not in start_page(f"?account_id={prod.id}&role_name=%3Cscript%3E")


def test_the_start_page_never_fails() -> None:
    center = IdentityCenter()
    center.behaviour.failures = 1
    assert center.handle(Request("GET", "/start/")).status == 200
    assert center.behaviour.failures == 1
    center.stop()
