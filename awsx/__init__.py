"""Per-terminal AWS profile switching: the core that the shell functions call."""

__version__ = "0.1.0"
# Every word that is a command and not a profile. A memo made before a word was added still switches to the profile of
# that name: change index.FORMAT with this.
VERBS = frozenset(
    (
        "use",
        "off",
        "region",
        "exec",
        "login",
        "logout",
        "ls",
        "current",
        "init",
        "install",
        "uninstall",
        "demo",
    )
)
