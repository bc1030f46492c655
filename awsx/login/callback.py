"""The end of a login in the browser: a server on 127.0.0.1 that waits for one answer (RFC 8252)."""

from __future__ import annotations

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from threading import Event, Thread
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

from awsx import page
from awsx.term import AwsxError

PATH = "/oauth/callback"
TAKEN = (
    "cannot wait for the browser on port {} ({}); end what uses it,"
    " or name another: awsx login --port N"
)
CLOSE = "You may close this window."
DONE = page.document("Logged in", page.status("The terminal goes on by itself."), f"awsx. {CLOSE}")
REFUSED = page.document("Not logged in", page.status("The terminal says why."), f"awsx. {CLOSE}")


class Outcome(NamedTuple):
    """What the browser brings back: a code, or an error. Neither: it has not come back."""

    code: str = ""
    error: str = ""


class Callback:
    """`with Callback(state) as callback:` serves at `callback.url` until the block ends.

    Serves from threads of its own, so that it answers while the browser's command still runs.
    """

    def __init__(self, state: str, port: int = 0) -> None:
        """Raises AwsxError if the port is taken; 0 is any free one."""
        self.outcome = Outcome()
        self._state, self._answered = state, Event()
        try:
            self._server = _Server(self, port)
        except OSError as error:
            raise AwsxError(TAKEN.format(port, error.strerror)) from error
        self.url = f"http://127.0.0.1:{self._server.server_port}{PATH}"

    def __enter__(self) -> Callback:
        Thread(target=self._server.serve_forever, args=(0.1,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def wait(self, seconds: float) -> bool:
        """Wait until the browser has come back, but not longer; True if it has."""
        return self._answered.wait(seconds)

    def read(self, query: str) -> Outcome:
        """The outcome that a query brings; none if its `state` is not ours (RFC 6749, 10.12)."""
        given = {key: values[0] for key, values in parse_qs(query).items()}
        if given.get("state") != self._state:
            return Outcome()
        if given.get("code"):
            return Outcome(code=given["code"])
        return Outcome(error=given.get("error_description") or given.get("error") or "no code")

    def finish(self, outcome: Outcome) -> None:
        """Keep the outcome, and end `wait`."""
        self.outcome = outcome
        self._answered.set()


class _Server(ThreadingHTTPServer):
    """One thread for each connection: a browser opens some that it never uses."""

    daemon_threads = True

    def __init__(self, owner: Callback, port: int) -> None:
        self.owner = owner
        super().__init__(("127.0.0.1", port), _Handler)

    def server_bind(self) -> None:
        """Bind without HTTPServer's look-up of our name, which takes seconds without a network."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = "127.0.0.1", self.server_address[1]

    def handle_error(self, request: object, client_address: object) -> None:
        """Ignore a browser that went away."""


class _Handler(BaseHTTPRequestHandler):
    timeout = 10  # seconds for which a connection may be silent
    server: _Server

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        outcome = self.server.owner.read(url.query) if url.path == PATH else Outcome()
        if outcome == Outcome():
            self.send_error(404)
            return
        try:
            self._send_page(DONE if outcome.code else REFUSED)
        finally:  # even if the browser does not wait for its page; last, as awsx may end now
            self.server.owner.finish(outcome)

    def _send_page(self, html: str) -> None:
        body = html.encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Log nothing: the query holds the code."""
