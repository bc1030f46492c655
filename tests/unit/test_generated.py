"""What scripts/generate writes is up to date: shell/words, shell/regions, a block of shell/awsx.*.

A shell file may write out names of a list by hand where that is faster; they are compared here.
"""

import re
import runpy
from itertools import zip_longest
from pathlib import Path

import pytest

from awsx import environment
from awsx.files import memo

ROOT = Path(__file__).parents[2]
SCRIPT = runpy.run_path(str(ROOT / "scripts" / "generate"))
REMEDY = "out of date; write it anew: .venv/bin/python scripts/generate"
WORDS = (ROOT / "shell" / "words").read_text(encoding="utf-8")
REGIONS = (ROOT / "shell" / "regions").read_text(encoding="utf-8")


def test_shell_words_is_up_to_date():
    assert SCRIPT["words"]() == WORDS, f"shell/words is {REMEDY}"


def test_each_line_of_words_has_four_fields_and_no_word_comes_twice():
    lines = [line.split("\t") for line in WORDS.splitlines()]
    assert all(len(line) == 4 and all(line) for line in lines)
    assert len({(command, word) for command, word, _, _ in lines}) == len(lines)
    # So no shell can take a word for a pattern, and no word needs quotes.
    assert all(re.fullmatch(r"[a-z0-9*-]+", word) for _, word, _, _ in lines)


def test_the_shells_know_every_kind_of_word():
    kinds = {"VERB", "PROFILE", "REGION", "SESSION", "COMMAND", "TEXT", "-"}
    taken = {takes for _, _, takes, _ in (line.split("\t") for line in WORDS.splitlines())}
    assert {takes for takes in taken if not re.fullmatch(r"[a-z][a-z0-9 -]*", takes)} == kinds


def test_no_description_is_cut_by_zsh_on_80_columns():
    """It lists `--long  -s  -- description`, and leaves the last column alone."""
    lines = [line.split("\t") for line in WORDS.splitlines()]
    room = {}
    for command, word, _, _ in lines:
        beside = len("  -s  -- ") if word.startswith("--") else len("  -- ")
        room[command] = min(room.get(command, 80), 79 - len(word) - beside)
    assert [line for line in lines if len(line[3]) > room[line[0]]] == []


def test_shell_regions_is_up_to_date_with_botocore():
    """A newer botocore may know more regions, an older one fewer."""
    ours = dict(line.split("\t") for line in REGIONS.splitlines())
    theirs = dict(line.split("\t") for line in SCRIPT["regions"]().splitlines())
    assert list(ours) == sorted(ours)
    assert {"eu-west-1", "us-east-1", "cn-north-1", "us-gov-west-1"} <= ours.keys() & theirs.keys()
    assert len(ours.keys() & theirs.keys()) >= 0.8 * min(len(ours), len(theirs)), (
        f"shell/regions is {REMEDY}"
    )
    assert all(
        re.fullmatch(r"[a-z]+(-[a-z]+)+-\d", name) and text.isascii() for name, text in ours.items()
    )


# --- the blocks of the shell files ----------------------------------------------------------------


def text(file):
    return (ROOT / "shell" / file).read_text(encoding="utf-8")


def by_hand(file):
    """The text of a shell file without its block and without comments."""
    found = re.sub(f"{SCRIPT['BEGIN']}.*?{SCRIPT['END']}", "", text(file), flags=re.DOTALL)
    return re.sub(r"(?m)(^|\s)# .*$", "", found)


def function(file, name):
    """The text of one function of a shell file."""
    found = re.search(
        rf"(?ms)^( *)function {name}\b(?:[^\n]*\}}$|.*?^\1(?:\}}|end)$)", by_hand(file)
    )
    assert found, f"{file} has no function {name}"
    return found[0]


def aws_names(text):
    return set(re.findall(r"\bAWS_[A-Z_]+\b", text))


BLOCKS = SCRIPT["BLOCKS"]


@pytest.mark.parametrize("file", BLOCKS)
def test_the_block_of_a_shell_file_is_up_to_date(file):
    assert SCRIPT["filled"](file) == text(file), f"the block of shell/{file} is {REMEDY}"


@pytest.mark.parametrize("path", sorted((ROOT / "shell").glob("*.*sh")), ids=lambda path: path.name)
def test_lines_of_shell_files_have_at_most_120_columns(path):
    """One line may be longer: what a prompt was drawn from, as one expansion is faster than two."""
    long = [line for line in path.read_text(encoding="utf-8").splitlines() if len(line) > 120]
    assert [line for line in long if "${__awsx_drawn-}" not in line] == []
    assert len(long) <= 1


@pytest.mark.parametrize("file", BLOCKS)
def test_a_new_name_changes_the_block_and_nothing_else(file, tmp_path, monkeypatch):
    monkeypatch.setattr(environment, "RIVALS", (*environment.RIVALS, "AWS_NEW_RIVAL"))
    monkeypatch.setattr(memo, "FIELDS", (*memo.FIELDS, "novelty"))
    found = SCRIPT["filled"](file)
    assert found != text(file)
    for word in ("AWS_NEW_RIVAL", "novelty"):
        assert re.search(rf"\b(__awsx_)?{word}\b", found)
    monkeypatch.undo()
    block = re.compile(f"{SCRIPT['BEGIN']}.*?{SCRIPT['END']}", re.DOTALL)
    assert block.sub("", found) == block.sub("", text(file))
    assert len(block.findall(found)) == len(BLOCKS[file])


# These functions run at each draw or at each switch, so they have names written out for speed.
FILES = {"AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE", "AWS_LOGIN_CACHE_DIRECTORY"}
# These matter only beside an access key, or for a profile that needs them: then the prompt compares
# all of them, and its first check leaves them out.
AT_TIMES = {"AWS_SECRET_ACCESS_KEY", "AWS_CREDENTIAL_EXPIRATION", *environment.CONTAINER}
DECIDING = {*environment.DECIDING_BY_VALUE, *environment.DECIDING_BY_PRESENCE} - AT_TIMES
WRITTEN_OUT = {
    ("awsx.bash", "__awsx_is_drawn"): {"AWS_PROFILE", *DECIDING, *FILES},
    ("awsx.zsh", "__awsx_precmd"): {"AWS_PROFILE", *DECIDING, *FILES},
    ("awsx.bash", "__awsx_switch"): {"AWS_PROFILE", *environment.REGIONS},
    ("awsx.zsh", "__awsx_switch"): {"AWS_PROFILE", *environment.REGIONS},
    ("awsx.fish", "__awsx_switch"): {"AWS_PROFILE", *environment.REGIONS},
}


@pytest.mark.parametrize(("file", "name"), WRITTEN_OUT)
def test_names_that_are_written_out_for_speed_are_those_of_the_core(file, name):
    assert aws_names(function(file, name)) - {"AWS_"} == WRITTEN_OUT[file, name]


@pytest.mark.parametrize("path", sorted((ROOT / "shell").glob("*.*sh")), ids=lambda path: path.name)
def test_no_other_function_has_a_list_of_names_written_by_hand(path):
    """A function with three such names copies a list, unless it is a known exception."""
    knows_why = {"__awsx_find_rival", *(name for _, name in WRITTEN_OUT)}
    for name in re.findall(r"(?m)^ *function (\w+)", by_hand(path.name)):
        if name not in knows_why:
            found = aws_names(function(path.name, name)) & {
                *environment.RIVALS,
                *environment.REGIONS,
            }
            assert len(found) < 3, (
                f"{path.name}: {name} names {sorted(found)}; take a list of the block"
            )


def test_only_the_script_writes_the_format_of_memos():
    for path in (ROOT / "shell").glob("*.*sh"):
        assert not re.search(r"\bv\d+\b", by_hand(path.name)), path.name
    for folder in ("awsx", "tests", "shell"):
        for path in (ROOT / folder).rglob("*.*"):
            if path.suffix in (".py", ".bash", ".zsh", ".fish") and path.name not in BLOCKS:
                assert memo.FORMAT not in path.read_text(encoding="utf-8"), path


# A call of __awsx_is_fresh would be a fifth of the cost of a prompt, so the prompt's check repeats
# the condition.
FRESHNESS = {
    "awsx.bash": ("__awsx_is_drawn", r"\[\[ (! \(\$__awsx_config.*?\)) \]\]"),
    "awsx.zsh": ("__awsx_precmd", r"(-e \$__awsx_stock &&.*?\)) \]\]"),
}


@pytest.mark.parametrize("file", FRESHNESS)
def test_the_prompts_check_of_freshness_equals_the_shared_one(file):
    name, pattern = FRESHNESS[file]
    found = {}
    for of in ("__awsx_is_fresh", name):
        (condition,) = re.findall(pattern, function(file, of), re.DOTALL)
        found[of] = " ".join(condition.split())
    terms = {of: re.split(r" (?:&&|\|\|) ", text) for of, text in found.items()}
    differing = [pair for pair in zip_longest(*terms.values()) if pair[0] != pair[1]]
    assert found[name] == found["__awsx_is_fresh"], (
        f"shell/{file}: {' and '.join(found)} differ: {differing}"
    )
    assert len(re.findall(r"-nt \$__awsx_(?:\w*stamp|session)", found[name])) == 4, (
        "a source is not looked at"
    )
