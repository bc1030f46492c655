"""The profile for which a credential_process of a known tool answers, by the words of its command.

The process is not run.
"""

from awsx.files import ini

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

# Program, the words of its command that answers a credential_process, and the options that name the
# profile; without such an option the profile stands among the other words.
TOOLS = (
    ("aws", ("configure", "export-credentials"), ("--profile",)),
    ("granted", ("credential-process",), ("--profile",)),
    ("aws-vault", ("export",), ()),
    ("aws-vault", ("exec",), ()),
    ("aws-sso", ("process",), ("--profile", "-p")),
    ("awsx", ("creds",), ()),
    ("start.py", ("creds",), ()),  # awsx, as `awsx creds --twin` starts it where it is not on PATH
)


def named(command_line: str) -> "Iterator[str]":
    """The words of a command that may be the profile for which it answers."""
    words = ini.words(command_line)
    programs = [word.rpartition("/")[2] for word in words]
    for program, command, options in TOOLS:
        if program not in programs:
            continue
        rest = words[programs.index(program) + 1 :]
        if not set(command) <= set(rest):
            continue
        if options:
            yield from _of_options(rest, options)
        else:
            yield from (word for word in rest if word[:1] != "-" and word not in command)


def _of_options(words: list[str], options: tuple[str, ...]) -> "Iterator[str]":
    for word, following in zip(words, [*words[1:], ""]):
        name, _, value = word.partition("=")
        if name in options:
            yield value or following
