"""The Identity Center on loopback, and the bit of AWS behind it: `with IdentityCenter() as center:`."""

from __future__ import annotations

import threading
from typing import Protocol

from awsx.demo.center.behaviour import Behaviour
from awsx.demo.center.clients import SCOPE, Clients
from awsx.demo.center.consent import Consent
from awsx.demo.center.grants import Grants
from awsx.demo.center.keys import AccessKeys
from awsx.demo.center.log import Entry, Log
from awsx.demo.center.oidc import Oidc
from awsx.demo.center.organisation import Organisation, make_organisation
from awsx.demo.center.others import S3, Ecr, Federation
from awsx.demo.center.portal import Portal
from awsx.demo.center.routes import detail, operation
from awsx.demo.center.server import Server
from awsx.demo.center.sessions import Sessions
from awsx.demo.center.startpage import StartPage
from awsx.demo.center.sts import Sts
from awsx.demo.center.tokenfile import token_file
from awsx.demo.center.wire import AwsError, Handler, Request, Response, json_response

# Global and by service: botocore takes the second first, and a user may have set one of those.
ENDPOINTS = ("SSO_OIDC", "SSO", "STS", "S3", "ECR", "SIGNIN")


class Service(Protocol):
    operations: dict[str, Handler]

    @staticmethod
    def spell(error: AwsError) -> Response: ...


class IdentityCenter:
    """Runs from `start` to `stop`; `behaviour` may be changed at any time in between."""

    def __init__(
        self,
        organisation: Organisation | None = None,
        behaviour: Behaviour | None = None,
        port: int = 0,
    ) -> None:
        self.organisation = organisation or make_organisation()
        self._behaviour = behaviour or Behaviour()
        self.log = Log()
        # One request at a time touches the state; latency is waited for outside.
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._services = self._make_services()
        self._server = Server(port, self.handle, self.behaviour.now)

    def _make_services(self) -> dict[str, Service]:
        organisation, behaviour = self.organisation, self.behaviour
        self._clients, grants = Clients(organisation, behaviour), Grants(behaviour)
        self._sessions, keys = Sessions(behaviour), AccessKeys(organisation, behaviour)
        services: list[Service] = [
            Oidc(organisation, behaviour, self._clients, grants, self._sessions),
            Consent(organisation, behaviour, self._clients, grants),
            StartPage(organisation),
            Portal(organisation, behaviour, self._sessions, keys),
            Sts(organisation, behaviour, keys),
            S3(organisation, behaviour, keys),
            Ecr(behaviour, keys),
            Federation(behaviour, keys),
        ]
        return {name: service for service in services for name in service.operations}

    @property
    def behaviour(self) -> Behaviour:
        """To be changed, not replaced: every service holds it."""
        return self._behaviour

    @property
    def url(self) -> str:
        return self._server.url

    @property
    def start_url(self) -> str:
        return self.organisation.start_url

    def environment(self) -> dict[str, str]:
        """What points the AWS CLI (>= 2.13) and the SDKs here."""
        by_service = {f"AWS_ENDPOINT_URL_{service}": self.url for service in ENDPOINTS}
        return {"AWS_ENDPOINT_URL": self.url, **by_service}

    def log_in(self, legacy: bool = False) -> dict[str, str]:
        """What `aws sso login` would write to its token file, without a browser and without the CLI."""
        wanted = {
            "clientName": "awsx-demo",
            "clientType": "public",
            "scopes": [] if legacy else [SCOPE],
        }
        with self._lock:
            client = self._clients.register(wanted)
            return token_file(
                self.organisation, client, self._sessions.start(client), self.behaviour.now()
            )

    def revoke_sessions(self) -> None:
        """As an administrator does: access tokens and refresh tokens are worth nothing, here and now."""
        with self._lock:
            self._sessions.end_all()

    def expire_access_tokens(self) -> None:
        with self._lock:
            self._sessions.expire_access_tokens()

    def forget_clients(self) -> None:
        """Cached registrations turn stale."""
        with self._lock:
            self._clients.forget()

    def handle(self, request: Request) -> Response:
        self._stopping.wait(self.behaviour.latency)
        name = operation(request)
        service = self._services.get(name or "")
        response = self._answer(service, name, request) if service and name else nobody(request)
        known = name if service else None
        self.log.add(
            Entry(
                request.method,
                request.host,
                request.path,
                known,
                detail(request, known),
                response.status,
            )
        )
        return response

    def _answer(self, service: Service, name: str, request: Request) -> Response:
        with self._lock:
            try:
                if not isinstance(service, (Consent, StartPage)):
                    self._fail()
                return service.operations[name](request)
            except AwsError as error:
                return service.spell(error)

    def _fail(self) -> None:
        if self.behaviour.failures > 0:
            self.behaviour.failures -= 1
            raise AwsError("InternalServerException", "Internal failure", 500)

    def start(self) -> None:
        self._server.start()

    def stop(self) -> None:
        self._stopping.set()
        self._server.stop()

    def __enter__(self) -> IdentityCenter:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def nobody(request: Request) -> Response:
    body = {"message": f"Nothing on this loopback AWS answers {request.method} {request.path}"}
    return json_response(body, 404, {"x-amzn-ErrorType": "UnknownOperationException"})
