# awsx for zsh 5.3 and later: the function `awsx` and the prompt segment. Load it from ~/.zshrc by the line that
# `awsx init zsh` prints: `emulate zsh -o no_aliases -c "source .../awsx.zsh"` gives every function here zsh's own
# options at each call, whatever you set. It says nothing, may be loaded twice, and starts no process but awsx's core.
#
# What you may set:
#   AWSX_PYTHON      the Python that has awsx (unset: python3 on PATH); `awsx init zsh` fills it in
#   AWSX_NO_PROMPT   anything: leave PROMPT alone; place $(awsx_prompt) in it yourself (with setopt prompt_subst)
#   AWSX_EXPORT_PROMPT   anything: leave PROMPT alone, export the plain segment as AWSX_PROMPT for who draws the prompt
#   AWSX_WRAP        the commands that log in first where a session has ended, blanks between them (unset: as the
#                    settings have it in [login], else aws)
#   NO_COLOR         anything: a segment without colours
# How the segment looks is the settings' to say: [prompt] and [colors] in ~/.config/awsx/config.toml.
#
# The core is given a file to write the change into: NAME=VALUE to export, NAME to unset, `.` at the end. What was
# switched to before is switched to again from the memos it left (awsx/files/memo.py), with no process. Both are read
# as data and assigned; nothing in them is ever evaluated.
#
# A call of a function is what costs here (9 us, since each gets its own options): so some are longer than elsewhere.

# One compound command: zsh reads it whole or not at all.
if [[ -n ${ZSH_VERSION-} ]]; then

  \builtin unalias awsx awsx_prompt 2>/dev/null || \builtin :

  typeset -g __awsx_file=${${(%):-%x}:A}
  # The core lies beside this folder in a checkout, around it once installed.
  typeset -g __awsx_start=${__awsx_file:h:h}/awsx/start.py
  if [[ ! -e $__awsx_start ]]; then __awsx_start=${__awsx_file:h:h}/start.py; fi
  typeset -g __awsx_python=${AWSX_PYTHON:-python3}

  # What the core knows, too: names of variables, and how a memo is laid out.
  # BEGIN: written by scripts/generate, do not edit
  typeset -g __awsx_format=v4-a8bfc78c
  typeset -g __awsx_rival_prefix=AWS_CONTAINER_AUTHORIZATION_TOKEN
  typeset -ga __awsx_profiles=(AWS_PROFILE AWS_DEFAULT_PROFILE)
  typeset -ga __awsx_regions=(AWS_REGION AWS_DEFAULT_REGION)
  typeset -ga __awsx_by_value=(AWS_DEFAULT_PROFILE AWS_REGION AWS_DEFAULT_REGION)
  typeset -ga __awsx_by_presence=(
    AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_WEB_IDENTITY_TOKEN_FILE AWS_ROLE_ARN
  )
  typeset -ga __awsx_exported=(AWSX_OWNER AWSX_REGION AWSX_PROMPT)
  typeset -ga __awsx_fields=(name key kind region told mark leave soon below colours look narrow stock)
  typeset -ga __awsx_session_fields=(ends renewable stamp)
  typeset -ga __awsx_rivals=(
    AWS_DEFAULT_PROFILE AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_SECURITY_TOKEN
    AWS_CREDENTIAL_EXPIRATION AWS_ROLE_ARN AWS_ROLE_SESSION_NAME AWS_WEB_IDENTITY_TOKEN_FILE
    AWS_CONTAINER_CREDENTIALS_RELATIVE_URI AWS_CONTAINER_CREDENTIALS_FULL_URI AWS_CONTAINER_AUTHORIZATION_TOKEN
    AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE
  )
  # END: written by scripts/generate

  # After `exec zsh` the pid is the same, but what was put aside is gone: the profile counts as inherited.
  if [[ ${AWSX_OWNER-} == $$ && -z ${__awsx_changed-} ]]; then AWSX_OWNER=0; fi
  # What was there before us is somebody else's choice: it is marked until a switch confirms it.
  if [[ ${AWSX_OWNER-} != $$ ]]; then
    typeset -g +x __awsx_inherited=${AWS_PROFILE-} __awsx_inherited_region=${AWSX_REGION-}
  fi

  function awsx {
    local IFS=$' \t\n' __awsx_code=0
    # From the memos, if they tell it all; the rest is the core's: verbs, options, a profile not used before, files that
    # have changed, a session that has ended.
    case $#:${1-} in
      1:off) if __awsx_leave; then return $__awsx_code; fi ;;
      1:-) if __awsx_switch "${__awsx_previous-}"; then return $__awsx_code; fi ;;
      1: | 1:-*) ;;
      1:*) if __awsx_switch "$1"; then return $__awsx_code; fi ;;
      *:exec)
        if [[ $# -gt 3 && $3 == -- ]] && __awsx_may_exec "$2" "$4"; then
          __awsx_exec "$2" "${@:4}" # no condition: zsh 5.8 makes 0 of a Ctrl-C there
          return
        fi
        ;;
    esac
    local __awsx_handover __awsx_origin
    __awsx_where # what could not be written may have become so
    __awsx_handover=$__awsx_run/shell.$$
    if __awsx_is_own_file $__awsx_handover; then : >|$__awsx_handover; fi
    # Not `|| __awsx_code=$?`: behind that, zsh makes 1 of a Ctrl-C.
    __awsx_find_origin
    typeset -g __awsx_drawn= # who has chosen the profile may change without it
    if AWSX_HANDOVER=$__awsx_handover AWSX_PREVIOUS=${__awsx_previous-} AWSX_PID=$$ \
      AWSX_SWITCHED_TO=${${__awsx_mine_AWS_PROFILE-}#\=} \
      AWSX_SHELL=zsh AWSX_CACHE=$__awsx_cache AWSX_ORIGIN=$__awsx_origin \
      $__awsx_python -I -S $__awsx_start "$@"; then :; else __awsx_code=$?; fi
    if __awsx_is_own_file $__awsx_handover; then
      __awsx_take_handover $__awsx_handover || __awsx_code=$?
    fi
    return $__awsx_code
  }

  # True if there is something in the file $1 and nobody else has put it there, as a link to another file would be.
  function __awsx_is_own_file {
    [[ -s $1 && -O $1 && ! -L $1 && -O ${1%/*} ]]
  }

  # Where everything lies that this terminal reads. A cache that cannot be written (a read-only HOME) moves to TMPDIR.
  function __awsx_where {
    typeset -g __awsx_home=${HOME:-~} __awsx_cache __awsx_run
    typeset -g __awsx_settings __awsx_config __awsx_credentials __awsx_folder __awsx_recent
    __awsx_cache=$__awsx_home/.cache/awsx
    if [[ ${XDG_CACHE_HOME-} == /* ]]; then __awsx_cache=$XDG_CACHE_HOME/awsx; fi
    local there=$__awsx_cache
    while [[ $there == */* && ! -e $there ]]; do there=${there%/*}; done
    if [[ ! -w ${there:-/} ]]; then __awsx_cache=${TMPDIR:-/tmp}/awsx-$UID; fi
    __awsx_run=$__awsx_cache
    if [[ ${XDG_RUNTIME_DIR-} == /* && -w ${XDG_RUNTIME_DIR-} && -O ${XDG_RUNTIME_DIR-} ]]; then
      __awsx_run=$XDG_RUNTIME_DIR/awsx
    fi
    __awsx_settings=$__awsx_home/.config/awsx/config.toml
    if [[ ${XDG_CONFIG_HOME-} == /* ]]; then __awsx_settings=$XDG_CONFIG_HOME/awsx/config.toml; fi
    __awsx_config=${AWS_CONFIG_FILE-$__awsx_home/.aws/config}
    __awsx_credentials=${AWS_SHARED_CREDENTIALS_FILE-$__awsx_home/.aws/credentials}
    if [[ $__awsx_config == '~/'* ]]; then __awsx_config=$__awsx_home/${__awsx_config#'~/'}; fi
    if [[ $__awsx_credentials == '~/'* ]]; then __awsx_credentials=$__awsx_home/${__awsx_credentials#'~/'}; fi
    __awsx_folder=$__awsx_cache/$__awsx_format$__awsx_config/+$__awsx_credentials
    # A relative path or a $VARIABLE in one: only the core can tell where that leads.
    case $__awsx_config:$__awsx_credentials in *'$'* | [^/:]* | *:[^/]* | */../*) __awsx_folder="" ;; esac
    __awsx_recent=$__awsx_home/.local/state/awsx/recent
    if [[ ${XDG_STATE_HOME-} == /* ]]; then __awsx_recent=$XDG_STATE_HOME/awsx/recent; fi
  }

  # --- without a process ----------------------------------------------------------------------------------------------

  # Point the terminal at profile $1, as the core's hand-over would.
  function __awsx_switch {
    setopt local_options no_xtrace # what is put aside may be a secret
    local $__awsx_fields $__awsx_session_fields all rivals time_left before=${AWS_PROFILE-} hue until
    if ! __awsx_read_memos "$1" usable || [[ -z $told || -z ${parameters+there} ]]; then return 1; fi
    if [[ -n ${AWS_REGION-}${AWS_DEFAULT_REGION-} ]] && ! __awsx_name_region; then return 1; fi
    if [[ -n $key ]]; then
      if [[ "$ends $renewable" != ${__awsx_time_left_of-} ||
        EPOCHSECONDS -lt __awsx_time_left_since || EPOCHSECONDS -ge __awsx_time_left_until ]]; then
        __awsx_find_time_left
        __awsx_time_left_of="$ends $renewable" __awsx_time_left_since=$EPOCHSECONDS
        __awsx_time_left_until=$until __awsx_time_left=$time_left
      fi
      time_left=", session $__awsx_time_left"
    fi
    all=(${(k)parameters[(I)AWS_*]})
    rivals=(${__awsx_rivals:*all} ${(o)${(M)all:#$__awsx_rival_prefix*}:|__awsx_rivals})
    if [[ $#rivals -eq 0 && -z ${AWS_REGION+x}${AWS_DEFAULT_REGION+x}${AWSX_REGION+x} &&
      "${__awsx_changed-}|${AWSX_OWNER-}|${__awsx_mine_AWS_PROFILE-}" == " AWS_PROFILE|$$|=$before" &&
      ${(t)AWS_PROFILE-} == scalar-export ]]; then
      # The last switch set AWS_PROFILE and nothing else, and so does this one: what was there before stays put aside.
      print -ru2 -- "awsx: $told, ${region:-no region}$time_left"
      AWS_PROFILE=$1
      __awsx_mine_AWS_PROFILE="=$1" __awsx_direnv=${DIRENV_DIFF-} __awsx_leave_after=
    else
      local -a aside
      for name in $rivals; do
        if [[ -n ${(P)name} && ${(Pt)name} == *export* ]]; then aside+=($name); fi
      done
      print -ru2 -- "awsx: $told, ${region:-no region}$time_left${aside:+, put aside until \`awsx off\`: $aside}"
      __awsx_assign AWSX_OWNER AWSX_OWNER=$$ || __awsx_code=1
      __awsx_assign AWS_PROFILE "AWS_PROFILE=$1" || __awsx_code=1
      if [[ -n ${AWSX_REGION+set} ]]; then __awsx_assign AWSX_REGION AWSX_REGION || __awsx_code=1; fi
      all=(${(k)parameters[(I)AWS_*]}) # anew, now that the last switch is undone
      for name in ${__awsx_rivals:*all} ${${(M)all:#$__awsx_rival_prefix*}:|__awsx_rivals}; do
        __awsx_assign $name $name || __awsx_code=1
      done
    fi
    if [[ -n $before && $before != ${AWS_PROFILE-} ]]; then typeset -g +x __awsx_previous=$before; fi
    if [[ -f $__awsx_recent && -w $__awsx_recent && -O $__awsx_recent ]]; then print -r -- "$1" >>$__awsx_recent; fi
  }

  # Leave what awsx has chosen. With a $1, say that as the reason, and nothing of a profile that was set by hand. What
  # the core would not print as it is (more than ASCII, too long, blanks side by side) is left to the core.
  function __awsx_leave {
    setopt local_options no_xtrace
    typeset -g __awsx_drawn= # who has chosen the profile may change without it
    local before=${AWS_PROFILE-} mine=${${__awsx_mine_AWS_PROFILE-}#\=} stays=
    if [[ ${AWSX_OWNER-} != $$ || ${__awsx_changed-} != *AWS_PROFILE* || $mine$before == *[^\ -~]* ||
      $#mine -gt 80 || $#before -gt 80 || " $mine . ${before:-.} " == *"  "* ]]; then
      return 1
    fi
    if [[ $before != $mine ]]; then stays=$before; fi
    if [[ -n $stays && ($stays == ${__awsx_inherited-} || ${(t)AWS_PROFILE} != *export*) ]]; then return 1; fi
    if [[ $before == $mine || -z ${1-} ]]; then print -ru2 -- "awsx: left $mine${1-}"; fi
    if [[ -n $stays && -z ${1-} ]]; then
      print -ru2 -- "awsx: AWS_PROFILE=$stays was not set by awsx and stays;" \
        "to drop it: unset AWS_PROFILE (fish: set -e AWS_PROFILE)"
    fi
    __awsx_assign AWSX_OWNER AWSX_OWNER || __awsx_code=1
    if [[ -n ${AWSX_REGION+set} ]]; then __awsx_assign AWSX_REGION AWSX_REGION || __awsx_code=1; fi
    if [[ -n $before && $before != ${AWS_PROFILE-} ]]; then __awsx_keep __awsx_previous $before; fi
    return 0
  }

  # True if profile $1 may be used, and the command $2 is a program.
  function __awsx_may_exec {
    local $__awsx_fields $__awsx_session_fields
    __awsx_read_memos "$1" usable && [[ -n $told && -n ${parameters+there} && ${(t)AWS_PROFILE} != *readonly* ]] &&
      whence -p -- "$2" >/dev/null
  }

  # NAME COMMAND ARGUMENT...: the subshell becomes the command, in the environment that awsx/commands/execute.py makes.
  # No local of a common name stands here: it would hide what the person exports under that name.
  function __awsx_exec {
    (
      for __awsx_variable in $__awsx_regions; do
        if [[ -n ${AWSX_REGION-} && ${(P)__awsx_variable-} == $AWSX_REGION ]]; then unset -v $__awsx_variable; fi
      done
      for __awsx_variable in $__awsx_exported $__awsx_rivals ${(k)parameters[(I)$__awsx_rival_prefix*]}; do
        unset -v $__awsx_variable
      done
      export "AWS_PROFILE=$1"
      shift
      exec command "$@"
    )
  }

  # What a switch says of the region: the profile's, unless a variable comes before that.
  function __awsx_name_region {
    local own=$region value
    for name in $__awsx_regions; do
      value=${(P)name-}
      if [[ -n $value && $value != $own && $value != "${AWSX_REGION-}" && ${(Pt)name} == *export* ]]; then
        if [[ $value == *[^a-z0-9-]* || $#value -gt 32 ]]; then return 1; fi # the core makes it fit
        region="$value (from $name, not the profile's ${own:-none})"
        return 0
      fi
    done
  }

  # --- what the core has handed over ----------------------------------------------------------------------------------

  # Take over what the core wrote, if it wrote all of it. Untraced: what is put aside may be a secret.
  function __awsx_take_handover {
    setopt local_options no_xtrace
    local line name before=${AWS_PROFILE-}
    local -i code=0
    local -a lines=("${(@f)$(<$1)}")
    : >|$1
    if [[ ${lines[-1]-} != . ]]; then return 0; fi
    for line in "${(@)lines}"; do
      name=${line%%\=*}
      case $name in
        *[^A-Z0-9_]*) continue ;;
        AWS_* | AWSX_*) __awsx_assign $name $line || code=1 ;;
      esac
    done
    if [[ -n $before && $before != ${AWS_PROFILE-} ]]; then __awsx_keep __awsx_previous $before; fi
    return code
  }

  # NAME NAME=VALUE, or NAME NAME to unset it. AWSX_OWNER comes first in a switch and in `off`: what the last switch
  # did is undone, so that a new one starts from what was there before awsx.
  function __awsx_assign {
    setopt local_options no_xtrace
    local was
    if [[ ${(Pt)1-} == *readonly* ]]; then
      print -ru2 -- "awsx: $1 is readonly in this shell; start a new one without it"
      return 1
    fi
    if [[ $1 == AWSX_OWNER ]]; then
      typeset -g __awsx_leave_after= # a switch is no rest
      __awsx_undo
      typeset -g +x __awsx_direnv=${DIRENV_DIFF-}
      if [[ -n ${__awsx_inherited_region-} && $2 == AWSX_OWNER=$$ ]]; then __awsx_drop_region; fi
    fi
    if [[ $1 == AWS_* && -n ${AWSX_OWNER-} ]]; then
      was="${(P)1+=${(P)1}}"
      if [[ -n $was && ${(Pt)1} != *export* ]]; then was=":${(P)1}"; fi
      typeset -g +x "__awsx_was_$1=$was" "__awsx_mine_$1=${2#$1}" "__awsx_changed=${__awsx_changed-} $1"
    fi
    if [[ $2 == *=* ]]; then export "$2"; else unset -v $1; fi
  }

  # The region that another shell's awsx was asked for, and handed down to this one, was asked for another profile.
  function __awsx_drop_region {
    local name
    for name in $__awsx_regions; do
      if [[ ${(P)name-} == $__awsx_inherited_region ]]; then __awsx_assign $name $name; fi
    done
  }

  # Give back each variable as it was (`=value` exported, `:value` not), unless somebody else has changed it since:
  # direnv, too, takes away what a folder had set, and the keys of that folder shall not come back outside of it.
  function __awsx_undo {
    setopt local_options no_xtrace
    local name mine was
    for name in ${=__awsx_changed-}; do
      mine=__awsx_mine_$name was=__awsx_was_$name
      if [[ -n ${__awsx_direnv-} && ${DIRENV_DIFF-} != $__awsx_direnv && -z ${(P)name+set} ]]; then
        :
      elif [[ "${(P)name+=${(P)name}}" == "${(P)mine-}" ]]; then
        case ${(P)was-} in
          \=*) export "$name${(P)was}" ;;
          :*) __awsx_keep $name "${${(P)was}#:}" ;;
          *) unset -v $name ;;
        esac
      fi
      unset -v $mine $was
    done
    typeset -g +x __awsx_changed=
  }

  # A variable of ours, never exported (not even under `setopt all_export`).
  function __awsx_keep {
    typeset -g +x "$1=$2"
  }

  # --- the prompt -----------------------------------------------------------------------------------------------------

  # The segment, for people who place it themselves: PROMPT='$(awsx_prompt)%# '. It ends with a blank if it is not
  # empty. What stands behind it sees the $? that stood before it.
  function awsx_prompt {
    local -i code=$?
    __awsx_precmd # a theme's hook may come before ours
    print -rn -- "${__awsx_segment-}"
    return code
  }

  # The segment stays as it is while nothing has changed that it was drawn from, and its minute or hour has not passed.
  # (From `-e $__awsx_stock` on this is __awsx_is_fresh, written out: a call is a fifth of it all. What is mostly unset
  # is looked at closely only if it was set.)
  function __awsx_precmd {
    # $(awsx_prompt) can leave nothing.
    if [[ -n ${__awsx_leave_after-} && ZSH_SUBSHELL -eq 0 ]]; then __awsx_watch_rest; fi
    if [[ EPOCHSECONDS -ge __awsx_since && EPOCHSECONDS -lt __awsx_until && $psvar[71] == $__awsx_first_word &&
      -n ${AWS_PROFILE-} && ${(t)AWS_PROFILE} == *export* &&
      -z ${AWS_DEFAULT_PROFILE+x}${AWS_ACCESS_KEY_ID:+x}${AWS_WEB_IDENTITY_TOKEN_FILE:+x}${AWS_ROLE_ARN:+x} &&
      -z ${AWS_REGION+x}${AWS_DEFAULT_REGION+x}${__awsx_drawn_overrides-} &&
      "$AWS_PROFILE|${HOME-}|${XDG_CACHE_HOME-}|${XDG_CONFIG_HOME-}|${AWS_CONFIG_FILE-?}|\
${AWS_SHARED_CREDENTIALS_FILE-?}|${NO_COLOR-}|${TERM-}|${COLUMNS-}" == "${__awsx_drawn-}" &&
      -e $__awsx_stock &&
      (-n $__awsx_config_stamp && -e $__awsx_config &&
      ! $__awsx_config -nt $__awsx_config_stamp && ! $__awsx_config -ot $__awsx_config_stamp ||
      -z $__awsx_config_stamp && ! -e $__awsx_config) &&
      (-n $__awsx_credentials_stamp && -e $__awsx_credentials &&
      ! $__awsx_credentials -nt $__awsx_credentials_stamp && ! $__awsx_credentials -ot $__awsx_credentials_stamp ||
      -z $__awsx_credentials_stamp && ! -e $__awsx_credentials) &&
      (-n $__awsx_settings_stamp && -e $__awsx_settings &&
      ! $__awsx_settings -nt $__awsx_settings_stamp && ! $__awsx_settings -ot $__awsx_settings_stamp ||
      -z $__awsx_settings_stamp && ! -e $__awsx_settings) &&
      (-n $__awsx_token_stamp && -e $__awsx_token_stamp && -e $__awsx_token &&
      ! $__awsx_token -nt $__awsx_token_stamp && ! $__awsx_token -ot $__awsx_token_stamp ||
      -z $__awsx_token_stamp && ! -e $__awsx_token) ]]; then
      :
    elif [[ -n ${__awsx_drawn_overrides-} ]] && __awsx_is_drawn_with_overrides; then
      :
    else
      __awsx_draw # also if a theme has emptied psvar
    fi
    if [[ -z ${__awsx_placed-} || -n ${PROMPT:#*%69v${__awsx_places-}%70v*} ]]; then __awsx_place_segment; fi
    return 0
  }

  # Put the segment before PROMPT: between two empty elements of psvar stands a place for each word, in its colour. The
  # words are drawn from psvar, whose elements zsh prints as they are. Late, so that the rc file and its theme may set
  # PROMPT after us, and again where somebody has made PROMPT anew: so go behind their hooks.
  function __awsx_place_segment {
    setopt local_options no_xtrace # which would print a prompt raw
    if [[ -z ${__awsx_placed-} ]]; then __awsx_wrap; fi
    if [[ -n ${AWSX_NO_PROMPT-}${AWSX_EXPORT_PROMPT-} ]]; then
      typeset -g __awsx_placed=$$
      return 0
    fi
    if [[ -z ${__awsx_placed-} && ${precmd_functions[-1]-} != __awsx_precmd ]]; then
      precmd_functions=(${precmd_functions:#__awsx_precmd} __awsx_precmd)
    fi
    typeset -g __awsx_placed=$$
    case ${PROMPT-} in
      *awsx_prompt*) ;;
      *%69v*%70v*) PROMPT=${PROMPT%%\%69v*}%69v${__awsx_places-}%70v${PROMPT#*\%70v} ;;
      *) PROMPT=%69v${__awsx_places-}%70v${PROMPT-} ;;
    esac
  }

  # Login before the command: read at the first prompt, and takes this function's place. No line of the rc file shall
  # open a browser, and a function of the person's own stays what it is.
  function __awsx_wrap {
    if [[ -n ${AWSX_WRAP-aws} && -r ${__awsx_file:h}/wrap.zsh ]]; then
      source ${__awsx_file:h}/wrap.zsh && __awsx_wrap
    fi
  }

  function __awsx_draw {
    local IFS=$' \t\n' $__awsx_fields $__awsx_session_fields used_profile used_variable __awsx_origin inputs overrides
    # compinit may come before us, after us, after the first prompt, or never.
    if [[ -z ${__awsx_completes-} && -n ${functions[compdef]+there} ]]; then
      typeset -g __awsx_completes=$$
      compdef _awsx awsx
    fi
    typeset -g __awsx_segment= __awsx_drawn= __awsx_leave_after=
    psvar[71,82]=("" "" "" "" "" "" "" "" "" "" "" "") # Ctrl-C may end this half-way: no old claim stands then
    if ! __awsx_find_used_profile && [[ -z ${AWS_ACCESS_KEY_ID-}${AWS_WEB_IDENTITY_TOKEN_FILE-} ]]; then
      if [[ -n ${AWSX_EXPORT_PROMPT-} ]]; then unset -v AWSX_PROMPT; fi
      return 0
    fi
    if ! __awsx_read_memos "$used_profile" && [[ -n $used_profile && -n $__awsx_folder ]]; then
      AWSX_SHELL=zsh AWSX_CACHE=$__awsx_cache \
        $__awsx_python -I -S $__awsx_start --refresh </dev/null &>/dev/null || :
      __awsx_read_memos "$used_profile" stale || :
    fi
    __awsx_compose
    __awsx_list_inputs
    typeset -g __awsx_drawn=$inputs __awsx_drawn_overrides=$overrides
  }

  # The same as in __awsx_precmd, where something decides besides AWS_PROFILE.
  function __awsx_is_drawn_with_overrides {
    local inputs overrides
    __awsx_list_inputs
    [[ EPOCHSECONDS -ge __awsx_since && EPOCHSECONDS -lt __awsx_until && $psvar[71] == $__awsx_first_word &&
      $overrides == "$__awsx_drawn_overrides" && $inputs == "${__awsx_drawn-}" ]] && __awsx_is_fresh
  }

  # What the segment is drawn from: in our caller's `drawn` what is mostly set, and in `odd` what decides besides
  # AWS_PROFILE, empty if nothing does. Of a key it is only looked at whether commands see it: `setopt xtrace` prints
  # this.
  function __awsx_list_inputs {
    local name
    inputs="${AWS_PROFILE-}|${HOME-}|${XDG_CACHE_HOME-}|${XDG_CONFIG_HOME-}|${AWS_CONFIG_FILE-?}"
    inputs+="|${AWS_SHARED_CREDENTIALS_FILE-?}|${NO_COLOR-}|${TERM-}|${COLUMNS-}" overrides=
    for name in $__awsx_by_value; do
      if [[ ${(Pt)name-} == *export* ]]; then overrides+="|$name=${(P)name-}"; fi
    done
    for name in $__awsx_by_presence; do
      if [[ -n ${(P)name:+x} && ${(Pt)name} == *export* ]]; then overrides+="|$name"; fi
    done
    if [[ ${(t)AWS_PROFILE-} != *export* ]]; then overrides+='|?'; fi
  }

  # The profile that the next `aws` takes, in our caller's `who`, and the variable that says so, `by`. (boto3 asks them
  # in the other order.) False if none does.
  function __awsx_find_used_profile {
    used_profile=
    for used_variable in $__awsx_profiles; do
      if [[ -n ${(P)used_variable+set} && ${(Pt)used_variable} == *export* ]]; then
        used_profile=${(P)used_variable}
        return 0
      fi
    done
    used_variable=
    return 1
  }

  # True if each source is as old as its stamp, or missing as it was when the memo was read: then it has no stamp.
  # (-nt and -ot are both false for a missing file.) One test for all, since every step counts here.
  function __awsx_is_fresh {
    [[ -e $__awsx_stock &&
      (-n $__awsx_config_stamp && -e $__awsx_config &&
      ! $__awsx_config -nt $__awsx_config_stamp && ! $__awsx_config -ot $__awsx_config_stamp ||
      -z $__awsx_config_stamp && ! -e $__awsx_config) &&
      (-n $__awsx_credentials_stamp && -e $__awsx_credentials &&
      ! $__awsx_credentials -nt $__awsx_credentials_stamp && ! $__awsx_credentials -ot $__awsx_credentials_stamp ||
      -z $__awsx_credentials_stamp && ! -e $__awsx_credentials) &&
      (-n $__awsx_settings_stamp && -e $__awsx_settings &&
      ! $__awsx_settings -nt $__awsx_settings_stamp && ! $__awsx_settings -ot $__awsx_settings_stamp ||
      -z $__awsx_settings_stamp && ! -e $__awsx_settings) &&
      (-n $__awsx_token_stamp && -e $__awsx_token_stamp && -e $__awsx_token &&
      ! $__awsx_token -nt $__awsx_token_stamp && ! $__awsx_token -ot $__awsx_token_stamp ||
      -z $__awsx_token_stamp && ! -e $__awsx_token) ]]
  }

  # The stamps of stock $1.
  function __awsx_find_stamps {
    __awsx_stock=$__awsx_folder/g.$1 __awsx_config_stamp=$__awsx_folder/config.$1
    __awsx_credentials_stamp=$__awsx_folder/credentials.$1 __awsx_settings_stamp=$__awsx_folder/settings.$1
    if [[ ! -e $__awsx_config_stamp ]]; then __awsx_config_stamp=; fi
    if [[ ! -e $__awsx_credentials_stamp ]]; then __awsx_credentials_stamp=; fi
    if [[ ! -e $__awsx_settings_stamp ]]; then __awsx_settings_stamp=; fi
  }

  # True if what the core keeps of the files (their names, for completion) is still true of them.
  function __awsx_is_stamped {
    local __awsx_token= __awsx_token_stamp= __awsx_stock
    local __awsx_config_stamp __awsx_credentials_stamp __awsx_settings_stamp
    local -a mine=($__awsx_folder(NUf:go-w:) $__awsx_folder/stock(Nr.Uf:go-w:))
    if [[ -z $__awsx_folder || $#mine -ne 2 ]]; then return 1; fi
    __awsx_find_stamps ${"$(<$__awsx_folder/stock)"##* }
    __awsx_is_fresh
  }

  # Read the memos of profile $1 into our caller's variables, which are named as the fields are. False if there is none,
  # or if one may be stale: then the core has to write them first. With `stale` as $2, a stale memo will do. With
  # `usable`, the session must last for another minute, as the core wants it, and nothing may be wrong in the files. A
  # file that others can write to counts as missing.
  function __awsx_read_memos {
    local at file fields mine from="${HOME-}|${XDG_CACHE_HOME-}|${XDG_CONFIG_HOME-}|${XDG_STATE_HOME-}"
    from+="|${AWS_CONFIG_FILE-?}|${AWS_SHARED_CREDENTIALS_FILE-?}"
    if [[ -z ${EPOCHSECONDS-} ]] && ! zmodload zsh/datetime 2>/dev/null; then return 1; fi
    if [[ $from != "${__awsx_places_from-}" ]]; then
      __awsx_where
      __awsx_places_from=$from
    fi
    file=$__awsx_folder/p.${${1//\%/%25}//\//%2F} __awsx_drawn= # what was drawn is another memo's
    if [[ -n $__awsx_folder ]]; then mine=($__awsx_folder(NUf:go-w:) $file(Nr.Uf:go-w:)); fi
    if [[ $#mine -eq 2 ]]; then fields=("${(@ps:\x1f:)$(<$file)}"); fi
    if [[ $#fields -ne $#__awsx_fields+1 || $fields[-1] != . || $fields[1] != "$1" ]]; then fields=(); fi
    # BEGIN: written by scripts/generate, do not edit
    name=$fields[1] key=$fields[2] kind=$fields[3] region=$fields[4] told=$fields[5] mark=$fields[6]
    leave=$fields[7] soon=$fields[8] below=$fields[9] colours=$fields[10] look=$fields[11] narrow=$fields[12]
    stock=$fields[13]
    # END: written by scripts/generate
    ends= renewable= stamp= __awsx_token= __awsx_token_stamp=
    # Numbers only: nothing to evaluate, or to draw.
    if [[ -z $stock || $key$stock == *[^0-9a-f]* || $leave$soon$below$colours == *[^0-9\;\ ]* ]]; then
      for at in $__awsx_fields; do typeset -g $at=; done
      __awsx_stock=
      return 1
    fi
    if [[ ${__awsx_stock-} != $__awsx_folder/g.$stock ]]; then __awsx_find_stamps $stock; fi
    if [[ -n $key ]]; then
      __awsx_token=$__awsx_home/.aws/sso/cache/$key.json file=$__awsx_folder/s.$key
      mine=($file(Nr.Uf:go-w:))
      if [[ $#mine -eq 1 ]]; then
        fields=("${(@ps:\x1f:)$(<$file)}")
        if [[ $#fields -eq $#__awsx_session_fields+1 && $fields[-1] == . && $fields[-2] != *[^0-9a-f]* ]]; then
          # BEGIN: written by scripts/generate, do not edit
          ends=$fields[1] renewable=$fields[2] stamp=$fields[3]
          # END: written by scripts/generate
          __awsx_token_stamp=$file.$stamp
        fi
      fi
    fi
    if [[ ${2-} != stale ]] && ! __awsx_is_fresh; then return 1; fi
    [[ ${2-} != usable || ! -e $__awsx_folder/problems &&
      (-z $key || ${ends:-x}${renewable:-x} != *[^0-9]* && ends-EPOCHSECONDS -gt 60) ]]
  }

  # What is left of the session, from our caller's ends and renewable: `6h`; as which of the colours, and until when it
  # reads so.
  function __awsx_find_time_left {
    local -i now=EPOCHSECONDS seconds last
    time_left=expired hue=3 until=99999999999
    if [[ ${ends:-x}${renewable:-x} == *[^0-9]* ]]; then return 0; fi # numbers only: nothing to evaluate
    seconds=$((ends - now)) last=$((ends - ${soon:-1800}))
    if ((seconds < 1)); then
      if ((renewable > now)); then time_left=renews hue=2; fi
    elif ((seconds < 60)); then
      time_left='<1m' hue=2 until=$ends
    elif ((seconds < 3600)); then
      time_left=$((seconds / 60))m hue=1 until=$((now + seconds % 60 + 1))
    elif ((seconds < 172800)); then
      time_left=$((seconds / 3600))h hue=1 until=$((now + seconds % 3600 + 1))
    else
      time_left=$((seconds / 86400))d hue=1 until=$((now + seconds % 86400 + 1))
    fi
    if ((renewable > now && renewable < until)); then until=$renewable; fi
    if ((seconds > 0 && renewable > now)); then
      time_left+=+ hue=1
    elif ((seconds > 0 && last < now)); then
      hue=2
    elif ((last >= now && last < until)); then
      until=$((last + 1))
    fi
  }

  # What the segment says and how it looks: read when there is something to show, and takes this function's place.
  function __awsx_compose {
    if [[ -r ${__awsx_file:h}/segment.zsh ]]; then
      source ${__awsx_file:h}/segment.zsh && __awsx_compose
    fi
  }

  # Who set AWS_PROFILE, in our caller's `__awsx_origin`: awsx here, what was there before us, or else somebody's hand.
  function __awsx_find_origin {
    __awsx_origin=hand
    if [[ ${AWSX_OWNER-} == $$ && ${__awsx_mine_AWS_PROFILE-} == "=${AWS_PROFILE-}" ]]; then
      __awsx_origin=awsx
    elif [[ -n ${__awsx_inherited-} && $__awsx_inherited == "${AWS_PROFILE-}" ]]; then
      __awsx_origin=inherited
    fi
  }

  # Tab: the completion is read when it is first asked for, and takes this function's place.
  function _awsx {
    [[ -r ${__awsx_file:h}/complete.zsh ]] && source ${__awsx_file:h}/complete.zsh && _awsx "$@"
  }

  # Looked at anew after each loading: an rc file that is read again has set PROMPT again.
  unset -v __awsx_placed __awsx_drawn __awsx_leave_after __awsx_places_from __awsx_completes

  if [[ -o interactive ]]; then
    zmodload zsh/datetime 2>/dev/null
    typeset -ga precmd_functions
    if ((! ${precmd_functions[(Ie)__awsx_precmd]})); then precmd_functions+=(__awsx_precmd); fi
  fi
fi
