"""The HTML that a person sees: may this client in, what came of it, and the access portal's start page."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

# Every text has a contrast of 4.5 and more, by day and by night; no script, no file from elsewhere.
STYLE = """
:root { color-scheme: light dark; --page: #f2f3f3; --card: #fff; --text: #16191f; --faint: #545b64; --line: #879596;
  --go: #a8480a; --on-go: #fff }
@media (prefers-color-scheme: dark) { :root { --page: #0f1b2a; --card: #16273a; --text: #eef1f4; --faint: #b3bdc7;
  --line: #6b7f93; --go: #ff9d4d; --on-go: #16191f } }
* { box-sizing: border-box }
body { font: 1rem/1.5 system-ui, sans-serif; background: var(--page); color: var(--text); margin: 0; padding: 1rem }
main { max-width: 34rem; margin: 10vh auto; padding: 2rem; background: var(--card); border: 1px solid var(--line);
  border-radius: .75rem }
h1 { font-size: 1.35rem; line-height: 1.3; margin: 0 0 1rem }
small { color: var(--faint); font-size: .875rem }
code { font: 600 1.5rem/1 ui-monospace, monospace; letter-spacing: .1em }
form { display: flex; flex-wrap: wrap; gap: .75rem; margin: 1.5rem 0 1rem }
form label { flex-basis: 100% }
input, button { font: inherit; min-height: 2.75rem; padding: .5rem 1.5rem; border-radius: .5rem; color: inherit;
  border: 1px solid var(--line); background: var(--card) }
button { cursor: pointer }
button.go { background: var(--go); border-color: var(--go); color: var(--on-go); font-weight: 600 }
:focus-visible { outline: 3px solid #2f7de1; outline-offset: 2px }
table { width: 100%; border-collapse: collapse; margin: 1rem 0 }
caption { text-align: left; color: var(--faint) }
th, td { text-align: left; padding: .4rem .75rem .4rem 0; border-top: 1px solid var(--line); vertical-align: top;
  font-weight: inherit }
th { white-space: nowrap }
"""
MADE_UP = "awsx demo: a made-up organisation on this machine. Nothing here reaches AWS."


def document(title: str, body: str, head: str = "") -> str:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">{head}'
        # An icon of no bytes: no browser asks for /favicon.ico.
        f'<title>{escape(title)}</title><link rel="icon" href="data:,"><style>{STYLE}</style></head>'
        f"<body><main><h1>{escape(title)}</h1>{body}<small>{MADE_UP}</small></main></body></html>"
    )


def notice(title: str, text: str) -> str:
    return document(title, f'<p role="status">{escape(text)}</p>')


def question(person: str, client: str, action: str, field: tuple[str, str], code: str = "") -> str:
    """Allow or Deny; `field` is the hidden one that says what is decided upon, `code` what the device shows."""
    name, value = map(escape, field)
    check = (
        f"<p>Go on only if your terminal shows this code:</p><p><code>{escape(code)}</code></p>"
        if code
        else ""
    )
    return document(
        f"Allow {client} to access your data?",
        f"{check}<p>You are signed in as <b>{escape(person)}</b>. {escape(client)} will see your accounts and roles, "
        "and get temporary credentials for them.</p>"
        f'<form method="post" action="{escape(action)}"><input type="hidden" name="{name}" value="{value}">'
        '<button class="go" name="decision" value="allow">Allow</button>'
        '<button name="decision" value="deny">Deny</button></form>',
    )


def enter_code() -> str:
    return document(
        "Authorization requested",
        '<form method="get" action="/device"><label for="code">Enter the code that your terminal shows.</label>'
        '<input id="code" name="user_code" autocomplete="off" autocapitalize="characters" spellcheck="false" '
        'placeholder="ABCD-EFGH" required autofocus><button class="go">Next</button></form>',
    )


def portal(person: str, region: str, chosen: str, accounts: Sequence[tuple[str, str, str]]) -> str:
    """The start page: who, and which accounts (name, id, roles). `chosen` is the console that a link asked for.

    The real one is drawn by a script, but names its region in the head like this.
    """
    rows = "".join(
        f'<tr><th scope="row">{escape(name)}<br><small>{escape(number)}</small></th><td>{escape(roles)}</td></tr>'
        for name, number, roles in accounts
    )
    opened = (
        f'<p role="status">The web console of <b>{escape(chosen)}</b> would open here.</p>'
        if chosen
        else ""
    )
    return document(
        "Access portal",
        f"{opened}<p>You are signed in as <b>{escape(person)}</b>.</p>"
        f'<table><caption>{len(accounts)} accounts</caption><tr><th scope="col">Account</th><th scope="col">Roles</th>'
        f"</tr>{rows}</table>",
        f'<meta name="region" content="{escape(region)}">',
    )
