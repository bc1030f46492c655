# Pins: the folders in which this terminal uses a certain profile (awsx/files/pins.py, docs/pins.md). shell/awsx.fish
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

if set -q __awsx_start[1]
    # Called before a prompt if the folder or the pins have changed: do what the pin says that is in force now.
    function __awsx_look_for_pins
        set -l fish_trace # `set fish_trace 1` must not print secrets that come back
        __awsx_where
        set -g __awsx_pwd $PWD
        set -g __awsx_pins_stamp
        set -g __awsx_found_pin # of the nearest folder: what __awsx_pin holds, the profile, and the text for a screen
        set -l file (string replace -r '[^/]*$' pins -- $__awsx_recent)
        if __awsx_is_own_file $file
            read -l stamp <$file
            string match -qr '^[0-9a-f]+$' -- $stamp; and set -g __awsx_pins_stamp $file.$stamp
            __awsx_find_pin $file $PWD
            or __awsx_find_pin $file (path resolve -Z -- $PWD | string split0)
        end
        if test "$__awsx_found_pin[1]" != "$__awsx_pin"
            set -g __awsx_pin_waits
            if set -q __awsx_found_pin[1]
                __awsx_enter_pin $__awsx_found_pin
            else
                __awsx_leave_pin
            end
        else if set -q __awsx_pin_waits[1]
            __awsx_enter_pin $__awsx_found_pin
        end
    end

    # Set __awsx_found_pin to the pin in the file that is nearest to the folder: of a folder above, or of itself. False
    # if there is none.
    function __awsx_find_pin -a file folder
        set -l above (__awsx_code_text $folder)
        while test -n "$above[-1]" -a "$above[-1]" != /
            set -a above (string replace -r '/[^/]*$' '' -- $above[-1])
        end
        set above[-1] / # the last one is empty
        set -l nearest (math (count $above) + 1)
        while read -l -d \x1f at real name told content end
            test "$end" = .; or continue
            for known in $at $real
                contains -- $known $above; or continue
                set -l near (contains -i -- $known $above)
                test $near -lt $nearest; or continue
                test -z "$content"; or __awsx_is_trusted $at $told $content; or continue
                set nearest $near
                set -g __awsx_found_pin $at\x1f$name $name $told
            end
        end <$file
        test $nearest -le (count $above)
    end

    # True if the file `.awsx` in the folder still says what the person has trusted. If it says something else, print
    # that once.
    function __awsx_is_trusted -a folder told content
        set -l file
        for part in (string split %0A -- $folder | string replace -a %1F \x1f | string replace -a %25 %)
            set -q file[1]; and set file $file\n$part; or set file $part
        end
        set file $file/.awsx
        test -f $file -a -r $file; or return 1
        read -z -n 4096 -l text <$file
        set text (string replace -r '\n+$' '' -- "$text" | string collect)
        test (__awsx_code_text "$text") = $content; and return 0
        contains -- $folder $__awsx_told_changed; and return 1
        set -gua __awsx_told_changed $folder
        __awsx_say 33 "$told has changed since you trusted it; read it, then: awsx pin --trust"
        return 1
    end

    # Print a text as the file of the pins has it.
    function __awsx_code_text -a text
        string replace -a % %25 -- "$text" | string replace -a \x1f %1F | string join %0A
    end

    # True if AWS_PROFILE comes from the person or from direnv, and not from awsx in this terminal or in the one that
    # has opened it. (Where awsx has switched, AWSX_OWNER is exported.)
    function __awsx_is_by_hand
        set -qx AWS_PROFILE; and test -n "$AWS_PROFILE"; or return 1
        __awsx_find_origin
        test $__awsx_origin = hand -o $__awsx_origin = inherited -a -z "$AWSX_OWNER"
    end

    # Switch to the profile of a pin, unless one was set by hand. What happens now happens once: a question that was
    # answered by no does not come again before the folder is left.
    function __awsx_enter_pin -a pin wanted told
        set -gu __awsx_pin $pin
        set -gu __awsx_pin_told $told
        set -gu __awsx_pin_profile
        set -gu __awsx_pin_waits
        if __awsx_is_by_hand; or begin
                set -qx AWS_ACCESS_KEY_ID; and test -n "$AWS_ACCESS_KEY_ID"
            end
            set __awsx_pin_waits yes
            return 0
        end
        set -q __awsx_pin_holds[1]; or __awsx_note_before_pin
        # A profile that was inherited from a terminal in this folder is no reason to keep it outside of the folder.
        test "$AWSX_OWNER" != $fish_pid -a ".$AWS_PROFILE" = ".$wanted"; and set -eg AWS_PROFILE
        if test "$AWSX_OWNER=$AWS_PROFILE" != "$fish_pid=$wanted"
            __awsx_switch_to_pin $wanted $told; or return 0
        end
        set -gu __awsx_pin_holds yes
        set -gu __awsx_pin_profile $wanted
    end

    # Switch, from the memos if they are enough. False if that came to nothing.
    function __awsx_switch_to_pin -a wanted told
        __awsx_switch $wanted '' ", by the pin of $told"
        test $status -eq 125 -a -e $__awsx_start; and awsx --pinned $wanted $told
        test "$AWSX_OWNER=$AWS_PROFILE" = "$fish_pid=$wanted"
    end

    # Note what leaving gives back: the profile and the region that awsx has set in this terminal.
    function __awsx_note_before_pin
        set -gu __awsx_before_pin
        set -gu __awsx_changed_before_pin
        set -gu __awsx_region_before_pin
        test "$AWSX_OWNER" = $fish_pid; or return 0
        set __awsx_before_pin $AWS_PROFILE
        set __awsx_changed_before_pin $__awsx_changed
        set __awsx_region_before_pin $AWSX_REGION
    end

    # Give back what was there before the pinned folder. A profile that was set by hand in it stays.
    function __awsx_leave_pin
        set -l left "$AWS_PROFILE"
        set -l told $__awsx_pin_told
        set -l holds $__awsx_pin_holds
        set -l back
        set -gu __awsx_pin
        set -gu __awsx_pin_told
        set -gu __awsx_pin_profile
        set -gu __awsx_pin_holds
        set -q holds[1]; or return 0
        set -g __awsx_drawn
        if __awsx_is_by_hand
            test "$AWSX_OWNER" = $fish_pid; and __awsx_assign AWSX_OWNER
            return 0
        end
        __awsx_give_back
        test ".$left" = ".$AWS_PROFILE"; and return 0
        test -n "$AWS_PROFILE"; and set back ", back to "(__awsx_clean_for_screen $AWS_PROFILE)
        set -l named
        test -n "$left"; and set named (__awsx_clean_for_screen $left)", "
        __awsx_say 2 "left $named""the pin of $told$back"
        test -n "$left"; and set -gu __awsx_previous $left
        return 0
    end

    # Repeat the switch that was there before the pin, if there was one; it undoes the one of the pin.
    function __awsx_give_back
        if not set -q __awsx_changed_before_pin[1]
            test "$AWSX_OWNER" = $fish_pid; and __awsx_assign AWSX_OWNER
        else
            __awsx_assign AWSX_OWNER $fish_pid
            for name in $__awsx_changed_before_pin
                switch $name
                    case AWS_PROFILE
                        __awsx_assign AWS_PROFILE $__awsx_before_pin
                    case AWS_REGION AWS_DEFAULT_REGION
                        set -q __awsx_region_before_pin[1]; and __awsx_assign $name $__awsx_region_before_pin
                    case '*'
                        set -q $name; and __awsx_assign $name
                end
            end
        end
        if set -q __awsx_region_before_pin[1]
            __awsx_assign AWSX_REGION $__awsx_region_before_pin
        else if set -q AWSX_REGION
            __awsx_assign AWSX_REGION
        end
    end

    # Print a name, fit for a screen.
    function __awsx_clean_for_screen -a name
        set -q __awsx_odd[1]; or source (string replace -r '[^/]*$' segment.fish -- $__awsx_file)
        string replace -ra $__awsx_odd '?' -- $name | string join '?'
    end
end
