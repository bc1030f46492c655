# What Tab offers behind `awsx` in fish: shell/awsx.fish sources this file at the first one. Commands, their options and
# the regions stand in the files `words` and `regions` beside it, the names in the lists of the core; where they are
# stale or not there, they are looked for in the files of the AWS CLI. The core is started only to make the lists.
#
# A name is data all the way: never expanded, never evaluated.

begin
    function __awsx_complete
        set -l shelf (string replace -r '/[^/]*$' '' -- $__awsx_file)
        test -r $shelf/words; or return
        set -l lines (string split \n <$shelf/words)
        set -l verb awsx
        set -l takes
        set -l given 0
        set -l ended
        set -l tokens (commandline -opc)
        set -l at (contains -i -- awsx $tokens); or return
        set -e tokens[1..$at]
        while set -q tokens[1]
            set -l word $tokens[1]
            set -e tokens[1]
            if test -n "$takes"
                set takes # that was the option's value
            else if test "$word" = --; and test -z "$ended" -o $given -gt 0 # apart: a word may look like an operator
                set ended 1
                if test $given -gt 0; and string match -q -- $verb\t--\t'*' $lines
                    # What the command there completes by itself.
                    complete -C "$(string join ' ' -- (string escape -- $tokens) (commandline -ct))"
                    return
                end
            else if test -z "$ended"; and string match -qr -- '^-.' $word
                __awsx_look_up
            else if test "$verb$given$ended" = awsx0; and __awsx_look_up VERB
                set verb $word
                set takes
            else
                set given (math $given + 1)
                set takes
            end
        end
        __awsx_offer
    end

    # In `takes`, what the option `word` takes; empty for nothing. With $1, true if it is that.
    function __awsx_look_up --no-scope-shadowing
        set takes (string match -rg -- "^$verb\t$(string escape --style=regex -- $word)\t([^\t]*)\t" $lines)
        test "$takes" = -; and set takes
        test "$takes" = "$argv"
    end

    # What may stand at the cursor: a line for each word, its description behind a tab.
    function __awsx_offer --no-scope-shadowing
        set -l typed (commandline -ct)
        set -l plain (string unescape -- $typed)
        test -n "$plain"; or set plain (string unescape -- $typed\" $typed\')[1]
        set -l prefix
        set lines (string replace -r -f "^$verb\t" '' -- $lines)
        if test -n "$takes"
            __awsx_values
        else if test -z "$ended"; and string match -q -- '--*=*' "$plain"
            set prefix (string replace -r '=.*' = -- $plain)
            set plain (string replace -r '^.*?=' '' -- $plain)
            set -l option (string escape --style=regex -- (string sub -e -1 -- $prefix))
            set takes (string match -rg -- "^$option\t([^\t]*)\t" $lines)
            __awsx_values | string replace -r '^' -- $prefix
        else if test -z "$ended"; and string match -q -- '-*' "$plain"
            test $given -gt 0; or set lines (string match -v -- --\t'*' $lines)
            string replace -r -f '^(-[^\t]*)\t[^\t]*' '$1' -- $lines
        else
            __awsx_arguments
        end
    end

    # The values come before the commands, and fish keeps that order.
    function __awsx_arguments --no-scope-shadowing
        set -l which '[1*]'
        test $given -gt 0; and set which '\*'
        set takes (string match -rg -- "^$which\t([^\t]*)\t" $lines)
        __awsx_values
        if test -n "$ended"
        else if test $given -gt 0
            string replace -r -f '^(--)\t[^\t]*' '$1' -- $lines
        else
            string replace -r -f '^([^\t]*)\tVERB|^(-)\t-' '$1$2' -- $lines
        end
    end

    # The values of what is called $takes.
    function __awsx_values --no-scope-shadowing
        switch "$takes"
            case PROFILE
                __awsx_names names profile
            case SESSION
                __awsx_names sessions sso-session
            case REGION
                string split -n \n <$shelf/regions
            case '' - TEXT COMMAND
            case '*'
                string split ' ' -- $takes
        end
    end

    # The names in the core's list $1; where that is stale or not there, those of the sections `[$2 NAME]`. Of
    # thousands, only those that fish would choose in the end: each costs some microseconds.
    function __awsx_names --no-scope-shadowing
        __awsx_where
        set -l file $__awsx_folder/$argv[1]
        set -l wanted (string escape --style=regex -- "$plain")
        set -l fresh
        __awsx_is_stamped; and set fresh 1
        if test -n "$fresh" -a -r $file -a -O $file
            string match -r -- "^$wanted.*" <$file
            or string match -ri -- "^[^\t]*?$wanted.*" <$file
            or string match -r -- '.+' <$file
        else
            test -n "$fresh"; and __awsx_make_lists
            set -l names (string match -r -- "^$wanted.*" (__awsx_look_for $argv[2] $plain))
            set -q names[1]; or set names (__awsx_look_for $argv[2] '')
            test "$argv[2]" = profile; and not set -q names[200]; and __awsx_read_accounts $names
            string join \n -- $names
        end
    end

    # For each of the names $argv that is in the config: the name and, behind a tab, account and role. To be quick, not
    # in a config of more than some 1,200 profiles: read takes nothing of a file beyond its limit. Of two lines for one
    # name fish takes the first.
    function __awsx_read_accounts
        set -l fish_read_limit 200000
        set -l text
        test -f "$__awsx_config" -a -r "$__awsx_config"; and read -z text <$__awsx_config; or return
        set -l names
        set -l bodies
        set -l is '[ \t]*=[ \t]*'
        set -l name '(?|"(?<names>[^"\n]+)"|\'(?<names>[^\'\n]+)\'|(?<names>[^]\s]+))'
        string match -raq -- '(?m)^\[profile[ \t]+'$name'[ \t]*\].*(?<bodies>(?:\n(?!\[).*)*)' "$text"
        for name in $argv
            set -l at (contains -i -- $name $names); or continue
            set -l body $bodies[$at]
            set -l told (string match -rg -- '\nrole_arn'$is'arn:[a-z-]+:iam::(\d+):role/(?:\S*/)?([!-~]+)' $body)
            or set told \
                (string match -rg -- '\n(?:sso_account_id'$is'|login_session'$is'arn:[a-z-]+:iam::)(\d+)' $body) \
                (string match -rg -- '\nsso_role_name'$is'([!-~]+)' $body)
            string join \t -- $name "$told"
        end
    end

    # Have the core make its lists for a later Tab, once for each stock that it takes. Nobody waits for that.
    function __awsx_make_lists
        set -l stock
        read stock <$__awsx_folder/stock
        test -e $__awsx_folder/names -o "$stock" = "$__awsx_listed" -o ! -r $__awsx_start; and return
        set -g __awsx_listed $stock
        set -lx AWSX_CACHE $__awsx_cache
        set -lx AWSX_SHELL fish
        command $__awsx_python -I -S $__awsx_start ls --names </dev/null >/dev/null 2>&1 &
        disown
    end

    # The names of the sections `[$kind NAME]` in the files of the AWS CLI, of those in which $typed is found. Lines are
    # sorted out by wildcards first: a regular expression on each would take five times as long.
    function __awsx_look_for -a kind typed
        set -l glob (string replace -ra '[*?\\\\]' '\\\\$0' -- $typed)
        set -l heads
        if test -f "$__awsx_config" -a -r "$__awsx_config"
            set heads (string match -- "[$kind*$glob*" <$__awsx_config)
            test $kind = profile; and string match -- '[default]*' <$__awsx_config | string match -rg '^\[(default)'
        end
        set -l odd ' \t"\'\\\\[:cntrl:]'
        string match -rg '^\['$kind'[ \t]+([^'$odd']+)[ \t]*\][^]]*$' -- $heads
        string match -rg '^\['$kind'[ \t]+"([^"\\\\[:cntrl:]]+)"[ \t]*\][^]]*$' -- $heads
        string match -rg '^\['$kind'[ \t]+\'([^\'[:cntrl:]]+)\'[ \t]*\][^]]*$' -- $heads
        if test $kind = profile -a -f "$__awsx_credentials" -a -r "$__awsx_credentials"
            string match -- "[*$glob*" <$__awsx_credentials | string match -rg '^\[(?!DEFAULT\])([^[:cntrl:]]+)\]'
        end
        true
    end
end
