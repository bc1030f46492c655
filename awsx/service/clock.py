"""AWS's clock compared with this machine's: by a wrong one, tokens end too early or too late."""

from __future__ import annotations

import time

from awsx.term import span, warn

TYPE_CHECKING = False
if TYPE_CHECKING:
    from awsx.service.answers import Answer

WRONG = (
    "this machine's clock is {} {} AWS's;"
    " tokens will seem to end at the wrong time until you set it"
)
DELAY = 5  # seconds; a Date has whole ones, and travels: 1 h 59 m 59 s are two hours
TOLERANCE = 5 * 60  # seconds; AWS itself refuses signatures that are further off
_is_warned = False  # the person is warned once in a process


def check(answer: Answer) -> None:
    """Warn the person if the Date of AWS's answer is far from our own time."""
    global _is_warned
    from email.utils import parsedate_to_datetime

    date = answer.get("ResponseMetadata", {}).get("HTTPHeaders", {}).get("date")
    try:
        ahead = time.time() - parsedate_to_datetime(date).timestamp()
    except (TypeError, ValueError):  # no Date, or one that cannot be read
        return
    if abs(ahead) > TOLERANCE and not _is_warned:
        _is_warned = True
        warn(WRONG.format(span(int(abs(ahead)) + DELAY), "ahead of" if ahead > 0 else "behind"))
