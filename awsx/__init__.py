"""Per-terminal AWS profile switching: the core that the shell functions call."""

__version__ = "0.1.0"
# Every word that is a command and not a profile. The memos' format takes its name from this
# (awsx/memo.py), so that no old memo of a profile hides a command that came later.
VERBS = frozenset(
    ("use", "off", "region", "exec", "login", "logout", "ls", "current", "init", "install", "uninstall", "demo")
)
