# Themes that set PROMPT after the hooks of a prompt have run, so that a segment that stands there alone would be lost:
# powerlevel10k, spaceship and zsh-transient-prompt. shell/awsx.zsh sources this file beside one of them.
# docs/neighbours.md tells people about them.

if [[ -n ${__awsx_start-} ]]; then

  # Put the segment where the theme keeps it. False if it must be put before PROMPT, too.
  function __awsx_place_in_theme {
    local populate=spaceship::populate
    if ((${precmd_functions[(Ie)_p9k_precmd]})); then
      __awsx_place_in_powerlevel10k
      return 0
    fi
    if [[ -n ${AWSX_NO_PROMPT-}${AWSX_EXPORT_PROMPT-} ]]; then return 1; fi
    # spaceship calls this function whenever one of its parts is ready, also while a line is being typed.
    if [[ -n ${functions[$populate]-} && ${functions[$populate]} != *__awsx_put_before* ]]; then
      functions[$populate]+=$'\n''__awsx_put_before PROMPT'
    fi
    # zsh-transient-prompt makes this the prompt when a new line begins.
    if [[ -n ${TRANSIENT_PROMPT_PROMPT+x} ]]; then __awsx_put_before TRANSIENT_PROMPT_PROMPT; fi
    return 1
  }

  # powerlevel10k calls a function `prompt_NAME` for each NAME in these arrays. It reads them at the first prompt, and
  # again after `p10k reload`; its hook runs after ours.
  function __awsx_place_in_powerlevel10k {
    local -a placed=(${POWERLEVEL9K_LEFT_PROMPT_ELEMENTS-} ${POWERLEVEL9K_RIGHT_PROMPT_ELEMENTS-})
    if [[ -z ${placed[(r)awsx*]}${AWSX_NO_PROMPT-}${AWSX_EXPORT_PROMPT-} ]]; then
      if [[ -z ${POWERLEVEL9K_LEFT_PROMPT_ELEMENTS+x} ]]; then
        typeset -ga POWERLEVEL9K_LEFT_PROMPT_ELEMENTS=(context dir vcs) # its default
      fi
      POWERLEVEL9K_LEFT_PROMPT_ELEMENTS=(awsx $POWERLEVEL9K_LEFT_PROMPT_ELEMENTS)
    fi
  }

  if [[ ${functions[prompt_awsx]-__awsx_} == *__awsx_* ]]; then # else a person has written one
    function prompt_awsx {
      local end=$'\e[0m' colour_end=$'\e[22;36m' # a word's end must not end the theme's background
      __awsx_precmd                              # a hook that runs after ours may have set AWS_PROFILE
      if [[ -n ${__awsx_segment-} ]]; then
        p10k segment -f cyan -t "${${__awsx_places//$end/$colour_end}% .)}.)"
      fi
    }
  fi
fi
