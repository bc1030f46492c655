"""config.toml -> Settings. Every setting is optional; each mistake is a finding with its line."""

from __future__ import annotations

from awsx.files import agent_settings, console_settings, disk, own_names, paths, toml
from awsx.finding import Finding, FindingError
from awsx.term import AwsxError, near

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

CODE = "bad-settings"
UNKNOWN, REMOVE = "unknown setting {}", "remove it"
CORRECT_PERMISSIONS = "correct its permissions"
WRONG_VALUE, USE = "{} has a wrong value", "use {}"

# Every setting and its default, which also gives its type. In a table with an empty default a
# person may use any names.
DEFAULTS: dict[str, dict[str, object]] = {
    "switch": {"export_region": False},
    "picker": {"single": "confirm", "order": "used", "preview": True},
    "login": {"auto": True, "prefer": "cli", "commands": ["aws"], "port": 0},
    "guard": {"match": [], "confirm": False, "color": "reverse", "leave_after": ""},
    "prompt": {
        "format": "{profile} {account} {left} {state}",
        "narrow": "{profile} {left} {state}",
        "narrow_below": 60,
        "soon": "30m",
        "default": "hide",
    },
    "colors": {
        "profile": "cyan",
        "account": "",
        "account_id": "",
        "role": "",
        "region": "",
        "good": "green",
        "soon": "yellow",
        "expired": "red",
        "state": "yellow",
    },
    "browser": {},
    "accounts": {},
    "profiles": {},
    "regions": {},
    "mfa": {},
    "ecr": {},
    "populate": {
        "template": "",
        "separator": "-",
        "case": "keep",
        "trim_account": [],
        "trim_role": [],
        "include": [],
        "exclude": [],
        "role": [],
        "regions": [],
        "extra": {},
        "on_demand": False,
    },
    "team": {"match": [], "accounts": {}},
    "console": console_settings.DEFAULTS,
    "agents": agent_settings.DEFAULTS,
}
CHOICES = {
    "login.prefer": ("cli", "own"),
    "picker.single": ("confirm", "switch"),
    "prompt.default": ("hide", "show"),
    "picker.order": ("used", "file"),
    "populate.case": ("keep", "lower", "upper"),
}
# In [mfa] this name counts for every device, others are serial numbers.
MFA_COMMAND, LEAST_SERIAL = "command", 9  # characters of a serial number (data/sts, service-2.json)
NAMES = ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")
COLOURS = {name: 30 + n for n, name in enumerate(NAMES)} | {
    f"bright-{name}": 90 + n for n, name in enumerate(NAMES)
}
STYLES = {"bold": "1", "underline": "4", "reverse": "7"}
UNITS = {"s": 1, "m": 60, "h": 3600}


def sgr(value: object) -> str:
    """A colour as terminals know it: red is `31`, 208 `38;5;208`, bold white on red `1;37;41`.

    Raises ValueError for what is no colour.
    """
    text = value if isinstance(value, str) else str(value) if type(value) is int else ""
    styled, on, ground = f" {text}".partition(" on ")
    words: list[str] = styled.split()
    codes: list[str] = []
    while words and STYLES.get(words[0], "") not in ("", *codes):
        codes.append(STYLES[words.pop(0)])
    has_look = words or on or set(codes) & {STYLES["reverse"], STYLES["underline"]}
    if len(words) > 1 or not has_look or text != " ".join(text.split()):
        raise ValueError
    codes += [_colour(name, 30) for name in words]
    codes += [_colour(ground, 40)] if on else []
    return ";".join(codes)


def _colour(name: str, base: int) -> str:
    """The digits of one colour, of text (`base` 30) or behind it (40). Raises ValueError."""
    if name in COLOURS:
        return str(COLOURS[name] + base - 30)
    if not 0 <= _number(name) <= 255:
        raise ValueError
    return f"{base + 8};5;{_number(name)}"


def seconds(value: object) -> int:
    """1800 for "30m"; 0 for "", which means never. Raises ValueError."""
    if value == "":
        return 0
    if (
        not isinstance(value, str)
        or value[-1] not in UNITS
        or not 0 < _number(value[:-1]) < 100_000
    ):
        raise ValueError
    return _number(value[:-1]) * UNITS[value[-1]]


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() else -1


def texts(value: object) -> list[str]:
    """A list of texts; one text stands for a list of one. Raises ValueError."""
    found = [value] if isinstance(value, str) else value
    if not isinstance(found, list) or not all(isinstance(text, str) and text for text in found):
        raise ValueError
    return found


def commands(value: object) -> list[str]:
    """Names that every shell accepts for a function and does not expand. Raises ValueError."""
    found = texts(value)
    if not all(name.isascii() and name[0] != "-" and _is_plain(name) for name in found):
        raise ValueError
    return found


def _is_plain(name: str) -> bool:
    return all(c.isalnum() or c in "_.+-" for c in name)


def form(value: object) -> str:
    """The format of a prompt. Raises ValueError."""
    from awsx import segment  # string: only after tomllib, which has loaded most of it

    if not isinstance(value, str):
        raise ValueError
    segment.words(value)
    return value


def columns(value: object) -> int:
    """Columns of the screen. Raises ValueError."""
    if type(value) is not int or not 0 <= value < 1000:
        raise ValueError
    return value


def session_length(value: object) -> int:
    """Seconds of a session in the console (of the federation endpoint); 0 for "".

    Raises ValueError.
    """
    found = seconds(value)
    if found and not 900 <= found <= 12 * 3600:
        raise ValueError
    return found


def port(value: object) -> int:
    """A TCP port; 0 for any. Raises ValueError."""
    if type(value) is not int or not 0 <= value < 65536:
        raise ValueError
    return value


def colour(value: object) -> str:
    """The digits of a colour, none for "". Raises ValueError."""
    return sgr(value) if value != "" else ""


A_FORMAT = (
    "words with {profile}, {account}, {account_id}, {role}, {region}, {left} or {state}, "
    "at most 12 of them"
)
A_SPAN = '"30m", "2h", "90s" or the like, or "" for never'
A_COLOUR = (
    f'{", ".join(NAMES)}, bright-red or a number from 0 to 255, alone or as in "bold red",'
    ' "white on red"; or "reverse", "underline"'
)

# The settings that need more than a look at their type: the function that reads one and raises
# ValueError, and what the value must be.
READERS: dict[str, tuple[Callable[[object], object], str]] = {
    "prompt.format": (form, A_FORMAT),
    "prompt.narrow": (form, A_FORMAT),
    "prompt.narrow_below": (columns, "a number of columns below 1000"),
    "prompt.soon": (seconds, A_SPAN),
    **{f"colors.{name}": (colour, f'{A_COLOUR}, or "" for none') for name in DEFAULTS["colors"]},
    "guard.match": (texts, "a pattern in quotes, or a list of them"),
    "guard.color": (sgr, A_COLOUR),
    "guard.leave_after": (seconds, A_SPAN),
    "console.browser": (console_settings.text, console_settings.A_BROWSER),
    "console.guarded": (console_settings.text, console_settings.A_BROWSER),
    "console.profile": (console_settings.table, console_settings.BROWSERS),
    "console.account": (console_settings.table, console_settings.BROWSERS),
    "console.session": (console_settings.table, console_settings.BROWSERS),
    "console.duration": (session_length, '"15m" to "12h", or "" for as AWS has it'),
    "agents.allow": (texts, "a pattern in quotes, or a list of them"),
    "agents.instead": (agent_settings.instead, agent_settings.A_TABLE),
    "login.port": (port, "a port from 1 to 65535, or 0 for any"),
    "login.commands": (commands, 'a list of names: ["aws", "terraform"]'),
}


class Guard:
    """Which profiles are guarded, and what awsx does about them."""

    __slots__ = ("color", "confirm", "leave_after", "patterns")

    def __init__(self, table: Mapping[str, object]) -> None:
        values = {**DEFAULTS["guard"], **table}
        self.patterns = texts(values["match"])
        self.confirm = bool(values["confirm"])
        self.color = sgr(values["color"])  # the digits
        self.leave_after = seconds(values["leave_after"])  # 0: never


class Prompt:
    """The format and colours of the prompt."""

    __slots__ = ("colours", "format", "narrow", "narrow_below", "shows_default", "soon")

    def __init__(self, table: Mapping[str, object], colours: Mapping[str, object]) -> None:
        values = {**DEFAULTS["prompt"], **table}
        self.format, self.narrow = str(values["format"]), str(values["narrow"])
        self.narrow_below = columns(values["narrow_below"])
        self.soon = seconds(values["soon"])
        self.shows_default = values["default"] == "show"  # where no variable names a profile
        self.colours = {
            name: colour(value) for name, value in {**DEFAULTS["colors"], **colours}.items()
        }


class Settings:
    """Every setting, with its default where the person set none."""

    __slots__ = (
        "accounts",
        "agents",
        "auto_login",
        "browsers",
        "console",
        "ecr",
        "exports_region",
        "guard",
        "login_commands",
        "login_port",
        "mfa_commands",
        "picker_order",
        "picker_preview",
        "populate",
        "prefer_own_login",
        "profiles",
        "prompt",
        "regions",
        "switch_on_single_match",
        "tags",
    )

    def __init__(self, tables: Mapping[str, Mapping[str, object]]) -> None:
        picker = {**DEFAULTS["picker"], **tables.get("picker", {})}
        self.switch_on_single_match = picker["single"] == "switch"
        self.picker_order = str(picker["order"])
        self.picker_preview = bool(picker["preview"])
        self.exports_region = bool(tables.get("switch", {}).get("export_region"))
        login = {**DEFAULTS["login"], **tables.get("login", {})}
        self.auto_login = bool(login["auto"])
        self.prefer_own_login = login["prefer"] == "own"
        self.login_commands = commands(login["commands"])
        self.login_port = port(login["port"])
        self.guard = Guard(tables.get("guard", {}))
        self.prompt = Prompt(tables.get("prompt", {}), tables.get("colors", {}))
        console = {**DEFAULTS["console"], **tables.get("console", {})}
        length = session_length(console["duration"])
        self.console = console_settings.Console(console, length)
        self.browsers = {str(k): str(v) for k, v in tables.get("browser", {}).items()}
        self.ecr = {str(k): str(v) for k, v in tables.get("ecr", {}).items()}  # registry: profile
        self.mfa_commands = {str(k): str(v) for k, v in tables.get("mfa", {}).items()}
        team = {**DEFAULTS["team"], **tables.get("team", {})}  # by `awsx pull`; one's own wins
        accounts = {**team["accounts"], **tables.get("accounts", {})}  # type: ignore[dict-item]
        self.accounts, self.tags = own_names.names(accounts), own_names.tags(accounts)
        self.profiles = {str(k): str(v) for k, v in tables.get("profiles", {}).items()}
        self.regions = own_names.regions(tables.get("regions", {}))
        self.guard.patterns = [*self.guard.patterns, *texts(team["match"])]
        self.agents = agent_settings.Agents(tables.get("agents", {}))
        self.populate = {**DEFAULTS["populate"], **tables.get("populate", {})}

    def account(self, number: str) -> str:
        """The name that the settings give an account, else its id."""
        return self.accounts.get(number, number)

    def mfa_command(self, serial: str) -> str:
        """The command that prints the code of an MFA device; empty: a person is asked."""
        return self.mfa_commands.get(serial) or self.mfa_commands.get(MFA_COMMAND, "")


def load(env: Mapping[str, str]) -> Settings:
    """The settings; the defaults if there is no file.

    Raises FindingError for the first mistake, AwsxError if the file cannot be read.
    """
    path = paths.settings_path(env)
    data = disk.read(path)
    if not data:
        return Settings({})
    where = paths.tilde(path, env)
    found = toml.parse(data, where, CODE)
    for mistake in mistakes(found, data.decode(), where):
        raise FindingError(mistake)
    return Settings(found)  # type: ignore[arg-type]  # every value was seen to be a table


def problems(env: Mapping[str, str]) -> list[Finding]:
    """Every mistake in the file, or why it cannot be read."""
    path = paths.settings_path(env)
    where = paths.tilde(path, env)
    try:
        data = disk.read(path)
        return list(mistakes(toml.parse(data, where, CODE), data.decode(), where)) if data else []
    except FindingError as error:
        return [error.finding]
    except AwsxError as error:
        return [Finding(CODE, "error", where, str(error), CORRECT_PERMISSIONS)]


def mistakes(found: Mapping[str, object], text: str, where: str) -> Iterator[Finding]:
    """Every mistake in `found`, which was parsed from `text`; `where` is the file's path."""
    for table, values in found.items():
        if table not in DEFAULTS:
            yield _unknown(table, list(DEFAULTS), text, where)
        elif not isinstance(values, dict):
            yield _wrong(table, f"a table: [{table}]", text, where)
        else:
            known = [f"{table}.{key}" for key in DEFAULTS[table]]
            for key, value in values.items():
                if table == "mfa" and len(key) < LEAST_SERIAL and key != MFA_COMMAND:
                    yield _unknown(f"{table}.{key}", [f"{table}.{MFA_COMMAND}"], text, where)
                elif known and f"{table}.{key}" not in known:
                    yield _unknown(f"{table}.{key}", known, text, where)
                elif wanted := _wanted(table, key, value):
                    yield _wrong(f"{table}.{key}", wanted, text, where)


def _unknown(name: str, known: list[str], text: str, where: str) -> Finding:
    remedy = near(name, known, REMOVE).removeprefix("; ")
    return Finding(CODE, "error", _place(name, text, where), UNKNOWN.format(name), remedy)


def _wrong(name: str, wanted: str, text: str, where: str) -> Finding:
    place = _place(name, text, where)
    return Finding(CODE, "error", place, WRONG_VALUE.format(name), USE.format(wanted))


def _place(name: str, text: str, where: str) -> str:
    return toml.place(where, toml.line_of(name, text))


def _wanted(table: str, key: str, value: object) -> str:
    """What a setting must be, for one that is not; empty if the value can be used."""
    name = f"{table}.{key}"
    if table in own_names.TABLES:
        return own_names.wanted(table, key, value)
    if not DEFAULTS[table]:
        return "" if isinstance(value, str) else "text in quotes"
    if name in READERS:
        read, wanted = READERS[name]
        try:
            read(value)
        except ValueError:
            return wanted
    elif table in ("populate", "team") and name not in CHOICES:
        from awsx.files import naming  # only for who has such settings

        return naming.wanted(key, value)
    elif name in CHOICES:
        choices = CHOICES[name]
        return "" if value in choices else " or ".join(f'"{choice}"' for choice in choices)
    elif type(value) is not type(DEFAULTS[table][key]):
        return "true or false"
    return ""
