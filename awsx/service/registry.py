"""Registries of ECR: whose one is by its host's name, and the login that AWS gives for it."""

from __future__ import annotations

from typing import NamedTuple

from awsx import packages
from awsx.service import errors, signed
from awsx.term import AwsxError, clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from awsx.service.signed import Pair

REFUSED = "AWS gives {} no login to {} ({}: {})"
PROFILE, ENVIRONMENT = "profile {}", "the keys of the environment"
FAILED = "cannot ask AWS for a login to {}: {}"
PUBLIC_REGION = "us-east-1"  # where the public registry gives its tokens to all of the world
PUBLIC_HOSTS = ("public.ecr.aws", "ecr-public.aws.com")
# ACCOUNT.dkr.ecr.REGION.amazonaws.com, ACCOUNT.dkr-ecr.REGION.on.aws and the like. The ends are
# those of amazon-ecr-credential-helper (ecr-login/api/client.go): nobody else gets a token.
HOST = (
    r"(\d{12})\.dkr[.-]ecr(-fips)?\.([a-z0-9-]+)\.(?:amazonaws\.com|amazonaws\.com\.cn"
    r"|amazonaws\.eu|on\.aws|on\.amazonwebservices\.com\.cn|on\.amazonwebservices\.eu"
    r"|sc2s\.sgov\.gov|c2s\.ic\.gov|cloud\.adc-e\.uk|csp\.hci\.ic\.gov)"
)


class Registry(NamedTuple):
    """A registry of ECR. The public one belongs to no `account`, which is empty then."""

    host: str
    account: str
    region: str
    is_fips: bool = False


def of_url(url: str) -> Registry | None:
    """The registry that a URL or the name of an image begins with; None for another host."""
    import re

    rest = url.partition("://")[2] if "://" in url else url
    host = rest.partition("/")[0].partition(":")[0].lower()
    if host in PUBLIC_HOSTS:
        return Registry(host, "", PUBLIC_REGION)
    found = re.fullmatch(HOST, host, re.ASCII)
    return Registry(host, found[1], found[3], bool(found[2])) if found else None


def login(registry: Registry, name: str = "", keys: Pair | None = None) -> tuple[str, str]:
    """User and password for a registry, by the keys of profile `name`, whose endpoints count.

    Without keys, by those of the environment. They work for 12 hours. Raises AwsxError.
    """
    from base64 import b64decode

    packages.add()
    from botocore.exceptions import BotoCoreError, ClientError, ConnectionError, HTTPClientError

    try:
        data = _answer(registry, name, keys)["authorizationData"]
        data = data if isinstance(data, dict) else data[0]
        user, _, password = b64decode(str(data["authorizationToken"])).decode().partition(":")
    except ClientError as error:
        code, why = errors.reason(error.response)
        who = PROFILE.format(clean(name)) if name else ENVIRONMENT
        text = REFUSED.format(who, registry.host, code, why)
        raise AwsxError(text) from error
    except (ConnectionError, HTTPClientError) as error:
        raise AwsxError(FAILED.format(registry.host, errors.cause(error))) from error
    except (BotoCoreError, ValueError, LookupError, TypeError, OSError) as error:
        why = clean(str(error), 300).rstrip(".")
        raise AwsxError(FAILED.format(registry.host, why)) from error
    return user, password


def _client(registry: Registry, name: str, keys: Pair | None, by_fips: bool) -> Any:  # noqa: ANN401
    from botocore.config import Config

    how = signed.config()
    if by_fips:
        how = how.merge(Config(use_fips_endpoint=True))
    service = "ecr" if registry.account else "ecr-public"
    return signed.client(service, signed.session(name), keys, registry.region, how)


def _answer(registry: Registry, name: str, keys: Pair | None) -> Mapping[str, Any]:
    """What AWS answers. Raises the errors of botocore."""
    from botocore.exceptions import EndpointProviderError

    found: Mapping[str, Any]
    try:
        found = _client(registry, name, keys, registry.is_fips).get_authorization_token()
    except EndpointProviderError:  # FIPS beside an endpoint that the person names
        found = _client(registry, name, keys, False).get_authorization_token()
    return found
