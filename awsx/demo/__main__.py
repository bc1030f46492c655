"""`python -m awsx.demo`: the Identity Center without a shell, until Ctrl-C.

It prints the variables to export.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys

from awsx.demo.center.identity_center import IdentityCenter
from awsx.demo.center.organisation import make_organisation


def main() -> int:
    signals = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
    # The server's threads inherit this mask, so it has to be set before they start.
    signal.pthread_sigmask(signal.SIG_BLOCK, signals)
    with IdentityCenter(make_organisation()) as center:
        center.behaviour.decision = "ask"
        tell(variables(center))
        signal.sigwait(signals)
    return 0


def variables(center: IdentityCenter) -> str:
    """A comment, and a line for each variable."""
    head = f"# {center.start_url}, sso_region {center.organisation.sso_region}; Ctrl-C stops it\n"
    lines = (f"export {name}={value}\n" for name, value in center.environment().items())
    return head + "".join(lines)


def tell(text: str) -> None:
    """Write to stdout at once, for a reader may leave after the first line (`| head -n 1`)."""
    with contextlib.suppress(OSError):
        os.write(1, text.encode())


if __name__ == "__main__":
    sys.exit(main())
