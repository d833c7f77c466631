#include <criterion/criterion.h>
#include <string.h>

#include "proto/dialect.h"

Test(dialect, the_draft_row_has_the_facts_of_the_draft)
{
    const struct fo_dialect *d = fo_dialect_get(FO_DIALECT_DRAFT);

    cr_assert_str_eq(d->name, "draft");
    cr_assert_eq(d->payload_offset, 12); /* W-02 */
    cr_assert_eq(d->ip_flags_length, 2); /* W-13 */
    cr_assert_not(d->hba_bit_is_primary);
    cr_assert_eq(d->hash_bytes_max, 16);
    cr_assert(d->may_batch && d->may_send_ddns && d->may_tls && d->may_digest);
    cr_assert(d->secondary_expires);
    cr_assert_not(d->times_in_every_bndupd || d->limits_in_rejection || d->connect_on_accepted);
    cr_assert_not(d->recover_is_partner_down || d->either_asks_for_pool || d->release_ends_lease);
    cr_assert_not(d->state_conflict_is_fatal || d->even_pools || d->times_in_its_clock);
    cr_assert_not(d->renewal_starts_state);
    cr_assert_not(d->last_word_wins);
    cr_assert_eq(d->clock_tolerance_s, 0);
    cr_assert_eq(d->max_unacked, 256);
    cr_assert_eq(d->pool_percent, 10);
    cr_assert_eq(d->pool_addresses, 0);
}

Test(dialect, the_isc_row_has_the_facts_of_dhcpd)
{
    const struct fo_dialect *d = fo_dialect_get(FO_DIALECT_ISC);

    cr_assert_str_eq(d->name, "isc");
    cr_assert_eq(d->payload_offset, 12);
    cr_assert_eq(d->ip_flags_length, 2);
    cr_assert(d->hba_bit_is_primary);
    cr_assert_eq(d->hash_bytes_max, 0);
    cr_assert_not(d->may_batch || d->may_send_ddns || d->may_tls || d->may_digest);
    cr_assert_not(d->secondary_expires);
    cr_assert(d->times_in_every_bndupd && d->limits_in_rejection && d->connect_on_accepted);
    cr_assert(d->recover_is_partner_down && d->either_asks_for_pool && d->release_ends_lease);
    cr_assert(d->state_conflict_is_fatal && d->even_pools && d->times_in_its_clock);
    cr_assert(d->renewal_starts_state);
    cr_assert(d->last_word_wins);
    cr_assert_eq(d->clock_tolerance_s, 60);
    cr_assert_eq(d->max_unacked, 20);
    cr_assert_eq(d->pool_percent, 15); /* more than max-lease-ownership */
    cr_assert_eq(d->pool_addresses, 2);
}

Test(dialect, a_row_is_found_by_its_text_alone)
{
    enum fo_dialect_name name = FO_DIALECT_DRAFT;

    cr_assert_eq(fo_dialect_find("isc", &name), FO_OK);
    cr_assert_eq(name, FO_DIALECT_ISC);
    cr_assert_eq(fo_dialect_find("ISC", &name), FO_ENOTFOUND);
    cr_assert_eq(fo_dialect_find("", &name), FO_ENOTFOUND);
    cr_assert_eq(name, FO_DIALECT_ISC);
    cr_assert_eq(fo_dialect_find("draft", &name), FO_OK);
    cr_assert_eq(name, FO_DIALECT_DRAFT);
}

static enum fo_dialect_name of_vendor(const char *vendor)
{
    return fo_dialect_of_vendor((const uint8_t *)vendor, strlen(vendor));
}

Test(dialect, the_vendor_class_betrays_dhcpd)
{
    cr_assert_eq(of_vendor("isc-4.4.3-P1"), FO_DIALECT_ISC);
    cr_assert_eq(of_vendor("isc-"), FO_DIALECT_ISC);
    cr_assert_eq(of_vendor("isc"), FO_DIALECT_DRAFT);
    cr_assert_eq(of_vendor("fo-0.1.0"), FO_DIALECT_DRAFT);
    cr_assert_eq(fo_dialect_of_vendor(NULL, 0), FO_DIALECT_DRAFT);
}
