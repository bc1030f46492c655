# shellcheck shell=bash disable=SC2034,SC2154
# (what stands here is read and set in our callers: __awsx_draw in awsx.bash)
#
# What the segment says and how it looks: shell/awsx.bash sources this file when there is something to show. Who decides
# besides the profile (docs/truth.md), the words of the format (awsx/segment.py), and the rest after which a guarded
# profile is left. No process is started.

if [[ -n ${__awsx_start-} ]]; then

  # From our caller's variables to the segment: `prod 111122223333 6h `. A format comes as words, `STYLE:TEXT`, each
  # ended by \x1e; in a text \x02 stands for what is left of the session, \x03 for the state, \x04 for the region.
  function __awsx_compose {
    \builtin local left="" hue=3 until=99999999999 at="$region" state="" rival="" plain="" word
    if [[ -n $key ]]; then __awsx_left; fi
    if [[ $hue == 2 && $left == [1-9]* ]]; then left="$left!"; fi # for who sees no colours
    __awsx_find_rival
    if [[ -z $by$rival ]]; then # a key that is not exported
      __awsx_hand_out ""
      \builtin return 0
    fi
    __awsx_find_origin
    __awsx_find_state
    __awsx_since=$now __awsx_until=$until __awsx_leave_after=$leave
    if [[ -n $leave ]]; then __awsx_begin_rest; fi
    # What the environment says is text, and none of the marks of a format.
    who=${who//[[:cntrl:]]/?} rival=${rival//[[:cntrl:]]/?} state=${state//[[:cntrl:]]/?} at=${at//[[:cntrl:]]/?}
    if [[ -z $kind ]]; then look="36:${who:-"''"}"$'\x1eL:\x02\x1eS:\x03\x1e'; fi
    case ${COLUMNS:-x}${below:-x} in *[!0-9]*) ;; *) if ((10#$COLUMNS < below)); then look=$narrow; fi ;; esac
    if [[ -n $rival ]]; then look="31:$rival"$'\x1eS:\x03\x1e'; fi
    while [[ $look == *$'\x1e'* ]]; do
      word=${look%%$'\x1e'*} look=${look#*$'\x1e'}
      # shellcheck disable=SC2086 # a list of numbers
      __awsx_add "$word" ${colours:-32 33 31 33 0}
    done
    __awsx_hand_out "${plain% }"
  }

  # STYLE:TEXT and the colours of good, soon, expired, state, region: add it to the segment, filled in. A word whose
  # first field has nothing to say is left out.
  function __awsx_add {
    \builtin local style="${1%%:*}" text="${1#*:}"
    case $style in
      L) if [[ -n $left ]]; then style=${*:hue+1:1}; else \builtin return 0; fi ;;
      S) if [[ -n $state ]]; then style=$5; else \builtin return 0; fi ;;
      R) if [[ -n $at ]]; then style=$6; else \builtin return 0; fi ;;
    esac
    if [[ $kind == missing && $1 == S:* ]]; then style=$4; fi
    while [[ $text == *$'\x02'* ]]; do text=${text%%$'\x02'*}$left${text#*$'\x02'}; done
    while [[ $text == *$'\x03'* ]]; do text=${text%%$'\x03'*}$state${text#*$'\x03'}; done
    while [[ $text == *$'\x04'* ]]; do text=${text%%$'\x04'*}$at${text#*$'\x04'}; done
    text=${text//[[:cntrl:]]/?}
    case ${LC_ALL:-${LC_CTYPE:-${LANG-}}} in *[Uu][Tt][Ff]*) ;; *) text=${text//[!\ -~]/?} ;; esac
    plain="$plain$text "
    # \001 and \002 are what \[ and \] become: they must stand in the value, readline counts no column between them.
    if [[ -z ${NO_COLOR-} && ${TERM-dumb} != dumb && -n $style && $style != *[!0-9\;]* ]]; then
      text=$'\001\e['$style$'m\002'$text$'\001\e[0m\002'
    fi
    __awsx_segment="$__awsx_segment$text "
  }

  # --- what decides besides the profile -------------------------------------------------------------------------------

  # What beats the profile in the AWS CLI and most of the SDKs (docs/truth.md), in our caller's `rival`. A profile that
  # does not exist is an error all the same; one that assumes a role comes before a web identity.
  function __awsx_find_rival {
    \builtin local value role
    rival=""
    if [[ $kind == missing || (-n $by && -z $who) ]]; then \builtin return 0; fi
    __awsx_get AWS_ROLE_ARN || \builtin :
    role=$value
    __awsx_get AWS_WEB_IDENTITY_TOKEN_FILE || \builtin :
    if [[ $kind == web-identity && -n $value$role ]]; then
      rival="web identity" # put together of both
    elif [[ -n $value && $kind != role ]]; then
      rival="web identity"
      if [[ -z $role ]]; then rival="web identity without a role"; fi
    fi
    __awsx_get AWS_ACCESS_KEY_ID || \builtin :
    if [[ -n $value ]]; then
      rival=keys
      if [[ -z ${AWS_SECRET_ACCESS_KEY:+x} ]] || ! __awsx_is_exported AWS_SECRET_ACCESS_KEY; then # `set -x` prints this
        rival="keys without a secret"
      fi
    fi
    if [[ -n $rival && -n $who ]]; then rival="$rival, not $who"; fi
  }

  # What a person must know besides, in our caller's `state`, and the region that is used, `at`.
  function __awsx_find_state {
    \builtin local value boto
    boto=$region at=$region
    if __awsx_get AWS_DEFAULT_REGION; then boto=${value:-"''"} at=${value:-"''"}; fi
    if __awsx_get AWS_REGION; then at=${value:-"''"}; fi # one that is empty is taken for a region, too
    state=""
    if [[ -z $rival ]]; then __awsx_find_doubts; fi
    if [[ -n $region && $look != *$'\x04'* ]]; then
      if ! [ "$at" = "$region" ]; then state="$state @$at"; fi
      if ! [ "$boto" = "$at" ] && ! [ "$boto" = "$region" ]; then state="$state boto3@$boto"; fi
    fi
    if [[ -z $rival ]]; then
      case $by:$origin in AWS_PROFILE:hand) state="$state *" ;; AWS_PROFILE:inherited) state="$state ?" ;; esac
    fi
    state=${state# }
  }

  function __awsx_find_doubts {
    if [[ $kind == missing || -z $who ]]; then state=" no such profile"; fi
    if [[ $by == AWS_DEFAULT_PROFILE ]]; then
      state="$state not-js"
    else
      __awsx_get AWS_DEFAULT_PROFILE || \builtin :
      if [[ -n $value ]] && ! [ "$value" = "$who" ]; then state="$state boto3:$value"; fi
    fi
    if [[ -n $mark ]]; then state="$state $mark"; fi
  }

  # What a command sees of the variable $1, in our caller's `value`; false if it does not see one.
  function __awsx_get {
    value=""
    [[ -n ${!1+set} ]] && __awsx_is_exported "$1" && value=${!1}
  }

  # --- at rest --------------------------------------------------------------------------------------------------------

  # [guard] leave_after: back to no profile after so many seconds at a prompt, nothing typed and nothing running.
  function __awsx_watch_rest {
    \builtin local now="${EPOCHSECONDS-}" rested="${__awsx_rested:-0}" began="${__awsx_began:-0}"
    \builtin local on="${__awsx_rests_on-}" who by
    if [[ -z $now ]]; then __awsx_clock; fi
    if [[ $began -lt $rested ]]; then began=$now; fi # no command, or nobody to tell when it began
    __awsx_find_who || \builtin :
    __awsx_begin_rest
    if [[ $((began - rested)) -ge $__awsx_leave_after && -n $who ]] && [ "$who" = "$on" ]; then __awsx_leave_at_rest; fi
  }

  # From our caller's now on, nothing happens to our caller's who.
  function __awsx_begin_rest {
    __awsx_rested=$now __awsx_began=0 __awsx_rests_on=$who
    if [[ ${PS0-} != *__awsx_began* ]] && \builtin shopt -q promptvars; then
      \builtin printf -v PS0 %s "${PS0-}\${__awsx_began:\$((__awsx_began = EPOCHSECONDS, 0)):0}" 2>/dev/null ||
        \builtin :
    fi
  }

  function __awsx_leave_at_rest {
    \builtin local IFS=$' \t\n' __awsx_code=0 __awsx_stuck="" who by
    \builtin local why=", at rest for longer than leave_after in [guard]"
    \builtin local "${__awsx_locals[@]}"
    if ! __awsx_leave "$why" && [[ ${AWSX_OWNER-} == "$$" ]]; then awsx off; fi
    # It was not awsx's, or what was there before has come back: if that is guarded, it goes too.
    while __awsx_find_who && { ! __awsx_read "$who" stale || [[ -n $leave ]]; } && \builtin unset -v "$by"; do
      \builtin printf 'awsx: left %s%s\n' "${who//[[:cntrl:]]/?}" "$why" >&2
    done
  }
fi
