"""A made-up organisation with an IAM Identity Center on loopback, for `awsx demo` and the end-to-end tests.

    with IdentityCenter(make_organisation(accounts=40)) as center:
        subprocess.run(["aws", "sso", "login"], env={**env, **center.environment()})
        center.log.count("CreateToken")

Standard library only. What is and isn't modelled after the real service stands beside the code.
"""

from awsx.demo.behaviour import Behaviour
from awsx.demo.center import IdentityCenter
from awsx.demo.organisation import Account, Organisation, make_organisation

__all__ = ["Account", "Behaviour", "IdentityCenter", "Organisation", "make_organisation"]
