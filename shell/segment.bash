# shellcheck shell=bash disable=SC2034,SC2154
# (SC2034, SC2154: the variables used here are those of our callers, above all of __awsx_draw in awsx.bash.)
#
# The text of the segment and its colours. shell/awsx.bash sources this file when there is something to show for the
# first time. It decides what beats the profile (docs/truth.md), fills in the format (awsx/segment.py), and leaves a
# guarded profile after a rest. It starts no process.

if [[ -n ${__awsx_start-} ]]; then

  # A part of a bracket expression: the characters of Unicode that control, format or show nothing, and those for
  # private use, as in `clean` of awsx/term.py. (They stand here byte by byte, because bash before
  # 4.2 knows no \u.)
  __awsx_unprintable=$'\xc2\x80-\xc2\xa0\xc2\xad\xd8\x80-\xd8\x85\xd8\x9c\xdb\x9d\xdc\x8f'
  __awsx_unprintable+=$'\xe0\xa2\x90-\xe0\xa2\x91\xe0\xa3\xa2\xe1\x9a\x80\xe1\xa0\x8e\xe2\x80\x80-\xe2\x80\x8f'
  __awsx_unprintable+=$'\xe2\x80\xa8-\xe2\x80\xaf\xe2\x81\x9f-\xe2\x81\xaf\xe3\x80\x80\xee\x80\x80-\xef\xa3\xbf'
  __awsx_unprintable+=$'\xef\xbb\xbf\xef\xbf\xb9-\xef\xbf\xbb\xf0\x91\x82\xbd\xf0\x91\x83\x8d'
  __awsx_unprintable+=$'\xf0\x93\x90\xb0-\xf0\x93\x90\xbf\xf0\x9b\xb2\xa0-\xf0\x9b\xb2\xa3'
  __awsx_unprintable+=$'\xf0\x9d\x85\xb3-\xf0\x9d\x85\xba\xf3\xa0\x80\x80-\xf3\xa0\x83\xbf'
  __awsx_unprintable+=$'\xf3\xb0\x80\x80-\xf4\x8f\xbf\xbf'

  # Make the segment (`prod 111122223333 6h `) from our caller's memos and the environment. The format consists of words
  # STYLE:TEXT, each ended by \x1e. In TEXT, \x02 stands for the time left, \x03 for the state, \x04 for the region.
  function __awsx_compose {
    \builtin local time_left="" hue=3 until=99999999999 used_region="$region" shown_marks="" rival="" plain="" word
    if [[ -n $key && ${ends:-x}${renewable:-x} == *[!0-9]* && -e $__awsx_token ]]; then
      until=0 # no memo says when the session ends: show nothing, and look again at the next prompt
    elif [[ -n $key ]]; then
      __awsx_find_time_left
    fi
    if [[ $time_left == expired && ${aws_until:-0} -gt $now ]]; then
      time_left="expired, aws until $aws_clock" until=$aws_until
    fi
    # `34m!` says without a colour that little is left.
    if [[ $hue == 2 && $time_left == [1-9]* ]]; then time_left="$time_left!"; fi
    __awsx_find_rival
    if [[ -z $used_variable$rival ]]; then # only keys that are not exported: commands do not see them
      __awsx_export_segment ""
      \builtin return 0
    fi
    __awsx_find_origin
    __awsx_find_shown_marks
    __awsx_since=$now __awsx_until=$until __awsx_leave_after=$leave __awsx_needs=$needs
    if [[ -n $leave ]]; then __awsx_begin_rest; fi
    # Text from the environment must not act as \x02 or \x1e of the format, or as a code of the terminal.
    used_profile=${used_profile//[[:cntrl:]]/?} rival=${rival//[[:cntrl:]]/?}
    shown_marks=${shown_marks//[[:cntrl:]]/?} used_region=${used_region//[[:cntrl:]]/?}
    if [[ $short_regions == *" $used_region="* ]]; then
      used_region=${short_regions#*" $used_region="} used_region=${used_region%% *}
    fi
    if [[ -z $kind ]]; then look="36:${used_profile:-"''"}"$'\x1eL:\x02\x1eS:\x03\x1e'; fi
    case ${COLUMNS:-x}${below:-x} in *[!0-9]*) ;; *) if ((10#$COLUMNS < below)); then look=$narrow; fi ;; esac
    case $rival in
      "keys without "* | "web identity without "*) look="E:$rival"$'\x1eS:\x03\x1e' ;;
      ?*) look="W:$rival"$'\x1eS:\x03\x1e' ;;
    esac
    while [[ $look == *$'\x1e'* ]]; do
      word=${look%%$'\x1e'*} look=${look#*$'\x1e'}
      # shellcheck disable=SC2086 # five arguments
      __awsx_add_word "$word" ${colours:-32 33 31 33 0}
    done
    __awsx_export_segment "${plain% }"
  }

  # Add one word of the format, STYLE:TEXT, to the segment. STYLE is a colour (its digits), or the letter of the field
  # that gives the word its colour: L time left, S state, R region. If that field is empty, the word is left out. W is
  # the colour of the state, and E that of an error. $2 to $6 are the colours of good, soon, expired, state and region.
  function __awsx_add_word {
    \builtin local style="${1%%:*}" text="${1#*:}"
    case $style in
      L) if [[ -n $time_left ]]; then style=${*:hue+1:1}; else \builtin return 0; fi ;;
      S) if [[ -n $shown_marks ]]; then style=$5; else \builtin return 0; fi ;;
      R) if [[ -n $used_region ]]; then style=$6; else \builtin return 0; fi ;;
      W) style=$5 ;;
      E) style=$4 ;;
    esac
    # Red means an error alone: commands fail.
    case ${1%%:*}$kind:\ $mark in Smissing:* | S*:*\ broken* | S*:*\ bad\ *) style=$4 ;; esac
    while [[ $text == *$'\x02'* ]]; do text=${text%%$'\x02'*}$time_left${text#*$'\x02'}; done
    while [[ $text == *$'\x03'* ]]; do text=${text%%$'\x03'*}$shown_marks${text#*$'\x03'}; done
    while [[ $text == *$'\x04'* ]]; do text=${text%%$'\x04'*}$used_region${text#*$'\x04'}; done
    __awsx_clean_text
    plain="$plain$text "
    # \[ and \] work only in PS1 itself. In a value that PS1 names, \001 and \002 tell readline that the text between
    # them takes no columns.
    if [[ -z ${NO_COLOR-} && ${TERM-dumb} != dumb && -n $style && $style != *[!0-9\;]* ]]; then
      text=$'\001\e['$style$'m\002'$text$'\001\e[0m\002'
    fi
    __awsx_segment="$__awsx_segment$text "
  }

  # Make our caller's `text` fit for a screen: each character that would control it, or that it cannot show, becomes
  # a `?`.
  function __awsx_clean_text {
    \builtin local LC_COLLATE=C # for the ranges
    text=${text//[[:cntrl:]]/?}
    case ${LC_ALL:-${LC_CTYPE:-${LANG-}}} in
      *[Uu][Tt][Ff]*) text=${text//[$__awsx_unprintable]/?} ;;
      *) text=${text//[!\ -~]/?} ;;
    esac
  }

  # --- what the next command uses -------------------------------------------------------------------------------------

  # Set our caller's `rival` to what beats the profile in the AWS CLI and in most SDKs (docs/truth.md). Nothing beats a
  # profile that does not exist: the command fails. A profile that assumes a role beats a web identity.
  function __awsx_find_rival {
    \builtin local value role made_for=""
    rival=""
    if [[ $kind == missing || (-n $used_variable && -z $used_profile) ]]; then \builtin return 0; fi
    __awsx_get_exported AWS_ROLE_ARN || \builtin :
    role=$value
    __awsx_get_exported AWS_WEB_IDENTITY_TOKEN_FILE || \builtin :
    if [[ $kind == web-identity && -n $value$role ]]; then
      rival="web identity" # made of the profile and the variables together
    elif [[ -n $value && $kind != role ]]; then
      rival="web identity"
      if [[ -z $role ]]; then rival="web identity without a role"; fi
    fi
    # Only whether the keys are set: `set -x` would print them.
    if [[ -n ${AWS_ACCESS_KEY_ID:+x} ]] && __awsx_is_exported AWS_ACCESS_KEY_ID; then
      rival=keys
      if [[ -z ${AWS_SECRET_ACCESS_KEY:+x} ]] || ! __awsx_is_exported AWS_SECRET_ACCESS_KEY; then
        rival="keys without a secret"
      else
        __awsx_look_at_their_end
      fi
    fi
    if [[ -n $rival && -n $used_profile ]] && ! [ "$used_profile" = "$made_for" ]; then
      rival="$rival, not $used_profile"
    fi
  }

  # Say of the `rival`, keys, which tool has made them for which profile, and how long they last: `prod by aws-vault
  # 34m`. Of an end in a form that the AWS tools do not write, such as `GMT`, the prompt says nothing.
  function __awsx_look_at_their_end {
    \builtin local at zone ends renewable=0
    __awsx_find_maker
    __awsx_get_exported AWS_CREDENTIAL_EXPIRATION || \builtin :
    if [[ -z $value ]]; then __awsx_get_exported AWS_SESSION_EXPIRATION || \builtin return 0; fi
    at=$value
    case $at in
      [0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9][T\ ][0-2][0-9]:[0-5][0-9]:[0-6][0-9]*) ;;
      *) \builtin return 0 ;;
    esac
    zone=${at:19}
    if [[ $zone == .* ]]; then zone=${zone#.} zone=${zone#"${zone%%[!0-9]*}"}; fi
    case $zone in
      Z | UTC) zone=0 ;;
      [+-][0-9][0-9]:[0-9][0-9]) zone=${zone:0:1}$((10#${zone:1:2} * 3600 + 10#${zone:4:2} * 60)) ;;
      *) \builtin return 0 ;;
    esac
    __awsx_find_epoch $((10#${at:0:4})) $((10#${at:5:2})) $((10#${at:8:2}))
    ends=$((ends + 10#${at:11:2} * 3600 + 10#${at:14:2} * 60 + 10#${at:17:2} - zone))
    __awsx_find_time_left
    if [[ $time_left == expired && $rival == keys ]]; then
      rival="expired keys"
    else
      rival="$rival $time_left"
      if [[ $hue == 2 ]]; then rival="$rival!"; fi
    fi
  }

  # Set our caller's `rival` to `prod by aws-vault` and `made_for` to `prod`, if a variable says that another tool has
  # made the keys. (granted names the profile in AWS_PROFILE alone.)
  function __awsx_find_maker {
    \builtin local name
    for name in AWS_VAULT:aws-vault AWSUME_PROFILE:awsume AWS_SSO_PROFILE:aws-sso AWSU_PROFILE:awsu; do
      if __awsx_get_exported "${name%:*}" && [[ -n $value ]]; then
        made_for=$value rival="$value by ${name#*:}"
        \builtin return 0
      fi
    done
    for name in GRANTED_SSO GRANTED_SSO_ROLE_NAME GRANTED_SSO_START_URL GRANTED_SSO_ACCOUNT_ID; do
      if __awsx_get_exported "$name" && [[ -n $value && $used_variable == AWS_PROFILE ]]; then
        made_for=$used_profile rival="$used_profile by granted"
        \builtin return 0
      fi
    done
  }

  # YEAR MONTH DAY: set our caller's `ends` to when that day begins, in seconds since 1970. The year is taken to begin
  # in March, so that a leap day is its last one.
  function __awsx_find_epoch {
    \builtin local year=$(($1 - ($2 < 3))) month=$((($2 + 9) % 12))
    ends=$(((year * 365 + year / 4 - year / 100 + year / 400 + (month * 153 + 2) / 5 + $3 - 719469) * 86400))
  }

  # Set our caller's `used_region` to the region of the next command, and its `shown_marks` to the text of the field
  # `state`: the short forms of all that is unusual.
  function __awsx_find_shown_marks {
    \builtin local value boto3_region js_region
    boto3_region=$region js_region=$region used_region=$region
    if __awsx_get_exported AWS_DEFAULT_REGION; then boto3_region=${value:-"''"} used_region=${value:-"''"}; fi
    if __awsx_get_exported AWS_REGION; then # an empty one counts as a region, too
      js_region=${value:-"''"} used_region=${value:-"''"}
    fi
    shown_marks=""
    if [[ -z $rival ]]; then __awsx_find_profile_marks; fi
    # Without a region in the profile, a variable is unusual only if it is empty or if not all tools read it.
    if [[ $look != *$'\x04'* ]] &&
      { [[ -n $region || $used_region == "''" ]] || ! [ "$boto3_region" = "$js_region" ]; }; then
      if ! [ "$used_region" = "$region" ]; then shown_marks="$shown_marks @$used_region"; fi
      if ! [ "$boto3_region" = "$used_region" ] && ! [ "$boto3_region" = "$region" ]; then
        shown_marks="$shown_marks boto3@$boto3_region"
      fi
    fi
    if [[ -z $rival ]]; then
      case $used_variable:$__awsx_origin in
        AWS_PROFILE:hand) shown_marks="$shown_marks *" ;;
        AWS_PROFILE:inherited)
          if [ "${AWSX_EXEC-}" = "${AWS_PROFILE-}" ]; then value="exec"; else value="?"; fi
          shown_marks="$shown_marks $value"
          ;;
        default:*) shown_marks="$shown_marks unset" ;;
      esac
    fi
    shown_marks=${shown_marks# }
  }

  # Add to our caller's `shown_marks` that the profile is missing or broken, or that some tools use another one.
  function __awsx_find_profile_marks {
    \builtin local name is_there="$needs"
    if [[ $kind == missing || -z $used_profile ]]; then shown_marks=" no such profile"; fi
    if [[ $used_variable == AWS_DEFAULT_PROFILE ]]; then
      shown_marks="$shown_marks not-js"
    else
      __awsx_get_exported AWS_DEFAULT_PROFILE || \builtin :
      if [[ -n $value ]] && ! [ "$value" = "$used_profile" ]; then shown_marks="$shown_marks boto3:$value"; fi
    fi
    if [[ -n $mark ]]; then shown_marks="$shown_marks $mark"; fi
    for name in $needs; do
      if __awsx_get_exported "$name" && [[ -n $value ]]; then is_there=""; fi
    done
    if [[ -n $is_there ]]; then shown_marks="$shown_marks broken"; fi
  }

  # Set our caller's `value` to the variable $1, as a command sees it. False if it is not exported.
  function __awsx_get_exported {
    value=""
    [[ -n ${!1+set} ]] && __awsx_is_exported "$1" && value=${!1}
  }

  # --- at rest --------------------------------------------------------------------------------------------------------

  # Called before a prompt is drawn: leave the profile if the last prompt waited for a command for as many seconds as
  # `leave_after` in [guard] says.
  function __awsx_watch_rest {
    \builtin local now="${EPOCHSECONDS-}" began="${__awsx_rest_began:-0}" ended="${__awsx_rest_ended:-0}"
    \builtin local rested="${__awsx_rest_profile-}" used_profile used_variable
    if [[ -z $now ]]; then __awsx_clock; fi
    if [[ $ended -lt $began ]]; then ended=$now; fi # no command ran, or PS0 did not note when
    __awsx_find_used_profile || \builtin :
    __awsx_begin_rest
    if [[ $((ended - began)) -ge $__awsx_leave_after && -n $used_profile ]] && [ "$used_profile" = "$rested" ]; then
      __awsx_leave_at_rest
    fi
  }

  # Note the time: from our caller's `now` on, the terminal rests in its `used_profile`, until a command starts. bash
  # expands PS0 when that happens; the expansion prints nothing.
  function __awsx_begin_rest {
    __awsx_rest_began=$now __awsx_rest_ended=0 __awsx_rest_profile=$used_profile
    if [[ ${PS0-} != *__awsx_rest_ended* ]] && \builtin shopt -q promptvars; then
      \builtin printf -v PS0 %s "${PS0-}\${__awsx_rest_ended:\$((__awsx_rest_ended = EPOCHSECONDS, 0)):0}" \
        2>/dev/null || \builtin :
    fi
  }

  # Do what `awsx off` does, and unset what is left if it is guarded, too.
  function __awsx_leave_at_rest {
    \builtin local IFS=$' \t\n' __awsx_code=0 __awsx_readonly="" used_profile used_variable
    \builtin local why=", at rest for longer than leave_after in [guard]" text
    \builtin local "${__awsx_memo_locals[@]}"
    if ! __awsx_leave "$why" && [[ ${AWSX_OWNER-} == "$$" ]]; then awsx off; fi
    # A profile that awsx did not set is still there, or one that was there before the switch has come back.
    while __awsx_find_used_profile && { ! __awsx_read_memos "$used_profile" stale || [[ -n $leave ]]; } &&
      \builtin unset -v "$used_variable"; do
      text=$used_profile
      __awsx_clean_text
      __awsx_say 2 "left $text$why"
    done
  }
fi
