# awsx for fish 3.6 and later: the function `awsx` and the segment in the prompt. Source this file from config.fish. It
# prints nothing, may be sourced twice, and starts no process but the core, awsx's Python program.
#
# Variables that you may set:
#   AWSX_PYTHON      the Python that has awsx installed (default: python3 on PATH); `awsx init fish` fills it in
#   AWSX_NO_PROMPT   any value: awsx leaves fish_prompt alone; call awsx_prompt in it yourself
#   AWSX_EXPORT_PROMPT   any value: awsx leaves fish_prompt alone and exports the segment without colours as
#                    AWSX_PROMPT, for a prompt that another program draws
#   AWSX_WRAP        the commands before which awsx logs in if the session has ended, separated by blanks (default: the
#                    list in the settings under [login], or else aws)
#   NO_COLOR         any value: the segment has no colours
# The settings in ~/.config/awsx/config.toml say how the segment looks: [prompt] and [colors].
#
# The core tells this shell what to change through a file, the hand-over: a line NAME=VALUE to export, a line NAME to
# unset, and `.` at the end. The core also leaves memos (awsx/files/memo.py). From them this shell switches to a profile
# that has been used before, without starting a process. Both are read as data and assigned, never evaluated.
#
# In fish a command takes 2 to 5 us, a look at a file 3 us, a command substitution 50 us. So a switch and a prompt use
# few commands and no substitution, and functions pass results in global variables: __awsx_kind, __awsx_region ...

# All code stands in one block, because fish runs a block only after it has read all of it: half a file does nothing.
if string match -qr '^([4-9]|[1-9]\d|3\.([6-9]|\d\d))' -- $version
    set -g __awsx_file (builtin realpath -- (status filename))
    # In a checkout the core is in ../awsx; in an installed package this folder is inside the core's.
    set -g __awsx_start (string replace -r '/[^/]*/[^/]*$' '' $__awsx_file)/awsx/start.py
    test -e $__awsx_start; or set -g __awsx_start (string replace -r '/[^/]*/[^/]*$' '' $__awsx_file)/start.py
    set -q AWSX_PYTHON[1]; and set -g __awsx_python $AWSX_PYTHON; or set -g __awsx_python python3

    # Facts that the core knows, too: names of variables, and the fields of a memo.
    # BEGIN: written by scripts/generate, do not edit
    set -g __awsx_format v5-c5e3be19
    set -g __awsx_rival_prefix AWS_CONTAINER_AUTHORIZATION_TOKEN
    set -g __awsx_rival_count 14
    set -g __awsx_profiles AWS_PROFILE AWS_DEFAULT_PROFILE
    set -g __awsx_regions AWS_REGION AWS_DEFAULT_REGION
    set -g __awsx_by_value AWS_DEFAULT_PROFILE AWS_REGION AWS_DEFAULT_REGION AWS_CREDENTIAL_EXPIRATION
    set -g __awsx_by_presence AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_WEB_IDENTITY_TOKEN_FILE AWS_ROLE_ARN \
        AWS_CONTAINER_CREDENTIALS_RELATIVE_URI AWS_CONTAINER_CREDENTIALS_FULL_URI
    set -g __awsx_beside_keys AWS_SESSION_EXPIRATION AWS_VAULT AWSUME_PROFILE AWS_SSO_PROFILE AWSU_PROFILE \
        GRANTED_SSO GRANTED_SSO_ROLE_NAME GRANTED_SSO_START_URL GRANTED_SSO_ACCOUNT_ID
    set -g __awsx_exported AWSX_OWNER AWSX_REGION AWSX_PROMPT AWSX_EXEC
    set -g __awsx_fields __awsx_name __awsx_key __awsx_kind __awsx_region __awsx_exports __awsx_told __awsx_mark \
        __awsx_needs __awsx_aws_until __awsx_aws_clock __awsx_leave __awsx_soon __awsx_below __awsx_colours \
        __awsx_short_regions __awsx_look __awsx_narrow __awsx_stock
    set -g __awsx_session_fields __awsx_ends __awsx_renewable __awsx_stamp
    set -g __awsx_rivals AWS_DEFAULT_PROFILE AWS_EB_PROFILE AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY \
        AWS_SESSION_TOKEN AWS_SECURITY_TOKEN AWS_CREDENTIAL_EXPIRATION AWS_ROLE_ARN AWS_ROLE_SESSION_NAME \
        AWS_WEB_IDENTITY_TOKEN_FILE AWS_CONTAINER_CREDENTIALS_RELATIVE_URI AWS_CONTAINER_CREDENTIALS_FULL_URI \
        AWS_CONTAINER_AUTHORIZATION_TOKEN AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE
    # END: written by scripts/generate

    # After `exec fish` the pid is the same but our saved variables are gone: treat the profile as inherited.
    test "$AWSX_OWNER" = $fish_pid -a -z "$__awsx_changed"; and set -gx AWSX_OWNER 0
    # Somebody else chose the profile that we find here: the prompt marks it until a switch confirms it.
    if test "$AWSX_OWNER" != $fish_pid
        set -gu __awsx_inherited "$AWS_PROFILE"
        set -gu __awsx_inherited_region "$AWSX_REGION"
    end

    function awsx --description 'Use another AWS profile in this terminal'
        # Use the memos if they say all that is needed; these functions return 125 if they do not. The core does the
        # rest: verbs, options, a profile not used before, files that have changed, a session that has ended.
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
            return # with the command's exit code, even if that is 125
        end
        if not test -e $__awsx_start
            __awsx_tell_gone
            return 127
        end
        set -g __awsx_is_elsewhere # a folder may have become writable since the last time
        __awsx_where anew
        set -l __awsx_handover $__awsx_run_folder/shell.$fish_pid
        for file in $__awsx_handover $__awsx_tmp/awsx-*/shell.$fish_pid
            __awsx_is_own_file $file; and true >$file
        end
        __awsx_find_origin
        set -l __awsx_pinned
        test ".$AWS_PROFILE" = ".$__awsx_pin_profile"; and set __awsx_pinned $__awsx_pin_told
        set -g __awsx_drawn # the core may change who set AWS_PROFILE and keep its value
        AWSX_HANDOVER=$__awsx_handover AWSX_SPARE=$__awsx_tmp AWSX_PREVIOUS="$__awsx_previous" AWSX_PID=$fish_pid \
            AWSX_SHELL=fish AWSX_CACHE=$__awsx_cache \
            AWSX_SWITCHED_TO=(string replace -r '^=' '' -- "$__awsx_mine_AWS_PROFILE") \
            AWSX_PINNED="$__awsx_pinned" AWSX_ORIGIN=$__awsx_origin command $__awsx_python -I -S $__awsx_start $argv
        set -l __awsx_code $status
        set -g __awsx_pwd # the core may have changed the pins: look at them again
        set -g __awsx_due pins
        for file in $__awsx_tmp/awsx-*/shell.$fish_pid # the core's only choice where it can write nowhere else
            __awsx_is_own_file $__awsx_handover; and break
            __awsx_is_own_file $file; or continue
            set __awsx_handover $file
            set -g __awsx_is_elsewhere yes
        end
        __awsx_where anew
        if __awsx_is_own_file $__awsx_handover
            __awsx_take_handover $__awsx_handover; or set __awsx_code $status
        end
        return $__awsx_code
    end

    # awsx was uninstalled while this terminal was open.
    function __awsx_tell_gone
        set -g __awsx_told_gone $fish_pid
        __awsx_say 31 "awsx was uninstalled; open a new terminal"
    end

    # True if the file is not empty and we made it ourselves: file and folder belong to us, and it is no symbolic link.
    function __awsx_is_own_file -a file
        test -s "$file" -a -O "$file" -a ! -L "$file" -a -O (string replace -r '/[^/]*$' '' -- "$file")
    end

    # Set __awsx_spare to the folder that takes the place of ~/.cache/awsx, by the rules of awsx/files/paths.py: if
    # somebody else has made a folder or a link of its name, it has another one.
    function __awsx_find_spare
        set -q __awsx_uid[1]; or __awsx_find_uid
        for end in '' .1 .2 .3 .4 .5 .6 .7 .8 .9 ''
            set -g __awsx_spare $__awsx_tmp/awsx-$__awsx_uid$end
            test -L $__awsx_spare; and continue
            test ! -e $__awsx_spare -o -d $__awsx_spare -a -O $__awsx_spare; and return
        end
    end

    # Find the paths of all files that this terminal reads, unless they are known; with an argument, find them again.
    # The spare folder is the cache if the other one is not ours or cannot be written (HOME may be read-only), or if the
    # core has found that out ($__awsx_is_elsewhere: a full disk).
    function __awsx_where
        set -q __awsx_folder[1]; and not set -q argv[1]; and return
        set -g __awsx_tmp /tmp
        test -n "$TMPDIR"; and set -g __awsx_tmp $TMPDIR
        set -g __awsx_cache "$HOME/.cache/awsx"
        string match -q '/*' -- "$XDG_CACHE_HOME"; and set -g __awsx_cache $XDG_CACHE_HOME/awsx
        set -l existing $__awsx_cache # the deepest folder of that path that exists
        while string match -q '*/*' -- $existing; and test ! -e "$existing" -a ! -L "$existing"
            set existing (string replace -r '/[^/]*$' '' -- $existing)
        end
        test -n "$existing"; or set existing /
        if test -n "$__awsx_is_elsewhere" -o ! -d $existing -o ! -w $existing \
                -o -e $__awsx_cache -a ! -O $__awsx_cache
            __awsx_find_spare
            set -g __awsx_cache $__awsx_spare
        end
        set -g __awsx_run_folder $__awsx_cache
        if test -z "$__awsx_is_elsewhere" -a -w "$XDG_RUNTIME_DIR" -a -O "$XDG_RUNTIME_DIR"
            and string match -q '/*' -- "$XDG_RUNTIME_DIR"
            set -g __awsx_run_folder $XDG_RUNTIME_DIR/awsx
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
        # Only the core can resolve a relative path, or one with a $VARIABLE in it.
        string match -qr '\$|^[^/]|/\.\./' -- $__awsx_config $__awsx_credentials; and set -g __awsx_folder ''
        set -g __awsx_watched none
        set -g __awsx_stale / = /
        set -g __awsx_known_session none
    end

    # Set __awsx_uid to the user's number: fish has no $UID, and in a container there may be no $USER. On Linux it can
    # be read from a file; elsewhere `id` has to be started.
    function __awsx_find_uid
        set -l process /proc/self/status
        set -g __awsx_uid
        test -r $process; and set -g __awsx_uid (string match -rg '^Uid:\s+(\d+)' <$process)
        set -q __awsx_uid[1]; or set -g __awsx_uid (command id -u)
    end

    # fish calls this when one of these variables is set or unset: the paths or the colours may differ from now on.
    function __awsx_on_place_change --on-variable HOME --on-variable XDG_CACHE_HOME --on-variable XDG_CONFIG_HOME \
        --on-variable XDG_STATE_HOME --on-variable AWS_CONFIG_FILE --on-variable AWS_SHARED_CREDENTIALS_FILE \
        --on-variable AWS_LOGIN_CACHE_DIRECTORY --on-variable NO_COLOR --on-variable TERM
        set -g __awsx_folder
        set -g __awsx_drawn
    end

    # fish calls this when a variable changes that, besides AWS_PROFILE, the text of the segment depends on.
    function __awsx_on_identity_change --on-variable=$__awsx_by_value --on-variable=$__awsx_by_presence \
        --on-variable=$__awsx_beside_keys --on-variable=COLUMNS
        set -g __awsx_drawn
    end

    # Set __awsx_stale to arguments of `test` that are true if the memos of this stock are stale: if a source is newer
    # or older than its stamp, or exists without one, or if the links in its path no longer lead where its pointer does.
    # (Credentials and settings often do not exist, and then one look at the file is enough.) Nothing here shows the
    # change of a file that keeps its mtime to the nanosecond. Return false if the argument is not the name of a stock.
    function __awsx_watch -a stock
        set -g __awsx_watched none
        set -g __awsx_stale / = /
        string match -qr '^[0-9a-f]+$' -- $stock; or return 1
        set -g __awsx_watched $stock
        set -g __awsx_problems # the core writes this file only when it takes a new stock
        test -e $__awsx_folder/problems; and set __awsx_problems yes
        set -l stamp $__awsx_folder/config.$stock
        set __awsx_stale $__awsx_config -nt $stamp -o $__awsx_config -ot $stamp
        for file in credentials settings
            set -l source __awsx_$file
            set stamp $__awsx_folder/$file.$stock
            if test -e $stamp
                set -a __awsx_stale -o $$source -nt $stamp -o $$source -ot $stamp
            else
                set -a __awsx_stale -o -e $$source
            end
        end
        for file in config credentials settings
            set -l source __awsx_$file
            set -l pointer $__awsx_folder/$file-at.$stock
            test -L $pointer; and set -a __awsx_stale -o ! $$source -ef $pointer
        end
        return 0
    end

    # --- without a process --------------------------------------------------------------------------------------------

    # Switch this terminal to a profile, as the core's hand-over would. Return 125 if the core has to do it. (Callers
    # give no `session`. Naming it here is the cheapest way to make a local variable.) `by` is the end of the message.
    function __awsx_switch -a wanted session by
        set -l fish_trace # `set fish_trace 1` must not print secrets that are put aside
        __awsx_may_use $wanted; or return 125
        set -q AWS_REGION AWS_DEFAULT_REGION AWSX_REGION
        if test $status -lt 3
            test -n "$__awsx_exports"; or __awsx_name_region; or return 125
            set -q AWSX_REGION; and __awsx_assign AWSX_REGION
        end
        test -n "$__awsx_key"; and set session ", session "(string replace + ', renews itself' -- $__awsx_time_left)
        test -n "$__awsx_region"; or set __awsx_region 'no region'
        # fish itself would tell, whatever the redirections, that the disk is full.
        test -z "$__awsx_is_elsewhere" -a -f "$__awsx_recent" -a -w "$__awsx_recent"; and echo $wanted >>$__awsx_recent
        set -q $__awsx_rivals # its status counts those that are not set
        if test "$__awsx_exports,$status $__awsx_changed $AWSX_OWNER $__awsx_mine_AWS_PROFILE" \
                != ",$__awsx_rival_count AWS_PROFILE $fish_pid =$AWS_PROFILE"
            __awsx_undo_and_switch $wanted "$session" "$by"
            return
        end
        # No rival is set, and the last switch set AWS_PROFILE alone: setting it again is all that is left to do.
        test "$AWS_PROFILE" = "$wanted"; or set -gu __awsx_previous $AWS_PROFILE
        set -g __awsx_leave_after
        set -gx AWS_PROFILE $wanted
        set -gu __awsx_mine_AWS_PROFILE "=$wanted"
        __awsx_say 2 "$__awsx_told, $__awsx_region$session$by"
        return 0
    end

    # Undo the last switch, then put the rivals aside and set AWS_PROFILE. `session` and `by` end the message.
    function __awsx_undo_and_switch -a wanted session by
        set -l before "$AWS_PROFILE"
        set -l code 0
        set -l aside
        for name in $__awsx_rivals
            set -qx $name; and test -n "$$name"; and set -a aside $name
        end
        test -n "$aside"; and set aside ", put aside until `awsx off`: $aside"
        __awsx_say 2 "$__awsx_told, $__awsx_region$session$aside$by"
        __awsx_assign AWSX_OWNER $fish_pid
        __awsx_assign AWS_PROFILE $wanted
        if test -n "$__awsx_exports"
            for name in $__awsx_regions AWSX_REGION
                __awsx_assign $name $__awsx_exports; or set code 1
            end
        end
        for name in $__awsx_rivals # also those that have just come back, as the last switch was undone
            set -q $name; or continue
            __awsx_assign $name; or set code 1
        end
        test -n "$before" -a ".$before" != ".$AWS_PROFILE"; and set -gu __awsx_previous $before
        return $code
    end

    # Print a message to stderr as awsx/term.py does: dim (2) for what was done, yellow (33) in front for what is not as
    # it should be, and red (31) for an error; without colours where stderr is no terminal or wants none.
    function __awsx_say -a colour text
        if not test -t 2 -a -z "$NO_COLOR" -a -n "$TERM" -a "$TERM" != dumb
            echo "awsx: $text" >&2
        else if test $colour = 2
            echo \e"[2mawsx: $text"\e'[0m' >&2
        else
            echo \e"["$colour"mawsx:"\e"[0m $text" >&2
        end
    end

    # Give back what the last switch replaced. Return 125 if the core has to do it: it changes a name before it prints
    # it if that is too long, has other characters than ASCII, or blanks side by side. `why` is the end of the message
    # (empty for `awsx off`); with it, print nothing about a profile that was set by hand.
    function __awsx_leave -a why
        set -l fish_trace
        set -l before "$AWS_PROFILE"
        test "$AWSX_OWNER" = $fish_pid; and contains AWS_PROFILE $__awsx_changed; or return 125
        set -l mine (string replace -r '^=' '' -- "$__awsx_mine_AWS_PROFILE")
        set -g __awsx_drawn # `off` changes who set AWS_PROFILE, and may keep its value
        test -n "$mine"; or return 125
        for text in "$mine" "$before"
            string match -qr '^(?!.{81}| |.*  |.* $)[ -~]*$' -- $text; or return 125
        end
        set -l stays
        test ".$before" = ".$mine"; or set stays $before
        if test -n "$stays"; and begin
                test "$stays" = "$__awsx_inherited"; or not set -qx AWS_PROFILE
            end
            return 125
        end
        test ".$before" = ".$mine" -o -z "$why"; and __awsx_say 2 "left $mine$why"
        if test -n "$stays" -a -z "$why"
            set -l remedy 'to drop it: unset AWS_PROFILE (fish: set -e AWS_PROFILE)'
            __awsx_say 33 "AWS_PROFILE=$stays was not set by awsx and stays; $remedy"
        end
        __awsx_assign AWSX_OWNER
        set -q AWSX_REGION; and __awsx_assign AWSX_REGION
        test -n "$before" -a ".$before" != ".$AWS_PROFILE"; and set -gu __awsx_previous $before
        return 0
    end

    # True if the memos allow to use the profile, and the command is a program.
    function __awsx_may_exec -a wanted program
        __awsx_may_use $wanted; and command -q -- $program
    end

    # NAME COMMAND ARGUMENT...: run a command in the environment that awsx/commands/execute.py would make. A local
    # variable that is not exported hides the global one from the command.
    function __awsx_exec
        set -fx AWS_PROFILE $argv[1]
        set -e argv[1]
        for __awsx_variable in $__awsx_regions
            test -n "$AWSX_REGION" -a "$$__awsx_variable" = "$AWSX_REGION"; and set -fu $__awsx_variable
            test -n "$__awsx_exports"; and set -fx $__awsx_variable $__awsx_exports
        end
        for __awsx_variable in $__awsx_exported $__awsx_rivals (set -nx | string match "$__awsx_rival_prefix*")
            set -q $__awsx_variable; and set -fu $__awsx_variable
        end
        command $argv
    end

    # True if this shell may switch to the profile without the core: its memo is fresh, has the text of the message, and
    # its session, if it has one, lasts for another minute. (The core asks for one minute. Ours are two, because the
    # time left may have been computed a minute ago.) With `any`, the text does not matter.
    function __awsx_may_use -a wanted how
        set -g __awsx_drawn # the segment was drawn from a memo that is replaced now
        __awsx_read_memos "$wanted"; or return 1
        test -z "$__awsx_told$how" -o -n "$__awsx_problems"; and return 1
        test -n "$__awsx_key"; or return 0
        read -l up rest <$__awsx_uptime
        and test "$__awsx_key,$__awsx_ends,$__awsx_renewable,$__awsx_soon" = "$__awsx_clock_read_for" \
            -a $up -lt $__awsx_until -a $__awsx_age -lt -120
        or begin
            __awsx_read_clock
            test $__awsx_age -lt -120
        end
    end

    # Add rivals to our list: variables that begin with the prefix and may have any ending. Listing all variables would
    # make a switch a fifth slower, so we look for new ones only when this file is read, in each line that is typed, and
    # after the core has run.
    function __awsx_learn
        set -nx | string match -q "$__awsx_rival_prefix*"; or set -q argv[1]; or return 0
        for name in $argv (set -nx | string match "$__awsx_rival_prefix*")
            contains $name $__awsx_rivals; or set -ga __awsx_rivals $name
        end
        set -g __awsx_rival_count (count $__awsx_rivals)
    end
    __awsx_learn

    function __awsx_learn_from_line --on-event fish_preexec
        string match -q "*$__awsx_rival_prefix*" -- $argv
        and __awsx_learn (string match -ar "$__awsx_rival_prefix\w*" -- $argv)
    end

    # If a variable beats the profile's region, say so in __awsx_region, for the message of a switch. False if the core
    # has to do it.
    function __awsx_name_region
        set -l own $__awsx_region
        test -n "$own"; or set own none
        for name in $__awsx_regions
            set -qx $name; and test -n "$$name" -a "$$name" != "$own" -a "$$name" != "$AWSX_REGION"; or continue
            string match -qr '^[a-z0-9-]{1,32}$' -- $$name; or return 1 # the core shortens it
            set -g __awsx_region "$$name (from $name, not the profile's $own)"
            return 0
        end
        return 0
    end

    # --- the hand-over ------------------------------------------------------------------------------------------------

    # Make the changes that the core wrote into the file, unless its end is missing, and empty the file.
    function __awsx_take_handover
        set -l fish_trace # `set fish_trace 1` must not print secrets that are put aside
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

    # NAME VALUE: export a variable. NAME: unset it. Save what an AWS variable was before. Each switch, and `off`,
    # begins with AWSX_OWNER; then the last switch is undone first, so that a new one saves the values from before awsx.
    function __awsx_assign
        set -l name $argv[1]
        if test $name = AWSX_OWNER
            set -g __awsx_leave_after # after a switch the time at rest counts from zero
            __awsx_undo "$argv[2]"
            set -gu __awsx_direnv $DIRENV_DIFF
            test -n "$__awsx_inherited_region" -a "$argv[2]" = $fish_pid; and __awsx_drop_region
        end
        if test -n "$AWSX_OWNER"; and string match -q 'AWS_*' -- $name
            set -gu __awsx_was_$name
            set -qgu $name; and set -gu __awsx_was_$name ":$$name"
            set -qgx $name; and set -gu __awsx_was_$name "=$$name"
            set -gu __awsx_mine_$name
            set -q argv[2]; and set -gu __awsx_mine_$name "=$argv[2]"
            set -ga __awsx_changed $name
        end
        if set -q argv[2]
            set -gx $name $argv[2]
            return 0
        end
        set -eg $name
        set -qU $name; or return 0
        __awsx_say 31 "$name is a universal variable and stays in the way; drop it for good: set -eU $name"
        return 1
    end

    # Drop the region that we inherited from another terminal's `awsx region`: it was meant for another profile.
    function __awsx_drop_region
        for name in $__awsx_regions
            test "$$name" = "$__awsx_inherited_region"; and __awsx_assign $name
        end
        return 0
    end

    # Give each variable its old value back (`=value` was exported, `:value` was not), unless somebody has changed it
    # since. direnv, too, unsets what a folder had set; then the keys of that folder must not come back outside of it.
    # It also gives back what it found when the person came, and that may be awsx's: so if `owner` is empty, as for
    # `awsx off`, __awsx_later notes the variables that direnv has set meanwhile.
    function __awsx_undo -a owner
        set -l left
        for name in $__awsx_changed $__awsx_later
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
            else if test -z "$owner" -a -n "$DIRENV_DIFF"
                set -a left $name
                continue
            end
            set -eg $mine
            set -eg $was
        end
        set -gu __awsx_later $left
        set -g __awsx_changed
    end

    # --- the prompt ---------------------------------------------------------------------------------------------------

    # Print the segment, for a fish_prompt that calls this itself. A segment ends with a blank. $status stays as it is.
    function awsx_prompt
        set -l code $status
        test ".$AWS_PROFILE" = "$__awsx_drawn"; or __awsx_draw # a handler that ran after ours has set it
        echo -n -- $__awsx_segment
        return $code
    end

    # Wrap fish_prompt so that the segment comes before its output. The old function still runs first, because it may
    # show the $status of the last command.
    function __awsx_place_segment
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

    # Load wrap.fish, which defines this function anew. That waits for the first prompt, so that no `aws` in config.fish
    # opens a browser, and so that we see the functions that the person has defined under such a name.
    function __awsx_wrap
        set -l file (string replace -r '[^/]*$' wrap.fish -- $__awsx_file)
        test -r $file; and source $file; and __awsx_wrap
    end

    # Draw the segment anew if a variable or a file has changed that it was drawn from, or if the time left has.
    function __awsx_precmd
        set -q __awsx_pins_stamp[1]; and not test -e $__awsx_pins_stamp; and set -g __awsx_due pins
        set -q __awsx_due[1]; and __awsx_before_draw
        if test ".$AWS_PROFILE" = "$__awsx_drawn"; and set -qx AWS_PROFILE; and not test $__awsx_must_redraw
            read -l up rest <$__awsx_uptime; and test $up -lt $__awsx_until; and return 0
            test -z "$__awsx_key"; and return 0
            __awsx_read_clock
            test "$__awsx_time_left$__awsx_hue" = "$__awsx_drawn_time_left"; and return 0
        end
        __awsx_draw
    end

    # Do what most prompts need not do: set up the first one, leave a guarded profile after a rest, look for pins.
    function __awsx_before_draw
        if not set -q __awsx_placed
            __awsx_place_segment
            __awsx_wrap
        end
        set -q __awsx_leave_after[1]; and __awsx_watch_rest
        if test "$PWD" != "$__awsx_pwd"; or contains pins $__awsx_due
            __awsx_look_for_pins
        end
        set -g __awsx_due $__awsx_leave_after
    end

    # fish calls this when the folder changes; the next prompt looks for pins.
    function __awsx_on_cd --on-variable PWD
        set -g __awsx_due pins
    end

    # Load pin.fish, which defines this function anew, if there are pins.
    function __awsx_look_for_pins
        __awsx_where
        set -g __awsx_pwd $PWD
        set -l pins (string replace -r '[^/]*$' pins -- $__awsx_recent)
        test -n "$__awsx_pin" -o -s "$pins"; or return 0
        set -l file (string replace -r '[^/]*$' pin.fish -- $__awsx_file)
        test -r $file; and source $file; and __awsx_look_for_pins
    end

    # fish calls its handlers in the order in which they were defined. At the first prompt ours is defined again, so
    # that it comes after those that were loaded later: they may set AWS_PROFILE, as direnv does.
    function __awsx_hook --on-event fish_prompt
        functions -e __awsx_hook
        function __awsx_hook --on-event fish_prompt
            __awsx_precmd
        end
        __awsx_precmd
    end

    # Set __awsx_segment to the segment of the profile that the next command will use. Start the core if it has to write
    # the memos first.
    function __awsx_draw
        set -l fish_trace # `set fish_trace 1` must not print keys
        set -g __awsx_segment
        set -g __awsx_drawn
        set -g __awsx_leave_after
        test -n "$__awsx_later" -a "$DIRENV_DIFF" != "$__awsx_direnv"; and __awsx_undo again
        if not __awsx_find_used_profile; and test -z "$AWS_ACCESS_KEY_ID$AWS_WEB_IDENTITY_TOKEN_FILE"
            test -n "$AWSX_EXPORT_PROMPT"; and set -eg AWSX_PROMPT
            set -q __awsx_default; or __awsx_look_for_default
            set -q __awsx_default[1]; or return 0
            set -g __awsx_used_profile default
            set -g __awsx_used_variable default
        end
        if not test -e $__awsx_start # say so once, and draw nothing
            test "$__awsx_told_gone" = $fish_pid; or __awsx_tell_gone
            test -n "$AWSX_EXPORT_PROMPT"; and set -eg AWSX_PROMPT
            return 0
        end
        set -l memo_of "$__awsx_used_profile"
        test -z "$__awsx_used_variable" -a -n "$AWS_WEB_IDENTITY_TOKEN_FILE"; and set memo_of default
        if begin
                not __awsx_read_memos "$memo_of"; or __awsx_must_look
            end; and test -n "$__awsx_folder" -a -n "$memo_of"
            set -l refresh $__awsx_python -I -S $__awsx_start --refresh "$memo_of"
            command -q $__awsx_python
            and AWSX_SHELL=fish AWSX_CACHE=$__awsx_cache command $refresh </dev/null >/dev/null 2>&1
            __awsx_where anew
            __awsx_read_memos "$memo_of"; or __awsx_look_elsewhere $memo_of
        end
        # Of [default] that nobody has named, all that counts is whether its role comes before a web identity.
        test -z "$__awsx_used_variable" -a "$__awsx_kind" != role; and __awsx_forget_memo
        set -g __awsx_must_redraw $__awsx_stale
        test -z "$__awsx_memo_end"; and set __awsx_must_redraw / = / # always, as there is no memo
        test -n "$__awsx_memo_end" -a -n "$__awsx_key"
        and set -a __awsx_must_redraw -o $__awsx_token -nt $__awsx_folder/s.$__awsx_key.$__awsx_stamp \
            -o $__awsx_token -ot $__awsx_folder/s.$__awsx_key.$__awsx_stamp
        if test "$__awsx_used_variable" = default
            test -e "$__awsx_folder/default" -a "$__awsx_kind" != missing
            and not string match -q '* broken*' -- " $__awsx_mark"; or return 0
            set -g __awsx_leave
        end
        __awsx_compose
        set -g __awsx_drawn ".$AWS_PROFILE"
    end

    # The core has not written the memos where they belong. If it has written them into the spare folder, that is the
    # cache of this terminal.
    function __awsx_look_elsewhere -a wanted
        test -n "$__awsx_is_elsewhere"; and return
        for elsewhere in yes ''
            set -g __awsx_is_elsewhere $elsewhere
            __awsx_where anew
            __awsx_read_memos "$wanted"; and return
        end
    end

    # Set __awsx_default: not empty if the settings may say `default = "show"`, so that [default] is drawn where no
    # variable names a profile. (The core says by the file `default` beside the memos whether they do.) This is done
    # once in a terminal, because most people want no segment there, and that is to cost nothing.
    function __awsx_look_for_default
        set -g __awsx_default
        __awsx_where
        test -f "$__awsx_settings" -a -r "$__awsx_settings"; or return
        read -z -l text <$__awsx_settings
        string match -qr 'default[^\n]*=[^\n]*show' -- "$text"; and set __awsx_default show
        return 0
    end

    # Set __awsx_used_profile to the profile that the next `aws` will use, and __awsx_used_variable to the variable that
    # names it. (boto3 reads these variables in the other order.) False if no variable does.
    function __awsx_find_used_profile
        for variable in $__awsx_profiles
            if set -qx $variable
                set -g __awsx_used_variable $variable
                set -g __awsx_used_profile "$$variable"
                return
            end
        end
        set -g __awsx_used_variable
        set -g __awsx_used_profile
        return 1
    end

    # Read the memos of a profile and of its session into global variables, one for each field. True if they are fresh.
    # If not, the core has to write them before they may be used for a switch; a prompt may show them if the core could
    # not. __awsx_memo_end is empty if the profile has no memo at all. Ignore a memo that belongs to another user.
    function __awsx_read_memos -a wanted
        set -q __awsx_folder[1]; or __awsx_where
        set -l memo $__awsx_folder/p.$wanted
        switch "$wanted"
            case '*/*' '*%*'
                set memo $__awsx_folder/p.(string replace -a % %25 -- $wanted | string replace -a / %2F)
        end
        if test -f $memo -a -r $memo -a -O $memo -a -O "$__awsx_folder"
            and read -g -d \x1f $__awsx_fields __awsx_memo_end <$memo
            # The file has several lines where a file system ignores the case of names.
            test "$__awsx_name" = "$wanted"
            or while read -g -d \x1f $__awsx_fields __awsx_memo_end
                test "$__awsx_name" = "$wanted"; and break
            end <$memo
            test "$__awsx_memo_end$__awsx_name $__awsx_stock" = ".$wanted $__awsx_watched"
            or __awsx_accept_memo $wanted
        else
            false
        end
        or begin
            __awsx_forget_memo
            return 1
        end
        switch "$__awsx_key"
            case ''
                set -g __awsx_ends
                not test $__awsx_stale
                return
            case $__awsx_known_session
            case '*'
                if not string match -qr '^[0-9a-f]+$' -- $__awsx_key # no digest, so it may not be part of a path
                    set -g __awsx_ends
                    return 1
                end
                set -g __awsx_known_session $__awsx_key
                set -g __awsx_session_memo $__awsx_folder/s.$__awsx_key
                set -g __awsx_token $HOME/.aws/sso/cache/$__awsx_key.json
                # A session of `aws login` has a sha256 in place of a sha1. (The core alone expands a `~` or a $VARIABLE
                # in this path. The memo then counts as stale at each prompt.)
                if test (string length -- $__awsx_key) -eq 64
                    set -g __awsx_token $HOME/.aws/login/cache/$__awsx_key.json
                    set -q AWS_LOGIN_CACHE_DIRECTORY
                    and set -g __awsx_token $AWS_LOGIN_CACHE_DIRECTORY/$__awsx_key.json
                end
        end
        test -f $__awsx_session_memo -a -r $__awsx_session_memo -a -O $__awsx_session_memo
        and read -g -d \x1f $__awsx_session_fields __awsx_session_memo_end <$__awsx_session_memo
        or begin # that is right as long as there is no token: its stamp `none` does not exist either
            set -g __awsx_ends
            set -g __awsx_stamp none
            set -g __awsx_session_memo_end .
        end
        test $__awsx_stale -o "$__awsx_session_memo_end" != . \
            -o $__awsx_token -nt $__awsx_session_memo.$__awsx_stamp \
            -o $__awsx_token -ot $__awsx_session_memo.$__awsx_stamp
        or return 0
        test "$__awsx_session_memo_end" = .; or set -g __awsx_ends
        return 1
    end

    # Empty the variables of the memos.
    function __awsx_forget_memo
        for field in $__awsx_fields __awsx_ends __awsx_memo_end
            set -g $field
        end
    end

    # True if the session has ended and the core has not looked since: the AWS CLI may go on with role credentials.
    function __awsx_must_look
        test -n "$__awsx_key" -a -z "$__awsx_aws_until"; or return 1
        __awsx_read_clock
        test "$__awsx_time_left" = expired
    end

    # True if the memo that was read is complete and belongs to the profile. From now on, use the stamps of its stock.
    function __awsx_accept_memo -a wanted
        test "$__awsx_memo_end$__awsx_name" = ".$wanted"; and __awsx_watch $__awsx_stock
    end

    # True if the lists that the core keeps for completion are fresh.
    function __awsx_is_stamped
        set -l file $__awsx_folder/stock
        test -n "$__awsx_folder" -a -O "$__awsx_folder" -a -f "$file" -a -r "$file" -a -O "$file"
        or return 1
        read -l line <$file
        __awsx_watch (string match -r '[^ ]*$' -- $line)
        not test $__awsx_stale
    end

    # Set __awsx_time_left of the session that was read, and __awsx_hue: 1 if it is good, 2 if little is left, 3 if it
    # has expired. fish has no clock, but it can tell how many seconds old a file is. The core keeps an empty file with
    # the mtime of the session's end, so that __awsx_age is below 0 until then.
    function __awsx_read_clock
        set -l times "$__awsx_key,$__awsx_ends,$__awsx_renewable,$__awsx_soon"
        if test "$times" = "$__awsx_clock_read_for"
            read -l up rest <$__awsx_uptime; and test $up -lt $__awsx_until; and return
        end
        set -g __awsx_clock_read_for $times
        set -g __awsx_until 0
        set -g __awsx_age 0
        set -g __awsx_time_left expired
        set -g __awsx_hue 3
        string match -qr '^[1-9][0-9]*,[0-9]+$' -- "$__awsx_ends,$__awsx_renewable"; or return
        set -g __awsx_age (path mtime -R -- $__awsx_folder/e.$__awsx_key)
        set -q __awsx_age[1]; or set __awsx_age 0
        __awsx_find_time_left
    end

    # Compute both from __awsx_age: in one unit, rounded down. Also set __awsx_until: the result is used again until
    # then, at most for a minute. It counts seconds since the machine started, as they cost less than a file's age.
    # Five seconds are added before rounding: a login of one hour is a moment old, and still one of one hour.
    function __awsx_find_time_left
        set -l renews ''
        set -l unit 60
        set -l name m
        set -l whole -9999999999
        set -l age $__awsx_age
        test $__awsx_renewable -gt 0; and test $__awsx_renewable -gt (math $__awsx_ends + $age); and set renews +
        if test $age -ge 0
            if test -n "$renews"
                set -g __awsx_time_left renews
                set -g __awsx_hue 2
            end
        else
            set -g __awsx_hue 2
            test (math $age + "0$__awsx_soon") -le 0 -o -n "$renews"; and set -g __awsx_hue 1
            if test $age -gt -55
                set whole 0
                set -g __awsx_time_left "<1m$renews"
            else
                set age (math $age - 5)
                if test $age -le -172800
                    set unit 86400
                    set name d
                else if test $age -le -3600
                    set unit 3600
                    set name h
                end
                set whole (math -s 0 $age / -$unit)
                set -g __awsx_time_left $whole$name$renews
            end
        end
        read -l up rest <$__awsx_uptime
        and set -g __awsx_until (math "$up + max(0, min(60, 1 - $whole * $unit - $age))")
    end

    # Load segment.fish, which defines this function anew, when there is something to show for the first time.
    function __awsx_compose
        set -l file (string replace -r '[^/]*$' segment.fish -- $__awsx_file)
        test -r $file; and source $file; and __awsx_compose
    end

    # Set __awsx_origin to who set AWS_PROFILE: `awsx` in this terminal, `inherited` from the shell's parent, or else
    # `hand`, somebody who typed it.
    function __awsx_find_origin
        set -g __awsx_origin hand
        if test "$AWSX_OWNER" = $fish_pid -a "$__awsx_mine_AWS_PROFILE" = "=$AWS_PROFILE"
            set __awsx_origin awsx
        else if test -n "$__awsx_inherited" -a "$__awsx_inherited" = "$AWS_PROFILE"
            set __awsx_origin inherited
        end
    end

    set -g __awsx_until 0
    set -g __awsx_age 0
    set -g __awsx_uptime /dev/null
    test -r /proc/uptime; and set -g __awsx_uptime /proc/uptime # Linux

    # Load complete.fish, which defines this function anew, at the first Tab.
    function __awsx_complete
        set -l file (string replace -r '[^/]*$' complete.fish -- $__awsx_file)
        test -r $file; and source $file; and __awsx_complete
    end
    complete -c awsx -e
    complete -c awsx -f -k -a '(__awsx_complete)'

    # Set up the prompt again: if config.fish was sourced a second time, it may have defined fish_prompt again, too.
    set -eg __awsx_placed
    set -g __awsx_due first
    set -eg __awsx_drawn
    set -eg __awsx_leave_after
    set -eg __awsx_default
    set -eg __awsx_pwd
    set -eg __awsx_pins_stamp
else if status is-interactive
    echo "awsx: not loaded: fish $version is too old, it takes 3.6 or later" >&2
end
