#!/bin/sh
# Installs awsx for this user, or takes it away again. It asks no questions and needs no root.
#   sh install.sh             from a checkout;  curl -fsSL .../install.sh | sh  from the network
#   sh install.sh --help      all options
# POSIX sh: dash, bash 3.2, busybox ash. All is one function, which the last line calls: half a download does nothing.

awsx_installer() {
  set -eu
  unset CDPATH PYTHONHOME PYTHONPATH PIP_USER PIP_TARGET PIP_PREFIX

  package=awsx-shell
  checks='import sys; assert sys.version_info >= (3, 10)'
  # What uv, pipx and pip print where they cannot reach the package index.
  no_network='failed to establish|name resolution|connection (error|refused)|network is unreachable'
  no_network="$no_network|dns error|error sending request|failed to fetch|could not connect"

  usage() {
    cat <<'EOF'
usage: sh install.sh [--shell bash|zsh|fish]... [--no-rc]
       sh install.sh --uninstall

Installs awsx with uv, else pipx, else python3 -m venv, and puts one marked
block into the rc file of each shell you use.

  --shell NAME   that shell's rc file only; may be repeated
  --no-rc        leave rc files alone, print the lines to add by hand
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

  # The ways (venv, uv, pipx) by which awsx is installed now.
  ways_used() {
    for way in venv uv pipx; do
      if [ "$way" = venv ] || has "$way"; then
        if [ -d "$(home_of "$way")" ]; then printf '%s\n' "$way"; fi
      fi
    done
  }

  # ours LINK: true if the link leads to an awsx that this script has installed.
  ours() {
    case $(readlink "$1" 2>/dev/null) in
      "$data"/venv/bin/awsx | */"$package"/bin/awsx) return 0 ;;
    esac
    return 1
  }

  # Delete a venv without an awsx in it: an installation that failed half way.
  drop_half() {
    if [ -d "$data/venv" ] && [ ! -e "$data/venv/bin/awsx" ]; then
      rm -rf "$data/venv"
      rmdir "$data" 2>/dev/null || :
    fi
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

  # attempt COMMAND: run it. uv brings certificates of its own, which lack a company's: then again with the system's.
  attempt() {
    "$@" >"$log" 2>&1 && return
    grep -qi certificate "$log" && UV_SYSTEM_CERTS=1 UV_NATIVE_TLS=1 "$@" >>"$log" 2>&1
  }

  install_with_uv() {
    set -- tool install --quiet --upgrade --reinstall-package "$package" "$source"
    if python=$(find_python "$checks"); then set -- "$@" --python "$python"; fi
    attempt uv "$@" || failed "uv could not install $source"
  }

  install_with_pipx() {
    python=$(find_python "$checks") || die "needs Python 3.10 or newer and found none; install one, or uv"
    attempt pipx install --force --python "$python" "$source" || failed "pipx could not install $source"
  }

  install_with_venv() {
    python=$(find_python "$checks") || die "needs Python 3.10 or newer and found none; install one, or uv"
    if ! python=$(find_python "$checks; import ensurepip, venv"); then
      has apt-get && die "this Python cannot make a venv: apt install python3-venv (or install uv or pipx), then again"
      die "this Python cannot make a venv (no ensurepip): install uv or pipx, then again"
    fi
    venv=$data/venv
    mkdir -p "$data" 2>>"$log" || die "cannot make $(tilde "$data")"
    if ! "$venv/bin/python" -I -c "$checks; import pip" >/dev/null 2>&1; then
      "$python" -m venv --clear "$venv" >>"$log" 2>&1 || failed "could not make $(tilde "$venv")"
    fi
    PIP_RETRIES=${PIP_RETRIES:-1} PIP_DISABLE_PIP_VERSION_CHECK=1 \
      "$venv/bin/python" -m pip install --quiet --upgrade "$source" >>"$log" 2>&1 ||
      failed "pip could not install $source"
    mkdir -p "$bin" 2>>"$log" || die "cannot make $(tilde "$bin")"
    ln -sf "$venv/bin/awsx" "$bin/awsx" 2>>"$log" || die "cannot write in $(tilde "$bin")"
  }

  choose_way() {
    way=$(ways_used | head -n 1)
    if [ -z "$way" ]; then
      way=venv
      if has pipx; then way=pipx; fi
      if has uv; then way=uv; fi
    fi
  }

  choose_source() {
    source=$package
    if grep -q "^name = \"$package\"" "$here/pyproject.toml" 2>/dev/null; then source=$here; fi
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
    trap 'drop_half; exit 130' HUP INT TERM
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
      own=$(own_shell)
      say "Start: open a new terminal${own:+, or: exec $own}"
    else
      by_hand
    fi
    case :$PATH: in
      *:"$bin":*) ;;
      *) say "Note:  scripts that call awsx need $(tilde "$bin") on PATH; your shells do not" ;;
    esac
    say "Undo:  $undo"
  }

  own_shell() {
    case ${shells:-${SHELL-}} in
      *bash) say bash ;;
      *zsh) say zsh ;;
      *fish) say fish ;;
    esac
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
          if ours "$bin/awsx"; then rm -f "$bin/awsx"; fi
          rm -rf "$data/venv" || die "cannot delete $(tilde "$data/venv")"
          rmdir "$data" 2>/dev/null || :
          ;;
      esac
      say "Removed awsx from $way"
    done
    rm -rf "$cache" "$state" || die "cannot delete $(tilde "$cache") and $(tilde "$state")"
    if [ -n "${XDG_RUNTIME_DIR-}" ]; then rm -rf "$XDG_RUNTIME_DIR/awsx"; fi
    if [ -z "$ways" ]; then say "awsx is not installed"; fi
    if [ -e "$config" ]; then say "Kept:  $(tilde "$config"), your settings"; fi
    if [ "$blocks" = left ]; then look_for_blocks; fi
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

  rc=yes
  shells=
  action=install
  while [ $# -gt 0 ]; do
    case $1 in
      -h | --help)
        usage
        exit
        ;;
      --uninstall) action=uninstall ;;
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
  log=$(mktemp "${TMPDIR:-/tmp}/awsx-install.XXXXXX" 2>/dev/null) || die "cannot write in ${TMPDIR:-/tmp}"
  trap 'rm -f "$log"' EXIT
  here=
  undo="run the installer again with --uninstall"
  if [ "${0##*/}" = install.sh ] && [ -f "$0" ]; then # not piped into a shell
    here=$(cd "$(dirname "$0")" && pwd)
    undo="sh '$here/install.sh' --uninstall"
  fi
  "$action"
}

awsx_installer "$@"
