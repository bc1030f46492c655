# Login before the command: shell/awsx.fish sources this file at the first prompt. Before each command named in
# AWSX_WRAP, or in the settings, stands a function that looks whether the session of its profile still lasts, which
# starts no process, and has the core log in if not. `command aws` goes past it, and so does everything that is no line
# of this terminal: scripts, make, xargs.

begin
    # What a wrapped command does: COMMAND ARGUMENT... A function never is a background job in fish, so where the line
    # is `COMMAND ... &` and no more, the command becomes one in here; it has no terminal to log in from.
    function __awsx_wrapped
        if functions -q __awsx_inner_$argv[1]
            __awsx_before $argv; and __awsx_inner_$argv[1] $argv[2..]
        else if not command -q -- $argv[1]
            fish_command_not_found $argv # fish itself would print who has called it, too
            return 127
        else if string match -qr '^([^;&|()]|>&)*&\s*$' -- (status current-commandline 2>/dev/null)
            command $argv &
        else
            __awsx_before $argv; and command $argv
        end
    end

    # COMMAND ARGUMENT...: log in if that is due and there is a person to do so. False, with the login's exit code, if
    # it came to nothing: then the command shall not run.
    function __awsx_before
        set -l profile (__awsx_find_profile $argv)
        test -n "$profile"; or return 0
        __awsx_lasts $profile; and return 0
        test -r $__awsx_start; and command -q -- $argv[1]; or return 0
        # The terminal for the login, whatever the command has for its own stdin, stdout and stderr. (Of its own stderr
        # fish tells only whether it is a terminal. 2>/dev/null is how a completion asks.)
        if test -t 0; and test -t 2
            __awsx_ensure $profile
        else if test -t 2; or not command test -c /dev/stderr; and command test -r /dev/tty
            __awsx_ensure $profile </dev/tty 2>/dev/tty
        end
    end

    function __awsx_ensure -a profile
        AWSX_SHELL=fish AWSX_CACHE=$__awsx_cache command $__awsx_python -I -S $__awsx_start --ensure "$profile" >&2
    end

    # True if the memos tell that the session behind the profile lasts, or that there is none, or no such profile.
    function __awsx_lasts -a profile
        __awsx_may_use $profile any; and return 0
        test "$__awsx_kind" = missing; and not test $__awsx_stale
    end

    # The profile that COMMAND ARGUMENT... will use; nothing if it needs no session: it has credentials in the
    # environment, logs in by itself, or tells about itself alone.
    function __awsx_find_profile
        set -l given
        set -l service other
        switch $argv[1]
            case aws
                __awsx_read_arguments $argv[2..]
            case cdk sam eksctl copilot chalice # what others mean by --profile is their own
                __awsx_read_profile $argv[2..]
        end
        contains -- "$service" '' help sso configure login logout; and return
        if test -n "$given"
            echo -- $given
        else if set -qx AWS_ACCESS_KEY_ID; and test -n "$AWS_ACCESS_KEY_ID"
            # or its other half is missing, an error
        else if set -qx AWS_WEB_IDENTITY_TOKEN_FILE; and test -n "$AWS_WEB_IDENTITY_TOKEN_FILE"
        else
            for name in $__awsx_profiles
                set -qx $name; and echo -- $$name; and return
            end
            echo default
        end
    end

    # The words behind `aws`: `service` is the first that is no option, `help` if it shall only tell or needs no
    # credentials; `given` is the value of --profile. Before the service, an option has a value unless it is one of
    # those.
    function __awsx_read_arguments --no-scope-shadowing
        set -l option
        set service
        for word in $argv
            if test -n "$option"
                test $option = --profile; and set given $word
                set option
                continue
            end
            switch $word
                case help --version --no-sign-request
                    set service help
                    return
                case '--profile=*'
                    set given (string sub -s 11 -- $word)
                case --profile
                    set option $word
                case '--*=*' '--no-*' --debug --cli-auto-prompt
                case '--*'
                    test -n "$service"; or set option $word
                case '*'
                    test -n "$service"; or set service $word
            end
        end
    end

    # Of the words behind another command, `given` alone.
    function __awsx_read_profile --no-scope-shadowing
        set -l last
        for word in $argv
            test "$last" = --profile; and set given $word
            switch $word
                case --
                    return
                case '--profile=*'
                    set given (string sub -s 11 -- $word)
            end
            set last $word
        end
    end

    # The commands of the settings, into our caller's `names`: a file that the core keeps has them, a line each. The
    # core makes it anew if the settings have changed since then.
    function __awsx_read_commands --no-scope-shadowing
        __awsx_where
        set -l file $__awsx_folder/commands
        test -n "$__awsx_folder"; and test -e "$__awsx_settings"; or return 0
        if test ! -e $file; or test "$__awsx_settings" -nt $file 2>/dev/null
            set -lx AWSX_CACHE $__awsx_cache
            AWSX_SHELL=fish command $__awsx_python -I -S $__awsx_start ls --names </dev/null >/dev/null 2>&1
        end
        test -f $file -a -r $file -a -O $file -a -O "$__awsx_folder"; or return 0
        set names
        while read -l name
            set -a names $name
        end <$file
    end

    # Put a function before each command in AWSX_WRAP. What the person has defined under that name (an alias is a
    # function in fish) is kept, and runs in the place of the command.
    function __awsx_wrap
        set -l names aws
        if set -q AWSX_WRAP
            set names (string split -n ' ' -- $AWSX_WRAP)
        else
            __awsx_read_commands
        end
        for name in $names
            string match -qr '^[A-Za-z0-9_.+][A-Za-z0-9_.+-]*$' -- $name; or continue
            if functions -q $name
                functions $name | string match -q '*__awsx_wrapped*'; and continue
                functions -e __awsx_inner_$name
                functions -c $name __awsx_inner_$name; or continue
            end
            function $name --inherit-variable name
                __awsx_wrapped $name $argv
            end
        end
    end
end
