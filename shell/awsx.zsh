# awsx for zsh 5.3 and later: the function `awsx` and the prompt segment. Load it from ~/.zshrc by the line that
# `awsx init zsh` prints: `emulate zsh -o no_aliases -c "source .../awsx.zsh"` gives every function here zsh's own
# options at each call, whatever you set. It says nothing, may be loaded twice, and starts no process but awsx's core.
#
# What you may set:
#   AWSX_PYTHON      the Python that has awsx (unset: python3 on PATH); `awsx init zsh` fills it in
#   AWSX_NO_PROMPT   anything: leave PROMPT alone; place $(awsx_prompt) in it yourself (with setopt prompt_subst)
#   NO_COLOR         anything: a segment without colours
#
# The core is given a file to write the change into: NAME=VALUE to export, NAME to unset, `.` at the end. It is read as
# data and assigned; nothing in it is ever evaluated.

# One compound command: zsh reads it whole or not at all.
if [[ -n ${ZSH_VERSION-} ]]; then

  \builtin unalias awsx awsx_prompt 2>/dev/null || \builtin :

  typeset -g __awsx_file=${${(%):-%x}:A}
  # The core lies beside this folder in a checkout, around it once installed.
  typeset -g __awsx_start=${__awsx_file:h:h}/awsx/start.py
  if [[ ! -e $__awsx_start ]]; then __awsx_start=${__awsx_file:h:h}/start.py; fi
  typeset -g __awsx_python=${AWSX_PYTHON:-python3}

  # A shell that was executed in place has the pid of the one that switched, but nothing that was put aside: a child's.
  if [[ ${AWSX_OWNER-} == $$ && -z ${__awsx_names-} ]]; then AWSX_OWNER=0; fi

  function awsx {
    local IFS=$' \t\n'
    local -i __awsx_code=0
    local __awsx_handover
    __awsx_where
    __awsx_handover=$__awsx_run/shell.$$
    if __awsx_is_ours $__awsx_handover; then : >|$__awsx_handover; fi
    # Not `|| __awsx_code=$?`: behind that, zsh makes 1 of a Ctrl-C.
    if AWSX_HANDOVER=$__awsx_handover AWSX_PREVIOUS=${__awsx_previous-} AWSX_PID=$$ \
      AWSX_SHELL=zsh AWSX_CACHE=$__awsx_cache \
      $__awsx_python -I -S $__awsx_start "$@"; then :; else __awsx_code=$?; fi
    if __awsx_is_ours $__awsx_handover; then
      __awsx_take $__awsx_handover || __awsx_code=$?
    fi
    return $__awsx_code
  }

  # True if there is something in the file $1 and nobody else has put it there, as a link to another file would be.
  function __awsx_is_ours {
    [[ -s $1 && -O $1 && ! -L $1 && -O ${1%/*} ]]
  }

  # Where everything lies that this terminal reads. A cache that cannot be written (a read-only HOME) moves to TMPDIR.
  function __awsx_where {
    typeset -g __awsx_home=${HOME:-~} __awsx_cache __awsx_run
    typeset -g __awsx_settings __awsx_config __awsx_credentials __awsx_folder __awsx_memo
    __awsx_cache=${XDG_CACHE_HOME:-$__awsx_home/.cache}/awsx
    local there=$__awsx_cache
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
    case $__awsx_config:$__awsx_credentials in *'$'* | [^/:]* | *:[^/]* | */../*) __awsx_folder="" ;; esac
    __awsx_memo=$__awsx_folder/p.${${${AWS_PROFILE-}//\%/%25}//\//%2F}
  }

  # Take over what the core wrote, if it wrote all of it. Untraced: what is put aside may be a secret.
  function __awsx_take {
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
    if [[ ${(Pt)1-} == *readonly* ]]; then
      print -ru2 -- "awsx: $1 is readonly in this shell; start a new one without it"
      return 1
    fi
    if [[ $1 == AWSX_OWNER ]]; then __awsx_undo; fi
    if [[ $1 == AWS_* && -n ${AWSX_OWNER-} ]]; then
      __awsx_keep __awsx_was_$1 "${(P)1+=${(P)1}}"
      if [[ -n ${(P)1+set} && ${(Pt)1} != *export* ]]; then __awsx_keep __awsx_was_$1 ":${(P)1}"; fi
      __awsx_keep __awsx_mine_$1 "${2#$1}"
      __awsx_keep __awsx_names "${__awsx_names-} $1"
    fi
    if [[ $2 == *=* ]]; then export "$2"; else unset -v $1; fi
  }

  # Give back each variable as it was (`=value` exported, `:value` not), unless somebody else has changed it since.
  function __awsx_undo {
    setopt local_options no_xtrace
    local name mine was
    for name in ${=__awsx_names-}; do
      mine=__awsx_mine_$name was=__awsx_was_$name
      if [[ "${(P)name+=${(P)name}}" == "${(P)mine-}" ]]; then
        case ${(P)was-} in
          \=*) export "$name${(P)was}" ;;
          :*) __awsx_keep $name "${${(P)was}#:}" ;;
          *) unset -v $name ;;
        esac
      fi
      unset -v $mine $was
    done
    __awsx_keep __awsx_names ""
  }

  # A variable of ours, never exported (not even under `setopt all_export`).
  function __awsx_keep {
    typeset -g +x "$1=$2"
  }

  # --- the prompt -----------------------------------------------------------------------------------------------------

  # The segment, for people who place it themselves: PROMPT='$(awsx_prompt)%# '. It ends with a blank if it is not empty.
  # What stands behind it sees the $? that stood before it.
  function awsx_prompt {
    local -i code=$?
    print -rn -- "${__awsx_segment-}"
    return code
  }

  function __awsx_precmd {
    local IFS=$' \t\n'
    __awsx_draw
    if [[ -z ${__awsx_placed-} ]]; then __awsx_place; fi
    return 0
  }

  # Put the segment before PROMPT. It is drawn from psvar, whose elements zsh prints as they are: 71 is the text, 72 to
  # 74 what is left in green, yellow, red. Late, so that the rc file and its theme may set PROMPT after us.
  function __awsx_place {
    typeset -g __awsx_placed=$$
    if [[ -n ${AWSX_NO_PROMPT-} || ${PROMPT-} == *(awsx_prompt|%71v)* ]]; then return 0; fi
    PROMPT='%(71V.%71v .)%(72V.%F{cyan}%72v%f%(73V. %73v.) .)%(74V.%F{green}%74v%f .)%(75V.%F{yellow}%75v%f .)%(76V.%F{red}%76v%f .)'${PROMPT-}
  }

  # The segment stays as it is while nothing has changed that it was drawn from, and its minute or hour has not passed.
  # psvar is set all the same: a theme may have emptied it.
  function __awsx_draw {
    if [[ -z ${AWS_PROFILE-} || ${(t)AWS_PROFILE} != *export* ]]; then
      typeset -g __awsx_segment= __awsx_until=0
      psvar[71,76]=("" "" "" "" "" "")
      return 0
    fi
    local there="${HOME-}|${XDG_CACHE_HOME-}|${XDG_RUNTIME_DIR-}|${XDG_CONFIG_HOME-}|${TMPDIR-}|$AWS_PROFILE"
    there+="|${AWS_CONFIG_FILE-?}|${AWS_SHARED_CREDENTIALS_FILE-?}|${NO_COLOR-}|${TERM-}"
    local -i now=EPOCHSECONDS
    if [[ $there != "${__awsx_there-}" ]]; then
      __awsx_where
      typeset -g __awsx_there=$there
    elif [[ $now -ge ${__awsx_since-0} && $now -lt ${__awsx_until-0} ]] && __awsx_is_fresh; then
      psvar[71,76]=("$__awsx_parts[@]")
      return 0
    fi
    local label account key state ends renewable
    if [[ -n $__awsx_folder ]] && ! __awsx_read; then
      AWSX_SHELL=zsh AWSX_CACHE=$__awsx_cache \
        $__awsx_python -I -S $__awsx_start --refresh </dev/null &>/dev/null || :
      __awsx_read stale || :
    fi
    __awsx_compose
  }

  # True if each source is as old as its stamp, or missing like it. -nt and -ot are both false for a missing file: so
  # each pair is there and equal, or neither is there. One test for all, since every step counts here.
  function __awsx_is_fresh {
    local a=$__awsx_config b=$__awsx_credentials c=$__awsx_settings d=$__awsx_token at=$__awsx_folder
    local e=$__awsx_session
    [[ (-e $a && -e $at/config && ! $a -nt $at/config && ! $a -ot $at/config || ! -e $a && ! -e $at/config) &&
      (-e $b && -e $at/credentials && ! $b -nt $at/credentials && ! $b -ot $at/credentials ||
      ! -e $b && ! -e $at/credentials) &&
      (-e $c && -e $at/settings && ! $c -nt $at/settings && ! $c -ot $at/settings || ! -e $c && ! -e $at/settings) &&
      (-e $d && -e $e && ! $d -nt $e && ! $d -ot $e || ! -e $d && ! -e $e) ]]
  }

  # Read the memos into our caller's variables; false if there is none, or (without an argument) if one may be stale.
  # $(<file) reads in one piece and starts no process; `read` takes a system call a byte.
  function __awsx_read {
    local memo=$__awsx_memo at=$__awsx_folder
    local -a fields
    typeset -g __awsx_token="" __awsx_session=""
    if [[ ! -r $memo || ! -O $memo ]] || { [[ -z ${1-} ]] && ! __awsx_is_fresh; }; then return 1; fi
    fields=("${(@ps:\x1f:)$(<$memo)}")
    if [[ $#fields -ne 8 || $fields[8] != . || $fields[1] != "$AWS_PROFILE" ]]; then return 1; fi
    label=$fields[2] account=$fields[3] key=$fields[6] state=$fields[7]
    if [[ -z $key ]]; then return 0; fi
    memo=$at/s.$key
    __awsx_session=$memo __awsx_token=$__awsx_home/.aws/sso/cache/$key.json
    if [[ -z ${1-} ]] && ! __awsx_is_fresh; then return 1; fi
    if [[ ! -e $memo ]]; then return 0; fi
    if [[ ! -r $memo ]]; then return 1; fi
    fields=("${(@ps:\x1f:)$(<$memo)}")
    if [[ $#fields -ne 3 || $fields[3] != . ]]; then return 1; fi
    ends=$fields[1] renewable=$fields[2]
  }

  # From our caller's variables to psvar, and to the plain text of awsx_prompt.
  function __awsx_compose {
    local left=
    typeset -ga __awsx_parts
    local -i at=4 seconds until=99999999999
    if [[ -z $label ]]; then label=${AWS_PROFILE//[[:cntrl:]]/?}; fi
    if [[ $state == missing ]]; then left='no such profile' at=6; fi
    if [[ -n $key ]]; then
      if [[ ${ends:-x}${renewable:-x} == *[^0-9]* ]]; then ends=0 renewable=0; fi # numbers only: nothing to evaluate
      seconds=$((ends - now))
      if ((seconds < 1)); then
        left=expired at=6
        if ((renewable > now)); then left=renews at=5; fi
      elif ((seconds < 60)); then
        left='<1m' at=5 until=ends
      elif ((seconds < 3600)); then
        left=$((seconds / 60))m until=$((now + seconds % 60 + 1))
        if ((seconds < 1800)); then at=5; fi
      elif ((seconds < 172800)); then
        left=$((seconds / 3600))h until=$((now + seconds % 3600 + 1))
      else
        left=$((seconds / 86400))d until=$((now + seconds % 86400 + 1))
      fi
      if ((renewable > now && renewable < until)); then until=renewable; fi
      if ((seconds > 0 && renewable > now)); then left+=+ at=4; fi
    fi
    if [[ -n ${NO_COLOR-} || ${TERM-dumb} == dumb ]]; then
      __awsx_parts=("$label${account:+ $account}${left:+ $left}" "" "" "" "" "")
    else
      __awsx_parts=("" "$label" "$account" "" "" "")
      __awsx_parts[at]=$left
    fi
    psvar[71,76]=("$__awsx_parts[@]")
    typeset -g __awsx_since=$now __awsx_until=$until
    typeset -g __awsx_segment="${label//\%/%%}${account:+ ${account//\%/%%}}${left:+ $left} "
  }

  # Looked at anew after each loading: an rc file that is read again has set PROMPT again.
  unset -v __awsx_placed __awsx_there __awsx_since __awsx_until

  if [[ -o interactive ]]; then
    zmodload zsh/datetime 2>/dev/null
    typeset -ga precmd_functions
    if ((! ${precmd_functions[(Ie)__awsx_precmd]})); then precmd_functions+=(__awsx_precmd); fi
  fi
fi
