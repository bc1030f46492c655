# Login before the command: shell/awsx.zsh sources this file at the first prompt. For each command in AWSX_WRAP, or in
# the settings, it defines a function of the same name. The function looks whether the session of the command's profile
# still lasts, without starting a process, and has the core log in if not. `command aws` runs without it, and so does
# what is not typed in this terminal: scripts, make, xargs.

if [[ -n ${__awsx_start-} ]]; then

  # COMMAND ARGUMENT...: log in if that is needed, and run the command. (Not `__awsx_before ... || return`: after that,
  # zsh turns the code of a Ctrl-C into 1.)
  function __awsx_wrapped {
    if ! whence -p -- "$1" >/dev/null && [[ -z ${functions[command_not_found_handler]+there} ]]; then
      print -ru2 -- "zsh: command not found: $1" # zsh's own message would name this function, too
      return 127
    fi
    if __awsx_before "$@"; then builtin command -- "$@"; else return $?; fi
  }

  # COMMAND ARGUMENT...: log in if the session has ended and there is a terminal to do so. If that fails, return the
  # exit code of the login: the command must not run then.
  function __awsx_before {
    local profile service=
    if [[ ! -t 2 && -c /dev/stderr ]]; then return 0; fi # completions call commands with 2>/dev/null
    __awsx_find_profile "$@"
    if [[ -z $profile ]] || __awsx_session_lasts $profile; then return 0; fi
    if [[ ! -r $__awsx_start ]] || ! whence -p -- "$1" >/dev/null; then return 0; fi
    # The login uses the terminal, even if the command's stdin, stdout or stderr are redirected.
    if [[ -t 0 && -t 2 ]]; then
      __awsx_ensure $profile $service
    elif { : </dev/tty; } 2>/dev/null; then
      __awsx_ensure $profile $service </dev/tty 2>/dev/tty
    fi
  }

  # Have the core log in for profile $1, unless its session lasts after all, or $2 is an alias of the AWS CLI for a
  # command that logs in by itself.
  function __awsx_ensure {
    AWSX_SHELL=zsh AWSX_CACHE=$__awsx_cache $__awsx_python -I -S $__awsx_start --ensure "$1" $2 >&2
  }

  # True if the memos say that the session of profile $1 lasts, that it has no session, or that it does not exist.
  function __awsx_session_lasts {
    local $__awsx_fields $__awsx_session_fields
    __awsx_read_memos "$1" usable || { [[ $kind == missing ]] && __awsx_is_fresh; }
  }

  # COMMAND ARGUMENT...: set our caller's `service` to the command of `aws`, and its `profile` to the profile that the
  # command will use. Make it empty if the command needs no session: because there are credentials in the environment,
  # it logs in by itself, or it only prints its help.
  function __awsx_find_profile {
    local name asked_profile used_profile used_variable
    case $1 in
      aws) __awsx_read_arguments "${@:2}" ;;
      # Other commands may have a --profile that is not AWS's.
      cdk | sam | eksctl | copilot | chalice) __awsx_read_profile "${@:2}" ;;
    esac
    case $1:$service in aws: | aws:help | aws:sso | aws:configure | aws:login | aws:logout) return 0 ;; esac
    profile=$asked_profile
    if [[ -n $asked_profile ]]; then return 0; fi
    # The secret or the role may be missing. Then the command fails, with a session or without.
    for name in AWS_ACCESS_KEY_ID AWS_WEB_IDENTITY_TOKEN_FILE; do
      if [[ -n ${(P)name:+x} && ${(Pt)name-} == *export* ]]; then profile= && return 0; fi
    done
    if __awsx_find_used_profile; then profile=$used_profile; else profile=default; fi
  }

  # Read the arguments of `aws`: set our caller's `asked_profile` to the value of --profile, and `service` to the first
  # word that is no option, or to `help` if the command only prints its help or needs no credentials. Before the service
  # each option takes a value, except for those that are listed here.
  function __awsx_read_arguments {
    local word option
    service=
    for word in "$@"; do
      if [[ -n $option ]]; then
        if [[ $option == --profile ]]; then asked_profile=$word; fi
        option=
        continue
      fi
      case $word in
        help | --version | --no-sign-request) service=help && return 0 ;;
        --profile=*) asked_profile=${word#*\=} ;;
        --profile) option=$word ;;
        --*=* | --no-* | --debug | --cli-auto-prompt) ;;
        --*) if [[ -z $service ]]; then option=$word; fi ;;
        *) service=${service:-$word} ;;
      esac
    done
  }

  # Read the arguments of another command: set our caller's `asked_profile` to the value of --profile.
  function __awsx_read_profile {
    local word last
    for word in "$@"; do
      if [[ $last == --profile ]]; then asked_profile=$word; fi
      case $word in --) return 0 ;; --profile=*) asked_profile=${word#*\=} ;; esac
      last=$word
    done
  }

  # Set our caller's `names` to the commands that the settings name. The core keeps them in a file, one on a line; have
  # it write the file again if the settings have changed since.
  function __awsx_read_commands {
    local file name
    __awsx_where
    file=$__awsx_folder/commands
    if [[ -z $__awsx_folder || ! -e $__awsx_settings ]]; then return 0; fi
    if [[ ! -e $file ]] || ! __awsx_is_stamped; then
      AWSX_SHELL=zsh AWSX_CACHE=$__awsx_cache $__awsx_python -I -S $__awsx_start ls --names \
        </dev/null >/dev/null 2>&1 || :
    fi
    if [[ ! -f $file || ! -r $file || ! -O $file || ! -O $__awsx_folder ]]; then return 0; fi
    names=()
    while IFS= read -r name; do names+=($name); done <$file
  }

  # Define a function for each command in AWSX_WRAP, unless the person has defined one. All have the same text: the name
  # of a command never becomes part of code.
  function __awsx_wrap {
    local name
    local -a names
    names=(${(s: :)${AWSX_WRAP-aws}})
    if [[ -z ${AWSX_WRAP+set} ]]; then __awsx_read_commands; fi
    for name in $names; do
      if [[ $name != (-*|*[^A-Za-z0-9_.+-]*) && -z ${functions[$name]-} ]]; then
        functions[$name]='__awsx_wrapped "$0" "$@"'
      fi
    done
  }
fi
