# Login before the command: shell/awsx.fish sources this file at the first prompt. For each command in AWSX_WRAP, or in
# the settings, it defines a function of the same name. The function looks whether the session of the command's profile
# still lasts, without starting a process, and has the core log in if not. `command aws` runs without it, and so does
# what is not typed in this terminal: scripts, make, xargs.

begin
    # COMMAND ARGUMENT...: log in if that is needed, and run the command. fish cannot run a function in the background.
    # So if the whole line is `COMMAND ... &`, start the command in the background here, without a login: there is no
    # terminal for it.
    function __awsx_wrapped
        if functions -q __awsx_inner_$argv[1]
            __awsx_before $argv; and __awsx_inner_$argv[1] $argv[2..]
        else if not command -q -- $argv[1]
            fish_command_not_found $argv # left to fish, the message would name this file, too
            return 127
        else if string match -qr '^([^;&|()]|>&)*&\s*$' -- (status current-commandline)
            command $argv &
        else
            __awsx_before $argv; and command $argv
        end
    end

    # COMMAND ARGUMENT...: log in if the session has ended and there is a terminal to do so. If that fails, return the
    # exit code of the login: the command must not run then.
    function __awsx_before
        set -l found (__awsx_find_profile $argv)
        set -l profile $found[1]
        test -n "$profile"; or return 0
        __awsx_session_lasts $profile; and return 0
        test -r $__awsx_start; and command -q -- $argv[1]; or return 0
        # The login uses the terminal, even if the command's stdin, stdout or stderr are redirected. With 2>/dev/null
        # there is no login, because completions call commands like that. (fish itself can only tell whether our stderr
        # is a terminal, so an external `test` looks what else it is.)
        if test -t 0; and test -t 2
            __awsx_ensure $found
        else if test -t 2; or not command test -c /dev/stderr; and command test -r /dev/tty
            __awsx_ensure $found </dev/tty 2>/dev/tty
        end
    end

    # Have the core log in for a profile, unless its session lasts after all, or `service` is an alias of the AWS CLI
    # for a command that logs in by itself.
    function __awsx_ensure -a profile service
        set -l arguments --ensure "$profile" $service
        AWSX_SHELL=fish AWSX_CACHE=$__awsx_cache command $__awsx_python -I -S $__awsx_start $arguments >&2
    end

    # True if the memos say that the profile's session lasts, that it has no session, or that it does not exist.
    function __awsx_session_lasts -a profile
        __awsx_may_use $profile any; and return 0
        test "$__awsx_kind" = missing; and not test $__awsx_stale
    end

    # COMMAND ARGUMENT...: print the profile that the command will use, and the command of `aws`, if it is that. Print
    # nothing if it needs no session: because there are credentials in the environment, it logs in by itself, or it only
    # prints its help.
    function __awsx_find_profile
        set -l fish_trace # `set fish_trace 1` must not print keys
        set -l asked_profile
        set -l service
        switch $argv[1]
            case aws
                __awsx_read_arguments $argv[2..]
                contains -- "$service" '' help sso configure login logout; and return
            case cdk sam eksctl copilot chalice # other commands may have a --profile that is not AWS's
                __awsx_read_profile $argv[2..]
        end
        set -l profile default
        if test -n "$asked_profile"
            set profile $asked_profile
        else if set -qx AWS_ACCESS_KEY_ID; and test -n "$AWS_ACCESS_KEY_ID"
            return # the command uses these keys, or fails because their other half is missing
        else if set -qx AWS_WEB_IDENTITY_TOKEN_FILE; and test -n "$AWS_WEB_IDENTITY_TOKEN_FILE"
            return
        else
            for name in $__awsx_profiles
                set -qx $name; or continue
                set profile "$$name"
                break
            end
        end
        string join \n -- "$profile" $service
    end

    # Read the words behind `aws` into our caller's variables: `service` is the first that is no option, or `help` if
    # the command only prints something or needs no credentials. `asked_profile` is the value of --profile. Before the
    # service each option takes a value, except for those that are listed here.
    function __awsx_read_arguments --no-scope-shadowing
        set -l option
        set service
        for word in $argv
            if test -n "$option"
                test $option = --profile; and set asked_profile $word
                set option
                continue
            end
            switch $word
                case help --version --no-sign-request
                    set service help
                    return
                case '--profile=*'
                    set asked_profile (string sub -s 11 -- $word)
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

    # Read the words behind another command for `asked_profile` alone.
    function __awsx_read_profile --no-scope-shadowing
        set -l last
        for word in $argv
            test "$last" = --profile; and set asked_profile $word
            switch $word
                case --
                    return
                case '--profile=*'
                    set asked_profile (string sub -s 11 -- $word)
            end
            set last $word
        end
    end

    # Set our caller's `names` to the commands in the settings. The core keeps them in a file, one a line, and writes it
    # again here if the settings have changed since.
    function __awsx_read_commands --no-scope-shadowing
        __awsx_where
        set -l file $__awsx_folder/commands
        test -n "$__awsx_folder"; and test -e "$__awsx_settings"; or return 0
        if test ! -e $file; or not __awsx_is_stamped
            set -lx AWSX_CACHE $__awsx_cache
            AWSX_SHELL=fish command $__awsx_python -I -S $__awsx_start ls --names </dev/null >/dev/null 2>&1
        end
        test -f $file -a -r $file -a -O $file -a -O "$__awsx_folder"; or return 0
        set names
        while read -l name
            set -a names $name
        end <$file
    end

    # Define a function for each command in AWSX_WRAP.
    function __awsx_wrap
        set -l names aws
        if set -q AWSX_WRAP
            set names (string split -n ' ' -- $AWSX_WRAP)
        else
            __awsx_read_commands
        end
        set -g __awsx_wrapped_names (string match -r '^[A-Za-z0-9_.+][A-Za-z0-9_.+-]*$' -- $names)
        __awsx_define_wrappers $__awsx_wrapped_names
    end

    # Define these functions. If the person has a function of that name (an alias is one in fish), keep it under another
    # name and call it instead of the command.
    function __awsx_define_wrappers
        for name in $argv
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

    # An alias or a function that the person defines in this terminal replaces ours: keep it in the same way. (The line
    # that was typed tells whether it is worth a look: `functions` takes longer than a prompt.)
    function __awsx_wrap_again --on-event fish_postexec -a line
        string match -qr '(^|[;&|\s])(alias|function|funced|source|eval|\.)\s' -- $line; or return
        for name in $__awsx_wrapped_names
            functions -q $name; and __awsx_define_wrappers $name
        end
    end
end
