"""HTTP on 127.0.0.1: sockets on one side, a function from Request to Response on the other."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer

from awsx.demo.center.request import Request
from awsx.demo.center.response import Response
from awsx.demo.center.service import Handler

POLL_INTERVAL = 0.02  # seconds that `stop` waits at most; the default of 0.5 slows every test down


class Server(ThreadingHTTPServer):
    """`now` is the clock of the Date header, in seconds since 1970."""

    # With the default of 5, one of fifty terminals waits a second for its connection.
    request_queue_size = 128
    # A browser keeps idle connections open: `stop` must not wait for them.
    daemon_threads = True

    def __init__(self, port: int, handle: Handler, now: Callable[[], float]) -> None:
        self.handle = handle
        self.now = now
        super().__init__(("127.0.0.1", port), Exchange)
        self._thread = threading.Thread(
            target=self.serve_forever, args=(POLL_INTERVAL,), daemon=True
        )

    def server_bind(self) -> None:
        # HTTPServer's method would look the address up in the DNS.
        TCPServer.server_bind(self)
        self.server_name, self.server_port = "127.0.0.1", self.server_address[1]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        if self._thread.is_alive():
            self.shutdown()
            self._thread.join()
        self.server_close()

    def handle_error(self, request: object, client_address: object) -> None:
        """Print every error but one: clients go away (Ctrl-C, a killed test) and nobody minds."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class Exchange(BaseHTTPRequestHandler):
    """One request and its response. The base class calls do_GET or do_POST."""

    server: Server
    server_version = "awsx-demo"
    sys_version = ""

    def do_GET(self) -> None:
        self._send(self.server.handle(self._read()))

    do_POST = do_GET

    def _read(self) -> Request:
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self.rfile.read(int(headers.get("content-length") or 0))
        return Request(self.command, self.path, headers, body)

    def _send(self, response: Response) -> None:
        self.send_response(response.status)
        for name, value in response.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(response.body)))
        self.end_headers()
        self.wfile.write(response.body)

    def date_time_string(self, timestamp: float | None = None) -> str:
        """For the Date header, by this AWS's own clock."""
        return super().date_time_string(self.server.now() if timestamp is None else timestamp)

    def log_message(self, format: str, *args: object) -> None:
        """Print nothing: the requests are in the RequestLog."""
