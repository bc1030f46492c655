"""A made-up organisation with an IAM Identity Center on loopback, for `awsx demo` and the tests.

    with IdentityCenter(make_organisation(accounts=40)) as center:
        subprocess.run(["aws", "sso", "login"], env={**env, **center.environment()})
        center.log.count("CreateToken")

`center/` is the made-up AWS; its __init__.py says what it answers. The other modules make the
sandbox of `awsx demo` around it: a folder with a HOME, and a shell that runs there.
"""

from awsx.demo.center.behaviour import Behaviour
from awsx.demo.center.identity_center import IdentityCenter
from awsx.demo.center.organisation import Account, Organisation, make_organisation

__all__ = ["Account", "Behaviour", "IdentityCenter", "Organisation", "make_organisation"]
