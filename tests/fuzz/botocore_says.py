"""What the installed botocore does with a profile, without a network: it works, or how it fails."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from unittest import mock

import botocore.credentials
import botocore.tokens
import botocore.utils
from botocore.awsrequest import AWSResponse
from botocore.loaders import Loader
from botocore.session import Session

NOTHING = "no credentials"
BLANK = "AWS refuses a blank key"
KEYS = {"AccessKeyId": "AKIA", "SecretAccessKey": "s", "SessionToken": "t"}
ASSUMED = (
    "<AssumeRoleResponse xmlns='https://sts.amazonaws.com/doc/2011-06-15/'><AssumeRoleResult>"
    "<Credentials><AccessKeyId>AKIA</AccessKeyId><SecretAccessKey>s</SecretAccessKey>"
    "<SessionToken>t</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>"
    "</AssumeRoleResult></AssumeRoleResponse>"
)
ROLE = {
    "roleCredentials": {
        "accessKeyId": "AKIA",
        "secretAccessKey": "s",
        "sessionToken": "t",
        "expiration": 4070908800000,
    }
}
CONTAINER = {
    "AccessKeyId": "AKIA",
    "SecretAccessKey": "s",
    "Token": "t",
    "Expiration": "2099-01-01T00:00:00Z",
}


class _Body:
    def __init__(self, text: str) -> None:
        self._data = text.encode()

    def stream(self, **_: object) -> Iterator[bytes]:
        yield self._data


def _answer(request: object, **_: object) -> AWSResponse:
    """What AWS would answer: credentials, for every call."""
    url = str(request.url)  # type: ignore[attr-defined]
    if "federation/credentials" in url:
        text = json.dumps(ROLE)
    else:
        text = ASSUMED
        if "WithWebIdentity" in str(request.body):  # type: ignore[attr-defined]
            text = ASSUMED.replace("AssumeRoleRes", "AssumeRoleWithWebIdentityRes")
    return AWSResponse(url, 200, {}, _Body(text))


class Botocore:
    """One pair of files as botocore reads it. Use it within `offline`."""

    _loader = Loader()

    def __init__(self) -> None:
        self._config = Session().full_config
        self.profiles = list(self._config["profiles"])

    def refusal(self, name: str) -> str:
        """How a command with this profile fails; empty if it works."""
        session = Session(profile=name)
        session._config = self._config
        session.register_component("data_loader", self._loader)
        session.register("before-send", _answer)
        resolver = session.get_component("credential_provider")
        resolver.get_provider("assume-role")._prompter = lambda _: "123456"
        try:
            found = session.get_credentials()
            frozen = found and found.get_frozen_credentials()
            session.get_auth_token()  # as each client asks for
            region = session.get_config_variable("region")
            botocore.utils.validate_region_name(region)
            if region == "":
                return "Invalid endpoint: https://sts..amazonaws.com"
        except Exception as error:  # noqa: BLE001 - botocore lets through whatever is raised
            return f"{type(error).__name__}: {error}"
        if frozen is None:
            return NOTHING
        return ""


def _strict(load: Callable[[object], object]) -> Callable[[object], object]:
    """A provider of keys that fails for blank ones, as AWS does when they are used."""

    def strict(provider: object) -> object:
        found = load(provider)
        if found and not (found.access_key and found.secret_key):  # type: ignore[attr-defined]
            raise ValueError(BLANK)
        return found

    return strict


@contextmanager
def offline(env: Mapping[str, str]) -> Iterator[None]:
    """Let botocore see this environment alone, and no network."""
    home = env["HOME"]
    folder = os.path.join(home, ".aws", "sso", "cache")
    metadata = "botocore.utils.InstanceMetadataFetcher.retrieve_iam_role_credentials"
    with ExitStack() as stack:
        enter = stack.enter_context
        enter(mock.patch.dict(os.environ, env, clear=True))
        enter(mock.patch.object(botocore.credentials.SSOProvider, "_SSO_TOKEN_CACHE_DIR", folder))
        enter(mock.patch.object(botocore.tokens.SSOTokenProvider, "_SSO_TOKEN_CACHE_DIR", folder))
        enter(mock.patch.object(botocore.credentials, "EC", object()))
        enter(mock.patch(metadata, lambda _: {}))
        for provider in ("SharedCredentialProvider", "ConfigProvider"):
            load = getattr(botocore.credentials, provider).load
            enter(mock.patch(f"botocore.credentials.{provider}.load", _strict(load)))
        fetcher = "botocore.utils.ContainerMetadataFetcher._retrieve_credentials"
        enter(mock.patch(fetcher, lambda *_: CONTAINER))
        yield
