"""A CONNECT proxy that ends TLS: AWS's tools ask for true host names, the made-up AWS answers.

It shows what endpoint variables cannot: a wrong sso_region, an AWS CLI that is too old for the
variables, and that no tool asks a host that it should not ask.
"""

from __future__ import annotations

import re
import socket
import ssl
import threading
from collections.abc import Mapping
from io import BufferedIOBase
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingTCPServer

import trustme

from awsx.demo import IdentityCenter

# The hosts that the made-up AWS answers for.
ANSWERED = re.compile(
    r"(?:oidc|portal\.sso|sts|s3|api\.ecr)(?:-fips)?\.[a-z0-9-]+\.(?:amazonaws\.com|api\.aws)"
    r"|sts\.amazonaws\.com"
    r"|signin\.aws\.amazon\.com|d-0123456789\.awsapps\.com"
)


class Proxy:
    """`with Proxy(center, folder) as proxy:`; its certificate authority's file lies in `folder`.

    `redirects` has other hosts, and where each leads whatever one asks of it ("": nowhere);
    `others` has more hosts, and the address of the server that answers for each.
    """

    def __init__(
        self, center: IdentityCenter, folder: Path, redirects: Mapping[str, str] | None = None
    ) -> None:
        self.redirects = dict(redirects or {})
        self.upstream = ("127.0.0.1", int(center.url.rpartition(":")[2]))
        self.others: dict[str, tuple[str, int]] = {}
        self.asked: list[str] = []
        self.refused: list[str] = []
        self._authority = trustme.CA()
        self._bundle = folder / "authority.pem"
        self._authority.cert_pem.write_to_path(str(self._bundle))
        self._server = Server(self)
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.02,), daemon=True
        )

    def environment(self) -> dict[str, str]:
        """Variables that lead through the proxy; no endpoint variables may stand beside them."""
        port = self._server.server_address[1]
        return {"HTTPS_PROXY": f"http://127.0.0.1:{port}", "AWS_CA_BUNDLE": str(self._bundle)}

    def context(self, host: str) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._authority.issue_cert(host).configure_cert(context)
        return context

    def __enter__(self) -> Proxy:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class Server(ThreadingTCPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, proxy: Proxy) -> None:
        self.proxy = proxy
        super().__init__(("127.0.0.1", 0), Tunnel)


class Tunnel(StreamRequestHandler):
    server: Server
    timeout = 30  # seconds; also ends the thread of a client that went away

    def handle(self) -> None:
        proxy = self.server.proxy
        method, _, target = (
            read_head(self.rfile).partition(b"\r\n")[0].decode("latin-1").partition(" ")
        )
        host = target.partition(":")[0]
        proxy.asked.append(host)
        is_known = host in {**proxy.redirects, **proxy.others} or ANSWERED.fullmatch(host)
        if method != "CONNECT" or not is_known:
            proxy.refused.append(host)
            self.wfile.write(b"HTTP/1.1 403 Forbidden\r\n\r\n")
            return
        self.wfile.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        # A client that distrusts the certificate hangs up, and says so itself.
        try:
            with proxy.context(host).wrap_socket(self.connection, server_side=True) as inside:
                if host in proxy.redirects:
                    redirect(inside, proxy.redirects[host])
                else:
                    forward(inside, proxy.others.get(host, proxy.upstream))
        except (ssl.SSLError, ConnectionError):
            return


def redirect(inside: ssl.SSLSocket, location: str) -> None:
    """Answer one request as an organisation's own start URL does."""
    with inside.makefile("rb") as reader:
        read_head(reader)
    status = f"302 Found\r\nLocation: {location}" if location else "200 OK"
    inside.sendall(f"HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n".encode())


def forward(inside: ssl.SSLSocket, upstream: tuple[str, int]) -> None:
    """Pass on one request and its answer: the made-up AWS closes the connection after each."""
    with inside.makefile("rb") as reader, socket.create_connection(upstream) as center:
        head = read_head(reader)
        length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
        center.sendall(head + reader.read(int(length[1]) if length else 0))
        while chunk := center.recv(65536):
            inside.sendall(chunk)


def read_head(reader: BufferedIOBase) -> bytes:
    head = b""
    while (line := reader.readline()) not in (b"\r\n", b""):
        head += line
    return head + b"\r\n"
