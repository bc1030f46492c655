# What the segment says and how it looks: shell/awsx.fish sources this file when there is something to show. Who decides
# besides the profile (docs/truth.md), the words of the format (awsx/segment.py), and the rest after which a guarded
# profile is left. No process is started.

begin
    # From what was read to the segment: `prod 111122223333 6h `. A format comes as words, `STYLE:TEXT`, each ended by
    # \x1e; in a text \x02 stands for what is left of the session, \x03 for the state, \x04 for the region. (Cut by the
    # groups of a pattern: they cost a tenth of a substitution.)
    function __awsx_compose
        set -l look $__awsx_look
        set -l left
        set -g __awsx_plain
        if test -n "$__awsx_key"
            __awsx_look_at_clock
            set left $__awsx_left
            set -g __awsx_drawn_left $left$__awsx_hue
            # For who sees no colours.
            test $__awsx_hue -eq 2; and string match -qr '^[1-9]' -- $left; and set left "$left!"
        end
        __awsx_find_rival
        if test -z "$__awsx_by$__awsx_rival" # a key that is not exported
            test -n "$AWSX_EXPORT_PROMPT"; and set -eg AWSX_PROMPT
            return 0
        end
        __awsx_find_origin
        __awsx_find_state
        string match -qr '^[0-9]{1,9},[0-9]+$' -- "$COLUMNS,$__awsx_below"
        and test $COLUMNS -lt $__awsx_below
        and set look $__awsx_narrow
        if string match -qr '[[:cntrl:]]' -- "$__awsx_who$__awsx_rival$__awsx_state$__awsx_at"
            for name in who rival state at # what the environment says is text, and none of the marks of a format
                set -l variable __awsx_$name
                set $variable (string replace -ra '[[:cntrl:]]' '?' -- "$$variable" | string join '?')
            end
        end
        test -n "$__awsx_kind"; or set look "36:$__awsx_who"\x1eL:\x02\x1eS:\x03\x1e
        test -n "$__awsx_by" -a -z "$__awsx_who"; and set look "36:''"\x1eS:\x03\x1e
        test -n "$__awsx_rival"; and set look "31:$__awsx_rival"\x1eS:\x03\x1e
        __awsx_fill
        test -n "$AWSX_EXPORT_PROMPT"; and set -gx AWSX_PROMPT "$__awsx_plain"
        string match -qr '^[1-9][0-9]*$' -- "$__awsx_leave"; or return 0
        set -g __awsx_leave_after $__awsx_leave
        set -g __awsx_due rest
        __awsx_begin_rest
    end

    # Add the words of our caller's `look` to the segment.
    function __awsx_fill --no-scope-shadowing
        set -l good
        set -l soon
        set -l expired
        set -l doubt
        set -l far
        set -l locale $LC_ALL $LC_CTYPE $LANG
        set -l style
        set -l text
        set -l colours '^(?<good>[0-9;]+) (?<soon>[0-9;]+) (?<expired>[0-9;]+) (?<doubt>[0-9;]+) (?<far>[0-9;]+)$'
        string match -qr $colours -- "$__awsx_colours"; or string match -qr $colours -- '32 33 31 33 0'
        set -l hues $good $soon $expired
        while string match -qr '^(?<style>[^:\x1e]*):(?<text>[^\x1e]*)\x1e(?<look>(?s:.*))$' -- "$look"
            __awsx_add
        end
    end

    # Our caller's `style`, the digits of a colour or the letter of a field, and `text`. A word whose first field has
    # nothing to say is left out.
    function __awsx_add --no-scope-shadowing
        switch "$style"
            case L
                test -n "$left"; or return 0
                set style $hues[$__awsx_hue]
            case S
                test -n "$__awsx_state"; or return 0
                set style $doubt
                test "$__awsx_kind" = missing; and set style $expired
            case R
                test -n "$__awsx_at"; or return 0
                set style $far
        end
        set -l before
        set -l field
        set -l rest
        set -l filled
        while string match -qr '^(?<before>[^\x02-\x04]*)(?<field>[\x02-\x04])(?<rest>(?s:.*))$' -- "$text"
            set text "$rest"
            switch $field
                case \x02
                    set filled "$filled$before$left"
                case \x03
                    set filled "$filled$before$__awsx_state"
                case \x04
                    set filled "$filled$before$__awsx_at"
            end
        end
        set text "$filled$text"
        string match -qr '[[:cntrl:]]' -- "$text"
        and set text (string replace -ra '[[:cntrl:]]' '?' -- "$text" | string join '?')
        string match -qi '*utf*' -- "$locale[1]"; or set text (string replace -ra '[^ -~]' '?' -- "$text")
        set -a __awsx_plain "$text"
        if test -z "$NO_COLOR" -a -n "$style" -a "$TERM" != dumb; and string match -qr '^[0-9;]+$' -- $style
            set text \e"[$style""m$text"\e'[0m'
        end
        set -g __awsx_segment "$__awsx_segment$text "
    end

    # --- what decides besides the profile -----------------------------------------------------------------------------

    # What beats the profile in the AWS CLI and most of the SDKs (docs/truth.md), in __awsx_rival. A profile that does
    # not exist is an error all the same; one that assumes a role comes before a web identity.
    function __awsx_find_rival
        set -g __awsx_rival
        test "$__awsx_kind" = missing; and return
        test -n "$__awsx_by" -a -z "$__awsx_who"; and return
        set -l token
        set -l role
        set -qx AWS_WEB_IDENTITY_TOKEN_FILE; and set token "$AWS_WEB_IDENTITY_TOKEN_FILE"
        set -qx AWS_ROLE_ARN; and set role "$AWS_ROLE_ARN"
        if test "$__awsx_kind" = web-identity -a -n "$token$role"
            set __awsx_rival 'web identity' # put together of both
        else if test -n "$token" -a "$__awsx_kind" != role
            set __awsx_rival 'web identity'
            test -n "$role"; or set __awsx_rival 'web identity without a role'
        end
        if set -qx AWS_ACCESS_KEY_ID; and test -n "$AWS_ACCESS_KEY_ID"
            set __awsx_rival keys
            set -qx AWS_SECRET_ACCESS_KEY; and test -n "$AWS_SECRET_ACCESS_KEY"
            or set __awsx_rival 'keys without a secret'
        end
        test -n "$__awsx_rival" -a -n "$__awsx_who"; and set __awsx_rival "$__awsx_rival, not $__awsx_who"
        return 0
    end

    # What a person must know besides, in __awsx_state, and the region that is used, __awsx_at.
    function __awsx_find_state
        set -l states
        set -l boto $__awsx_region
        set -qx AWS_DEFAULT_REGION; and set boto "$AWS_DEFAULT_REGION"
        set -g __awsx_at $boto
        set -qx AWS_REGION; and set __awsx_at "$AWS_REGION" # one that is empty is taken for a region, too
        test -z "$__awsx_rival"; and __awsx_find_doubts; and set states $__awsx_doubts
        if test -n "$__awsx_region"; and not string match -q "*"\x04"*" -- "$__awsx_look"
            test -n "$__awsx_at"; or set __awsx_at "''"
            test -n "$boto"; or set boto "''"
            test "$__awsx_at" = "$__awsx_region"; or set -a states "@$__awsx_at"
            test ".$boto" = ".$__awsx_at" -o ".$boto" = ".$__awsx_region"; or set -a states "boto3@$boto"
        end
        switch "$__awsx_rival$__awsx_by:$__awsx_origin"
            case AWS_PROFILE:hand
                set -a states '*'
            case AWS_PROFILE:inherited
                set -a states '?'
        end
        set -g __awsx_state "$states"
    end

    function __awsx_find_doubts
        set -g __awsx_doubts
        test "$__awsx_kind" = missing -o -z "$__awsx_who"; and set -a __awsx_doubts 'no such profile'
        if test "$__awsx_by" = AWS_DEFAULT_PROFILE
            set -a __awsx_doubts not-js
        else if set -qx AWS_DEFAULT_PROFILE
            and test -n "$AWS_DEFAULT_PROFILE" -a ".$AWS_DEFAULT_PROFILE" != ".$__awsx_who"
            set -a __awsx_doubts "boto3:$AWS_DEFAULT_PROFILE"
        end
        test -n "$__awsx_mark"; and set -a __awsx_doubts $__awsx_mark
        return 0
    end

    # --- at rest ------------------------------------------------------------------------------------------------------

    # [guard] leave_after: back to no profile after so many seconds at a prompt, nothing typed and nothing running.
    function __awsx_watch_rest
        set -l on "$__awsx_who"
        set -l rested $__awsx_rested
        set -l began $__awsx_began
        __awsx_begin_rest
        set -q began[1]; or set began $__awsx_now
        test (math $began - $rested) -ge $__awsx_leave_after; or return
        __awsx_find_who; and test "$__awsx_who" = "$on"; and __awsx_leave_at_rest
    end

    # From now on, nothing happens.
    function __awsx_begin_rest
        __awsx_read_uptime
        set -g __awsx_rested $__awsx_now
        set -g __awsx_began
        functions -q __awsx_preexec; and return
        function __awsx_preexec --on-event fish_preexec
            set -q __awsx_leave_after[1]; or return
            __awsx_read_uptime
            set -g __awsx_began $__awsx_now
        end
    end

    # A count of seconds, in __awsx_now; without a process on Linux.
    function __awsx_read_uptime
        if read -l up rest <$__awsx_uptime
            set -g __awsx_now (string replace -r '\..*' '' -- $up)
        else
            set -g __awsx_now (command date +%s)
        end
    end

    function __awsx_leave_at_rest
        set -l why ', at rest for longer than leave_after in [guard]'
        __awsx_leave $why
        or test "$AWSX_OWNER" != $fish_pid
        or awsx off
        # It was not awsx's, or what was there before has come back: if that is guarded, it goes too.
        while __awsx_find_who; and begin
                __awsx_read "$__awsx_who"
                test -z "$__awsx_end" -o -n "$__awsx_leave"
            end; and set -e $__awsx_by
            echo "awsx: left "(string replace -ra '[[:cntrl:]]' '?' -- $__awsx_who | string join '?')"$why" >&2
        end
    end
end
