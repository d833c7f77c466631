#include "proto/dialect.h"

#include <string.h>

static const struct fo_dialect dialects[] = {
    /* The draft as we read it where it is silent or contradicts itself (offset 12, not 8; IP-flags
     * of 2 bytes). RFC 3074 §4 hashes at most 16 bytes; §7.8.1 wants a window of 10 to 100. */
    [FO_DIALECT_DRAFT] =
        {
            .name = "draft",
            .payload_offset = 12,
            .ip_flags_length = 2,
            .hba_bit_is_primary = false,
            .hash_bytes_max = 16,
            .may_batch = true,
            .times_in_every_bndupd = false,
            .may_send_ddns = true,
            .may_tls = true,
            .may_digest = true,
            .secondary_expires = true,
            .connect_on_accepted = false,
            .recover_is_partner_down = false,
            .either_asks_for_pool = false,
            .release_ends_lease = false,
            .times_in_its_clock = false,
            .renewal_starts_state = false,
            .last_word_wins = false,
            .even_pools = false,
            .state_conflict_is_fatal = false,
            .clock_tolerance_s = 0,
            .max_unacked = 256,
            .pool_percent = 10,
            .pool_addresses = 0,
        },
    /* ISC dhcpd 4.x, as read in its source and seen on the wire. Its acks wait for half of what we
     * advertise, so a window above twice its own (10) makes a bulk transfer crawl. It gives away up
     * to a tenth of a pool (max-lease-ownership), rounded up, for the sake of its partner's
     * clients: who took that back would get it again. */
    [FO_DIALECT_ISC] =
        {
            .name = "isc",
            .payload_offset = 12,
            .ip_flags_length = 2,
            .hba_bit_is_primary = true,
            .hash_bytes_max = 0,
            .may_batch = false,
            .times_in_every_bndupd = true,
            .limits_in_rejection = true,
            .may_send_ddns = false,
            .may_tls = false,
            .may_digest = false,
            .secondary_expires = false,
            .connect_on_accepted = true,
            .recover_is_partner_down = true,
            .either_asks_for_pool = true,
            .release_ends_lease = true,
            .times_in_its_clock = true,
            .renewal_starts_state = true,
            .last_word_wins = true,
            .even_pools = true,
            .state_conflict_is_fatal = true,
            .clock_tolerance_s = 60,
            .max_unacked = 20,
            .pool_percent = 15,
            .pool_addresses = 2,
        },
};

const struct fo_dialect *fo_dialect_get(enum fo_dialect_name name)
{
    return &dialects[name];
}

int fo_dialect_find(const char *text, enum fo_dialect_name *out_name)
{
    for (unsigned i = 0; i < sizeof dialects / sizeof dialects[0]; i++) {
        if (strcmp(dialects[i].name, text) == 0) {
            *out_name = (enum fo_dialect_name)i;
            return FO_OK;
        }
    }
    return FO_ENOTFOUND;
}

enum fo_dialect_name fo_dialect_of_vendor(const uint8_t *vendor, size_t length)
{
    static const char isc[] = "isc-";

    if (length >= sizeof isc - 1 && memcmp(vendor, isc, sizeof isc - 1) == 0)
        return FO_DIALECT_ISC;
    return FO_DIALECT_DRAFT;
}
