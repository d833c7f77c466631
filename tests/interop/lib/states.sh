# shellcheck shell=bash
# Which states the two went through: by their own logs, and as each heard it from the other.
#
#   watch_states             from here on
#   went SIDE STATE…         exactly these states, in the words of the draft, one after the other
#   saw SIDE STATE…          so its partner was, as far as this side heard
#   path own|partner SIDE    what happened so far. STARTUP and a state told twice are left out

declare -gA STATES_FROM=()

log_of() {
    if [[ $1 == a ]]; then echo "$WORK/fod-a.log"; else echo "$WORK/dhcpd-b.log"; fi
}

watch_states() {
    local side
    for side in a b; do
        STATES_FROM[$side]=$(($(wc -l <"$(log_of $side)") + 1))
    done
}

path() {
    local whose=$1 side=$2
    local -A pattern=(
        [own a]=' state=[A-Z-]* -> \([A-Z-]*\).*'
        [partner a]=' partner-state=[a-zA-Z-]* -> \([A-Z-]*\).*'
        [own b]='^failover peer .*: I move from .* to \([a-z-]*\)$'
        [partner b]='^failover peer .*: peer moves from .* to \([a-z-]*\)$'
    )
    tail -n +"${STATES_FROM[$side]}" "$(log_of "$side")" |
        sed -n "s/.*${pattern[$whose $side]#^}/\1/p" | tr '[:lower:]' '[:upper:]' |
        grep -v STARTUP | uniq | paste -sd ' ' || true
}

path_is() {
    [[ $(path "$1" "$2") == "$3" ]]
}

# The last STATE may still be on its way.
went() {
    local side=$1
    shift
    until_true 5 path_is own "$side" "$*" || same "$(path own "$side")" "$*" "side $side went"
}

saw() {
    local side=$1
    shift
    until_true 5 path_is partner "$side" "$*" || same "$(path partner "$side")" "$*" "side $side saw"
}
