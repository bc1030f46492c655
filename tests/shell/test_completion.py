"""Tab offers what may come next, quotes it right, and starts no process with fresh lists."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import chain, zip_longest
from pathlib import Path
from typing import Any

import pytest
from conftest import Aws, Words
from processes import Seen, count_processes
from terminal import Terminal, give_up, quote, version

from awsx.files import paths

Loaded = Callable[..., Terminal]

COMPINIT = "autoload -Uz compinit; compinit -u -D"
# Ctrl-X Ctrl-P writes the command line to a file, exactly as it is. No command in bash before 4 can
# see the line: there these keys make it a comment, which goes into the history.
SHOW = {
    "bash": """bind -x '"\\C-x\\C-p": builtin printf "%s\\n.\\n" "$READLINE_LINE" >|~/line'
if ((BASH_VERSINFO[0] < 4)); then bind '"\\C-x\\C-p": "\\C-a#\\C-m"'; fi""",
    "zsh": "show() { print -r -- \"$BUFFER\"$'\\n.' >|~/line }; zle -N show; bindkey '^X^P' show",
    "fish": r"function show; begin; commandline; echo .; end >~/line; end; bind \cx\cp show",
}
AFTER = {"bash": "", "zsh": COMPINIT, "fish": ""}
BASH_COMPLETION = Path("/usr/share/bash-completion/bash_completion")

TALL = 50  # rows of a screen that shows every command and profile


@pytest.fixture
def tabbed(shell: str, loaded: Loaded) -> Loaded:
    """A terminal with completion. `fresh`: awsx has been used in it, so its lists are written."""

    def start(before: str = "", after: str = "", fresh: bool = True, **more: Any) -> Terminal:
        live = loaded(before, f"{SHOW[shell]}\n{AFTER[shell]}\n{after}", **more)
        if fresh:
            live.run("awsx ci; awsx off")
        return live

    return start


def tab(live: Terminal, typed: str) -> str:
    """The line after one Tab."""
    live.type(typed)
    live.press("tab")
    line = shown(live)
    live.cancel_line()
    return line


def shown(live: Terminal) -> str:
    """The command line as the shell has it now."""
    if live.shell == "bash" and version("bash") < (4,):
        return shown_by_history(live)
    file = Path.home() / "line"
    file.write_text("")
    live.press("ctrl-x", "ctrl-p")
    live.wait_for(lambda _: file.read_text(encoding="utf-8").endswith("\n.\n"))
    return file.read_text(encoding="utf-8").removesuffix("\n.\n")


def shown_by_history(live: Terminal) -> str:
    file = Path.home() / "line"
    live.press("ctrl-x", "ctrl-p")
    live.wait_prompt()
    live.run("builtin history 2 >|~/line")
    live.press("ctrl-p", "ctrl-p", "ctrl-a", "ctrl-d", "ctrl-e")  # the line is back
    return file.read_text(encoding="utf-8").splitlines()[0].partition("#")[2]


def tabs(live: Terminal, *typed: str) -> dict[str, str]:
    return {line: tab(live, line) for line in typed}


# --- what may come next ---------------------------------------------------------------------------

NEXT = {
    "awsx pr": "awsx prod ",
    "awsx us": "awsx use ",
    "awsx of": "awsx off ",
    "awsx use pr": "awsx use prod ",
    "awsx exec pr": "awsx exec prod ",
    "awsx login pr": "awsx login prod ",
    "awsx logout de": "awsx logout dev ",
    "awsx --no-l": "awsx --no-login ",
    "awsx --y": "awsx --yes ",
    "awsx prod --y": "awsx prod --yes ",
    "awsx use prod --y": "awsx use prod --yes ",
    "awsx exec prod --y": "awsx exec prod --yes ",
    "awsx - --y": "awsx - --yes ",
    "awsx prod --reg": "awsx prod --region ",
    "awsx use prod --reg": "awsx use prod --region ",
    "awsx -r eu-west-1 pr": "awsx -r eu-west-1 prod ",
    "awsx -r il": "awsx -r il-central-1 ",
    "awsx prod --region il": "awsx prod --region il-central-1 ",
    "awsx prod --region=il": "awsx prod --region=il-central-1 ",
    "awsx exec prod -r il": "awsx exec prod -r il-central-1 ",
    "awsx login --session c": "awsx login --session corp ",
    "awsx init z": "awsx init zsh ",
    "awsx install bash z": "awsx install bash zsh ",
    "awsx uninstall f": "awsx uninstall fish ",
    "awsx demo --shell f": "awsx demo --shell fish ",
    "awsx current --j": "awsx current --json ",
    "awsx console prod -s dynamod": "awsx console prod -s dynamodb ",
    "awsx use -- -d": "awsx use -- -dash ",
    "awsx   exec   pr": "awsx   exec   prod ",
}
NOTHING = (
    "awsx zzz",
    "awsx prod x",
    "awsx prod pr",
    "awsx off x",
    "awsx ls p",
    "awsx init zsh z",
    "awsx demo --run p",
    "awsx use prod --zog",
    "awsx -r zzz",
)


@pytest.mark.parametrize("fresh", [True, False], ids=["fresh", "no lists"])
def test_tab_offers_what_may_come_next(fresh: bool, tabbed: Loaded, shell: str) -> None:
    live = tabbed(fresh=fresh)
    assert tabs(live, *NEXT) == NEXT
    # fish adds no blank after a word that ends in a dash.
    assert tab(live, "awsx exec prod ").rstrip() == "awsx exec prod --"
    assert tabs(live, *NOTHING) == {line: line for line in NOTHING}


def test_an_edit_shows_at_the_next_tab(tabbed: Loaded, aws: Aws) -> None:
    live = tabbed()
    aws.add("later")
    assert tab(live, "awsx lat") == "awsx later "
    with aws.config.open("a", encoding="utf-8") as file:
        file.write(
            "[profile second]\nregion = eu-west-1\n[sso-session other]\nsso_region = eu-west-1\n"
        )
    assert tabs(live, "awsx sec", "awsx login --session o") == {
        "awsx sec": "awsx second ",
        "awsx login --session o": "awsx login --session other ",
    }
    aws.config.unlink()
    assert tab(live, "awsx pr") == "awsx pr"


def test_tab_offers_the_profiles_of_the_file_in_aws_config_file(
    tabbed: Loaded, words: Words, home: Path
) -> None:
    live = tabbed()
    other = home / "other config"
    other.write_text("[profile elsewhere]\nregion = eu-west-1\n", encoding="utf-8")
    live.run(words.export("AWS_CONFIG_FILE", str(other)))
    assert tabs(live, "awsx els", "awsx pr") == {
        "awsx els": "awsx elsewhere ",
        "awsx pr": "awsx pr",
    }


@pytest.mark.parametrize("shell", ["fish"])
def test_the_option_r_is_not_taken_for_an_operator_of_test(tabbed: Loaded) -> None:
    assert tabbed().run("complete -C 'awsx -r il'").text.split() == [
        "il-central-1",
        "Israel",
        "(Tel",
        "Aviv)",
    ]


# --- names ----------------------------------------------------------------------------------------

EVIL = "x$(touch pwned)`touch pwned`;&|<>\"'\\"
NAMES = {
    "my ": "my profile",
    "a:b:": "a:b:c",
    "k=": "k=v",
    "ü": "ünï-☁",
    "q": "q'q",
    "w": 'w"w',
    "d": "d$HOME",
    "x": EVIL,
    "t": "t*[a]?",
    "é": "é$(touch pwned) *'\"\\",
    "p": "p(1)",
}
OPENINGS = {"plain": "", "double": '"', "single": "'"}


@pytest.fixture
def odd(aws: Aws) -> None:
    aws.config.write_text("[sso-session corp]\n", encoding="utf-8")
    aws.credentials.write_text("", encoding="utf-8")
    aws.add("ci", *NAMES.values())


@pytest.mark.parametrize("opening", OPENINGS.values(), ids=OPENINGS)
@pytest.mark.parametrize("fresh", [True, False], ids=["fresh", "no lists"])
def test_a_name_is_quoted_right_and_never_executed(
    fresh: bool, opening: str, odd: None, tabbed: Loaded, aws: Aws, tmp_path: Path
) -> None:
    live = tabbed(fresh=fresh)
    for begin, name in NAMES.items():
        typed = (
            f"awsx use {opening}{begin}"
            if opening
            else f"awsx use {begin.replace(' ', chr(92) + ' ')}"
        )
        live.type(typed)
        live.press("tab")
        assert live.run("--no-login").profile == name, live.screen()
        if not fresh:
            aws.config.write_text("[sso-session corp]\n#" + "x" * len(begin), encoding="utf-8")
    assert not list(tmp_path.rglob("pwned"))


FORMS = """\
[profile plain]
k = [profile not-this]
  [profile nor-this]
[profile   "quoted one"  ] # comment
[profile\ttab]
[default]
[profile x] [profile y]
[sso-session one]
"""
FORMS_OF_KEYS = "[DEFAULT]\n[DEFAULTED]\n[two words] # c\nk = v\n  [no]\n[plain]\n"
FOUND = {
    "awsx use pl": "awsx use plain ",
    "awsx use q": r"awsx use quoted\ one ",
    "awsx use n": "awsx use n",
    "awsx use ta": "awsx use tab ",
    "awsx use def": "awsx use default ",
    "awsx use DEF": "awsx use DEFAULTED ",
    "awsx use tw": r"awsx use two\ words ",
    "awsx login --session o": "awsx login --session one ",
}


@pytest.mark.parametrize("fresh", [True, False], ids=["fresh", "just after an edit"])
def test_names_in_every_form(fresh: bool, tabbed: Loaded, aws: Aws) -> None:
    live = tabbed()
    aws.config.write_text(FORMS)
    aws.credentials.write_text(FORMS_OF_KEYS)
    if fresh:
        live.run("awsx plain --no-login; awsx off")
    assert tabs(live, *FOUND) == FOUND


BEGINNINGS = {
    "single.": "single.*one",
    "br[": "br[a]cket",
    "keys.": "keys.*x",
    "back/": "back/slash",
    "ro^": "ro^of$",
}


@pytest.mark.parametrize("fresh", [True, False], ids=["fresh", "just after an edit"])
def test_what_is_typed_is_no_pattern(fresh: bool, tabbed: Loaded, aws: Aws) -> None:
    names = [name for name in BEGINNINGS.values() if name != "keys.*x"]
    config = "".join(f"[profile {name}]\n" for name in (*names, "singlefone", "brax"))
    live = tabbed()
    aws.config.write_text(config)
    aws.credentials.write_text("[keys.*x]\n[keysyx]\n")
    if fresh:
        live.run("awsx keysyx --no-login; awsx off")
    for begin, name in BEGINNINGS.items():
        live.type(f"awsx use '{begin}")
        live.press("tab")
        assert live.run("--no-login").profile == name, live.screen()
        if not fresh:  # the switch has made the lists
            config += "# edited\n"
            aws.config.write_text(config)


def test_quoted_names_of_the_config(tabbed: Loaded, aws: Aws) -> None:
    """Names are read as botocore reads them, also where no lists are written yet."""
    aws.config.write_text(
        "[profile \"a b\"]\n[profile 'c d']\n[default]\n"
        "[profile\tee]\n[ profile no]\n[profile n o]\n"
    )
    wanted = {
        "awsx use a": r"awsx use a\ b ",
        "awsx use c\\ ": r"awsx use c\ d ",
        "awsx use de": "awsx use default ",
    }
    wanted |= {"awsx use e": "awsx use ee ", "awsx use n": "awsx use n"}
    aws.credentials.write_text("")
    assert tabs(tabbed(fresh=False), *wanted) == wanted


def test_tab_completes_up_to_the_common_beginning_of_names(tabbed: Loaded, aws: Aws) -> None:
    aws.add("team:one:a", "team:one:b", "sp ace one", "sp ace two")
    live = tabbed()
    assert tab(live, "awsx te").startswith("awsx team:one:")
    assert tab(live, "awsx team:one:").startswith("awsx team:one:")
    assert tab(live, "awsx sp").startswith(r"awsx sp\ ace\ ")


# --- after the -- ---------------------------------------------------------------------------------

OWN = {
    "bash": '_mine() { COMPREPLY=("$1/${#COMP_WORDS[@]}/$COMP_CWORD/$3"); }\n'
    "complete -F _mine mine",
    "zsh": COMPINIT + "\n_mine() { [[ -o extended_glob ]] && "
    'compadd -- "$words[1]/$#words/$((CURRENT - 1))/$words[CURRENT-1]" }' + "\ncompdef _mine mine",
    "fish": "function _mine\n set -l t (commandline -opc)\n"
    " echo $t[1]/(math (count $t) + 1)/(count $t)/$t[-1]\nend\n"
    "complete -c mine -f -a '(_mine)'",
}


def test_after_exec_tab_uses_the_commands_own_completion(
    shell: str, tabbed: Loaded, home: Path
) -> None:
    live = tabbed(after=OWN[shell])
    (home / "some-file").write_text("")
    wanted = {
        # This is the first use of the completion, so it goes through the function that loads it.
        "awsx exec prod -- cat some-": "awsx exec prod -- cat some-file ",
        "awsx exec prod -- mine ": "awsx exec prod -- mine mine/2/1/mine ",
        "awsx exec prod -r eu-west-1 -- mine a:b ": None,
        "awsx exec -- -dash -- mine ": "awsx exec -- -dash -- mine mine/2/1/mine ",
        "awsx exec prod -- /bin/ca": None,
        "awsx exec prod -- whoam": "awsx exec prod -- whoami ",
    }
    for typed, line in wanted.items():
        found = tab(live, typed)
        assert found == line if line else found.startswith(typed), typed


@pytest.mark.parametrize("shell", ["bash"])
@pytest.mark.parametrize("before", ["", f". {BASH_COMPLETION}"], ids=["bare", "bash-completion"])
def test_after_exec_tab_uses_a_completer_program_like_the_aws_clis(
    before: str, tabbed: Loaded, tmp_path: Path
) -> None:
    if before and not BASH_COMPLETION.exists():
        give_up("bash-completion is not installed")
    program = tmp_path / "completer"
    program.write_text('#!/bin/sh\necho "$COMP_LINE/$COMP_POINT" | tr " " _\n', encoding="utf-8")
    program.chmod(0o755)
    live = tabbed(before, f"complete -C {quote(str(program))} aws")
    assert tab(live, "awsx exec prod -- aws s3 ") == "awsx exec prod -- aws s3 aws_s3_/7 "


@pytest.mark.parametrize("shell", ["bash"])
def test_tab_works_beside_the_package_bash_completion(tabbed: Loaded) -> None:
    if not BASH_COMPLETION.exists():
        give_up("bash-completion is not installed")
    live = tabbed(f". {BASH_COMPLETION}", OWN["bash"])
    wanted = {
        "awsx pr": "awsx prod ",
        "awsx prod --region=il": "awsx prod --region=il-central-1 ",
        "awsx exec prod -- mine ": "awsx exec prod -- mine mine/2/1/mine ",
        "awsx exec prod -- whoam": "awsx exec prod -- whoami ",
    }
    assert tabs(live, *wanted) == wanted


# --- no process -----------------------------------------------------------------------------------


def test_a_tab_starts_no_process(tabbed: Loaded) -> None:
    live = tabbed()
    lines = ("awsx pr", "awsx -r il", "awsx login --session c", "awsx exec de", "awsx ", "awsx zzz")
    tabs(live, *lines)
    with count_processes(live.pid) as seen:
        tabs(live, *lines)
    assert (seen.forks, seen.execs) == (0, 0), seen


def test_a_tab_without_lists_starts_no_python(tabbed: Loaded, shell: str) -> None:
    live = tabbed(fresh=False)
    tab(live, "awsx pr")
    with count_processes(live.pid) as seen:
        assert tab(live, "awsx pr") == "awsx prod "
        assert tab(live, "awsx use ").startswith("awsx use ")  # several, with what is told of them
    assert not any("python" in call for call in seen.calls), seen
    assert shell == "bash" or (seen.forks, seen.execs) == (0, 0), seen


@pytest.fixture
def large(aws: Aws) -> None:
    """A config of which no switch makes lists."""
    with aws.config.open("a", encoding="utf-8") as file:
        file.writelines(f"[profile many-{n}]\nregion = eu-west-1\n" for n in range(2000))


def lists(home: Path) -> list[Path]:
    return list((home / ".cache" / "awsx").rglob("names"))


def starts_of_the_core(seen: Seen) -> int:
    return len([call for call in seen.calls if "execve" in call and "start.py" in call])


def test_the_first_tab_has_the_lists_of_a_large_config_made(
    large: None, tabbed: Loaded, home: Path
) -> None:
    live = tabbed()
    assert lists(home) == []
    with count_processes(live.pid) as seen:
        assert tab(live, "awsx pr") == "awsx prod "
        assert tab(live, "awsx use de") == "awsx use dev "
        live.wait_for(lambda _: lists(home) != [])
        assert tab(live, "awsx pr") == "awsx prod "
    assert starts_of_the_core(seen) == 1, seen
    assert live.run("").text == ""  # the shell says nothing of a job


def test_lists_that_cannot_be_kept_are_made_once(
    large: None, mortal: None, tabbed: Loaded, home: Path
) -> None:
    live = tabbed()
    (stock,) = (home / ".cache" / "awsx").rglob("stock")
    stock.parent.chmod(0o500)
    with count_processes(live.pid) as seen:
        for _ in range(3):
            assert tab(live, "awsx pr") == "awsx prod "
    stock.parent.chmod(0o700)
    assert starts_of_the_core(seen) == 1, seen
    assert lists(home) == []


# --- a guest --------------------------------------------------------------------------------------


@pytest.mark.parametrize("shell", ["zsh"])
@pytest.mark.parametrize("when", ["before", "after", "later", "never"])
def test_compinit_may_run_before_or_after_awsx_or_never(when: str, loaded: Loaded) -> None:
    live = loaded(
        COMPINIT if when == "before" else "",
        f"{SHOW['zsh']}\n{COMPINIT if when == 'after' else ''}",
    )
    assert live.started.text == ""
    if when == "later":
        live.run(COMPINIT)
        live.run("")
    assert tab(live, "awsx pr") == ("awsx pr" if when == "never" else "awsx prod ")
    assert live.run("").text == ""


@pytest.mark.parametrize("shell", ["zsh"])
def test_the_persons_own_matcher_applies(tabbed: Loaded) -> None:
    live = tabbed(after="zstyle ':completion:*' matcher-list '' 'm:{a-z}={A-Z}' 'm:{A-Z}={a-z}'")
    assert tab(live, "awsx PR") == "awsx prod "


@pytest.mark.parametrize("shell", ["fish"])
@pytest.mark.parametrize("typed", ["PRO", "rod"])
def test_fish_matches_by_its_own_rules(typed: str, tabbed: Loaded) -> None:
    assert tab(tabbed(), f"awsx {typed}") == "awsx prod "


HOSTILE = {
    "bash-strict": ("bash", "set -u -o pipefail; IFS=e"),
    "bash-files": ("bash", "set -C -f; shopt -s nullglob failglob nocasematch extglob dotglob"),
    "bash-failglob": ("bash", "shopt -s failglob"),
    "bash-posix": ("bash", "set -o posix"),
    "bash-export": ("bash", "set -a"),
    "bash-aliases": ("bash", "shopt -s expand_aliases; alias local=false printf=false read=false"),
    "bash-breaks": ("bash", "COMP_WORDBREAKS=' '"),
    "zsh-ksh": ("zsh", "setopt ksh_arrays sh_word_split nounset"),
    "zsh-files": ("zsh", "setopt noclobber extended_glob glob_subst null_glob no_case_match"),
    "zsh-strict": ("zsh", "setopt warn_create_global all_export posix_builtins; IFS=e"),
    "zsh-aliases": ("zsh", "alias local=false; alias -g done=never"),
    "fish-aliases": ("fish", "alias string2 string; abbr -a awsx-abbr false"),
}


@pytest.mark.parametrize(("shell", "before"), HOSTILE.values(), ids=HOSTILE)
def test_tab_works_with_the_persons_own_options(
    shell: str, before: str, tabbed: Loaded, aws: Aws
) -> None:
    aws.add("my profile", "a:b")
    live = tabbed(before)
    wanted = {
        "awsx pr": "awsx prod ",
        "awsx my": r"awsx my\ profile ",
        "awsx a:": "awsx a:b ",
        "awsx prod --region=il": "awsx prod --region=il-central-1 ",
        "awsx exec prod -- whoam": "awsx exec prod -- whoami ",
    }
    assert tabs(live, *wanted) == wanted
    aws.add("more")
    assert tab(live, "awsx mor") == "awsx more "
    assert "~" not in live.run("").text


@pytest.mark.parametrize("shell", ["bash"])
def test_a_tab_under_errexit_does_not_end_the_shell(tabbed: Loaded) -> None:
    live = tabbed()
    live.type("set -eu")
    live.press("enter")
    live.wait_prompt()
    assert tabs(live, "awsx pr") == {"awsx pr": "awsx prod "}
    live.type("awsx zzz")
    live.press("tab", "ctrl-a", "ctrl-k")
    assert live.run("echo alive").text.endswith("alive")


MORE = """\
[profile product]
sso_session = corp
sso_account_id = 999988887777
sso_role_name = Buyer
[profile "pro quo"]
sso_session=corp
sso_account_id=121212121212
sso_role_name=Quoted
[profile probe]
role_arn = arn:aws:iam::444455556666:role/some/path/Deploy
source_profile = prod
[profile promise]
login_session = arn:aws:iam::777788889999:user/alice
"""
BESIDE = {
    "prod": "111122223333 Admin",
    "product": "999988887777 Buyer",
    "pro quo": "121212121212 Quoted",
    "probe": "444455556666 Deploy",
    "promise": "777788889999",
}


@pytest.mark.parametrize("shell", ["zsh", "fish"])
@pytest.mark.parametrize("lists", ["fresh", "none yet", "just after an edit"])
def test_tab_shows_account_and_role_beside_names(lists: str, tabbed: Loaded, aws: Aws) -> None:
    with aws.config.open("a", encoding="utf-8") as file:
        file.write(MORE)
    live = tabbed(fresh=lists != "none yet")
    if lists == "just after an edit":
        aws.config.write_text(aws.config.read_text().replace("Buyer", "Seller"))
    live.type("awsx pro")
    live.wait_for(lambda _: live.prompt_line().endswith("awsx pro"))
    live.press("tab", "tab")
    for name, told in BESIDE.items():
        if lists == "just after an edit":
            told = told.replace("Buyer", "Seller")
        live.wait_for(
            lambda screen, row=rf"{name} +(-- |\(){told}\b": re.search(row, "\n".join(screen))
        )
    live.cancel_line()
    live.type("awsx lo")
    live.press("tab", "tab")
    live.wait_for("end a session")
    live.cancel_line()


def test_profiles_stand_before_the_commands(shell: str, tabbed: Loaded) -> None:
    if shell == "bash" and version("bash") < (4, 4):
        pytest.skip("readline sorts all words")
    live = tabbed(rows=TALL)
    live.type("awsx ")
    live.press("tab", "tab")
    live.wait_for("uninstall")
    rows = live.screen()
    words = list(chain.from_iterable(zip_longest(*(row.split() for row in rows), fillvalue="")))
    assert words.index("prod") < words.index("current") < words.index("uninstall"), rows
    live.cancel_line()


@pytest.mark.parametrize("shell", ["zsh"])
def test_profiles_and_commands_are_groups_that_styles_name(tabbed: Loaded) -> None:
    live = tabbed(
        after="zstyle ':completion:*' group-name ''; zstyle ':completion:*' format '<%d>'",
        rows=TALL,
    )
    live.type("awsx ")
    live.press("tab", "tab")
    live.wait_for("<awsx command>")
    rows = live.screen()
    prod = next(n for n, row in enumerate(rows) if row.startswith("prod "))
    assert rows.index("<profile>") < prod < rows.index("<awsx command>")
    live.cancel_line()


def test_a_profile_called_like_a_command_is_one_word_with_it(tabbed: Loaded, aws: Aws) -> None:
    aws.add("logout")
    assert tab(tabbed(), "awsx logo") == "awsx logout "


def test_ctrl_c_in_a_list_of_choices_leaves_a_working_shell(tabbed: Loaded) -> None:
    live = tabbed(rows=TALL)
    live.type("awsx ")
    live.press("tab", "tab")
    live.wait_for("prod")
    live.cancel_line()
    assert live.run("awsx prod").profile == "prod"
    assert tab(live, "awsx use de") == "awsx use dev "


DAMAGED = {
    "empty": b"",
    "noise": bytes(range(256)) * 64,
    "half": b"[profile prod\n[profile\n[]\n[profile ]\n]\n",
    "long": b"[profile " + b"x" * 300_000 + b"]\n",
}


@pytest.mark.parametrize("content", DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_config_gives_fewer_words_and_no_message(
    content: bytes, tabbed: Loaded, aws: Aws
) -> None:
    live = tabbed(fresh=False)
    aws.config.write_bytes(content)
    assert tab(live, "awsx us") == "awsx use "
    assert tab(live, "awsx -r il") == "awsx -r il-central-1 "
    assert tab(live, "awsx use c") == "awsx use ci "


def test_unreadable_files_give_fewer_words_and_no_message(
    mortal: None, tabbed: Loaded, aws: Aws
) -> None:
    live = tabbed()
    aws.config.chmod(0)
    aws.credentials.unlink()
    aws.credentials.mkdir()
    assert tabs(live, "awsx us", "awsx use c") == {
        "awsx us": "awsx use ",
        "awsx use c": "awsx use c",
    }


def test_tab_without_the_file_of_words_is_silent(shell: str, tabbed: Loaded, words: Words) -> None:
    live = tabbed()
    live.run(
        f"{'set -g __awsx_file ' if words.is_fish else '__awsx_file='}/nonexistent/awsx.{shell}"
    )
    assert tab(live, "awsx pr") == "awsx pr"


def test_a_profile_on_demand_is_offered_and_written_when_it_is_chosen(
    tabbed: Loaded, aws: Aws, environment: dict[str, str]
) -> None:
    path = Path(paths.catalogue_path(environment, str(aws.config)))
    path.parent.mkdir(parents=True)
    path.write_text(
        "".join(
            f"[profile later-{role}]\nsso_session = corp\nsso_account_id = 111122223333\n"
            f"sso_role_name = {role}\n"
            for role in ("Admin", "Read")
        )
    )
    live = tabbed()
    assert tab(live, "awsx later-R").rstrip() == "awsx later-Read"
    was = aws.config.read_text()
    ran = live.run("awsx later-Read")
    assert "later-Read: 111122223333 Read" in ran.text
    assert live.variable("AWS_PROFILE") == "later-Read"
    assert "[profile later-Read]" in aws.config.read_text().removeprefix(was)
    assert "[profile later-Admin]" not in aws.config.read_text()
    assert tab(live, "awsx later-A").rstrip() == "awsx later-Admin"
