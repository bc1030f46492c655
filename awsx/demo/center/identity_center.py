"""The way in: `with IdentityCenter() as center:` runs the loopback AWS."""

from __future__ import annotations

import threading

from awsx.demo.center import token_file
from awsx.demo.center.access_keys import AccessKeys
from awsx.demo.center.behaviour import Behaviour
from awsx.demo.center.clients import SCOPE, Clients, Registration
from awsx.demo.center.consent import Consent
from awsx.demo.center.ecr import Ecr
from awsx.demo.center.federation import Federation
from awsx.demo.center.grants import Grants
from awsx.demo.center.oidc import Oidc
from awsx.demo.center.organisation import Organisation, make_organisation
from awsx.demo.center.portal import Portal
from awsx.demo.center.request import Request
from awsx.demo.center.request_log import Entry, RequestLog
from awsx.demo.center.response import Response, json_response
from awsx.demo.center.routes import detail, operation
from awsx.demo.center.s3 import S3
from awsx.demo.center.server import Server
from awsx.demo.center.service import AwsError, Service
from awsx.demo.center.sessions import Sessions
from awsx.demo.center.signin import SignIn
from awsx.demo.center.start_page import StartPage
from awsx.demo.center.sts import Sts

# The services with a variable AWS_ENDPOINT_URL_... of their own. It beats the general
# AWS_ENDPOINT_URL, so a variable that the user has set for one service would win.
ENDPOINTS = ("SSO_OIDC", "SSO", "STS", "S3", "ECR", "ECR_PUBLIC", "SIGNIN")


class IdentityCenter:
    """Serves from `start` to `stop`; the port is taken, and `url` known, before `start`.

    `port` 0 means any free one.
    """

    def __init__(
        self,
        organisation: Organisation | None = None,
        behaviour: Behaviour | None = None,
        port: int = 0,
    ) -> None:
        self.organisation = organisation or make_organisation()
        self._behaviour = behaviour or Behaviour()
        self.log = RequestLog()
        # One request at a time uses the state. They wait for the latency outside, all at once.
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._services = self._make_services()
        self._server = Server(port, self.handle, self.behaviour.now)

    def _make_services(self) -> dict[str, Service]:
        """The service that answers each operation."""
        organisation, behaviour = self.organisation, self.behaviour
        self._clients, grants = Clients(organisation, behaviour), Grants(behaviour)
        self._sessions, keys = Sessions(behaviour), AccessKeys(organisation, behaviour)
        self._sign_in = SignIn(organisation, behaviour, keys)
        services: list[Service] = [
            Oidc(organisation, behaviour, self._clients, grants, self._sessions),
            Consent(organisation, behaviour, self._clients, grants),
            StartPage(organisation),
            Portal(organisation, behaviour, self._sessions, keys),
            self._sign_in,
            Sts(organisation, behaviour, keys),
            S3(organisation, behaviour, keys),
            Ecr(behaviour, keys),
            Federation(behaviour, keys),
        ]
        return {name: service for service in services for name in service.operations}

    @property
    def behaviour(self) -> Behaviour:
        """Change its fields; it cannot be replaced, because every service holds it."""
        return self._behaviour

    @property
    def url(self) -> str:
        return self._server.url

    @property
    def start_url(self) -> str:
        return self.organisation.start_url

    def environment(self) -> dict[str, str]:
        """The variables that point the AWS CLI (from 2.13) and the SDKs here."""
        by_service = {f"AWS_ENDPOINT_URL_{service}": self.url for service in ENDPOINTS}
        return {"AWS_ENDPOINT_URL": self.url, **by_service}

    def log_in(self, legacy: bool = False) -> dict[str, str]:
        """Log the person in without a browser; the JSON object of the AWS CLI's token file.

        `legacy` logs in as for a profile without an sso-session.
        """
        with self._lock:
            client = self._clients.register(
                Registration("awsx-demo", scopes=() if legacy else (SCOPE,))
            )
            tokens = self._sessions.start(client)
            return token_file.content(self.organisation, client, tokens, self.behaviour.now())

    def revoke_sessions(self) -> None:
        """Do what an administrator can do: end every access token and refresh token at once."""
        with self._lock:
            self._sessions.end_all()
            self._sign_in.end_all()

    def expire_access_tokens(self) -> None:
        """End the access tokens; the refresh tokens go on."""
        with self._lock:
            self._sessions.expire_access_tokens()

    def forget_clients(self) -> None:
        """Refuse every registration made so far."""
        with self._lock:
            self._clients.forget_all()

    def handle(self, request: Request) -> Response:
        """Answer one request and log it. Runs in a thread of its own for each request."""
        self._stopping.wait(self.behaviour.latency)
        name = operation(request)
        service = self._services.get(name or "")
        if service is None or name is None:
            name, response = None, unknown_operation(request)
        else:
            response = self._answer(service, name, request)
        self.log.add(
            Entry(
                method=request.method,
                host=request.host,
                path=request.path,
                operation=name,
                detail=detail(request, name),
                status=response.status,
            )
        )
        return response

    def _answer(self, service: Service, name: str, request: Request) -> Response:
        with self._lock:
            try:
                if not isinstance(service, (Consent, StartPage)):  # pages are no API calls
                    self._fail()
                return service.operations[name](request)
            except AwsError as error:
                return service.spell(error)

    def _fail(self) -> None:
        """Raises AwsError while `behaviour.failures` is above 0, and counts it down."""
        if self.behaviour.failures > 0:
            self.behaviour.failures -= 1
            raise AwsError("InternalServerException", "Internal failure", 500)

    def start(self) -> None:
        self._server.start()

    def stop(self) -> None:
        """Ends the latency of requests that wait. May be called without `start`."""
        self._stopping.set()
        self._server.stop()

    def __enter__(self) -> IdentityCenter:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def unknown_operation(request: Request) -> Response:
    body = {"message": f"Nothing on this loopback AWS answers {request.method} {request.path}"}
    return json_response(body, 404, {"x-amzn-ErrorType": "UnknownOperationException"})
