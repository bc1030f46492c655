# Pins: the folders in which this terminal uses a certain profile (awsx/files/pins.py, docs/pins.md). shell/awsx.zsh
# loads this file at the first prompt with a pin to look at. It starts no process, but for the core where a switch needs
# it: for the question of a guarded profile, or for a profile that has no fresh memo.
#
# Variables of a terminal that is in a pinned folder:
#   __awsx_pin            the folder of the pin that is in force and its profile, to tell one pin from another
#   __awsx_pin_told       the folder, fit for a screen
#   __awsx_pin_profile    the profile that the pin has set; empty if it has set none
#   __awsx_pin_waits      AWS_PROFILE or keys, set by hand, come before the pin
#   __awsx_pin_holds      a pin has switched since the last folder without one: leaving gives back what was there
#   __awsx_before_pin, __awsx_changed_before_pin, __awsx_region_before_pin
#                         what was there: the profile, the names of the variables that its switch had changed, and the
#                         region that was asked for; all empty if awsx had set nothing

if [[ -n ${__awsx_start-} ]]; then

  # Called before a prompt if the folder or the pins have changed: do what the pin says that is in force now.
  function __awsx_look_for_pins {
    local IFS=$' \t\n' pin= wanted= told= file stamp
    local -i __awsx_code=0
    local -a lines
    if [[ -z ${__awsx_recent-} ]]; then __awsx_where; fi
    file=${__awsx_recent:h}/pins
    typeset -g __awsx_pwd=$PWD __awsx_pins_stamp=
    if __awsx_is_own_file $file; then
      lines=("${(@f)$(<$file)}")
      stamp=${lines[1]-}
      if [[ -n $stamp && $stamp != *[^0-9a-f]* ]]; then __awsx_pins_stamp=$file.$stamp; fi
      __awsx_find_pin $PWD || __awsx_find_pin ${PWD:A} || :
    fi
    if [[ $pin != "${__awsx_pin-}" ]]; then
      typeset -g __awsx_pin_waits=
      if [[ -n $pin ]]; then __awsx_enter_pin; else __awsx_leave_pin; fi
    elif [[ -n ${__awsx_pin_waits-} ]]; then
      __awsx_enter_pin
    fi
  }

  # Set our caller's `pin`, `wanted` (the profile) and `told` to the pin of the nearest folder above $1, or of $1
  # itself. False if there is none.
  function __awsx_find_pin {
    local nearest= within line at
    local -a fields
    __awsx_code_text within $1
    within+=/
    for line in "${(@)lines[2,-1]}"; do
      fields=("${(@ps:\x1f:)line}")
      if [[ $#fields -ne 6 || $fields[6] != . ]]; then continue; fi
      for at in ${fields[1]%/}/ ${fields[2]%/}/; do
        if [[ $#at -gt $#nearest && $within == "$at"* ]] && { [[ -z $fields[5] ]] || __awsx_is_trusted; }; then
          nearest=$at pin=$fields[1]$'\x1f'$fields[3] wanted=$fields[3] told=$fields[4]
        fi
      done
    done
    [[ -n $nearest ]]
  }

  # True if the file `.awsx` in the folder of our caller's `fields` still says what the person has trusted. If it says
  # something else, print that once.
  function __awsx_is_trusted {
    local text awsx_file=${fields[1]//\%1F/$'\x1f'}
    awsx_file=${${awsx_file//\%0A/$'\n'}//\%25/%}/.awsx
    if [[ ! -f $awsx_file || ! -r $awsx_file ]]; then return 1; fi
    { IFS= read -r -u 0 -k 4096 text || :; } <$awsx_file 2>/dev/null
    while [[ $text == *$'\n' ]]; do text=${text%$'\n'}; done
    __awsx_code_text text $text
    if [[ $text == "$fields[5]" ]]; then return 0; fi
    if [[ ${__awsx_told_changed-} != *"|$fields[1]|"* ]]; then
      __awsx_keep __awsx_told_changed "${__awsx_told_changed-}|$fields[1]|"
      __awsx_say 33 "$fields[4] has changed since you trusted it; read it, then: awsx pin --trust"
    fi
    return 1
  }

  # Set variable $1 to the text $2, written as in the file of the pins.
  function __awsx_code_text {
    local coded=${${2//\%/%25}//$'\n'/%0A}
    typeset -g "$1=${coded//$'\x1f'/%1F}"
  }

  # True if AWS_PROFILE comes from the person or from direnv, and not from awsx in this terminal or in the one that has
  # opened it. (Where awsx has switched, AWSX_OWNER is exported.)
  function __awsx_is_by_hand {
    local __awsx_origin
    if [[ -z ${AWS_PROFILE-} || ${(t)AWS_PROFILE} != *export* ]]; then return 1; fi
    __awsx_find_origin
    [[ $__awsx_origin == hand || $__awsx_origin == inherited && -z ${AWSX_OWNER-} ]]
  }

  # Switch to the profile of our caller's `pin`, unless one was set by hand. What happens now happens once: a question
  # that was answered by no does not come again before the folder is left.
  function __awsx_enter_pin {
    typeset -g +x __awsx_pin=$pin __awsx_pin_told=$told __awsx_pin_profile= __awsx_pin_waits=
    if __awsx_is_by_hand || [[ -n ${AWS_ACCESS_KEY_ID:+x} && ${(t)AWS_ACCESS_KEY_ID} == *export* ]]; then
      __awsx_pin_waits=yes
      return 0
    fi
    if [[ -z ${__awsx_pin_holds-} ]]; then __awsx_note_before_pin; fi
    # A profile that was inherited from a terminal in this folder is no reason to keep it outside of the folder.
    if [[ ${AWSX_OWNER-} != $$ && ${AWS_PROFILE-} == "$wanted" && ${(t)AWS_PROFILE} != *readonly* ]]; then
      unset -v AWS_PROFILE
    fi
    if [[ "${AWSX_OWNER-}=${AWS_PROFILE-}" != "$$=$wanted" ]]; then
      __awsx_switch_to_pin || return 0
    fi
    typeset -g +x __awsx_pin_holds=yes __awsx_pin_profile=$wanted
  }

  # Switch, from the memos if they are enough. False if that came to nothing.
  function __awsx_switch_to_pin {
    local __awsx_by=", by the pin of $told"
    if ! __awsx_switch $wanted && ! __awsx_is_gone; then __awsx_do --pinned $wanted "$told"; fi
    [[ "${AWSX_OWNER-}=${AWS_PROFILE-}" == "$$=$wanted" ]]
  }

  # Note what leaving gives back: the profile and the region that awsx has set in this terminal.
  function __awsx_note_before_pin {
    typeset -g +x __awsx_before_pin= __awsx_changed_before_pin= __awsx_region_before_pin=
    if [[ ${AWSX_OWNER-} != $$ ]]; then return 0; fi
    __awsx_before_pin=${AWS_PROFILE-} __awsx_changed_before_pin=${__awsx_changed-}
    __awsx_region_before_pin=${AWSX_REGION-}
  }

  # Give back what was there before the pinned folder. A profile that was set by hand in it stays.
  function __awsx_leave_pin {
    setopt local_options no_xtrace
    local left=${AWS_PROFILE-} holds=${__awsx_pin_holds-} text back=
    told=${__awsx_pin_told-}
    typeset -g +x __awsx_pin= __awsx_pin_told= __awsx_pin_profile= __awsx_pin_holds=
    if [[ -z $holds ]]; then return 0; fi
    typeset -g __awsx_drawn=
    if __awsx_is_by_hand; then
      if [[ ${AWSX_OWNER-} == $$ ]]; then __awsx_assign AWSX_OWNER AWSX_OWNER; fi
      return 0
    fi
    __awsx_give_back
    if [[ $left == "${AWS_PROFILE-}" ]]; then return 0; fi
    __awsx_clean_for_screen ${AWS_PROFILE-}
    if [[ -n $text ]]; then back=", back to $text"; fi
    __awsx_clean_for_screen $left
    __awsx_say 2 "left ${text:+$text, }the pin of $told$back"
    if [[ -n $left ]]; then __awsx_keep __awsx_previous $left; fi
  }

  # Repeat the switch that was there before the pin, if there was one; it undoes the one of the pin.
  function __awsx_give_back {
    local name
    if [[ -z ${__awsx_changed_before_pin-} ]]; then
      if [[ ${AWSX_OWNER-} == $$ ]]; then __awsx_assign AWSX_OWNER AWSX_OWNER; fi
    else
      __awsx_assign AWSX_OWNER AWSX_OWNER=$$
      for name in ${=__awsx_changed_before_pin}; do
        case $name in
          AWS_PROFILE) __awsx_assign AWS_PROFILE "AWS_PROFILE=$__awsx_before_pin" ;;
          AWS_REGION | AWS_DEFAULT_REGION)
            if [[ -n $__awsx_region_before_pin ]]; then __awsx_assign $name "$name=$__awsx_region_before_pin"; fi
            ;;
          *) if [[ -n ${(P)name+x} ]]; then __awsx_assign $name $name; fi ;;
        esac
      done
    fi
    if [[ -n ${__awsx_region_before_pin-} ]]; then
      __awsx_assign AWSX_REGION "AWSX_REGION=$__awsx_region_before_pin"
    elif [[ -n ${AWSX_REGION+set} ]]; then
      __awsx_assign AWSX_REGION AWSX_REGION
    fi
  }

  # Set our caller's `text` to $1, fit for a screen.
  function __awsx_clean_for_screen {
    if [[ -z ${functions[__awsx_clean_text]+there} && -r ${__awsx_file:h}/segment.zsh ]]; then
      source ${__awsx_file:h}/segment.zsh
    fi
    text=${1-}
    __awsx_clean_text
  }
fi
