/**
 * mgmt/leases_file.h: the lease file of ISC dhcpd (dhcpd.leases), read line by line.
 *
 * The reader is tolerant: what it does not understand it passes over, and tells by line what it
 * skipped and why. The last record of an address wins, as in dhcpd itself.
 *
 * Source: dhcpd.leases(5).
 */
#ifndef FO_MGMT_LEASES_FILE_H
#define FO_MGMT_LEASES_FILE_H

#include "state/binding.h"

#define FO_LEASES_LINE_MAX 4096 /* bytes; longer lines are skipped */

struct fo_leases_entry {
    fo_ipv4_t address;
    unsigned line;                 /* where the record begins */
    enum fo_binding_status status; /* NONE: the record names none */
    uint32_t starts, ends;         /* UTC; FO_UTC_INFINITE: never; 0: not given */
    uint32_t tstp, tsfp, atsfp, cltt;
    uint8_t hw[FO_HW_MAX];
    uint8_t hw_length;
    uint8_t id_length;
    uint8_t *id; /* owned by the reader */
    char hostname[64];
    bool reserved, bootp;
};

struct fo_leases_reader;

/** |skipped| hears of every line or record that is passed over. Ownership: gives (free below). NULL
 *  without memory. */
struct fo_leases_reader *
fo_leases_reader_new(void (*skipped)(void *context, unsigned line, const char *why), void *context);
void fo_leases_reader_free(struct fo_leases_reader *r);
/** One line, with or without its end. Errors: FO_ENOMEM. */
FO_MUST_CHECK int fo_leases_reader_line(struct fo_leases_reader *r, const char *line);
/** The file is over: sorts by address and keeps the last record of each. */
void fo_leases_reader_end(struct fo_leases_reader *r);
size_t fo_leases_reader_count(const struct fo_leases_reader *r);
/** Borrowed, in the order of addresses. */
const struct fo_leases_entry *fo_leases_reader_at(const struct fo_leases_reader *r, size_t index);

#endif
