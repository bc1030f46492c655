"""A made-up organisation with an IAM Identity Center on loopback, for `awsx demo` and the end-to-end tests.

    with IdentityCenter(make_organisation(accounts=40)) as center:
        subprocess.run(["aws", "sso", "login"], env={**env, **center.environment()})
        center.log.count("CreateToken")

One port answers for sso-oidc, the portal, the pages that a browser sees, STS, and one operation each of S3, ECR
and the console's sign-in. `center.py` puts them together, `behaviour.py` lists what can be made to go wrong,
`log.py` what was asked. Standard library only.

As in AWS: names and shapes of errors, PKCE, rotation, paging, signatures, life times. Not as in AWS: a request may
be signed at any time, every account belongs to the one person, and every role may be assumed by everybody. What the
real service does to a wrong region or a spent refresh token is modelled after reports.
"""

from awsx.demo.center.behaviour import Behaviour
from awsx.demo.center.identity_center import IdentityCenter
from awsx.demo.center.organisation import Account, Organisation, make_organisation

__all__ = ["Account", "Behaviour", "IdentityCenter", "Organisation", "make_organisation"]
