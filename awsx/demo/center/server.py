"""HTTP on 127.0.0.1: sockets on one side, a function from Request to Response on the other."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer

from awsx.demo.center.wire import Handler, Request, Response


class Server(ThreadingHTTPServer):
    # The default of 5 makes one of fifty terminals wait a second for its connection.
    request_queue_size = 128
    # A browser keeps idle connections open; nobody waits for those at the end.
    daemon_threads = True

    def __init__(self, port: int, handle: Handler, now: Callable[[], float]) -> None:
        self.handle = handle
        self.now = now
        super().__init__(("127.0.0.1", port), Exchange)
        # Not serve_forever's half second: every test that stops a server would wait for it.
        self._thread = threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True)

    def server_bind(self) -> None:
        # Not HTTPServer's: it looks the address up in the DNS.
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
        """A client that went away (Ctrl-C, a killed test) is no news; anything else is printed."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class Exchange(BaseHTTPRequestHandler):
    server: Server
    server_version = "awsx-demo"
    sys_version = ""

    def do_GET(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        headers = {name.lower(): value for name, value in self.headers.items()}
        self._send(
            self.server.handle(Request(self.command, self.path, headers, self.rfile.read(length)))
        )

    do_POST = do_GET

    def _send(self, response: Response) -> None:
        self.send_response(response.status)
        for name, value in response.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(response.body)))
        self.end_headers()
        self.wfile.write(response.body)

    def date_time_string(self, timestamp: float | None = None) -> str:
        """The Date header, by this AWS's own clock."""
        return super().date_time_string(self.server.now() if timestamp is None else timestamp)

    def log_message(self, format: str, *args: object) -> None:
        """Silent: the requests stand in the Log."""
