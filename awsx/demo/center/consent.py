"""/authorize and /device: the pages on which the person lets a client in, or refuses."""

from __future__ import annotations

from urllib.parse import urlencode

from awsx.demo.center.behaviour import Behaviour
from awsx.demo.center.clients import AUTHORIZATION_CODE, Clients
from awsx.demo.center.grants import Answer, AuthorizeRequest, Device, Grants
from awsx.demo.center.organisation import Organisation
from awsx.demo.center.pages import HiddenField, enter_code, failure, notice, question
from awsx.demo.center.request import Request
from awsx.demo.center.response import Response, html_response, redirect
from awsx.demo.center.service import AwsError, Handler


class Consent:
    def __init__(
        self, organisation: Organisation, behaviour: Behaviour, clients: Clients, grants: Grants
    ) -> None:
        self._organisation = organisation
        self._behaviour = behaviour
        self._clients = clients
        self._grants = grants
        self.operations: dict[str, Handler] = {
            "Authorize": self.authorize,
            "AnswerAuthorize": self.answer_authorize,
            "Device": self.device,
            "AnswerDevice": self.answer_device,
        }

    def authorize(self, request: Request) -> Response:
        wanted = self._parse(request.query)
        decision = self._behaviour.decision
        if decision != "ask":
            return self._send_back(wanted, decision)
        field = HiddenField("ticket", self._grants.put_off(wanted))
        person, client = self._organisation.person, wanted.client.name
        return html_response(question(person, client, "/authorize", field))

    def answer_authorize(self, request: Request) -> Response:
        wanted = self._grants.take(request.form.get("ticket", ""))
        if wanted is None:
            raise AwsError("InvalidRequest", "This request was answered already")
        return self._send_back(wanted, clicked(request))

    def _parse(self, query: dict[str, str]) -> AuthorizeRequest:
        """The query of /authorize as a value.

        Raises AwsError for a query whose sender cannot be trusted. As at the real service, the
        person then sees an error page, and the client goes on waiting: nothing is sent back to it.
        """
        client = self._clients.find(query.get("client_id", ""))
        redirect_uri = query.get("redirect_uri", "")
        if AUTHORIZATION_CODE not in client.grant_types or not client.allows_redirect(redirect_uri):
            raise AwsError("InvalidRequest", "redirect_uri is not one that the client registered")
        # AWS names this parameter `scopes`; RFC 6749 names it `scope`.
        if not set(query.get("scopes", "?").split()) <= set(client.scopes):
            raise AwsError("InvalidRequest", "scopes are not those that the client registered")
        if query.get("response_type") != "code":
            raise AwsError("InvalidRequest", "response_type must be code")
        if query.get("code_challenge_method") != "S256" or not query.get("code_challenge"):
            raise AwsError("InvalidRequest", "A code_challenge by S256 is required")
        return AuthorizeRequest(
            client, redirect_uri, query.get("state", ""), query["code_challenge"]
        )

    def _send_back(self, wanted: AuthorizeRequest, answer: Answer) -> Response:
        if answer == "allow":
            query = {"code": self._grants.make_code(wanted), "state": wanted.state}
        else:
            query = {"error": "access_denied", "state": wanted.state}
        return redirect(f"{wanted.redirect_uri}?{urlencode(query)}")

    def device(self, request: Request) -> Response:
        if "user_code" not in request.query:
            return html_response(enter_code())
        device = self._device(request.query["user_code"])
        decision = self._behaviour.decision
        return self._ask_for(device) if decision == "ask" else settle(device, decision)

    def answer_device(self, request: Request) -> Response:
        return settle(self._device(request.form.get("user_code", "")), clicked(request))

    def _device(self, user_code: str) -> Device:
        device = self._grants.find_device(user_code)
        if device is None:
            raise AwsError("InvalidRequest", "This code is unknown or expired")
        return device

    def _ask_for(self, device: Device) -> Response:
        field = HiddenField("user_code", device.user_code)
        person, client = self._organisation.person, device.client.name
        return html_response(question(person, client, "/device", field, device.user_code))

    @staticmethod
    def spell(error: AwsError) -> Response:
        return html_response(failure(error.message), error.status)


def clicked(request: Request) -> Answer:
    """Which button of the page was clicked; a form without one counts as Deny."""
    return "allow" if request.form.get("decision") == "allow" else "deny"


def settle(device: Device, answer: Answer) -> Response:
    device.answer = answer
    if answer == "deny":
        return html_response(notice("Request denied", "You can close this window."))
    return html_response(
        notice("Request approved", "Close this window and go back to your terminal.")
    )
