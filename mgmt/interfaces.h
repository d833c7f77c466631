/**
 * mgmt/interfaces.h: the interfaces of this machine and their IPv6 addresses, as the kernel tells
 * them (rtnetlink), and when they change.
 *
 * Calls see the list alone, never a socket; tests make lists of their own.
 */
#ifndef FO_MGMT_INTERFACES_H
#define FO_MGMT_INTERFACES_H

#include "proto/ipv6.h"

#define FO_INTERFACE_NAME      15   /* characters (IFNAMSIZ) */
#define FO_INTERFACES_MAX      4096 /* links; what is above stays unseen, and the log says so */
#define FO_INTERFACE_ADDRESSES 256  /* of one interface; the same */

struct fo_interface_address {
    struct fo_ipv6 address;
    uint8_t length;  /* of its prefix */
    bool global;     /* neither link-local nor loopback */
    bool configured; /* by hand: it does not run out (IFA_F_PERMANENT), and is not temporary */
};
struct fo_interface {
    uint32_t index;
    char name[FO_INTERFACE_NAME + 1];
    bool loopback;
    struct fo_interface_address *addresses; /* in their order; owned */
    size_t address_count;
};
/** In the order of their names; those without an IPv6 address are not there. */
struct fo_interfaces {
    struct fo_interface *list; /* owned */
    size_t count;
    bool cut; /* there were more than the limits allow */
};
void fo_interfaces_fini(struct fo_interfaces *i); /* {0} is safe */

/* For who fills a list. */
/** NULL: no memory, or no room (|cut|). Ownership: the list's. */
struct fo_interface *fo_interfaces_add(struct fo_interfaces *i, uint32_t index, const char *name,
                                       bool loopback);
/** False: no memory. Without room |cut| is set. */
bool fo_interface_add(struct fo_interfaces *i, struct fo_interface *one,
                      const struct fo_interface_address *address);
/** Drops who has no address and puts everything into its order. */
void fo_interfaces_settle(struct fo_interfaces *i);

/** Asks the kernel. Errors: FO_EIO, FO_ENOMEM. Ownership: gives |*out| (fo_interfaces_fini). */
FO_MUST_CHECK int fo_interfaces_read(struct fo_interfaces *out);

struct event_base;
struct fo_interfaces_watch;
/** |changed| runs on the loop whenever links or IPv6 addresses may have changed. Errors: FO_EIO,
 *  FO_ENOMEM. Ownership: gives |*out|. */
FO_MUST_CHECK int fo_interfaces_watch_new(struct event_base *base, void (*changed)(void *context),
                                          void *context, struct fo_interfaces_watch **out);
void fo_interfaces_watch_free(struct fo_interfaces_watch *w); /* accepts NULL */

#endif
