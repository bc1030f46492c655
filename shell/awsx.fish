# awsx for fish 3.4 and later: the function `awsx` and the prompt segment. Source it from config.fish; it says nothing,
# may be sourced twice, and starts no process but awsx's own core.
#
# What you may set:
#   AWSX_PYTHON      the Python that has awsx (unset: python3 on PATH); `awsx init fish` fills it in
#   AWSX_NO_PROMPT   anything: leave fish_prompt alone; call awsx_prompt in it yourself
#   AWSX_EXPORT_PROMPT   anything: leave fish_prompt alone, export the plain segment as AWSX_PROMPT for who draws the
#                    prompt
#   AWSX_WRAP        the commands that log in first where a session has ended, blanks between them (unset: as the
#                    settings have it in [login], else aws)
#   NO_COLOR         anything: a segment without colours
# How the segment looks is the settings' to say: [prompt] and [colors] in ~/.config/awsx/config.toml.
#
# The core is given a file to write the change into: NAME=VALUE to export, NAME to unset, `.` at the end. What was
# switched to before is switched to again from the memos it left (awsx/files/memo.py), with no process. Both are read
# as data and assigned; nothing in them is ever evaluated.
#
# What costs here is each command (5 us) and each substitution (50 us): so the way that is taken each time has few of
# the former and none of the latter, and what was read from the memos is global: __awsx_kind, __awsx_region ...

# One block: fish reads it whole or not at all.
if string match -qr '^([4-9]|[1-9]\d|3\.([4-9]|\d\d))' -- $version
    set -g __awsx_file (builtin realpath -- (status filename))
    # The core lies beside this folder in a checkout, around it once installed.
    set -g __awsx_start (string replace -r '/[^/]*/[^/]*$' '' $__awsx_file)/awsx/start.py
    test -e $__awsx_start; or set -g __awsx_start (string replace -r '/[^/]*/[^/]*$' '' $__awsx_file)/start.py
    set -q AWSX_PYTHON[1]; and set -g __awsx_python $AWSX_PYTHON; or set -g __awsx_python python3

    # What the core knows, too: names of variables, and how a memo is laid out.
    # BEGIN: written by scripts/generate, do not edit
    set -g __awsx_format v4-a8bfc78c
    set -g __awsx_rival_prefix AWS_CONTAINER_AUTHORIZATION_TOKEN
    set -g __awsx_rival_count 13
    set -g __awsx_profiles AWS_PROFILE AWS_DEFAULT_PROFILE
    set -g __awsx_regions AWS_REGION AWS_DEFAULT_REGION
    set -g __awsx_by_value AWS_DEFAULT_PROFILE AWS_REGION AWS_DEFAULT_REGION
    set -g __awsx_by_presence AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_WEB_IDENTITY_TOKEN_FILE AWS_ROLE_ARN
    set -g __awsx_exported AWSX_OWNER AWSX_REGION AWSX_PROMPT
    set -g __awsx_fields __awsx_name __awsx_key __awsx_kind __awsx_region __awsx_told __awsx_mark __awsx_leave \
        __awsx_soon __awsx_below __awsx_colours __awsx_look __awsx_narrow __awsx_stock
    set -g __awsx_session_fields __awsx_ends __awsx_renewable __awsx_stamp
    set -g __awsx_rivals AWS_DEFAULT_PROFILE AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN \
        AWS_SECURITY_TOKEN AWS_CREDENTIAL_EXPIRATION AWS_ROLE_ARN AWS_ROLE_SESSION_NAME \
        AWS_WEB_IDENTITY_TOKEN_FILE AWS_CONTAINER_CREDENTIALS_RELATIVE_URI AWS_CONTAINER_CREDENTIALS_FULL_URI \
        AWS_CONTAINER_AUTHORIZATION_TOKEN AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE
    # END: written by scripts/generate

    # After `exec fish` the pid is the same, but what was put aside is gone: the profile counts as inherited.
    test "$AWSX_OWNER" = $fish_pid -a -z "$__awsx_names"; and set -gx AWSX_OWNER 0
    # What was there before us is somebody else's choice: it is marked until a switch confirms it.
    if test "$AWSX_OWNER" != $fish_pid
        set -gu __awsx_inherited "$AWS_PROFILE"
        set -gu __awsx_far "$AWSX_REGION"
    end

    function awsx --description 'Use another AWS profile in this terminal'
        # From the memos, if they tell it all. The rest is the core's: verbs, options, a profile not used before, files
        # that have changed, a session that has ended.
        if not set -q argv[2]
            switch "$argv"
                case off
                    __awsx_leave; and return
                case -
                    __awsx_switch "$__awsx_previous"; and return
                    test $status -eq 125; or return 1
                case '' '-*'
                case '*'
                    __awsx_switch $argv; and return
                    test $status -eq 125; or return 1
            end
        else if set -q argv[4]; and test "$argv[1],$argv[3]" = exec,--; and __awsx_may_exec $argv[2] $argv[4]
            __awsx_exec $argv[2] $argv[4..]
            return # with the command's own code, be it 125
        end
        __awsx_where anew # what could not be written may have become so
        set -l __awsx_handover $__awsx_run/shell.$fish_pid
        __awsx_is_ours $__awsx_handover; and true >$__awsx_handover
        __awsx_find_origin
        set -g __awsx_drawn # who has chosen the profile may change without it
        AWSX_HANDOVER=$__awsx_handover AWSX_PREVIOUS="$__awsx_previous" AWSX_PID=$fish_pid \
            AWSX_SHELL=fish AWSX_CACHE=$__awsx_cache \
            AWSX_ORIGIN=$__awsx_origin command $__awsx_python -I -S $__awsx_start $argv
        set -l __awsx_code $status
        __awsx_where anew
        if __awsx_is_ours $__awsx_handover
            __awsx_take $__awsx_handover; or set __awsx_code $status
        end
        return $__awsx_code
    end

    # True if there is something in the file and nobody else has put it there, as a link to another file would be.
    function __awsx_is_ours -a file
        test -s "$file" -a -O "$file" -a ! -L "$file" -a -O (string replace -r '/[^/]*$' '' -- "$file")
    end

    # Where everything lies that this terminal reads. A cache that cannot be written (a read-only HOME) moves to TMPDIR.
    function __awsx_where
        set -q __awsx_folder[1]; and not set -q argv[1]; and return
        set -g __awsx_cache "$HOME/.cache/awsx"
        string match -q '/*' -- "$XDG_CACHE_HOME"; and set -g __awsx_cache $XDG_CACHE_HOME/awsx
        set -l there $__awsx_cache
        while string match -q '*/*' -- $there; and test ! -e "$there"
            set there (string replace -r '/[^/]*$' '' -- $there)
        end
        test -n "$there"; or set there /
        if not test -w $there
            set -l parent /tmp
            test -n "$TMPDIR"; and set parent $TMPDIR
            set -q __awsx_uid[1]; or __awsx_find_uid
            set -g __awsx_cache $parent/awsx-$__awsx_uid
        end
        set -g __awsx_run $__awsx_cache
        if string match -q '/*' -- "$XDG_RUNTIME_DIR"; and test -w "$XDG_RUNTIME_DIR" -a -O "$XDG_RUNTIME_DIR"
            set -g __awsx_run $XDG_RUNTIME_DIR/awsx
        end
        set -g __awsx_settings "$HOME/.config/awsx/config.toml"
        string match -q '/*' -- "$XDG_CONFIG_HOME"; and set -g __awsx_settings $XDG_CONFIG_HOME/awsx/config.toml
        set -g __awsx_recent "$HOME/.local/state/awsx/recent"
        string match -q '/*' -- "$XDG_STATE_HOME"; and set -g __awsx_recent $XDG_STATE_HOME/awsx/recent
        set -g __awsx_config "$HOME/.aws/config"
        set -q AWS_CONFIG_FILE
        and set -g __awsx_config (string replace -r '^~/' $HOME/ -- "$AWS_CONFIG_FILE")
        set -g __awsx_credentials "$HOME/.aws/credentials"
        set -q AWS_SHARED_CREDENTIALS_FILE
        and set -g __awsx_credentials (string replace -r '^~/' $HOME/ -- "$AWS_SHARED_CREDENTIALS_FILE")
        set -g __awsx_folder $__awsx_cache/$__awsx_format$__awsx_config/+$__awsx_credentials
        # A relative path or a $VARIABLE in one: only the core can tell where that leads.
        string match -qr '\$|^[^/]|/\.\./' -- $__awsx_config $__awsx_credentials; and set -g __awsx_folder ''
        set -g __awsx_watched none
        set -g __awsx_stale / = /
        set -g __awsx_session none
    end

    # The number of the user in __awsx_uid: fish has no $UID, and a container may have no $USER. Linux tells it without
    # a process.
    function __awsx_find_uid
        set -l about /proc/self/status
        set -g __awsx_uid
        test -r $about; and set -g __awsx_uid (string match -rg '^Uid:\s+(\d+)' <$about)
        set -q __awsx_uid[1]; or set -g __awsx_uid (command id -u)
    end

    # What decides where everything lies and how it looks: fish tells when one of them is set or unset.
    function __awsx_elsewhere --on-variable HOME --on-variable XDG_CACHE_HOME --on-variable XDG_CONFIG_HOME \
        --on-variable XDG_STATE_HOME --on-variable AWS_CONFIG_FILE --on-variable AWS_SHARED_CREDENTIALS_FILE \
        --on-variable NO_COLOR --on-variable TERM
        set -g __awsx_folder
        set -g __awsx_drawn
    end

    # What decides besides the profile.
    function __awsx_otherwise --on-variable=$__awsx_by_value --on-variable=$__awsx_by_presence --on-variable=COLUMNS
        set -g __awsx_drawn
    end

    # What to look at to see that nothing has changed since a stock was taken, in __awsx_stale: arguments of `test`,
    # true if a file is not as old as its stamp, or not missing like it. (Two of them mostly are missing: one look
    # each.) False if that is no name of a stock.
    function __awsx_watch -a stock
        set -g __awsx_watched none
        set -g __awsx_stale / = /
        string match -qr '^[0-9a-f]+$' -- $stock; or return 1
        set -g __awsx_watched $stock
        set -g __awsx_problems # they come and go with the stock
        test -e $__awsx_folder/problems; and set __awsx_problems yes
        set -l stamp $__awsx_folder/config.$stock
        set __awsx_stale $__awsx_config $__awsx_newer $stamp -o $__awsx_config $__awsx_older $stamp
        for file in credentials settings
            set -l source __awsx_$file
            set stamp $__awsx_folder/$file.$stock
            if test -e $stamp
                set -a __awsx_stale -o $$source $__awsx_newer $stamp -o $$source $__awsx_older $stamp
            else
                set -a __awsx_stale -o -e $$source
            end
        end
        return 0
    end

    # --- without a process --------------------------------------------------------------------------------------------

    # Point the terminal at the profile, as the core's hand-over would. (`left` is no argument: it is empty at first.)
    function __awsx_switch -a wanted left
        set -l fish_trace # untraced: what is put aside may be a secret
        __awsx_may_use $wanted; or return 125
        set -q AWS_REGION AWS_DEFAULT_REGION AWSX_REGION
        if test $status -lt 3
            __awsx_name_region; or return 125
            set -q AWSX_REGION; and __awsx_assign AWSX_REGION
        end
        test -n "$__awsx_key"; and set left ", session $__awsx_left"
        test -n "$__awsx_region"; or set __awsx_region 'no region'
        test -f "$__awsx_recent" -a -w "$__awsx_recent"; and echo $wanted >>$__awsx_recent
        set -q $__awsx_rivals
        test "$status $__awsx_names $AWSX_OWNER $__awsx_mine_AWS_PROFILE" \
            = "$__awsx_rival_count AWS_PROFILE $fish_pid =$AWS_PROFILE"
        or begin
            __awsx_switch_anew $wanted "$left"
            return
        end
        # None of them is set, and the last switch did no more than this one has to.
        test "$AWS_PROFILE" = "$wanted"; or set -gu __awsx_previous $AWS_PROFILE
        set -g __awsx_leave_after
        set -gx AWS_PROFILE $wanted
        set -gu __awsx_mine_AWS_PROFILE "=$wanted"
        echo "awsx: $__awsx_told, $__awsx_region$left" >&2
        return 0
    end

    # The same where the last switch has to be undone first, or a rival put aside.
    function __awsx_switch_anew -a wanted left
        set -l before "$AWS_PROFILE"
        set -l code 0
        set -l aside
        for name in $__awsx_rivals
            set -qx $name; and test -n "$$name"; and set -a aside $name
        end
        test -n "$aside"; and set aside ", put aside until `awsx off`: $aside"
        echo "awsx: $__awsx_told, $__awsx_region$left$aside" >&2
        __awsx_assign AWSX_OWNER $fish_pid
        __awsx_assign AWS_PROFILE $wanted
        for name in $__awsx_rivals # now that the last switch is undone
            set -q $name; or continue
            __awsx_assign $name; or set code 1
        end
        test -n "$before" -a ".$before" != ".$AWS_PROFILE"; and set -gu __awsx_previous $before
        return $code
    end

    # Leave what awsx has chosen. With a reason, say it, and nothing of a profile that was set by hand. What the core
    # would not print as it is (more than ASCII, too long, blanks side by side) is left to the core.
    function __awsx_leave -a why
        set -l fish_trace
        set -l before "$AWS_PROFILE"
        set -l region "$AWSX_REGION"
        test "$AWSX_OWNER" = $fish_pid; and contains AWS_PROFILE $__awsx_names; or return 125
        set -l mine (string replace -r '^=' '' -- "$__awsx_mine_AWS_PROFILE")
        set -g __awsx_drawn # who has chosen the profile may change without it
        test -n "$mine"; or return 125
        for text in "$mine" "$before" "$region"
            string match -qr '^(?!.{81}| |.*  |.* $)[ -~]*$' -- $text; or return 125
        end
        if test ".$before" = ".$mine"
            echo "awsx: left $mine$why" >&2
        else if test -n "$before"; and begin
                test "$before" = "$__awsx_inherited"; or not set -qx AWS_PROFILE
            end
            return 125
        else if test -z "$why"
            __awsx_tell_by_hand
        end
        __awsx_assign AWSX_OWNER
        set -q AWSX_REGION; and __awsx_assign AWSX_REGION
        test -n "$before" -a ".$before" != ".$AWS_PROFILE"; and set -gu __awsx_previous $before
        return 0
    end

    # What `off` says where our caller's `before` is not what awsx has set.
    function __awsx_tell_by_hand --no-scope-shadowing
        set -l remedy 'to drop it: unset AWS_PROFILE (fish: set -e AWS_PROFILE)'
        test -n "$region"; and echo "awsx: left region $region" >&2
        if test -n "$before"
            echo "awsx: AWS_PROFILE=$before was not set by awsx and stays; $remedy" >&2
        else if test -z "$region"
            echo "awsx: this terminal uses no profile of awsx's" >&2
        end
    end

    # True if the profile may be used, and the command is a program.
    function __awsx_may_exec
        __awsx_may_use $argv[1]; and command -q -- $argv[2]
    end

    # NAME COMMAND ARGUMENT...: in the environment that awsx/commands/execute.py makes. What is not exported in here
    # hides what is exported outside.
    function __awsx_exec
        set -fx AWS_PROFILE $argv[1]
        set -e argv[1]
        for __awsx_at in $__awsx_regions
            test -n "$AWSX_REGION" -a "$$__awsx_at" = "$AWSX_REGION"; and set -fu $__awsx_at
        end
        for __awsx_at in $__awsx_exported $__awsx_rivals (set -nx | string match "$__awsx_rival_prefix*")
            set -q $__awsx_at; and set -fu $__awsx_at
        end
        command $argv
    end

    # True if the memos tell all that a switch to the profile needs, or (`any`) all that its use needs: that there is no
    # session, or one that lasts for another minute, as the core wants it; the clock may have been read a minute ago.
    function __awsx_may_use -a wanted how
        set -g __awsx_drawn # what was drawn is another memo's
        __awsx_read "$wanted"; or return 1
        test -z "$__awsx_told$how" -o -n "$__awsx_problems"; and return 1
        test -n "$__awsx_key"; or return 0
        test "$__awsx_key,$__awsx_ends,$__awsx_renewable,$__awsx_soon" = "$__awsx_times"
        and read -l up rest <$__awsx_uptime
        and test $up -lt $__awsx_until -a $__awsx_age -lt -120
        or begin
            __awsx_look_at_clock
            test $__awsx_age -lt -120
        end
    end

    # To list all variables would make a switch a fifth slower. So it looks for names that are known, and those with the
    # prefix are learned: when this file is read, from the line that is typed, and after the core has run.
    function __awsx_learn
        set -nx | string match -q "$__awsx_rival_prefix*"; or set -q argv[1]; or return 0
        for name in $argv (set -nx | string match "$__awsx_rival_prefix*")
            contains $name $__awsx_rivals; or set -ga __awsx_rivals $name
        end
        set -g __awsx_rival_count (count $__awsx_rivals)
    end
    __awsx_learn

    function __awsx_listen --on-event fish_preexec
        string match -q "*$__awsx_rival_prefix*" -- $argv
        and __awsx_learn (string match -ar "$__awsx_rival_prefix\w*" -- $argv)
    end

    # What a switch says of the region: the profile's, unless a variable comes before that.
    function __awsx_name_region
        set -l own $__awsx_region
        test -n "$own"; or set own none
        for name in $__awsx_regions
            set -qx $name; and test -n "$$name" -a "$$name" != "$own" -a "$$name" != "$AWSX_REGION"; or continue
            string match -qr '^[a-z0-9-]{1,32}$' -- $$name; or return 1 # the core makes it fit
            set -g __awsx_region "$$name (from $name, not the profile's $own)"
            return 0
        end
        return 0
    end

    # --- what the core has handed over --------------------------------------------------------------------------------

    # Take it over, if the core wrote all of it.
    function __awsx_take
        set -l fish_trace # untraced: what is put aside may be a secret
        set -l before "$AWS_PROFILE"
        set -l code 0
        set -l lines (string split \n <$argv[1])
        true >$argv[1]
        test "$lines[-1]" = .; or return 0
        for line in $lines
            set -l parts (string split -m 1 = -- $line)
            string match -qr '^AWSX?_[A-Z0-9_]+$' -- $parts[1]; or continue
            __awsx_assign $parts; or set code 1
        end
        test -n "$before" -a ".$before" != ".$AWS_PROFILE"; and set -gu __awsx_previous $before
        __awsx_learn
        return $code
    end

    # NAME VALUE, or NAME to unset it. AWSX_OWNER comes first in a switch and in `off`: what the last switch did is
    # undone, so that a new one starts from what was there before awsx.
    function __awsx_assign
        set -l name $argv[1]
        if test $name = AWSX_OWNER
            set -g __awsx_leave_after # a switch is no rest
            __awsx_undo
            set -gu __awsx_direnv $DIRENV_DIFF
            test -n "$__awsx_far" -a "$argv[2]" = $fish_pid; and __awsx_drop_region
        end
        if test -n "$AWSX_OWNER"; and string match -q 'AWS_*' -- $name
            set -gu __awsx_was_$name
            set -qgu $name; and set -gu __awsx_was_$name ":$$name"
            set -qgx $name; and set -gu __awsx_was_$name "=$$name"
            set -gu __awsx_mine_$name
            set -q argv[2]; and set -gu __awsx_mine_$name "=$argv[2]"
            set -ga __awsx_names $name
        end
        if set -q argv[2]
            set -gx $name $argv[2]
            return 0
        end
        set -eg $name
        set -qU $name; or return 0
        echo "awsx: $name is a universal variable and stays in the way; drop it for good: set -eU $name" >&2
        return 1
    end

    # The region that another shell's awsx was asked for, and handed down to this one, was asked for another profile.
    function __awsx_drop_region
        for name in $__awsx_regions
            test "$$name" = "$__awsx_far"; and __awsx_assign $name
        end
        return 0
    end

    # Give back each variable as it was (`=value` exported, `:value` not), unless somebody else has changed it since:
    # direnv, too, takes away what a folder had set, and the keys of that folder shall not come back outside of it.
    function __awsx_undo
        for name in $__awsx_names
            set -l mine __awsx_mine_$name
            set -l was __awsx_was_$name
            set -l now
            set -qg $name; and set now "=$$name"
            if test -n "$__awsx_direnv" -a "$DIRENV_DIFF" != "$__awsx_direnv"; and not set -qg $name
            else if test "$now" = "$$mine"
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
        test ".$AWS_PROFILE" = "$__awsx_drawn"; or __awsx_draw # a hook that comes after ours may have set it
        echo -n -- $__awsx_segment
        return $code
    end

    # Put the segment before what fish_prompt prints. What was there runs first, so that it sees the true $status.
    function __awsx_place
        set -g __awsx_placed $fish_pid
        test -z "$AWSX_NO_PROMPT$AWSX_EXPORT_PROMPT"; or return 0
        functions fish_prompt | string match -q '*awsx_prompt*'; and return 0
        functions -e __awsx_fish_prompt
        functions -c fish_prompt __awsx_fish_prompt; or return 0
        function fish_prompt
            set -l drawn (__awsx_fish_prompt $argv)
            awsx_prompt
            string join -- \n $drawn
        end
    end

    # Login before the command: read at the first prompt, and takes this function's place. No line of config.fish shall
    # open a browser, and a function of the person's own runs in the place of the command.
    function __awsx_wrap
        set -l file (string replace -r '[^/]*$' wrap.fish -- $__awsx_file)
        test -r $file; and source $file; and __awsx_wrap
    end

    # The segment stays as it is while nothing has changed that it was drawn from, and its minute or hour has not
    # passed.
    function __awsx_precmd
        set -q __awsx_due[1]; and __awsx_attend
        if test ".$AWS_PROFILE" = "$__awsx_drawn"; and set -qx AWS_PROFILE; and not test $__awsx_changes
            read -l up rest <$__awsx_uptime; and test $up -lt $__awsx_until; and return 0
            test -z "$__awsx_key"; and return 0
            __awsx_look_at_clock
            test "$__awsx_left$__awsx_hue" = "$__awsx_drawn_left"; and return 0
        end
        __awsx_draw
    end

    # What is rarely to be done before a draw: at the first prompt, and where a profile is left after a rest.
    function __awsx_attend
        if not set -q __awsx_placed
            __awsx_place
            __awsx_wrap
        end
        set -q __awsx_leave_after[1]; and __awsx_watch_rest
        set -g __awsx_due $__awsx_leave_after
    end

    # At the first prompt it goes behind the handlers of those who were loaded after us: they may set AWS_PROFILE.
    function __awsx_hook --on-event fish_prompt
        functions -e __awsx_hook
        function __awsx_hook --on-event fish_prompt
            __awsx_precmd
        end
        __awsx_precmd
    end

    function __awsx_draw
        set -g __awsx_segment
        set -g __awsx_drawn
        set -g __awsx_leave_after
        if not __awsx_find_who; and test -z "$AWS_ACCESS_KEY_ID$AWS_WEB_IDENTITY_TOKEN_FILE"
            test -n "$AWSX_EXPORT_PROMPT"; and set -eg AWSX_PROMPT
            return 0
        end
        if not __awsx_read "$__awsx_who"; and test -n "$__awsx_folder" -a -n "$__awsx_who"
            set -l refresh $__awsx_python -I -S $__awsx_start --refresh
            command -q $__awsx_python
            and AWSX_SHELL=fish AWSX_CACHE=$__awsx_cache command $refresh </dev/null >/dev/null 2>&1
            __awsx_where anew
            __awsx_read "$__awsx_who"
        end
        set -g __awsx_changes $__awsx_stale
        test -z "$__awsx_end"; and set __awsx_changes / = /
        test -n "$__awsx_end" -a -n "$__awsx_key"
        and set -a __awsx_changes -o $__awsx_token $__awsx_newer $__awsx_folder/s.$__awsx_key.$__awsx_stamp \
            -o $__awsx_token $__awsx_older $__awsx_folder/s.$__awsx_key.$__awsx_stamp
        __awsx_compose
        set -g __awsx_drawn ".$AWS_PROFILE"
    end

    # The profile that the next `aws` takes, in __awsx_who, and the variable that says so, __awsx_by. (boto3 asks them
    # in the other order.) False if none does.
    function __awsx_find_who
        for by in $__awsx_profiles
            if set -qx $by
                set -g __awsx_by $by
                set -g __awsx_who "$$by"
                return
            end
        end
        set -g __awsx_by
        set -g __awsx_who
        return 1
    end

    # Read the memos of a profile, into variables that are called like their fields. False if there is none, or one may
    # be stale: then the core has to write them first. __awsx_end is empty if there is none.
    function __awsx_read -a wanted
        set -q __awsx_folder[1]; or __awsx_where
        set -l memo $__awsx_folder/p.$wanted
        switch "$wanted"
            case '*/*' '*%*'
                set memo $__awsx_folder/p.(string replace -a % %25 -- $wanted | string replace -a / %2F)
        end
        if test -f $memo -a -r $memo -a -O $memo -a -O "$__awsx_folder"
            and read -g -d \x1f $__awsx_fields __awsx_end <$memo
            test "$__awsx_end$__awsx_name $__awsx_stock" = ".$wanted $__awsx_watched"; or __awsx_accept $wanted
        else
            false
        end
        or begin
            for field in $__awsx_fields __awsx_ends __awsx_end
                set -g $field
            end
            return 1
        end
        switch "$__awsx_key"
            case ''
                set -g __awsx_ends
                not test $__awsx_stale
                return
            case $__awsx_session
            case '*/*'
                set -g __awsx_ends
                return 1
            case '*'
                set -g __awsx_session $__awsx_key
                set -g __awsx_session_memo $__awsx_folder/s.$__awsx_key
                set -g __awsx_token $HOME/.aws/sso/cache/$__awsx_key.json
        end
        test -f $__awsx_session_memo -a -r $__awsx_session_memo -a -O $__awsx_session_memo
        and read -g -d \x1f $__awsx_session_fields __awsx_session_end <$__awsx_session_memo
        or begin # it is fresh, too, if there is no token either
            set -g __awsx_ends
            set -g __awsx_stamp none
            set -g __awsx_session_end .
        end
        test $__awsx_stale -o "$__awsx_session_end" != . \
            -o $__awsx_token $__awsx_newer $__awsx_session_memo.$__awsx_stamp \
            -o $__awsx_token $__awsx_older $__awsx_session_memo.$__awsx_stamp
        or return 0
        test "$__awsx_session_end" = .; or set -g __awsx_ends
        return 1
    end

    # True if what was read is a whole memo of the profile. Its stock is another one than before.
    function __awsx_accept -a wanted
        test "$__awsx_end$__awsx_name" = ".$wanted"; and __awsx_watch $__awsx_stock
    end

    # True if what the core keeps of the files (their names, for completion) is still true of them.
    function __awsx_is_stamped
        set -l file $__awsx_folder/stock
        test -n "$__awsx_folder" -a -O "$__awsx_folder" -a -f "$file" -a -r "$file" -a -O "$file"
        or return 1
        read -l -d ' ' config credentials settings kind stock <$file
        __awsx_watch $stock
        not test $__awsx_stale
    end

    # What is left of the session that was read: __awsx_left, as which of the colours: __awsx_hue. fish has no clock,
    # but tells how old a file is, and the core has given one the mtime of the session's end: its age, in seconds, is
    # below 0 until then.
    function __awsx_look_at_clock
        set -l times "$__awsx_key,$__awsx_ends,$__awsx_renewable,$__awsx_soon"
        if test "$times" = "$__awsx_times"
            read -l up rest <$__awsx_uptime; and test $up -lt $__awsx_until; and return
        end
        set -g __awsx_times $times
        set -g __awsx_until 0
        set -g __awsx_age 0
        set -g __awsx_left expired
        set -g __awsx_hue 3
        string match -qr '^[1-9][0-9]*,[0-9]+$' -- "$__awsx_ends,$__awsx_renewable"; or return
        if set -q __awsx_knows_age
            set -g __awsx_age (path mtime -R -- $__awsx_folder/e.$__awsx_key)
            set -q __awsx_age[1]; or set __awsx_age 0
        else
            set -g __awsx_age (math (command date +%s) - $__awsx_ends)
        end
        __awsx_tell_left
    end

    # In one unit, rounded down; and __awsx_until: until which second of the machine's uptime the clock need not be read
    # again, for a minute or until it reads differently.
    function __awsx_tell_left
        set -l renews ''
        set -l unit 60
        set -l name m
        set -l whole -9999999999
        test $__awsx_renewable -gt 0; and test $__awsx_renewable -gt (math $__awsx_ends + $__awsx_age); and set renews +
        if test $__awsx_age -ge 0
            if test -n "$renews"
                set -g __awsx_left renews
                set -g __awsx_hue 2
            end
        else
            if test $__awsx_age -le -172800
                set unit 86400
                set name d
            else if test $__awsx_age -le -3600
                set unit 3600
                set name h
            end
            set whole (math -s 0 $__awsx_age / -$unit)
            set -g __awsx_left $whole$name$renews
            test $__awsx_age -gt -60; and set -g __awsx_left "<1m$renews"
            set -g __awsx_hue 2
            test (math $__awsx_age + "0$__awsx_soon") -le 0 -o -n "$renews"; and set -g __awsx_hue 1
        end
        read -l up rest <$__awsx_uptime
        and set -g __awsx_until (math "$up + max(0, min(60, 1 - $whole * $unit - $__awsx_age))")
    end

    # What the segment says and how it looks: read when there is something to show, and takes this function's place.
    function __awsx_compose
        set -l file (string replace -r '[^/]*$' look.fish -- $__awsx_file)
        test -r $file; and source $file; and __awsx_compose
    end

    # Who set AWS_PROFILE, in __awsx_origin: awsx here, what was there before us, or else somebody's hand.
    function __awsx_find_origin
        set -g __awsx_origin hand
        if test "$AWSX_OWNER" = $fish_pid -a "$__awsx_mine_AWS_PROFILE" = "=$AWS_PROFILE"
            set __awsx_origin awsx
        else if test -n "$__awsx_inherited" -a "$__awsx_inherited" = "$AWS_PROFILE"
            set __awsx_origin inherited
        end
    end

    # fish before 3.6 has no `path mtime`, and its `test` no -nt: there, each file has changed.
    set -g __awsx_newer !=
    set -g __awsx_older !=
    if builtin -q path; and path mtime -R / >/dev/null 2>&1
        set -g __awsx_knows_age yes
        set -g __awsx_newer -nt
        set -g __awsx_older -ot
    end
    set -g __awsx_until 0
    set -g __awsx_uptime /dev/null
    test -r /proc/uptime; and set -g __awsx_uptime /proc/uptime # Linux

    # Tab: the completion is read when it is first asked for, and takes this function's place.
    function __awsx_complete
        set -l file (string replace -r '[^/]*$' complete.fish -- $__awsx_file)
        test -r $file; and source $file; and __awsx_complete
    end
    complete -c awsx -e
    complete -c awsx -f -a '(__awsx_complete)'

    # Looked at anew after each loading: a config file that is read again has defined fish_prompt again.
    set -eg __awsx_placed
    set -g __awsx_due first
    set -eg __awsx_drawn
    set -eg __awsx_leave_after
else if status is-interactive
    echo "awsx: not loaded: fish $version is too old, it takes 3.4 or later" >&2
end
