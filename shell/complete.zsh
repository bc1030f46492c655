# What Tab offers behind `awsx` in zsh: shell/awsx.zsh sources this file at the first one. Commands, their options and
# the regions stand in the files `words` and `regions` beside it, the names in the lists of the core; where they are
# stale or not there, they are looked for in the files of the AWS CLI. The core is started only to make the lists.
#
# A name is data all the way: never expanded, never evaluated.

if [[ -n ${ZSH_VERSION-} ]]; then

  # Of compsys: words, CURRENT, PREFIX.
  function _awsx {
    # Else _normal and _files would run with the options of our sticky emulation, where they do not work.
    setopt local_options ${_comp_options[@]-}
    local word verb=awsx takes shelf=${__awsx_file:h}
    local -i at given=0 ended=0
    local -a lines
    __awsx_slurp $shelf/words
    for ((at = 2; at < CURRENT; at++)); do
      word=${(Q)words[at]}
      if [[ -n $takes ]]; then
        takes= # that was the option's value
      elif [[ $word == -- && ($ended -eq 0 || $given -gt 0) ]]; then
        ended=1
        if [[ $given -gt 0 && -n ${(M)lines:#$verb$'\t'--$'\t'*} ]]; then
          shift $at words
          ((CURRENT -= at))
          _normal # what the command there completes by itself
          return
        fi
      elif [[ $word == -?* && $ended -eq 0 ]]; then
        __awsx_look_up $word
      elif [[ $verb$given$ended == awsx00 && -n ${(M)lines:#awsx$'\t'$word$'\t'VERB$'\t'*} ]]; then
        verb=$word
      else
        given+=1
      fi
    done
    __awsx_offer
  }

  # In `takes`, what the option $1 takes; empty for nothing.
  function __awsx_look_up {
    takes=${${${(M)lines:#$verb$'\t'$1$'\t'*}[1]-}#*$'\t'*$'\t'}
    takes=${takes%%$'\t'*}
    if [[ $takes == - ]]; then takes=; fi
  }

  # What may stand at the cursor.
  function __awsx_offer {
    local typed=${(Q)PREFIX}
    lines=(${(M)lines:#$verb$'\t'*})
    lines=(${lines#*$'\t'})
    if [[ -n $takes ]]; then
      __awsx_values
    elif [[ $ended -eq 0 && $typed == --*=* ]]; then
      takes=${${(M)lines:#${typed%%\=*}$'\t'*}[1]-}
      takes=${${takes#*$'\t'}%%$'\t'*}
      compset -P '*='
      typed=${typed#*\=}
      __awsx_values
    elif [[ $ended -eq 0 && $typed == -* ]]; then
      lines=(${(M)lines:#-*})
      if ((given)); then lines=(${lines:#-$'\t'*}); else lines=(${lines:#--$'\t'*}); fi
      __awsx_describe options option
    else
      __awsx_arguments
    fi
  }

  function __awsx_arguments {
    local -a all=($lines)
    local code=1
    if ((given)); then
      takes=${${(M)all:#\*$'\t'*}[1]-}
      all=(${(M)all:#--$'\t'*})
    else
      takes=${${(M)all:#[1*]$'\t'*}[1]-}
      all=(${(M)all:#(*$'\t'VERB|-$'\t'-)$'\t'*})
    fi
    takes=${${takes#*$'\t'}%%$'\t'*}
    __awsx_values && code=0 # before the commands: that is the order of the groups
    lines=($all)
    if ((! ended)); then __awsx_describe commands 'awsx command' && code=0; fi
    return code
  }

  # The values of what is called $takes.
  function __awsx_values {
    lines=()
    case $takes in
      PROFILE) __awsx_names names profile && __awsx_describe profiles profile ;;
      SESSION) __awsx_names sessions sso-session && __awsx_describe sessions session ;;
      REGION) __awsx_slurp $shelf/regions && __awsx_describe regions region ;;
      [a-z]*) lines=(${(s: :)takes}) && __awsx_describe values value ;;
      *) return 1 ;;
    esac
  }

  # Offer the lines, each a word and, behind a tab, its description. $1 is their tag, $2 what they are. They make a
  # group of their own, also if no style of the person's says so.
  function __awsx_describe {
    local word help expl
    local -a begun=(${(M)lines:#$typed*}) described group
    if ! zstyle -s ":completion:$curcontext:$1" group-name group; then group=(-J $1); else group=(); fi
    # If nothing begins with what is typed, a matcher of the person's own may still find something in it.
    if (($#begun)); then lines=($begun); fi
    if (($#lines > 500)); then # nobody reads that many descriptions
      lines=(${lines%%$'\t'*})
      _wanted $1 expl $2 compadd $group -a lines
      return
    fi
    for word in $lines; do
      help=${${(M)word:#*$'\t'*}##*$'\t'}
      described+=("${${word%%$'\t'*}//(#m)[:\\]/\\$MATCH}${help:+:$help}")
    done
    _describe -t $1 $2 described $group
  }

  # In `lines`, the names in the core's list $1; where that is stale or not there, those of the sections `[$2 NAME]`.
  function __awsx_names {
    local at
    __awsx_where
    at=$__awsx_folder/$1
    if __awsx_is_stamped; then
      if [[ -r $at && -O $at ]]; then
        __awsx_slurp $at
        return 0
      fi
      __awsx_make_lists
    fi
    __awsx_look_for $2
    return 0
  }

  # Have the core make its lists for a later Tab, once for each stock that it takes. Nobody waits for that.
  function __awsx_make_lists {
    local text
    __awsx_read_file $__awsx_folder/stock
    if [[ -e $__awsx_folder/names || $text == ${__awsx_listed-} || ! -r $__awsx_start ]]; then return 0; fi
    typeset -g __awsx_listed=$text
    AWSX_SHELL=zsh AWSX_CACHE=$__awsx_cache \
      command $__awsx_python -I -S $__awsx_start ls --names </dev/null &>/dev/null &|
  }

  # In `lines`, the names of the sections `[$1 NAME]` in the files of the AWS CLI: of those alone that begin with what
  # is typed, if there are any. Behind a tab, account and role as the config tells them.
  function __awsx_look_for {
    local -a found begun
    local -A told
    local blank=$' \t'
    local kind="$1[$blank]##[\"']#" # to look for [default] in each section, too, would cost time
    if [[ $1 == profile && default == $typed* ]]; then kind="($kind|)"; fi
    __awsx_sections $__awsx_config $kind
    if [[ $1 == profile ]]; then
      found=(${(M)lines:#default})
      if (($#begun <= 500)); then __awsx_read_accounts $begun; fi
    fi
    lines=(${(M)lines:#$1[$blank]*})
    lines=(${${${lines#$1}##[$blank]#}%%[$blank]#})
    found+=(${lines:#*[$blank\"\'\\]*})
    lines=(${(M)lines:#(\"[^\"\\]##\"|\'[^\']##\')})
    found+=(${${lines#?}%?})
    lines=()
    if [[ $1 == profile ]]; then __awsx_sections $__awsx_credentials; fi
    lines=(${(u)found:#*[[:cntrl:]]*} ${lines:#*[[:cntrl:]]*})
    if (($#told)); then lines=(${lines/(#m)*/$MATCH${told[$MATCH]-}}); fi
  }

  # In `told`, account and role by the name of each profile in the sections $@, as `TAB 111122223333 Admin`.
  function __awsx_read_accounts {
    local section name account role is=$'[ \t]#=[ \t]#' arn='arn:[a-z-]##:iam::'
    local -a match mbegin mend
    for section; do
      name=${${${${section%%$'\n'*}%\]*}#profile[[:blank:]]##}%%[[:blank:]]#}
      if [[ $name == (\"*\"|\'*\') ]]; then name=${${name#?}%?}; fi
      account= role=
      if [[ $section == (#b)*$'\n'role_arn${~is}${~arn}(<->):role/([[:graph:]]##)* ]]; then
        account=$match[1] role=${match[2]##*/}
      else
        if [[ $section == (#b)*$'\n'(sso_account_id${~is}|login_session${~is}${~arn})(<->)* ]]; then
          account=$match[2]
        fi
        if [[ $section == (#b)*$'\n'sso_role_name${~is}([[:graph:]]##)* ]]; then role=$match[1]; fi
      fi
      if [[ -n $account$role ]]; then told[$name]=$'\t'$account${account:+${role:+ }}$role; fi
    done
  }

  # In `lines`, what stands in the brackets of the sections of the file $1: of those alone that begin with what is typed
  # (behind the pattern $2), if there are any.
  function __awsx_sections {
    local text
    __awsx_read_typed $1
    text=$'\n'$text
    begun=(${(M)${(ps:\n[:)text}:#${~2-}$typed*})
    if ((! $#begun)); then
      __awsx_read_file $1
      text=$'\n'$text
      begun=("${(@ps:\n[:)text}")
      shift begun
    fi
    begun=(${(M)begun##?(#c0,2000)}) # a section of noise, or a name that is longer than a line, costs time
    lines=($begun)
    lines=(${(M)${lines%%$'\n'*}:#*\]*})
    lines=(${${lines%\]*}:#DEFAULT})
  }

  # In `text`, those pieces of the file $1, each of whole lines, in which is what is typed: to split the whole of it
  # into sections takes twice as long as to look through it.
  function __awsx_read_typed {
    local piece rest
    text=
    if [[ ! -f $1 || ! -r $1 ]] || ! zmodload zsh/system 2>/dev/null; then return 0; fi
    while sysread -s 65536 piece; do
      IFS= read -r rest
      piece+=$rest$'\n'
      if [[ $piece == *$typed* ]]; then text+=$piece; fi
    done <$1
  }

  # In `lines`, the lines of the file $1.
  function __awsx_slurp {
    local text
    __awsx_read_file $1
    lines=(${(f)text})
  }

  # In `text`, the file $1. $(<$1) takes ten times as long.
  function __awsx_read_file {
    local piece
    text=
    if [[ ! -f $1 || ! -r $1 ]]; then return 0; fi
    if zmodload zsh/system 2>/dev/null; then
      {
        sysread -s 16777216 text # mostly all of it; to put pieces together takes seven times as long
        while sysread -s 1048576 piece; do text+=$piece; done
      } <$1
    else
      text=$(<$1)
    fi
  }
fi
