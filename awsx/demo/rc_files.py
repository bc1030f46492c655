"""The rc files of the demo's shells: they load awsx as `awsx init` does, and set a short prompt.

Nothing in them is the person's own.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from awsx.demo.folder import write
from awsx.install import shells

# awsx draws its segment before these prompts: `payments-prod-admin 258132043295 59m demo ~ $ `.
BASH = r"""
shopt -s checkwinsize
PS1='demo \w \$ '
if [ -z "${NO_COLOR-}" ] && [ "${TERM-dumb}" != dumb ]; then
  PS1='\[\e[1;35m\]demo\[\e[0m\] \[\e[34m\]\w\[\e[0m\] \$ '
fi
"""
ZSH = r"""
setopt interactive_comments
HISTFILE=$HOME/.zsh_history HISTSIZE=1000 SAVEHIST=1000
bindkey -e
if [[ -z ${ZSH_EXECUTION_STRING-} ]]; then autoload -Uz compinit && compinit -i -D; fi
PROMPT='demo %~ %# '
if [[ -z ${NO_COLOR-} && ${TERM-dumb} != dumb ]]; then
  PROMPT='%B%F{magenta}demo%f%b %F{blue}%~%f %# '
fi
"""
FISH = r"""
set -g fish_greeting
function fish_prompt
    if test -n "$NO_COLOR" -o "$TERM" = dumb
        string join '' 'demo ' (prompt_pwd) ' > '
    else
        string join '' (set_color -o magenta) demo (set_color normal) ' ' \
            (set_color blue) (prompt_pwd) (set_color normal) ' > '
    end
end
"""


class RcFile(NamedTuple):
    """`name` is relative to HOME."""

    shell: str
    name: str
    text: str


RC_FILES = (
    RcFile("bash", ".bashrc", BASH),
    RcFile("zsh", ".zshrc", ZSH),
    RcFile("fish", ".config/fish/config.fish", FISH),
)


def write_rc_files(home: Path) -> None:
    """Write them for all three shells: a person may try `zsh` in a demo that began in bash.

    Raises AwsxError if awsx's own shell files are missing.
    """
    for rc in RC_FILES:
        path = home / rc.name
        path.parent.mkdir(parents=True, exist_ok=True)
        write(path, rc.text.lstrip() + shells.loading(rc.shell))
    # If this folder is missing, fish first makes completions from all manual pages of the machine.
    (home / ".local/share/fish/generated_completions").mkdir(parents=True)
