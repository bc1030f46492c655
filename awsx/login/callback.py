"""The end of a login in the browser: a server on 127.0.0.1 alone, which waits for one answer (RFC 8252)."""

from __future__ import annotations

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from threading import Event, Thread
from urllib.parse import parse_qs, urlsplit

PATH = "/oauth/callback"
PAGE = """<!doctype html><meta charset="utf-8"><title>awsx</title>
<body style="font-family:sans-serif;max-width:30em;margin:4em auto;line-height:1.5">
<h1>{}</h1><p>{} You may close this window.</p>"""
DONE = PAGE.format("Logged in", "The terminal goes on by itself.")
REFUSED = PAGE.format("Not logged in", "The terminal says why.")


class Callback:
    """`with Callback(state) as callback:` serves at `callback.url` until the browser has come back.

    Serves from threads of its own, so that it answers even while the browser's command has not ended.
    """

    def __init__(self, state: str) -> None:
        self.code = self.error = ""
        self._state, self._answered = state, Event()
        self._server = _Server(self)
        self.url = f"http://127.0.0.1:{self._server.server_port}{PATH}"

    def __enter__(self) -> Callback:
        Thread(target=self._server.serve_forever, args=(0.1,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def read(self, query: str) -> tuple[str, str]:
        """The code, or the error, that a query brings; neither if it answers somebody else's question."""
        given = {key: values[0] for key, values in parse_qs(query).items()}
        if given.get("state") != self._state:
            return "", ""
        code = given.get("code", "")
        return code, "" if code else given.get("error_description") or given.get(
            "error"
        ) or "no code"

    def wait(self, seconds: float) -> bool:
        """True once the browser has come back; waits for that, but not for longer."""
        return self._answered.wait(seconds)

    def answer(self, code: str, error: str) -> None:
        self.code, self.error = code, error
        self._answered.set()


class _Server(ThreadingHTTPServer):
    """One thread a connection: a browser opens some that it never uses."""

    daemon_threads = True

    def __init__(self, owner: Callback) -> None:
        self.owner = owner
        super().__init__(("127.0.0.1", 0), _Handler)

    def server_bind(self) -> None:
        TCPServer.server_bind(
            self
        )  # HTTPServer would ask DNS for our name, which takes seconds with no network
        self.server_name, self.server_port = "127.0.0.1", self.server_address[1]

    def handle_error(self, request: object, client_address: object) -> None:
        """The browser went away: nothing to tell."""


class _Handler(BaseHTTPRequestHandler):
    timeout = 10
    server: _Server

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        code, error = self.server.owner.read(url.query) if url.path == PATH else ("", "")
        if not (code or error):
            self.send_error(404)
            return
        try:
            self._answer(DONE if code else REFUSED)
        finally:  # last, since the process may end with it; also when the browser did not wait for its page
            self.server.owner.answer(code, error)

    def _answer(self, page: str) -> None:
        body = page.encode()
        self.send_response(200)
        for name, value in {
            "Content-Type": "text/html; charset=utf-8",
            "Content-Length": str(len(body)),
            "Connection": "close",
        }.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """The query holds the code: nothing of it is logged."""
