"""What is wrong with the sessions of IAM Identity Center: their URLs, regions and tokens."""

from __future__ import annotations

import os
from urllib.parse import urlsplit

from awsx.doctor.codes import found
from awsx.files import disk, paths, tokens
from awsx.service import start_url
from awsx.term import AwsxError, clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from awsx.doctor.world import World
    from awsx.files.profiles import SsoSession
    from awsx.finding import Finding

HTTP, WRITE_HTTPS = "sso_start_url = {} does not begin with https://", "write https://"
VARIANT, WRITE_ALIKE = "{} and {} are one portal in two spellings", "write the same in both"
SAME, NAME_ONE = "[sso-session {}] and [sso-session {}] are one portal", "use one of them"
REGION, WRITE_REGION = "sso_region = {}, but the portal is in {}", "write sso_region = {}"
SCOPES, ADD_SCOPE = "sso_registration_scopes lacks {}", "add it"
MANAGER, BY_LOGIN = "{} is of Account Access Manager", "use: aws login --profile NAME"
UNUSED, DROP = "no profile names [sso-session {}]", "remove it, or use it in a profile"
LOG_IN = "run: awsx login --session {}"
LOG_IN_PROFILE = "run: awsx login {}"
RENEWED, LOG_IN_NEW = "the token of {} cannot be renewed", "log in anew: awsx login --session {}"
TIME, LOG_IN_AGAIN = "it says {} = {}", "log in anew: awsx login --force"
NO_TOKEN, REMOVE = "it is no token that can be read", "rm {}"
STUCK, DROP_FILE = "its registration lacks {}", "rm {}"
SCOPE = "sso:account:access"


def _sessions(world: World) -> Iterator[tuple[SsoSession, str]]:
    """Each session that can be read, with the place of its section, or of its profile."""
    config = world.config
    for name in world.sessions:
        section = config.session_section(name)
        try:
            session = config.session(name)
        except AwsxError:  # awsx/doctor/chains.py tells it
            continue
        yield session, world.place(config.config.path, section.line if section else 0)
    for profile in world.profiles:
        if profile.get("sso_start_url") and not profile.has("sso_session"):
            from awsx.files.profiles import SsoSession as Session

            url, region = profile.get("sso_start_url"), profile.get("sso_region")
            place = profile.place("sso_start_url")
            yield Session("", url, region, profile.name), place


def urls(world: World) -> Iterator[Finding]:
    """Start URLs that no login accepts."""
    for session, place in _once(world):
        shown = clean(session.start_url, 200)
        if not session.start_url.startswith("https://"):
            yield found("plain-http", place, HTTP.format(shown), WRITE_HTTPS)
        if ".account-access." in session.start_url:
            yield found("account-access", place, MANAGER.format(shown), BY_LOGIN)


def _once(world: World) -> Iterator[tuple[SsoSession, str]]:
    """The same, but of profiles with one start URL the first alone."""
    seen = set()
    for session, place in _sessions(world):
        if session.label not in seen:
            seen.add(session.label)
            yield session, place


def variants(world: World) -> Iterator[Finding]:
    """One portal in several spellings or sessions, each with a token of its own."""
    first: dict[str, tuple[SsoSession, str]] = {}
    for session, place in _once(world):
        known, there = first.setdefault(_bare(session.start_url), (session, place))
        if known is session:
            continue
        if session.start_url == known.start_url:
            if session.name and known.name:  # `legacy` finds the others
                text = SAME.format(clean(known.name), clean(session.name))
                yield found("same-start-url", place, text, NAME_ONE)
        else:
            other = f"{clean(known.start_url, 200)} ({there})"
            text = VARIANT.format(clean(session.start_url, 200), other)
            yield found("start-url-variants", place, text, WRITE_ALIKE)


def _bare(url: str) -> str:
    return url.lower().rstrip("/#").removesuffix("/start")


def regions(world: World) -> Iterator[Finding]:
    """A region that is not the portal's, by the name of its host, or by its page."""
    for session, place in _once(world):
        code, right = "region-of-host", start_url.region_in_host(session.start_url)
        if not right and world.is_online and _is_web(session.start_url):
            from awsx.service import start_page

            code, right = "region-of-page", start_page.region(session.start_url)
        if right and session.region and right != session.region:
            text = REGION.format(clean(session.region, 32), right)
            yield found(code, place, text, WRITE_REGION.format(right))


def _is_web(url: str) -> bool:
    return urlsplit(url).scheme in ("http", "https")


def scopes(world: World) -> Iterator[Finding]:
    """Sessions whose login is for something else than accounts."""
    for session, place in _once(world):
        if session.scopes and SCOPE not in session.scopes:
            yield found("no-scope", place, SCOPES.format(SCOPE), ADD_SCOPE)


def unused(world: World) -> Iterator[Finding]:
    """Sessions that no profile names."""
    used = {profile.get("sso_session") for profile in world.config.each()}
    for name in world.sessions:
        section = world.config.session_section(name)
        if name not in used and section:
            place = world.place(world.config.config.path, section.line)
            yield found("unused-session", place, UNUSED.format(clean(name)), DROP)


def logins(world: World) -> Iterator[Finding]:
    """Sessions that are over, or that nobody began."""
    for session, place in _once(world):
        token = tokens.load(world.env, tokens.key(session))
        by = LOG_IN.format(clean(session.name))
        if not session.name:
            by = LOG_IN_PROFILE.format(clean(session.holder))
        is_good = token and (token.is_valid(world.now) or token.is_renewable(world.now))
        if token is None or not is_good:
            code = "session-ended" if token else "no-login"
            yield found(code, place, tokens.why_due(token, session.label), by)
        elif session.name and not token.is_renewable(world.now):
            text = RENEWED.format(clean(session.label))
            yield found("not-renewable", place, text, LOG_IN_NEW.format(clean(session.name)))


def files(world: World) -> Iterator[Finding]:
    """Files of the SSO cache that tools read in different ways, or not at all."""
    folder = paths.token_folder(world.env)
    for name in sorted(os.listdir(folder)) if os.path.isdir(folder) else []:
        if name.endswith(".json") and (finding := _file(world, f"{folder}/{name}")):
            yield finding


def _file(world: World, path: str) -> Finding | None:
    place = world.place(path)
    try:
        content = disk.read_json(path)
    except AwsxError:
        content = {}
    if not content:
        return found("odd-token", place, NO_TOKEN, REMOVE.format(place))
    for key in ("expiresAt", "registrationExpiresAt"):
        text = content.get(key)
        if isinstance(text, str) and not text.endswith("Z"):
            return found("odd-time", place, TIME.format(key, clean(text)), LOG_IN_AGAIN)
    if "clientId" in content and "accessToken" not in content:
        lacks = next((key for key in ("clientSecret", "expiresAt") if not content.get(key)), "")
        if lacks:
            return found("stuck-registration", place, STUCK.format(lacks), DROP_FILE.format(place))
    return None


CHECKS = (urls, variants, regions, scopes, unused, logins, files)
