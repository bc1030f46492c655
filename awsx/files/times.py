"""Times in forms that the AWS tools read but do not write themselves.

botocore leaves them to dateutil. Of what that understands, this is what has been seen in token
files: ISO 8601 in its compact form, without seconds or with an offset of hours, and RFC 822.
"""

import re  # noqa: TID253 - nobody needs this module but for an odd time
from datetime import datetime, timedelta, timezone

ZONE = r"\s*(Z|z|UTC|GMT|[+-]\d\d(?::?\d\d)?)"
ISO = re.compile(
    r"(\d{4})-?(\d\d)-?(\d\d)[T ]?(\d\d):?(\d\d)(?::?(\d\d)(?:[.,]\d+)?)?" + ZONE, re.ASCII
)
RFC_822 = re.compile(
    r"(?:[A-Za-z]{3},?\s+)?(\d\d?)\s+([A-Za-z]{3})\s+(\d{4})\s+(\d\d):(\d\d)(?::(\d\d))?" + ZONE,
    re.ASCII,
)
MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]


def epoch(text: str) -> int | None:
    """Seconds since 1970; None if this is no time, or has no zone."""
    if found := ISO.fullmatch(text.strip()):
        year, month, day, *clock, zone = found.groups()
    elif found := RFC_822.fullmatch(text.strip()):
        day, name, year, *clock, zone = found.groups()
        if name.lower() not in MONTHS:
            return None
        month = str(MONTHS.index(name.lower()) + 1)
    else:
        return None
    hour, minute, second = (int(part or 0) for part in clock)
    try:
        local = datetime(int(year), int(month), int(day), hour, minute, second, tzinfo=_zone(zone))
    except ValueError:
        return None
    return int(local.timestamp())


def _zone(text: str) -> timezone:
    if text[0] not in "+-":
        return timezone.utc
    offset = timedelta(hours=int(text[1:3]), minutes=int(text[3:].lstrip(":") or 0))
    return timezone(-offset if text[0] == "-" else offset)
