# shellcheck shell=bash disable=SC2016,SC2128,SC2154,SC2178
# (compgen expands '$offer' itself; text is an array where mapfile fills it, and its first element is what we want;
# what is not assigned here is so in awsx.bash)
#
# What Tab offers behind `awsx` in bash: shell/awsx.bash sources this file at the first one. Commands, their options and
# the regions stand in the files `words` and `regions` beside it, the names in the lists of the core; where they are
# stale or not there, one sed looks for them in the files of the AWS CLI.
#
# A name is data all the way: never expanded, never evaluated.

if [ -n "${BASH_VERSION-}" ]; then

  # $2 is the part of the word that readline will replace.
  function __awsx_complete {
    \builtin local IFS=$'\n' LC_COLLATE=C text words verb=awsx takes="" ended="" beyond=""
    \builtin local typed="" head="" quote="" offer=""
    \builtin local -i given=0 dashes=0 count=0
    \builtin local shelf="${__awsx_file%/*}"
    COMPREPLY=()
    if [[ ! -r $shelf/words ]]; then \builtin return 0; fi
    __awsx_slurp "$shelf/words"
    words=$'\n'${text-}
    __awsx_cut "${COMP_LINE:0:COMP_POINT}" "$2"
    if [[ -n $beyond ]]; then
      __awsx_delegate "$2" || \builtin :
      \builtin return 0
    fi
    __awsx_where
    __awsx_choose
    __awsx_filter
    __awsx_quote
  }

  # The words before the cursor, each to __awsx_pass without its quotes; the last one is `typed`, and `head` the part of
  # it that readline leaves in place: it ends a word at a colon or `=` too.
  function __awsx_cut {
    \builtin local rest="$1" word="" is_word="" char
    \builtin local -i end="${#1} - ${#2}" at=0
    while [[ $at -lt ${#1} && -z $beyond ]]; do
      if [[ $at -eq $end ]]; then head=$word; fi
      char=${rest:0:1} rest=${rest:1} at=$((at + 1))
      case $quote$char in
        [$' \t']) # between two words
          if [[ -n $is_word ]]; then __awsx_pass "$word"; fi
          word="" is_word=""
          continue
          ;;
        \" | \') quote=$char ;;
        \"\" | \'\') quote="" ;;
        \\* | \"\\)
          char=${rest:0:1} rest=${rest:1} at=$((at + 1))
          case $quote$char in \"[!\"\\\$\`]) word=$word\\ ;; esac
          word=$word$char
          ;;
        *) word=$word$char ;;
      esac
      is_word=1
    done
    if [[ $at -eq $end ]]; then head=$word; fi
    typed=$word
    if [[ -n $beyond ]]; then beyond=$at; fi
  }

  # What a word that stands before the cursor's says of those to come.
  function __awsx_pass {
    count=$((count + 1))
    if [[ $count -eq 1 ]]; then \builtin return 0; fi
    if [[ -n $takes ]]; then
      takes="" # that was the option's value
    elif [[ $1 == -- && -z $ended ]] || [[ $1 == -- && $given -gt 0 ]]; then
      ended=1 dashes=$((dashes + 1))
      if [[ $given -gt 0 && $words == *$'\n'"$verb"$'\t'--$'\t'* ]]; then beyond=1; fi
    elif [[ $1 == -?* && -z $ended ]]; then
      __awsx_look_up "$1"
    elif [[ $verb$given == awsx0 && -z $ended && $words == *$'\n'awsx$'\t'"$1"$'\t'VERB$'\t'* ]]; then
      verb=$1
    else
      given=$((given + 1))
    fi
  }

  # In `takes`, what the option $1 takes; empty for nothing.
  function __awsx_look_up {
    takes=${words#*$'\n'"$verb"$'\t'"$1"$'\t'}
    if [[ $takes == "$words" ]]; then takes=-; fi
    takes=${takes%%$'\t'*}
    if [[ $takes == - ]]; then takes=""; fi
  }

  # In `offer`, a line for each word that may stand here.
  function __awsx_choose {
    \builtin local command word value prefix="" options=""
    if [[ -z $takes && -z $ended && $typed == --*=* ]]; then
      prefix=${typed%%=*}=
      __awsx_look_up "${typed%%=*}"
    elif [[ -z $takes ]]; then
      if [[ -z $ended && $typed == -* ]]; then options=1; fi
      while IFS=$'\t' \builtin read -r command word value _; do
        case $command:$word:$value in
          "$verb:--:"*) if [[ $given -gt 0 ]]; then offer=$offer$word$'\n'; fi ;;
          "$verb:-"*) if [[ -n $options && ($word != - || $given -eq 0) ]]; then offer=$offer$word$'\n'; fi ;;
          "$verb":*:VERB) if [[ -z $ended$options && $given -eq 0 ]]; then offer=$offer$word$'\n'; fi ;;
          "$verb":[1*]:*) if [[ -z $options && ($word == '*' || $given -eq 0) ]]; then takes=$value; fi ;;
        esac
      done <"$shelf/words"
    fi
    __awsx_add_values
    if [[ -n $prefix ]]; then offer=$prefix${offer//$'\n'/$'\n'$prefix}; fi
  }

  function __awsx_add_values {
    text=""
    case $takes in
      PROFILE) __awsx_names names profile ;;
      SESSION) __awsx_names sessions sso-session ;;
      REGION) __awsx_slurp "$shelf/regions" ;;
      [a-z]*) text=${takes// /$'\n'} ;;
    esac
    offer=${text-}${offer:+$'\n'$offer} # the values first: readline keeps that order since bash 4.4
  }

  # In `text`, the names in the core's list $1; where that is stale or not there, those of the sections `[$2 NAME]`.
  function __awsx_names {
    if __awsx_is_stamped; then
      if [[ -r $__awsx_folder/$1 && -O $__awsx_folder/$1 ]]; then
        __awsx_slurp "$__awsx_folder/$1"
        \builtin return 0
      fi
      __awsx_make_lists
    fi
    __awsx_look_for "$2"
  }

  # Have the core make its lists for a later Tab, once for each stock that it takes. Nobody waits for that.
  function __awsx_make_lists {
    \builtin local stock=""
    IFS="" \builtin read -r stock <"$__awsx_folder/stock" || \builtin :
    if [[ -e $__awsx_folder/names || $stock == "${__awsx_listed-}" || ! -r $__awsx_start ]]; then \builtin return 0; fi
    __awsx_listed=$stock
    # A background job of a subshell: this shell does not tell when it ends, and Ctrl-C on the line does not end it.
    \builtin : "$(
      \builtin trap '' INT
      AWSX_SHELL=$__awsx_shell AWSX_CACHE=$__awsx_cache \
        "$__awsx_python" -I -S "$__awsx_start" ls --names </dev/null >/dev/null 2>&1 &
    )"
  }

  # In `text`, the names of the sections `[$1 NAME]` in the files of the AWS CLI that begin with what is typed.
  function __awsx_look_for {
    \builtin local plain="" begin="" rest="${typed#"$prefix"}" char
    while [[ -n $rest ]]; do # as sed understands it
      char=${rest:0:1} rest=${rest:1}
      case $char in [].*^\$\\/[]) char=\\$char ;; [[:cntrl:]]) \builtin return 0 ;; esac
      begin=$begin$char
    done
    if [[ $1 == profile ]]; then plain='s/^\[\(default\)].*/\1/p'; fi
    text=$(
      if [[ -f $__awsx_config && -r $__awsx_config ]]; then
        LC_ALL=C \builtin command sed -n -e '/^\[/!d' -e "$plain" -e "/^\[$1[ 	][ 	]*[\"']\{0,1\}$begin.*]/!d" \
          -e "s/^\[$1[ 	]*//" -e 's/[ 	]*][^]]*$//' -e ty -e :y \
          -e "s/^\"\([^\"\\]*\)\"\$/\1/p;t" -e "s/^'\([^']*\)'\$/\1/p;t" -e "/[[:cntrl:] \"'\\]/!p" \
          <"$__awsx_config" 2>/dev/null
      fi
      if [[ $1 == profile && -f $__awsx_credentials && -r $__awsx_credentials ]]; then
        LC_ALL=C \builtin command sed -n -e "/^\[$begin.*]/!d" -e '/^\[DEFAULT]/d' -e 's/^\[\(.*\)][^]]*$/\1/' \
          -e '/[[:cntrl:]]/!p' <"$__awsx_credentials" 2>/dev/null
      fi
    ) || \builtin :
  }

  # In `text`, a whole file.
  if [[ $((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1])) -ge 404 ]]; then
    function __awsx_slurp {
      text=()
      if [[ -r $1 ]]; then \builtin mapfile -d "" text <"$1"; fi
    }
  else
    function __awsx_slurp {
      text=""
      if [[ -r $1 ]]; then IFS="" \builtin read -r -d "" text <"$1" || \builtin :; fi
    }
  fi

  # In COMPREPLY, the lines of `offer` that begin with what is typed, up to their tab. By compgen, since a loop takes
  # 15 ms for 5,000 names; and through a file (the hand-over's, empty now), since `$(...)` is a process.
  function __awsx_filter {
    \builtin local pattern="" file="$__awsx_run/shell.$$"
    __awsx_quote_pattern
    text=""
    if [[ -O $__awsx_run && ! -L $file ]] && { \builtin printf . >|"$file"; } 2>/dev/null &&
      [[ -r $file && -w $file ]]; then
      \builtin compgen -X "!$pattern*" -W '$offer' >|"$file" || \builtin :
      __awsx_slurp "$file"
      \builtin : >|"$file"
    else
      text=$(\builtin compgen -X "!$pattern*" -W '$offer') || \builtin :
    fi
    __awsx_reply "${text-}"
    if [[ ${#COMPREPLY[@]} -gt 0 ]]; then __awsx_drop_descriptions; fi
  }

  # In `pattern`, a pattern that matches what is typed and nothing else. (`printf %q` is no help: what is not ASCII
  # becomes $'\303\274' in bash before 4.3 or under LC_ALL=C.)
  function __awsx_quote_pattern {
    \builtin local rest="$typed" char
    pattern=""
    while [[ -n $rest ]]; do
      char=${rest:0:1} rest=${rest:1}
      case $char in [][\\*?\&\!\(\)\|^]) char=\\$char ;; esac
      pattern=$pattern$char
    done
  }

  # Cut the names in COMPREPLY at their tabs. (bash 3.2 makes one word of them all if IFS has no blank.)
  function __awsx_drop_descriptions {
    \builtin local IFS=$' \t\n'
    COMPREPLY=("${COMPREPLY[@]%%$'\t'*}")
  }

  # The lines of $1 as COMPREPLY.
  function __awsx_reply {
    \builtin local options="$-" IFS=$'\n'
    \builtin set -f
    # shellcheck disable=SC2206 # a line each
    COMPREPLY=($1)
    case $options in *f*) ;; *) \builtin set +f ;; esac
  }

  # COMPREPLY as readline shall insert it: without the head, and quoted as the person has begun to.
  function __awsx_quote {
    \builtin local at name
    case "$head${COMPREPLY[*]-}" in *[!A-Za-z0-9_.@%+=:,/$'\n'-]*) ;; "${COMPREPLY[*]-}") \builtin return 0 ;; esac
    for at in ${COMPREPLY[@]+"${!COMPREPLY[@]}"}; do
      name=${COMPREPLY[at]#"$head"}
      if [[ -n $quote ]]; then
        __awsx_quote_within
      else
        case $name in *[!\ -~]*) __awsx_quote_beyond_ascii ;; *) \builtin printf -v name %q "$name" ;; esac
      fi
      COMPREPLY[at]=$name
    done
  }

  # In `name`, what stands for it between quotes.
  function __awsx_quote_within {
    \builtin local rest="$name" char
    name=""
    while [[ -n $rest ]]; do
      char=${rest:0:1} rest=${rest:1}
      case $quote$char in
        \"[\"\\\$\`]) name=$name\\$char ;;
        \"!) name=$name'"\!"' ;; # history is expanded between these quotes, too
        \'\') name=$name"'\''" ;;
        *) name=$name$char ;;
      esac
    done
  }

  # In `name`, what stands for it without quotes. `printf %q` would write $'\303\274' for some characters, see above.
  function __awsx_quote_beyond_ascii {
    \builtin local rest="$name" char
    name=""
    while [[ -n $rest ]]; do
      char=${rest:0:1} rest=${rest:1}
      case $char in [$' \t'\!\"\#\$\&\'\(\)\*\;\<\>\?\[\\\]'^'\`\{\|\}\~]) char=\\$char ;; esac
      name=$name$char
    done
  }

  # Behind `--`: what the command there completes by itself, as if its line began there. $1 is $2 of __awsx_complete.
  function __awsx_delegate {
    \builtin local IFS=$' \t\n' at=0 offset spec function program
    while [[ $dashes -gt 0 ]]; do
      if [[ ${COMP_WORDS[at]} == -- ]]; then dashes=$((dashes - 1)); fi
      at=$((at + 1))
    done
    spec=$(\builtin complete -p "${COMP_WORDS[at]-}" 2>/dev/null) || spec=""
    for offset in _comp_command_offset _command_offset; do
      if [[ $spec != *' -C '* ]] && \builtin declare -F "$offset" >/dev/null; then
        "$offset" "$at"
        \builtin return 0
      fi
    done
    COMP_LINE=${COMP_LINE:beyond} COMP_POINT=$((COMP_POINT - beyond)) COMP_CWORD=$((COMP_CWORD - at))
    COMP_WORDS=("${COMP_WORDS[@]:at}")
    function=${spec#* -F } program=${spec#* -C }
    function=${function%% *} program=${program#\'}
    \builtin set -- "${COMP_WORDS[0]}" "$1" "${COMP_WORDS[COMP_CWORD > 0 ? COMP_CWORD - 1 : 0]}"
    if [[ $COMP_CWORD -eq 0 && $2 != */* ]]; then
      __awsx_reply "$(\builtin compgen -c -- "$2")"
    elif [[ $spec == *' -F '* ]]; then
      __awsx_take_options "$spec"
      "$function" "$@"
    elif [[ $spec == *' -C '* ]]; then
      __awsx_take_options "$spec"
      __awsx_reply "$(COMP_LINE=$COMP_LINE COMP_POINT=$COMP_POINT "${program%%[\' ]*}" "$@" 2>/dev/null)"
    else
      \builtin compopt -o filenames 2>/dev/null
      __awsx_reply "$(\builtin compgen -f -- "$2")"
    fi
  }

  # The options of a completion that is registered as $1, for the one that is going on (since bash 4).
  function __awsx_take_options {
    \builtin local rest="$1"
    while [[ $rest == *' -o '* ]]; do
      rest=${rest#* -o }
      \builtin compopt -o "${rest%% *}" 2>/dev/null || \builtin :
    done
  }
fi
