"""`python -m awsx.demo`: the Identity Center without a shell, until Ctrl-C.

It prints the variables to export.
"""

from __future__ import annotations

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
        print(f"# {center.start_url}, sso_region {center.organisation.sso_region}; Ctrl-C stops it")
        for name, value in center.environment().items():
            print(f"export {name}={value}", flush=True)
        signal.sigwait(signals)
    return 0


if __name__ == "__main__":
    sys.exit(main())
