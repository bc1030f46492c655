"""`awsx creds NAME --twin`: a second profile for tools that cannot read the first one.

Terraform's provider, IDEs and older SDKs read no session of `aws login`, but all of them start a
credential_process.
"""

from __future__ import annotations

import difflib
import os
import shlex
import shutil

from awsx import process
from awsx.commands import before, question
from awsx.commands.creds import profile_of
from awsx.files import marked_block, paths, rewrite
from awsx.term import AwsxError, clean, on_terminal, out, say, write

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from awsx.facts import Facts, Target

TAKEN = "there is a profile {} already ({}), which is not awsx's"
ASK, UNASKED = "write this into {}?", "there is nobody to ask here; if you mean it: --yes"
WRITTEN, UNCHANGED = "{}: [profile {}] added", "{}: [profile {}] is there already"
NO_FILE = "AWS_CONFIG_FILE is set to nothing, so no file can be written; unset it"


def twin(env: Mapping[str, str], name: str, writes: bool = False, is_sure: bool = False) -> None:
    """Print the twin of a profile, or put it into the config, after a diff and a question.

    Raises AwsxError if there is no such profile, if the twin's name is taken, or if nobody can be
    asked; Cancelled if the person says no.
    """
    facts = before.opened(env)
    target = before.chosen(facts, name or profile_of(env))
    text, twin_name = _text(target), _name(target)
    if not writes:
        out(text)
        return
    path, label = facts.config.config.path, twin_name.encode("utf-8", "surrogateescape")
    if not path:
        raise AwsxError(NO_FILE)
    shown = paths.tilde(path, env)
    _check_free(facts, twin_name, label)

    def changed(data: bytes) -> bytes:
        body = text.encode("utf-8", "surrogateescape")
        return marked_block.add(data, body, data != b"", shown, label)

    if not is_sure:
        _ask(facts.config.config.data, changed(facts.config.config.data), shown)
    told = WRITTEN if rewrite.change(path, env, changed) else UNCHANGED
    say(told.format(shown, clean(twin_name)))


def _name(target: Target) -> str:
    return f"{target.profile.name}-process"


def _text(target: Target) -> str:
    words = [*_program(), "creds", target.profile.name, "--format", "process"]
    name = _name(target)
    header = f"profile {name}" if shlex.quote(name) == name else f'profile "{name}"'
    region = f"region = {target.region}\n" if target.region else ""
    return f"[{header}]\ncredential_process = {shlex.join(words)}\n{region}"


def _program() -> list[str]:
    """The words that start awsx from anywhere: SDKs start it without a shell."""
    found = shutil.which("awsx")
    if found:
        return [os.path.abspath(found)]
    return process.core()


def _check_free(facts: Facts, name: str, label: bytes) -> None:
    """Raises AwsxError if a person has a profile of the twin's name."""
    source = facts.config.config
    own = marked_block.find(source.data, paths.tilde(source.path, facts.env), label)
    there = facts.config.profile(name)
    if there and not own:
        raise AwsxError(TAKEN.format(clean(name), there.place()))


def _ask(old: bytes, new: bytes, shown: str) -> None:
    was, will_be = (
        text.decode("utf-8", "replace").splitlines(keepends=True) for text in (old, new)
    )
    write("".join(difflib.unified_diff(was, will_be, shown, shown, n=0)))
    if old != new:
        if not on_terminal():
            raise AwsxError(UNASKED, 2)
        question.confirm(ASK.format(shown))
