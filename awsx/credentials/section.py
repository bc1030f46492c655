"""Credentials as a section of their own in the credentials file: `[prod-awsx]`, in a marked block.

For programs that read nothing but that file. All else in it stays as it is, byte for byte.
"""

from __future__ import annotations

from awsx.files import ini, marked_block, paths, rewrite, tokens
from awsx.term import AwsxError, clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from awsx.credentials.keys import Keys
    from awsx.facts import Facts

TAKEN = "there is a profile {} already ({}), which is not awsx's; rename it first"
ODD = "{} cannot be the name of a section; rename the profile"
NO_FILE = "AWS_SHARED_CREDENTIALS_FILE is set to nothing, so no file can be written; unset it"
COMMENT = "# Until {}. Written by: awsx creds NAME --format file; taken out by: --remove"
NEVER = "they are replaced"


def name_of(profile: str) -> str:
    """The section for a profile's credentials."""
    return f"{profile}-awsx"


def put(facts: Facts, keys: Keys, profile: str, region: str) -> str:
    """Write the section, or write it anew; returns where. Raises AwsxError."""
    section = name_of(profile)
    if any(c in section for c in "[]\n\r"):
        raise AwsxError(ODD.format(clean(section)))
    values = {
        "aws_access_key_id": keys.access_key,
        "aws_secret_access_key": keys.secret_key,
        "aws_session_token": keys.token,
        "region": region,
    }
    lines = [COMMENT.format(tokens.iso(keys.expires) if keys.expires else NEVER), f"[{section}]"]
    lines += [f"{key} = {value}" for key, value in values.items() if value]
    body = "\n".join(lines).encode("utf-8", "surrogateescape")

    def changed(text: bytes) -> bytes:
        _check_free(facts, section, remove_from(text, section))
        return marked_block.add(text, body, text != b"", _where(facts.env), _label(section))

    return _change(facts.env, changed)


def remove(env: Mapping[str, str], profile: str) -> str:
    """Take the section out again; returns where it stood, empty if there was none."""
    return _change(env, lambda text: remove_from(text, name_of(profile)))


def remove_from(text: bytes, section: str) -> bytes:
    return marked_block.remove(text, "the credentials file", _label(section)) or b""


def _change(env: Mapping[str, str], changed: rewrite.Changed) -> str:
    """Change the file without a backup: old keys are of no use to anybody but a thief."""
    path = paths.credentials_path(env)
    if not path:
        raise AwsxError(NO_FILE)
    return _where(env) if rewrite.change(path, env, changed, keeps_backup=False) else ""


def _where(env: Mapping[str, str]) -> str:
    return paths.tilde(paths.credentials_path(env), env)


def _label(section: str) -> bytes:
    return section.encode("utf-8", "surrogateescape")


def _check_free(facts: Facts, section: str, others: bytes) -> None:
    """Raises AwsxError if a person has a profile of that name, which the section would hide."""
    reader = ini.Reader()
    reader.read(ini.decode(others)[0])
    if section in reader.sections:
        raise AwsxError(TAKEN.format(clean(section), _where(facts.env)))
    named = facts.config.config.named("profile").get(section)
    if named:
        place = f"{paths.tilde(facts.config.config.path, facts.env)}:{named.line}"
        raise AwsxError(TAKEN.format(clean(section), place))
