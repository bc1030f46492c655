"""The HTML that a person sees: may this client in, and what came of it."""

from __future__ import annotations

from html import escape

STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; background: #f2f3f3; color: #16191f; margin: 0 }
main { max-width: 30rem; margin: 12vh auto; padding: 2rem; background: #fff; border: 1px solid #d5dbdb }
h1 { font-size: 1.25rem; margin-top: 0 }
button { font: inherit; padding: .4rem 1.4rem; margin-right: .6rem }
button { border: 1px solid #545b64; background: #fff }
button[value=allow] { background: #ec7211; border-color: #ec7211; color: #fff }
"""


def document(title: str, body: str) -> str:
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(title)}</title>'
        f"<style>{STYLE}</style><main><h1>{escape(title)}</h1>{body}</main></html>"
    )


def notice(title: str, text: str) -> str:
    return document(title, f"<p>{escape(text)}</p>")


def question(person: str, client: str, action: str, field: tuple[str, str], hint: str = "") -> str:
    """Allow or Deny; `field` is the hidden one that says what is decided upon."""
    name, value = map(escape, field)
    return document(
        f"Allow {client} to access your data?",
        f"<p>{escape(person)} is signed in to a made-up organisation on this machine. {escape(hint)}</p>"
        f'<form method="post" action="{escape(action)}"><input type="hidden" name="{name}" value="{value}">'
        '<button name="decision" value="allow">Allow</button>'
        '<button name="decision" value="deny">Deny</button></form>',
    )


def enter_code() -> str:
    return document(
        "Authorization requested",
        '<form method="get" action="/device"><p>Enter the code that your device shows.</p>'
        '<p><input name="user_code" autofocus> <button>Next</button></p></form>',
    )
