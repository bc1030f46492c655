# shellcheck shell=bash disable=SC2034,SC2088,SC2128
# (what is read here of the memos is used in segment.bash; a tilde in quotes is a tilde here; PROMPT_COMMAND is an array or
# not, as the person has it)
#
# awsx for bash 3.2 and later: the function `awsx` and the prompt segment. Source it from ~/.bashrc; it says nothing,
# may be sourced twice, and starts no process but awsx's own core (bash 3.2: one `date`, for want of a clock).
#
# What you may set:
#   AWSX_PYTHON      the Python that has awsx (unset: python3 on PATH); `awsx init bash` fills it in
#   AWSX_NO_PROMPT   anything: leave PS1 alone; place "\$(awsx_prompt)" or '${__awsx_segment-}' in it yourself
#   AWSX_EXPORT_PROMPT   anything: leave PS1 alone, export the plain segment as AWSX_PROMPT for who draws the prompt
#   AWSX_WRAP        the commands that log in first where a session has ended, blanks between them (unset: as the
#                    settings have it in [login], else aws)
#   NO_COLOR         anything: a segment without colours
# How the segment looks is the settings' to say: [prompt] and [colors] in ~/.config/awsx/config.toml.
#
# The core is given a file to write the change into: NAME=VALUE to export, NAME to unset, `.` at the end. What was
# switched to before is switched to again from the memos it left (awsx/files/memo.py), with no process. Both are read
# as data and assigned; nothing in them is ever evaluated.

# Any other shell stops here, before it comes to what only bash can read. (`return` ends a sourced file alone.)
[ -n "${BASH_VERSION-}" ] || return 0

# One compound command: bash reads it whole or not at all.
if [ -n "${BASH_VERSION-}" ]; then

  \builtin unalias awsx awsx_prompt 2>/dev/null || \builtin :

  __awsx_file=${BASH_SOURCE[0]}
  case $__awsx_file in /*) ;; *) __awsx_file=$PWD/$__awsx_file ;; esac
  # The core lies beside this folder in a checkout, around it once installed.
  __awsx_start=${__awsx_file%/*/*}/awsx/start.py
  if [[ ! -e $__awsx_start ]]; then __awsx_start=${__awsx_file%/*/*}/start.py; fi
  __awsx_python=${AWSX_PYTHON:-python3}
  __awsx_shell=bash

  # What the core knows, too: names of variables, and how a memo is laid out.
  # BEGIN: written by scripts/generate, do not edit
  __awsx_format=v4-a8bfc78c
  __awsx_profiles=(AWS_PROFILE AWS_DEFAULT_PROFILE)
  __awsx_regions=(AWS_REGION AWS_DEFAULT_REGION)
  __awsx_by_value=(AWS_DEFAULT_PROFILE AWS_REGION AWS_DEFAULT_REGION)
  __awsx_by_presence=(AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_WEB_IDENTITY_TOKEN_FILE AWS_ROLE_ARN)
  __awsx_exported=(AWSX_OWNER AWSX_REGION AWSX_PROMPT)
  __awsx_fields=(name key kind region told mark leave soon below colours look narrow stock)
  __awsx_session_fields=(ends renewable stamp)
  __awsx_rival_names=(
    AWS_DEFAULT_PROFILE AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_SECURITY_TOKEN
    AWS_CREDENTIAL_EXPIRATION AWS_ROLE_ARN AWS_ROLE_SESSION_NAME AWS_WEB_IDENTITY_TOKEN_FILE
    AWS_CONTAINER_CREDENTIALS_RELATIVE_URI AWS_CONTAINER_CREDENTIALS_FULL_URI AWS_CONTAINER_AUTHORIZATION_TOKEN
    AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE
  )

  # Empty what our caller has read of the memos.
  function __awsx_forget {
    name="" key="" kind="" region="" told="" mark="" leave="" soon="" below="" colours="" look="" narrow=""
    stock="" ends="" renewable="" stamp=""
  }

  # Collect the rivals to put aside in __awsx_rivals, each after a blank. Mostly there is none, and the names of all AWS
  # variables are those of the last time.
  function __awsx_find_rivals {
    __awsx_rivals=""
    [ "${!AWS_*}${__awsx_changed-}" = "${__awsx_names_without_rivals-}" ] || __awsx_collect_rivals
  }

  # The rivals are those that are set, and those that come back when the last switch is undone.
  function __awsx_collect_rivals {
    \builtin local name found=""
    for name in ${!AWS_*} ${__awsx_changed-}; do
      case $name in
        AWS_DEFAULT_PROFILE | AWS_ACCESS_KEY_ID) found="$found $name" ;;
        AWS_SECRET_ACCESS_KEY | AWS_SESSION_TOKEN) found="$found $name" ;;
        AWS_SECURITY_TOKEN | AWS_CREDENTIAL_EXPIRATION) found="$found $name" ;;
        AWS_ROLE_ARN | AWS_ROLE_SESSION_NAME) found="$found $name" ;;
        AWS_WEB_IDENTITY_TOKEN_FILE | AWS_CONTAINER_CREDENTIALS_RELATIVE_URI) found="$found $name" ;;
        AWS_CONTAINER_CREDENTIALS_FULL_URI | AWS_CONTAINER_AUTHORIZATION_TOKEN*) found="$found $name" ;;
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
  __awsx_memo_locals=("${__awsx_fields[@]}" "${__awsx_session_fields[@]}" places_from file end)

  if [[ ${BASH_VERSINFO[0]} -lt 4 ]]; then __awsx_shell=bash3; fi

  # After `exec bash` the pid is the same, but what was put aside is gone: the profile counts as inherited.
  if [[ ${AWSX_OWNER-} == "$$" && -z ${__awsx_changed-} ]]; then AWSX_OWNER=0; fi
  # What was there before us is somebody else's choice: it is marked until a switch confirms it.
  if [[ ${AWSX_OWNER-} != "$$" ]]; then __awsx_inherited=${AWS_PROFILE-} __awsx_inherited_region=${AWSX_REGION-}; fi

  function awsx {
    \builtin local IFS=$' \t\n' __awsx_code=0 __awsx_readonly=""
    __awsx_try_memos "$@" || __awsx_ask_core "$@"
    \builtin return "$__awsx_code"
  }

  function __awsx_ask_core {
    \builtin local __awsx_handover __awsx_origin __awsx_left="${__awsx_mine_AWS_PROFILE-}"
    __awsx_where
    __awsx_handover=$__awsx_run/shell.$$
    if __awsx_is_own_file "$__awsx_handover"; then \builtin : >|"$__awsx_handover"; fi
    __awsx_drawn="" # who has chosen the profile may change without it
    __awsx_find_origin
    AWSX_HANDOVER=$__awsx_handover AWSX_PREVIOUS=${__awsx_previous-} AWSX_PID=$$ \
      AWSX_SHELL=$__awsx_shell AWSX_CACHE=$__awsx_cache AWSX_ORIGIN=$__awsx_origin AWSX_SWITCHED_TO=${__awsx_left#=} \
      "$__awsx_python" -I -S "$__awsx_start" "$@" || __awsx_code=$?
    if __awsx_is_own_file "$__awsx_handover"; then __awsx_take_handover "$__awsx_handover"; fi
  }

  # True if there is something in the file $1 and nobody else has put it there, as a link to another file would be.
  function __awsx_is_own_file {
    [[ -s $1 && -O $1 && ! -L $1 && -O ${1%/*} ]]
  }

  # What decides where everything lies, in `from`.
  function __awsx_read_place_variables {
    places_from="${HOME-}|${XDG_CACHE_HOME-}|${XDG_CONFIG_HOME-}|${AWS_CONFIG_FILE-?}|${AWS_SHARED_CREDENTIALS_FILE-?}"
  }

  # Where everything lies that this terminal reads. A cache that cannot be written (a read-only HOME) moves to TMPDIR.
  function __awsx_where {
    \builtin local there places_from
    __awsx_read_place_variables
    __awsx_places_from=$places_from
    __awsx_home=${HOME-}
    if [[ -z $__awsx_home ]]; then __awsx_home=~; fi
    __awsx_cache=$__awsx_home/.cache/awsx
    if [[ ${XDG_CACHE_HOME-} == /* ]]; then __awsx_cache=$XDG_CACHE_HOME/awsx; fi
    there=$__awsx_cache
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
    case $__awsx_config:$__awsx_credentials in *'$'* | [!/:]* | *:[!/]* | */../*) __awsx_folder="" ;; esac
    __awsx_recent=$__awsx_home/.local/state/awsx/recent
    if [[ ${XDG_STATE_HOME-} == /* ]]; then __awsx_recent=$XDG_STATE_HOME/awsx/recent; fi
  }

  # --- without a process ----------------------------------------------------------------------------------------------

  # True if it was done from the memos, with its exit code in __awsx_code; all else is the core's: verbs, options, a
  # profile not used before, files that have changed, a session that has ended. Under `set -x` too: it would print what
  # is put aside.
  function __awsx_try_memos {
    # Without fields this is a script that `set -a` has handed the function to.
    if [[ $- == *x* || -z ${__awsx_fields+x} ]]; then \builtin return 1; fi
    if [[ $# -eq 1 ]]; then
      case $1 in
        -) __awsx_switch "${__awsx_previous-}" ;;
        '' | -*) \builtin return 1 ;;
        *) if [ "$1" = off ]; then __awsx_leave; else __awsx_switch "$1"; fi ;; # `case` heeds nocasematch
      esac
    elif [ $# -gt 3 ] && [ "$1,$3" = exec,-- ]; then
      __awsx_may_exec "$2" "$4" && __awsx_exec "$2" "${@:4}"
    else
      \builtin return 1
    fi
  }

  function __awsx_switch {
    \builtin local "${__awsx_memo_locals[@]}" now before="${AWS_PROFILE-}" put_aside="" time_left="" hue until \
      __awsx_rivals
    __awsx_may_use "$1" || \builtin return 1
    if [[ -n ${AWS_REGION-}${AWS_DEFAULT_REGION-} ]]; then __awsx_name_region || \builtin return 1; fi
    __awsx_find_rivals
    __awsx_replace_profile "$1" || __awsx_undo_and_switch "$1"
    if [[ -n $key ]]; then
      if [[ "$ends $renewable" != "${__awsx_time_left_of-}" || $now -lt $__awsx_time_left_since ||
        $now -ge $__awsx_time_left_until ]]; then
        __awsx_find_time_left
        __awsx_time_left=$time_left __awsx_time_left_of="$ends $renewable"
        __awsx_time_left_since=$now __awsx_time_left_until=$until
      fi
      time_left=", session $__awsx_time_left"
    fi
    \builtin printf 'awsx: %s, %s%s%s\n' "$told" "${region:-no region}" "$time_left" \
      "${put_aside:+, put aside until \`awsx off\`:$put_aside}" >&2
    if [[ -n $__awsx_readonly ]]; then __awsx_tell_readonly; fi
    if [[ -f $__awsx_recent && -w $__awsx_recent && -O $__awsx_recent ]]; then
      \builtin printf '%s\n' "$1" >>"$__awsx_recent"
    fi
  }

  # Undo the last switch and switch to profile $1.
  function __awsx_undo_and_switch {
    for name in $__awsx_rivals; do
      if [[ -n ${!name-} ]] && __awsx_is_exported "$name"; then put_aside="$put_aside $name"; fi
    done
    __awsx_set_profile "$1" 2>/dev/null
    if [[ -n $before ]]; then __awsx_remember "$before"; fi
  }

  # Point the terminal at profile $1, as the core's hand-over would.
  function __awsx_set_profile {
    \builtin local name
    __awsx_assign AWSX_OWNER "AWSX_OWNER=$$"
    __awsx_assign AWS_PROFILE "AWS_PROFILE=$1"
    if [[ -n ${AWSX_REGION+set} ]]; then __awsx_assign AWSX_REGION AWSX_REGION; fi
    for name in $__awsx_rivals; do # now that the last switch is undone
      if [[ -n ${!name+x} ]]; then __awsx_assign "$name" "$name"; fi
    done
  }

  # Leave what awsx has chosen. With a $1, say that as the reason, and nothing of a profile that was set by hand. What
  # the core would not print as it is (more than ASCII, too long, blanks side by side) is left to the core.
  function __awsx_leave {
    \builtin local LC_ALL=C before="${AWS_PROFILE-}" mine="${__awsx_mine_AWS_PROFILE-}" stays=""
    mine=${mine#=}
    __awsx_drawn="" # who has chosen the profile may change without it
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
      \builtin printf 'awsx: left %s%s\n' "$mine" "${1-}" >&2
    fi
    if [[ -n $stays && -z ${1-} ]]; then
      \builtin printf 'awsx: AWS_PROFILE=%s was not set by awsx and stays; to drop it: %s\n' "$stays" \
        'unset AWS_PROFILE (fish: set -e AWS_PROFILE)' >&2
    fi
    __awsx_tell_readonly
  }

  # True if profile $1 may be used, and the command $2 is a program.
  function __awsx_may_exec {
    \builtin local "${__awsx_memo_locals[@]}" now
    __awsx_may_use "$1" && __awsx_can_set_profile && \builtin type -P -- "$2" >/dev/null
  }

  # NAME COMMAND ARGUMENT...: the subshell becomes the command, in the environment that awsx/commands/execute.py makes.
  # No local of a common name stands here: it would hide what the person exports under that name.
  function __awsx_exec {
    (
      \builtin set +a
      for __awsx_at in "${__awsx_regions[@]}"; do
        if [[ -n ${AWSX_REGION-} ]] && [ "${!__awsx_at-}" = "$AWSX_REGION" ]; then \builtin unset -v "$__awsx_at"; fi
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

  # True if the memos tell all that a switch to $1 needs, or with a $2 all that its use needs: that there is no session,
  # or one that lasts for another minute, as the core wants it. They and the time are read into our caller's variables.
  function __awsx_may_use {
    now=${EPOCHSECONDS-}
    if [[ -z $now ]]; then __awsx_clock; fi
    __awsx_read_place_variables
    if ! [ "$places_from" = "${__awsx_places_from-}" ]; then __awsx_where; fi
    __awsx_drawn="" # what was drawn is another memo's
    if [[ -z $__awsx_folder ]] || ! __awsx_read_memos "$1" || [[ -n $__awsx_problems || -z $told${2-} ]]; then
      \builtin return 1
    fi
    # Numbers only: nothing to evaluate.
    [[ -z $key || ${ends:-x}${renewable:-x} != *[!0-9]* && $((ends - now)) -gt 60 ]]
  }

  # What a switch says of the region: the profile's, unless a variable comes before that.
  function __awsx_name_region {
    \builtin local own="$region" name value
    for name in "${__awsx_regions[@]}"; do
      value=${!name-}
      if [[ -n $value && $value != "$own" && $value != "${AWSX_REGION-}" ]] && __awsx_is_exported "$name"; then
        if [[ $value == *[!a-z0-9-]* || ${#value} -gt 32 ]]; then \builtin return 1; fi # the core makes it fit
        region="$value (from $name, not the profile's ${own:-none})"
        \builtin return 0
      fi
    done
  }

  # The profile before this one, if it was another.
  function __awsx_remember {
    if ! [ "$1" = "${AWS_PROFILE-}" ]; then __awsx_keep __awsx_previous "$1"; fi
  }

  # --- what the core has handed over ----------------------------------------------------------------------------------

  # Take over what the core wrote, if it wrote all of it. Untraced: what is put aside may be a secret.
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

  # NAME NAME=VALUE, or NAME NAME to unset it. AWSX_OWNER comes first in a switch and in `off`: what the last switch
  # did is undone, so that a new one starts from what was there before awsx. Our caller has closed stderr, where bash
  # would complain of what is readonly.
  function __awsx_assign {
    \builtin local was
    if [[ $1 == AWSX_OWNER ]]; then
      __awsx_leave_after="" # a switch is no rest
      __awsx_undo
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

  # Say which variables could not be changed, and why.
  function __awsx_tell_readonly {
    \builtin local name
    for name in $__awsx_readonly; do
      \builtin printf 'awsx: %s is readonly in this shell; start a new one without it\n' "$name" >&2
      __awsx_code=1
    done
  }

  # The region that another shell's awsx was asked for, and handed down to this one, was asked for another profile.
  function __awsx_drop_region {
    \builtin local name
    for name in "${__awsx_regions[@]}"; do
      if [ "${!name-}" = "$__awsx_inherited_region" ]; then __awsx_assign "$name" "$name"; fi
    done
  }

  # Give back each variable as it was (`=value` exported, `:value` not), unless somebody else has changed it since:
  # direnv, too, takes away what a folder had set, and the keys of that folder shall not come back outside of it.
  function __awsx_undo {
    \builtin local name mine was
    for name in ${__awsx_changed-}; do
      mine=__awsx_mine_$name was=__awsx_was_$name
      if [[ -n ${__awsx_direnv-} && ${DIRENV_DIFF-} != "$__awsx_direnv" && -z ${!name+set} ]]; then
        \builtin :
      elif [[ ${!name+=${!name}} == "${!mine-}" ]]; then
        case ${!was-} in
          =*) \builtin export "$name${!was}" || \builtin : ;;
          :*) __awsx_keep "$name" "${!was#:}" || \builtin : ;;
          *) \builtin unset -v "$name" || \builtin : ;;
        esac
      fi
      \builtin unset -v "$mine" "$was"
    done
    __awsx_changed=""
  }

  # True if the variable $1 is exported (bash before 4.4 cannot tell).
  if [[ $((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1])) -ge 404 ]]; then
    function __awsx_is_exported { [[ ${!1@a} == *x* ]]; }
    function __awsx_can_set_profile { [[ ${AWS_PROFILE@a} != *r* ]]; } # not readonly

    # Switch to profile $1 if the last switch of this shell changed AWS_PROFILE alone and this one has to do no more:
    # what was there before awsx stays put aside as it is. False if there is more to do.
    function __awsx_replace_profile {
      if [[ -n $__awsx_rivals${AWSX_REGION+x}${__awsx_inherited_region-} || -z $before || $1 == "$before" ]] ||
        [[ ${AWS_PROFILE@a} != x ]] ||
        ! [ "${__awsx_changed-}|${AWSX_OWNER-}|${__awsx_mine_AWS_PROFILE-}" = " AWS_PROFILE|$$|=$before" ]; then
        \builtin return 1
      fi
      \builtin export "AWS_PROFILE=$1"
      \builtin export -n "__awsx_mine_AWS_PROFILE==$1" "__awsx_previous=$before" "__awsx_direnv=${DIRENV_DIFF-}"
      __awsx_leave_after="" # a switch is no rest
    }
  else
    function __awsx_is_exported { :; }
    function __awsx_can_set_profile { :; }
    function __awsx_replace_profile { \builtin return 1; }
  fi

  # A variable of ours, never exported (not even under `set -a`).
  function __awsx_keep {
    \builtin export -n "$1=$2"
  }

  # --- the prompt -----------------------------------------------------------------------------------------------------

  # The segment, for people who place it themselves: PS1='$(awsx_prompt)\$ '. It ends with a blank if it is not empty.
  # What stands behind it sees the $? that stood before it.
  function awsx_prompt {
    \builtin local code="$?"
    __awsx_is_drawn || __awsx_draw # a theme's hook may come before ours
    \builtin printf %s "${__awsx_segment-}"
    \builtin return "$code"
  }

  function __awsx_precmd {
    \builtin local __awsx_code="$?"
    if [[ -n ${__awsx_leave_after-} ]]; then __awsx_watch_rest; fi
    __awsx_is_drawn || __awsx_draw
    if [[ -z ${__awsx_placed-} || ${PS1-} != *__awsx_segment* ]]; then __awsx_place_segment; fi
    case $- in *e*) __awsx_code=0 ;; esac # errexit would take it for a failure of its own
    \builtin return "$__awsx_code"
  }

  # Put the segment before PS1, by name: its value is never expanded. Late, so that the rc file may set PS1 after us,
  # and again where somebody has made PS1 anew.
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

  # While the rc file is read our hook stands in element 0 too, if that was empty: some take an empty one for no
  # PROMPT_COMMAND at all, and throw the others away. Behind it, PIPESTATUS would be ours.
  function __awsx_step_back {
    \builtin local first="${PROMPT_COMMAND-}"
    case ${PROMPT_COMMAND[*]:1} in *__awsx_precmd*) ;; *) \builtin return 0 ;; esac
    case $first in
      __awsx_precmd*) first=${first#__awsx_precmd} first=${first#"${first%%[!; $'\n']*}"} ;;
      *__awsx_precmd) first=${first%__awsx_precmd} first=${first%"${first##*[!; $'\n']}"} ;;
      *) \builtin return 0 ;;
    esac
    \builtin printf -v 'PROMPT_COMMAND[0]' %s "$first" 2>/dev/null || \builtin :
  }

  # Login before the command: read at the first prompt, and takes this function's place. No line of the rc file shall
  # open a browser, and a function of the person's own stays what it is.
  function __awsx_wrap {
    if [[ -n ${AWSX_WRAP-aws} && -r ${__awsx_file%/*}/wrap.bash ]]; then
      # shellcheck source=shell/wrap.bash
      \builtin source "${__awsx_file%/*}/wrap.bash" && __awsx_wrap
    fi
  }

  # True if nothing has changed that the segment was drawn from, and its minute or hour has not passed. In one piece,
  # with __awsx_is_fresh written out, as every step counts here, and every character of an expansion: what is mostly
  # unset is looked at closely only if it was set. `[`, since [[ compares as `shopt -s nocasematch` has it. (bash before
  # 5 lacks the means.)
  if [[ ${BASH_VERSINFO[0]} -ge 5 ]]; then
    function __awsx_is_drawn {
      [[ ${EPOCHSECONDS-} -ge ${__awsx_since-1} && ${EPOCHSECONDS-} -lt ${__awsx_until-0} && (
        -n ${__awsx_drawn_overrides-} ||
        -n ${AWS_PROFILE-} && ${AWS_PROFILE@a} == *x* &&
        -z ${AWS_DEFAULT_PROFILE+x}${AWS_ACCESS_KEY_ID:+x}${AWS_WEB_IDENTITY_TOKEN_FILE:+x}${AWS_ROLE_ARN:+x} &&
        -z ${AWS_REGION+x}${AWS_DEFAULT_REGION+x}) ]] &&
        [ "${AWS_PROFILE-}|${HOME-}|${XDG_CACHE_HOME-}|${XDG_CONFIG_HOME-}|${AWS_CONFIG_FILE-?}|${AWS_SHARED_CREDENTIALS_FILE-?}|${NO_COLOR-}|${TERM-}|${COLUMNS-}" = "${__awsx_drawn-}" ] &&
        [[ ! ($__awsx_config -nt $__awsx_config_stamp || $__awsx_config -ot $__awsx_config_stamp ||
          -z $__awsx_credentials_stamp && -e $__awsx_credentials || -z $__awsx_settings_stamp && -e $__awsx_settings ||
          -n $__awsx_credentials_stamp && ($__awsx_credentials -nt $__awsx_credentials_stamp ||
          $__awsx_credentials -ot $__awsx_credentials_stamp) ||
          -n $__awsx_settings_stamp && ($__awsx_settings -nt $__awsx_settings_stamp ||
          $__awsx_settings -ot $__awsx_settings_stamp) ||
          $__awsx_token -nt $__awsx_token_stamp || $__awsx_token -ot $__awsx_token_stamp) ]] &&
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

  # What the segment has been drawn from, to be compared with: what is mostly set, and what is mostly not.
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

  # What decides besides AWS_PROFILE, in our caller's `odd`; empty if nothing does. Of a key it is only looked at
  # whether commands see it: `set -x` prints this.
  function __awsx_find_overrides {
    \builtin local name
    overrides=""
    for name in "${__awsx_by_value[@]}"; do
      if [[ -n ${!name+set} ]] && __awsx_is_exported "$name"; then overrides="$overrides|$name=${!name}"; fi
    done
    for name in "${__awsx_by_presence[@]}"; do
      if [[ -n ${!name:+x} ]] && __awsx_is_exported "$name"; then overrides="$overrides|$name"; fi
    done
    if [[ -z ${AWS_PROFILE+set} ]] || ! __awsx_is_exported AWS_PROFILE; then overrides="$overrides|?"; fi
  }

  function __awsx_draw {
    \builtin local IFS=$' \t\n' now="${EPOCHSECONDS-}" used_profile used_variable __awsx_origin
    \builtin local "${__awsx_memo_locals[@]}"
    __awsx_forget
    __awsx_segment="" __awsx_drawn="" __awsx_leave_after=""
    if [[ -z $now ]]; then __awsx_clock; fi
    if ! __awsx_find_used_profile && [[ -z ${AWS_ACCESS_KEY_ID-}${AWS_WEB_IDENTITY_TOKEN_FILE-} ]]; then
      __awsx_export_segment ""
      \builtin return 0
    fi
    __awsx_where
    if [[ -n $__awsx_folder ]] && ! __awsx_read_memos "$used_profile" && [[ -n $used_profile ]]; then
      AWSX_SHELL=$__awsx_shell AWSX_CACHE=$__awsx_cache \
        "$__awsx_python" -I -S "$__awsx_start" --refresh </dev/null >/dev/null 2>&1 || \builtin :
      __awsx_read_memos "$used_profile" stale || \builtin :
    fi
    __awsx_compose
    __awsx_keep_inputs
  }

  # The profile that the next `aws` takes, in our caller's `who`, and the variable that says so, `by`. (boto3 asks them
  # in the other order.) False if none does.
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

  # True if each source is as old as its stamp, or missing like it. (Two of them mostly are: they have no stamp then,
  # and it takes one look to see that they still are missing.) One test for all, since every step counts here.
  function __awsx_is_fresh {
    [[ ! ($__awsx_config -nt $__awsx_config_stamp || $__awsx_config -ot $__awsx_config_stamp ||
      -z $__awsx_credentials_stamp && -e $__awsx_credentials || -z $__awsx_settings_stamp && -e $__awsx_settings ||
      -n $__awsx_credentials_stamp && ($__awsx_credentials -nt $__awsx_credentials_stamp ||
      $__awsx_credentials -ot $__awsx_credentials_stamp) ||
      -n $__awsx_settings_stamp && ($__awsx_settings -nt $__awsx_settings_stamp ||
      $__awsx_settings -ot $__awsx_settings_stamp) ||
      $__awsx_token -nt $__awsx_token_stamp || $__awsx_token -ot $__awsx_token_stamp) ]]
  }

  # Find the stamps of stock $1, unless they are those that were found last, and whether something is wrong in the
  # files.
  function __awsx_find_stamps {
    __awsx_config_stamp=$__awsx_folder/config.$stock __awsx_credentials_stamp=$__awsx_folder/credentials.$stock
    __awsx_settings_stamp=$__awsx_folder/settings.$stock __awsx_problems=$__awsx_folder/problems
    if [[ ! -e $__awsx_credentials_stamp ]]; then __awsx_credentials_stamp=""; fi
    if [[ ! -e $__awsx_settings_stamp ]]; then __awsx_settings_stamp=""; fi
    if [[ ! -e $__awsx_problems ]]; then __awsx_problems=""; fi
  }

  # True if what the core keeps of the files (their names, for completion) is still true of them.
  function __awsx_is_stamped {
    \builtin local __awsx_token="" __awsx_token_stamp="" __awsx_config_stamp="" __awsx_credentials_stamp
    \builtin local __awsx_settings_stamp __awsx_problems stock="" rest file="$__awsx_folder/stock"
    if [[ ! -f $file || ! -r $file || ! -O $file || ! -O $__awsx_folder ]]; then \builtin return 1; fi
    IFS=' ' \builtin read -r rest rest rest rest stock <"$file" || \builtin return 1
    __awsx_find_stamps
    __awsx_is_fresh
  }

  # Read the memos of profile $1 into our caller's variables; false if there is none, or (without a $2) if one may be
  # stale: then the core has to write them first. What is not ours alone is no memo.
  function __awsx_read_memos {
    file=$1
    if [[ $1 == *[%/]* ]]; then file=${file//%/%25} file=${file//\//%2F}; fi
    file=$__awsx_folder/p.$file
    # Numbers are nothing but digits: nothing to evaluate, nothing to draw.
    if ! { [[ -f $file && -r $file && -O $file && -O $__awsx_folder ]] &&
      IFS=$'\x1f' \builtin read -r "${__awsx_fields[@]}" end <"$file" &&
      [[ $end == . && -n $stock && $key$stock != *[!0-9a-f]* && $leave$soon$below$colours != *[!0-9\;\ ]* ]] &&
      [ "$name" = "$1" ]; }; then
      __awsx_forget
      __awsx_token="" __awsx_token_stamp="" __awsx_config_stamp="" __awsx_credentials_stamp="" __awsx_settings_stamp=""
      \builtin return 1
    fi
    if [[ ${__awsx_config_stamp-} != "$__awsx_folder/config.$stock" ]]; then __awsx_find_stamps; fi
    if [[ -z $key ]]; then
      __awsx_token="" __awsx_token_stamp=""
    else
      file=$__awsx_folder/s.$key __awsx_token=$__awsx_home/.aws/sso/cache/$key.json
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

  # What is left of the session, from our caller's ends, renewable and now: `6h`; as which of the colours, and until
  # when it reads so.
  function __awsx_find_time_left {
    time_left=expired hue=3 until=99999999999
    if [[ ${ends:-x}${renewable:-x} == *[!0-9]* ]]; then
      \builtin return 0 # numbers only: nothing to evaluate
    elif ((ends - now >= 172800)); then
      time_left=$(((ends - now) / 86400))d hue=1 until=$((now + (ends - now) % 86400 + 1))
    elif ((ends - now >= 3600)); then
      time_left=$(((ends - now) / 3600))h hue=1 until=$((now + (ends - now) % 3600 + 1))
    elif ((ends - now >= 60)); then
      time_left=$(((ends - now) / 60))m hue=1 until=$((now + (ends - now) % 60 + 1))
    elif ((ends > now)); then
      time_left="<1m" hue=2 until=$ends
    elif ((renewable > now)); then
      time_left=renews hue=2 until=$renewable
      \builtin return 0
    else
      \builtin return 0
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

  # What the segment says and how it looks: read when there is something to show, and takes this function's place.
  function __awsx_compose {
    if [[ -r ${__awsx_file%/*}/segment.bash ]]; then
      # shellcheck source=shell/segment.bash
      \builtin source "${__awsx_file%/*}/segment.bash" && __awsx_compose
    fi
  }

  # The plain segment, for a program that draws the prompt and reads its environment.
  function __awsx_export_segment {
    if [[ -z ${AWSX_EXPORT_PROMPT-} ]]; then \builtin return 0; fi
    if [[ -n $1 ]]; then \builtin export "AWSX_PROMPT=$1"; else \builtin unset -v AWSX_PROMPT; fi
  }

  # Who set AWS_PROFILE, in our caller's `__awsx_origin`: awsx here, what was there before us, or else somebody's hand.
  function __awsx_find_origin {
    __awsx_origin=hand
    if [[ ${AWSX_OWNER-} == "$$" ]] && [ "${__awsx_mine_AWS_PROFILE-}" = "=${AWS_PROFILE-}" ]; then
      __awsx_origin=awsx
    elif [[ -n ${__awsx_inherited-} ]] && [ "$__awsx_inherited" = "${AWS_PROFILE-}" ]; then
      __awsx_origin=inherited
    fi
  }

  # The time in `now`, without a process, where there is no EPOCHSECONDS (before bash 5, or where it was unset).
  if [[ $((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1])) -ge 402 ]]; then
    function __awsx_clock { \builtin printf -v now '%(%s)T' -1; }
  else
    __awsx_epoch=$(($(\builtin command date +%s) - SECONDS))
    function __awsx_clock { now=$((__awsx_epoch + SECONDS)); }
  fi

  # Tab: the completion is read when it is first asked for, and takes this function's place.
  function __awsx_complete {
    if [[ -r ${__awsx_file%/*}/complete.bash ]]; then
      # shellcheck source=shell/complete.bash
      \builtin source "${__awsx_file%/*}/complete.bash" && __awsx_complete "$@"
    fi
  }
  case $- in *i*) \builtin complete -F __awsx_complete awsx ;; esac

  # Looked at anew after each loading: an rc file that is read again has set PS1 again, and a child shell under `set -a`
  # inherits what was placed in another one.
  \builtin unset -v __awsx_placed __awsx_places_from __awsx_drawn __awsx_leave_after

  # Hook in after everybody else, once. From bash 5.1 each element of the array sees the true $?, so ours need not hand
  # it on, and an ERR trap hears nothing of it; element 0 is left to those who still assign PROMPT_COMMAND as a string.
  # VS Code's script takes what comes behind its own element for a command of the person's: there, be part of the string
  # that it runs itself. printf: on a readonly variable it fails, an assignment would end the whole file.
  case $-:${PROMPT_COMMAND[*]-} in
    *i*:*__awsx_precmd*) ;;
    *i*:*)
      if [[ ${PROMPT_COMMAND-} == __vsc_prompt_cmd* ]]; then
        \builtin printf -v PROMPT_COMMAND %s $'__awsx_precmd\n'"$PROMPT_COMMAND" 2>/dev/null || \builtin :
      elif [[ $((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1])) -ge 501 && -z ${VSCODE_SHELL_INTEGRATION-} &&
        ${TERM_PROGRAM-} != vscode ]]; then
        if [[ -z ${PROMPT_COMMAND[0]-} ]]; then
          \builtin printf -v 'PROMPT_COMMAND[0]' %s __awsx_precmd 2>/dev/null || \builtin :
        fi
        __awsx_at=1
        while [[ -n ${PROMPT_COMMAND[__awsx_at]-} ]]; do __awsx_at=$((__awsx_at + 1)); done
        \builtin printf -v "PROMPT_COMMAND[$__awsx_at]" %s '__awsx_precmd || :' 2>/dev/null || \builtin :
        \builtin unset -v __awsx_at
      else
        \builtin printf -v PROMPT_COMMAND %s "${PROMPT_COMMAND:+$PROMPT_COMMAND$'\n'}__awsx_precmd" 2>/dev/null ||
          \builtin :
      fi
      ;;
  esac
fi
