# awsx for zsh 5.3 and later: the function `awsx` and the segment in the prompt. Load this file in ~/.zshrc by the line
# that `awsx init zsh` prints: `emulate zsh -o no_aliases -c "source .../awsx.zsh"`. With it, each function here runs
# with zsh's default options, whatever options you have set. The file prints nothing, may be loaded twice, and starts no
# process but the core, awsx's Python program.
#
# Variables that you may set:
#   AWSX_PYTHON      the Python that has awsx installed (default: python3 on PATH); `awsx init zsh` fills it in
#   AWSX_NO_PROMPT   any value: awsx leaves PROMPT alone; put $(awsx_prompt) into it yourself (with setopt prompt_subst)
#   AWSX_EXPORT_PROMPT   any value: awsx leaves PROMPT alone and exports the segment without colours as AWSX_PROMPT, for
#                    a prompt that another program draws
#   AWSX_WRAP        the commands before which awsx logs in if the session has ended, separated by blanks (default: the
#                    list in the settings under [login], or else aws)
#   NO_COLOR         any value: the segment has no colours
# The settings in ~/.config/awsx/config.toml say how the segment looks: [prompt] and [colors].
#
# The core tells this shell what to change through a file, the hand-over: a line NAME=VALUE to export, a line NAME to
# unset, and `.` at the end. The core also leaves memos (awsx/files/memo.py). From them this shell switches to a profile
# that has been used before, without starting a process. Both are read as data and assigned, never evaluated.
#
# A function call takes 9 us here, because zsh sets options and memory up for it; a builtin takes 1 us, an assignment
# or a [[ ]] less, a look at a file 1 to 3 us. So a switch and a prompt call few functions, and some are long. Functions
# pass results in variables of their caller.

# All code stands in one `if`, because zsh runs a compound command only after it has read all of it: half a file does
# nothing.
if [[ $ZSH_VERSION == (5.<3->|<6->)* ]]; then

  \builtin unalias awsx awsx_prompt 2>/dev/null || \builtin :

  typeset -g __awsx_file=${${(%):-%x}:A}
  # In a checkout the core is in ../awsx; in an installed package this folder is inside the core's.
  typeset -g __awsx_start=${__awsx_file:h:h}/awsx/start.py
  if [[ ! -e $__awsx_start ]]; then __awsx_start=${__awsx_file:h:h}/start.py; fi
  typeset -g __awsx_python=${AWSX_PYTHON:-python3}

  # Facts that the core knows, too: names of variables, and the fields of a memo.
  # BEGIN: written by scripts/generate, do not edit
  typeset -g __awsx_format=v5-c5e3be19
  typeset -g __awsx_rival_prefix=AWS_CONTAINER_AUTHORIZATION_TOKEN
  typeset -ga __awsx_profiles=(AWS_PROFILE AWS_DEFAULT_PROFILE)
  typeset -ga __awsx_regions=(AWS_REGION AWS_DEFAULT_REGION)
  typeset -ga __awsx_by_value=(AWS_DEFAULT_PROFILE AWS_REGION AWS_DEFAULT_REGION AWS_CREDENTIAL_EXPIRATION)
  typeset -ga __awsx_by_presence=(
    AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_WEB_IDENTITY_TOKEN_FILE AWS_ROLE_ARN
    AWS_CONTAINER_CREDENTIALS_RELATIVE_URI AWS_CONTAINER_CREDENTIALS_FULL_URI
  )
  typeset -ga __awsx_beside_keys=(
    AWS_SESSION_EXPIRATION AWS_VAULT AWSUME_PROFILE AWS_SSO_PROFILE AWSU_PROFILE GRANTED_SSO
    GRANTED_SSO_ROLE_NAME GRANTED_SSO_START_URL GRANTED_SSO_ACCOUNT_ID
  )
  typeset -ga __awsx_exported=(AWSX_OWNER AWSX_REGION AWSX_PROMPT AWSX_EXEC)
  typeset -ga __awsx_fields=(
    name key kind region exports told mark needs aws_until aws_clock leave soon below colours short_regions look
    narrow stock
  )
  typeset -ga __awsx_session_fields=(ends renewable stamp)
  typeset -ga __awsx_rivals=(
    AWS_DEFAULT_PROFILE AWS_EB_PROFILE AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN
    AWS_SECURITY_TOKEN AWS_CREDENTIAL_EXPIRATION AWS_ROLE_ARN AWS_ROLE_SESSION_NAME AWS_WEB_IDENTITY_TOKEN_FILE
    AWS_CONTAINER_CREDENTIALS_RELATIVE_URI AWS_CONTAINER_CREDENTIALS_FULL_URI AWS_CONTAINER_AUTHORIZATION_TOKEN
    AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE
  )
  # END: written by scripts/generate

  # After `exec zsh` the pid is the same but our saved variables are gone: treat the profile as inherited.
  if [[ ${AWSX_OWNER-} == $$ && -z ${__awsx_changed-} ]]; then AWSX_OWNER=0; fi
  # Somebody else chose the profile that we find here: the prompt marks it until a switch confirms it.
  if [[ ${AWSX_OWNER-} != $$ ]]; then
    typeset -g +x __awsx_inherited=${AWS_PROFILE-} __awsx_inherited_region=${AWSX_REGION-}
    unset -v __awsx_pin __awsx_pin_holds # from a parent with `setopt all_export`
  fi

  # After a `return 1` inside an `if` or a `case`, zsh 5.3 lets a script with `set -e` go on. So this one is at the end
  # of a function.
  function awsx {
    __awsx_do "$@"
    return
  }

  function __awsx_do {
    local IFS=$' \t\n' __awsx_code=0
    # Use the memos if they say all that is needed. The core does the rest: verbs, options, a profile not used before,
    # files that have changed, a session that has ended.
    case $#:${1-} in
      1:off) if __awsx_leave; then return $__awsx_code; fi ;;
      1:-) if __awsx_switch "${__awsx_previous-}"; then return $__awsx_code; fi ;;
      1: | 1:-*) ;;
      1:*) if __awsx_switch "$1"; then return $__awsx_code; fi ;;
      *:exec)
        if [[ $# -gt 3 && $3 == -- ]] && __awsx_may_exec "$2" "$4"; then
          __awsx_exec "$2" "${@:4}" # not in a condition: there, zsh 5.8 turns the code of a Ctrl-C into 0
          return
        fi
        ;;
    esac
    if __awsx_is_gone; then
      __awsx_tell_gone
      return 127
    fi
    local __awsx_handover __awsx_origin __awsx_pinned
    if [[ ${__awsx_pin_profile-} == "${AWS_PROFILE-}" ]]; then __awsx_pinned=${__awsx_pin_told-}; fi
    typeset -g __awsx_is_elsewhere= # find the paths again: it may have become possible to write to the cache
    __awsx_where
    __awsx_find_spare
    for __awsx_handover in $__awsx_spare/shell.$$ $__awsx_run/shell.$$; do
      if __awsx_is_own_file $__awsx_handover; then : >|$__awsx_handover; fi
    done
    __awsx_find_origin
    typeset -g __awsx_drawn= # the core may change who set AWS_PROFILE, and keep its value
    # Not `|| __awsx_code=$?`: after that, zsh turns the code of a Ctrl-C into 1.
    if AWSX_HANDOVER=$__awsx_handover AWSX_SPARE=${TMPDIR:-/tmp} AWSX_PREVIOUS=${__awsx_previous-} AWSX_PID=$$ \
      AWSX_SWITCHED_TO=${${__awsx_mine_AWS_PROFILE-}#\=} \
      AWSX_SHELL=zsh AWSX_CACHE=$__awsx_cache AWSX_ORIGIN=$__awsx_origin AWSX_PINNED=$__awsx_pinned \
      $__awsx_python -I -S $__awsx_start "$@"; then :; else __awsx_code=$?; fi
    __awsx_pwd= # the core may have changed the pins: look at them again
    if ! __awsx_is_own_file $__awsx_handover; then
      __awsx_find_spare
      __awsx_handover=$__awsx_spare/shell.$$
      if ! __awsx_is_own_file $__awsx_handover; then return $__awsx_code; fi
      __awsx_is_elsewhere=1
      __awsx_where
    fi
    __awsx_take_handover $__awsx_handover || __awsx_code=$?
    return $__awsx_code
  }

  # True if awsx was uninstalled while this terminal was open.
  function __awsx_is_gone { [[ ! -e $__awsx_start ]]; }

  function __awsx_tell_gone {
    typeset -g __awsx_told_gone=$$
    __awsx_say 31 "awsx was uninstalled; open a new terminal"
  }

  # True if file $1 is not empty and we made it ourselves: file and folder belong to us, and it is no symbolic link.
  function __awsx_is_own_file {
    [[ -s $1 && -O $1 && ! -L $1 && -O ${1%/*} ]]
  }

  # Set __awsx_spare to the folder that takes the place of ~/.cache/awsx, by the rules of awsx/files/paths.py: if
  # somebody else has made a folder or a link of its name, it has another one.
  function __awsx_find_spare {
    local end
    typeset -g __awsx_spare
    for end in "" .1 .2 .3 .4 .5 .6 .7 .8 .9 ""; do
      __awsx_spare=${TMPDIR:-/tmp}/awsx-$UID$end
      if [[ ! -L $__awsx_spare && (! -e $__awsx_spare || -d $__awsx_spare && -O $__awsx_spare) ]]; then return 0; fi
    done
  }

  # Find the paths of all files that this terminal reads. The spare folder is the cache if the other one is not ours or
  # cannot be written (HOME may be read-only), or if the core has found that out ($__awsx_is_elsewhere: a full disk).
  function __awsx_where {
    typeset -g __awsx_home=${HOME:-~} __awsx_cache __awsx_run
    typeset -g __awsx_settings __awsx_config __awsx_credentials __awsx_folder __awsx_recent
    __awsx_cache=$__awsx_home/.cache/awsx
    if [[ ${XDG_CACHE_HOME-} == /* ]]; then __awsx_cache=$XDG_CACHE_HOME/awsx; fi
    local there=$__awsx_cache
    while [[ $there == */* && ! -e $there && ! -L $there ]]; do there=${there%/*}; done
    if [[ -n ${__awsx_is_elsewhere-} || ! -d ${there:-/} || ! -w ${there:-/} ||
      -e $__awsx_cache && ! -O $__awsx_cache ]]; then
      __awsx_find_spare
      __awsx_cache=$__awsx_spare
    fi
    __awsx_run=$__awsx_cache
    if [[ -z ${__awsx_is_elsewhere-} &&
      ${XDG_RUNTIME_DIR-} == /* && -w ${XDG_RUNTIME_DIR-} && -O ${XDG_RUNTIME_DIR-} ]]; then
      __awsx_run=$XDG_RUNTIME_DIR/awsx
    fi
    __awsx_settings=$__awsx_home/.config/awsx/config.toml
    if [[ ${XDG_CONFIG_HOME-} == /* ]]; then __awsx_settings=$XDG_CONFIG_HOME/awsx/config.toml; fi
    __awsx_config=${AWS_CONFIG_FILE-$__awsx_home/.aws/config}
    __awsx_credentials=${AWS_SHARED_CREDENTIALS_FILE-$__awsx_home/.aws/credentials}
    if [[ $__awsx_config == '~/'* ]]; then __awsx_config=$__awsx_home/${__awsx_config#'~/'}; fi
    if [[ $__awsx_credentials == '~/'* ]]; then __awsx_credentials=$__awsx_home/${__awsx_credentials#'~/'}; fi
    __awsx_folder=$__awsx_cache/$__awsx_format$__awsx_config/+$__awsx_credentials
    # Only the core can resolve a relative path, or one with a $VARIABLE in it.
    case $__awsx_config:$__awsx_credentials in *'$'* | [^/:]* | *:[^/]* | */../*) __awsx_folder="" ;; esac
    __awsx_recent=$__awsx_home/.local/state/awsx/recent
    if [[ ${XDG_STATE_HOME-} == /* ]]; then __awsx_recent=$XDG_STATE_HOME/awsx/recent; fi
  }

  # --- without a process ----------------------------------------------------------------------------------------------

  # Switch this terminal to profile $1, as the core's hand-over would. False if the core has to do it.
  function __awsx_switch {
    setopt local_options no_xtrace # `set -x` must not print the secrets that are put aside
    local $__awsx_fields $__awsx_session_fields all rivals time_left before=${AWS_PROFILE-} hue until
    if ! __awsx_read_memos "$1" usable || [[ -z $told || -z ${parameters+there} ]]; then return 1; fi
    if [[ -z $exports && -n ${AWS_REGION-}${AWS_DEFAULT_REGION-} ]] && ! __awsx_name_region; then return 1; fi
    if [[ -n $key ]]; then
      # Compute the text again only when it changes: that would take 15 us.
      if [[ "$ends $renewable" != ${__awsx_time_left_of-} ||
        EPOCHSECONDS -lt __awsx_time_left_since || EPOCHSECONDS -ge __awsx_time_left_until ]]; then
        __awsx_find_time_left
        if [[ $time_left == *+ ]]; then time_left="${time_left%+}, renews itself"; fi
        __awsx_time_left_of="$ends $renewable" __awsx_time_left_since=$EPOCHSECONDS
        __awsx_time_left_until=$until __awsx_time_left=$time_left
      fi
      time_left=", session $__awsx_time_left"
    fi
    all=(${(k)parameters[(I)AWS_*]})
    rivals=(${__awsx_rivals:*all} ${(o)${(M)all:#$__awsx_rival_prefix*}:|__awsx_rivals})
    if [[ $#rivals -eq 0 && -z $exports${AWS_REGION+x}${AWS_DEFAULT_REGION+x}${AWSX_REGION+x} &&
      "${__awsx_changed-}|${AWSX_OWNER-}|${__awsx_mine_AWS_PROFILE-}" == " AWS_PROFILE|$$|=$before" &&
      ${(t)AWS_PROFILE-} == scalar-export ]]; then
      # No rival is set, and the last switch set AWS_PROFILE alone: setting it again is all that is left to do. The
      # value from before awsx is still put aside.
      __awsx_say 2 "$told, ${region:-no region}$time_left${__awsx_by-}"
      AWS_PROFILE=$1
      __awsx_mine_AWS_PROFILE="=$1" __awsx_direnv=${DIRENV_DIFF-} __awsx_leave_after=
    else
      local -a aside
      for name in $rivals; do
        if [[ -n ${(P)name} && ${(Pt)name} == *export* ]]; then aside+=($name); fi
      done
      __awsx_say 2 "$told, ${region:-no region}$time_left${aside:+, put aside until \`awsx off\`: $aside}${__awsx_by-}"
      __awsx_assign AWSX_OWNER AWSX_OWNER=$$ || __awsx_code=1
      __awsx_assign AWS_PROFILE "AWS_PROFILE=$1" || __awsx_code=1
      if [[ -n $exports ]]; then
        for name in $__awsx_regions AWSX_REGION; do __awsx_assign $name $name=$exports || __awsx_code=1; done
      elif [[ -n ${AWSX_REGION+set} ]]; then
        __awsx_assign AWSX_REGION AWSX_REGION || __awsx_code=1
      fi
      all=(${(k)parameters[(I)AWS_*]}) # list them again: undoing the last switch may have given rivals back
      for name in ${__awsx_rivals:*all} ${${(M)all:#$__awsx_rival_prefix*}:|__awsx_rivals}; do
        __awsx_assign $name $name || __awsx_code=1
      done
    fi
    if [[ -n $before && $before != ${AWS_PROFILE-} ]]; then typeset -g +x __awsx_previous=$before; fi
    if [[ -f $__awsx_recent && -w $__awsx_recent && -O $__awsx_recent ]]; then
      { print -r -- "$1" >>$__awsx_recent; } 2>/dev/null || :
    fi
  }

  # Give back what the last switch replaced. False if the core has to do it: it changes a name before it prints it if
  # that is too long, has other characters than ASCII, or blanks side by side. $1 is the end of the message (empty for
  # `awsx off`); with it, print nothing about a profile that was set by hand.
  function __awsx_leave {
    setopt local_options no_xtrace
    typeset -g __awsx_drawn= # `off` changes who set AWS_PROFILE, and may keep its value
    local before=${AWS_PROFILE-} mine=${${__awsx_mine_AWS_PROFILE-}#\=} stays=
    if [[ ${AWSX_OWNER-} != $$ || ${__awsx_changed-} != *AWS_PROFILE* || $mine$before == *[^\ -~]* ||
      $#mine -gt 80 || $#before -gt 80 || " $mine . ${before:-.} " == *"  "* ]]; then
      return 1
    fi
    if [[ $before != $mine ]]; then stays=$before; fi
    if [[ -n $stays && ($stays == ${__awsx_inherited-} || ${(t)AWS_PROFILE} != *export*) ]]; then return 1; fi
    if [[ $before == $mine || -z ${1-} ]]; then __awsx_say 2 "left $mine${1-}"; fi
    if [[ -n $stays && -z ${1-} ]]; then
      __awsx_say 33 "AWS_PROFILE=$stays was not set by awsx and stays; $__awsx_drop_it"
    fi
    __awsx_assign AWSX_OWNER AWSX_OWNER || __awsx_code=1
    if [[ -n ${AWSX_REGION+set} ]]; then __awsx_assign AWSX_REGION AWSX_REGION || __awsx_code=1; fi
    if [[ -n $before && $before != ${AWS_PROFILE-} ]]; then __awsx_keep __awsx_previous $before; fi
    return 0
  }

  __awsx_drop_it='to drop it: unset AWS_PROFILE (fish: set -e AWS_PROFILE)'

  # Print the message $2 to stderr as awsx/term.py does: dim (2) for what was done, yellow (33) in front for what is not
  # as it should be, and red (31) for an error; without colours where stderr is no terminal or wants none.
  function __awsx_say {
    if [[ ! -t 2 || -n ${NO_COLOR-} || ${TERM:-dumb} == dumb ]]; then
      print -ru2 -- "awsx: $2"
    elif [[ $1 == 2 ]]; then
      print -ru2 -- $'\e[2m'"awsx: $2"$'\e[0m'
    else
      print -ru2 -- $'\e['"$1mawsx:"$'\e[0m'" $2"
    fi
  }

  # True if the memos allow to use profile $1, and command $2 is a program.
  function __awsx_may_exec {
    local $__awsx_fields $__awsx_session_fields
    __awsx_read_memos "$1" usable && [[ -n $told && -n ${parameters+there} && ${(t)AWS_PROFILE} != *readonly* ]] &&
      whence -p -- "$2" >/dev/null && __awsx_keep __awsx_exports "$exports"
  }

  # NAME COMMAND ARGUMENT...: run a command in the environment that awsx/commands/execute.py would make. The loop's
  # variable has our prefix, because the command would not see an exported variable of the same name.
  function __awsx_exec {
    (
      for __awsx_variable in $__awsx_regions; do
        if [[ -n ${AWSX_REGION-} && ${(P)__awsx_variable-} == $AWSX_REGION ]]; then unset -v $__awsx_variable; fi
        if [[ -n $__awsx_exports ]]; then export $__awsx_variable=$__awsx_exports; fi
      done
      for __awsx_variable in $__awsx_exported $__awsx_rivals ${(k)parameters[(I)$__awsx_rival_prefix*]}; do
        unset -v $__awsx_variable
      done
      export "AWS_PROFILE=$1"
      shift
      exec command "$@"
    )
  }

  # If a variable beats the profile's region, say so in our caller's `region`, for the message of a switch. False if the
  # core has to do it.
  function __awsx_name_region {
    local own=$region value
    for name in $__awsx_regions; do
      value=${(P)name-}
      if [[ -n $value && $value != $own && $value != "${AWSX_REGION-}" && ${(Pt)name} == *export* ]]; then
        if [[ $value == *[^a-z0-9-]* || $#value -gt 32 ]]; then return 1; fi # the core shortens it
        region="$value (from $name, not the profile's ${own:-none})"
        return 0
      fi
    done
  }

  # --- the hand-over --------------------------------------------------------------------------------------------------

  # Make the changes that the core wrote into file $1, unless its end is missing, and empty the file.
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

  # NAME NAME=VALUE: export a variable. NAME NAME: unset it. Save what an AWS variable was before. Each switch, and
  # `off`, begins with AWSX_OWNER; then the last switch is undone first, so that a new one saves the values from before
  # awsx.
  function __awsx_assign {
    setopt local_options no_xtrace
    local was
    if [[ ${(Pt)1-} == *readonly* ]]; then
      __awsx_say 31 "$1 is readonly in this shell; start a new one without it"
      return 1
    fi
    if [[ $1 == AWSX_OWNER ]]; then
      typeset -g __awsx_leave_after= # a rest ends with a switch; the next prompt begins a new one
      __awsx_undo "$2"
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

  # Drop the region that we inherited from another terminal's `awsx region`: it was meant for another profile.
  function __awsx_drop_region {
    local name
    for name in $__awsx_regions; do
      if [[ ${(P)name-} == $__awsx_inherited_region ]]; then __awsx_assign $name $name; fi
    done
  }

  # Give each variable its old value back (`=value` was exported, `:value` was not), unless somebody has changed it
  # since. direnv, too, unsets what a folder had set; then the keys of that folder must not come back outside of it. It
  # also gives back what it found when the person came, and that may be awsx's: so if $1 is AWSX_OWNER, as for `awsx
  # off`, __awsx_later notes the variables that direnv has set meanwhile.
  function __awsx_undo {
    setopt local_options no_xtrace
    local name mine was left=
    for name in ${=__awsx_changed-} ${=__awsx_later-}; do
      mine=__awsx_mine_$name was=__awsx_was_$name
      if [[ -n ${__awsx_direnv-} && ${DIRENV_DIFF-} != $__awsx_direnv && -z ${(P)name+set} ]]; then
        :
      elif [[ "${(P)name+=${(P)name}}" == "${(P)mine-}" ]]; then
        case ${(P)was-} in
          \=*) export "$name${(P)was}" ;;
          :*) __awsx_keep $name "${${(P)was}#:}" ;;
          *) unset -v $name ;;
        esac
      elif [[ -n ${DIRENV_DIFF-} && $1 == AWSX_OWNER ]]; then
        left+=" $name"
        continue
      fi
      unset -v $mine $was
    done
    __awsx_keep __awsx_later $left
    typeset -g +x __awsx_changed=
  }

  # Set variable $1 to $2 without exporting it, not even under `setopt all_export`.
  function __awsx_keep {
    typeset -g +x "$1=$2"
  }

  # --- the prompt -----------------------------------------------------------------------------------------------------

  # Print the segment, for people who place it themselves: PROMPT='$(awsx_prompt)%# '. A segment ends with a blank. $?
  # stays as it is.
  function awsx_prompt {
    local -i code=$?
    __awsx_precmd # a theme may build its prompt in a hook that runs before ours
    print -rn -- "${__awsx_segment-}"
    return code
  }

  # Draw the segment anew if a variable or a file has changed that it was drawn from, or if the time left has. The
  # condition repeats __awsx_is_fresh on purpose, from `-e $__awsx_stock` on: the call would take a fifth of the time.
  # Variables that are mostly unset, such as AWS_REGION, are only compared if one of them is set. Comparing psvar[71]
  # shows whether a theme has emptied psvar.
  function __awsx_precmd {
    # In a subshell, such as $(awsx_prompt), nothing can be unset for the terminal.
    if [[ -n ${__awsx_leave_after-} && ZSH_SUBSHELL -eq 0 ]]; then __awsx_watch_rest; fi
    if [[ $PWD != "${__awsx_pwd-}" || -n ${__awsx_pins_stamp-} && ! -e $__awsx_pins_stamp ]]; then
      if [[ ZSH_SUBSHELL -eq 0 ]]; then __awsx_look_for_pins; fi
    fi
    if [[ EPOCHSECONDS -ge __awsx_since && EPOCHSECONDS -lt __awsx_until && $psvar[71] == $__awsx_first_word &&
      -n ${AWS_PROFILE-} && ${(t)AWS_PROFILE} == *export* &&
      -z ${AWS_DEFAULT_PROFILE+x}${AWS_ACCESS_KEY_ID:+x}${AWS_WEB_IDENTITY_TOKEN_FILE:+x}${AWS_ROLE_ARN:+x} &&
      -z ${AWS_REGION+x}${AWS_DEFAULT_REGION+x}${__awsx_drawn_overrides-} &&
      "$AWS_PROFILE|${HOME-}|${XDG_CACHE_HOME-}|${XDG_CONFIG_HOME-}|${AWS_CONFIG_FILE-?}|\
${AWS_SHARED_CREDENTIALS_FILE-?}|${AWS_LOGIN_CACHE_DIRECTORY-?}|${NO_COLOR-}|${TERM-}|\
${COLUMNS-}" == "${__awsx_drawn-}" &&
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
      -z $__awsx_token_stamp && ! -e $__awsx_token) && (-z $__awsx_pointers ||
      (-z $__awsx_config_at || $__awsx_config -ef $__awsx_config_at) &&
      (-z $__awsx_credentials_at || $__awsx_credentials -ef $__awsx_credentials_at) &&
      (-z $__awsx_settings_at || $__awsx_settings -ef $__awsx_settings_at)) ]]; then
      :
    elif [[ -n ${__awsx_drawn_overrides-} ]] && __awsx_is_drawn_with_overrides; then
      :
    else
      __awsx_draw
    fi
    if [[ -z ${__awsx_placed-} || -n ${PROMPT:#*%69v${__awsx_places-}%70v*} ]]; then __awsx_place_segment; fi
    return 0
  }

  # Called if the folder or the pins have changed since the last prompt. Load pin.zsh, which defines this function anew,
  # if there are pins.
  function __awsx_look_for_pins {
    if [[ -z ${__awsx_recent-} ]]; then __awsx_where; fi
    typeset -g __awsx_pwd=$PWD
    if [[ (-n ${__awsx_pin-} || -s ${__awsx_recent:h}/pins) && -r ${__awsx_file:h}/pin.zsh ]]; then
      source ${__awsx_file:h}/pin.zsh && __awsx_look_for_pins
    fi
  }

  # Put the segment before PROMPT. This waits for the first prompt, because the rc file and its theme may set PROMPT
  # after us. It is done again when PROMPT has lost our part, so our hook moves behind those that set PROMPT.
  function __awsx_place_segment {
    setopt local_options no_xtrace # the escape sequences in PROMPT would act on the terminal
    local -i is_first=0
    if [[ -z ${__awsx_placed-} ]]; then
      is_first=1
      __awsx_wrap
    fi
    typeset -g __awsx_placed=$$
    if [[ -n ${functions[p10k]+x}${functions[spaceship]+x}${TRANSIENT_PROMPT_PROMPT+x} ]] && __awsx_place_in_theme; then
      return 0
    fi
    if [[ -n ${AWSX_NO_PROMPT-}${AWSX_EXPORT_PROMPT-} ]]; then return 0; fi
    if ((is_first)) && [[ ${precmd_functions[-1]-} != __awsx_precmd ]]; then
      precmd_functions=(${precmd_functions:#__awsx_precmd} __awsx_precmd)
    fi
    __awsx_put_before PROMPT
  }

  # Put the segment before the prompt in variable $1, or anew where it stands in it already. The prompt only says which
  # elements of psvar to print, and in which colours; the words of the segment are in psvar, because zsh prints what is
  # in there without expanding it. %69v and %70v print nothing: they mark where our part begins and ends.
  function __awsx_put_before {
    local text=${(P)1-}
    case $text in
      *awsx_prompt*) ;;
      *%69v*%70v*) typeset -g "$1=${text%%\%69v*}%69v${__awsx_places-}%70v${text#*\%70v}" ;;
      *) typeset -g "$1=%69v${__awsx_places-}%70v$text" ;;
    esac
  }

  # Load themes.zsh, which defines this function anew, beside a theme that would lose the segment.
  function __awsx_place_in_theme {
    [[ -r ${__awsx_file:h}/themes.zsh ]] && source ${__awsx_file:h}/themes.zsh && __awsx_place_in_theme
  }

  # Load wrap.zsh, which defines this function anew. That waits for the first prompt, so that no `aws` in ~/.zshrc opens
  # a browser, and so that we see the functions that the person has defined under such a name.
  function __awsx_wrap {
    if [[ -n ${AWSX_WRAP-aws} && -r ${__awsx_file:h}/wrap.zsh ]]; then
      source ${__awsx_file:h}/wrap.zsh && __awsx_wrap
    fi
  }

  # Set __awsx_segment, psvar and __awsx_places for the profile that the next command will use. Start the core if it has
  # to write the memos first.
  function __awsx_draw {
    local IFS=$' \t\n' $__awsx_fields $__awsx_session_fields used_profile used_variable memo_of
    local __awsx_origin inputs overrides
    # Look for compdef at each draw: ~/.zshrc may run compinit before us, after us, or never.
    if [[ -z ${__awsx_completes-} && -n ${functions[compdef]+there} ]]; then
      typeset -g __awsx_completes=$$
      compdef _awsx awsx
    fi
    typeset -g __awsx_segment= __awsx_drawn= __awsx_leave_after= __awsx_needs=
    psvar[71,82]=("" "" "" "" "" "" "" "" "" "" "" "") # a Ctrl-C during this must not leave the old words
    if [[ -n ${__awsx_later-} && ${DIRENV_DIFF-} != "${__awsx_direnv-}" ]]; then __awsx_undo again; fi
    if ! __awsx_find_used_profile && [[ -z ${AWS_ACCESS_KEY_ID:+x}${AWS_WEB_IDENTITY_TOKEN_FILE:+x} ]]; then
      if [[ -n ${AWSX_EXPORT_PROMPT-} ]]; then unset -v AWSX_PROMPT; fi
      if [[ -z ${__awsx_default+x} ]]; then __awsx_look_for_default; fi
      if [[ -z $__awsx_default ]]; then return 0; fi
      used_profile=default used_variable=default
    fi
    if __awsx_is_gone; then # say so once, and draw nothing
      if [[ ${__awsx_told_gone-} != $$ ]]; then __awsx_tell_gone; fi
      if [[ -n ${AWSX_EXPORT_PROMPT-} ]]; then unset -v AWSX_PROMPT; fi
      return 0
    fi
    memo_of=$used_profile
    if [[ -z $used_variable && -n ${AWS_WEB_IDENTITY_TOKEN_FILE-} ]]; then memo_of=default; fi
    if { ! __awsx_read_memos "$memo_of" || __awsx_must_look; } && [[ -n $memo_of && -n $__awsx_folder ]]; then
      AWSX_SHELL=zsh AWSX_CACHE=$__awsx_cache \
        $__awsx_python -I -S $__awsx_start --refresh "$memo_of" </dev/null &>/dev/null || :
      __awsx_read_memos "$memo_of" || __awsx_look_elsewhere || __awsx_read_memos "$memo_of" stale || :
    fi
    # Of [default] that nobody has named, all that counts is whether its role comes before a web identity.
    if [[ -z $used_variable && $kind != role ]]; then local ${^__awsx_fields}=; fi
    if [[ $used_variable != default ]]; then
      __awsx_compose
    elif [[ -e $__awsx_folder/default && $kind != missing && " $mark" != *' broken'* ]]; then
      leave=
      __awsx_compose
    else
      typeset -g __awsx_since=$EPOCHSECONDS __awsx_until=99999999999 __awsx_first_word=
    fi
    __awsx_list_inputs
    typeset -g __awsx_drawn=$inputs __awsx_drawn_overrides=$overrides
  }

  # True if the session has ended and the core has not looked since: the AWS CLI may go on with role credentials.
  function __awsx_must_look {
    [[ -n $key && -z $aws_until && ${ends:-0}${renewable:-0} != *[^0-9]* && ${ends:-0} -le EPOCHSECONDS &&
      ${renewable:-0} -le EPOCHSECONDS ]]
  }

  # The core has not written the memos where they belong. True if it has written them into the spare folder: then that
  # is the cache of this terminal.
  function __awsx_look_elsewhere {
    if [[ -n ${__awsx_is_elsewhere-} ]]; then return 1; fi
    typeset -g __awsx_is_elsewhere=1
    __awsx_where
    if __awsx_read_memos "$memo_of"; then return 0; fi
    __awsx_is_elsewhere=
    __awsx_where
    return 1
  }

  # True if the segment need not be drawn anew, like the condition in __awsx_precmd, where other variables decide, too.
  function __awsx_is_drawn_with_overrides {
    local inputs overrides
    __awsx_list_inputs
    [[ EPOCHSECONDS -ge __awsx_since && EPOCHSECONDS -lt __awsx_until && $psvar[71] == $__awsx_first_word &&
      $overrides == "$__awsx_drawn_overrides" && $inputs == "${__awsx_drawn-}" ]] && __awsx_is_fresh
  }

  # Set our caller's `inputs` to the variables that the segment is always drawn from, and `overrides` to those that can
  # override the profile or its region, if any is set. Keys and token files stand there by name only, because `set -x`
  # prints this.
  function __awsx_list_inputs {
    local name
    inputs="${AWS_PROFILE-}|${HOME-}|${XDG_CACHE_HOME-}|${XDG_CONFIG_HOME-}|${AWS_CONFIG_FILE-?}"
    inputs+="|${AWS_SHARED_CREDENTIALS_FILE-?}|${AWS_LOGIN_CACHE_DIRECTORY-?}"
    inputs+="|${NO_COLOR-}|${TERM-}|${COLUMNS-}" overrides=
    for name in $__awsx_by_value; do
      if [[ ${(Pt)name-} == *export* ]]; then overrides+="|$name=${(P)name-}"; fi
    done
    for name in $__awsx_by_presence; do
      if [[ -n ${(P)name:+x} && ${(Pt)name} == *export* ]]; then overrides+="|$name"; fi
    done
    if [[ $overrides == *AWS_ACCESS_KEY_ID* ]]; then
      for name in $__awsx_beside_keys; do overrides+="|${(P)name-}"; done
    fi
    if [[ ${(t)AWS_PROFILE-} != *export* ]]; then overrides+='|?'; fi
    if [[ -n ${__awsx_needs-} ]]; then overrides+='|!'; fi # the profile needs one of them
  }

  # Set __awsx_default: not empty if the settings may say `default = "show"`, so that [default] is drawn where no
  # variable names a profile. (The core says by the file `default` beside the memos whether they do.) This is done once
  # in a terminal, because most people want no segment there, and that is to cost nothing.
  function __awsx_look_for_default {
    typeset -g __awsx_default=
    __awsx_where
    if [[ -f $__awsx_settings && -r $__awsx_settings && "$(<$__awsx_settings)" == *default*=*show* ]]; then
      __awsx_default=show
    fi
  }

  # Set our caller's `used_profile` to the profile that the next `aws` will use, and `used_variable` to the variable
  # that names it. (boto3 reads these variables in the other order.) False if no variable does.
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

  # True if each source is as old as its stamp, or missing like its stamp, and the stock is still the last one. (-nt and
  # -ot are both false for a missing file.) A source in whose path there was a link must still be the file to which its
  # pointer leads. Nothing here shows the change of a file that keeps its mtime to the nanosecond.
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
      -z $__awsx_token_stamp && ! -e $__awsx_token) && (-z $__awsx_pointers ||
      (-z $__awsx_config_at || $__awsx_config -ef $__awsx_config_at) &&
      (-z $__awsx_credentials_at || $__awsx_credentials -ef $__awsx_credentials_at) &&
      (-z $__awsx_settings_at || $__awsx_settings -ef $__awsx_settings_at)) ]]
  }

  # Find the stamps and pointers of stock $1. The stamp of a source that did not exist is empty, and so is the pointer
  # of a source in whose path there was no link.
  function __awsx_find_stamps {
    __awsx_stock=$__awsx_folder/g.$1 __awsx_config_stamp=$__awsx_folder/config.$1
    __awsx_credentials_stamp=$__awsx_folder/credentials.$1 __awsx_settings_stamp=$__awsx_folder/settings.$1
    if [[ ! -e $__awsx_config_stamp ]]; then __awsx_config_stamp=; fi
    if [[ ! -e $__awsx_credentials_stamp ]]; then __awsx_credentials_stamp=; fi
    if [[ ! -e $__awsx_settings_stamp ]]; then __awsx_settings_stamp=; fi
    __awsx_config_at=$__awsx_folder/config-at.$1 __awsx_credentials_at=$__awsx_folder/credentials-at.$1
    __awsx_settings_at=$__awsx_folder/settings-at.$1
    if [[ ! -L $__awsx_config_at ]]; then __awsx_config_at=; fi
    if [[ ! -L $__awsx_credentials_at ]]; then __awsx_credentials_at=; fi
    if [[ ! -L $__awsx_settings_at ]]; then __awsx_settings_at=; fi
    __awsx_pointers=$__awsx_config_at$__awsx_credentials_at$__awsx_settings_at
  }

  # True if the lists that the core keeps for completion are fresh.
  function __awsx_is_stamped {
    local __awsx_token= __awsx_token_stamp= __awsx_stock
    local __awsx_config_stamp __awsx_credentials_stamp __awsx_settings_stamp
    local __awsx_config_at __awsx_credentials_at __awsx_settings_at __awsx_pointers
    local -a own=($__awsx_folder(NUf:go-w:) $__awsx_folder/stock(Nr.Uf:go-w:))
    if [[ -z $__awsx_folder || $#own -ne 2 ]]; then return 1; fi
    __awsx_find_stamps ${"$(<$__awsx_folder/stock)"##* }
    __awsx_is_fresh
  }

  # Read the memos of profile $1 and of its session into our caller's variables, one for each field. False if there is
  # none, or if one is stale: then the core has to write it first. Ignore memos that other users can write. $2 changes
  # what is accepted. `stale`: also stale memos, for a prompt where the core could not write. `usable`: only what this
  # shell may use without the core, so the files have no mistakes, and the session lasts for another minute or there is
  # none.
  function __awsx_read_memos {
    local at file fields own from="${HOME-}|${XDG_CACHE_HOME-}|${XDG_CONFIG_HOME-}|${XDG_STATE_HOME-}"
    from+="|${AWS_CONFIG_FILE-?}|${AWS_SHARED_CREDENTIALS_FILE-?}"
    if [[ -z ${EPOCHSECONDS-} ]] && ! zmodload zsh/datetime 2>/dev/null; then return 1; fi
    if [[ $from != "${__awsx_places_from-}" ]]; then
      __awsx_where
      __awsx_places_from=$from
    fi
    file=$__awsx_folder/p.${${1//\%/%25}//\//%2F} __awsx_drawn= # the stamps change, so the segment must be drawn anew
    if [[ -n $__awsx_folder ]]; then own=($__awsx_folder(NUf:go-w:) $file(Nr.Uf:go-w:)); fi
    if [[ $#own -eq 2 ]]; then fields=("${(@ps:\x1f:)$(<$file)}"); fi
    # The file has several lines where a file system ignores the case of names.
    if [[ $#fields -gt $#__awsx_fields+1 ]]; then
      fields=(${(M)${(f)"$(<$file)"}:#${(b)1}$'\x1f'*})
      fields=("${(@ps:\x1f:)fields[1]}")
    fi
    if [[ $#fields -ne $#__awsx_fields+1 || $fields[-1] != . || $fields[1] != "$1" ]]; then fields=(); fi
    # BEGIN: written by scripts/generate, do not edit
    name=$fields[1] key=$fields[2] kind=$fields[3] region=$fields[4] exports=$fields[5] told=$fields[6]
    mark=$fields[7] needs=$fields[8] aws_until=$fields[9] aws_clock=$fields[10] leave=$fields[11] soon=$fields[12]
    below=$fields[13] colours=$fields[14] short_regions=$fields[15] look=$fields[16] narrow=$fields[17]
    stock=$fields[18]
    # END: written by scripts/generate
    ends= renewable= stamp= __awsx_token= __awsx_token_stamp=
    # These fields are numbers, or names of variables. Refuse anything else: zsh would evaluate it in (( )) or as the
    # index of an array, or write it to the terminal.
    if [[ -z $stock || $key$stock == *[^0-9a-f]* || $aws_until$leave$soon$below$colours == *[^0-9\;\ ]* ||
      $needs == *[^A-Z_\ ]* ]]; then
      for at in $__awsx_fields; do typeset -g $at=; done
      __awsx_stock=
      return 1
    fi
    if [[ ${__awsx_stock-} != $__awsx_folder/g.$stock ]]; then __awsx_find_stamps $stock; fi
    if [[ -n $key ]]; then
      __awsx_token=$__awsx_home/.aws/sso/cache/$key.json file=$__awsx_folder/s.$key
      # A session of `aws login` has a sha256 in place of a sha1. (The core alone expands a `~` or a $VARIABLE in this
      # path. The memo then counts as stale at each prompt.)
      if [[ $#key -eq 64 ]]; then __awsx_token=${AWS_LOGIN_CACHE_DIRECTORY-$__awsx_home/.aws/login/cache}/$key.json; fi
      own=($file(Nr.Uf:go-w:))
      if [[ $#own -eq 1 ]]; then
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

  # Set our caller's `time_left` (`6h`) from `ends` and `renewable`. Also set `hue`: 1 if it is good, 2 if little is
  # left, 3 if it has expired; and `until`, when one of the two changes, in seconds since 1970.
  function __awsx_find_time_left {
    local -i now=EPOCHSECONDS seconds left last
    time_left=expired hue=3 until=99999999999
    if [[ ${ends:-x}${renewable:-x} == *[^0-9]* ]]; then return 0; fi # (( )) would evaluate it
    seconds=$((ends - now)) last=$((ends - ${soon:-1800}))
    left=$((seconds + 5)) # a login of one hour is a moment old, and still one of one hour
    if ((seconds < 1)); then
      if ((renewable > now)); then time_left=renews hue=2; fi
    elif ((left < 60)); then
      time_left='<1m' hue=2 until=$ends
    elif ((left < 3600)); then
      time_left=$((left / 60))m hue=1 until=$((now + left % 60 + 1))
    elif ((left < 172800)); then
      time_left=$((left / 3600))h hue=1 until=$((now + left % 3600 + 1))
    else
      time_left=$((left / 86400))d hue=1 until=$((now + left % 86400 + 1))
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

  # Load segment.zsh, which defines this function anew, when there is something to show for the first time.
  function __awsx_compose {
    if [[ -r ${__awsx_file:h}/segment.zsh ]]; then
      source ${__awsx_file:h}/segment.zsh && __awsx_compose
    fi
  }

  # Set our caller's `__awsx_origin` to who set AWS_PROFILE: `awsx` in this terminal, `inherited` from the shell's
  # parent, or else `hand`, somebody who typed it.
  function __awsx_find_origin {
    __awsx_origin=hand
    if [[ ${AWSX_OWNER-} == $$ && ${__awsx_mine_AWS_PROFILE-} == "=${AWS_PROFILE-}" ]]; then
      __awsx_origin=awsx
    elif [[ -n ${__awsx_inherited-} && $__awsx_inherited == "${AWS_PROFILE-}" ]]; then
      __awsx_origin=inherited
    fi
  }

  # Load complete.zsh, which defines this function anew, at the first Tab.
  function _awsx {
    [[ -r ${__awsx_file:h}/complete.zsh ]] && source ${__awsx_file:h}/complete.zsh && _awsx "$@"
  }

  # Set up the prompt again: if ~/.zshrc was read a second time, it may have set PROMPT again, too.
  unset -v __awsx_placed __awsx_drawn __awsx_leave_after __awsx_places_from __awsx_completes __awsx_default \
    __awsx_pwd __awsx_pins_stamp

  if [[ -o interactive ]]; then
    zmodload zsh/datetime 2>/dev/null
    typeset -ga precmd_functions
    if ((! ${precmd_functions[(Ie)__awsx_precmd]})); then precmd_functions+=(__awsx_precmd); fi
    # powerlevel10k reads its settings in its own hook, at the first prompt; ours adds to them (themes.zsh).
    if [[ -n ${functions[p10k]+x} ]]; then precmd_functions=(__awsx_precmd ${precmd_functions:#__awsx_precmd}); fi
  fi
elif [[ -o interactive ]]; then
  print -ru2 -- "awsx: not loaded: zsh $ZSH_VERSION is too old, it takes 5.3 or later"
fi
