"""What the person typed, as one value: a hot verb, its words, its options."""

from awsx import VERBS

LOGIN_BY = {
    "--device-code": "--device-code",
    "--use-device-code": "--device-code",  # as the AWS CLI calls it
    "--no-browser": "--no-browser",
}
GIVES = ("--creds", "--serve")  # what a command of exec gets in place of the profile
FOR_SHELLS = ("--ensure", "--learn", "--refresh")  # what shells and logins start by themselves
# What other programs ask of the core, with one word: fzf about the picker, docker for a login.
FOR_PROGRAMS = ("--preview", "--copy", "--typed", "--docker-credential")


class Call:
    """What a command is asked to do; it is passed on whole.

    `name` is a profile's name, a query or another word of the verb's; `region` is a region, its
    short form or `-`; `may_login` is off with --no-login, `is_sure` on with --yes; `form` is
    `--json`, `--names` or `--short`; `command` is what stands behind `--`; empty: a shell. (Of
    `--ensure` it is the command of the AWS CLI that waits for the login.) `login_by` has the
    options for a login: `--device-code`, `--no-browser`. Of `--pinned`, `form` is what a message
    calls the pin. Of `creds`, `form` is the format,
    `duration` is in seconds, 0: as the profile says; credentials that last no longer than
    `expires_within` seconds are renewed, None: as the AWS CLI does. Of `exec`, `gives` is what
    the command gets in place of the profile: `--creds`, `--serve`; empty: nothing.
    """

    __slots__ = (
        "command",
        "duration",
        "expires_within",
        "form",
        "gives",
        "is_sure",
        "login_by",
        "may_login",
        "name",
        "region",
        "verb",
    )

    def __init__(
        self,
        verb: str,
        name: str = "",
        region: str = "",
        may_login: bool = True,
        is_sure: bool = False,
        form: str = "",
        command: "list[str] | None" = None,
        login_by: "tuple[str, ...]" = (),
        duration: int = 0,
        expires_within: int | None = None,
    ) -> None:
        self.verb, self.name, self.region = verb, name, region
        self.may_login, self.is_sure, self.form = may_login, is_sure, form
        self.command = command or []
        self.login_by = login_by
        self.duration, self.expires_within = duration, expires_within
        self.gives = ""


def parse(argv: list[str]) -> "Call | None":
    """The hot verb that `argv` asks for; None if typer has to read it.

    Typer reads the other verbs, asks for help, and mistakes.
    """
    first = argv[0] if argv else ""
    if not argv or (first[:1] == "-" and first not in ("-", "--")):
        return _parse_option(argv)
    if first == "current" and argv[1:] in (["--short"], ["--json"]):
        return Call(first, form=argv[1])
    if first in ("current", "off", "help") and len(argv) == 1:
        return Call(first)
    if first == "region":
        return _parse_region(argv[1:])
    if first == "exec":
        return _parse_exec(argv[1:])
    if first == "ls":
        return _parse_ls(argv[1:])
    if first == "status" or (first == "login" and argv[1:2] == ["--check"]):
        return _parse_status(argv[1:] if first == "status" else argv[2:])
    if first == "creds":
        return _parse_creds(argv[1:])
    if first in VERBS and first != "use":
        return None
    return _parse_switch(argv[1:] if first == "use" else argv)


def _parse_option(argv: list[str]) -> "Call | None":
    if len(argv) == 1 and argv[0] in ("--version", "--refresh"):
        return Call(argv[0])
    if len(argv) == 1 and argv[0] in ("-h", "--help"):
        return Call("help")
    if len(argv) == 2 and argv[0] in (*FOR_SHELLS, *FOR_PROGRAMS):
        return Call(argv[0], argv[1])
    if len(argv) == 3 and argv[0] == "--ensure":
        return Call(argv[0], argv[1], command=argv[2:])
    if len(argv) == 3 and argv[0] == "--pinned":
        return Call(argv[0], argv[1], may_login=False, form=argv[2])
    found = _options(argv, Call("pick")) or _parse_switch(argv)
    return None if found and found.name in VERBS else found


def _parse_switch(words: list[str]) -> "Call | None":
    """`[--] NAME` with options before and behind it; `-` is the previous profile."""
    call = Call("use")
    rest = list(words)
    if rest[:1] == ["--"] and len(rest) > 1:
        call.name = rest[1]
        return _options(rest[2:], call)
    while rest and rest[0][:1] == "-" and rest[0] != "-":
        taken = 2 if rest[0] in ("-r", "--region") else 1
        if _options(rest[:taken], call) is None:
            return None
        rest = rest[taken:]
    if not rest:
        return None
    taken = 3 if _is_account(rest[:3]) else 1
    call.name = " ".join(rest[:taken])
    call.verb = "back" if call.name == "-" else "use"
    return _options(rest[taken:], call)


def _is_account(words: list[str]) -> bool:
    """True for `1111 2222 3333`."""
    return len(words) == 3 and all(len(word) == 4 and word.isdecimal() for word in words)


def _parse_region(words: list[str]) -> "Call | None":
    """Nothing, R or `-`."""
    if words and words != ["-"] and (len(words) > 1 or not words[0] or words[0][0] == "-"):
        return None
    return Call("region", region="".join(words))


def _parse_exec(words: list[str]) -> "Call | None":
    """`NAME [options] -- COMMAND...`; a name that begins with a dash has a `--` before it, too.

    `NAME [options]` alone opens a shell. `--creds`, `--serve` stand before or behind the name.
    """
    end = words.index("--") if "--" in words else len(words)
    if given := [word for word in words[:end] if word in GIVES]:
        call = _parse_exec([word for word in words[:end] if word not in GIVES] + words[end:])
        if call:
            call.gives = given[0]
        return call
    first = 2 if words[:1] == ["--"] and "--" in words[2:] else 0  # where the next `--` may stand
    if "--" not in words[first:]:
        found = _parse_switch(words)
        if found is None or found.verb == "back":
            return None
        found.verb = "exec"
        return found
    cut = words.index("--", first)
    call, command = _parse_switch(words[:cut]), words[cut + 1 :]
    if call is None or not command or call.verb == "back":
        return None
    if _is_for_many(call):
        return None
    call.verb, call.command = "exec", command
    return call


def _is_for_many(call: "Call") -> bool:
    """True if the region stands for several: `euw1,use1`, or `all`."""
    return "," in call.region or call.region == "all"


def _parse_ls(words: list[str]) -> "Call | None":
    """`[QUERY]`, and `--names` or `--json`."""
    forms = [word for word in words if word[:1] == "-"]
    query = [word for word in words if word[:1] != "-"]
    if len(query) > 1 or forms not in ([], ["--names"], ["--json"]):
        return None
    return Call("ls", "".join(query), form="".join(forms))


def _parse_status(words: list[str]) -> "Call | None":
    """`[NAME] [--json]`; `login --check` is the same."""
    names = [word for word in words if word[:1] != "-"]
    forms = [word for word in words if word[:1] == "-"]
    if len(names) > 1 or forms not in ([], ["--json"]):
        return None
    return Call("status", "".join(names), form="".join(forms))


def _parse_creds(words: list[str]) -> "Call | None":
    """`[NAME]`, and `--format F`, `--duration S`, `--expires-within S` before and behind it."""
    call, rest = Call("creds"), list(words)
    while rest:
        word, given = rest.pop(0), ""
        if word[:2] == "--":
            word, _, given = word.partition("=")
        if word in ("--format", "--duration", "--expires-within"):
            given = given or (rest.pop(0) if rest else "")
            if word == "--format" and given:
                call.form = given
            elif word == "--duration" and given.isdecimal() and int(given):
                call.duration = int(given)
            elif word == "--expires-within" and given.isdecimal():
                call.expires_within = int(given)
            else:
                return None
        elif word in ("--no-login", "-y", "--yes", *LOGIN_BY) and not given:
            _options([word], call)
        elif word[:1] == "-" or not word or given or call.name:
            return None
        else:
            call.name = word
    return call


def _options(words: list[str], call: "Call") -> "Call | None":
    """The call with the options that may stand beside a name read into it.

    None if there is another word.
    """
    rest = list(words)
    while rest:
        word = rest.pop(0)
        if word in ("-r", "--region") and rest and rest[0]:
            call.region = rest.pop(0)
        elif word.startswith("--region=") and len(word) > 9:
            call.region = word[9:]
        elif word == "--no-login":
            call.may_login = False
        elif word in ("-y", "--yes"):
            call.is_sure = True
        elif word in LOGIN_BY:
            call.login_by += (LOGIN_BY[word],)
        else:
            return None
    return call
