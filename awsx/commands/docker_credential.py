"""The program docker-credential-awsx: what docker asks of a credential helper, for ECR.

Docker writes the registry's URL to stdin, reads stdout, and shows what stands there if the exit
code is not 0; stderr it shows nobody. No password is kept on disk: AWS gives a new one with the
keys that the AWS CLI keeps, and none after `awsx logout`.
https://github.com/docker/docker-credential-helpers (credentials.go)
"""

from __future__ import annotations

import os
import sys
import time

from awsx import __version__
from awsx.commands import before, meant
from awsx.credentials import valid
from awsx.environment import PROFILES
from awsx.service import registry as registries
from awsx.term import AwsxError, Told, clean, on_terminal, one_line, out, refuse
from awsx.truth.findings import Terminal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from awsx.facts import Facts
    from awsx.service.registry import Registry

PROGRAM = "docker-credential-awsx"
USAGE = f"usage: {PROGRAM} get|store|erase|list|version"
# docker-credential-helpers' own words: docker goes on without a login when it reads the first.
NOT_FOUND, NO_URL = "credentials not found in native keychain", "no credentials server URL"
NOT_IMPLEMENTED = "not implemented"  # as amazon-ecr-credential-helper answers store and erase
NOT_KEPT = (
    f"{PROGRAM} keeps no password: `docker login` and `docker logout` are not needed for ECR;"
    " AWS_ECR_IGNORE_CREDS_STORAGE=true lets them pass"
)
NOT_ECR = "{} is no registry of ECR"
NO_PROFILE = "no profile of account {}; name one in the settings: [ecr] {} = ..."
NO_PUBLIC = "which profile for {}? switch to one, or name one in the settings: [ecr] {}"
SEVERAL = '{}, in the settings: [ecr] {} = "{}"'


class Anonymous(AwsxError):
    """There is no login for this registry, and docker may try without one."""


def answer(env: Mapping[str, str], action: str) -> None:
    """Do what docker asks. Raises Told, with all of it said, where that cannot be done."""
    if action == "get":
        _get(env, _read().strip())
    elif action in ("store", "erase"):
        _read()
        if env.get("AWS_ECR_IGNORE_CREDS_STORAGE") != "true":
            raise _failure(NOT_IMPLEMENTED, NOT_KEPT)
    elif action == "list":
        out("{}\n")  # nothing is kept
    elif action in ("version", "--version", "-v"):
        out(f"{PROGRAM} (awsx) {__version__}\n")
    elif action in ("-h", "--help"):
        out(USAGE + "\n")
    else:
        raise _failure(USAGE)


def _read() -> str:
    return sys.stdin.buffer.read().decode("utf-8", "replace")


def _failure(told: str, why: str = "") -> Told:
    """The error for docker, which reads `told` on stdout; a person may see `why` on stderr."""
    out(one_line(told) + "\n")
    if why:
        refuse(why)
    return Told(told)


def _get(env: Mapping[str, str], url: str) -> None:
    """Print the login for the registry of this URL. Raises Told."""
    import json

    if not url:
        raise _failure(NO_URL)
    try:
        with Asking():
            user, password = _login(env, url)
    except Told:
        raise
    except Anonymous as error:
        raise _failure(NOT_FOUND, str(error)) from error
    except AwsxError as error:
        if error.code == 130:  # cancelled
            raise
        raise _failure(f"awsx: {error}", str(error)) from error
    out(json.dumps({"ServerURL": url, "Username": user, "Secret": password}) + "\n")


def _login(env: Mapping[str, str], url: str) -> tuple[str, str]:
    registry = registries.of_url(url)
    if registry is None:
        raise Anonymous(NOT_ECR.format(clean(url)))
    facts = before.opened(env)
    name = profile_of(facts, registry)
    target = before.target_of(facts, name) if name else None
    try:
        if target is None:
            return registries.login(registry)
        keys = valid.keys(facts, target)
        found = keys.access_key, keys.secret_key, keys.token
        return registries.login(registry, target.profile.name, found)
    except AwsxError as error:
        if registry.account or error.code == 130:
            raise
        raise Anonymous(str(error)) from error  # the public registry serves everybody


def profile_of(facts: Facts, registry: Registry) -> str:
    """The name of the profile for a registry: the terminal's, if it is of the registry's account.

    Else the settings name one, or the account has but one. Empty where none of this tells, and the
    environment has credentials (of `awsx exec --creds`). Raises AwsxError if nothing tells which.
    """
    account = registry.account
    own = next((facts.env[name] for name in PROFILES if facts.env.get(name)), "")
    profile = facts.config.profile(own) if own else None
    if profile and (not account or profile.account == account):
        return own
    chosen = facts.settings.ecr if facts.has_settings else {}
    if named := chosen.get(account or registry.host):
        return named
    names = [each.name for each in facts.config.each() if account and each.account == account]
    if len(names) == 1:
        return names[0]
    if Terminal(facts.env, facts.config, time.time()).aws.identity not in ("profile", "none"):
        return ""
    if not account:
        raise Anonymous(NO_PUBLIC.format(registry.host, f'"{registry.host}" = ...'))
    if not names:
        raise Anonymous(NO_PROFILE.format(account, account))
    names = meant.profiles_of(facts, account)
    text = str(meant.several(account, names))
    raise AwsxError(SEVERAL.format(text, account, clean(names[0])))


class Asking:
    """`with Asking():` lets a person be asked, if this process has a terminal in the foreground.

    Docker takes stdin and stderr for itself. They are as they were when the block has ended.
    """

    def __enter__(self) -> None:
        self._own: dict[int, int] = {}
        try:
            tty = os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY)
        except OSError:
            return
        try:
            if not on_terminal() and os.tcgetpgrp(tty) == os.getpgrp():
                for fd in (0, 2):
                    self._own[fd] = os.dup(fd)
                    os.dup2(tty, fd)
        except OSError:
            pass
        finally:
            os.close(tty)

    def __exit__(self, *_: object) -> None:
        sys.stderr.flush()
        for fd, own in self._own.items():
            os.dup2(own, fd)
            os.close(own)
