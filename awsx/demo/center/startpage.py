"""The access portal's start page, for people and for whoever looks up the region in its head."""

from __future__ import annotations

from awsx.demo.center.organisation import Organisation
from awsx.demo.center.pages import notice, portal
from awsx.demo.center.wire import AwsError, Handler, Request, Response, html_response


class StartPage:
    def __init__(self, organisation: Organisation) -> None:
        self._organisation = organisation
        self.operations: dict[str, Handler] = {"StartPage": self.start_page}

    def start_page(self, request: Request) -> Response:
        """The real page keeps account_id and role_name behind a `#`, where no server sees them; the demo's browser
        moves them into the query (see links.py)."""
        organisation = self._organisation
        account = organisation.account_by_id(request.query.get("account_id", ""))
        words = [account.name, account.id, request.query.get("role_name", "")] if account else []
        rows = [
            (account.name, account.id, ", ".join(account.roles))
            for account in organisation.accounts
        ]
        chosen = " ".join(word for word in words if word)
        return html_response(portal(organisation.person, organisation.sso_region, chosen, rows))

    @staticmethod
    def spell(error: AwsError) -> Response:
        return html_response(notice("That did not work", error.message), error.status)
