"""Which of the person's options fzf gets."""

import pytest

from awsx.tables import fzf_options


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ("--height 40% --layout=reverse --border", ""),
        ("--color=dark", "--color=dark"),
        ("--color 'bg+:-1,fg:#d0d0d0' -m", "--color=bg+:-1,fg:#d0d0d0"),
        ("\n  --color=16\n  --color=hl:5:bold\n", "--color=16 --color=hl:5:bold"),
        ("--color", ""),
        ("--color=", ""),
        ("--color=$(touch pwned)", ""),
        ("--color='fg:1 --print0'", ""),
        ("--no-color --colors=x", ""),
    ],
)
def test_of_fzf_default_opts_only_the_colours_are_kept(given, found):
    assert fzf_options.colours({"FZF_DEFAULT_OPTS": given}) == found


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ("--height=80% --cycle", "--height=80% --cycle"),
        ("--bind 'ctrl-y:accept,ctrl-k:up'", "--bind ctrl-y:accept,ctrl-k:up"),
        ("--print0 --cycle --read0 --print-query --wrap", "--cycle"),
        ("-f prod --cycle", "--cycle"),
        ("-fprod --filter=x --filter y -n 2 -n2 -d: -d : --cycle", "--cycle"),
        ("--with-nth 1 --accept-nth=2 --expect=ctrl-x --nth", ""),
        ("--help -h --man --bash", ""),
        ("'--preview-window=right,50%'", "--preview-window=right,50%"),
    ],
)
def test_of_awsx_fzf_opts_what_the_picker_cannot_work_with_is_left_out(given, found):
    assert " ".join(fzf_options.own({"AWSX_FZF_OPTS": given})) == found
