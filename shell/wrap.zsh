# Login before the command: shell/awsx.zsh sources this file at the first prompt. Before each command named in
# AWSX_WRAP, or in the settings, stands a function that looks whether the session of its profile still lasts, which
# starts no process, and has the core log in if not. `command aws` goes past it, and so does everything that is no line
# of this terminal: scripts, make, xargs.

if [[ -n ${__awsx_start-} ]]; then

  # What a wrapped command does. (Not `|| return`: behind that, zsh makes 1 of a Ctrl-C.)
  function __awsx_wrapped {
    if ! whence -p -- "$1" >/dev/null && [[ -z ${functions[command_not_found_handler]+there} ]]; then
      print -ru2 -- "zsh: command not found: $1" # zsh itself would name this function
      return 127
    fi
    if __awsx_before "$@"; then builtin command -- "$@"; else return $?; fi
  }

  # COMMAND ARGUMENT...: log in if that is due and there is a person to do so. False, with the login's exit code, if it
  # came to nothing: then the command shall not run.
  function __awsx_before {
    local profile
    if [[ ! -t 2 && -c /dev/stderr ]]; then return 0; fi # 2>/dev/null: as a hook or a completion asks
    __awsx_find_profile "$@"
    if [[ -z $profile ]] || __awsx_session_lasts $profile; then return 0; fi
    if [[ ! -r $__awsx_start ]] || ! whence -p -- "$1" >/dev/null; then return 0; fi
    # The terminal for the login, whatever the command has for its own stdin, stdout and stderr.
    if [[ -t 0 && -t 2 ]]; then
      __awsx_ensure $profile
    elif { : </dev/tty; } 2>/dev/null; then
      __awsx_ensure $profile </dev/tty 2>/dev/tty
    fi
  }

  function __awsx_ensure {
    AWSX_SHELL=zsh AWSX_CACHE=$__awsx_cache $__awsx_python -I -S $__awsx_start --ensure "$1" >&2
  }

  # True if the memos tell that the session behind $1 lasts, or that there is none, or no such profile.
  function __awsx_session_lasts {
    local $__awsx_fields $__awsx_session_fields
    __awsx_read_memos "$1" usable || { [[ $kind == missing ]] && __awsx_is_fresh; }
  }

  # The profile that COMMAND ARGUMENT... will use, into our caller's `profile`; empty if it needs no session: it has
  # credentials in the environment, logs in by itself, or tells about itself alone.
  function __awsx_find_profile {
    local name asked_profile service=other used_profile used_variable
    case $1 in
      aws) __awsx_read_arguments "${@:2}" ;;
      # What others mean by --profile is their own.
      cdk | sam | eksctl | copilot | chalice) __awsx_read_profile "${@:2}" ;;
    esac
    case $service in '' | help | sso | configure | login | logout) return 0 ;; esac
    profile=$asked_profile
    if [[ -n $asked_profile ]]; then return 0; fi
    for name in AWS_ACCESS_KEY_ID AWS_WEB_IDENTITY_TOKEN_FILE; do # without their other half, an error
      if [[ -n ${(P)name-} && ${(Pt)name-} == *export* ]]; then profile= && return 0; fi
    done
    if __awsx_find_used_profile; then profile=$used_profile; else profile=default; fi
  }

  # The words behind `aws`: `service` is the first that is no option, `help` if it shall only tell or needs no
  # credentials; `given` is the value of --profile. Before the service, an option has a value unless it is one of those.
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

  # Of the words behind another command, `given` alone.
  function __awsx_read_profile {
    local word last
    for word in "$@"; do
      if [[ $last == --profile ]]; then asked_profile=$word; fi
      case $word in --) return 0 ;; --profile=*) asked_profile=${word#*\=} ;; esac
      last=$word
    done
  }

  # The commands of the settings, into our caller's `names`: a file that the core keeps has them, a line each. The core
  # makes it anew if the settings have changed since then.
  function __awsx_read_commands {
    local file name
    __awsx_where
    file=$__awsx_folder/commands
    if [[ -z $__awsx_folder || ! -e $__awsx_settings ]]; then return 0; fi
    if [[ ! -e $file || $__awsx_settings -nt $file ]]; then
      AWSX_SHELL=zsh AWSX_CACHE=$__awsx_cache $__awsx_python -I -S $__awsx_start ls --names \
        </dev/null >/dev/null 2>&1 || :
    fi
    if [[ ! -f $file || ! -r $file || ! -O $file || ! -O $__awsx_folder ]]; then return 0; fi
    names=()
    while IFS= read -r name; do names+=($name); done <$file
  }

  # Put a function before each command in AWSX_WRAP; one that the person has written stays. The text of them all is the
  # same, and no name stands in it.
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
