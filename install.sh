#!/bin/sh
# Installs awsx for this user, or takes it away again. It asks no questions and needs no root.
#   sh install.sh             from a checkout;  curl -fsSL .../install.sh | sh  from the network
#   sh install.sh --demo      look first, without installing anything (from a checkout: scripts/demo)
#   sh install.sh --help      all options
# POSIX sh: dash, bash 3.2, busybox ash. All is one function, which the last line calls: half a download does nothing.

awsx_installer() {
  set -eu
  unset CDPATH PYTHONHOME PYTHONPATH PIP_USER PIP_TARGET PIP_PREFIX

  package=awsx-shell
  programs="awsx docker-credential-awsx"
  checks='import sys; assert sys.version_info >= (3, 10)'
  no_python="needs Python 3.10 or newer and found none; install one, or uv"
  # What uv, pipx and pip print where they cannot reach the package index.
  no_network='failed to establish|name resolution|connection (error|refused)|network is unreachable'
  no_network="$no_network|dns error|error sending request|failed to fetch|could not connect"

  usage() {
    cat <<'EOF'
usage: sh install.sh [--shell bash|zsh|fish]... [--no-rc] [--prefix DIR]
                     [--version X] [--dry-run]
       sh install.sh --demo [--run COMMANDS]
       sh install.sh --uninstall [--prefix DIR] [--dry-run]

Installs awsx with uv, else pipx, else python3 -m venv, and puts one marked
block into the rc file of each shell you use.

  --shell NAME   that shell's rc file only; may be repeated
  --no-rc        leave rc files alone, print the lines to add by hand
  --prefix DIR   install by python3 -m venv into DIR/share/awsx and DIR/bin
  --version X    install that release in place of this checkout or the newest
  --dry-run      say what would be done, and do nothing
  --demo         try it in a sandbox; installs nothing, writes nothing of yours
                 (what follows are options of `awsx demo`)
  --uninstall    take the blocks and awsx away again; ~/.aws stays as it is
  -h, --help     this text

AWSX_SOURCE=...  install this folder, wheel or URL in place of this checkout or PyPI
EOF
  }

  say() { printf '%s\n' "$*"; }

  die() {
    printf 'awsx: %s\n' "$*" >&2
    exit 1
  }

  wrong() {
    printf 'awsx: %s; see: sh install.sh --help\n' "$*" >&2
    exit 2
  }

  tilde() {
    case $1 in
      "$HOME"/*) printf '~%s' "${1#"$HOME"}" ;;
      *) printf '%s' "$1" ;;
    esac
  }

  # typed PATH: the path as a person types it in bash, zsh and fish.
  typed() {
    case $1 in
      "$HOME"/*)
        case ${1#"$HOME"/} in
          *[!A-Za-z0-9_./-]*) ;;
          *)
            tilde "$1"
            return
            ;;
        esac
        ;;
    esac
    rest=$1
    printf "'"
    while :; do
      case $rest in
        *"'"*) printf '%s%s' "${rest%%"'"*}" "'\\''" ;;
        *) break ;;
      esac
      rest=${rest#*"'"}
    done
    printf "%s'" "$rest"
  }

  # folder XDG_VALUE DEFAULT: where awsx keeps such files. A relative XDG folder counts as none (XDG specification).
  folder() {
    case $1 in
      /*) printf '%s/awsx' "$1" ;;
      *) printf '%s/awsx' "$HOME/$2" ;;
    esac
  }

  has() { command -v "$1" >/dev/null 2>&1; }

  # find_python CHECK: the first Python that passes the check; its own path, not that of a shim (pyenv).
  find_python() {
    for name in python3 python3.14 python3.13 python3.12 python3.11 python3.10 python; do
      if "$name" -I -c "$1" >/dev/null 2>&1; then
        "$name" -I -c 'import sys; print(sys.executable)'
        return
      fi
    done
    return 1
  }

  # home_of WAY: the folder into which uv, pipx or venv puts awsx.
  home_of() {
    case $1 in
      venv) printf '%s/venv\n' "$data" ;;
      uv) printf '%s/%s\n' "$(uv tool dir 2>/dev/null)" "$package" ;;
      pipx)
        for venvs in "$(pipx environment --value PIPX_LOCAL_VENVS 2>/dev/null || :)" \
          "${PIPX_HOME:-$HOME/.local/share/pipx}/venvs" "$HOME/.local/pipx/venvs"; do
          if [ -d "$venvs/$package" ]; then
            printf '%s/%s\n' "$venvs" "$package"
            return
          fi
        done
        printf '/nonexistent\n'
        ;;
    esac
  }

  # The ways (venv, uv, pipx) by which awsx is installed now. A prefix leaves one way: venv.
  ways_used() {
    for way in venv ${prefix:+.} uv pipx; do
      if [ "$way" = . ]; then return; fi
      if [ "$way" = venv ] || has "$way"; then
        if [ -d "$(home_of "$way")" ]; then printf '%s\n' "$way"; fi
      fi
    done
  }

  # ours LINK: true if the link leads to an awsx that this script has installed.
  ours() {
    case $(readlink "$1" 2>/dev/null) in
      "$data"/venv/bin/"${1##*/}" | */"$package"/bin/"${1##*/}") return 0 ;;
    esac
    return 1
  }

  # missing_folders PATH: each folder of the path that does not exist yet, the uppermost first.
  missing_folders() {
    set -- "$1" ""
    while [ -n "$1" ] && [ ! -e "$1" ]; do
      set -- "${1%/*}" "$1$newline$2"
    done
    printf %s "$2"
  }

  # Note which folders this installation makes, so that they go with it if they are empty then.
  note_folders() {
    made=
    for path in "$data" "$bin" "$cache" "$state"; do
      made=$made$(missing_folders "$path")$newline
    done
    mkdir -p "$data" 2>>"$log" || die "cannot make $(tilde "$data")"
    printf '%s' "$made" >>"$data/made-folders" 2>>"$log" || die "cannot write in $(tilde "$data")"
  }

  # Remove the folders that an installation has made, unless there is something else in them.
  drop_folders() {
    made=
    if [ -r "$data/made-folders" ]; then
      while IFS= read -r path; do made=$path$newline$made; done <"$data/made-folders"
      rm -f "$data/made-folders"
    fi
    rmdir "$data" 2>/dev/null || :
    IFS=$newline
    set -f
    # shellcheck disable=SC2086 # a path a line
    set -- $made
    set +f
    unset IFS
    for path; do rmdir "$path" 2>/dev/null || :; done
  }

  # Delete a venv without an awsx in it: an installation that failed half way.
  drop_half() {
    if [ -d "$data/venv" ] && [ ! -e "$data/venv/bin/awsx" ]; then
      rm -rf "$data/venv"
    fi
    if [ -z "$(ways_used)" ]; then drop_folders; fi
  }

  # failed WHAT: one line for the person; what the tool printed stays in the log.
  failed() {
    drop_half
    trap - EXIT
    if grep -qiE "$no_network" "$log"; then
      die "$1: the package index could not be reached; check the network or proxy (all of it: $log)"
    fi
    die "$1 (why: $log)"
  }

  # with_progress COMMAND: run it; meanwhile say on a terminal how long it has taken.
  with_progress() {
    if [ ! -t 2 ] || [ "${TERM:-dumb}" = dumb ]; then
      "$@"
      return
    fi
    begin_progress
    code=0
    "$@" || code=$?
    end_progress
    return "$code"
  }

  begin_progress() {
    (
      seconds=0
      while kill -0 $$ 2>/dev/null; do
        printf '\r  fetching and installing, %s s ' "$seconds"
        sleep 1
        seconds=$((seconds + 1))
      done >&2
    ) &
    clock=$!
  }

  end_progress() {
    if [ -n "$clock" ]; then
      kill "$clock" 2>/dev/null
      wait "$clock" 2>/dev/null || :
      clock=
      printf '\r                                        \r' >&2
    fi
  }

  # attempt COMMAND: run it. uv brings certificates of its own, which lack a company's: then again with the system's.
  attempt() {
    with_progress logged "$@" && return
    grep -qi certificate "$log" && UV_SYSTEM_CERTS=1 UV_NATIVE_TLS=1 "$@" >>"$log" 2>&1
  }

  logged() { "$@" >>"$log" 2>&1; }

  install_with_uv() {
    set -- tool install --quiet --upgrade --reinstall-package "$package" "$source"
    if python=$(find_python "$checks"); then set -- "$@" --python "$python"; fi
    attempt uv "$@" || failed "uv could not install $source"
  }

  install_with_pipx() {
    attempt pipx install --force --python "$python" "$source" || failed "pipx could not install $source"
  }

  # Set `python` to one that can make a virtual environment.
  find_venv_python() {
    find_python "$checks" >/dev/null || die "$no_python"
    if ! python=$(find_python "$checks; import ensurepip, venv"); then
      others="install uv or pipx"
      if [ "$action" = demo ] || [ -n "$prefix" ]; then others=; fi # they make venvs of their own, elsewhere
      has apt-get && die "this Python cannot make a venv: apt install python3-venv${others:+ (or $others)}, then again"
      die "this Python cannot make a venv (no ensurepip): ${others:-install one that can}, then again"
    fi
  }

  # pip_install VENV WORD...: let the pip of that virtual environment install what the words say.
  pip_install() {
    pip=$1/bin/python
    shift
    PIP_RETRIES=${PIP_RETRIES:-1} PIP_DISABLE_PIP_VERSION_CHECK=1 \
      with_progress logged "$pip" -m pip install --quiet "$@"
  }

  install_with_venv() {
    venv=$data/venv
    if ! "$venv/bin/python" -I -c "$checks; import pip" >/dev/null 2>&1; then
      "$python" -m venv --clear "$venv" >>"$log" 2>&1 || failed "could not make $(tilde "$venv")"
    fi
    pip_install "$venv" --upgrade "$source" || failed "pip could not install $source"
    mkdir -p "$bin" 2>>"$log" || die "cannot make $(tilde "$bin")"
    for program in $programs; do
      if [ ! -e "$venv/bin/$program" ]; then continue; fi # an older version
      if [ -e "$bin/$program" ] && ! ours "$bin/$program"; then continue; fi
      ln -sf "$venv/bin/$program" "$bin/$program" 2>>"$log" || die "cannot write in $(tilde "$bin")"
    done
  }

  choose_way() {
    way=$(ways_used | head -n 1)
    if [ -z "$way" ]; then
      way=venv
      if [ -z "$prefix" ] && has pipx; then way=pipx; fi
      if [ -z "$prefix" ] && has uv; then way=uv; fi
    fi
  }

  choose_source() {
    source=$package
    if grep -q "^name = \"$package\"" "$here/pyproject.toml" 2>/dev/null; then source=$here; fi
    if [ -n "$wanted" ]; then
      source=$package==$wanted
      return
    fi
    if [ -z "${AWSX_SOURCE-}" ]; then return; fi
    case $AWSX_SOURCE in
      *://* | /*) source=$AWSX_SOURCE ;;
      */*) source=$PWD/$AWSX_SOURCE ;;
      *) if [ -e "$AWSX_SOURCE" ]; then source=$PWD/$AWSX_SOURCE; else source=$AWSX_SOURCE; fi ;;
    esac
    case $source in
      *://*) ;;
      /*) [ -e "$source" ] || die "AWSX_SOURCE: there is no $source" ;;
    esac
  }

  # Compiled modules halve the time of a start; pip makes them, uv and pipx do not.
  compile() {
    "$1/bin/python" -I -c 'import sysconfig; print(sysconfig.get_path("purelib"))' >"$log.path" 2>/dev/null &&
      "$1/bin/python" -I -m compileall -q -j 0 "$(cat "$log.path")" >>"$log" 2>&1 || :
    rm -f "$log.path"
  }

  install() {
    probe=$HOME/.awsx-install.$$
    (: >"$probe") 2>/dev/null || die "cannot write in your home folder $HOME"
    rm -f "$probe"
    if [ -e "$bin/awsx" ] && ! ours "$bin/awsx"; then
      die "$(tilde "$bin/awsx") is there already and is not this awsx; move it away first"
    fi
    choose_source
    choose_way
    case $way in
      venv) find_venv_python ;;
      pipx) python=$(find_python "$checks") || die "$no_python" ;;
    esac
    if [ "$dry" = yes ]; then
      would_install
      return
    fi
    trap 'end_progress; drop_half; exit 130' HUP INT TERM
    note_folders
    say "Installing awsx with $way ..."
    "install_with_$way"
    place=$(home_of "$way")
    [ -x "$place/bin/awsx" ] || failed "$way installed no awsx in $(tilde "$place")"
    compile "$place"
    version=$("$place/bin/python" -I -c 'import awsx; print(awsx.__version__)')
    say "awsx $version is in $(tilde "$place")"
    if [ "$rc" = yes ]; then
      # shellcheck disable=SC2086 # a list of plain words
      "$place/bin/awsx" install $shells || exit 1
    else
      by_hand
    fi
    say "Start: $(start)"
    say "Path:  $(where_on_path)"
    say "Undo:  $undo"
  }

  would_install() {
    say "Would install $source with $way${prefix:+ into $(tilde "$prefix")}"
    if [ "$way" = venv ]; then say "Would make $(tilde "$data/venv") and $(tilde "$bin/awsx")"; fi
    if [ "$rc" = no ]; then return; fi
    place=$(home_of "$way")
    if [ -x "$place/bin/awsx" ]; then
      # shellcheck disable=SC2086 # a list of plain words
      "$place/bin/awsx" install --dry-run $shells || exit 1
    else
      say "Would add one marked block to the rc file of: ${shells:-each shell you use}"
    fi
  }

  # What brings awsx into the very terminal in which this script was started.
  start() {
    program=$place/bin/awsx
    if ours "$bin/awsx"; then program=$bin/awsx; fi
    by_itself="in this terminal"
    if [ "$rc" = yes ]; then by_itself="$by_itself; new ones have it"; fi
    own=$(own_shell)
    case $own in
      fish) say "$(typed "$program") init fish | source    # $by_itself" ;;
      bash | zsh) say "eval \"\$($(typed "$program") init $own)\"    # $by_itself" ;;
      *) say "open a new terminal" ;;
    esac
  }

  # Where programs that see no shell function find awsx: scripts, make, cron.
  where_on_path() {
    printf '%s; ' "$(tilde "$bin/awsx")"
    found=$(command -v awsx || :)
    case :$PATH: in
      *:"$bin":*)
        if [ "$found" = "$bin/awsx" ]; then
          say "$(tilde "$bin") is on PATH"
        else
          say "$(tilde "$bin") is on PATH, but $(tilde "$found") comes first"
        fi
        ;;
      *)
        for profile in .profile .bash_profile .zprofile; do
          if [ "$bin" = "$HOME/.local/bin" ] && grep -qs '\.local/bin' "$HOME/$profile"; then
            printf '%s puts it on PATH at your next login; ' "$(tilde "$HOME/$profile")"
            say "scripts that call awsx need it there, your shells do not"
            return
          fi
        done
        say "$(tilde "$bin") is not on PATH; scripts that call awsx need it there, your shells do not"
        ;;
    esac
  }

  # The shell in which this script was typed: its parent, else the login shell. --shell names it, too.
  own_shell() {
    parent=
    if [ -r "/proc/$PPID/comm" ]; then
      read -r parent <"/proc/$PPID/comm" || :
    elif has ps; then
      parent=$(ps -o comm= -p "$PPID" 2>/dev/null || :)
    fi
    for name in ${shells##* } "${parent#-}" "${SHELL-}"; do
      case ${name##*/} in
        bash | zsh | fish)
          say "${name##*/}"
          return
          ;;
      esac
    done
  }

  by_hand() {
    own=$(own_shell)
    for shell in ${shells:-${own:-bash zsh fish}}; do
      say "To load it in $shell, add to its rc file:"
      "$place/bin/awsx" init "$shell" || exit 1
    done
  }

  uninstall() {
    ways=$(ways_used)
    if [ "$dry" = yes ]; then
      would_uninstall
      return
    fi
    blocks=left
    for way in $ways; do
      place=$(home_of "$way")
      if [ -x "$place/bin/awsx" ] && [ "$blocks" = left ]; then
        "$place/bin/awsx" uninstall || exit 1
        blocks=gone
      fi
    done
    for way in $ways; do
      case $way in
        uv | pipx)
          if [ "$way" = uv ]; then set -- tool; else set --; fi
          "$way" "$@" uninstall "$package" >"$log" 2>&1 || failed "$way could not uninstall $package"
          ;;
        venv)
          for program in $programs; do
            if ours "$bin/$program"; then rm -f "$bin/$program"; fi
          done
          rm -rf "$data/venv" || die "cannot delete $(tilde "$data/venv")"
          ;;
      esac
      say "Removed awsx from $way"
    done
    rm -rf "$cache" "$state" || die "cannot delete $(tilde "$cache") and $(tilde "$state")"
    if [ -n "${XDG_RUNTIME_DIR-}" ]; then rm -rf "$XDG_RUNTIME_DIR/awsx"; fi
    drop_folders
    if [ -z "$ways" ]; then say "awsx is not installed"; fi
    if [ -e "$config" ]; then say "Kept:  $(tilde "$config"), your settings"; fi
    if [ "$blocks" = left ]; then look_for_blocks; fi
  }

  would_uninstall() {
    for way in $ways; do
      place=$(home_of "$way")
      if [ -x "$place/bin/awsx" ]; then "$place/bin/awsx" uninstall --dry-run || exit 1; fi
      say "Would remove awsx from $way: $(tilde "$place")"
    done
    for path in "$cache" "$state"; do
      if [ -e "$path" ]; then say "Would delete $(tilde "$path")"; fi
    done
  }

  # --- the demo: nothing is installed, and nothing of the home folder is written

  # The names of what awsx needs besides Python, from a pyproject.toml.
  needs='
import sys
try:
    import tomllib
except ImportError:
    from pip._vendor import tomli as tomllib
with open(sys.argv[1], "rb") as file:
    print(*tomllib.load(file)["project"]["dependencies"], sep="\n")'
  has_needs='import boto3, iterfzf, shellingham, typer'

  demo() {
    choose_source
    scratch=
    trap 'end_progress; rm -rf "$log" "$log.needs" ${scratch:+"$scratch"}' EXIT
    trap 'exit 130' HUP INT TERM
    if [ "$source" = "$here" ] && python=$(demo_python); then
      set -- "$python" -I -S "$here/awsx/start.py" demo "$@"
    else
      make_demo_venv
      if [ "$source" = "$here" ]; then
        set -- "$venv/bin/python" -I -S "$here/awsx/start.py" demo "$@"
      else
        set -- "$venv/bin/awsx" demo "$@"
      fi
    fi
    "$@" # not exec: the traps clean up
  }

  # A Python that has what awsx needs: that of .venv in the checkout, else one on PATH.
  demo_python() {
    if "$here/.venv/bin/python" -I -c "$checks; $has_needs" >/dev/null 2>&1; then
      printf '%s\n' "$here/.venv/bin/python"
    else
      find_python "$checks; $has_needs"
    fi
  }

  # Make .venv beside the checkout if there is none, else a temporary one, and set `venv`.
  make_demo_venv() {
    find_venv_python
    venv=$here/.venv
    if [ "$source" != "$here" ] || [ -e "$venv" ] || [ ! -w "$here" ]; then
      scratch=$(mktemp -d "${TMPDIR:-/tmp}/awsx-demo-venv.XXXXXX") || die "cannot write in ${TMPDIR:-/tmp}"
      venv=$scratch/venv
    else
      scratch=$venv # until it is whole
    fi
    printf '%s\n' "Making $(tilde "$venv") for the demo ..." >&2
    "$python" -m venv "$venv" >>"$log" 2>&1 || demo_failed "could not make $(tilde "$venv")"
    if [ "$source" = "$here" ]; then
      "$venv/bin/python" -I -c "$needs" "$here/pyproject.toml" >"$log.needs"
      set -- -r "$log.needs"
    else
      set -- "$source"
    fi
    # pip's cache would lie in the home folder.
    pip_install "$venv" --no-cache-dir "$@" || demo_failed "pip could not install what the demo needs"
    if [ "$scratch" = "$here/.venv" ]; then scratch=; fi
  }

  demo_failed() {
    trap - EXIT
    rm -rf "$log.needs" ${scratch:+"$scratch"}
    failed "$1"
  }

  # Name each rc file that still has a block: no awsx is left that could take it out.
  look_for_blocks() {
    for rcfile in "$HOME/.bashrc" "$HOME/.bash_profile" "$HOME/.bash_login" "$HOME/.profile" \
      "${ZDOTDIR:-$HOME}/.zshrc" "${XDG_CONFIG_HOME:-$HOME/.config}/fish/config.fish"; do
      if grep -q '^# >>> awsx >>>' "$rcfile" 2>/dev/null; then
        say "Left:  the lines from '# >>> awsx >>>' to '# <<< awsx' in $(tilde "$rcfile"); delete them by hand"
      fi
    done
  }

  newline='
'
  rc=yes
  shells=
  prefix=
  wanted=
  dry=no
  clock=
  action=install
  while [ $# -gt 0 ]; do
    case $1 in
      -h | --help)
        usage
        exit
        ;;
      --uninstall) action=uninstall ;;
      --demo)
        action=demo
        shift
        break
        ;;
      --dry-run) dry=yes ;;
      --prefix | --prefix=* | --version | --version=*)
        option=${1%%=*}
        if [ "$option" = "$1" ]; then
          [ $# -gt 1 ] || wrong "$option needs a value"
          shift
        fi
        value=${1#"$option="}
        case $option$value in
          --prefix/*) prefix=$value ;;
          --prefix?*) prefix=$PWD/$value ;;
          --version | --version*[!0-9A-Za-z.+!-]* | --prefix) wrong "$option takes no '$value'" ;;
          *) wanted=$value ;;
        esac
        ;;
      --no-rc) rc=no ;;
      --shell | --shell=*)
        case $1 in
          --shell)
            [ $# -gt 1 ] || wrong "--shell needs bash, zsh or fish"
            shift
            ;;
        esac
        case ${1#--shell=} in
          bash | zsh | fish) shells="$shells${shells:+ }${1#--shell=}" ;;
          *) wrong "--shell takes bash, zsh or fish, not '${1#--shell=}'" ;;
        esac
        ;;
      *) wrong "unknown option '$1'" ;;
    esac
    shift
  done

  [ -n "${HOME-}" ] || die "HOME is not set; awsx would not know where to install"
  [ -d "$HOME" ] || die "your home folder $HOME is not there"
  data=$(folder "${XDG_DATA_HOME-}" .local/share)
  cache=$(folder "${XDG_CACHE_HOME-}" .cache)
  state=$(folder "${XDG_STATE_HOME-}" .local/state)
  config=$(folder "${XDG_CONFIG_HOME-}" .config)/config.toml
  bin=$HOME/.local/bin
  if [ -n "$prefix" ]; then
    prefix=${prefix%/}
    data=$prefix/share/awsx
    bin=$prefix/bin
  fi
  if [ -n "$wanted" ] && [ -n "${AWSX_SOURCE-}" ]; then wrong "--version and AWSX_SOURCE name two sources"; fi
  log=$(mktemp "${TMPDIR:-/tmp}/awsx-install.XXXXXX" 2>/dev/null) || die "cannot write in ${TMPDIR:-/tmp}"
  trap 'rm -f "$log"' EXIT
  here=
  undo="run the installer again with --uninstall"
  if [ "${0##*/}" = install.sh ] && [ -f "$0" ]; then # not piped into a shell
    here=$(cd "$(dirname "$0")" && pwd)
    undo="sh '$here/install.sh' --uninstall"
  fi
  if [ -n "$prefix" ]; then undo="$undo --prefix $(typed "$prefix")"; fi
  "$action" "$@"
}

awsx_installer "$@"
