# awsx for fish 3.4 and later: the function `awsx` and the prompt segment. Source it from config.fish; it says nothing,
# may be sourced twice, and starts no process but awsx's own core.
#
# What you may set:
#   AWSX_PYTHON      the Python that has awsx (unset: python3 on PATH); `awsx init fish` fills it in
#   AWSX_NO_PROMPT   anything: leave fish_prompt alone; call awsx_prompt in it yourself
#   NO_COLOR         anything: a segment without colours
#
# The core is given a file to write the change into: NAME=VALUE to export, NAME to unset, `.` at the end. It is read as
# data and assigned; nothing in it is ever evaluated.

# One block: fish reads it whole or not at all.
begin
    set -g __awsx_file (path resolve (status filename) 2>/dev/null; or realpath (status filename))
    # The core lies beside this folder in a checkout, around it once installed.
    set -g __awsx_start (string replace -r '/[^/]*/[^/]*$' '' $__awsx_file)/awsx/start.py
    test -e $__awsx_start; or set -g __awsx_start (string replace -r '/[^/]*/[^/]*$' '' $__awsx_file)/start.py
    set -q AWSX_PYTHON[1]; and set -g __awsx_python $AWSX_PYTHON; or set -g __awsx_python python3

    # A shell that was executed in place has the pid of the one that switched, but nothing that was put aside: a child's.
    test "$AWSX_OWNER" = $fish_pid -a -z "$__awsx_names"; and set -gx AWSX_OWNER 0

    function awsx --description 'Use another AWS profile in this terminal'
        __awsx_where
        set -l handover $__awsx_run/shell.$fish_pid
        __awsx_is_ours $handover; and true >$handover
        AWSX_HANDOVER=$handover AWSX_PREVIOUS="$__awsx_previous" AWSX_PID=$fish_pid \
            AWSX_SHELL=fish AWSX_CACHE=$__awsx_cache command $__awsx_python -I -S $__awsx_start $argv
        set -l code $status
        if __awsx_is_ours $handover
            __awsx_take $handover; or set code $status
        end
        return $code
    end

    # True if there is something in the file and nobody else has put it there, as a link to another file would be.
    function __awsx_is_ours -a file
        test -s "$file" -a -O "$file" -a ! -L "$file" -a -O (string replace -r '/[^/]*$' '' -- "$file")
    end

    # Where everything lies that this terminal reads. A cache that cannot be written (a read-only HOME) moves to TMPDIR.
    function __awsx_where
        set -g __awsx_cache "$HOME/.cache/awsx"
        test -n "$XDG_CACHE_HOME"; and set -g __awsx_cache $XDG_CACHE_HOME/awsx
        set -l there $__awsx_cache
        while test -n "$there" -a ! -e "$there"
            set there (string replace -r '/[^/]*$' '' -- $there)
        end
        test -n "$there"; or set there /
        if not test -w $there
            set -l parent /tmp
            test -n "$TMPDIR"; and set parent $TMPDIR
            set -g __awsx_cache $parent/awsx-$USER
        end
        set -g __awsx_run $__awsx_cache
        if test -n "$XDG_RUNTIME_DIR" -a -w "$XDG_RUNTIME_DIR" -a -O "$XDG_RUNTIME_DIR"
            set -g __awsx_run $XDG_RUNTIME_DIR/awsx
        end
        set -g __awsx_settings "$HOME/.config/awsx/config.toml"
        test -n "$XDG_CONFIG_HOME"; and set -g __awsx_settings $XDG_CONFIG_HOME/awsx/config.toml
        set -g __awsx_config "$HOME/.aws/config"
        set -q AWS_CONFIG_FILE
        and set -g __awsx_config (string replace -r '^~/' $HOME/ -- "$AWS_CONFIG_FILE")
        set -g __awsx_credentials "$HOME/.aws/credentials"
        set -q AWS_SHARED_CREDENTIALS_FILE
        and set -g __awsx_credentials (string replace -r '^~/' $HOME/ -- "$AWS_SHARED_CREDENTIALS_FILE")
        set -g __awsx_folder $__awsx_cache/v1$__awsx_config/+$__awsx_credentials
        # A relative path or a $VARIABLE in one: only the core can tell where that leads.
        string match -qr '\$|^[^/]|/\.\./' -- $__awsx_config $__awsx_credentials; and set -g __awsx_folder
        set -g __awsx_memo $__awsx_folder/p.(string replace -a % %25 -- "$AWS_PROFILE" | string replace -a / %2F)
    end

    # Take over what the core wrote, if it wrote all of it.
    function __awsx_take
        set -l fish_trace # untraced: what is put aside may be a secret
        set -l before "$AWS_PROFILE"
        set -l code 0
        set -l lines (string split \n <$argv[1])
        true >$argv[1]
        test "$lines[-1]" = .; or return 0
        for line in $lines
            set -l name (string split -m 1 = -- $line)[1]
            string match -qr '^AWSX?_[A-Z0-9_]+$' -- $name; or continue
            __awsx_assign $name $line; or set code 1
        end
        if test -n "$before" -a "$before" != "$AWS_PROFILE"
            set -gu __awsx_previous $before
        end
        return $code
    end

    # NAME NAME=VALUE, or NAME NAME to unset it. AWSX_OWNER comes first in a switch and in `off`: what the last switch
    # did is undone, so that a new one starts from what was there before awsx.
    function __awsx_assign -a name line
        test $name = AWSX_OWNER; and __awsx_undo
        if string match -q 'AWS_*' -- $name; and test -n "$AWSX_OWNER"
            set -gu __awsx_was_$name
            set -qgu $name; and set -gu __awsx_was_$name ":$$name"
            set -qgx $name; and set -gu __awsx_was_$name "=$$name"
            set -gu __awsx_mine_$name (string sub -s (math 1 + (string length -- $name)) -- $line)
            set -ga __awsx_names $name
        end
        if string match -q '*=*' -- $line
            set -gx $name (string split -m 1 = -- $line)[2]
        else
            set -eg $name
            if set -qU $name
                echo "awsx: $name is a universal variable and stays in the way; drop it for good: set -eU $name" >&2
                return 1
            end
            true
        end
    end

    # Give back each variable as it was (`=value` exported, `:value` not), unless somebody else has changed it since.
    function __awsx_undo
        for name in $__awsx_names
            set -l mine __awsx_mine_$name
            set -l was __awsx_was_$name
            set -l now
            set -qg $name; and set now "=$$name"
            if test "$now" = "$$mine"
                switch "$$was"
                    case '=*'
                        set -gx $name (string sub -s 2 -- $$was)
                    case ':*'
                        set -gu $name (string sub -s 2 -- $$was)
                    case '*'
                        set -eg $name
                end
            end
            set -eg $mine
            set -eg $was
        end
        set -g __awsx_names
    end

    # --- the prompt ---------------------------------------------------------------------------------------------------

    # The segment, for people who place it themselves. It ends with a blank if it is not empty, and keeps $status.
    function awsx_prompt
        set -l code $status
        echo -n -- $__awsx_segment
        return $code
    end

    # Put the segment before what fish_prompt prints. What was there runs first, so that it sees the true $status.
    function __awsx_place
        set -g __awsx_placed $fish_pid
        test -z "$AWSX_NO_PROMPT"; or return 0
        functions fish_prompt | string match -q '*awsx_prompt*'; and return 0
        functions -e __awsx_fish_prompt
        functions -c fish_prompt __awsx_fish_prompt; or return 0
        function fish_prompt
            set -l drawn (__awsx_fish_prompt $argv)
            awsx_prompt
            string join -- \n $drawn
        end
    end

    # The segment stays as it is while nothing has changed that it was drawn from, and its minute or hour has not passed.
    function __awsx_draw --on-event fish_prompt
        set -q __awsx_placed; or __awsx_place
        if not set -qx AWS_PROFILE; or test -z "$AWS_PROFILE"
            set -g __awsx_segment
            set -g __awsx_there
            return 0
        end
        set -l there "$HOME|$XDG_CACHE_HOME|$XDG_RUNTIME_DIR|$XDG_CONFIG_HOME|$TMPDIR|$AWS_PROFILE"
        set there "$there|$AWS_CONFIG_FILE|$AWS_SHARED_CREDENTIALS_FILE|$NO_COLOR|$TERM"
        if test "$there" != "$__awsx_there"
            __awsx_where
            set -g __awsx_there $there
        else if __awsx_is_fresh; and __awsx_is_same_hour
            return 0
        end
        set -g __awsx_segment
        set -l name
        set -l label
        set -l account
        set -l role
        set -l region
        set -l key
        set -l state
        set -l ends
        set -l renewable
        set -l mark
        if test -n "$__awsx_folder"; and not __awsx_read fresh
            command -q $__awsx_python
            and AWSX_SHELL=fish AWSX_CACHE=$__awsx_cache command $__awsx_python -I -S $__awsx_start --refresh </dev/null >/dev/null 2>&1
            __awsx_read stale
        end
        __awsx_compose
    end

    # Read the memos into our caller's variables; false if there is none, or (`fresh`) if one may be stale: if a source
    # is neither as old as its stamp nor missing like it. One test for all, since every command counts here.
    function __awsx_read --no-scope-shadowing -a wanted
        set -l at $__awsx_folder
        set -l memo $__awsx_memo
        set -g __awsx_session
        set -g __awsx_token
        test $wanted = stale; or __awsx_is_fresh; or return 1
        test -r $memo -a -O $memo; or return 1
        read -d \x1f name label account role region key state mark <$memo
        if test "$mark" != . -o "$name" != "$AWS_PROFILE"
            set label
            return 1
        end
        test -n "$key"; or return 0
        set memo $at/s.$key
        set -g __awsx_session $memo
        set -g __awsx_token $HOME/.aws/sso/cache/$key.json
        test $wanted = stale; or __awsx_is_fresh; or return 1
        test -e $memo; or return 0
        test -r $memo; or return 1
        read -d \x1f ends renewable mark <$memo
        test "$mark" = .
    end

    # True if each source is as old as its stamp, or missing like it. One test for all, since every step counts here.
    # fish before 3.6 cannot compare: there, nothing is fresh.
    if test / -nt /nonexistent 2>/dev/null
        function __awsx_is_fresh
            set -l at $__awsx_folder
            not test $__awsx_config -nt $at/config -o $__awsx_config -ot $at/config \
                -o $__awsx_credentials -nt $at/credentials -o $__awsx_credentials -ot $at/credentials \
                -o $__awsx_settings -nt $at/settings -o $__awsx_settings -ot $at/settings \
                -o "$__awsx_token" -nt "$__awsx_session" -o "$__awsx_token" -ot "$__awsx_session"
        end
    else
        function __awsx_is_fresh
            false
        end
    end

    # True if what is left of the session reads the same as when it was drawn.
    function __awsx_is_same_hour
        set -q __awsx_clock[1]; or return 0
        set -l age (path mtime -R -- $__awsx_clock[1])
        test "$age" -ge $__awsx_clock[2] -a "$age" -le $__awsx_clock[3]
    end

    # From our caller's variables to the segment: `prod 111122223333 6h `.
    function __awsx_compose --no-scope-shadowing
        set -l left
        set -l colour __awsx_green
        test -n "$label"; or set label (string replace -ra '[[:cntrl:]]' '?' -- "$AWS_PROFILE" | string join '?')
        set -eg __awsx_clock
        test -n "$key"; and __awsx_left
        if test "$state" = missing
            set left 'no such profile'
            set colour __awsx_red
        end
        test -n "$account"; and set account " $account"
        if test -n "$NO_COLOR" -o "$TERM" = dumb
            test -n "$left"; and set left " $left"
        else
            set label "$__awsx_cyan$label$__awsx_plain"
            test -n "$left"; and set left " $$colour$left$__awsx_plain"
        end
        set __awsx_segment "$label$account$left "
    end

    # What is left of the session: in one unit, rounded down. fish has no clock, but tells how old a file is, and the
    # core has given one the mtime of the session's end: its age is below 0 until then. __awsx_clock: that file, and the
    # ages between which the text stays true.
    function __awsx_left --no-scope-shadowing
        set left expired
        set colour __awsx_red
        string match -qrv '^[0-9]+$' -- "$ends" "$renewable"; and return
        test $ends -gt 0; or return
        set -l age
        set -l file $__awsx_folder/e.$key
        set -q __awsx_knows_age; and set age (path mtime -R -- $file)
        test -n "$age"; or set age (math (command date +%s) - $ends)
        if test $renewable -gt 0
            test $renewable -gt (math $ends + $age); or set renewable 0
        end
        set colour __awsx_yellow
        if test $age -ge 0
            set left expired
            set -g __awsx_clock $file 0 99999999999
            if test $renewable -gt 0
                set left renews
                set -g __awsx_clock $file 0 (math $renewable - $ends - 1)
            else
                set colour __awsx_red
            end
            return
        end
        set -l unit 60
        set -l name m
        if test $age -le -172800
            set unit 86400
            set name d
        else if test $age -le -3600
            set unit 3600
            set name h
        end
        set -l whole (math -s 0 $age / -$unit)
        set left $whole$name
        test $age -gt -60; and set left '<1m'
        set -g __awsx_clock $file (math "1 - $unit * ($whole + 1)") (math "0 - $unit * $whole")
        test $age -le -1800; and set colour __awsx_green
        if test $renewable -gt 0
            set left $left+
            set colour __awsx_green
        end
    end

    path mtime -R / >/dev/null 2>&1; and set -g __awsx_knows_age # fish 3.5 and later
    set -g __awsx_cyan (set_color cyan)
    set -g __awsx_green (set_color green)
    set -g __awsx_yellow (set_color yellow)
    set -g __awsx_red (set_color red)
    set -g __awsx_plain (set_color normal)

    # Looked at anew after each loading: a config file that is read again has defined fish_prompt again.
    set -eg __awsx_placed
    set -eg __awsx_there
end
