# The text of the segment and its colours. shell/awsx.zsh sources this file when there is something to show for the
# first time. It decides what beats the profile (docs/truth.md), fills in the format (awsx/segment.py), and leaves a
# guarded profile after a rest. It starts no process.

if [[ -n ${__awsx_start-} ]]; then

  # A part of a bracket expression: the characters of Unicode that control, format or show nothing, and those for
  # private use, as in `clean` of awsx/term.py. (They stand here byte by byte in UTF-8.)
  typeset -g __awsx_unprintable=$'\xc2\x80-\xc2\xa0\xc2\xad\xd8\x80-\xd8\x85\xd8\x9c\xdb\x9d\xdc\x8f'
  __awsx_unprintable+=$'\xe0\xa2\x90-\xe0\xa2\x91\xe0\xa3\xa2\xe1\x9a\x80\xe1\xa0\x8e\xe2\x80\x80-\xe2\x80\x8f'
  __awsx_unprintable+=$'\xe2\x80\xa8-\xe2\x80\xaf\xe2\x81\x9f-\xe2\x81\xaf\xe3\x80\x80\xee\x80\x80-\xef\xa3\xbf'
  __awsx_unprintable+=$'\xef\xbb\xbf\xef\xbf\xb9-\xef\xbf\xbb\xf0\x91\x82\xbd\xf0\x91\x83\x8d'
  __awsx_unprintable+=$'\xf0\x93\x90\xb0-\xf0\x93\x90\xbf\xf0\x9b\xb2\xa0-\xf0\x9b\xb2\xa3'
  __awsx_unprintable+=$'\xf0\x9d\x85\xb3-\xf0\x9d\x85\xba\xf3\xa0\x80\x80-\xf3\xa0\x83\xbf'
  __awsx_unprintable+=$'\xf3\xb0\x80\x80-\xf4\x8f\xbf\xbf'

  # Make the segment (`prod 111122223333 6h `) from the memos and the environment: its words in psvar, and all of it as
  # text in __awsx_segment. The format consists of words STYLE:TEXT, each ended by \x1e. In TEXT, \x02 stands for the
  # time left, \x03 for the field `state` (our shown_marks), \x04 for the region.
  function __awsx_compose {
    local time_left= used_region= shown_marks= rival= places= plain= word
    local -i hue=3 until=99999999999 place=70
    psvar[71,82]=("" "" "" "" "" "" "" "" "" "" "" "")
    typeset -g __awsx_since=$EPOCHSECONDS
    if [[ -n $key && ${ends:-x}${renewable:-x} == *[^0-9]* && -e $__awsx_token ]]; then
      until=0 # no memo says when the session ends: show nothing, and look again at the next prompt
    elif [[ -n $key ]]; then
      __awsx_find_time_left
    fi
    if [[ $time_left == expired && ${aws_until:-0} -gt $EPOCHSECONDS ]]; then
      time_left="expired, aws until $aws_clock" until=$aws_until
    fi
    if ((hue == 2)) && [[ $time_left == [1-9]* ]]; then time_left+=!; fi # says without a colour that little is left
    __awsx_find_rival
    if [[ -z $used_variable$rival ]]; then # only a key that is not exported
      if [[ -n ${AWSX_EXPORT_PROMPT-} ]]; then unset -v AWSX_PROMPT; fi
      return 0
    fi
    __awsx_find_origin
    __awsx_find_shown_marks
    typeset -g __awsx_until=$until __awsx_leave_after=$leave __awsx_needs=$needs
    if [[ -n $leave ]]; then __awsx_begin_rest; fi
    # Text from the environment must not act as \x02 or \x1e of the format, or as a code of the terminal.
    used_profile=${used_profile//[[:cntrl:]]/?} rival=${rival//[[:cntrl:]]/?}
    shown_marks=${shown_marks//[[:cntrl:]]/?} used_region=${used_region//[[:cntrl:]]/?}
    if [[ $short_regions == *" $used_region="* ]]; then
      used_region=${${short_regions#*" $used_region="}%% *}
    fi
    if [[ -z $kind ]]; then look="36:${used_profile:-''}"$'\x1eL:\x02\x1eS:\x03\x1e'; fi
    if [[ -n $below ]] && ((${COLUMNS:-80} < below)); then look=$narrow; fi
    case $rival in
      'keys without '* | 'web identity without '*) look="E:$rival"$'\x1eS:\x03\x1e' ;;
      ?*) look="W:$rival"$'\x1eS:\x03\x1e' ;;
    esac
    for word in "${(@ps:\x1e:)look%$'\x1e'}"; do
      place+=1
      __awsx_add_word "$word" ${=colours:-32 33 31 33 0}
    done
    if [[ -n ${AWSX_EXPORT_PROMPT-} ]]; then export "AWSX_PROMPT=${plain% }"; fi
    typeset -g __awsx_places=$places __awsx_first_word=$psvar[71]
  }

  # Add the word $1 (STYLE:TEXT) to the segment. STYLE is a colour (its digits), or the letter of the field that gives
  # the word its colour: L time left, S state, R region. If that field is empty, leave the word out. W is the colour of
  # the state, and E that of an error. The other arguments are the colours of good, soon, expired, state and region.
  function __awsx_add_word {
    local style=${1%%:*} text=${1#*:}
    local -a colour=("${@:2}")
    case $style in
      L) if [[ -n $time_left ]]; then style=$colour[hue]; else return 0; fi ;;
      S) if [[ -n $shown_marks ]]; then style=$colour[4]; else return 0; fi ;;
      R) if [[ -n $used_region ]]; then style=$colour[5]; else return 0; fi ;;
      W) style=$colour[4] ;;
      E) style=$colour[3] ;;
    esac
    # Red means an error alone: commands fail.
    case "${1%%:*}$kind: $mark" in Smissing:* | S*:*' broken'* | S*:*' bad '*) style=$colour[3] ;; esac
    text=${${${text//$'\x02'/$time_left}//$'\x03'/$shown_marks}//$'\x04'/$used_region}
    __awsx_clean_text
    psvar[place]=$text
    __awsx_segment+="${text//\%/%%} " plain+="$text "
    if [[ -n ${NO_COLOR-} || ${TERM-dumb} == dumb || -z $style || $style == *[^0-9\;]* ]]; then
      places+="%(${place}V.%${place}v .)"
    else
      places+="%(${place}V.%{"$'\e'"[${style}m%}%${place}v%{"$'\e'"[0m%} .)"
    fi
  }

  # Make our caller's `text` fit for a screen: each character that would control it, or that it cannot show, becomes
  # a `?`.
  function __awsx_clean_text {
    text=${text//[[:cntrl:]]/?}
    case ${LC_ALL:-${LC_CTYPE:-${LANG-}}} in
      *[Uu][Tt][Ff]*) text=${text//[$~__awsx_unprintable]/?} ;;
      *) text=${text//[^\ -~]/?} ;;
    esac
  }

  # --- what the next command uses -------------------------------------------------------------------------------------

  # Set our caller's `rival` to what beats the profile in the AWS CLI and in most SDKs (docs/truth.md). Nothing beats a
  # profile that does not exist: the command fails. A profile that assumes a role beats a web identity.
  function __awsx_find_rival {
    local value role made_for=
    rival=
    if [[ $kind == missing || (-n $used_variable && -z $used_profile) ]]; then return 0; fi
    __awsx_get_exported AWS_ROLE_ARN
    role=$value
    __awsx_get_exported AWS_WEB_IDENTITY_TOKEN_FILE
    if [[ $kind == web-identity && -n $value$role ]]; then
      rival='web identity' # the tools complete one with the other
    elif [[ -n $value && $kind != role ]]; then
      rival='web identity'
      if [[ -z $role ]]; then rival+=' without a role'; fi
    fi
    # Only whether the keys are set: `set -x` would print them.
    if [[ -n ${AWS_ACCESS_KEY_ID:+x} && ${(t)AWS_ACCESS_KEY_ID} == *export* ]]; then
      rival=keys
      if [[ -z ${AWS_SECRET_ACCESS_KEY:+x} || ${(t)AWS_SECRET_ACCESS_KEY} != *export* ]]; then
        rival='keys without a secret'
      else
        __awsx_look_at_their_end
      fi
    fi
    if [[ -n $rival && -n $used_profile && $used_profile != "$made_for" ]]; then rival+=", not $used_profile"; fi
  }

  # Say of the `rival`, keys, which tool has made them for which profile, and how long they last: `prod by aws-vault
  # 34m`. Of an end in a form that the AWS tools do not write, such as `GMT`, the prompt says nothing.
  function __awsx_look_at_their_end {
    local value zone renewable=0
    local -i ends
    __awsx_find_maker
    __awsx_get_exported AWS_CREDENTIAL_EXPIRATION
    if [[ -z $value ]]; then __awsx_get_exported AWS_SESSION_EXPIRATION; fi
    case $value[1,19] in
      [0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9][T\ ][0-2][0-9]:[0-5][0-9]:[0-6][0-9]) ;;
      *) return 0 ;;
    esac
    zone=$value[20,-1]
    if [[ $zone == .* ]]; then zone=${zone#.} zone=${zone#"${zone%%[^0-9]*}"}; fi
    case $zone in
      Z | UTC) zone=0 ;;
      [+-][0-9][0-9]:[0-9][0-9]) zone=$zone[1]$((10#$zone[2,3] * 3600 + 10#$zone[5,6] * 60)) ;;
      *) return 0 ;;
    esac
    __awsx_find_epoch $((10#$value[1,4])) $((10#$value[6,7])) $((10#$value[9,10]))
    ends=$((ends + 10#$value[12,13] * 3600 + 10#$value[15,16] * 60 + 10#$value[18,19] - zone))
    __awsx_find_time_left
    if [[ $time_left == expired && $rival == keys ]]; then
      rival='expired keys'
    else
      rival+=" $time_left"
      if ((hue == 2)); then rival+=!; fi
    fi
  }

  # Set our caller's `rival` to `prod by aws-vault` and `made_for` to `prod`, if a variable says that another tool has
  # made the keys. (granted names the profile in AWS_PROFILE alone.)
  function __awsx_find_maker {
    local name
    for name in AWS_VAULT:aws-vault AWSUME_PROFILE:awsume AWS_SSO_PROFILE:aws-sso AWSU_PROFILE:awsu; do
      if __awsx_get_exported ${name%:*} && [[ -n $value ]]; then
        made_for=$value rival="$value by ${name#*:}"
        return 0
      fi
    done
    for name in GRANTED_SSO GRANTED_SSO_ROLE_NAME GRANTED_SSO_START_URL GRANTED_SSO_ACCOUNT_ID; do
      if __awsx_get_exported $name && [[ -n $value && $used_variable == AWS_PROFILE ]]; then
        made_for=$used_profile rival="$used_profile by granted"
        return 0
      fi
    done
  }

  # YEAR MONTH DAY: set our caller's `ends` to when that day begins, in seconds since 1970. The year is taken to begin
  # in March, so that a leap day is its last one.
  function __awsx_find_epoch {
    local -i year=$(($1 - ($2 < 3))) month=$((($2 + 9) % 12))
    ends=$(((year * 365 + year / 4 - year / 100 + year / 400 + (month * 153 + 2) / 5 + $3 - 719469) * 86400))
  }

  # Set our caller's `used_region` to the region of the next command, and `shown_marks` to the text of the field
  # `state`: the short forms of all that is unusual.
  function __awsx_find_shown_marks {
    local value boto3_region js_region
    boto3_region=$region js_region=$region used_region=$region
    if __awsx_get_exported AWS_DEFAULT_REGION; then boto3_region=${value:-"''"} used_region=${value:-"''"}; fi
    if __awsx_get_exported AWS_REGION; then # an empty one counts as a region, too
      js_region=${value:-"''"} used_region=${value:-"''"}
    fi
    shown_marks=
    if [[ -z $rival ]]; then __awsx_find_profile_marks; fi
    # Without a region in the profile, a variable is unusual only if it is empty or if not all tools read it.
    if [[ $look != *$'\x04'* && (-n $region || $used_region == "''" || $boto3_region != "$js_region") ]]; then
      if [[ $used_region != "$region" ]]; then shown_marks+=" @$used_region"; fi
      if [[ $boto3_region != "$used_region" && $boto3_region != "$region" ]]; then
        shown_marks+=" boto3@$boto3_region"
      fi
    fi
    if [[ -z $rival ]]; then
      case $used_variable:$__awsx_origin in
        AWS_PROFILE:hand) shown_marks+=' *' ;;
        AWS_PROFILE:inherited)
          if [[ ${AWSX_EXEC-} == "${AWS_PROFILE-}" ]]; then shown_marks+=' exec'; else shown_marks+=' ?'; fi
          ;;
        default:*) shown_marks+=' unset' ;;
      esac
    fi
    shown_marks=${shown_marks# }
  }

  # Begin `shown_marks`: the profile is missing or broken, or some tools use another one.
  function __awsx_find_profile_marks {
    local value name is_there=$needs
    if [[ $kind == missing || -z $used_profile ]]; then shown_marks=' no such profile'; fi
    if [[ $used_variable == AWS_DEFAULT_PROFILE ]]; then
      shown_marks+=' not-js'
    else
      __awsx_get_exported AWS_DEFAULT_PROFILE
      if [[ -n $value && $value != "$used_profile" ]]; then shown_marks+=" boto3:$value"; fi
    fi
    if [[ -n $mark ]]; then shown_marks+=" $mark"; fi
    for name in ${=needs}; do
      if __awsx_get_exported $name && [[ -n $value ]]; then is_there=; fi
    done
    if [[ -n $is_there ]]; then shown_marks+=' broken'; fi
  }

  # Set our caller's `value` to what a command sees of variable $1. False if it is not exported.
  function __awsx_get_exported {
    value=
    [[ ${(Pt)1-} == *export* ]] && value=${(P)1-}
  }

  # --- at rest --------------------------------------------------------------------------------------------------------

  # Called before a prompt is drawn: leave the profile if the last prompt waited for a command for as many seconds as
  # `leave_after` in [guard] says.
  function __awsx_watch_rest {
    local -i rest_began=${__awsx_rest_began:-0} rest_ended=${__awsx_rest_ended:-0}
    local rest_profile=${__awsx_rest_profile-} used_profile used_variable
    if ((rest_ended < rest_began)); then rest_ended=EPOCHSECONDS; fi # no command ran: the line was empty
    __awsx_find_used_profile || :
    __awsx_begin_rest
    if ((rest_ended - rest_began >= __awsx_leave_after)) &&
      [[ -n $used_profile && $used_profile == "$rest_profile" ]]; then
      __awsx_leave_at_rest
    fi
  }

  # Note the time: the terminal rests from now on, until a command starts.
  function __awsx_begin_rest {
    typeset -g __awsx_rest_began=$EPOCHSECONDS __awsx_rest_ended=0 __awsx_rest_profile=$used_profile
    typeset -ga preexec_functions
    if ((! ${preexec_functions[(Ie)__awsx_preexec]})); then preexec_functions+=(__awsx_preexec); fi
  }

  function __awsx_preexec {
    typeset -g __awsx_rest_ended=$EPOCHSECONDS
  }

  # Do what `awsx off` does, and unset what is left if it is guarded, too.
  function __awsx_leave_at_rest {
    local -i __awsx_code=0
    local IFS=$' \t\n' used_profile used_variable text why=", at rest for longer than leave_after in [guard]"
    local $__awsx_fields $__awsx_session_fields
    if ! __awsx_leave "$why" && [[ ${AWSX_OWNER-} == $$ ]]; then awsx off; fi
    # A profile that awsx did not set is still there, and one that was there before the switch has come back.
    while __awsx_find_used_profile && { ! __awsx_read_memos "$used_profile" stale || [[ -n $leave ]]; } &&
      [[ ${(Pt)used_variable} != *readonly* ]]; do
      unset -v $used_variable
      text=$used_profile
      __awsx_clean_text
      __awsx_say 2 "left $text$why"
    done
  }
fi
