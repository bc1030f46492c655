"""Per-terminal AWS profile switching: the core that the shell functions call."""

__version__ = "0.1.0"
# Every word that is a command and no profile. The format of the memos changes with this list, so
# that no memo of a profile hides a new command (awsx/files/memo.py).
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
        "console",
        "creds",
        "serve",
        "ssh",
        "init",
        "install",
        "uninstall",
        "demo",
        "help",
        "doctor",
        "whoami",
        "settings",
        "status",
        "populate",
        "setup",
        "pull",
        "pin",
    )
)
