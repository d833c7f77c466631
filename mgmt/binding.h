/**
 * mgmt/binding.h: on which interfaces IPv6 is served: what the machine has, and what an
 * administrator chose.
 *
 * An interface is known by the UUID (version 5) of its name, so that a choice holds when a card is
 * replaced or a virtual interface made anew. It is internal when it is a loopback or has no global
 * address that was configured: nobody can bind or unbind it (DHCP_ENDPOINT_FLAG_CANT_MODIFY), and
 * it reads as bound, because that is what DhcpSetServerBindingInfoV6 wants of it when a list goes
 * back as it came. IPv6 is served on the others, unless an administrator unbound them.
 *
 * Source: MAPI §1.3 DhcpSetServerBindingInfoV6, §1.4, §2.9; RFC 9562 §5.5.
 */
#ifndef FO_MGMT_BINDING_H
#define FO_MGMT_BINDING_H

#include "mgmt/interfaces.h"
#include "state/store.h"

#define FO_BINDING_ID 16

void fo_binding_id(const char *interface, uint8_t out[FO_BINDING_ID]);
/** NULL: there is no such interface. */
const struct fo_interface *fo_binding_find(const struct fo_interfaces *i, const uint8_t *id,
                                           size_t id_length);
bool fo_binding_is_internal(const struct fo_interface *one);
/** The lowest configured global address; else the lowest global one; else the lowest. */
const struct fo_interface_address *fo_binding_primary(const struct fo_interface *one);
/** A number of all interfaces and addresses, never 0: another list, another number. */
uint64_t fo_binding_generation(const struct fo_interfaces *i);
/** Which of our addresses gives a lease of |address|: that of the same prefix, else any that serves,
 *  else ::. */
struct fo_ipv6 fo_binding_owner(const struct fo_interfaces *i, struct fo_store *store,
                                struct fo_ipv6 address);

/* What an administrator chose, in FO_TABLE_BINDING6. Errors: of the store. */
/** True, unless somebody chose otherwise. FO_EDAMAGED, FO_EVERSION: a choice that does not read, and
 *  serves nobody until somebody chooses again; |*out_bound| is false. */
FO_MUST_CHECK int fo_binding_get(struct fo_store *store, const char *interface, bool *out_bound);
/** A visitor of the table: FO_EDAMAGED or FO_EVERSION for a choice that does not read. */
FO_MUST_CHECK int fo_binding_judge(void *context, const void *key, size_t key_length,
                                   const void *value, size_t value_length);
/** Into the open transaction. */
FO_MUST_CHECK int fo_binding_put(struct fo_store *store, const char *interface, bool bound);
/** Bound, and not internal. False too where the store cannot be read. */
bool fo_binding_serves(struct fo_store *store, const struct fo_interface *one);

/* --- the list that is kept up to date (bindings.c) -------------------------------------------- */

struct event_base;
struct fo_bindings;
struct fo_bindings_options {
    struct event_base *base;
    struct fo_store *store; /* borrowed */
    void (*log)(void *context, bool warning, const char *line);
    void *context;
};
/** Reads the list, follows the kernel, and logs where IPv6 is served and when that changes. A kernel
 *  that does not tell is logged, and the list is empty. Errors: FO_ENOMEM. Ownership: gives. */
FO_MUST_CHECK int fo_bindings_new(const struct fo_bindings_options *o, struct fo_bindings **out);
void fo_bindings_free(struct fo_bindings *b); /* accepts NULL */
/** Borrowed until the loop turns. */
const struct fo_interfaces *fo_bindings_list(const struct fo_bindings *b);
/** A choice was committed: logs what it changed. */
void fo_bindings_chosen(struct fo_bindings *b);

#endif
