"""A finding: one thing that is wrong or unusual, in the files, the environment or the settings.

Everybody who reports something uses this one value: the readers of the files, `awsx current`, and
the prompt, which has room for a mark only.
"""

from awsx.term import AwsxError

# Code -> the finding's short form in the prompt. `{}` stands for names that differ each time. The
# shells draw the marks of variables themselves, and say of keys and of a web identity
# `keys, not prod` in place of the profile; docs/truth.md shows each of them.
MARKS = {
    "by-hand": "*",
    "inherited": "?",
    "exec": "exec",
    "default": "unset",
    "default-profile": "not-js",
    "default-profile-differs": "boto3:{}",
    "region": "@{}",
    "no-such-profile": "no such profile",
    "broken": "broken",
    "half": "broken",
    "blank": "broken",
    "bad-region": "broken",
    "mixed": "{}:{}",
    "bad-file": "bad file",
    "bad-settings": "bad settings",
}


class Finding:
    """One thing that is wrong or unusual.

    code       its short name, the same in every release: by-hand, bad-file, ...
    severity   error: a tool gives up; warning: something else is used than a person may think, or
               not by every tool; info: good to know
    place      `~/.aws/config:12`, the name of a variable, or empty
    text       what is wrong; it names the variable, but not the line of a file
    remedy     what to do about it
    """

    __slots__ = ("code", "place", "remedy", "severity", "text")

    def __init__(self, code: str, severity: str, place: str, text: str, remedy: str) -> None:
        self.code, self.severity, self.place = code, severity, place
        self.text, self.remedy = text, remedy

    def as_text(self) -> str:
        """One line for a person: `~/.aws/config:12: ...; add ...`."""
        return self.told() + (f"; {self.remedy}" if self.remedy else "")

    def told(self) -> str:
        """The same without the remedy.

        It begins with the place if that is in a file; a variable is part of the text.
        """
        is_file = self.place and not self.place.isidentifier()
        return f"{self.place}: {self.text}" if is_file else self.text

    def as_json(self) -> dict[str, str]:
        return {
            "code": self.code,
            "severity": self.severity,
            "place": self.place,
            "text": self.text,
            "remedy": self.remedy,
        }


class FindingError(AwsxError):
    """A finding that a command cannot go on with."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.as_text())
        self.finding = finding
