"""The credentials of a profile as botocore resolves them: roles, MFA, web identity, processes."""

from __future__ import annotations

from awsx.service import errors, signed
from awsx.term import AwsxError, clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

NOTHING = "profile {} gives no credentials; what it is made of: awsx current"
FAILED = "no credentials of profile {}: {}"
REFUSED = "AWS refuses the credentials of profile {} ({}: {})"
UNREACHABLE = "cannot reach AWS for the credentials of profile {}: {}; check the network or the VPN"
# STS's message for a wrong code; its error code is AccessDenied, as for many other things.
WRONG_CODE = "MultiFactorAuthentication failed"
# What a credential_process can do: not be there, or print what is no JSON.
PROCESS = (OSError, ValueError)


class WrongCode(AwsxError):
    """AWS refused the code of an MFA device."""


class Asked:
    """What botocore is asked for, and with what.

    `region` is where STS is asked, empty: where botocore asks by itself. `duration` is in seconds,
    0: as the profile says. `cache` is a mapping of the AWS CLI's cache; `prompt` asks a person for
    the code of an MFA device. `processes` has a credential_process for a profile by its name, which
    takes the place of its `login_session`.
    """

    __slots__ = ("cache", "duration", "name", "processes", "prompt", "region")

    def __init__(
        self,
        name: str,
        region: str,
        duration: int,
        cache: object,
        prompt: Callable[[str], str],
        processes: Mapping[str, str],
    ) -> None:
        self.name, self.region, self.duration = name, region, duration
        self.cache, self.prompt, self.processes = cache, prompt, processes


def resolve(asked: Asked) -> Mapping[str, object]:
    """The answer: access_key, secret_key, token, account_id, and `expires`, a datetime or None.

    Raises AwsxError if botocore finds none, or if AWS refuses or cannot be asked.
    """
    session = _session(asked)
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        found = _resolver(session, asked).load_credentials()
        frozen = found.get_frozen_credentials() if found else None
    except ClientError as error:
        raise _refusal(asked.name, dict(error.response)) from error
    except BotoCoreError as error:
        raise _failure(asked.name, error) from error
    except PROCESS as error:
        raise AwsxError(FAILED.format(clean(asked.name), clean(str(error), 300))) from error
    if frozen is None:
        raise AwsxError(NOTHING.format(clean(asked.name)))
    return {
        "access_key": frozen.access_key,
        "secret_key": frozen.secret_key,
        "token": frozen.token,
        "account_id": getattr(frozen, "account_id", None),
        "expires": getattr(found, "_expiry_time", None),
    }


def _session(asked: Asked) -> Any:  # noqa: ANN401 - made at run time
    """A session for this profile alone: no keys in the environment beat it."""
    session = signed.session(asked.name)
    session.set_default_client_config(signed.config())
    return session


def _resolver(session: Any, asked: Asked) -> Any:  # noqa: ANN401 - as above
    from botocore import credentials

    if asked.duration:
        profile = session.full_config["profiles"].get(asked.name, {})
        profile["duration_seconds"] = str(asked.duration)
    for name, command in asked.processes.items():
        profile = session.full_config["profiles"][name]
        del profile["login_session"]
        profile["credential_process"] = command
    cache: Any = asked.cache
    resolver = credentials.create_credential_resolver(session, cache, asked.region or None)
    setattr(resolver.get_provider("assume-role"), "_prompter", asked.prompt)  # noqa: B010
    return resolver


def _refusal(name: str, response: dict[str, Any]) -> AwsxError:
    code, why = errors.reason(response)
    kind = WrongCode if why.startswith(WRONG_CODE) else AwsxError
    return kind(REFUSED.format(clean(name), code, why))


def _failure(name: str, error: Exception) -> AwsxError:
    from botocore.exceptions import ConnectionError, HTTPClientError

    if isinstance(error, ConnectionError | HTTPClientError):
        return AwsxError(UNREACHABLE.format(clean(name), errors.cause(error)))
    return AwsxError(FAILED.format(clean(name), clean(str(error), 300).rstrip(".")))
