"""Per-terminal AWS profile switching: the core that the shell functions call."""

__version__ = "0.1.0"
