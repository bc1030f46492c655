# shellcheck shell=bash disable=SC2034,SC2088,SC2128
# (SC2034: segment.bash uses the fields of the memos that are read here. SC2088: the tilde in quotes is meant as a
# character. SC2128: PROMPT_COMMAND may be a string or an array.)
#
# awsx for bash 3.2 and later: the function `awsx` and the segment in the prompt. Source this file from ~/.bashrc. It
# prints nothing, may be sourced twice, and starts no process but the core, awsx's Python program. (bash before 4.2 has
# no clock, so one `date` runs there.)
#
# Variables that you may set:
#   AWSX_PYTHON      the Python that has awsx installed (default: python3 on PATH); `awsx init bash` fills it in
#   AWSX_NO_PROMPT   any value: awsx leaves PS1 alone; put "\$(awsx_prompt)" or '${__awsx_segment-}' in it yourself
#   AWSX_EXPORT_PROMPT   any value: awsx leaves PS1 alone and exports the segment without colours as AWSX_PROMPT, for a
#                    prompt that another program draws
#   AWSX_WRAP        the commands before which awsx logs in if the session has ended, separated by blanks (default: the
#                    list in the settings under [login], or else aws)
#   NO_COLOR         any value: the segment has no colours
# The settings in ~/.config/awsx/config.toml say how the segment looks: [prompt] and [colors].
#
# The core tells this shell what to change through a file, the hand-over: a line NAME=VALUE to export, a line NAME to
# unset, and `.` at the end. The core also leaves memos (awsx/files/memo.py). From them this shell switches to a profile
# that has been used before, without starting a process. Both are read as data and assigned, never evaluated.
#
# Functions return text in variables of their caller, because `$(...)` would start a process; their comments name these
# variables. A command costs 1 to 4 us here, so a switch and a prompt use few of them. bash copies a function each time
# it is called, so what is rarely needed has a function of its own.

# Other shells stop here, before they reach syntax that only bash can parse. (`return` ends only this file.)
[ -n "${BASH_VERSION-}" ] || return 0

# All code stands in one compound command, because bash runs it only after it has read all of it: half a file does
# nothing.
if [ -n "${BASH_VERSION-}" ]; then

  \builtin unalias awsx awsx_prompt 2>/dev/null || \builtin :

  __awsx_file=${BASH_SOURCE[0]}
  case $__awsx_file in /*) ;; *) __awsx_file=$PWD/$__awsx_file ;; esac
  # In a checkout the core is in ../awsx; in an installed package this folder is inside the core's.
  __awsx_start=${__awsx_file%/*/*}/awsx/start.py
  if [[ ! -e $__awsx_start ]]; then __awsx_start=${__awsx_file%/*/*}/start.py; fi
  __awsx_python=${AWSX_PYTHON:-python3}
  __awsx_shell=bash

  # Facts that the core knows, too: names of variables, and the fields of a memo.
  # BEGIN: written by scripts/generate, do not edit
  __awsx_format=v5-c5e3be19
  __awsx_profiles=(AWS_PROFILE AWS_DEFAULT_PROFILE)
  __awsx_regions=(AWS_REGION AWS_DEFAULT_REGION)
  __awsx_by_value=(AWS_DEFAULT_PROFILE AWS_REGION AWS_DEFAULT_REGION AWS_CREDENTIAL_EXPIRATION)
  __awsx_by_presence=(
    AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_WEB_IDENTITY_TOKEN_FILE AWS_ROLE_ARN
    AWS_CONTAINER_CREDENTIALS_RELATIVE_URI AWS_CONTAINER_CREDENTIALS_FULL_URI
  )
  __awsx_beside_keys=(
    AWS_SESSION_EXPIRATION AWS_VAULT AWSUME_PROFILE AWS_SSO_PROFILE AWSU_PROFILE GRANTED_SSO
    GRANTED_SSO_ROLE_NAME GRANTED_SSO_START_URL GRANTED_SSO_ACCOUNT_ID
  )
  __awsx_exported=(AWSX_OWNER AWSX_REGION AWSX_PROMPT AWSX_EXEC)
  __awsx_fields=(
    name key kind region exports told mark needs aws_until aws_clock leave soon below colours short_regions look
    narrow stock
  )
  __awsx_session_fields=(ends renewable stamp)
  __awsx_rival_names=(
    AWS_DEFAULT_PROFILE AWS_EB_PROFILE AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN
    AWS_SECURITY_TOKEN AWS_CREDENTIAL_EXPIRATION AWS_ROLE_ARN AWS_ROLE_SESSION_NAME AWS_WEB_IDENTITY_TOKEN_FILE
    AWS_CONTAINER_CREDENTIALS_RELATIVE_URI AWS_CONTAINER_CREDENTIALS_FULL_URI AWS_CONTAINER_AUTHORIZATION_TOKEN
    AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE
  )

  # Empty the variables of our caller that are named as the fields of the memos.
  function __awsx_forget {
    name="" key="" kind="" region="" exports="" told="" mark="" needs="" aws_until="" aws_clock="" leave=""
    soon="" below="" colours="" short_regions="" look="" narrow="" stock="" ends="" renewable="" stamp=""
  }

  # Set __awsx_rivals to the names that a switch puts aside, each after a blank. Mostly the variables that are set are
  # the same as when there was no rival: then there is none now.
  function __awsx_find_rivals {
    __awsx_rivals=""
    [ "${!AWS_*}${__awsx_changed-}" = "${__awsx_names_without_rivals-}" ] || __awsx_collect_rivals
  }

  # A switch puts aside the rivals that are set, and those that are set again when the last switch is undone.
  function __awsx_collect_rivals {
    \builtin local name found=""
    for name in ${!AWS_*} ${__awsx_changed-}; do
      case $name in
        AWS_DEFAULT_PROFILE | AWS_EB_PROFILE) found="$found $name" ;;
        AWS_ACCESS_KEY_ID | AWS_SECRET_ACCESS_KEY) found="$found $name" ;;
        AWS_SESSION_TOKEN | AWS_SECURITY_TOKEN) found="$found $name" ;;
        AWS_CREDENTIAL_EXPIRATION | AWS_ROLE_ARN) found="$found $name" ;;
        AWS_ROLE_SESSION_NAME | AWS_WEB_IDENTITY_TOKEN_FILE) found="$found $name" ;;
        AWS_CONTAINER_CREDENTIALS_RELATIVE_URI | AWS_CONTAINER_CREDENTIALS_FULL_URI) found="$found $name" ;;
        AWS_CONTAINER_AUTHORIZATION_TOKEN*) found="$found $name" ;;
      esac
    done
    if [[ -z $found ]]; then
      __awsx_names_without_rivals="${!AWS_*}${__awsx_changed-}"
      \builtin return 0
    fi
    for name in "${__awsx_rival_names[@]}" $found; do # in the order of the core
      if [[ "$found " == *" $name "* && "$__awsx_rivals " != *" $name "* ]]; then
        __awsx_rivals="$__awsx_rivals $name"
      fi
    done
  }
  # END: written by scripts/generate
  # The variables that __awsx_read_memos sets. Its callers make them local.
  __awsx_memo_locals=("${__awsx_fields[@]}" "${__awsx_session_fields[@]}" places_from file end)

  # bash before 5 compares whole seconds, so the core takes no file for unchanged that has changed just now.
  if [[ ${BASH_VERSINFO[0]} -lt 5 ]]; then __awsx_shell=bash4; fi

  # After `exec bash` the pid is the same, but our saved variables are gone: treat the profile as inherited.
  if [[ ${AWSX_OWNER-} == "$$" && -z ${__awsx_changed-} ]]; then AWSX_OWNER=0; fi
  # Remember the profile and the region that come from the parent process. The prompt marks such a profile until the
  # person switches to one.
  if [[ ${AWSX_OWNER-} != "$$" ]]; then
    __awsx_inherited=${AWS_PROFILE-} __awsx_inherited_region=${AWSX_REGION-}
    \builtin unset -v __awsx_pin __awsx_pin_holds # from a parent with `set -a`
  fi

  function awsx {
    # A switch comes first, because it is what people wait for. `set -x` would show the secrets that are put aside, and
    # a script that inherited this function (`set -a` exports functions) has not got the arrays: the core takes over
    # there.
    if [[ $# -eq 1 && $1 != -?* && $1 != off && $- != *x* && -n ${__awsx_fields+x} ]]; then
      __awsx_switch "$1" && \builtin return 0
      if [[ $? -eq 2 ]]; then \builtin return 1; fi
    fi
    \builtin local IFS=$' \t\n' __awsx_code=0 __awsx_readonly=""
    __awsx_try_memos "$@" || __awsx_ask_core "$@"
    \builtin return "$__awsx_code"
  }

  # Run the core with these arguments and apply what it hands over. The exit code goes to our caller's __awsx_code. The
  # core runs in a loop, because only out of a loop bash 3.2 gives up the whole line after Ctrl-C.
  function __awsx_ask_core {
    if __awsx_is_gone; then
      __awsx_tell_gone
      __awsx_code=127
      \builtin return 0
    fi
    \builtin local __awsx_handover __awsx_origin __awsx_once __awsx_left="${__awsx_mine_AWS_PROFILE-}" __awsx_pinned=""
    if [ "${__awsx_pin_profile-}" = "${AWS_PROFILE-}" ]; then __awsx_pinned=${__awsx_pin_told-}; fi
    __awsx_is_elsewhere="" # there may be room again
    __awsx_where
    __awsx_find_spare
    for __awsx_handover in "$__awsx_spare/shell.$$" "$__awsx_run/shell.$$"; do
      if __awsx_is_own_file "$__awsx_handover"; then \builtin : >|"$__awsx_handover"; fi
    done
    __awsx_drawn="" # the prompt's mark for the origin may change even if the profile stays the same
    __awsx_find_origin
    # shellcheck disable=SC2043 # once
    for __awsx_once in core; do
      AWSX_HANDOVER=$__awsx_handover AWSX_SPARE=${TMPDIR:-/tmp} AWSX_PREVIOUS=${__awsx_previous-} AWSX_PID=$$ \
        AWSX_SHELL=$__awsx_shell AWSX_CACHE=$__awsx_cache AWSX_ORIGIN=$__awsx_origin AWSX_SWITCHED_TO=${__awsx_left#=} \
        AWSX_PINNED=$__awsx_pinned "$__awsx_python" -I -S "$__awsx_start" "$@" || __awsx_code=$?
    done
    __awsx_pwd="" # the core may have changed the pins: look at them again
    if ! __awsx_is_own_file "$__awsx_handover"; then
      __awsx_find_spare
      __awsx_handover=$__awsx_spare/shell.$$
      __awsx_is_own_file "$__awsx_handover" || \builtin return 0
      __awsx_is_elsewhere=1
      __awsx_where
    fi
    __awsx_take_handover "$__awsx_handover"
  }

  # True if awsx was uninstalled while this terminal was open.
  function __awsx_is_gone { [[ ! -e $__awsx_start ]]; }

  function __awsx_tell_gone {
    __awsx_told_gone=$$
    __awsx_say 31 "awsx was uninstalled; open a new terminal"
  }

  # True if the file $1 has content and only this user can have written it: it is no link, and its folder is ours.
  function __awsx_is_own_file {
    [[ -s $1 && -O $1 && ! -L $1 && -O ${1%/*} ]]
  }

  # Set our caller's `places_from` to the values of all variables that decide where the files are.
  function __awsx_read_place_variables {
    places_from="${HOME-}|${XDG_CACHE_HOME-}|${XDG_CONFIG_HOME-}|${AWS_CONFIG_FILE-?}|${AWS_SHARED_CREDENTIALS_FILE-?}"
    places_from+="|${AWS_LOGIN_CACHE_DIRECTORY-?}"
  }

  # Set __awsx_spare to the folder that takes the place of ~/.cache/awsx, by the rules of awsx/files/paths.py: if
  # somebody else has made a folder or a link of its name, it has another one.
  function __awsx_find_spare {
    \builtin local end
    for end in "" .1 .2 .3 .4 .5 .6 .7 .8 .9 ""; do
      __awsx_spare=${TMPDIR:-/tmp}/awsx-$UID$end
      if [[ ! -L $__awsx_spare && (! -e $__awsx_spare || -d $__awsx_spare && -O $__awsx_spare) ]]; then
        \builtin return 0
      fi
    done
  }

  # Find the paths of all files that this terminal uses. The spare folder is the cache if the other one is not ours or
  # cannot be written (HOME may be read-only), or if the core has found that out ($__awsx_is_elsewhere: a full disk).
  function __awsx_where {
    \builtin local there places_from
    __awsx_read_place_variables
    __awsx_places_from=$places_from
    __awsx_home=${HOME-}
    if [[ -z $__awsx_home ]]; then __awsx_home=~; fi
    __awsx_cache=$__awsx_home/.cache/awsx
    if [[ ${XDG_CACHE_HOME-} == /* ]]; then __awsx_cache=$XDG_CACHE_HOME/awsx; fi
    there=$__awsx_cache
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
    # Only the core can resolve a relative path, or one with a $VARIABLE in it. Without a folder there are no memos.
    case $__awsx_config:$__awsx_credentials in *'$'* | [!/:]* | *:[!/]* | */../*) __awsx_folder="" ;; esac
    __awsx_recent=$__awsx_home/.local/state/awsx/recent
    if [[ ${XDG_STATE_HOME-} == /* ]]; then __awsx_recent=$XDG_STATE_HOME/awsx/recent; fi
  }

  # --- without a process ----------------------------------------------------------------------------------------------

  # Do `off` or `exec` without the core. False if that cannot be done, and nothing is changed then. The exit code goes
  # to our caller's __awsx_code.
  function __awsx_try_memos {
    if [[ $- == *x* || -z ${__awsx_fields+x} ]]; then
      \builtin return 1
    elif [ $# = 1 ] && [ "$1" = off ]; then
      __awsx_leave
    elif [ $# -gt 3 ] && [ "$1,$3" = exec,-- ]; then
      __awsx_may_exec "$2" "$4" && __awsx_exec "$2" "${@:4}"
    else
      \builtin return 1
    fi
  }

  # Switch to profile $1; `-` is the previous one. If the memos are not enough for it, change nothing and return 1: the
  # profile was not used before, files have changed, or the session has ended. 2: some variables are readonly.
  function __awsx_switch {
    \builtin local IFS=$' \t\n' __awsx_code=0 __awsx_readonly="" __awsx_rivals before="${AWS_PROFILE-}" now hue until \
      put_aside="" time_left="" "${__awsx_memo_locals[@]}"
    if [[ $1 == - ]]; then \builtin set -- "${__awsx_previous-}"; fi
    __awsx_may_use "$1" || \builtin return 1
    if [[ -z $exports && -n ${AWS_REGION-}${AWS_DEFAULT_REGION-} ]]; then
      __awsx_name_region || \builtin return 1
    fi
    __awsx_find_rivals
    __awsx_replace_profile "$1" || __awsx_undo_and_switch "$1"
    if [[ -n $key ]]; then
      if [[ "$ends $renewable" != "${__awsx_time_left_of-}" || $now -lt $__awsx_time_left_since ||
        $now -ge $__awsx_time_left_until ]]; then
        __awsx_find_time_left
        case $time_left in *+) time_left="${time_left%+}, renews itself" ;; esac
        __awsx_time_left=$time_left __awsx_time_left_of="$ends $renewable"
        __awsx_time_left_since=$now __awsx_time_left_until=$until
      fi
      time_left=", session $__awsx_time_left"
    fi
    put_aside="${put_aside:+, put aside until \`awsx off\`:$put_aside}"
    __awsx_say 2 "$told, ${region:-no region}$time_left$put_aside${__awsx_by-}"
    if [[ -f $__awsx_recent && -w $__awsx_recent && -O $__awsx_recent ]]; then
      \builtin printf '%s\n' "$1" 2>&- >>"$__awsx_recent" || \builtin : # the disk may be full
    fi
    if [[ -n $__awsx_readonly ]]; then
      __awsx_tell_readonly
      \builtin return 2
    fi
  }

  # Undo the last switch, then switch to profile $1. Sets our caller's `put_aside` to the names to tell.
  function __awsx_undo_and_switch {
    for name in $__awsx_rivals; do
      if [[ -n ${!name-} ]] && __awsx_is_exported "$name"; then put_aside="$put_aside $name"; fi
    done
    __awsx_set_profile "$1" 2>/dev/null
    if [[ -n $before ]]; then __awsx_remember "$before"; fi
  }

  # Make the same changes as the core's hand-over for a switch to profile $1.
  function __awsx_set_profile {
    \builtin local name
    __awsx_assign AWSX_OWNER "AWSX_OWNER=$$"
    __awsx_assign AWS_PROFILE "AWS_PROFILE=$1"
    if [[ -n $exports ]]; then
      for name in "${__awsx_regions[@]}" AWSX_REGION; do __awsx_assign "$name" "$name=$exports"; done
    elif [[ -n ${AWSX_REGION+set} ]]; then
      __awsx_assign AWSX_REGION AWSX_REGION
    fi
    for name in $__awsx_rivals; do # undoing the last switch may have set some of them again
      if [[ -n ${!name+x} ]]; then __awsx_assign "$name" "$name"; fi
    done
  }

  # Do what `awsx off` does, or change nothing and return false. If $1 is given, add that reason to the message, and say
  # nothing about a profile that was set by hand. The core has to do it if it would not print a name as it is: names
  # that are long, not ASCII, or have two blanks side by side.
  function __awsx_leave {
    \builtin local LC_ALL=C before="${AWS_PROFILE-}" mine="${__awsx_mine_AWS_PROFILE-}" stays=""
    mine=${mine#=}
    __awsx_drawn="" # the prompt's mark for the origin may change even if the profile stays the same
    if [[ ${AWSX_OWNER-} != "$$" || ${__awsx_changed-} != *AWS_PROFILE* || $mine$before == *[!\ -~]* ||
      ${#mine} -gt 80 || ${#before} -gt 80 || " $mine . ${before:-.} " == *"  "* ]]; then
      \builtin return 1
    fi
    if ! [ "$before" = "$mine" ]; then stays=$before; fi
    if [[ -n $stays ]]; then
      __awsx_is_exported AWS_PROFILE || \builtin return 1
      if [ "$stays" = "${__awsx_inherited-}" ]; then \builtin return 1; fi
    fi
    {
      __awsx_assign AWSX_OWNER AWSX_OWNER
      if [[ -n ${AWSX_REGION+set} ]]; then __awsx_assign AWSX_REGION AWSX_REGION; fi
    } 2>/dev/null
    if [[ -n $before ]]; then __awsx_remember "$before"; fi
    if [[ -z ${1-} ]] || [ "$before" = "$mine" ]; then
      __awsx_say 2 "left $mine${1-}"
    fi
    if [[ -n $stays && -z ${1-} ]]; then
      __awsx_say 33 "AWS_PROFILE=$stays was not set by awsx and stays; $__awsx_drop_it"
    fi
    __awsx_tell_readonly
  }

  __awsx_drop_it='to drop it: unset AWS_PROFILE (fish: set -e AWS_PROFILE)'

  # Print the message $2 to stderr as awsx/term.py does: dim (2) for what was done, yellow (33) in front for what is not
  # as it should be, and red (31) for an error; without colours where stderr is no terminal or wants none.
  function __awsx_say {
    if [[ ! -t 2 || -n ${NO_COLOR-} || ${TERM:-dumb} == dumb ]]; then
      \builtin printf 'awsx: %s\n' "$2" >&2
    elif [[ $1 == 2 ]]; then
      \builtin printf '\e[2mawsx: %s\e[0m\n' "$2" >&2
    else
      \builtin printf '\e[%smawsx:\e[0m %s\n' "$1" "$2" >&2
    fi
  }

  # True if the memos say that profile $1 can be used now, and the command $2 is a program.
  function __awsx_may_exec {
    \builtin local "${__awsx_memo_locals[@]}" now
    __awsx_may_use "$1" && __awsx_can_set_profile && \builtin type -P -- "$2" >/dev/null &&
      __awsx_keep __awsx_exports "$exports"
  }

  # NAME COMMAND ARGUMENT...: run the command in the environment that awsx/commands/execute.py makes. The subshell
  # becomes the command. This function has no local variables with common names, because they would hide variables of
  # these names that the person exports.
  function __awsx_exec {
    (
      \builtin set +a
      for __awsx_at in "${__awsx_regions[@]}"; do
        if [[ -n ${AWSX_REGION-} ]] && [ "${!__awsx_at-}" = "$AWSX_REGION" ]; then \builtin unset -v "$__awsx_at"; fi
        if [[ -n $__awsx_exports ]]; then \builtin export "$__awsx_at=$__awsx_exports"; fi
      done
      __awsx_find_rivals
      for __awsx_at in "${__awsx_exported[@]}" $__awsx_rivals; do
        \builtin unset -v "$__awsx_at" || \builtin exit 1
      done
      \builtin export "AWS_PROFILE=$1" || \builtin exit 1
      \builtin shift
      \builtin exec -- "$@"
    ) || __awsx_code=$?
  }

  # True if the memos are enough to switch to profile $1: they are fresh, have the message of the switch, nothing is
  # wrong in the files, and the session, if there is one, lasts for another minute (the core wants that, too). With a $2
  # the message may be missing. Sets our caller's __awsx_memo_locals and `now`.
  function __awsx_may_use {
    now=${EPOCHSECONDS-}
    if [[ -z $now ]]; then __awsx_clock; fi
    __awsx_read_place_variables
    if ! [ "$places_from" = "${__awsx_places_from-}" ]; then __awsx_where; fi
    __awsx_drawn="" # reading replaces the stamps that the prompt compares with
    if [[ -z $__awsx_folder ]] || ! __awsx_read_memos "$1" || [[ -n $__awsx_problems || -z $told${2-} ]]; then
      \builtin return 1
    fi
    # Only digits may reach arithmetic, which evaluates what it is given.
    [[ -z $key || ${ends:-x}${renewable:-x} != *[!0-9]* && $((ends - now)) -gt 60 ]]
  }

  # Set our caller's `region` to what the message of a switch says about it: the profile's own region, unless a variable
  # beats it. False if the value is unusual: the core knows how to print that.
  function __awsx_name_region {
    \builtin local own="$region" name value
    for name in "${__awsx_regions[@]}"; do
      value=${!name-}
      if [[ -n $value && $value != "$own" && $value != "${AWSX_REGION-}" ]] && __awsx_is_exported "$name"; then
        if [[ $value == *[!a-z0-9-]* || ${#value} -gt 32 ]]; then \builtin return 1; fi
        region="$value (from $name, not the profile's ${own:-none})"
        \builtin return 0
      fi
    done
  }

  # Remember $1 as the profile to which `awsx -` goes back, if it is another one than now.
  function __awsx_remember {
    if ! [ "$1" = "${AWS_PROFILE-}" ]; then __awsx_keep __awsx_previous "$1"; fi
  }

  # --- the hand-over --------------------------------------------------------------------------------------------------

  # Apply the hand-over in the file $1, if it is complete. `set -x` is off meanwhile, because it would print the values
  # that are put aside, and they may be secret.
  function __awsx_take_handover {
    case $- in *x*)
      { \builtin set +x; } 2>/dev/null
      __awsx_take_handover "$1" || \builtin :
      \builtin set -x
      \builtin return 0
      ;;
    esac
    \builtin local LC_ALL=C line name last="" before="${AWS_PROFILE-}"
    \builtin local file="$1"
    \builtin set -- first
    while IFS= \builtin read -r line; do
      \builtin set -- "$@" "$line"
      last=$line
    done <"$file"
    \builtin : >|"$file"
    if [[ $last != . ]]; then \builtin return 0; fi
    for line in "$@"; do
      name=${line%%=*}
      case $name in
        *[!A-Z0-9_]*) continue ;;
        AWS_* | AWSX_*) __awsx_assign "$name" "$line" ;;
      esac
    done 2>/dev/null
    __awsx_tell_readonly
    if [[ -n $before ]]; then __awsx_remember "$before"; fi
  }

  # Apply one change: NAME NAME=VALUE exports the variable, NAME NAME unsets it. A switch and `off` change AWSX_OWNER
  # first, and that undoes the last switch: the new one then puts aside what was there before awsx. Our caller sends
  # stderr to /dev/null, where bash complains about readonly variables; their names go to __awsx_readonly.
  function __awsx_assign {
    \builtin local was
    if [[ $1 == AWSX_OWNER ]]; then
      __awsx_leave_after="" # whoever switches is there: the rest is over
      __awsx_undo "$2"
      __awsx_keep __awsx_direnv "${DIRENV_DIFF-}"
      if [[ -n ${__awsx_inherited_region-} && $2 == "AWSX_OWNER=$$" ]]; then __awsx_drop_region; fi
    fi
    if [[ $1 == AWS_* && (-n ${AWSX_OWNER-}) ]]; then
      was=${!1+=${!1}}
      if [[ -n $was ]] && ! __awsx_is_exported "$1"; then was=:${!1}; fi
      \builtin export -n "__awsx_was_$1=$was" "__awsx_mine_$1=${2#"$1"}" "__awsx_changed=${__awsx_changed-} $1"
    fi
    if [[ $2 == *=* ]]; then
      \builtin export "${2?}" || __awsx_readonly="$__awsx_readonly $1"
    else
      \builtin unset -v "$1" || __awsx_readonly="$__awsx_readonly $1"
    fi
  }

  # Print which variables could not be changed, and why.
  function __awsx_tell_readonly {
    \builtin local name
    for name in $__awsx_readonly; do
      __awsx_say 31 "$name is readonly in this shell; start a new one without it"
      __awsx_code=1
    done
  }

  # Unset the region that this shell inherited from a shell in which `-r` or `awsx region` had set it. It was meant for
  # the profile of that shell.
  function __awsx_drop_region {
    \builtin local name
    for name in "${__awsx_regions[@]}"; do
      if [ "${!name-}" = "$__awsx_inherited_region" ]; then __awsx_assign "$name" "$name"; fi
    done
  }

  # Give back each variable as it was before the last switch, unless somebody else has changed it since. The saved text
  # is `=value` for an exported variable, `:value` for one that was not exported, and empty for one that was not set.
  # direnv unsets what it had set for a folder when the person leaves that folder. If DIRENV_DIFF has changed, an unset
  # variable stays unset, so that the keys of that folder do not come back. direnv also gives back what it found when
  # the person came, and that may be awsx's: so if $1 is AWSX_OWNER, as for `awsx off`, __awsx_later notes the
  # variables that direnv has set meanwhile.
  function __awsx_undo {
    case $- in *x*) # `set -x` would print what comes back, and that may be secret
      { \builtin set +x; } 2>/dev/null
      __awsx_undo "$@"
      \builtin set -x
      \builtin return 0
      ;;
    esac
    \builtin local name mine was left=""
    for name in ${__awsx_changed-} ${__awsx_later-}; do
      mine=__awsx_mine_$name was=__awsx_was_$name
      if [[ -n ${__awsx_direnv-} && ${DIRENV_DIFF-} != "$__awsx_direnv" && -z ${!name+set} ]]; then
        \builtin :
      elif [ "${!name+=${!name}}" = "${!mine-}" ]; then # [[ would ignore the case with `shopt -s nocasematch`
        case ${!was-} in
          =*) \builtin export "$name${!was}" || \builtin : ;;
          :*) __awsx_keep "$name" "${!was#:}" || \builtin : ;;
          *) \builtin unset -v "$name" || \builtin : ;;
        esac
      elif [[ -n ${DIRENV_DIFF-} && $1 == AWSX_OWNER ]]; then
        left="$left $name"
        continue
      fi
      \builtin unset -v "$mine" "$was"
    done
    __awsx_keep __awsx_later "$left"
    __awsx_changed=""
  }

  # True if the variable $1 is exported. (bash before 4.4 tells it only by what it would offer to complete the name.)
  if [[ $((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1])) -ge 404 ]]; then
    function __awsx_is_exported { [[ ${!1@a} == *x* ]]; }
    function __awsx_can_set_profile { [[ ${AWS_PROFILE@a} != *r* ]]; } # r: readonly

    # Switch to profile $1 by a change of AWS_PROFILE alone. That is enough if the last switch of this shell changed no
    # other variable either, and nobody has changed AWS_PROFILE since: what was put aside then stays put aside. Return
    # false, and change nothing, if it is not enough.
    function __awsx_replace_profile {
      if [[ -n $__awsx_rivals$exports${AWSX_REGION+x}${__awsx_inherited_region-} || -z $before || $1 == "$before" ]] ||
        [[ ${AWS_PROFILE@a} != x ]] ||
        ! [ "${__awsx_changed-}|${AWSX_OWNER-}|${__awsx_mine_AWS_PROFILE-}" = " AWS_PROFILE|$$|=$before" ]; then
        \builtin return 1
      fi
      \builtin export "AWS_PROFILE=$1"
      \builtin export -n "__awsx_mine_AWS_PROFILE==$1" "__awsx_previous=$before" "__awsx_direnv=${DIRENV_DIFF-}"
      __awsx_leave_after="" # as in __awsx_assign
    }
  else
    function __awsx_is_exported { \builtin compgen -A export -X "!$1" -- "$1" >/dev/null; }
    function __awsx_can_set_profile { :; }
    function __awsx_replace_profile { \builtin return 1; }
  fi

  # Set the variable $1 to $2 and do not export it, not even under `set -a`.
  function __awsx_keep {
    \builtin export -n "$1=$2"
  }

  # --- the prompt -----------------------------------------------------------------------------------------------------

  # Print the segment, for people who place it themselves: PS1='$(awsx_prompt)\$ '. It ends with a blank if it is not
  # empty. It returns the $? that it was called with, so that the rest of PS1 can use it.
  function awsx_prompt {
    \builtin local code="$?"
    __awsx_is_drawn || __awsx_draw # our hook may not have run yet
    \builtin printf %s "${__awsx_segment-}"
    \builtin return "$code"
  }

  function __awsx_precmd {
    \builtin local __awsx_code="$?"
    if [[ -n ${__awsx_leave_after-} ]]; then __awsx_watch_rest; fi
    if ! [ "${PWD-}" = "${__awsx_pwd-}" ] || [[ -n ${__awsx_pins_stamp-} && ! -e $__awsx_pins_stamp ]]; then
      __awsx_look_for_pins
    fi
    __awsx_is_drawn || __awsx_draw
    if [[ -z ${__awsx_placed-} || ${PS1-} != *__awsx_segment* ]]; then __awsx_place_segment; fi
    case $- in *e*) __awsx_code=0 ;; esac # under `set -e` a hook that returns another code ends the shell
    \builtin return "$__awsx_code"
  }

  # Called if the folder or the pins have changed since the last prompt. Load pin.bash, which defines this function
  # anew, if there are pins.
  function __awsx_look_for_pins {
    if [[ -z ${__awsx_recent-} ]]; then __awsx_where; fi
    __awsx_pwd=${PWD-}
    if [[ (-n ${__awsx_pin-} || -s ${__awsx_recent%/*}/pins) && -r ${__awsx_file%/*}/pin.bash ]]; then
      # shellcheck source=shell/pin.bash
      \builtin source "${__awsx_file%/*}/pin.bash" && __awsx_look_for_pins
    fi
  }

  # Put the segment at the beginning of PS1, as the name of a variable, so that bash does not expand its value again.
  # This happens at the first prompt, so that the rc file may set PS1 after it has sourced us, and again when somebody
  # has set PS1 anew.
  function __awsx_place_segment {
    if [[ -z ${__awsx_placed-} ]]; then
      __awsx_step_back
      __awsx_wrap
    fi
    __awsx_placed=$$
    if [[ -n ${AWSX_NO_PROMPT-}${AWSX_EXPORT_PROMPT-} ]] || ! \builtin shopt -q promptvars; then \builtin return 0; fi
    case ${PS1-} in
      *awsx_prompt* | *__awsx_segment*) ;;
      *) \builtin printf -v PS1 %s "\${__awsx_segment-}${PS1-}" 2>/dev/null || \builtin : ;;
    esac
  }

  # Remove our hook from element 0 of PROMPT_COMMAND if it is also in a later element. It was there only while the rc
  # file was read: some scripts take an empty element 0 for an empty PROMPT_COMMAND and overwrite all elements. It must
  # not stay there, because the hooks behind it would see the PIPESTATUS of our commands.
  function __awsx_step_back {
    \builtin local first="${PROMPT_COMMAND-}"
    # Of a string, `[*]:1` would be all but its first character.
    case ${!PROMPT_COMMAND[*]} in *[1-9]*) ;; *) \builtin return 0 ;; esac
    case ${PROMPT_COMMAND[*]:1} in *__awsx_precmd*) ;; *) \builtin return 0 ;; esac
    case $first in
      __awsx_precmd*) first=${first#__awsx_precmd} first=${first#"${first%%[!; $'\n']*}"} ;;
      *__awsx_precmd) first=${first%__awsx_precmd} first=${first%"${first##*[!; $'\n']}"} ;;
      *) \builtin return 0 ;;
    esac
    \builtin printf -v 'PROMPT_COMMAND[0]' %s "$first" 2>/dev/null || \builtin :
  }

  # Load wrap.bash, which defines this function anew. That waits for the first prompt, so that no `aws` in the rc file
  # opens a browser, and so that we see the functions that the person has defined under such a name.
  function __awsx_wrap {
    if [[ -n ${AWSX_WRAP-aws} && -r ${__awsx_file%/*}/wrap.bash ]]; then
      # shellcheck source=shell/wrap.bash
      \builtin source "${__awsx_file%/*}/wrap.bash" && __awsx_wrap
    fi
  }

  # True if the drawn segment still holds: its inputs are the same, and its minute or hour has not passed. This runs at
  # each prompt, and each command and each character of an expansion costs time. So it is one command, it repeats the
  # text of __awsx_is_fresh, and it compares the variables that are rarely set only if they were set. `[` compares the
  # text, because `shopt -s nocasematch` would make [[ ignore its case. (bash before 5 has no EPOCHSECONDS.)
  if [[ ${BASH_VERSINFO[0]} -ge 5 ]]; then
    function __awsx_is_drawn {
      [[ ${EPOCHSECONDS-} -ge ${__awsx_since-1} && ${EPOCHSECONDS-} -lt ${__awsx_until-0} && (
        -n ${__awsx_drawn_overrides-} ||
        -n ${AWS_PROFILE-} && ${AWS_PROFILE@a} == *x* &&
        -z ${AWS_DEFAULT_PROFILE+x}${AWS_ACCESS_KEY_ID:+x}${AWS_WEB_IDENTITY_TOKEN_FILE:+x}${AWS_ROLE_ARN:+x} &&
        -z ${AWS_REGION+x}${AWS_DEFAULT_REGION+x}) ]] &&
        [ "${AWS_PROFILE-}|${HOME-}|${XDG_CACHE_HOME-}|${XDG_CONFIG_HOME-}|${AWS_CONFIG_FILE-?}|${AWS_SHARED_CREDENTIALS_FILE-?}|${AWS_LOGIN_CACHE_DIRECTORY-?}|${NO_COLOR-}|${TERM-}|${COLUMNS-}" = "${__awsx_drawn-}" ] &&
        [[ ! ($__awsx_config -nt $__awsx_config_stamp || $__awsx_config -ot $__awsx_config_stamp ||
          -z $__awsx_credentials_stamp && -e $__awsx_credentials || -z $__awsx_settings_stamp && -e $__awsx_settings ||
          -n $__awsx_credentials_stamp && ($__awsx_credentials -nt $__awsx_credentials_stamp ||
          $__awsx_credentials -ot $__awsx_credentials_stamp) ||
          -n $__awsx_settings_stamp && ($__awsx_settings -nt $__awsx_settings_stamp ||
          $__awsx_settings -ot $__awsx_settings_stamp) ||
          $__awsx_token -nt $__awsx_token_stamp || $__awsx_token -ot $__awsx_token_stamp) && (-z $__awsx_pointers ||
          (-z $__awsx_config_at || $__awsx_config -ef $__awsx_config_at) &&
          (-z $__awsx_credentials_at || $__awsx_credentials -ef $__awsx_credentials_at) &&
          (-z $__awsx_settings_at || $__awsx_settings -ef $__awsx_settings_at)) ]] &&
        { [[ -z ${__awsx_drawn_overrides-} ]] || __awsx_has_same_overrides; }
    }
  else
    function __awsx_is_drawn {
      \builtin local now places_from
      __awsx_clock
      __awsx_read_place_variables
      [[ $now -ge ${__awsx_since-1} && $now -lt ${__awsx_until-0} ]] &&
        [ "${AWS_PROFILE-}|$places_from|${NO_COLOR-}|${TERM-}|${COLUMNS-}" = "${__awsx_drawn-}" ] &&
        __awsx_is_fresh && __awsx_has_same_overrides
    }
  fi

  # Remember the inputs that the segment was drawn from, for __awsx_is_drawn to compare with.
  function __awsx_keep_inputs {
    \builtin local overrides
    __awsx_drawn="${AWS_PROFILE-}|$__awsx_places_from|${NO_COLOR-}|${TERM-}|${COLUMNS-}"
    __awsx_find_overrides
    __awsx_drawn_overrides=$overrides
  }

  function __awsx_has_same_overrides {
    \builtin local overrides
    __awsx_find_overrides
    [ "$overrides" = "${__awsx_drawn_overrides-}" ]
  }

  # Set our caller's `overrides` to what decides the identity besides AWS_PROFILE; empty if nothing does. For a key that
  # is only whether commands see it, not its value, because `set -x` prints this.
  function __awsx_find_overrides {
    \builtin local name
    overrides=""
    for name in "${__awsx_by_value[@]}"; do
      if [[ -n ${!name+set} ]] && __awsx_is_exported "$name"; then overrides="$overrides|$name=${!name}"; fi
    done
    for name in "${__awsx_by_presence[@]}"; do
      if [[ -n ${!name:+x} ]] && __awsx_is_exported "$name"; then overrides="$overrides|$name"; fi
    done
    if [[ $overrides == *AWS_ACCESS_KEY_ID* ]]; then
      for name in "${__awsx_beside_keys[@]}"; do overrides="$overrides|${!name-}"; done
    fi
    if [[ -z ${AWS_PROFILE+set} ]] || ! __awsx_is_exported AWS_PROFILE; then overrides="$overrides|?"; fi
    if [[ -n ${__awsx_needs-} ]]; then overrides="$overrides|!"; fi # the profile needs one of them
  }

  # Draw the segment into __awsx_segment. If the memos are stale, the core writes them anew first. Without a core, say
  # so once and draw nothing.
  function __awsx_draw {
    \builtin local IFS=$' \t\n' now="${EPOCHSECONDS-}" used_profile used_variable memo_of __awsx_origin
    \builtin local "${__awsx_memo_locals[@]}"
    __awsx_forget
    __awsx_segment="" __awsx_drawn="" __awsx_leave_after="" __awsx_needs=""
    if [[ -z $now ]]; then __awsx_clock; fi
    if [[ -n ${__awsx_later-} && ${DIRENV_DIFF-} != "${__awsx_direnv-}" ]]; then __awsx_undo again; fi
    if ! __awsx_find_used_profile && [[ -z ${AWS_ACCESS_KEY_ID:+x}${AWS_WEB_IDENTITY_TOKEN_FILE:+x} ]]; then
      if [[ -z ${__awsx_default+x} ]]; then __awsx_look_for_default; fi
      if [[ -z $__awsx_default ]]; then
        __awsx_export_segment ""
        \builtin return 0
      fi
      used_profile=default used_variable=default
    fi
    if __awsx_is_gone; then
      if [[ ${__awsx_told_gone-} != "$$" ]]; then __awsx_tell_gone; fi
      __awsx_export_segment ""
      \builtin return 0
    fi
    __awsx_where
    memo_of=$used_profile
    if [[ -z $used_variable && -n ${AWS_WEB_IDENTITY_TOKEN_FILE-} ]]; then memo_of=default; fi
    if [[ -n $__awsx_folder ]] && { ! __awsx_read_memos "$memo_of" || __awsx_must_look; } && [[ -n $memo_of ]]; then
      AWSX_SHELL=$__awsx_shell AWSX_CACHE=$__awsx_cache \
        "$__awsx_python" -I -S "$__awsx_start" --refresh "$memo_of" </dev/null >/dev/null 2>&1 || \builtin :
      __awsx_read_memos "$memo_of" || __awsx_look_elsewhere || __awsx_read_memos "$memo_of" stale || \builtin :
    fi
    # Of [default] that nobody has named, all that counts is whether its role comes before a web identity.
    if [[ -z $used_variable && $kind != role ]]; then __awsx_forget; fi
    if [[ $used_variable != default ]]; then
      __awsx_compose
    elif [[ -e $__awsx_folder/default && -n $stock && $kind != missing && " $mark" != *" broken"* ]]; then
      leave=""
      __awsx_compose
    else
      __awsx_since=$now __awsx_until=99999999999
      __awsx_export_segment ""
    fi
    __awsx_keep_inputs
  }

  # True if the session has ended and the core has not looked since: the AWS CLI may go on with role credentials.
  function __awsx_must_look {
    [[ -n $key && -z $aws_until && ${ends:-0}${renewable:-0} != *[!0-9]* && ${ends:-0} -le $now &&
      ${renewable:-0} -le $now ]]
  }

  # The core has not written the memos where they belong. True if it has written them into the spare folder: then that
  # is the cache of this terminal.
  function __awsx_look_elsewhere {
    if [[ -n ${__awsx_is_elsewhere-} ]]; then \builtin return 1; fi
    __awsx_is_elsewhere=1
    __awsx_where
    if __awsx_read_memos "$memo_of"; then \builtin return 0; fi
    __awsx_is_elsewhere=""
    __awsx_where
    \builtin return 1
  }

  # Set __awsx_default: not empty if the settings may say `default = "show"`, so that [default] is drawn where no
  # variable names a profile. (The core says by the file `default` beside the memos whether they do.) This is done once
  # in a terminal, because most people want no segment there, and that is to cost nothing.
  function __awsx_look_for_default {
    \builtin local text=""
    __awsx_default=""
    __awsx_where
    if [[ -f $__awsx_settings && -r $__awsx_settings ]]; then
      IFS='' \builtin read -r -d '' text <"$__awsx_settings" || \builtin :
    fi
    case $text in *default*=*show*) __awsx_default=show ;; esac
  }

  # Set our caller's `used_profile` to the profile that the next `aws` takes, and `used_variable` to the variable that
  # names it. False if no variable does. (boto3 prefers AWS_DEFAULT_PROFILE.)
  function __awsx_find_used_profile {
    used_profile="" used_variable=""
    for used_variable in "${__awsx_profiles[@]}"; do
      if [[ -n ${!used_variable+set} ]] && __awsx_is_exported "$used_variable"; then
        used_profile=${!used_variable}
        \builtin return 0
      fi
    done
    used_variable=""
    \builtin return 1
  }

  # True if the sources have not changed since the memos were made: each has the mtime of its stamp. A source that was
  # missing has no stamp, and must still be missing. A source in whose path there was a link must still be the
  # file to which its pointer leads. Nothing here shows the change of a file that keeps its mtime to the nanosecond.
  # (This is one command because the prompt repeats it.)
  function __awsx_is_fresh {
    [[ ! ($__awsx_config -nt $__awsx_config_stamp || $__awsx_config -ot $__awsx_config_stamp ||
      -z $__awsx_credentials_stamp && -e $__awsx_credentials || -z $__awsx_settings_stamp && -e $__awsx_settings ||
      -n $__awsx_credentials_stamp && ($__awsx_credentials -nt $__awsx_credentials_stamp ||
      $__awsx_credentials -ot $__awsx_credentials_stamp) ||
      -n $__awsx_settings_stamp && ($__awsx_settings -nt $__awsx_settings_stamp ||
      $__awsx_settings -ot $__awsx_settings_stamp) ||
      $__awsx_token -nt $__awsx_token_stamp || $__awsx_token -ot $__awsx_token_stamp) && (-z $__awsx_pointers ||
      (-z $__awsx_config_at || $__awsx_config -ef $__awsx_config_at) &&
      (-z $__awsx_credentials_at || $__awsx_credentials -ef $__awsx_credentials_at) &&
      (-z $__awsx_settings_at || $__awsx_settings -ef $__awsx_settings_at)) ]]
  }

  # Find the stamps and pointers of our caller's `stock`, and set __awsx_problems if something is wrong in the files
  # that it was made from.
  function __awsx_find_stamps {
    __awsx_config_stamp=$__awsx_folder/config.$stock __awsx_credentials_stamp=$__awsx_folder/credentials.$stock
    __awsx_settings_stamp=$__awsx_folder/settings.$stock __awsx_problems=$__awsx_folder/problems
    if [[ ! -e $__awsx_credentials_stamp ]]; then __awsx_credentials_stamp=""; fi
    if [[ ! -e $__awsx_settings_stamp ]]; then __awsx_settings_stamp=""; fi
    __awsx_config_at=$__awsx_folder/config-at.$stock __awsx_credentials_at=$__awsx_folder/credentials-at.$stock
    __awsx_settings_at=$__awsx_folder/settings-at.$stock
    if [[ ! -L $__awsx_config_at ]]; then __awsx_config_at=""; fi
    if [[ ! -L $__awsx_credentials_at ]]; then __awsx_credentials_at=""; fi
    if [[ ! -L $__awsx_settings_at ]]; then __awsx_settings_at=""; fi
    __awsx_pointers=$__awsx_config_at$__awsx_credentials_at$__awsx_settings_at
    if [[ ! -e $__awsx_problems ]]; then __awsx_problems=""; fi
  }

  # True if the stock is fresh, and with it the lists that the core made for completion.
  function __awsx_is_stamped {
    \builtin local __awsx_token="" __awsx_token_stamp="" __awsx_config_stamp="" __awsx_credentials_stamp
    \builtin local __awsx_settings_stamp __awsx_config_at __awsx_credentials_at __awsx_settings_at __awsx_pointers
    \builtin local __awsx_problems stock="" file="$__awsx_folder/stock"
    if [[ ! -f $file || ! -r $file || ! -O $file || ! -O $__awsx_folder ]]; then \builtin return 1; fi
    IFS="" \builtin read -r stock <"$file" || \builtin return 1
    stock=${stock##* }
    __awsx_find_stamps
    __awsx_is_fresh
  }

  # Read the line of profile $1 in our caller's `file`, which has several where a file system ignores the case of names.
  function __awsx_find_line {
    while IFS=$'\x1f' \builtin read -r "${__awsx_fields[@]}" end; do
      if [ "$name" = "$1" ]; then \builtin return 0; fi
    done <"$file"
    \builtin return 1
  }

  # Read the memos of profile $1 and its session into our caller's __awsx_memo_locals, which are named as the fields.
  # False if there is no memo or it is damaged, or, without a $2, if one is stale. Memos that another user owns are
  # ignored.
  function __awsx_read_memos {
    file=$1
    if [[ $1 == *[%/]* ]]; then file=${file//%/%25} file=${file//\//%2F}; fi
    file=$__awsx_folder/p.$file
    # Numbers must be digits: arithmetic would evaluate other text, and the prompt would print it. So it is with the
    # names of variables: bash evaluates the index of an array.
    if ! { [[ -f $file && -r $file && -O $file && -O $__awsx_folder ]] &&
      IFS=$'\x1f' \builtin read -r "${__awsx_fields[@]}" end <"$file" &&
      { [ "$name" = "$1" ] || __awsx_find_line "$1"; } &&
      [[ $end == . && -n $stock && $key$stock != *[!0-9a-f]* &&
        $aws_until$leave$soon$below$colours != *[!0-9\;\ ]* && $needs != *[!A-Z_\ ]* ]]; }; then
      __awsx_forget
      __awsx_token="" __awsx_token_stamp="" __awsx_config_stamp="" __awsx_credentials_stamp="" __awsx_settings_stamp=""
      __awsx_pointers=""
      \builtin return 1
    fi
    if [[ ${__awsx_config_stamp-} != "$__awsx_folder/config.$stock" ]]; then __awsx_find_stamps; fi
    if [[ -z $key ]]; then
      __awsx_token="" __awsx_token_stamp=""
    else
      file=$__awsx_folder/s.$key __awsx_token=$__awsx_home/.aws/sso/cache/$key.json
      # A session of `aws login` has a sha256 in place of a sha1. (The core alone expands a `~` or a $VARIABLE in this
      # path. The memo then counts as stale at each prompt.)
      if [[ ${#key} -eq 64 ]]; then
        __awsx_token=${AWS_LOGIN_CACHE_DIRECTORY-$__awsx_home/.aws/login/cache}/$key.json
      fi
      if [[ -f $file && -r $file && -O $file ]] &&
        IFS=$'\x1f' \builtin read -r "${__awsx_session_fields[@]}" end <"$file" &&
        [[ $end == . && $stamp != *[!0-9a-f]* ]]; then
        __awsx_token_stamp=$file.$stamp
      else
        __awsx_token_stamp=$__awsx_folder/none ends="" renewable=""
      fi
    fi
    [[ -n ${2-} ]] || __awsx_is_fresh
  }

  # Set our caller's `time_left` (such as `6h`), `hue` (the colour: 1 good, 2 soon, 3 expired), and `until`, the second
  # at which one of them changes. This takes our caller's `ends`, `renewable` and `now`, all in epoch seconds. Five
  # seconds are added before rounding down: a login of one hour is a moment old, and still one of one hour.
  function __awsx_find_time_left {
    \builtin local left
    time_left=expired hue=3 until=99999999999
    if [[ ${ends:-x}${renewable:-x} == *[!0-9]* ]]; then
      \builtin return 0 # arithmetic would evaluate text that is no number
    elif ((ends <= now)); then
      if ((renewable > now)); then time_left=renews hue=2 until=$renewable; fi
      \builtin return 0
    fi
    left=$((ends - now + 5))
    if ((left >= 172800)); then
      time_left=$((left / 86400))d hue=1 until=$((now + left % 86400 + 1))
    elif ((left >= 3600)); then
      time_left=$((left / 3600))h hue=1 until=$((now + left % 3600 + 1))
    elif ((left >= 60)); then
      time_left=$((left / 60))m hue=1 until=$((now + left % 60 + 1))
    else
      time_left="<1m" hue=2 until=$ends
    fi
    if ((renewable > now)); then
      time_left=$time_left+ hue=1
      if ((renewable < until)); then until=$renewable; fi
    elif ((ends - ${soon:-1800} < now)); then
      hue=2
    elif ((ends - ${soon:-1800} < until)); then
      until=$((ends - ${soon:-1800} + 1))
    fi
  }

  # Load segment.bash, which defines this function anew, when there is something to show for the first time.
  function __awsx_compose {
    if [[ -r ${__awsx_file%/*}/segment.bash ]]; then
      # shellcheck source=shell/segment.bash
      \builtin source "${__awsx_file%/*}/segment.bash" && __awsx_compose
    fi
  }

  # Export $1, the segment without colours, for a program that draws the prompt. Unset the variable if $1 is empty.
  function __awsx_export_segment {
    if [[ -z ${AWSX_EXPORT_PROMPT-} ]]; then \builtin return 0; fi
    if [[ -n $1 ]]; then \builtin export "AWSX_PROMPT=$1"; else \builtin unset -v AWSX_PROMPT; fi
  }

  # Set our caller's `__awsx_origin` to who set AWS_PROFILE: `awsx` in this terminal, the parent process (`inherited`),
  # or somebody by `hand`.
  function __awsx_find_origin {
    __awsx_origin=hand
    if [[ ${AWSX_OWNER-} == "$$" ]] && [ "${__awsx_mine_AWS_PROFILE-}" = "=${AWS_PROFILE-}" ]; then
      __awsx_origin=awsx
    elif [[ -n ${__awsx_inherited-} ]] && [ "$__awsx_inherited" = "${AWS_PROFILE-}" ]; then
      __awsx_origin=inherited
    fi
  }

  # Set our caller's `now` to the time in epoch seconds where there is no EPOCHSECONDS: in bash before 5, or after
  # somebody has unset it.
  if [[ $((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1])) -ge 402 ]]; then
    function __awsx_clock { \builtin printf -v now '%(%s)T' -1; }
  else
    __awsx_epoch=$(($(\builtin command date +%s) - SECONDS))
    function __awsx_clock { now=$((__awsx_epoch + SECONDS)); }
  fi

  # Load complete.bash, which defines this function anew, at the first Tab.
  function __awsx_complete {
    if [[ -r ${__awsx_file%/*}/complete.bash ]]; then
      # shellcheck source=shell/complete.bash
      \builtin source "${__awsx_file%/*}/complete.bash" && __awsx_complete "$@"
    fi
  }
  # `nosort`, since bash 4.4: profiles first, then the commands.
  case $- in
    *i*) \builtin complete -o nosort -F __awsx_complete awsx 2>/dev/null || \builtin complete -F __awsx_complete awsx ;;
  esac

  # Start anew after each loading: an rc file that is sourced again has set PS1 again, and under `set -a` a child shell
  # inherits these variables from its parent.
  \builtin unset -v __awsx_placed __awsx_places_from __awsx_drawn __awsx_leave_after __awsx_default \
    __awsx_pwd __awsx_pins_stamp

  # Add our hook behind all others, once. As it stands in a list with `&&`, no ERR trap fires when it returns the code
  # of the person's command. From bash 5.1 on, PROMPT_COMMAND may be an array, and each element sees the $? of that
  # command. Element 0 is left to scripts that assign PROMPT_COMMAND as a string. VS Code's script takes an element
  # behind its own for a command of the person, so there our hook goes into the string that this script runs.
  # `printf -v` sets the variable, because an assignment to a readonly variable would end this whole file.
  case $-:${PROMPT_COMMAND[*]-} in
    *i*:*__awsx_precmd*) ;;
    *i*:*)
      if [[ ${PROMPT_COMMAND-} == __vsc_prompt_cmd* ]]; then
        \builtin printf -v PROMPT_COMMAND %s $'__awsx_precmd && :\n'"$PROMPT_COMMAND" 2>/dev/null || \builtin :
      elif [[ $((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1])) -ge 501 && -z ${VSCODE_SHELL_INTEGRATION-} &&
        ${TERM_PROGRAM-} != vscode ]]; then
        if [[ -z ${PROMPT_COMMAND[0]-} ]]; then
          \builtin printf -v 'PROMPT_COMMAND[0]' %s __awsx_precmd 2>/dev/null || \builtin :
        fi
        __awsx_at=1
        while [[ -n ${PROMPT_COMMAND[__awsx_at]-} ]]; do __awsx_at=$((__awsx_at + 1)); done
        \builtin printf -v "PROMPT_COMMAND[$__awsx_at]" %s '__awsx_precmd && :' 2>/dev/null || \builtin :
        \builtin unset -v __awsx_at
      else
        \builtin printf -v PROMPT_COMMAND %s "${PROMPT_COMMAND:+$PROMPT_COMMAND$'\n'}__awsx_precmd && :" \
          2>/dev/null || \builtin :
      fi
      ;;
  esac
fi
