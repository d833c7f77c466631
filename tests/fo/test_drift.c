#include <criterion/criterion.h>
#include <string.h>

#include "fo/endpoint.h"
#include "proto/vendor.h"
#include "tests/fo/peer.h"

/* Two servers that are configured differently: found within a minute, told once. */

static void in_normal(struct world *w)
{
    world_init(w);
    world_pair_both(w, NULL);
    cr_assert(world_until(w, FO_STATE_NORMAL, FO_STATE_NORMAL, MINUTES(10)));
    world_run(w, MINUTES(2));
}

static struct fo_endpoint_status status_of(struct world *w, int side)
{
    struct fo_endpoint_status st;
    cr_assert_eq(fo_server_status(w->side[side].server, world_relationship(w, side)->name,
                                  world_now(w, side), &st),
                 FO_OK);
    return st;
}

static void exclude(void *context, struct fo_server *s, struct fo_now now, struct fo_outbox *out)
{
    const struct fo_scope *old = fo_lease_db_scope(fo_server_leases(s), SUBNET);
    struct fo_range one = {ADDRESS(40), ADDRESS(41)};
    struct fo_scope changed = {0};
    (void)now;
    cr_assert_eq(fo_scope_copy(old, &changed), FO_OK);
    if (*(bool *)context)
        cr_assert_eq(fo_scope_exclude(&changed, one, NULL, 0), ERROR_SUCCESS);
    else
        cr_assert_eq(fo_scope_unexclude(&changed, one, NULL, 0), ERROR_SUCCESS);
    cr_assert_eq(fo_server_scope_set(s, &changed, out, NULL, 0), ERROR_SUCCESS);
    fo_scope_fini(&changed);
}

static unsigned count(const char *text, const char *part)
{
    unsigned n = 0;
    for (text = strstr(text, part); text != NULL; text = strstr(text + 1, part))
        n++;
    return n;
}

Test(drift, an_exclusion_on_one_server_is_noticed_by_both_within_a_minute)
{
    struct world w;
    bool yes = true, no = false;
    in_normal(&w);
    for (int side = 0; side < SIDES; side++) {
        cr_assert(status_of(&w, side).drift_known);
        cr_assert_not(status_of(&w, side).settings_differ || status_of(&w, side).scopes_differ);
    }
    world_change(&w, 0, exclude, &yes);
    world_run(&w, MINUTES(1));
    for (int side = 0; side < SIDES; side++) {
        cr_assert(status_of(&w, side).scopes_differ);
        cr_assert_not(status_of(&w, side).settings_differ);
        cr_assert_neq(status_of(&w, side).differ_since.s, 0);
    }
    world_run(&w, HOURS(1));
    cr_assert_eq(count(w.side[0].alarms, "drift=\"scopes\""), 1); /* once */
    cr_assert_eq(count(w.side[1].alarms, "drift=\"scopes\""), 1);
    world_change(&w, 0, exclude, &no);
    world_run(&w, MINUTES(1));
    cr_assert_not(status_of(&w, 0).scopes_differ || status_of(&w, 1).scopes_differ);
    cr_assert_eq(status_of(&w, 0).differ_since.s, 0);
    world_fini(&w);
}

Test(drift, what_is_changed_on_both_within_seconds_alarms_nobody)
{
    struct world w;
    bool yes = true;
    in_normal(&w);
    for (unsigned n = 0; n < 5; n++) {
        yes = n % 2 == 0;
        world_change(&w, 0, exclude, &yes);
        world_run(&w, SECONDS(5));
        world_change(&w, 1, exclude, &yes);
        world_run(&w, SECONDS(61));
    }
    cr_assert_eq(count(w.side[0].alarms, "drift"), 0, "%s", w.side[0].alarms);
    cr_assert_eq(count(w.side[1].alarms, "drift"), 0, "%s", w.side[1].alarms);
    world_fini(&w);
}

static void safe_period(struct fo_relationship *r)
{
    if (r->role == FO_ROLE_SECONDARY)
        r->safe_period_s = 7200;
}

Test(drift, a_relationship_that_was_set_on_one_server_is_noticed)
{
    struct world w;
    world_init(&w);
    world_pair_both(&w, safe_period);
    cr_assert(world_until(&w, FO_STATE_NORMAL, FO_STATE_NORMAL, MINUTES(10)));
    world_run(&w, MINUTES(1));
    cr_assert(status_of(&w, 0).settings_differ && status_of(&w, 1).settings_differ);
    cr_assert_not(status_of(&w, 0).scopes_differ);
    world_fini(&w);
}

/* --- on the wire ------------------------------------------------------------------------------ */

static void tell(struct peer *p, fo_link_id_t id, const char *vendor, const void *options,
                 size_t length)
{
    struct fo_message *m = peer_words(p, FO_MSG_CONTACT);
    m->present = PEER_OPT(VENDOR_CLASS_IDENTIFIER) | PEER_OPT(VENDOR_SPECIFIC_OPTIONS);
    m->vendor_class = (struct fo_span){(const uint8_t *)vendor, (uint16_t)strlen(vendor)};
    m->vendor_options = (struct fo_span){options, (uint16_t)length};
    peer_send(p, id, m);
}

/* The vendor classes of the two: the server calls itself what the partner does, or not. */
static fo_link_id_t joined(struct peer *p, bool same)
{
    peer_bare(p);
    p->config.vendor_class = same ? "fo-peer" : "fo-test";
    peer_restart(p);
    peer_scope(p, 0);
    struct fo_relationship r = peer_relationship(FO_ROLE_PRIMARY, PEER_NAME);
    char why[256];
    cr_assert_eq(peer_create(p, &r, FO_BIRTH_VIRGIN, why), ERROR_SUCCESS, "%s", why);
    return peer_normal(p);
}

Test(drift, it_is_told_in_contacts_to_the_same_vendor_alone)
{
    for (int same = 0; same < 2; same++) {
        struct peer p;
        fo_link_id_t id = joined(&p, same);
        const struct fo_message *m;
        struct fo_vendor_facts facts;
        unsigned told = 0;
        for (unsigned n = 0; n < 5; n++) {
            peer_run(&p, SECONDS(12));
            peer_send_bare(&p, id, FO_MSG_CONTACT);
        }
        while ((m = peer_find(&p, id, FO_MSG_CONTACT)) != NULL)
            if (m->present & PEER_OPT(VENDOR_SPECIFIC_OPTIONS)) {
                cr_assert(m->present & PEER_OPT(VENDOR_CLASS_IDENTIFIER)); /* §12.29 */
                cr_assert_eq(
                    fo_vendor_read(m->vendor_options.data, m->vendor_options.length, &facts),
                    FO_OK);
                cr_assert(facts.has_settings && facts.has_scopes);
                told++;
            }
        cr_assert_eq(told >= 3, same, "told %u times", told);
        peer_fini(&p);
    }
}

Test(drift, what_cannot_be_read_is_a_fault_and_another_vendors_options_are_none)
{
    static const uint8_t scopes[] = {0, 2, 0, 8, 1, 2, 3, 4, 5, 6, 7, 8};
    struct peer p;
    fo_link_id_t id = joined(&p, true);
    uint64_t faults = peer_status(&p).faults;
    tell(&p, id, "fo-peer", scopes, 7);
    cr_assert_eq(peer_status(&p).faults, ++faults);
    cr_assert_not(peer_status(&p).drift_known);
    tell(&p, id, "fo-peer", scopes, sizeof scopes);
    cr_assert(peer_status(&p).drift_known);
    cr_assert_not(peer_status(&p).scopes_differ); /* not before it is said again */
    tell(&p, id, "fo-peer", scopes, sizeof scopes);
    cr_assert(peer_status(&p).scopes_differ);
    cr_assert_eq(peer_status(&p).state, FO_STATE_NORMAL);
    peer_fini(&p);
    id = joined(&p, false);
    for (unsigned n = 0; n < 3; n++)
        tell(&p, id, "fo-peer", scopes, n == 0 ? 7 : sizeof scopes);
    cr_assert_eq(peer_status(&p).faults, 0);
    cr_assert_not(peer_status(&p).drift_known || peer_status(&p).scopes_differ);
    peer_fini(&p);
}
