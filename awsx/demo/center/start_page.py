"""The access portal's start page. People read it, and clients read the region in its head."""

from __future__ import annotations

from awsx.demo.center import pages
from awsx.demo.center.organisation import Organisation
from awsx.demo.center.request import Request
from awsx.demo.center.response import Response, html_response
from awsx.demo.center.service import AwsError, Handler


class StartPage:
    def __init__(self, organisation: Organisation) -> None:
        self._organisation = organisation
        self.operations: dict[str, Handler] = {"StartPage": self.start_page}

    def start_page(self, request: Request) -> Response:
        """The page, for an account and a role from the query if they are given.

        A real shortcut link has them after the `#`, which no server sees. The demo moves them into
        the query (awsx/demo/link_relay.py).
        """
        organisation = self._organisation
        account = organisation.account_by_id(request.query.get("account_id", ""))
        role = request.query.get("role_name", "")
        console = f"{account.name} {account.id} {role}".rstrip() if account else ""
        return html_response(
            pages.start_page(
                organisation.person, organisation.sso_region, console, organisation.accounts
            )
        )

    @staticmethod
    def spell(error: AwsError) -> Response:
        return html_response(pages.failure(error.message), error.status)
