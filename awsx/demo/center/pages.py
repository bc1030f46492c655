"""The HTML that a person sees: Allow or Deny, the outcome, the access portal's start page."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import NamedTuple

from awsx.demo.center.organisation import Account

# Every text has a contrast of at least 4.5, in light and dark mode. No scripts, no other files.
STYLE = """
:root { color-scheme: light dark; --page: #f2f3f3; --card: #fff; --text: #16191f;
  --faint: #545b64; --line: #879596; --go: #a8480a; --on-go: #fff }
@media (prefers-color-scheme: dark) { :root { --page: #0f1b2a; --card: #16273a; --text: #eef1f4;
  --faint: #b3bdc7; --line: #6b7f93; --go: #ff9d4d; --on-go: #16191f } }
* { box-sizing: border-box }
body { font: 1rem/1.5 system-ui, sans-serif; background: var(--page); color: var(--text);
  margin: 0; padding: 1rem }
main { max-width: 34rem; margin: 10vh auto; padding: 2rem; background: var(--card);
  border: 1px solid var(--line); border-radius: .75rem }
h1 { font-size: 1.35rem; line-height: 1.3; margin: 0 0 1rem }
small { color: var(--faint); font-size: .875rem }
code { font: 600 1.5rem/1 ui-monospace, monospace; letter-spacing: .1em }
form { display: flex; flex-wrap: wrap; gap: .75rem; margin: 1.5rem 0 1rem }
form label { flex-basis: 100% }
input, button { font: inherit; min-height: 2.75rem; padding: .5rem 1.5rem; border-radius: .5rem;
  color: inherit; border: 1px solid var(--line); background: var(--card) }
button { cursor: pointer }
button.go { background: var(--go); border-color: var(--go); color: var(--on-go); font-weight: 600 }
:focus-visible { outline: 3px solid #2f7de1; outline-offset: 2px }
table { width: 100%; border-collapse: collapse; margin: 1rem 0 }
caption { text-align: left; color: var(--faint) }
th, td { text-align: left; padding: .4rem .75rem .4rem 0; border-top: 1px solid var(--line);
  vertical-align: top; font-weight: inherit }
th { white-space: nowrap }
"""
MADE_UP = "awsx demo: a made-up organisation on this machine. Nothing here reaches AWS."
VIEWPORT = '<meta name="viewport" content="width=device-width, initial-scale=1">'
# An empty icon keeps browsers from requesting /favicon.ico.
ICON = '<link rel="icon" href="data:,">'


class HiddenField(NamedTuple):
    """What a form sends along with the button: it tells which request the person answers."""

    name: str
    value: str


def document(title: str, body: str, head: str = "") -> str:
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8">{VIEWPORT}{head}'
        f"<title>{escape(title)}</title>{ICON}<style>{STYLE}</style></head>"
        f"<body><main><h1>{escape(title)}</h1>{body}<small>{MADE_UP}</small></main></body></html>"
    )


def status(html: str) -> str:
    """A paragraph that screen readers announce."""
    return f'<p role="status">{html}</p>'


def notice(title: str, text: str) -> str:
    return document(title, status(escape(text)))


def failure(text: str) -> str:
    return notice("That did not work", text)


def question(person: str, client: str, action: str, field: HiddenField, code: str = "") -> str:
    """Allow or Deny? The answer is posted to `action` together with `field`.

    `code` is the user code of a device authorization, to be compared with the terminal.
    """
    return document(
        f"Allow {client} to access your data?",
        f"{compare(code) if code else ''}"
        f"<p>You are signed in as <b>{escape(person)}</b>. {escape(client)} will see your accounts "
        "and roles, and get temporary credentials for them.</p>"
        f'<form method="post" action="{escape(action)}">'
        f'<input type="hidden" name="{escape(field.name)}" value="{escape(field.value)}">'
        '<button class="go" name="decision" value="allow">Allow</button>'
        '<button name="decision" value="deny">Deny</button></form>',
    )


def compare(code: str) -> str:
    return (
        f"<p>Continue only if your terminal shows this code:</p><p><code>{escape(code)}</code></p>"
    )


def enter_code() -> str:
    return document(
        "Authorization requested",
        '<form method="get" action="/device">'
        '<label for="code">Enter the code that your terminal shows.</label>'
        '<input id="code" name="user_code" autocomplete="off" autocapitalize="characters" '
        'spellcheck="false" placeholder="ABCD-EFGH" required autofocus>'
        '<button class="go">Next</button></form>',
    )


def start_page(person: str, region: str, console: str, accounts: Sequence[Account]) -> str:
    """The access portal: who is signed in, and the accounts and roles of that person.

    `console` says which web console a shortcut link asked for, empty for none. A script draws the
    real page, but its head names the region just as here.
    """
    opened = f"The web console of <b>{escape(console)}</b> would open here."
    return document(
        "Access portal",
        f"{status(opened) if console else ''}<p>You are signed in as <b>{escape(person)}</b>.</p>"
        f"<table><caption>{len(accounts)} accounts</caption>"
        '<tr><th scope="col">Account</th><th scope="col">Roles</th></tr>'
        f"{''.join(map(account_row, accounts))}</table>",
        f'<meta name="region" content="{escape(region)}">',
    )


def account_row(account: Account) -> str:
    return (
        f'<tr><th scope="row">{escape(account.name)}<br><small>{escape(account.id)}</small></th>'
        f"<td>{escape(', '.join(account.roles))}</td></tr>"
    )
