"""Where each file lies: the files of the AWS CLI, the settings, the cache, the counts of use."""

import posix
import sys

from awsx.files import disk

TYPE_CHECKING = False  # the typing module would cost a third of a start
if TYPE_CHECKING:
    from collections.abc import Mapping

try:  # the C scanner behind json.loads; the json package would import re for nothing
    import _json
except ImportError:  # another Python than CPython
    _json = None  # type: ignore[assignment]

MOST_LINKS = 40  # of one path, as in Linux
SPARES = 10  # names of the spare folder


def home(env: "Mapping[str, str]") -> str:
    """The home folder as botocore finds it: $HOME, else the password database."""
    return env.get("HOME") or _expanduser("~")


def _expanduser(path: str) -> str:
    from os.path import expanduser

    return expanduser(path)


def environment() -> dict[str, str]:
    """This process's environment: posix.environ, without posix."""
    code = sys.getfilesystemencoding()
    return {
        n.decode(code, "surrogateescape"): v.decode(code, "surrogateescape")
        for n, v in posix.environ.items()
    }


def real_path(path: str) -> str:
    """The absolute `path` with every symbolic link on the way followed, as far as it exists.

    (os.path.realpath would cost the import of os.) A circle of links leads nowhere: `path` itself.
    """
    done, left, links = "", path.split("/"), 0
    while left:
        word = left.pop(0)
        if word in ("", "."):
            continue
        if word == "..":
            done = done.rpartition("/")[0]
            continue
        try:
            leads_to = posix.readlink(f"{done}/{word}")
        except (OSError, ValueError):  # no link, or not there
            done = f"{done}/{word}"
            continue
        links += 1
        if links > MOST_LINKS:
            return path
        done = "" if leads_to[:1] == "/" else done
        left = leads_to.split("/") + left
    return done or "/"


def tilde(path: str, env: "Mapping[str, str]") -> str:
    """`path` as a person writes it: `~/.aws/config`."""
    here = home(env)
    return "~" + path[len(here) :] if here != "/" and path.startswith(here + "/") else path


class Places:
    """Where the files of one environment lie; `config` and `credentials` may be empty: no file."""

    __slots__ = ("cache", "catalogue", "config", "credentials", "names", "settings", "tokens")

    def __init__(self, env: "Mapping[str, str]") -> None:
        self.config, self.credentials = config_path(env), credentials_path(env)
        self.settings, self.cache = settings_path(env), cache_folder(env)
        self.tokens, self.catalogue = token_folder(env), catalogue_path(env, self.config)
        self.names = names_path(env)


def config_path(env: "Mapping[str, str]") -> str:
    return _expanded(env, "AWS_CONFIG_FILE", ".aws/config")


def credentials_path(env: "Mapping[str, str]") -> str:
    return _expanded(env, "AWS_SHARED_CREDENTIALS_FILE", ".aws/credentials")


def _expanded(env: "Mapping[str, str]", variable: str, default: str) -> str:
    """The path a variable names, `$VAR` and `~` expanded (botocore's raw_config_parse).

    Empty means no file.
    """
    path = env.get(variable)
    if path is None:
        return f"{home(env)}/{default}"
    if "$" in path:
        from os.path import expandvars

        path = expandvars(path)
    if path[:2] in ("~", "~/"):
        path = home(env) + path[1:]
    elif path[:1] == "~":
        path = _expanduser(path)
    if path[:1] in ("", "/"):
        return path
    try:
        return f"{posix.getcwd()}/{path}"
    except OSError:  # the working folder is gone, and what lay in it
        return ""


def settings_path(env: "Mapping[str, str]") -> str:
    """The settings' file."""
    return _xdg(env, "XDG_CONFIG_HOME", ".config") + "/awsx/config.toml"


def cache_folder(env: "Mapping[str, str]") -> str:
    """Where memos and locks lie; may be deleted at any time.

    It is the spare folder where ~/.cache/awsx is somebody else's or cannot be written. A shell has
    looked already, by the same rules (__awsx_where), and says in $AWSX_CACHE which it is.
    """
    wanted = env.get("AWSX_CACHE") or _xdg(env, "XDG_CACHE_HOME", ".cache") + "/awsx"
    return wanted if _may_be_written(wanted) else spare_folder(env)


def spare_folder(env: "Mapping[str, str]") -> str:
    """The folder that takes the place of ~/.cache/awsx: $TMPDIR/awsx-UID.

    Where somebody else has made a folder or a link of that name: awsx-UID.1, and so on. A shell
    says in $AWSX_SPARE where it looks for it: its TMPDIR may not be exported.
    """
    above = env.get("AWSX_SPARE") or env.get("TMPDIR") or "/tmp"
    first = f"{above}/awsx-{posix.getuid()}"
    for path in (first, *(f"{first}.{number}" for number in range(1, SPARES))):
        if not disk.is_there(path) or disk.is_own_folder(path, may_be_link=False):
            return path
    return first


def _may_be_written(folder: str) -> bool:
    """True if this is the person's own folder and may be written, or may be made."""
    if disk.is_own_folder(folder):
        return posix.access(folder, posix.W_OK)
    if disk.is_there(folder):
        return False
    above = folder.rpartition("/")[0] or "/"
    while not disk.is_there(above):
        above = above.rpartition("/")[0] or "/"
    return disk.is_folder(above) and posix.access(above, posix.W_OK)


def state_folder(env: "Mapping[str, str]") -> str:
    """Where the counts of use and the names of accounts lie."""
    return _xdg(env, "XDG_STATE_HOME", ".local/state") + "/awsx"


def catalogue_path(env: "Mapping[str, str]", config: str) -> str:
    """Where the profiles lie that a person may choose, but that the file `config` has not yet."""
    name = config.replace("%", "%25").replace("/", "%2F")
    return f"{state_folder(env)}/catalogue/{name}"


def names_path(env: "Mapping[str, str]") -> str:
    """The file with the names of accounts (files/account_names.py)."""
    return f"{state_folder(env)}/accounts"


def token_folder(env: "Mapping[str, str]") -> str:
    """Where the SSO tokens lie. No variable but HOME moves it."""
    return f"{home(env)}/.aws/sso/cache"


def login_folder(env: "Mapping[str, str]") -> str:
    """Where the sessions of `aws login` lie (botocore, get_login_token_cache_directory)."""
    return _expanded(env, "AWS_LOGIN_CACHE_DIRECTORY", ".aws/login/cache")


def _xdg(env: "Mapping[str, str]", name: str, default: str) -> str:
    """The folder a variable names.

    A relative one counts as none (XDG Base Directory Specification).
    """
    path = env.get(name, "")
    return path if path[:1] == "/" else f"{home(env)}/{default}"
