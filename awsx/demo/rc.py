"""The rc files of the demo's shells: awsx as `awsx init` loads it, a short prompt, nothing of the person's own."""

from __future__ import annotations

from pathlib import Path

from awsx.demo.home import write
from awsx.install import shells

# The segment comes before this: `payments-prod-admin 258132043295 59m demo ~ $ `.
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
        string join '' (set_color -o magenta) demo (set_color normal) ' ' (set_color blue) (prompt_pwd) \
            (set_color normal) ' > '
    end
end
"""
FILES = {
    "bash": (".bashrc", BASH),
    "zsh": (".zshrc", ZSH),
    "fish": (".config/fish/config.fish", FISH),
}


def write_all(home: Path) -> None:
    """For all three: a person may try `zsh` inside a demo that began in bash. Raises AwsxError without our scripts."""
    for shell, (name, text) in FILES.items():
        path = home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        write(path, text.lstrip() + shells.loading(shell))
    # Without it fish begins by making completions from every manual page of the machine.
    (home / ".local/share/fish/generated_completions").mkdir(parents=True)
