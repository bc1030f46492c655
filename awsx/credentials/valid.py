"""Valid credentials of a profile, whatever its kind: the way into this room."""

import time

from awsx.credentials.keys import Keys, Need, kept

TYPE_CHECKING = False
if TYPE_CHECKING:
    from awsx.facts import Facts, Target


LEAST = 60  # seconds; as before a command (Token.is_valid)


def keys(facts: "Facts", target: "Target", need: Need | None = None) -> Keys:
    """Valid credentials of a profile: those that the AWS CLI keeps, else new ones.

    Logs in or renews the session where that is due, once for any number of callers, and keeps what
    AWS gives where the AWS CLI keeps it. Raises AwsxError with one line if that cannot be done, and
    Cancelled if the person does not want to log in.
    """
    need = need or Need()
    found = kept(facts, target, need)
    if target.kind == "login":  # these last 15 minutes at most
        need = Need(min(need.expires_within, LEAST), need.duration, need.may_login)
    if found and found.last(need.expires_within, time.time()):
        return found
    from awsx.credentials import fetched  # boto3: only where AWS has to be asked

    return fetched.keys(facts, target, need)
