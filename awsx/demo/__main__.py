"""`python -m awsx.demo`: the Identity Center alone, until Ctrl-C; what to export stands on stdout."""

from __future__ import annotations

import signal
import sys

from awsx.demo.center.identity_center import IdentityCenter
from awsx.demo.center.organisation import make_organisation


def main() -> int:
    signals = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
    signal.pthread_sigmask(signal.SIG_BLOCK, signals)  # before there are threads, for all of them
    with IdentityCenter(make_organisation()) as center:
        center.behaviour.decision = "ask"
        print(f"# {center.start_url}, sso_region {center.organisation.sso_region}; Ctrl-C stops it")
        for name, value in center.environment().items():
            print(f"export {name}={value}", flush=True)
        signal.sigwait(signals)
    return 0


if __name__ == "__main__":
    sys.exit(main())
