# shellcheck shell=bash disable=SC2034,SC2154
# (what __awsx_may_use reads into its caller's variables is not used here; its globals are set by awsx.bash)
#
# Login before the command: shell/awsx.bash sources this file at the first prompt. Before each command named in
# AWSX_WRAP, or in the settings, stands a function that looks whether the session of its profile still lasts, which
# starts no process, and has the core log in if not. `command aws` goes past it, and so does everything that is no line
# of this terminal: scripts, make, xargs.

if [[ -n ${__awsx_start-} ]]; then

  # What a wrapped command does. The command comes last, so that its job is stopped and continued like any other.
  function __awsx_wrapped {
    __awsx_before "$@" || \builtin return
    \builtin command -- "$@"
  }

  # COMMAND ARGUMENT...: log in if that is due and there is a person to do so. False, with the login's exit code, if it
  # came to nothing: then the command shall not run. (`set -a` hands these functions on to scripts: nobody is there.)
  function __awsx_before {
    \builtin local profile=""
    case $- in *i*) ;; *) \builtin return 0 ;; esac
    if [[ ! -t 2 && -c /dev/stderr ]]; then \builtin return 0; fi # 2>/dev/null: as a hook or a completion asks
    __awsx_find_profile "$@"
    if [[ -z $profile ]] || __awsx_session_lasts "$profile"; then \builtin return 0; fi
    if [[ ! -r $__awsx_start ]] || ! \builtin type -P -- "$1" >/dev/null; then \builtin return 0; fi
    # The terminal for the login, whatever the command has for its own stdin, stdout and stderr.
    if [[ -t 0 && -t 2 ]]; then
      __awsx_ensure "$profile"
    elif { \builtin : </dev/tty; } 2>/dev/null; then
      __awsx_ensure "$profile" </dev/tty 2>/dev/tty
    fi
  }

  function __awsx_ensure {
    AWSX_SHELL=$__awsx_shell AWSX_CACHE=$__awsx_cache "$__awsx_python" -I -S "$__awsx_start" --ensure "$1" >&2
  }

  # True if the memos tell that the session behind $1 lasts, or that there is none, or no such profile.
  function __awsx_session_lasts {
    \builtin local "${__awsx_memo_locals[@]}" now
    kind=""
    __awsx_may_use "$1" any || { [[ $kind == missing ]] && __awsx_is_fresh; }
  }

  # The profile that COMMAND ARGUMENT... will use, into our caller's `profile`; empty if it needs no session: it has
  # credentials in the environment, logs in by itself, or tells about itself alone.
  function __awsx_find_profile {
    \builtin local name given="" service=other used_profile used_variable
    case $1 in
      aws) __awsx_read_arguments "${@:2}" ;;
      # What others mean by --profile is their own.
      cdk | sam | eksctl | copilot | chalice) __awsx_read_profile "${@:2}" ;;
    esac
    case $service in "" | help | sso | configure | login | logout) \builtin return 0 ;; esac
    profile=$given
    if [[ -n $given ]]; then \builtin return 0; fi
    for name in AWS_ACCESS_KEY_ID AWS_WEB_IDENTITY_TOKEN_FILE; do # without their other half, an error
      if [[ -n ${!name-} ]] && __awsx_is_exported "$name"; then profile="" && \builtin return 0; fi
    done
    if __awsx_find_used_profile; then profile=$used_profile; else profile=default; fi
  }

  # The words behind `aws`: `service` is the first that is no option, `help` if it shall only tell or needs no
  # credentials; `given` is the value of --profile. Before the service, an option has a value unless it is one of those.
  function __awsx_read_arguments {
    \builtin local word option=""
    service=""
    for word in "$@"; do
      if [[ -n $option ]]; then
        if [[ $option == --profile ]]; then given=$word; fi
        option=""
        continue
      fi
      case $word in
        help | --version | --no-sign-request) service=help && \builtin return 0 ;;
        --profile=*) given=${word#*=} ;;
        --profile) option=$word ;;
        --*=* | --no-* | --debug | --cli-auto-prompt) ;;
        --*) if [[ -z $service ]]; then option=$word; fi ;;
        *) service=${service:-$word} ;;
      esac
    done
  }

  # Of the words behind another command, `given` alone.
  function __awsx_read_profile {
    \builtin local word last=""
    for word in "$@"; do
      if [[ $last == --profile ]]; then given=$word; fi
      case $word in --) \builtin return 0 ;; --profile=*) given=${word#*=} ;; esac
      last=$word
    done
  }

  # The commands of the settings, into our caller's `rest`, a blank behind each: a file that the core keeps has them, a
  # line each. The core makes it anew if the settings have changed since then.
  function __awsx_read_commands {
    \builtin local file name
    __awsx_where
    file=$__awsx_folder/commands
    if [[ -z $__awsx_folder || ! -e $__awsx_settings ]]; then \builtin return 0; fi
    if [[ ! -e $file || $__awsx_settings -nt $file ]]; then
      AWSX_SHELL=$__awsx_shell AWSX_CACHE=$__awsx_cache \
        "$__awsx_python" -I -S "$__awsx_start" ls --names </dev/null >/dev/null 2>&1 || \builtin :
    fi
    if [[ ! -f $file || ! -r $file || ! -O $file || ! -O $__awsx_folder ]]; then \builtin return 0; fi
    rest=""
    while IFS='' \builtin read -r name; do rest="$rest$name "; done <"$file"
  }

  # Put a function before each command in AWSX_WRAP; one that the person has written stays.
  function __awsx_wrap {
    \builtin local name rest="${AWSX_WRAP-aws} "
    if [[ -z ${AWSX_WRAP+set} ]]; then __awsx_read_commands; fi
    while [[ -n $rest ]]; do
      name=${rest%% *} rest=${rest#* }
      case $name in "" | -* | *[!A-Za-z0-9_.+-]*) continue ;; esac
      if \builtin declare -F -- "$name" >/dev/null; then continue; fi
      # bash has no other way to a function whose name is in a variable. The rest is constant, and the name has been
      # looked at: there is nothing in it that a shell would expand. (Under `set -o posix` it may have no dash or dot.)
      \builtin eval "function $name { __awsx_wrapped $name \"\$@\"; }" 2>/dev/null || \builtin :
    done
  }
fi
