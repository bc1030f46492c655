"""Reading checks what a path is, writing is whole or not at all, folders and locks are private."""

import json
import os
import posix
import signal
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from awsx.files import disk, paths
from awsx.files.draft import Draft
from awsx.term import AwsxError

ROOT = Path(__file__).parents[2]


def mode(path):
    return stat.S_IMODE(os.stat(path).st_mode)


# --- read


def test_a_file_is_read_byte_for_byte(tmp_path):
    (tmp_path / "f").write_bytes(b"a\r\n\0\xff")
    assert disk.read(f"{tmp_path}/f") == b"a\r\n\0\xff"
    (tmp_path / "empty").touch()
    assert disk.read(f"{tmp_path}/empty") == b""
    (tmp_path / "big").write_bytes(bytes(10 * 1024 * 1024))
    assert len(disk.read(f"{tmp_path}/big")) == 10 * 1024 * 1024


@pytest.mark.parametrize(
    "kind", ["missing", "folder", "fifo", "device", "dangling", "under a file", "empty path"]
)
def test_what_is_no_file_is_read_as_none(kind, tmp_path):
    path = tmp_path / "f"
    {
        "folder": path.mkdir,
        "fifo": lambda: os.mkfifo(path),
        "device": lambda: path.symlink_to("/dev/zero"),
        "dangling": lambda: path.symlink_to("gone"),
        "under a file": lambda: (tmp_path / "g").touch(),
    }.get(kind, lambda: None)()
    wanted = {"under a file": f"{tmp_path}/g/f", "empty path": ""}.get(kind, str(path))
    seen = []
    reader = threading.Thread(target=lambda: seen.append(disk.read(wanted)), daemon=True)
    reader.start()
    reader.join(10)
    assert seen == [None]


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (PermissionError(13, "Permission denied"), "Permission denied"),
        (OSError(40, "Too many levels of symbolic links"), "Too many levels of symbolic links"),
        (OSError(36, "File name too long"), "File name too long"),
        (ValueError("embedded null byte"), "embedded null byte"),
    ],
)
def test_a_file_that_cannot_be_read_is_an_error(error, told, monkeypatch):
    def refuse(*_):
        raise error

    monkeypatch.setattr(posix, "open", refuse)
    with pytest.raises(AwsxError) as caught:
        disk.read("/x")
    assert str(caught.value) == f"cannot read /x: {told}; check its permissions"


def test_a_loop_of_links_is_an_error(tmp_path):
    (tmp_path / "f").symlink_to("f")
    with pytest.raises(AwsxError, match="Too many levels of symbolic links"):
        disk.read(f"{tmp_path}/f")


def test_reading_leaves_no_file_open(tmp_path):
    (tmp_path / "f").touch()
    before = os.listdir("/dev/fd")
    for name in ("f", "gone", ""):
        disk.read(f"{tmp_path}/{name}")
    assert os.listdir("/dev/fd") == before


# --- write


def test_a_written_file_is_private_and_has_the_given_mtime(tmp_path):
    path = tmp_path / "f"
    path.write_text("a longer text that was there before")
    path.chmod(0o644)
    before = os.umask(0)
    try:
        disk.write(str(path), b"new", changed=1_234_567_890_123_456_789)
    finally:
        os.umask(before)
    assert path.read_bytes() == b"new"
    assert mode(path) == 0o600
    assert path.stat().st_mtime_ns == disk.mtime(str(path)) == 1_234_567_890_123_456_789
    assert os.listdir(tmp_path) == ["f"]


def test_a_reader_sees_the_whole_old_file_or_the_whole_new_one(tmp_path):
    path, seen = str(tmp_path / "f"), set()
    texts = (b"a" * 100_000, b"b" * 100_000)
    disk.write(path, texts[0])
    done = threading.Event()

    def look():
        while not done.is_set():
            seen.add(disk.read(path))

    reader = threading.Thread(target=look)
    reader.start()
    for n in range(100):
        disk.write(path, texts[n % 2], durable=n == 0)
    done.set()
    reader.join()
    assert seen <= set(texts)


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
@pytest.mark.parametrize("call", ["write", "fsync", "utime", "rename"])
def test_a_failed_write_leaves_the_old_file_and_nothing_beside(call, error, tmp_path, monkeypatch):
    path = tmp_path / "f"
    path.write_text("old")

    def fail(*_, **__):
        raise error

    if call == "write":
        monkeypatch.setattr("builtins.open", fail)
    else:
        monkeypatch.setattr(posix, call, fail)
    with pytest.raises(type(error)):
        disk.write(str(path), b"new", changed=1, durable=True)
    monkeypatch.undo()
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["f"]


def test_a_planted_link_is_not_followed(tmp_path):
    (tmp_path / "victim").write_text("old")
    (tmp_path / f"f.{os.getpid()}.tmp").symlink_to("victim")
    with pytest.raises(OSError, match="symbolic links"):
        disk.write(f"{tmp_path}/f", b"new")
    assert (tmp_path / "victim").read_text() == "old"


def test_writing_into_a_missing_folder_fails(tmp_path):
    with pytest.raises(FileNotFoundError):
        disk.write(f"{tmp_path}/gone/f", b"new")


def test_removing_a_missing_file_is_no_error(tmp_path):
    (tmp_path / "f").touch()
    for name in ("f", "f", "gone/f"):
        disk.remove(f"{tmp_path}/{name}")
    assert os.listdir(tmp_path) == []


def test_mtime_is_none_for_a_missing_file(tmp_path):
    assert disk.mtime(f"{tmp_path}/gone") is None
    assert disk.mtime("") is None
    assert disk.mtime("\0") is None
    assert disk.mtime(str(tmp_path)) == tmp_path.stat().st_mtime_ns


# --- folders


def test_a_private_folder_is_made_with_mode_700(tmp_path):
    path = tmp_path / "a" / "b"
    before = os.umask(0o077)
    try:
        assert disk.private_folder(str(path)) == str(path)
    finally:
        os.umask(before)
    assert mode(path) == 0o700
    path.chmod(0o755)
    disk.private_folder(str(path))
    assert mode(path) == 0o700


def test_a_folder_that_another_process_makes_first_is_no_error(tmp_path, monkeypatch):
    mkdir = posix.mkdir

    def second(path, mode):
        mkdir(path, mode)
        mkdir(path, mode)

    monkeypatch.setattr(posix, "mkdir", second)
    disk.make_folders(f"{tmp_path}/a/b/c")
    assert mode(tmp_path / "a" / "b" / "c") == 0o700


def test_a_folder_of_somebody_else_is_refused(tmp_path, monkeypatch):
    really = os.geteuid()
    monkeypatch.setattr(posix, "geteuid", lambda: really + 1)
    with pytest.raises(PermissionError, match="belongs to somebody else"):
        disk.private_folder(str(tmp_path))


def test_a_folder_that_stays_open_to_others_is_refused(tmp_path, monkeypatch):
    """On a mount that ignores chmod, everybody may write what is in it."""
    monkeypatch.setattr(posix, "chmod", lambda *_: None)
    path = tmp_path / "p"
    path.mkdir()
    path.chmod(0o755)  # others may only read it
    assert disk.private_folder(str(path)) == str(path)
    path.chmod(0o777)
    with pytest.raises(PermissionError, match="can be written by others"):
        disk.private_folder(str(path))


def test_a_link_of_ones_own_to_a_folder_of_ones_own_is_as_good(tmp_path):
    (tmp_path / "elsewhere").mkdir(mode=0o755)
    (tmp_path / "p").symlink_to("elsewhere")
    assert disk.private_folder(f"{tmp_path}/p") == f"{tmp_path}/p"
    assert mode(tmp_path / "elsewhere") == 0o700


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a link away")
@pytest.mark.parametrize("whose", ["link", "folder"])
def test_a_link_of_somebody_else_or_to_his_folder_is_refused(whose, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "p").symlink_to("elsewhere")
    path = tmp_path / ("p" if whose == "link" else "elsewhere")
    os.chown(path, 12345, -1, follow_symlinks=False)
    with pytest.raises(PermissionError, match="belongs to somebody else"):
        disk.private_folder(f"{tmp_path}/p")


def test_a_token_is_kept_where_a_mount_refuses_modes(tmp_path, monkeypatch):
    """WSL's drives do; the AWS CLI writes its tokens there, too. A memo has a better place."""

    def refuse(*_):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(posix, "fchmod", refuse)
    before = os.umask(0o777)  # so that no file has its mode at once
    try:
        with Draft(f"{tmp_path}/token") as draft:
            draft.fill_in(b"{}")
        with pytest.raises(PermissionError):
            disk.write(f"{tmp_path}/memo", b"x")
    finally:
        os.umask(before)
    assert (tmp_path / "token").stat().st_size == 2


@pytest.mark.parametrize("umask", [0, 0o777])
def test_what_is_made_has_its_mode_under_any_umask(umask, tmp_path):
    before = os.umask(umask)
    try:
        folder = disk.private_folder(f"{tmp_path}/a/b")
        disk.write(f"{folder}/written", b"x")
        disk.append(f"{folder}/appended", b"x")
        disk.stamp(f"{folder}/stamp", 1)
        with disk.Lock(f"{folder}/lock"), Draft(f"{folder}/draft") as draft:
            draft.fill_in(b"{}")
    finally:
        os.umask(before)
    assert {mode(path) for path in (tmp_path / "a", tmp_path / "a" / "b")} == {0o700}
    names = {"written", "appended", "stamp", "lock", "draft"}
    assert {path.name: mode(path) for path in Path(folder).iterdir()} == dict.fromkeys(names, 0o600)


@pytest.mark.parametrize("kind", ["file", "dangling"])
def test_what_is_no_folder_is_refused(kind, tmp_path):
    path = tmp_path / "p"
    (tmp_path / "elsewhere").mkdir(mode=0o755)
    {
        "file": path.touch,
        "dangling": lambda: path.symlink_to("gone"),
    }[kind]()
    with pytest.raises(OSError, match=r"is not a folder|belongs to somebody else"):
        disk.private_folder(str(path))
    assert mode(tmp_path / "elsewhere") == 0o755


FOLDERS = [
    (paths.settings_path, {}, "/h/.config/awsx/config.toml"),
    (paths.settings_path, {"XDG_CONFIG_HOME": "/c"}, "/c/awsx/config.toml"),
    (paths.settings_path, {"XDG_CONFIG_HOME": ""}, "/h/.config/awsx/config.toml"),
    (paths.state_folder, {}, "/h/.local/state/awsx"),
    (paths.state_folder, {"XDG_STATE_HOME": "/s"}, "/s/awsx"),
]


@pytest.mark.parametrize(("folder", "env", "expected"), FOLDERS)
def test_the_folders_follow_the_xdg_variables(folder, env, expected):
    assert folder({"HOME": "/h", **env}) == expected


CACHES = [
    ({}, "h/.cache/awsx"),
    ({"XDG_CACHE_HOME": "{}/c"}, "c/awsx"),
    ({"XDG_CACHE_HOME": "c"}, "h/.cache/awsx"),
    ({"XDG_CACHE_HOME": "{}/c", "AWSX_CACHE": "{}/d"}, "d"),
]


@pytest.fixture
def world(tmp_path):
    """The environment of somebody with a home `h` and a folder `tmp`."""
    (tmp_path / "h").mkdir()
    (tmp_path / "tmp").mkdir()
    return {"HOME": f"{tmp_path}/h", "TMPDIR": f"{tmp_path}/tmp"}


@pytest.mark.parametrize(("env", "expected"), CACHES)
def test_the_cache_is_where_the_shell_or_xdg_says(env, expected, world, tmp_path):
    env = {name: value.format(tmp_path) for name, value in env.items()}
    assert paths.cache_folder({**world, **env}) == f"{tmp_path}/{expected}"
    assert os.listdir(tmp_path / "h") == []


SPARE = f"awsx-{os.getuid()}"
IN_THE_WAY = {
    "": "",
    "own": "",
    "link": ".1",
    "dangling": ".1",
    "file": ".1",
    "foreign": ".1",
    "foreign foreign": ".2",
    "foreign own": ".1",
    " ".join(["file"] * 10): "",
}


@pytest.mark.parametrize(("planted", "expected"), IN_THE_WAY.items())
def test_the_spare_folder_is_passed_over_for_another_name(planted, expected, world, tmp_path):
    """Where it is a link, no folder, or somebody else's. Where all are, it is the first."""
    if "foreign" in planted and os.geteuid():
        pytest.skip("only root can give a folder away")
    for number, kind in enumerate(planted.split()):
        path = tmp_path / "tmp" / (SPARE + (f".{number}" if number else ""))
        {
            "own": path.mkdir,
            "link": lambda path=path: path.symlink_to(tmp_path),
            "dangling": lambda path=path: path.symlink_to("gone"),
            "file": path.touch,
            "foreign": lambda path=path: (path.mkdir(), os.chown(path, 12345, -1)),
        }[kind]()
    (tmp_path / "h" / ".cache").touch()
    assert paths.cache_folder(world) == f"{tmp_path}/tmp/{SPARE}{expected}"


@pytest.mark.parametrize(
    ("path", "home", "expected"),
    [
        ("/h/.aws/config", "/h", "~/.aws/config"),
        ("/h2/.aws/config", "/h", "/h2/.aws/config"),
        ("/h", "/h", "/h"),
        ("/etc/aws", "/", "/etc/aws"),
        ("/h//x", "/h/", "~/x"),
    ],
)
def test_tilde_shortens_paths_inside_home(path, home, expected):
    assert paths.tilde(path, {"HOME": home}) == expected


def test_an_unset_home_is_looked_up_in_the_password_database(monkeypatch):
    monkeypatch.delenv("HOME")
    assert paths.home({}) == os.path.expanduser("~")
    assert paths.home({"HOME": ""}) == os.path.expanduser("~")


# --- locks


@pytest.fixture
def patience(monkeypatch):
    """patience(SECONDS): let this process wait that long for locks, whatever it has waited yet."""
    return lambda seconds: monkeypatch.setattr(disk.Lock, "patience", seconds)


def held_by_another(path):
    """Start a process that holds the lock until it is killed."""
    script = (
        "import sys, time; from awsx.files.disk import Lock\n"
        "with Lock(sys.argv[1]): print('held', flush=True); time.sleep(600)"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", script, path], cwd=ROOT, stdout=subprocess.PIPE
    )
    assert process.stdout.readline() == b"held\n"
    return process


def test_a_lock_is_exclusive_and_dies_with_its_holder(tmp_path):
    path = str(tmp_path / "lock")
    with held_by_another(path) as holder:
        with disk.Lock(path, wait=False) as lock:
            assert not lock.held
        holder.send_signal(signal.SIGKILL)
        holder.wait()
        with disk.Lock(path) as lock:
            assert lock.held
    assert mode(path) == 0o600


def test_a_lock_is_waited_for(tmp_path, patience):
    path, order = str(tmp_path / "lock"), []
    patience(60)

    def second():
        with disk.Lock(path):
            order.append("second")

    with held_by_another(path) as holder:
        waiting = threading.Thread(target=second)
        waiting.start()
        waiting.join(0.2)
        order.append("first")
        holder.kill()
    waiting.join(10)
    assert order == ["first", "second"]


def test_a_process_waits_a_tenth_of_a_second_for_all_its_locks_together(tmp_path, patience):
    assert disk.PATIENCE == 0.1
    paths = [str(tmp_path / name) for name in "abc"]
    pause = []
    patience(disk.PATIENCE)
    with held_by_another(paths[0]) as holder, held_by_another(paths[1]) as other:
        before = os.listdir("/dev/fd")
        for path in paths[:2]:
            began = time.monotonic()
            with pytest.raises(BlockingIOError, match="another process holds the lock"):
                disk.Lock(path)
            pause.append(time.monotonic() - began)
        assert os.listdir("/dev/fd") == before
        with disk.Lock(paths[2]) as free:
            assert free.held
        holder.kill()
        other.kill()
    assert pause[0] >= disk.PATIENCE
    assert pause[1] < disk.PATIENCE


def test_a_lock_is_not_inherited(tmp_path):
    """A command that awsx starts and that outlives it does not keep the lock."""
    path = str(tmp_path / "lock")
    with disk.Lock(path):
        child = subprocess.Popen(["sleep", "600"], close_fds=False)
    try:
        with held_by_another(path) as other:
            other.kill()
    finally:
        child.kill()
        child.wait()


def test_a_lock_that_cannot_be_made_is_an_error(tmp_path):
    with pytest.raises(FileNotFoundError):
        disk.Lock(f"{tmp_path}/gone/lock")
    (tmp_path / "link").symlink_to("elsewhere")
    with pytest.raises(OSError, match="symbolic links"):
        disk.Lock(f"{tmp_path}/link")
    assert os.listdir(tmp_path) == ["link"]


# --- JSON

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(), values, max_size=4), st.sampled_from([None, 2]), st.booleans())
def test_json_objects_are_read_as_json_does(value, indent, ascii_only):
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    assert disk.json_object(text.encode()) == json.loads(text)


@given(st.binary() | st.text().map(str.encode) | values.map(json.dumps).map(str.encode))
def test_any_bytes_are_read_as_an_object_or_as_nothing(data):
    try:
        expected = json.loads(data.decode("utf-8-sig", "replace"))
    except ValueError:
        expected = {}
    assert disk.json_object(data) == (expected if isinstance(expected, dict) else {})


@pytest.mark.parametrize(
    "data", [b"", b"{", b"[]", b"1", b'"a"', b"null", b'{"a":1} x', b'{"a":1}{', b"{'a':1}", b"\0"]
)
def test_json_that_is_no_object_is_read_as_an_empty_one(data):
    assert disk.json_object(data) == {}


def test_json_is_read_without_cpythons_scanner(monkeypatch):
    """Where CPython's own JSON scanner is missing, the json package is used."""
    monkeypatch.setattr(disk, "_json", None)
    assert disk.json_object(b' {"a": [1]} ') == {"a": [1]}
    assert disk.json_object(b'{"a":1} x') == {}


def test_the_kinds_of_files_are_those_of_the_stat_module():
    kinds = disk.KIND, disk.FILE, disk.FOLDER
    assert kinds == (
        stat.S_IFMT(0o177777),
        stat.S_IFREG,
        stat.S_IFDIR,
    )
