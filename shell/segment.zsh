# What the segment says and how it looks: shell/awsx.zsh sources this file when there is something to show. Who decides
# besides the profile (docs/truth.md), the words of the format (awsx/segment.py), and the rest after which a guarded
# profile is left. No process is started.

if [[ -n ${__awsx_start-} ]]; then

  # From our caller's variables to the parts of psvar, and to the plain text of awsx_prompt. A format comes as words,
  # `STYLE:TEXT`, each ended by \x1e; in a text \x02 stands for what is left of the session, \x03 for the state, \x04
  # for the region.
  function __awsx_compose {
    local left= at= state= rival= places= plain= word
    local -i hue=3 until=99999999999 n=70
    psvar[71,82]=("" "" "" "" "" "" "" "" "" "" "" "")
    typeset -g __awsx_since=$EPOCHSECONDS
    if [[ -n $key ]]; then __awsx_left; fi
    if ((hue == 2)) && [[ $left == [1-9]* ]]; then left+=!; fi # for who sees no colours
    __awsx_find_rival
    if [[ -z $by$rival ]]; then # a key that is not exported
      if [[ -n ${AWSX_EXPORT_PROMPT-} ]]; then unset -v AWSX_PROMPT; fi
      return 0
    fi
    __awsx_find_origin
    __awsx_find_state
    typeset -g __awsx_until=$until __awsx_leave_after=$leave
    if [[ -n $leave ]]; then __awsx_begin_rest; fi
    # What the environment says is text, and none of the marks of a format.
    who=${who//[[:cntrl:]]/?} rival=${rival//[[:cntrl:]]/?} state=${state//[[:cntrl:]]/?} at=${at//[[:cntrl:]]/?}
    if [[ -z $kind ]]; then look="36:${who:-''}"$'\x1eL:\x02\x1eS:\x03\x1e'; fi
    if [[ -n $below ]] && ((${COLUMNS:-80} < below)); then look=$narrow; fi
    if [[ -n $rival ]]; then look="31:$rival"$'\x1eS:\x03\x1e'; fi
    for word in "${(@ps:\x1e:)look%$'\x1e'}"; do
      n+=1
      __awsx_add "$word" ${=colours:-32 33 31 33 0}
    done
    if [[ -n ${AWSX_EXPORT_PROMPT-} ]]; then export "AWSX_PROMPT=${plain% }"; fi
    typeset -g __awsx_places=$places __awsx_first=$psvar[71]
  }

  # STYLE:TEXT and the colours of good, soon, expired, state, region: give it, filled in, to psvar[n], and that a place
  # of its colour in the prompt. A word whose first field has nothing to say is left out.
  function __awsx_add {
    local style=${1%%:*} text=${1#*:}
    local -a colour=("${@:2}")
    case $style in
      L) if [[ -n $left ]]; then style=$colour[hue]; else return 0; fi ;;
      S) if [[ -n $state ]]; then style=$colour[4]; else return 0; fi ;;
      R) if [[ -n $at ]]; then style=$colour[5]; else return 0; fi ;;
    esac
    if [[ $kind == missing && $1 == S:* ]]; then style=$colour[3]; fi
    text=${${${text//$'\x02'/$left}//$'\x03'/$state}//$'\x04'/$at}
    text=${text//[[:cntrl:]]/?}
    if [[ ${LC_ALL:-${LC_CTYPE:-${LANG-}}} != *[Uu][Tt][Ff]* ]]; then text=${text//[^\ -~]/?}; fi
    psvar[n]=$text
    __awsx_segment+="${text//\%/%%} " plain+="$text "
    if [[ -n ${NO_COLOR-} || ${TERM-dumb} == dumb || -z $style || $style == *[^0-9\;]* ]]; then
      places+="%(${n}V.%${n}v .)"
    else
      places+="%(${n}V.%{"$'\e'"[${style}m%}%${n}v%{"$'\e'"[0m%} .)"
    fi
  }

  # --- what decides besides the profile -------------------------------------------------------------------------------

  # What beats the profile in the AWS CLI and most of the SDKs (docs/truth.md), in our caller's `rival`. A profile that
  # does not exist is an error all the same; one that assumes a role comes before a web identity.
  function __awsx_find_rival {
    local value role
    rival=
    if [[ $kind == missing || (-n $by && -z $who) ]]; then return 0; fi
    __awsx_get AWS_ROLE_ARN
    role=$value
    __awsx_get AWS_WEB_IDENTITY_TOKEN_FILE
    if [[ $kind == web-identity && -n $value$role ]]; then
      rival='web identity' # put together of both
    elif [[ -n $value && $kind != role ]]; then
      rival='web identity'
      if [[ -z $role ]]; then rival+=' without a role'; fi
    fi
    __awsx_get AWS_ACCESS_KEY_ID
    if [[ -n $value ]]; then
      rival=keys
      if [[ -z ${AWS_SECRET_ACCESS_KEY:+x} || ${(t)AWS_SECRET_ACCESS_KEY} != *export* ]]; then # xtrace prints this
        rival='keys without a secret'
      fi
    fi
    if [[ -n $rival && -n $who ]]; then rival+=", not $who"; fi
  }

  # What a person must know besides, in our caller's `state`, and the region that is used, `at`.
  function __awsx_find_state {
    local value boto
    boto=$region at=$region
    if __awsx_get AWS_DEFAULT_REGION; then boto=${value:-"''"} at=${value:-"''"}; fi
    if __awsx_get AWS_REGION; then at=${value:-"''"}; fi # one that is empty is taken for a region, too
    state=
    if [[ -z $rival ]]; then __awsx_find_doubts; fi
    if [[ -n $region && $look != *$'\x04'* ]]; then
      if [[ $at != "$region" ]]; then state+=" @$at"; fi
      if [[ $boto != "$at" && $boto != "$region" ]]; then state+=" boto3@$boto"; fi
    fi
    if [[ -z $rival ]]; then
      case $by:$__awsx_origin in
        AWS_PROFILE:hand) state+=' *' ;;
        AWS_PROFILE:inherited) state+=' ?' ;;
      esac
    fi
    state=${state# }
  }

  function __awsx_find_doubts {
    local value
    if [[ $kind == missing || -z $who ]]; then state=' no such profile'; fi
    if [[ $by == AWS_DEFAULT_PROFILE ]]; then
      state+=' not-js'
    else
      __awsx_get AWS_DEFAULT_PROFILE
      if [[ -n $value && $value != "$who" ]]; then state+=" boto3:$value"; fi
    fi
    if [[ -n $mark ]]; then state+=" $mark"; fi
  }

  # What a command sees of the variable $1, in our caller's `value`; false if it does not see one.
  function __awsx_get {
    value=
    [[ ${(Pt)1-} == *export* ]] && value=${(P)1-}
  }

  # --- at rest --------------------------------------------------------------------------------------------------------

  # [guard] leave_after: back to no profile after so many seconds at a prompt, nothing typed and nothing running.
  function __awsx_watch_rest {
    local -i began=${__awsx_began:-0} rested=${__awsx_rested:-0}
    local on=${__awsx_rests_on-} who by
    if ((began < rested)); then began=EPOCHSECONDS; fi # no command was run
    __awsx_find_who || :
    __awsx_begin_rest
    if ((began - rested >= __awsx_leave_after)) && [[ -n $who && $who == "$on" ]]; then __awsx_leave_at_rest; fi
  }

  # From now on, nothing happens to our caller's who.
  function __awsx_begin_rest {
    typeset -g __awsx_rested=$EPOCHSECONDS __awsx_began=0 __awsx_rests_on=$who
    typeset -ga preexec_functions
    if ((! ${preexec_functions[(Ie)__awsx_preexec]})); then preexec_functions+=(__awsx_preexec); fi
  }

  function __awsx_preexec {
    typeset -g __awsx_began=$EPOCHSECONDS
  }

  function __awsx_leave_at_rest {
    local -i __awsx_code=0
    local IFS=$' \t\n' who by why=", at rest for longer than leave_after in [guard]"
    local $__awsx_fields $__awsx_session_fields
    if ! __awsx_leave "$why" && [[ ${AWSX_OWNER-} == $$ ]]; then awsx off; fi
    # It was not awsx's, or what was there before has come back: if that is guarded, it goes too.
    while __awsx_find_who && { ! __awsx_read "$who" stale || [[ -n $leave ]]; } && [[ ${(Pt)by} != *readonly* ]]; do
      unset -v $by
      print -ru2 -- "awsx: left ${who//[[:cntrl:]]/?}$why"
    done
  }
fi
