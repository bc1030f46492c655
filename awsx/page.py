"""The look of the pages that awsx shows in a browser, in light and dark mode."""

from __future__ import annotations

from html import escape

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
VIEWPORT = '<meta name="viewport" content="width=device-width, initial-scale=1">'
# An empty icon keeps browsers from requesting /favicon.ico.
ICON = '<link rel="icon" href="data:,">'


def document(title: str, body: str, note: str = "", head: str = "") -> str:
    """A page with that title; `body`, `note` (in small print below) and `head` are HTML."""
    small = f"<small>{note}</small>" if note else ""
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8">{VIEWPORT}{head}'
        f"<title>{escape(title)}</title>{ICON}<style>{STYLE}</style></head>"
        f"<body><main><h1>{escape(title)}</h1>{body}{small}</main></body></html>"
    )


def status(html: str) -> str:
    """A paragraph that screen readers announce."""
    return f'<p role="status">{html}</p>'
