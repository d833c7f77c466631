/* The completion of shells: two scripts that ask foctl. */
#include <stdio.h>

#include "mgmt/foctl_completion.h"

/* bash breaks words at ':' and '=', and completes behind the last of these. */
static const char bash[] =
    "# Completion of foctl for bash. What may stand where foctl says itself.\n"
    "_foctl() {\n"
    "    local line=${COMP_LINE:0:COMP_POINT} breaks=${COMP_WORDBREAKS//[^:=]/}\n"
    "    local rest word typed cut='' i\n"
    "    local -a words=()\n"
    "    COMPREPLY=()\n"
    "    for ((i = 0; i <= COMP_CWORD; i++)); do\n"
    "        rest=${line#\"${line%%[![:space:]]*}\"}\n"
    "        word=${COMP_WORDS[i]}\n"
    "        ((i < COMP_CWORD)) || word=$rest\n"
    "        if ((i > 0)) && [[ -n $rest && $rest == \"$line\" ]]; then\n"
    "            words[${#words[@]} - 1]+=$word\n"
    "        else\n"
    "            words+=(\"$word\")\n"
    "        fi\n"
    "        line=${rest#\"$word\"}\n"
    "    done\n"
    "    typed=${words[${#words[@]} - 1]}\n"
    "    [[ -z $breaks ]] || cut=${typed%\"${typed##*[\"$breaks\"]}\"}\n"
    "    for i in \"${!words[@]}\"; do words[i]=${words[i]//[\\'\\\"\\\\]/}; done\n"
    "    while IFS= read -r word; do\n"
    "        case $word in\n"
    "        :files)\n"
    "            compopt -o filenames\n"
    "            mapfile -t COMPREPLY < <(compgen -f -- \"${typed#\"$cut\"}\" | sort)\n"
    "            ;;\n"
    "        :hosts)\n"
    "            mapfile -t COMPREPLY < <(compgen -A hostname -- \"${typed#\"$cut\"}\")\n"
    "            ;;\n"
    "        *)\n"
    "            [[ $typed == [\\'\\\"]* ]] || printf -v word %q \"$word\"\n"
    "            word=${word//\\\\,/,}\n"
    "            COMPREPLY+=(\"${word#\"$cut\"}\")\n"
    "            ;;\n"
    "        esac\n"
    "    done < <(\"${1/#\\~/$HOME}\" completion words -- \"${words[@]}\" 2>/dev/null)\n"
    "}\n"
    "complete -o nosort -F _foctl foctl\n";

static const char zsh[] =
    "#compdef foctl\n"
    "# Completion of foctl for zsh. What may stand where foctl says itself.\n"
    "_foctl() {\n"
    "    local -a found\n"
    "    found=(\"${(@f)$(\"${(Q)words[1]}\" completion words -- \"${(@Q)words[1,CURRENT-1]}\" \\\n"
    "        \"${(Q)PREFIX}\" 2>/dev/null)}\")\n"
    "    case $found[1] in\n"
    "    ('') return 1 ;;\n"
    "    (:files) compset -P '*='; _files ;;\n"
    "    (:hosts) compset -P '*='; _hosts ;;\n"
    "    (*) compadd -U -V foctl -- $found ;;\n"
    "    esac\n"
    "}\n"
    "if [[ $funcstack[1] == _foctl ]]; then _foctl \"$@\"; else compdef _foctl foctl; fi\n";

int foctl_completion_bash(struct foctl *t)
{
    (void)t;
    (void)fputs(bash, stdout);
    return EXIT_DONE;
}

int foctl_completion_zsh(struct foctl *t)
{
    (void)t;
    (void)fputs(zsh, stdout);
    return EXIT_DONE;
}

int foctl_completion_words(struct foctl *t)
{
    struct foctl_typed line;

    foctl_typed_read(t->args.words, t->args.word_count, &line);
    foctl_candidates_print(&line);
    return EXIT_DONE;
}
