"""Which browser opens a console: of a profile, an account, a guard or a session.

In the settings and after --browser it is written in one of these forms:

    chrome                  chrome, chromium, edge, brave, vivaldi or firefox
    chrome:Profile 1        the folder of a profile of that browser (chrome://version shows it)
    firefox:prod            a container of Firefox, by its name
    my-browser --new %s     any other command; %s is the link

{profile}, {account}, {account_name} and {role} stand for those of the profile. A container is
opened by the extension "Open external links in a container", with its form of a URL:
https://github.com/honsiorovskyi/open-url-in-container
"""

from __future__ import annotations

import shlex
import sys
from fnmatch import fnmatchcase
from shutil import which
from typing import NamedTuple
from urllib.parse import quote

from awsx.term import AwsxError, clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from awsx.facts import Facts, Target
    from awsx.files.console_settings import Console

NOT_INSTALLED = "the browser {} cannot be found; name another: awsx console --browser B"
# The names of a browser's program, and what macOS calls it.
CHROMIUMS = {
    "chrome": ("Google Chrome", ("google-chrome", "google-chrome-stable", "chrome")),
    "chromium": ("Chromium", ("chromium", "chromium-browser")),
    "edge": ("Microsoft Edge", ("microsoft-edge", "microsoft-edge-stable", "msedge")),
    "brave": ("Brave Browser", ("brave-browser", "brave")),
    "vivaldi": ("Vivaldi", ("vivaldi", "vivaldi-stable")),
}
BROWSERS = {**CHROMIUMS, "firefox": ("Firefox", ("firefox", "firefox-esr"))}


class Browser(NamedTuple):
    """How a link is opened: by `command` (`%s` is the link; empty: the desktop's browser).

    `container` is a container of Firefox; empty: none.
    """

    command: str = ""
    container: str = ""

    def address(self, url: str) -> str:
        """What the browser is given for a link."""
        if not self.container:
            return url
        return f"ext+container:name={quote(self.container, safe='')}&url={quote(url, safe='')}"


def named(facts: Facts, target: Target) -> str:
    """What the settings name for a profile, the nearest first; empty if they name none."""
    console, profile = facts.settings.console, target.profile.name
    session = target.session.label if target.session else ""
    found = (
        _of_profile(console, profile),
        console.accounts.get(target.account, ""),
        console.guarded if target.pattern else "",
        console.sessions.get(session, ""),
        console.browser,
        facts.settings.browsers.get(session, ""),
    )
    return next(filter(None, found), "")


def _of_profile(console: Console, name: str) -> str:
    """The browser of a profile by its name, else by the first pattern that fits it."""
    patterns = (text for text in console.profiles if fnmatchcase(name, text))
    return console.profiles.get(name, "") or console.profiles.get(next(patterns, ""), "")


def browser(text: str, target: Target, account_name: str, env: Mapping[str, str]) -> Browser:
    """The browser that a text of the settings means. Raises AwsxError if it is not installed."""
    kind, _, more = text.strip().partition(":")
    if kind not in BROWSERS:
        return Browser(_filled_command(text, _fields(target, account_name)))
    more = _filled(more, _fields(target, account_name))
    if kind == "firefox":
        return Browser(_command(kind, [], env), more)
    return Browser(_command(kind, [f"--profile-directory={more}"] if more else [], env))


def _command(kind: str, options: list[str], env: Mapping[str, str]) -> str:
    application, programs = BROWSERS[kind]
    if sys.platform == "darwin":
        return shlex.join(["open", "-na", application, "--args", *options, "%s"])
    found = next((name for name in programs if which(name, path=env.get("PATH"))), "")
    if not found:
        raise AwsxError(NOT_INSTALLED.format(clean(kind)))
    return shlex.join([found, *options, "%s"])


def _fields(target: Target, account_name: str) -> dict[str, str]:
    return {
        "profile": target.profile.name,
        "account": target.account,
        "account_name": account_name or target.account,
        "role": target.role,
    }


def _filled(text: str, fields: Mapping[str, str]) -> str:
    for name, value in fields.items():
        text = text.replace(f"{{{name}}}", value)
    return text


def _filled_command(text: str, fields: Mapping[str, str]) -> str:
    """A command of the person's own, each of its words filled by itself."""
    if "{" not in text:
        return text
    try:
        return shlex.join(_filled(word, fields) for word in shlex.split(text))
    except ValueError:  # a quotation that does not end; who starts it says so
        return text
