# shellcheck shell=bash
# What the two-phase tests look at: source it after lib.sh.
#
#   new_scope                          makes one on side a; its name is in $new_scope
#   nothing_in_doubt                   both sides have settled every change
#   has_relationship SIDE NAME
#   check_outcome NAME SCOPE WANTED TEXT   both sides have it or none has, and the scope likewise;
#                                      WANTED: made, none, or either where empty

has_relationship() {
    ctl "$1" relationship show "$2" >/dev/null 2>&1
}

nothing_in_doubt() {
    [[ $(ctl a --json status | jq '.in_doubt | length') == 0 &&
        $(ctl b --json status | jq '.in_doubt | length') == 0 ]]
}

outcome_of() {
    local ours=none theirs=none
    ! has_relationship a "$1" || ours=made
    ! has_relationship b "$1" || theirs=made
    echo "$ours $theirs"
}

# The scope, which the create copies to the partner, is part of the same change.
scope_is_on_both_or_here() {
    local there=none
    ! ctl b scope show "$2" >/dev/null 2>&1 || there=made
    same "$there" "$1" "the scope $2 on the partner"
}

# Where the change must have been settled: as decided, on both sides.
check_outcome() {
    local name=$1 scope=$2 wanted=$3 what=$4 outcome
    outcome=$(outcome_of "$name")
    [[ $outcome == "made made" || $outcome == "none none" ]] ||
        fail "$what: only one side has $name ($outcome)"
    [[ -z $wanted || $outcome == "$wanted $wanted" ]] || fail "$what: $outcome, not $wanted on both"
    scope_is_on_both_or_here "${outcome% *}" "$scope"
}

new_scope() {
    scope_number=$((${scope_number:-0} + 1))
    new_scope=10.4.$scope_number.0
    ctl a scope create "$new_scope/24" --range "10.4.$scope_number.1-10.4.$scope_number.99"
}
