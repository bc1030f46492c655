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
    local __awsx_home __awsx_handover
    __awsx_folders
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

  # Where memos and hand-over files lie. A cache that cannot be written (a read-only HOME) moves to TMPDIR.
  function __awsx_folders {
    __awsx_home=${HOME:-~}
    local key="$__awsx_home:${XDG_CACHE_HOME-}:${XDG_RUNTIME_DIR-}:${TMPDIR-}"
    if [[ $key == ${__awsx_key-} ]]; then return 0; fi
    typeset -g __awsx_key=$key __awsx_cache=${XDG_CACHE_HOME:-$__awsx_home/.cache}/awsx __awsx_run
    local there=$__awsx_cache
    while [[ -n $there && ! -e $there ]]; do there=${there%/*}; done
    if [[ ! -w ${there:-/} ]]; then __awsx_cache=${TMPDIR:-/tmp}/awsx-$UID; fi
    __awsx_run=$__awsx_cache
    if [[ -w ${XDG_RUNTIME_DIR-} && -O ${XDG_RUNTIME_DIR-} ]]; then __awsx_run=$XDG_RUNTIME_DIR/awsx; fi
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

  function __awsx_draw {
    psvar[71]= psvar[72]= psvar[73]= psvar[74]= psvar[75]= psvar[76]=
    typeset -g __awsx_segment=
    if [[ -z ${AWS_PROFILE-} || ${(t)AWS_PROFILE} != *export* ]]; then return 0; fi
    local __awsx_home name label account role region key state ends renewable folder
    __awsx_folders
    local config=${AWS_CONFIG_FILE-$__awsx_home/.aws/config}
    local credentials=${AWS_SHARED_CREDENTIALS_FILE-$__awsx_home/.aws/credentials}
    if [[ $config == '~/'* ]]; then config=$__awsx_home/${config#'~/'}; fi
    if [[ $credentials == '~/'* ]]; then credentials=$__awsx_home/${credentials#'~/'}; fi
    # A relative path or a $VARIABLE in one: only the core can tell where that leads, and the name must do.
    case $config:$credentials in
      *'$'* | [^/:]* | *:[^/]* | */../*) ;;
      *)
        folder=$__awsx_cache/v1$config/+$credentials
        __awsx_read || {
          AWSX_SHELL=zsh AWSX_CACHE=$__awsx_cache \
            $__awsx_python -I -S $__awsx_start --refresh </dev/null &>/dev/null || :
          __awsx_read stale || :
        }
        ;;
    esac
    __awsx_compose
  }

  # Read the memos into our caller's variables; false if there is none, or (without an argument) if one may be stale.
  function __awsx_read {
    local memo=${${AWS_PROFILE//\%/%25}//\//%2F}
    memo=$folder/p.$memo
    if [[ -z ${1-} ]]; then
      __awsx_same $config $folder/config &&
        __awsx_same $credentials $folder/credentials &&
        __awsx_same ${XDG_CONFIG_HOME:-$__awsx_home/.config}/awsx/config.toml $folder/settings || return 1
    fi
    if [[ ! -r $memo || ! -O $memo ]]; then return 1; fi
    IFS=$'\x1f' read -r name label account role region key state <$memo || return 1
    if [[ $name != $AWS_PROFILE ]]; then
      label=
      return 1
    fi
    if [[ -z $key ]]; then return 0; fi
    memo=$folder/s.$key
    if [[ -z ${1-} ]]; then
      __awsx_same $__awsx_home/.aws/sso/cache/$key.json $memo || return 1
    fi
    if [[ ! -e $memo ]]; then return 0; fi
    [[ -r $memo ]] && IFS=$'\x1f' read -r ends renewable <$memo || return 1
  }

  # True if $2 carries the mtime of $1, or is missing like it. (-nt and -ot are both false for a missing file.)
  function __awsx_same {
    if [[ -e $1 ]]; then
      [[ -e $2 && ! $1 -nt $2 && ! $1 -ot $2 ]]
    else
      [[ ! -e $2 ]]
    fi
  }

  # From our caller's variables to psvar, and to the plain text of awsx_prompt.
  function __awsx_compose {
    local left=
    local -i at=74 now=EPOCHSECONDS
    if [[ -z $label ]]; then label=${AWS_PROFILE//[[:cntrl:]]/?}; fi
    if [[ $state == missing ]]; then left='no such profile' at=76; fi
    if [[ -n $key ]]; then
      if [[ ${ends:-x}${renewable:-x} == *[^0-9]* ]]; then ends=0 renewable=0; fi # numbers only: nothing to evaluate
      if ((ends > now)); then
        __awsx_span $((ends - now))
        if ((renewable > now)); then left+=+; elif ((ends - now < 1800)); then at=75; fi
      elif ((renewable > now)); then
        left=renews at=75
      else
        left=expired at=76
      fi
    fi
    if [[ -n ${NO_COLOR-} || ${TERM-dumb} == dumb ]]; then
      psvar[71]="$label${account:+ $account}${left:+ $left}"
    else
      psvar[72]=$label
      psvar[73]=$account
      psvar[at]=$left
    fi
    __awsx_segment="${label//\%/%%}${account:+ ${account//\%/%%}}${left:+ $left} "
  }

  # Seconds -> left, in one unit, rounded down.
  function __awsx_span {
    if (($1 < 60)); then
      left='<1m'
    elif (($1 < 3600)); then
      left=$(($1 / 60))m
    elif (($1 < 172800)); then
      left=$(($1 / 3600))h
    else
      left=$(($1 / 86400))d
    fi
  }

  # Looked at anew after each loading: an rc file that is read again has set PROMPT again.
  unset -v __awsx_placed

  if [[ -o interactive ]]; then
    zmodload zsh/datetime 2>/dev/null
    typeset -ga precmd_functions
    if ((! ${precmd_functions[(Ie)__awsx_precmd]})); then precmd_functions+=(__awsx_precmd); fi
  fi
fi
