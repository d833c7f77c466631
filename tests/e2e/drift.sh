#!/bin/bash
# A configuration that was changed on one server alone is noticed by both within a minute, in
# `status`, among the events and in the log; and so is its end.
source "$(dirname "$0")/lib.sh"

drift_is() { # SIDE TEXT
    [[ $(status_of "$1" .drift) == "$2" ]]
}
events_say() { # SIDE WORDS
    ctl "$1" --json relationship events "$RELATIONSHIP" | jq -e --arg words "$2" \
        'any(.events[].text; contains($words))' >/dev/null
}

step "a pair that is configured alike"
pair_up
join_pair
wait_normal 30
for side in a b; do
    within 60 "that side $side knows the partner's configuration" drift_is "$side" no
done

step "an exclusion on one server alone"
ctl a scope exclude "$SCOPE" 10.1.1.0-10.1.1.9 >/dev/null
for side in a b; do
    within 60 "that side $side notices" drift_is "$side" "scopes differ"
    events_say "$side" 'drift="scopes"' || fail "no event of side $side says it"
    grep -qF 'drift="scopes"' "$WORK/$side/log" || fail "the log of side $side does not say it"
    [[ $(status_of "$side" .drift_since) != null ]] || fail "side $side does not say since when"
done

step "the same on the other"
ctl b scope exclude "$SCOPE" 10.1.1.0-10.1.1.9 >/dev/null
for side in a b; do
    within 60 "that side $side notices the end" drift_is "$side" no
    events_say "$side" "drift=ended" || fail "no event of side $side says that it ended"
done
