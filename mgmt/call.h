/**
 * mgmt/call.h: one management call: who may make it, what it needs, what it answers.
 *
 * Every call is a row of one table (call.c): its right, the order in which rights and arguments
 * are checked, and its handler. A handler never sees a socket: the service (service.h) gives it the
 * server, and for a change the open batch of the loop.
 *
 * Source: management calls of dhcpsapi.h; the order of checks is MAPI §7.3.
 */
#ifndef FO_MGMT_CALL_H
#define FO_MGMT_CALL_H

#include "fo/server.h"
#include "mgmt/mgmt.pb-c.h"

#define FO_FRAME_MAX       (1024u * 1024u) /* bytes of one request or reply */
#define FO_LEASES_PER_CALL 1000u
#define FO_ALLOWED_SKEW_S  60u /* MAPI §1.2, DhcpV4FailoverGetSystemTime */

/** Rights, each holding the one before. DHCP Users read, DHCP Administrators do all. */
enum fo_right { FO_RIGHT_NONE, FO_RIGHT_READ, FO_RIGHT_ADMINISTER };

struct fo_run;
struct fo_changes;
struct fo_interfaces;

/** What calls tell about the process they run in. Borrowed. */
struct fo_call_facts {
    const char *server_name;
    const char *version;
    const char *socket;      /* path; NULL: none */
    uint16_t tls_port;       /* 0: none */
    const char *certificate; /* the names it is for; NULL: none */
    fo_utc_t certificate_until;
    struct fo_run *run; /* NULL: no statistics (tests) */
    struct fo_changes *changes;
    const struct fo_interfaces *interfaces; /* of the machine; NULL: not known */
};

struct fo_call_row;

/** One request being answered. {0} and then the first block; fo_call_fini when done. */
struct fo_call {
    const Mgmt__Request *request; /* borrowed */
    const struct fo_call_facts *facts;
    enum fo_right right; /* of the caller */
    struct fo_server *server;
    struct fo_store *store;
    struct fo_now now;
    struct fo_outbox *out; /* changes only */

    Mgmt__Reply reply;            /* its result may borrow from the server: pack it at once */
    char why[320];                /* one sentence; "": that of the code */
    int err;                      /* FO_E…: the batch must be thrown away */
    struct fo_call_block *blocks; /* memory of the result */
};
void fo_call_fini(struct fo_call *c);

/** Zeroed memory that lives as long as the call; NULL without. */
void *fo_call_alloc(struct fo_call *c, size_t size);
/** A copy of |text| for the reply; NULL without memory. */
char *fo_call_text(struct fo_call *c, const char *text);
/** Writes the sentence and returns |code|. */
uint32_t fo_call_refuse(struct fo_call *c, uint32_t code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
uint32_t fo_call_no_memory(struct fo_call *c);

/** The row of a request; NULL: it names no call that we know. Static. */
const struct fo_call_row *fo_call_find(const Mgmt__Request *request);
const char *fo_call_name(const struct fo_call_row *row);
bool fo_call_changes(const struct fo_call_row *row); /* needs the batch */
bool fo_call_waits(const struct fo_call_row *row);   /* has no handler: the service answers later */
bool fo_call_often(const struct fo_call_row *row);   /* a change that hosts make by the thousand */
/** call_subject.c: what a change is about, admitted or not, before it runs: in |room|
 *  (FO_CALL_SUBJECT bytes) or borrowed; "-": nothing in particular. */
#define FO_CALL_SUBJECT 64
const char *fo_call_subject(const struct fo_call *c, char room[FO_CALL_SUBJECT]);
/** Rights and arguments in the documented order; ERROR_SUCCESS: it may run. */
uint32_t fo_call_admit(struct fo_call *c, const struct fo_call_row *row);
/** Runs the handler. On any code but ERROR_SUCCESS nothing was changed, unless |err| is set. */
uint32_t fo_call_run(struct fo_call *c, const struct fo_call_row *row);

/** The Win32 code of a failure of ours (FO_E…). */
uint32_t fo_call_code_of(int err);

/* --- handlers, by file ----------------------------------------------------------------------- */
/* calls_server.c */
uint32_t fo_call_server_get(struct fo_call *c);
uint32_t fo_call_probe_check(struct fo_call *c);
/* calls_relationship.c */
uint32_t fo_call_relationship_create(struct fo_call *c);
uint32_t fo_call_relationship_validate(struct fo_call *c);
uint32_t fo_call_relationship_set_check(struct fo_call *c);
uint32_t fo_call_relationship_set(struct fo_call *c);
uint32_t fo_call_relationship_delete_check(struct fo_call *c);
uint32_t fo_call_relationship_delete(struct fo_call *c);
uint32_t fo_call_relationship_add_check(struct fo_call *c);
uint32_t fo_call_relationship_add(struct fo_call *c);
uint32_t fo_call_relationship_remove_check(struct fo_call *c);
uint32_t fo_call_relationship_remove(struct fo_call *c);
/* calls_view.c */
uint32_t fo_call_relationship_get_check(struct fo_call *c);
uint32_t fo_call_relationship_get(struct fo_call *c);
uint32_t fo_call_relationship_enum(struct fo_call *c);
uint32_t fo_call_scope_relationship_check(struct fo_call *c);
uint32_t fo_call_scope_relationship(struct fo_call *c);
uint32_t fo_call_command(struct fo_call *c);
uint32_t fo_call_status(struct fo_call *c);
uint32_t fo_call_events(struct fo_call *c);
uint32_t fo_call_address_status(struct fo_call *c);
/* calls_scope.c */
uint32_t fo_call_scope_create(struct fo_call *c);
uint32_t fo_call_scope_set(struct fo_call *c);
uint32_t fo_call_scope_replace(struct fo_call *c);
uint32_t fo_call_scope_delete(struct fo_call *c);
uint32_t fo_call_scope_get(struct fo_call *c);
uint32_t fo_call_scope_enum(struct fo_call *c);
uint32_t fo_call_scope_statistics_check(struct fo_call *c);
uint32_t fo_call_scope_statistics(struct fo_call *c);
/* calls_element.c */
uint32_t fo_call_scope_element_add(struct fo_call *c);
uint32_t fo_call_scope_element_remove(struct fo_call *c);
/* calls_subnet_element.c */
uint32_t fo_call_subnet_element_add(struct fo_call *c);
uint32_t fo_call_subnet_element_remove(struct fo_call *c);
/* calls_subnet.c */
uint32_t fo_call_subnet_get(struct fo_call *c);
uint32_t fo_call_subnet_enum(struct fo_call *c);
uint32_t fo_call_subnet_element_enum(struct fo_call *c);
/* calls_free.c */
uint32_t fo_call_free_addresses_check(struct fo_call *c);
uint32_t fo_call_free_addresses(struct fo_call *c);
/* calls_serves.c */
uint32_t fo_call_scope_serves(struct fo_call *c);
/* calls_lease.c */
uint32_t fo_call_lease_create(struct fo_call *c);
uint32_t fo_call_lease_create_vq(struct fo_call *c);
uint32_t fo_call_lease_create_many(struct fo_call *c);
/* calls_lease_change.c */
uint32_t fo_call_lease_set(struct fo_call *c);
uint32_t fo_call_lease_delete(struct fo_call *c);
/* calls_lease_view.c */
uint32_t fo_call_lease_get_check(struct fo_call *c);
uint32_t fo_call_lease_get(struct fo_call *c);
uint32_t fo_call_lease_enum(struct fo_call *c);
uint32_t fo_call_lease_info_get(struct fo_call *c);
uint32_t fo_call_lease_failover_get(struct fo_call *c);
uint32_t fo_call_lease_walk(struct fo_call *c);
uint32_t fo_call_lease_vq_get(struct fo_call *c);
uint32_t fo_call_lease_vq_walk(struct fo_call *c);
/* calls_binding.c */
uint32_t fo_call_binding_get(struct fo_call *c);
uint32_t fo_call_binding_set(struct fo_call *c);
/** All interfaces with IPv6, in memory of the call; false without. */
bool fo_call_bindings(struct fo_call *c, Mgmt__Binding ***out_list, size_t *out_count);
/* calls_prefix6.c */
uint32_t fo_call_prefix6_create(struct fo_call *c);
uint32_t fo_call_prefix6_set(struct fo_call *c);
uint32_t fo_call_prefix6_delete(struct fo_call *c);
uint32_t fo_call_prefix6_get(struct fo_call *c);
uint32_t fo_call_prefix6_enum(struct fo_call *c);
/* calls_element6.c */
uint32_t fo_call_element6_add(struct fo_call *c);
uint32_t fo_call_element6_remove(struct fo_call *c);
uint32_t fo_call_element6_enum(struct fo_call *c);
/* calls_lease6.c */
uint32_t fo_call_lease6_create(struct fo_call *c);
uint32_t fo_call_lease6_set(struct fo_call *c);
uint32_t fo_call_lease6_get(struct fo_call *c);
uint32_t fo_call_lease6_delete(struct fo_call *c);
uint32_t fo_call_lease6_enum(struct fo_call *c);
/* calls_change.c */
uint32_t fo_call_change_prepare(struct fo_call *c);
uint32_t fo_call_change_commit(struct fo_call *c);
uint32_t fo_call_change_abort(struct fo_call *c);
uint32_t fo_call_change_get(struct fo_call *c);

#endif
