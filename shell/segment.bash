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
    \builtin local time_left="" hue=3 until=99999999999 used_region="$region" shown_marks="" rival="" plain="" word
    if [[ -n $key ]]; then __awsx_find_time_left; fi
    if [[ $hue == 2 && $time_left == [1-9]* ]]; then time_left="$time_left!"; fi # for who sees no colours
    __awsx_find_rival
    if [[ -z $used_variable$rival ]]; then # a key that is not exported
      __awsx_export_segment ""
      \builtin return 0
    fi
    __awsx_find_origin
    __awsx_find_shown_marks
    __awsx_since=$now __awsx_until=$until __awsx_leave_after=$leave
    if [[ -n $leave ]]; then __awsx_begin_rest; fi
    # What the environment says is text, and none of the marks of a format.
    used_profile=${used_profile//[[:cntrl:]]/?} rival=${rival//[[:cntrl:]]/?}
    shown_marks=${shown_marks//[[:cntrl:]]/?} used_region=${used_region//[[:cntrl:]]/?}
    if [[ -z $kind ]]; then look="36:${used_profile:-"''"}"$'\x1eL:\x02\x1eS:\x03\x1e'; fi
    case ${COLUMNS:-x}${below:-x} in *[!0-9]*) ;; *) if ((10#$COLUMNS < below)); then look=$narrow; fi ;; esac
    if [[ -n $rival ]]; then look="31:$rival"$'\x1eS:\x03\x1e'; fi
    while [[ $look == *$'\x1e'* ]]; do
      word=${look%%$'\x1e'*} look=${look#*$'\x1e'}
      # shellcheck disable=SC2086 # a list of numbers
      __awsx_add_word "$word" ${colours:-32 33 31 33 0}
    done
    __awsx_export_segment "${plain% }"
  }

  # STYLE:TEXT and the colours of good, soon, expired, state, region: add it to the segment, filled in. A word whose
  # first field has nothing to say is left out.
  function __awsx_add_word {
    \builtin local style="${1%%:*}" text="${1#*:}"
    case $style in
      L) if [[ -n $time_left ]]; then style=${*:hue+1:1}; else \builtin return 0; fi ;;
      S) if [[ -n $shown_marks ]]; then style=$5; else \builtin return 0; fi ;;
      R) if [[ -n $used_region ]]; then style=$6; else \builtin return 0; fi ;;
    esac
    if [[ $kind == missing && $1 == S:* ]]; then style=$4; fi
    while [[ $text == *$'\x02'* ]]; do text=${text%%$'\x02'*}$time_left${text#*$'\x02'}; done
    while [[ $text == *$'\x03'* ]]; do text=${text%%$'\x03'*}$shown_marks${text#*$'\x03'}; done
    while [[ $text == *$'\x04'* ]]; do text=${text%%$'\x04'*}$used_region${text#*$'\x04'}; done
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
    if [[ $kind == missing || (-n $used_variable && -z $used_profile) ]]; then \builtin return 0; fi
    __awsx_get_exported AWS_ROLE_ARN || \builtin :
    role=$value
    __awsx_get_exported AWS_WEB_IDENTITY_TOKEN_FILE || \builtin :
    if [[ $kind == web-identity && -n $value$role ]]; then
      rival="web identity" # put together of both
    elif [[ -n $value && $kind != role ]]; then
      rival="web identity"
      if [[ -z $role ]]; then rival="web identity without a role"; fi
    fi
    __awsx_get_exported AWS_ACCESS_KEY_ID || \builtin :
    if [[ -n $value ]]; then
      rival=keys
      if [[ -z ${AWS_SECRET_ACCESS_KEY:+x} ]] || ! __awsx_is_exported AWS_SECRET_ACCESS_KEY; then # `set -x` prints this
        rival="keys without a secret"
      fi
    fi
    if [[ -n $rival && -n $used_profile ]]; then rival="$rival, not $used_profile"; fi
  }

  # What a person must know besides, in our caller's `state`, and the region that is used, `at`.
  function __awsx_find_shown_marks {
    \builtin local value boto3_region
    boto3_region=$region used_region=$region
    if __awsx_get_exported AWS_DEFAULT_REGION; then boto3_region=${value:-"''"} used_region=${value:-"''"}; fi
    if __awsx_get_exported AWS_REGION; then used_region=${value:-"''"}; fi # an empty one counts as a region, too
    shown_marks=""
    if [[ -z $rival ]]; then __awsx_find_profile_marks; fi
    if [[ -n $region && $look != *$'\x04'* ]]; then
      if ! [ "$used_region" = "$region" ]; then shown_marks="$shown_marks @$used_region"; fi
      if ! [ "$boto3_region" = "$used_region" ] && ! [ "$boto3_region" = "$region" ]; then
        shown_marks="$shown_marks boto3@$boto3_region"
      fi
    fi
    if [[ -z $rival ]]; then
      case $used_variable:$__awsx_origin in
        AWS_PROFILE:hand) shown_marks="$shown_marks *" ;;
        AWS_PROFILE:inherited) shown_marks="$shown_marks ?" ;;
      esac
    fi
    shown_marks=${shown_marks# }
  }

  function __awsx_find_profile_marks {
    if [[ $kind == missing || -z $used_profile ]]; then shown_marks=" no such profile"; fi
    if [[ $used_variable == AWS_DEFAULT_PROFILE ]]; then
      shown_marks="$shown_marks not-js"
    else
      __awsx_get_exported AWS_DEFAULT_PROFILE || \builtin :
      if [[ -n $value ]] && ! [ "$value" = "$used_profile" ]; then shown_marks="$shown_marks boto3:$value"; fi
    fi
    if [[ -n $mark ]]; then shown_marks="$shown_marks $mark"; fi
  }

  # What a command sees of the variable $1, in our caller's `value`; false if it does not see one.
  function __awsx_get_exported {
    value=""
    [[ -n ${!1+set} ]] && __awsx_is_exported "$1" && value=${!1}
  }

  # --- at rest --------------------------------------------------------------------------------------------------------

  # [guard] leave_after: back to no profile after so many seconds at a prompt, nothing typed and nothing running.
  function __awsx_watch_rest {
    \builtin local now="${EPOCHSECONDS-}" began="${__awsx_rest_began:-0}" ended="${__awsx_rest_ended:-0}"
    \builtin local rested="${__awsx_rest_profile-}" used_profile used_variable
    if [[ -z $now ]]; then __awsx_clock; fi
    if [[ $ended -lt $began ]]; then ended=$now; fi # no command, or nobody to tell when it began
    __awsx_find_used_profile || \builtin :
    __awsx_begin_rest
    if [[ $((ended - began)) -ge $__awsx_leave_after && -n $used_profile ]] && [ "$used_profile" = "$rested" ]; then
      __awsx_leave_at_rest
    fi
  }

  # From our caller's now on, nothing happens to our caller's who.
  function __awsx_begin_rest {
    __awsx_rest_began=$now __awsx_rest_ended=0 __awsx_rest_profile=$used_profile
    if [[ ${PS0-} != *__awsx_rest_ended* ]] && \builtin shopt -q promptvars; then
      \builtin printf -v PS0 %s "${PS0-}\${__awsx_rest_ended:\$((__awsx_rest_ended = EPOCHSECONDS, 0)):0}" \
        2>/dev/null || \builtin :
    fi
  }

  function __awsx_leave_at_rest {
    \builtin local IFS=$' \t\n' __awsx_code=0 __awsx_readonly="" used_profile used_variable
    \builtin local why=", at rest for longer than leave_after in [guard]"
    \builtin local "${__awsx_memo_locals[@]}"
    if ! __awsx_leave "$why" && [[ ${AWSX_OWNER-} == "$$" ]]; then awsx off; fi
    # It was not awsx's, or what was there before has come back: if that is guarded, it goes too.
    while __awsx_find_used_profile && { ! __awsx_read_memos "$used_profile" stale || [[ -n $leave ]]; } &&
      \builtin unset -v "$used_variable"; do
      \builtin printf 'awsx: left %s%s\n' "${used_profile//[[:cntrl:]]/?}" "$why" >&2
    done
  }
fi
