# shellcheck shell=bash disable=SC2088,SC2128
# (a tilde in quotes is a tilde here; PROMPT_COMMAND is an array or not, as the person has it)
#
# awsx for bash 3.2 and later: the function `awsx` and the prompt segment. Source it from ~/.bashrc; it says nothing,
# may be sourced twice, and starts no process but awsx's own core (bash 3.2: one `date`, for want of a clock).
#
# What you may set:
#   AWSX_PYTHON      the Python that has awsx (unset: python3 on PATH); `awsx init bash` fills it in
#   AWSX_NO_PROMPT   anything: leave PS1 alone; place "\$(awsx_prompt)" or '${__awsx_segment-}' in it yourself
#   NO_COLOR         anything: a segment without colours
#
# The core is given a file to write the change into: NAME=VALUE to export, NAME to unset, `.` at the end. It is read as
# data and assigned; nothing in it is ever evaluated.

# Any other shell leaves here, before it stumbles over bash's words. (A `return` of a sourced file ends that file alone.)
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
  if [[ ${BASH_VERSINFO[0]} -lt 4 ]]; then __awsx_shell=bash3; fi

  # A shell that was executed in place has the pid of the one that switched, but nothing that was put aside: a child's.
  if [[ ${AWSX_OWNER-} == "$$" && -z ${__awsx_names-} ]]; then AWSX_OWNER=0; fi

  function awsx {
    \builtin local IFS=$' \t\n' __awsx_code=0 __awsx_handover
    __awsx_where
    __awsx_handover=$__awsx_run/shell.$$
    if __awsx_is_ours "$__awsx_handover"; then \builtin : >|"$__awsx_handover"; fi
    AWSX_HANDOVER=$__awsx_handover AWSX_PREVIOUS=${__awsx_previous-} AWSX_PID=$$ \
      AWSX_SHELL=$__awsx_shell AWSX_CACHE=$__awsx_cache \
      "$__awsx_python" -I -S "$__awsx_start" "$@" || __awsx_code=$?
    if __awsx_is_ours "$__awsx_handover"; then
      __awsx_take "$__awsx_handover" || __awsx_code=$?
    fi
    \builtin return "$__awsx_code"
  }

  # True if there is something in the file $1 and nobody else has put it there, as a link to another file would be.
  function __awsx_is_ours {
    [[ -s $1 && -O $1 && ! -L $1 && -O ${1%/*} ]]
  }

  # Where everything lies that this terminal reads. A cache that cannot be written (a read-only HOME) moves to TMPDIR.
  function __awsx_where {
    \builtin local there
    __awsx_home=${HOME-}
    if [[ -z $__awsx_home ]]; then __awsx_home=~; fi
    __awsx_cache=${XDG_CACHE_HOME:-$__awsx_home/.cache}/awsx
    there=$__awsx_cache
    while [[ -n $there && ! -e $there ]]; do there=${there%/*}; done
    if [[ ! -w ${there:-/} ]]; then __awsx_cache=${TMPDIR:-/tmp}/awsx-$UID; fi
    __awsx_run=$__awsx_cache
    if [[ -w ${XDG_RUNTIME_DIR-} && -O ${XDG_RUNTIME_DIR-} ]]; then __awsx_run=$XDG_RUNTIME_DIR/awsx; fi
    __awsx_settings=${XDG_CONFIG_HOME:-$__awsx_home/.config}/awsx/config.toml
    __awsx_config=${AWS_CONFIG_FILE-$__awsx_home/.aws/config}
    __awsx_credentials=${AWS_SHARED_CREDENTIALS_FILE-$__awsx_home/.aws/credentials}
    if [[ $__awsx_config == '~/'* ]]; then __awsx_config=$__awsx_home/${__awsx_config#'~/'}; fi
    if [[ $__awsx_credentials == '~/'* ]]; then __awsx_credentials=$__awsx_home/${__awsx_credentials#'~/'}; fi
    __awsx_folder=$__awsx_cache/v1$__awsx_config/+$__awsx_credentials
    # A relative path or a $VARIABLE in one: only the core can tell where that leads.
    case $__awsx_config:$__awsx_credentials in *'$'* | [!/:]* | *:[!/]* | */../*) __awsx_folder="" ;; esac
    __awsx_memo=${AWS_PROFILE-}
    __awsx_memo=${__awsx_memo//%/%25}
    __awsx_memo=$__awsx_folder/p.${__awsx_memo//\//%2F}
  }

  # Take over what the core wrote, if it wrote all of it. Untraced: what is put aside may be a secret.
  function __awsx_take {
    case $- in *x*)
      { \builtin set +x; } 2>/dev/null
      \builtin local code=0
      __awsx_take "$1" || code=$?
      \builtin set -x
      \builtin return "$code"
      ;;
    esac
    \builtin local LC_ALL=C line name last="" before="${AWS_PROFILE-}" code=0
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
        AWS_* | AWSX_*) __awsx_assign "$name" "$line" || code=1 ;;
      esac
    done
    if [[ -n $before && $before != "${AWS_PROFILE-}" ]]; then __awsx_keep __awsx_previous "$before"; fi
    \builtin return "$code"
  }

  # NAME NAME=VALUE, or NAME NAME to unset it. AWSX_OWNER comes first in a switch and in `off`: what the last switch
  # did is undone, so that a new one starts from what was there before awsx.
  function __awsx_assign {
    if [[ $1 == AWSX_OWNER ]]; then __awsx_undo; fi
    if [[ $1 == AWS_* && (-n ${AWSX_OWNER-}) ]]; then
      __awsx_keep "__awsx_was_$1" "${!1+=${!1}}"
      if [[ -n ${!1+set} ]] && ! __awsx_is_exported "$1"; then __awsx_keep "__awsx_was_$1" ":${!1}"; fi
      __awsx_keep "__awsx_mine_$1" "${2#"$1"}"
      __awsx_keep __awsx_names "${__awsx_names-} $1"
    fi
    if [[ $2 == *=* ]]; then
      \builtin export "${2?}" 2>/dev/null && \builtin return 0
    else
      \builtin unset -v "$1" 2>/dev/null && \builtin return 0
    fi
    \builtin printf 'awsx: %s is readonly in this shell; start a new one without it\n' "$1" >&2
    \builtin return 1
  }

  # Give back each variable as it was (`=value` exported, `:value` not), unless somebody else has changed it since.
  function __awsx_undo {
    \builtin local name mine was
    for name in ${__awsx_names-}; do
      mine=__awsx_mine_$name was=__awsx_was_$name
      if [[ ${!name+=${!name}} == "${!mine-}" ]]; then
        case ${!was-} in
          =*) \builtin export "$name${!was}" 2>/dev/null || \builtin : ;;
          :*) __awsx_keep "$name" "${!was#:}" 2>/dev/null || \builtin : ;;
          *) \builtin unset -v "$name" 2>/dev/null || \builtin : ;;
        esac
      fi
      \builtin unset -v "$mine" "$was"
    done
    __awsx_names=""
  }

  # True if the variable $1 is exported (bash before 4.4 cannot tell).
  if [[ $((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1])) -ge 404 ]]; then
    function __awsx_is_exported { [[ ${!1@a} == *x* ]]; }
  else
    function __awsx_is_exported { :; }
  fi

  # A variable of ours, never exported (not even under `set -a`).
  function __awsx_keep {
    \builtin printf -v "$1" %s "$2"
    \builtin export -n "${1?}"
  }

  # --- the prompt -----------------------------------------------------------------------------------------------------

  # The segment, for people who place it themselves: PS1='$(awsx_prompt)\$ '. It ends with a blank if it is not empty.
  # What stands behind it sees the $? that stood before it.
  function awsx_prompt {
    \builtin local code=$?
    \builtin printf %s "${__awsx_segment-}"
    \builtin return "$code"
  }

  function __awsx_precmd {
    \builtin local __awsx_code=$?
    __awsx_draw
    if [[ -z ${__awsx_placed-} ]]; then __awsx_place; fi
    case $- in *e*) __awsx_code=0 ;; esac # errexit would take it for a failure of its own
    \builtin return "$__awsx_code"
  }

  # Put the segment before PS1, by name: its value is never expanded. Late, so that the rc file may set PS1 after us.
  function __awsx_place {
    __awsx_placed=$$
    if [[ -n ${AWSX_NO_PROMPT-} ]] || ! \builtin shopt -q promptvars; then \builtin return 0; fi
    case ${PS1-} in
      *awsx_prompt* | *__awsx_segment*) ;;
      *) \builtin printf -v PS1 %s "\${__awsx_segment-}${PS1-}" 2>/dev/null || \builtin : ;;
    esac
  }

  # The segment stays as it is while nothing has changed that it was drawn from, and its minute or hour has not passed.
  function __awsx_draw {
    if [[ -z ${AWS_PROFILE-} ]] || ! __awsx_is_exported AWS_PROFILE; then
      __awsx_segment="" __awsx_until=0
      \builtin return 0
    fi
    \builtin local now="${EPOCHSECONDS-}"
    \builtin local there="${HOME-}|${XDG_CACHE_HOME-}|${XDG_RUNTIME_DIR-}|${XDG_CONFIG_HOME-}|${TMPDIR-}|$AWS_PROFILE"
    there="$there|${AWS_CONFIG_FILE-?}|${AWS_SHARED_CREDENTIALS_FILE-?}|${NO_COLOR-}|${TERM-}"
    if [[ -z $now ]]; then __awsx_clock; fi
    if [[ $there != "${__awsx_there-}" ]]; then
      __awsx_where
      __awsx_there=$there
    elif [[ $now -ge ${__awsx_since-0} && $now -lt ${__awsx_until-0} ]] && __awsx_is_fresh; then
      \builtin return 0
    fi
    \builtin local IFS=$' \t\n' name label="" account="" role region key="" state="" end ends="" renewable=""
    if [[ -n $__awsx_folder ]] && ! __awsx_read; then
      AWSX_SHELL=$__awsx_shell AWSX_CACHE=$__awsx_cache \
        "$__awsx_python" -I -S "$__awsx_start" --refresh </dev/null >/dev/null 2>&1 || \builtin :
      __awsx_read stale || \builtin :
    fi
    __awsx_compose
  }

  # True if each source is as old as its stamp, or missing like it. One test for all, since every step counts here.
  function __awsx_is_fresh {
    \builtin local at="$__awsx_folder"
    [[ ! ($__awsx_config -nt $at/config || $__awsx_config -ot $at/config ||
      $__awsx_credentials -nt $at/credentials || $__awsx_credentials -ot $at/credentials ||
      $__awsx_settings -nt $at/settings || $__awsx_settings -ot $at/settings ||
      $__awsx_token -nt $__awsx_session || $__awsx_token -ot $__awsx_session) ]]
  }

  # Read the memos into our caller's variables; false if there is none, or (without an argument) if one may be stale.
  function __awsx_read {
    \builtin local memo="$__awsx_memo" at="$__awsx_folder"
    __awsx_token="" __awsx_session=""
    if [[ ! -r $memo || ! -O $memo ]] || { [[ -z ${1-} ]] && ! __awsx_is_fresh; }; then \builtin return 1; fi
    # shellcheck disable=SC2034 # role and region: for a format of the person's own
    IFS=$'\x1f' \builtin read -r name label account role region key state end <"$memo" || \builtin return 1
    if [[ $name != "$AWS_PROFILE" || $end != . ]]; then
      label=""
      \builtin return 1
    fi
    if [[ -z $key ]]; then \builtin return 0; fi
    memo=$at/s.$key
    __awsx_session=$memo __awsx_token=$__awsx_home/.aws/sso/cache/$key.json
    if [[ -z ${1-} && ($__awsx_token -nt $memo || $__awsx_token -ot $memo) ]]; then \builtin return 1; fi
    if [[ ! -e $memo ]]; then \builtin return 0; fi
    [[ -r $memo ]] && IFS=$'\x1f' \builtin read -r ends renewable end <"$memo" && [[ $end == . ]]
  }

  # From our caller's variables to the segment: `prod 111122223333 6h `.
  function __awsx_compose {
    \builtin local left="" colour=32 seconds
    __awsx_since=$now __awsx_until=99999999999
    if [[ -z $label ]]; then label=${AWS_PROFILE//[[:cntrl:]]/?}; fi
    if [[ $state == missing ]]; then left="no such profile" colour=31; fi
    if [[ -n $key ]]; then
      case ${ends:-x}${renewable:-x} in *[!0-9]*) ends=0 renewable=0 ;; esac # numbers only: nothing to evaluate
      seconds=$((ends - now))
      if [[ $seconds -lt 1 ]]; then
        left=expired colour=31
        if [[ $renewable -gt $now ]]; then left=renews colour=33; fi
      elif [[ $seconds -lt 60 ]]; then
        left="<1m" colour=33 __awsx_until=$ends
      elif [[ $seconds -lt 3600 ]]; then
        left=$((seconds / 60))m __awsx_until=$((now + seconds % 60 + 1))
        if [[ $seconds -lt 1800 ]]; then colour=33; fi
      elif [[ $seconds -lt 172800 ]]; then
        left=$((seconds / 3600))h __awsx_until=$((now + seconds % 3600 + 1))
      else
        left=$((seconds / 86400))d __awsx_until=$((now + seconds % 86400 + 1))
      fi
      if [[ $renewable -gt $now && $renewable -lt $__awsx_until ]]; then __awsx_until=$renewable; fi
      if [[ $seconds -gt 0 && $renewable -gt $now ]]; then left=$left+ colour=32; fi
    fi
    # \001 and \002 are what \[ and \] become: they must stand in the value, readline counts no column between them.
    if [[ -z ${NO_COLOR-} && ${TERM-dumb} != dumb ]]; then
      label=$'\001\e[36m\002'$label$'\001\e[0m\002'
      if [[ -n $left ]]; then left=$'\001\e['${colour}m$'\002'$left$'\001\e[0m\002'; fi
    fi
    __awsx_segment="$label${account:+ $account}${left:+ $left} "
  }

  # The time in `now`, without a process, where there is no EPOCHSECONDS (before bash 5, or where it was unset).
  if [[ $((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1])) -ge 402 ]]; then
    function __awsx_clock { \builtin printf -v now '%(%s)T' -1; }
  else
    __awsx_epoch=$(($(\builtin command date +%s) - SECONDS))
    function __awsx_clock { now=$((__awsx_epoch + SECONDS)); }
  fi

  # Looked at anew after each loading: an rc file that is read again has set PS1 again, and a child shell under `set -a`
  # inherits what was placed in another one.
  \builtin unset -v __awsx_placed __awsx_there __awsx_since __awsx_until

  # Hook in after everybody else, once. From bash 5.1 each element of the array sees the true $?; element 0 is left to
  # those who still assign PROMPT_COMMAND as a string. printf: on a readonly variable it fails, an assignment would
  # end the whole file.
  case $-:${PROMPT_COMMAND[*]-} in
    *i*:*__awsx_precmd*) ;;
    *i*:*)
      if [[ $((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1])) -ge 501 ]]; then
        if [[ -z ${PROMPT_COMMAND[0]-} ]]; then \builtin printf -v 'PROMPT_COMMAND[0]' %s "" 2>/dev/null || \builtin :; fi
        __awsx_at=1
        while [[ -n ${PROMPT_COMMAND[__awsx_at]-} ]]; do __awsx_at=$((__awsx_at + 1)); done
        \builtin printf -v "PROMPT_COMMAND[$__awsx_at]" %s __awsx_precmd 2>/dev/null || \builtin :
        \builtin unset -v __awsx_at
      else
        \builtin printf -v PROMPT_COMMAND %s "${PROMPT_COMMAND:+$PROMPT_COMMAND$'\n'}__awsx_precmd" 2>/dev/null || \builtin :
      fi
      ;;
  esac
fi
