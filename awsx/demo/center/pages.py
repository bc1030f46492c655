"""The HTML that a person sees: Allow or Deny, the outcome, the access portal's start page."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import NamedTuple

from awsx import page
from awsx.demo.center.organisation import Account

MADE_UP = "awsx demo: a made-up organisation on this machine. Nothing here reaches AWS."


class HiddenField(NamedTuple):
    """What a form sends along with the button: it tells which request the person answers."""

    name: str
    value: str


def document(title: str, body: str, head: str = "") -> str:
    return page.document(title, body, MADE_UP, head)


def notice(title: str, text: str) -> str:
    return document(title, page.status(escape(text)))


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


def code_to_paste(code: str) -> str:
    """The page at the end of `aws login --remote`: the person carries the code to the terminal."""
    return document(
        "Copy this code",
        f"<p>Paste it where the terminal asks for it:</p><p><code>{escape(code)}</code></p>",
    )


def start_page(person: str, region: str, console: str, accounts: Sequence[Account]) -> str:
    """The access portal: who is signed in, and the accounts and roles of that person.

    `console` says which web console a shortcut link asked for, empty for none. A script draws the
    real page, but its head names the region just as here.
    """
    opened = f"The web console of <b>{escape(console)}</b> would open here."
    return document(
        "Access portal",
        f"{page.status(opened) if console else ''}"
        f"<p>You are signed in as <b>{escape(person)}</b>.</p>"
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
