#include <criterion/criterion.h>
#include <stdio.h>

#include "state/fingerprint.h"

/* Every single thing that both servers must have alike changes the fingerprint; nothing else. */

Test(fingerprint, of_settings_changes_with_each_common_one_and_no_other)
{
    struct fo_relationship base, r;
    uint64_t was;
    fo_relationship_init(&base);
    was = fo_relationship_fingerprint(&base);
#define COMMON(change)                                                                             \
    r = base;                                                                                      \
    change;                                                                                        \
    cr_assert_neq(fo_relationship_fingerprint(&r), was, #change)
    COMMON(r.primary_server = 1);
    COMMON(r.secondary_server = 1);
    COMMON(r.mode = FO_MODE_HOT_STANDBY);
    COMMON(r.percentage = 51);
    COMMON(r.mclt_s++);
    COMMON(r.safe_period_s = 60);
    COMMON(r.load_balance_max_s++);
    COMMON((r.has_buckets = true, r.buckets.map[31] = 1));
#define OWN(change)                                                                                \
    r = base;                                                                                      \
    change;                                                                                        \
    cr_assert_eq(fo_relationship_fingerprint(&r), was, #change)
    OWN(r.role = FO_ROLE_SECONDARY);
    OWN(r.shared_secret[0] = 'x');
    OWN(r.tls = FO_TLS_REQUIRED);
    OWN(r.partner_port++);
    OWN(r.receive_timer_s++);
    OWN(r.max_unacked++);
}

Test(fingerprint, of_scopes_changes_with_everything_in_them_and_their_order)
{
    struct fo_range ranges[] = {{0x0a00000a, 0x0a000014}},
                    exclusions[] = {{0x0a00000b, 0x0a00000c}};
    struct fo_reservation reserved[] = {{.address = 0x0a00000d, .id_length = 2, .id = {1, 2}}};
    struct fo_range_use use = FO_RANGE_USE_DHCP;
    struct fo_scope base = {.subnet = 0x0a000000, .mask = 0xffffff00, .name = "ab", .comment = "c"};
    struct fo_scope s;
    uint64_t was = fo_scope_fingerprint(0, &base);
#define CHANGES(change)                                                                            \
    s = base;                                                                                      \
    change;                                                                                        \
    cr_assert_neq(fo_scope_fingerprint(0, &s), was, #change)
    CHANGES(s.subnet = 0x0a000100);
    CHANGES(s.mask = 0xfffffe00);
    CHANGES(s.state = FO_SCOPE_DISABLED);
    CHANGES((snprintf(s.name, 4, "a"), snprintf(s.comment, 4, "bc"))); /* no running together */
    CHANGES((s.ranges = ranges, s.range_count = 1));
    CHANGES((s.exclusions = ranges, s.exclusion_count = 1));
    CHANGES((s.reservations = reserved, s.reservation_count = 1));
    s = base;
    s.ranges = ranges;
    s.range_count = 1;
    was = fo_scope_fingerprint(0, &s);
    s.uses = &use;
    cr_assert_eq(fo_scope_fingerprint(0, &s), was); /* what NULL says */
    use.bootp_allocated = 9;
    cr_assert_eq(fo_scope_fingerprint(0, &s), was); /* each server counts for itself */
    use.bootp_max = 5;
    cr_assert_neq(fo_scope_fingerprint(0, &s), was);
    use = (struct fo_range_use){FO_RANGE_BOTH, 0, FO_BOOTP_UNLIMITED};
    cr_assert_neq(fo_scope_fingerprint(0, &s), was);
    s.uses = NULL;
    s.reservations = reserved;
    s.reservation_count = 1;
    was = fo_scope_fingerprint(0, &s);
    reserved[0].types = FO_RESERVED_DHCP;
    cr_assert_neq(fo_scope_fingerprint(0, &s), was);
    s.reservation_count = 0;
    was = fo_scope_fingerprint(0, &s);
    s.ranges = NULL;
    s.range_count = 0;
    s.exclusions = ranges;
    s.exclusion_count = 1;
    cr_assert_neq(fo_scope_fingerprint(0, &s), was); /* a range is no exclusion */
    s.exclusions = exclusions;
    cr_assert_neq(fo_scope_fingerprint(0, &s), was);
    cr_assert_neq(fo_scope_fingerprint(0, NULL), fo_scope_fingerprint(0, &base));
    cr_assert_neq(fo_scope_fingerprint(fo_scope_fingerprint(0, &s), &base),
                  fo_scope_fingerprint(fo_scope_fingerprint(0, &base), &s));
}
