"""Put a text on the clipboard: by the terminal (OSC 52), and by the programs that there are."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

# A program that reads the text from stdin, and the variable that says that it is of use here.
PROGRAMS = (
    (("tmux", "load-buffer", "-w", "-"), "TMUX"),
    (("wl-copy",), "WAYLAND_DISPLAY"),
    (("xclip", "-selection", "clipboard"), "DISPLAY"),
    (("xsel", "--clipboard", "--input"), "DISPLAY"),
    (("pbcopy",), ""),
    (("clip.exe",), "WSL_DISTRO_NAME"),
)
PATIENCE = 2  # seconds


def copy(env: Mapping[str, str], text: str) -> None:
    """Put `text` on the clipboard. What is not there or fails is left out."""
    from base64 import b64encode

    data = text.encode("utf-8", "surrogateescape")
    try:
        with open("/dev/tty", "wb") as terminal:
            terminal.write(b"\x1b]52;c;" + b64encode(data) + b"\a")
    except OSError:
        pass
    for command, variable in PROGRAMS:
        if not variable or env.get(variable):
            _run(command, data)


def _run(command: tuple[str, ...], data: bytes) -> None:
    import subprocess

    # xclip and wl-copy leave a process behind that answers whoever pastes: it gets no pipe of ours.
    nowhere = subprocess.DEVNULL
    try:
        subprocess.run(
            command, input=data, stdout=nowhere, stderr=nowhere, timeout=PATIENCE, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        pass
