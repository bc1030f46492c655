"""HTTP on a random port of 127.0.0.1: threads that listen, and one that gives the answers."""

from __future__ import annotations

import queue
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from threading import Event, Thread

from awsx.server.exchange import HOST, Answer, Request, refusal, refused
from awsx.term import AwsxError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

NO_PORT = "cannot serve on 127.0.0.1: {}"
BUSY = "awsx was asked to end, or has taken too long"
# Seconds: for a client to send its request; for an answer, of which a login may be a part; between
# two looks at whether the server is still needed.
FOR_REQUEST, FOR_ANSWER, PAUSE = 10, 300, 0.1


class Asked:
    """A request that waits for its answer."""

    __slots__ = ("answer", "is_answered", "path")

    def __init__(self, path: str) -> None:
        self.path, self.is_answered = path, Event()
        self.answer = refused(503, "ServiceUnavailable", BUSY)


class Loopback(ThreadingHTTPServer):
    """Listens as soon as it is made, on `port`, for who has `token`; `serve` answers.

    `far_ports` are ports of other machines that lead here, by ssh.

    Raises AwsxError if there is no port.
    """

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, token: str) -> None:
        self.token, self.far_ports = token, list[int]()
        self._waiting: queue.Queue[Asked] = queue.Queue()
        try:
            super().__init__((HOST, 0), Exchange)
        except OSError as error:
            raise AwsxError(NO_PORT.format(error.strerror)) from error

    def server_bind(self) -> None:
        # HTTPServer's method would look the address up in the DNS.
        TCPServer.server_bind(self)
        self.server_name, self.server_port = HOST, self.server_address[1]

    @property
    def port(self) -> int:
        return self.server_port

    def serve(self, answer: Callable[[str], Answer], goes_on: Callable[[], bool]) -> None:
        """Answer by `answer`, which is given the path, until `goes_on` is false.

        `answer` runs in the thread that calls this, one request at a time: a login sets handlers of
        signals, which only the main thread may do, and its locks keep out processes, not threads.
        """
        Thread(target=self.serve_forever, args=(PAUSE,), daemon=True).start()
        try:
            while goes_on():
                try:
                    asked = self._waiting.get(timeout=PAUSE)
                except queue.Empty:
                    continue
                asked.answer = answer(asked.path)
                asked.is_answered.set()
        finally:
            self.shutdown()
            self.server_close()

    def reply(self, request: Request) -> Answer:
        """The answer to one request. Called by the thread of its connection."""
        ports = (self.port, *self.far_ports)
        if refused_for := refusal(request, ports, self.token):
            return refused_for
        asked = Asked(request.path)
        self._waiting.put(asked)
        asked.is_answered.wait(FOR_ANSWER)
        return asked.answer

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing about clients that go away: the terminal is the command's."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class Exchange(BaseHTTPRequestHandler):
    """One request and its answer; no request is written anywhere."""

    server: Loopback
    server_version, sys_version = "awsx", ""
    timeout = FOR_REQUEST

    def __getattr__(self, name: str) -> Callable[[], None]:
        """The base class looks for do_GET, do_POST and so on: all of them are answered alike."""
        if name.startswith("do_"):
            return self._answer
        raise AttributeError(name)

    def _answer(self) -> None:
        hosts = self.headers.get_all("Host") or []
        tokens = self.headers.get_all("Authorization") or []
        request = Request(
            self.client_address[0],
            self.command,
            self.path,
            hosts[0] if len(hosts) == 1 else "",
            tokens[0] if len(tokens) == 1 else "",
        )
        answer = self.server.reply(request)
        self.send_response(answer.status)
        for name, value in (
            ("Content-Type", "application/json"),
            ("Content-Length", str(len(answer.body))),
            ("Cache-Control", "no-store"),
        ):
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)

    def log_message(self, format: str, *args: object) -> None:
        """Print nothing: the terminal is the command's."""
