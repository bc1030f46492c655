# shellcheck shell=bash disable=SC2154
# (SC2154: the variables used here are those of awsx.bash.)
#
# Pins: the folders in which this terminal uses a certain profile (awsx/files/pins.py, docs/pins.md). shell/awsx.bash
# sources this file at the first prompt with a pin to look at. It starts no process, but for the core where a switch
# needs it: for the question of a guarded profile, or for a profile that has no fresh memo.
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
    \builtin local IFS=$' \t\n' __awsx_code=0 __awsx_readonly="" pin="" wanted="" told="" file stamp="" here
    __awsx_pwd=${PWD-}
    if [[ -z ${__awsx_recent-} ]]; then __awsx_where; fi
    file=${__awsx_recent%/*}/pins
    __awsx_pins_stamp=""
    if __awsx_is_own_file "$file"; then
      IFS='' \builtin read -r stamp <"$file" || \builtin :
      if [[ -n $stamp && $stamp != *[!0-9a-f]* ]]; then __awsx_pins_stamp=$file.$stamp; fi
      here=$__awsx_pwd
      __awsx_find_pin || { __awsx_find_real_folder && __awsx_find_pin; } || \builtin :
    fi
    if ! [ "$pin" = "${__awsx_pin-}" ]; then
      __awsx_pin_waits=""
      if [[ -n $pin ]]; then __awsx_enter_pin; else __awsx_leave_pin; fi
    elif [[ -n ${__awsx_pin_waits-} ]]; then
      __awsx_enter_pin
    fi
  }

  # Set our caller's `pin`, `wanted` (the profile) and `told` to the pin of the nearest folder above `here`, or of
  # `here` itself. False if there is none. (`#` compares the text even if `shopt -s nocasematch` is set.)
  function __awsx_find_pin {
    \builtin local folder real name shown content end at nearest="" within="$here"
    __awsx_code_text within
    within=$within/
    while IFS=$'\x1f' \builtin read -r folder real name shown content end; do
      if [[ $end != . ]]; then continue; fi
      for at in "${folder%/}/" "${real%/}/"; do
        if [[ ${#at} -gt ${#nearest} ]] && ! [ "${within#"$at"}" = "$within" ] &&
          { [[ -z $content ]] || __awsx_is_trusted; }; then
          nearest=$at pin=$folder$'\x1f'$name wanted=$name told=$shown
        fi
      done
    done <"$file"
    [[ -n $nearest ]]
  }

  # True if the file `.awsx` in our caller's `folder` still says what the person has trusted. If it says something else,
  # print that once.
  function __awsx_is_trusted {
    \builtin local text="" path="$folder"
    path=${path//%1F/$'\x1f'} path=${path//%0A/$'\n'}
    path=${path//%25/%}/.awsx
    if [[ ! -f $path || ! -r $path ]]; then \builtin return 1; fi
    IFS='' \builtin read -r -d '' -n 4096 text <"$path" || \builtin :
    while [[ $text == *$'\n' ]]; do text=${text%$'\n'}; done
    __awsx_code_text text
    if [ "$text" = "$content" ]; then \builtin return 0; fi
    if [[ ${__awsx_told_changed-} != *"|$folder|"* ]]; then
      __awsx_keep __awsx_told_changed "${__awsx_told_changed-}|$folder|"
      __awsx_say 33 "$shown has changed since you trusted it; read it, then: awsx pin --trust"
    fi
    \builtin return 1
  }

  # Write the variable $1 as the file of the pins does.
  function __awsx_code_text {
    \builtin local coded="${!1}"
    coded=${coded//%/%25} coded=${coded//$'\n'/%0A}
    \builtin printf -v "$1" %s "${coded//$'\x1f'/%1F}"
  }

  # Set our caller's `here` to the working folder with every link in its path followed. False if there is none. bash
  # tells it without a process only in PWD: so this goes to the folder where we are, and back.
  function __awsx_find_real_folder {
    \builtin local at="$here" old="${OLDPWD-}"
    while [[ -n $at && ! -L $at ]]; do at=${at%/*}; done
    if [[ -z $at || ! $here -ef . ]]; then \builtin return 1; fi
    at=$here
    {
      \builtin cd -P . && here=$PWD
      \builtin cd -L -- "$at" || \builtin :
    } >/dev/null 2>&1
    OLDPWD=$old
    ! [ "$here" = "$at" ]
  }

  # True if AWS_PROFILE comes from the person or from direnv, and not from awsx in this terminal or in the one that has
  # opened it. (Where awsx has switched, AWSX_OWNER is exported.)
  function __awsx_is_by_hand {
    \builtin local __awsx_origin
    if [[ -z ${AWS_PROFILE-} ]] || ! __awsx_is_exported AWS_PROFILE; then \builtin return 1; fi
    __awsx_find_origin
    [[ $__awsx_origin == hand || $__awsx_origin == inherited && -z ${AWSX_OWNER-} ]]
  }

  # Switch to the profile of our caller's `pin`, unless one was set by hand. What happens now happens once: a question
  # that was answered by no does not come again before the folder is left.
  function __awsx_enter_pin {
    __awsx_keep __awsx_pin "$pin"
    __awsx_keep __awsx_pin_told "$told"
    __awsx_keep __awsx_pin_profile ""
    __awsx_pin_waits=""
    if __awsx_is_by_hand || { [[ -n ${AWS_ACCESS_KEY_ID:+x} ]] && __awsx_is_exported AWS_ACCESS_KEY_ID; }; then
      __awsx_pin_waits=yes
      \builtin return 0
    fi
    if [[ -z ${__awsx_pin_holds-} ]]; then __awsx_note_before_pin; fi
    # A profile that was inherited from a terminal in this folder is no reason to keep it outside of the folder.
    if ! [ "${AWSX_OWNER-}" = "$$" ] && [ "${AWS_PROFILE-}" = "$wanted" ]; then \builtin unset -v AWS_PROFILE; fi
    if ! [ "${AWSX_OWNER-}=${AWS_PROFILE-}" = "$$=$wanted" ]; then
      __awsx_switch_to_pin || \builtin return 0
    fi
    __awsx_pin_holds=yes
    __awsx_keep __awsx_pin_profile "$wanted"
  }

  # Switch, from the memos if they are enough. False if that came to nothing.
  function __awsx_switch_to_pin {
    \builtin local __awsx_by=", by the pin of $told" switched=1
    if [[ $wanted != - && $- != *x* ]]; then
      switched=0
      __awsx_switch "$wanted" || switched=$?
    fi
    if [[ $switched -eq 1 ]] && ! __awsx_is_gone; then __awsx_ask_core --pinned "$wanted" "$told"; fi
    [ "${AWSX_OWNER-}=${AWS_PROFILE-}" = "$$=$wanted" ]
  }

  # Note what leaving gives back: the profile and the region that awsx has set in this terminal.
  function __awsx_note_before_pin {
    __awsx_keep __awsx_before_pin ""
    __awsx_keep __awsx_changed_before_pin ""
    __awsx_keep __awsx_region_before_pin ""
    if [[ ${AWSX_OWNER-} != "$$" ]]; then \builtin return 0; fi
    __awsx_keep __awsx_before_pin "${AWS_PROFILE-}"
    __awsx_keep __awsx_changed_before_pin "${__awsx_changed-}"
    __awsx_keep __awsx_region_before_pin "${AWSX_REGION-}"
  }

  # Give back what was there before the pinned folder. A profile that was set by hand in it stays.
  function __awsx_leave_pin {
    \builtin local left="${AWS_PROFILE-}" holds="${__awsx_pin_holds-}" text back=""
    told=${__awsx_pin_told-}
    __awsx_keep __awsx_pin ""
    __awsx_keep __awsx_pin_told ""
    __awsx_keep __awsx_pin_profile ""
    __awsx_pin_holds=""
    if [[ -z $holds ]]; then \builtin return 0; fi
    __awsx_drawn=""
    if __awsx_is_by_hand; then
      if [[ ${AWSX_OWNER-} == "$$" ]]; then __awsx_assign AWSX_OWNER AWSX_OWNER; fi 2>/dev/null
      \builtin return 0
    fi
    __awsx_give_back 2>/dev/null
    if [ "$left" = "${AWS_PROFILE-}" ]; then \builtin return 0; fi
    __awsx_clean_for_screen "${AWS_PROFILE-}"
    if [[ -n $text ]]; then back=", back to $text"; fi
    __awsx_clean_for_screen "$left"
    __awsx_say 2 "left ${text:+$text, }the pin of $told$back"
    __awsx_tell_readonly
    if [[ -n $left ]]; then __awsx_remember "$left"; fi
  }

  # Repeat the switch that was there before the pin, if there was one; it undoes the one of the pin.
  function __awsx_give_back {
    \builtin local name
    if [[ -z ${__awsx_changed_before_pin-} ]]; then
      if [[ ${AWSX_OWNER-} == "$$" ]]; then __awsx_assign AWSX_OWNER AWSX_OWNER; fi
    else
      __awsx_assign AWSX_OWNER "AWSX_OWNER=$$"
      for name in $__awsx_changed_before_pin; do
        case $name in
          AWS_PROFILE) __awsx_assign AWS_PROFILE "AWS_PROFILE=$__awsx_before_pin" ;;
          AWS_REGION | AWS_DEFAULT_REGION)
            if [[ -n $__awsx_region_before_pin ]]; then __awsx_assign "$name" "$name=$__awsx_region_before_pin"; fi
            ;;
          *) if [[ -n ${!name+x} ]]; then __awsx_assign "$name" "$name"; fi ;;
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
    if [[ -z ${__awsx_unprintable-} && -r ${__awsx_file%/*}/segment.bash ]]; then
      # shellcheck source=shell/segment.bash
      \builtin source "${__awsx_file%/*}/segment.bash"
    fi
    text=$1
    __awsx_clean_text
  }
fi
