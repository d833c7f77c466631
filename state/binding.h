/**
 * state/binding.h: what we know of one address.
 *
 * Source: draft-12 §5.2.1, §5.11, §7.1.5 (the times), Table 7.1.1-1 (client information),
 *         Figure 5.11-1 (legal moves).
 */
#ifndef FO_STATE_BINDING_H
#define FO_STATE_BINDING_H

#include "proto/types.h"

#define FO_HW_MAX        21 /* type byte and up to 20 bytes of hardware address (§12.5) */
#define FO_CLIENT_ID_MAX 255

/** Who a client is: what the client itself sent (§7.1.1). Borrowed or owned as its holder says. */
struct fo_client {
    uint8_t hw[FO_HW_MAX]; /* type byte first; hw_length 0: no hardware address known */
    uint8_t hw_length;
    uint8_t id_length; /* 0: the client used no client-identifier */
    const uint8_t *id; /* DHCP option 61 value, type byte included */
};

/* fo_binding.flags, stored. */
#define FO_BINDING_RESERVED 0x01u /* IP-flags R (§12.12) */
#define FO_BINDING_BOOTP    0x02u /* IP-flags B */
#define FO_BINDING_SENT     0x04u /* a BNDUPD of the present status left us (§5.2.2, L-07) */
#define FO_BINDING_OURS     0x08u /* the present lease was granted by this server */
#define FO_BINDING_LATE     0x10u /* granted in PARTNER-DOWN, no contact since (§5.2.1, L-10) */
#define FO_BINDING_EXTEND                                                                          \
    0x20u /* no client will renew it (an administrator made it): this server                       \
             does, until its sent-potential-expiration */
#define FO_BINDING_WITHHELD                                                                        \
    0x40u /* its end was told to a partner that lost its storage since: until MCLT after           \
             start-of-state its client does not get it either (§5.2.2, §9.6.2) */

/**
 * One address. A struct fo_binding is copied out of and into the lease database; the bytes that
 * |client.id| points to belong to the database after a get, to the caller at a put (copied).
 *
 * |acked_epoch| is the §5.17 mark: the partner is up to date on this address iff it equals its
 * endpoint's current update epoch; 0 is never current.
 */
struct fo_binding {
    fo_ipv4_t address;
    uint8_t status; /* enum fo_binding_status */
    uint8_t flags;
    struct fo_client client;                /* present holder, or the last one (affinity) */
    fo_utc_t lease_expiration;              /* LE: when the client's lease really ends */
    fo_utc_t sent_potential_expiration;     /* SPE */
    fo_utc_t acked_potential_expiration;    /* APE */
    fo_utc_t received_potential_expiration; /* RPE */
    fo_utc_t client_last_transaction;       /* CLTT; 0: unknown */
    fo_utc_t start_of_state;                /* STOS */
    fo_utc_t last_partner_update; /* when the partner's word about it was last believed; 0:
                                     not since the present client came */
    uint32_t acked_epoch;
};

/** Whether two clients are one: by client-identifier if both have one, else by hardware address;
 *  one with and one without an identifier are different clients (§7.1.1; Draft gap). A client
 *  with neither equals none. */
bool fo_client_equal(const struct fo_client *a, const struct fo_client *b);
bool fo_client_known(const struct fo_client *c);

/** The partner's view of who may allocate: FREE is the primary's, BACKUP the secondary's (§5.4). */
enum fo_binding_status fo_binding_available_status(enum fo_role role);

/** Whether nobody has a lease of an address of |status|: FREE, BACKUP (§5.4). */
bool fo_binding_is_available(unsigned status);
/** Whether a client's lease is over, and what it was is still known: EXPIRED, RELEASED (§5.11). */
bool fo_binding_is_over(unsigned status);
/** Whether an address waits for the partner's word before it is anybody's: EXPIRED, RELEASED, RESET
 *  (§5.11). */
bool fo_binding_is_ended(unsigned status);

/** What made a binding move, for Figure 5.11-1. */
enum fo_move_cause {
    FO_MOVE_GRANT,    /* a client got the address */
    FO_MOVE_EXPIRY,   /* lease-expiration-time passed */
    FO_MOVE_RELEASE,  /* DHCPRELEASE */
    FO_MOVE_DECLINE,  /* DHCPDECLINE or a conflict was found */
    FO_MOVE_OPERATOR, /* RESET by hand, or a reservation made or cancelled */
    FO_MOVE_BALANCE,  /* pool balancing */
    FO_MOVE_ACKED,    /* the partner acknowledged, or MCLT passed in PARTNER-DOWN */
    FO_MOVE_PARTNER   /* an accepted BNDUPD says so */
};
/** fo_binding_may_move tells whether Figure 5.11-1 has the move. FO_MOVE_PARTNER may do what the
 *  accept table allows (any). Source: draft-12 §5.11. */
bool fo_binding_may_move(enum fo_binding_status from, enum fo_binding_status to,
                         enum fo_move_cause cause);

/** Whether |b|, EXPIRED or RELEASED, may go back to |client| outside PARTNER-DOWN: only to its last
 *  holder, and only while no BNDUPD told the partner of the end (§5.2.2, §9.8.3). */
bool fo_binding_may_return(const struct fo_binding *b, const struct fo_client *client);

/** Table 7.1.1-1: whether client information MUST, SHOULD/MAY or MUST NOT accompany a status. */
enum fo_client_rule { FO_CLIENT_MUST, FO_CLIENT_SHOULD, FO_CLIENT_MAY, FO_CLIENT_MUST_NOT };
enum fo_client_rule fo_binding_client_rule(enum fo_binding_status status);

/** One line: address, status, client, the four times. Cut to |capacity|; returns |out|. */
char *fo_binding_print(const struct fo_binding *b, char *out, size_t capacity);

#endif
