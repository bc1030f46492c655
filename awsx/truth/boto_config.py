"""Credentials in the files of tools that are gone, which the AWS CLI and boto3 still read."""

from awsx.files import disk, ini, paths
from awsx.term import AwsxError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

# botocore/credentials.py, BotoProvider
PLACES = ("/etc/boto.cfg", "~/.boto")
KEY = "aws_access_key_id"


def place(env: "Mapping[str, str]") -> str:
    """`~/.boto:2`, where the first of these files has a key; empty if none has."""
    for path in (env["BOTO_CONFIG"],) if "BOTO_CONFIG" in env else PLACES:
        if path[:2] == "~/":
            path = f"{paths.home(env)}{path[1:]}"
        if line := _line(path):
            return f"{paths.tilde(path, env)}:{line}"
    return ""


def _line(path: str) -> int:
    """The line of the key in [Credentials]; 0 if there is none."""
    try:
        data = disk.read(path) or b""
    except AwsxError:
        return 0
    reader = ini.Reader()
    reader.read(ini.decode(data)[0])
    section = reader.sections.get("Credentials")
    return section.line_of(KEY) if section and KEY in section.keys else 0
