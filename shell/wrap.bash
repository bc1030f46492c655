# shellcheck shell=bash disable=SC2034,SC2154
# (SC2034, SC2154: functions of awsx.bash set variables that are not used here, and its globals are used here.)
#
# Login before the command: shell/awsx.bash sources this file at the first prompt. For each command in AWSX_WRAP, or in
# the settings, it defines a function of the same name. The function looks whether the session of the command's profile
# still lasts, without starting a process, and has the core log in if not. `command aws` runs without it, and so does
# what is not typed in this terminal: scripts, make, xargs.

if [[ -n ${__awsx_start-} ]]; then

  # COMMAND ARGUMENT...: log in if that is needed, and run the command. It runs as the last step, so that Ctrl-Z and
  # `fg` stop and continue it like any other job.
  function __awsx_wrapped {
    __awsx_before "$@" || \builtin return
    \builtin command -- "$@"
  }

  # COMMAND ARGUMENT...: log in if the session has ended and a person is there. If the login fails, return its exit
  # code: then the command must not run. (A script may inherit these functions by `set -a`, but no person is there.)
  function __awsx_before {
    \builtin local IFS=$' \t\n' profile="" service=""
    case $- in *i*) ;; *) \builtin return 0 ;; esac
    if [[ ! -t 2 && -c /dev/stderr ]]; then \builtin return 0; fi # `2>/dev/null`: a hook or completion
    __awsx_find_profile "$@"
    if [[ -z $profile ]] || __awsx_session_lasts "$profile"; then \builtin return 0; fi
    if [[ ! -r $__awsx_start ]] || ! \builtin type -P -- "$1" >/dev/null; then \builtin return 0; fi
    # The login uses the terminal, even if the command's stdin or stderr is redirected.
    if [[ -t 0 && -t 2 ]]; then
      __awsx_ensure "$profile" "$service"
    elif { \builtin : </dev/tty; } 2>/dev/null; then
      __awsx_ensure "$profile" "$service" </dev/tty 2>/dev/tty
    fi
  }

  # Have the core make sure that the session of profile $1 lasts, unless $2 is an alias of the AWS CLI for a command
  # that logs in by itself. What it says goes to stderr, because stdout may be a pipe that waits for the command's
  # output. The loop is as in __awsx_ask_core.
  function __awsx_ensure {
    \builtin local __awsx_once
    # shellcheck disable=SC2043 # once
    for __awsx_once in core; do
      AWSX_SHELL=$__awsx_shell AWSX_CACHE=$__awsx_cache \
        "$__awsx_python" -I -S "$__awsx_start" --ensure "$1" ${2:+"$2"} >&2
    done
  }

  # True if the memos say that the session of profile $1 lasts, that it has none, or that there is no such profile.
  function __awsx_session_lasts {
    \builtin local "${__awsx_memo_locals[@]}" now
    __awsx_may_use "$1" any
  }

  # Set our caller's `service` to the command of `aws`, and its `profile` to the profile that COMMAND ARGUMENT... will
  # use. It stays empty if the command needs no session: the environment has credentials, the command logs in by itself,
  # or it only prints its help or version.
  function __awsx_find_profile {
    \builtin local name given="" used_profile used_variable
    case $1 in
      aws) __awsx_read_arguments "${@:2}" ;;
      # In other commands --profile may mean something else.
      cdk | sam | eksctl | copilot | chalice) __awsx_read_profile "${@:2}" ;;
    esac
    case $1:$service in aws: | aws:help | aws:sso | aws:configure | aws:login | aws:logout) \builtin return 0 ;; esac
    profile=$given
    if [[ -n $given ]]; then \builtin return 0; fi
    for name in AWS_ACCESS_KEY_ID AWS_WEB_IDENTITY_TOKEN_FILE; do # without its second part each is an error
      if [[ -n ${!name:+x} ]] && __awsx_is_exported "$name"; then profile="" && \builtin return 0; fi
    done
    if __awsx_find_used_profile; then profile=$used_profile; else profile=default; fi
  }

  # Read the arguments of `aws`. Sets our caller's `service` to the first word that is no option, or to `help` if the
  # command prints only help or needs no credentials, and its `given` to the value of --profile. Before the service,
  # each option takes a value, except for those that are listed here.
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

  # Read the arguments of another command: set our caller's `given` to the value of --profile.
  function __awsx_read_profile {
    \builtin local word last=""
    for word in "$@"; do
      if [[ $last == --profile ]]; then given=$word; fi
      case $word in --) \builtin return 0 ;; --profile=*) given=${word#*=} ;; esac
      last=$word
    done
  }

  # Set our caller's `rest` to the commands that the settings name, each followed by a blank. The core keeps them in a
  # file, a line each, and writes it anew if the settings have changed since then.
  function __awsx_read_commands {
    \builtin local file name
    __awsx_where
    file=$__awsx_folder/commands
    if [[ -z $__awsx_folder || ! -e $__awsx_settings ]]; then \builtin return 0; fi
    if [[ ! -e $file ]] || ! __awsx_is_stamped; then
      AWSX_SHELL=$__awsx_shell AWSX_CACHE=$__awsx_cache \
        "$__awsx_python" -I -S "$__awsx_start" ls --names </dev/null >/dev/null 2>&1 || \builtin :
    fi
    if [[ ! -f $file || ! -r $file || ! -O $file || ! -O $__awsx_folder ]]; then \builtin return 0; fi
    rest=""
    while IFS='' \builtin read -r name; do rest="$rest$name "; done <"$file"
  }

  # Define a function for each command in AWSX_WRAP, unless the person has defined one of that name.
  function __awsx_wrap {
    \builtin local name rest="${AWSX_WRAP-aws} "
    if [[ -z ${AWSX_WRAP+set} ]]; then __awsx_read_commands; fi
    while [[ -n $rest ]]; do
      name=${rest%% *} rest=${rest#* }
      case $name in "" | -* | *[!A-Za-z0-9_.+-]*) continue ;; esac
      if \builtin declare -F -- "$name" >/dev/null; then continue; fi
      # bash can define a function whose name is in a variable only by `eval`. That is safe here: the rest of the text
      # is constant, and the pattern above lets no character pass that a shell would expand. (Under `set -o posix` a
      # name with a dash or a dot is an error.)
      \builtin eval "function $name { __awsx_wrapped $name \"\$@\"; }" 2>/dev/null || \builtin :
    done
  }
fi
