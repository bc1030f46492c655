"""One section of a big file, of which no more than a piece is held at a time.

5,000 profiles are 800 KB. Memory that a process touches for the first time costs ten times what
reading into memory that it has costs, and each start of awsx is such a process.
"""

import posix

from awsx.files import ini

PIECE = 32 * 1024  # bytes


def find(path: str, header: str) -> "ini.Section | None":
    """The section whose first line is exactly `[header]`, as `ini.find` finds it.

    None, too, if the file cannot be read.
    """
    start = ini.first_line(header)
    section = ini.find(_from(path, start), header)
    if section:
        section.lines_before = lambda: _lines_before(path, start)
    return section


def _from(path: str, start: bytes) -> bytes:
    """The file from the line `start` to the next line with a bracket, or to a line behind that."""
    try:
        fd = posix.open(path, posix.O_RDONLY | posix.O_CLOEXEC | posix.O_NONBLOCK)
    except (OSError, ValueError):
        return b""
    try:
        text = _first(fd, b"\n" + start)
        while text and text.find(b"\n[") < 0 and (piece := posix.read(fd, PIECE)):
            text += piece
    except OSError:
        return b""
    finally:
        posix.close(fd)
    return text


def _first(fd: int, wanted: bytes) -> bytes:
    """What is read of the file when `wanted` has come, from its second byte on; else nothing."""
    kept = len(wanted)  # of what was read before, in front of each piece
    buffer = bytearray(b"\n" * kept + bytes(PIECE))  # a line ends before the file begins
    into = [memoryview(buffer)[kept:]]
    while count := posix.readv(fd, into):
        at = buffer.find(wanted, 0, kept + count)
        if at >= 0:
            return bytes(buffer[at + 1 : kept + count])
        buffer[:kept] = buffer[count : count + kept]
    return b""


def _lines_before(path: str, start: bytes) -> int:
    """How many lines stand before the line `start`; 0 if the file has changed meanwhile."""
    from awsx.files import disk

    data = disk.read(path) or b""
    return data.count(b"\n", 0, max(0, (b"\n" + data).find(b"\n" + start)))
