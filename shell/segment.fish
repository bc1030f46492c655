# The text of the segment and its colours. shell/awsx.fish sources this file when there is something to show for the
# first time. It decides what beats the profile (docs/truth.md), fills in the format (awsx/segment.py), and leaves a
# guarded profile after a rest. On Linux it starts no process.

begin
    # The characters that would control a screen, or that it cannot show, as in `clean` of awsx/term.py. (fish keeps a
    # byte that is no UTF-8 as a character for private use.)
    set -g __awsx_odd '(?! )[\p{C}\p{Z}]'

    # Make the segment (`prod 111122223333 6h `) from the memos and the environment. The format consists of words
    # STYLE:TEXT, each ended by \x1e. In TEXT, \x02 stands for the time left, \x03 for the state, \x04 for the region.
    # (Groups of a pattern take it apart: that costs a tenth of a command substitution.)
    function __awsx_compose
        set -l words $__awsx_look
        set -l time_left
        set -g __awsx_plain
        set -g __awsx_drawn_time_left
        if test -n "$__awsx_key" -a -e "$__awsx_token"
            and not string match -qr '^[0-9]+,[0-9]+$' -- "$__awsx_ends,$__awsx_renewable"
            # No memo says when the session ends: show nothing, and look again at the next prompt.
            set -g __awsx_must_redraw / = /
        else if test -n "$__awsx_key"
            __awsx_read_clock
            set time_left $__awsx_time_left
            set -g __awsx_drawn_time_left $time_left$__awsx_hue
            if test "$time_left" = expired; and string match -qr '^[1-9][0-9]*$' -- "$__awsx_aws_until"
                set -g __awsx_must_redraw / = / # fish cannot tell cheaply when that is over
                __awsx_read_epoch
                test $__awsx_aws_until -gt $__awsx_now; and set time_left "expired, aws until $__awsx_aws_clock"
            end
            # `34m!` says without a colour that little is left.
            test $__awsx_hue -eq 2; and string match -qr '^[1-9]' -- $time_left; and set time_left "$time_left!"
        end
        __awsx_find_rival
        if test -z "$__awsx_used_variable$__awsx_rival" # only a key that is not exported
            test -n "$AWSX_EXPORT_PROMPT"; and set -eg AWSX_PROMPT
            return 0
        end
        __awsx_find_origin
        __awsx_find_shown_marks
        string match -qr '^[0-9]{1,9},[0-9]+$' -- "$COLUMNS,$__awsx_below"
        and test $COLUMNS -lt $__awsx_below
        and set words $__awsx_narrow
        if string match -qr $__awsx_odd -- "$__awsx_used_profile$__awsx_rival$__awsx_shown_marks$__awsx_used_region"
            # Text from the environment must not act as \x02 or \x1e of the format, or as a code of the terminal.
            for name in used_profile rival shown_marks used_region
                set -l variable __awsx_$name
                set $variable (string replace -ra $__awsx_odd '?' -- "$$variable" | string join '?')
            end
        end
        if test -n "$__awsx_short_regions"
            set -l this (string escape --style=regex -- "$__awsx_used_region")
            set -l short (string replace -rf -- ".* $this=(\S+) .*" '$1' "$__awsx_short_regions")
            and set __awsx_used_region $short
        end
        test -n "$__awsx_kind"; or set words "36:$__awsx_used_profile"\x1eL:\x02\x1eS:\x03\x1e
        test -n "$__awsx_used_variable" -a -z "$__awsx_used_profile"; and set words "36:''"\x1eS:\x03\x1e
        switch "$__awsx_rival"
            case ''
            case 'keys without *' 'web identity without *'
                set words "E:$__awsx_rival"\x1eS:\x03\x1e
            case '*'
                set words "W:$__awsx_rival"\x1eS:\x03\x1e
        end
        __awsx_add_words
        test -n "$AWSX_EXPORT_PROMPT"; and set -gx AWSX_PROMPT "$__awsx_plain"
        string match -qr '^[1-9][0-9]*$' -- "$__awsx_leave"; or return 0
        set -g __awsx_leave_after $__awsx_leave
        set -g __awsx_due rest
        __awsx_begin_rest
    end

    # Add each of `words`, our caller's variable, to the segment.
    function __awsx_add_words --no-scope-shadowing
        set -l good
        set -l soon
        set -l expired
        set -l state_colour
        set -l region_colour
        set -l locale $LC_ALL $LC_CTYPE $LANG
        set -l style
        set -l text
        set -l colours '^(?<good>[0-9;]+) (?<soon>[0-9;]+) (?<expired>[0-9;]+)'
        set colours $colours' (?<state_colour>[0-9;]+) (?<region_colour>[0-9;]+)$'
        string match -qr $colours -- "$__awsx_colours"; or string match -qr $colours -- '32 33 31 33 0'
        set -l hues $good $soon $expired
        while string match -qr '^(?<style>[^:\x1e]*):(?<text>[^\x1e]*)\x1e(?<words>(?s:.*))$' -- "$words"
            __awsx_add_word
        end
    end

    # Add one word. The caller's `style` is a colour (its digits), or the letter of the field that gives the word its
    # colour: L time left, S state, R region. If that field is empty, leave the word out. W is the colour of the state,
    # and E that of an error.
    function __awsx_add_word --no-scope-shadowing
        switch "$style"
            case L
                test -n "$time_left"; or return 0
                set style $hues[$__awsx_hue]
            case S
                test -n "$__awsx_shown_marks"; or return 0
                set style $state_colour
                # Red means an error alone: commands fail.
                string match -qr '^missing:|: (.* )?(broken|bad )' -- "$__awsx_kind: $__awsx_mark"
                and set style $expired
            case R
                test -n "$__awsx_used_region"; or return 0
                set style $region_colour
            case W
                set style $state_colour
            case E
                set style $expired
        end
        set -l before
        set -l field
        set -l rest
        set -l filled
        while string match -qr '^(?<before>[^\x02-\x04]*)(?<field>[\x02-\x04])(?<rest>(?s:.*))$' -- "$text"
            set text "$rest"
            switch $field
                case \x02
                    set filled "$filled$before$time_left"
                case \x03
                    set filled "$filled$before$__awsx_shown_marks"
                case \x04
                    set filled "$filled$before$__awsx_used_region"
            end
        end
        set text "$filled$text"
        string match -qr $__awsx_odd -- "$text"
        and set text (string replace -ra $__awsx_odd '?' -- "$text" | string join '?')
        string match -qi '*utf*' -- "$locale[1]"; or set text (string replace -ra '[^ -~]' '?' -- "$text")
        set -a __awsx_plain "$text"
        if test -z "$NO_COLOR" -a -n "$style" -a "$TERM" != dumb; and string match -qr '^[0-9;]+$' -- $style
            set text \e"[$style""m$text"\e'[0m'
        end
        set -g __awsx_segment "$__awsx_segment$text "
    end

    # --- what the next command uses -----------------------------------------------------------------------------------

    # Set __awsx_rival to what beats the profile in the AWS CLI and in most SDKs (docs/truth.md). Nothing beats a
    # profile that does not exist: the command fails. A profile that assumes a role beats a web identity.
    function __awsx_find_rival
        set -g __awsx_rival
        set -g __awsx_made_for
        test "$__awsx_kind" = missing; and return
        test -n "$__awsx_used_variable" -a -z "$__awsx_used_profile"; and return
        set -l token
        set -l role
        set -qx AWS_WEB_IDENTITY_TOKEN_FILE; and set token "$AWS_WEB_IDENTITY_TOKEN_FILE"
        set -qx AWS_ROLE_ARN; and set role "$AWS_ROLE_ARN"
        if test "$__awsx_kind" = web-identity -a -n "$token$role"
            set __awsx_rival 'web identity' # the tools complete one with the other
        else if test -n "$token" -a "$__awsx_kind" != role
            set __awsx_rival 'web identity'
            test -n "$role"; or set __awsx_rival 'web identity without a role'
        end
        if set -qx AWS_ACCESS_KEY_ID; and test -n "$AWS_ACCESS_KEY_ID"
            set __awsx_rival keys
            set -qx AWS_SECRET_ACCESS_KEY; and test -n "$AWS_SECRET_ACCESS_KEY"
            or set __awsx_rival 'keys without a secret'
            test "$__awsx_rival" = keys; and __awsx_look_at_their_end
        end
        test -n "$__awsx_rival" -a -n "$__awsx_used_profile" -a ".$__awsx_used_profile" != ".$__awsx_made_for"
        and set __awsx_rival "$__awsx_rival, not $__awsx_used_profile"
        return 0
    end

    # Say of the rival, keys, which tool has made them for which profile, and how long they last: `prod by aws-vault
    # 34m`. Of an end in a form that the AWS tools do not write, such as `GMT`, the prompt says nothing. (`math` would
    # take 08 for a wrong octal number.)
    function __awsx_look_at_their_end
        __awsx_find_maker
        set -l at
        for name in AWS_SESSION_EXPIRATION AWS_CREDENTIAL_EXPIRATION
            set -qx $name; and test -n "$$name"; and set at $$name
        end
        test -n "$at"; or return 0
        set -l year
        set -l month
        set -l day
        set -l hour
        set -l minute
        set -l second
        set -l form '^(?<year>\d{4})-0?(?<month>\d\d?)-0?(?<day>\d\d?)[T ]0?(?<hour>\d\d?):0?(?<minute>\d\d?)'
        set form $form':0?(?<second>\d\d?)(\.\d+)?(Z|UTC|(?<sign>[+-])0?(?<hours>\d\d?):0?(?<minutes>\d\d?))$'
        set -l sign
        set -l hours
        set -l minutes
        string match -qr $form -- "$at"; or return 0
        test "$sign" = -; and set sign +; or set sign -
        set -g __awsx_must_redraw / = / # fish cannot tell cheaply when they end
        # The year is taken to begin in March, so that a leap day is its last one.
        test $month -lt 3; and set year (math $year - 1)
        set month (math "($month + 9) % 12")
        set -l days "$year * 365 + floor($year / 4) - floor($year / 100) + floor($year / 400)"
        set days "$days + floor(($month * 153 + 2) / 5) + $day - 719469"
        __awsx_read_epoch
        set -l ends (math "(($days) * 24 + $hour) * 3600 + $minute * 60 + $second")
        set ends (math "$ends $sign (0$hours * 3600 + 0$minutes * 60)")
        # What the profile's own session has left is computed anew for the next prompt.
        set -l renewable $__awsx_renewable
        set -g __awsx_renewable 0
        set -g __awsx_clock_read_for
        test -n "$__awsx_soon"; or set -g __awsx_soon 1800 # there is no memo
        set -g __awsx_age (math $__awsx_now - $ends)
        set -g __awsx_time_left expired
        set -g __awsx_hue 3
        test $__awsx_age -lt 0; and __awsx_find_time_left
        set -g __awsx_renewable $renewable
        if test "$__awsx_time_left$__awsx_rival" = expiredkeys
            set __awsx_rival 'expired keys'
        else
            set __awsx_rival "$__awsx_rival $__awsx_time_left"
            test $__awsx_hue -eq 2; and set __awsx_rival "$__awsx_rival!"
        end
        return 0
    end

    # Set __awsx_rival to `prod by aws-vault` and __awsx_made_for to `prod`, if a variable says that another tool has
    # made the keys. (granted names the profile in AWS_PROFILE alone.)
    function __awsx_find_maker
        for pair in AWS_VAULT:aws-vault AWSUME_PROFILE:awsume AWS_SSO_PROFILE:aws-sso AWSU_PROFILE:awsu
            set -l maker (string split : $pair)
            if set -qx $maker[1]; and test -n "$$maker[1]"
                set -l variable $maker[1]
                set __awsx_made_for "$$variable"
                set __awsx_rival "$__awsx_made_for by $maker[2]"
                return
            end
        end
        test "$__awsx_used_variable" = AWS_PROFILE; or return 0
        for name in GRANTED_SSO GRANTED_SSO_ROLE_NAME GRANTED_SSO_START_URL GRANTED_SSO_ACCOUNT_ID
            if set -qx $name; and test -n "$$name"
                set __awsx_made_for $__awsx_used_profile
                set __awsx_rival "$__awsx_used_profile by granted"
                return
            end
        end
    end

    # Set __awsx_now to the seconds since 1970: fish tells when a file was changed, and how long that is ago.
    function __awsx_read_epoch
        set -g __awsx_now (math (path mtime -- $__awsx_file) + (path mtime -R -- $__awsx_file))
    end

    # Set __awsx_used_region to the region of the next command, and __awsx_shown_marks to the text of the field `state`:
    # the short forms of all that is unusual.
    function __awsx_find_shown_marks
        set -l marks
        set -l boto "$__awsx_region"
        set -l js "$__awsx_region"
        if set -qx AWS_DEFAULT_REGION # an empty one counts as a region, too
            set boto "$AWS_DEFAULT_REGION"
            test -n "$boto"; or set boto "''"
        end
        set -g __awsx_used_region $boto
        if set -qx AWS_REGION
            set js "$AWS_REGION"
            test -n "$js"; or set js "''"
            set __awsx_used_region $js
        end
        test -z "$__awsx_rival"; and __awsx_find_profile_marks; and set marks $__awsx_profile_marks
        # Without a region in the profile, a variable is unusual only if it is empty or if not all tools read it.
        if test -n "$__awsx_region" -o "$__awsx_used_region" = "''" -o ".$boto" != ".$js"
            and not string match -q "*"\x04"*" -- "$__awsx_look"
            test "$__awsx_used_region" = "$__awsx_region"; or set -a marks "@$__awsx_used_region"
            test ".$boto" = ".$__awsx_used_region" -o ".$boto" = ".$__awsx_region"; or set -a marks "boto3@$boto"
        end
        switch "$__awsx_rival$__awsx_used_variable:$__awsx_origin"
            case AWS_PROFILE:hand
                set -a marks '*'
            case AWS_PROFILE:inherited
                test ".$AWSX_EXEC" = ".$AWS_PROFILE"; and set -a marks exec; or set -a marks '?'
            case 'default:*'
                set -a marks unset
        end
        set -g __awsx_shown_marks "$marks"
    end

    # Set __awsx_profile_marks: the profile is missing or broken, or some tools use another one.
    function __awsx_find_profile_marks
        set -g __awsx_profile_marks
        test "$__awsx_kind" = missing -o -z "$__awsx_used_profile"; and set -a __awsx_profile_marks 'no such profile'
        if test "$__awsx_used_variable" = AWS_DEFAULT_PROFILE
            set -a __awsx_profile_marks not-js
        else if set -qx AWS_DEFAULT_PROFILE
            and test -n "$AWS_DEFAULT_PROFILE" -a ".$AWS_DEFAULT_PROFILE" != ".$__awsx_used_profile"
            set -a __awsx_profile_marks "boto3:$AWS_DEFAULT_PROFILE"
        end
        test -n "$__awsx_mark"; and set -a __awsx_profile_marks $__awsx_mark
        if test -n "$__awsx_needs"
            for name in (string split ' ' -- $__awsx_needs)
                set -qx $name; and test -n "$$name"; and return 0
            end
            set -a __awsx_profile_marks broken
        end
        return 0
    end

    # --- at rest ------------------------------------------------------------------------------------------------------

    # Called before a prompt is drawn: leave the profile if the last prompt waited for a command for as many seconds as
    # `leave_after` in [guard] says.
    function __awsx_watch_rest
        set -l guarded "$__awsx_used_profile"
        set -l rest_began $__awsx_rest_began
        set -l rest_ended $__awsx_rest_ended
        __awsx_begin_rest
        set -q rest_ended[1]; or set rest_ended $__awsx_now # no command ran: the line was empty
        test (math $rest_ended - $rest_began) -ge $__awsx_leave_after; or return
        __awsx_find_used_profile; and test "$__awsx_used_profile" = "$guarded"; and __awsx_leave_at_rest
    end

    # Note the time: the terminal rests from now on, until a command starts.
    function __awsx_begin_rest
        __awsx_read_seconds
        set -g __awsx_rest_began $__awsx_now
        set -g __awsx_rest_ended
        functions -q __awsx_preexec; and return
        function __awsx_preexec --on-event fish_preexec
            set -q __awsx_leave_after[1]; or return
            __awsx_read_seconds
            set -g __awsx_rest_ended $__awsx_now
        end
    end

    # Set __awsx_now to a number of seconds: since the machine started, or else since 1970, for which `date` is started.
    function __awsx_read_seconds
        if read -l up rest <$__awsx_uptime
            set -g __awsx_now (string replace -r '\..*' '' -- $up)
        else
            set -g __awsx_now (command date +%s)
        end
    end

    # Do what `awsx off` does, and unset what is left if it is guarded, too.
    function __awsx_leave_at_rest
        set -l fish_trace # `set fish_trace 1` must not print secrets that come back
        set -l why ', at rest for longer than leave_after in [guard]'
        __awsx_leave $why
        or test "$AWSX_OWNER" != $fish_pid
        or awsx off
        # A profile that awsx did not set is still there, and one that was there before the switch has come back.
        while __awsx_find_used_profile; and begin
                __awsx_read_memos "$__awsx_used_profile"
                test -z "$__awsx_memo_end" -o -n "$__awsx_leave"
            end; and set -e $__awsx_used_variable
            __awsx_say 2 "left "(string replace -ra $__awsx_odd '?' -- $__awsx_used_profile | string join '?')"$why"
        end
    end
end
