"""The rc files of the demo's shells: they load awsx as `awsx init` does, and set a short prompt.

Nothing in them is the person's own.
"""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import NamedTuple

from awsx.demo.folder import write
from awsx.demo.tips import AFTER
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

# These show the file with more tips once, after some commands.
BASH_TIPS = r"""
demo_prompts=0
demo_tips() {
  local code=$?
  demo_prompts=$((demo_prompts + 1))
  if [ "$demo_prompts" = TIPS_AT ]; then printf 'demo: more to try\n%s\n' "$(<TIPS_FILE)" >&2; fi
  return "$code"
}
PROMPT_COMMAND=demo_tips
"""
ZSH_TIPS = r"""
demo_prompts=0
demo_tips() {
  demo_prompts=$((demo_prompts + 1))
  if [[ $demo_prompts == TIPS_AT ]]; then print -ru2 -- $'demo: more to try\n'"$(<TIPS_FILE)"; fi
}
precmd_functions+=(demo_tips)
"""
FISH_TIPS = r"""
set -g demo_prompts 0
function demo_tips --on-event fish_prompt
    set -g demo_prompts (math $demo_prompts + 1)
    if test $demo_prompts = TIPS_AT
        printf '%s\n' 'demo: more to try' (string collect <TIPS_FILE) >&2
    end
end
"""


class RcFile(NamedTuple):
    """`name` is relative to HOME."""

    shell: str
    name: str
    text: str


RC_FILES = (
    RcFile("bash", ".bashrc", BASH + BASH_TIPS),
    RcFile("zsh", ".zshrc", ZSH + ZSH_TIPS),
    RcFile("fish", ".config/fish/config.fish", FISH + FISH_TIPS),
)


def write_rc_files(home: Path, tips: Path) -> None:
    """Write them for all three shells: a person may try `zsh` in a demo that began in bash.

    `tips` is the file that they show after a while.

    Raises AwsxError if awsx's own shell files are missing.
    """
    for rc in RC_FILES:
        path = home / rc.name
        path.parent.mkdir(parents=True, exist_ok=True)
        text = rc.text.replace("TIPS_AT", str(AFTER + 1))
        text = text.replace("TIPS_FILE", shlex.quote(str(tips)))
        write(path, text.lstrip() + shells.loading(rc.shell))
    # If this folder is missing, fish first makes completions from all manual pages of the machine.
    (home / ".local/share/fish/generated_completions").mkdir(parents=True)
