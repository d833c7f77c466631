/**
 * fo/event.h: everything that can happen to a server, and when.
 *
 * An event carries its own time; nothing in fo/ asks a clock. The same events give the same
 * bytes.
 */
#ifndef FO_EVENT_H
#define FO_EVENT_H

#include "state/binding.h"

/** One moment on both clocks. */
struct fo_now {
    fo_mono_t mono; /* timers */
    fo_utc_t utc;   /* what goes on wire and disk */
};

enum fo_event_kind {
    FO_EVENT_TICK,        /* time passed: fo_server_next_wake() came */
    FO_EVENT_LINK_UP,     /* a TCP connection is there, dialled or accepted */
    FO_EVENT_LINK_SECURE, /* the TLS handshake we asked for is done, certificate matched */
    FO_EVENT_LINK_BYTES,  /* bytes arrived */
    FO_EVENT_LINK_DOWN,   /* it is gone, or dialling failed */
    FO_EVENT_REPORT,      /* the host committed a change of a lease */
    FO_EVENT_COMMAND      /* an operator */
};

/* Links dialled by the server have even numbers (given in the DIAL effect), accepted ones odd
 * numbers chosen by the driver; no number is used twice in a server's life. */
typedef uint64_t fo_link_id_t;

enum fo_report_kind {
    FO_REPORT_GRANT,   /* a client has got or renewed the address */
    FO_REPORT_RELEASE, /* DHCPRELEASE */
    FO_REPORT_DECLINE, /* DHCPDECLINE, or the address was found in use */
    FO_REPORT_RESET    /* an operator freed it */
};

/** What the host did (design: one binding update, step 1). */
struct fo_report {
    enum fo_report_kind kind;
    fo_ipv4_t address;
    struct fo_client client; /* borrowed for the call; GRANT needs one */
    fo_utc_t lease_end;      /* GRANT: what the client was told; FO_UTC_INFINITE possible */
    uint32_t desired_s;      /* GRANT: what the client would get without failover */
    uint8_t flags;           /* FO_BINDING_RESERVED, FO_BINDING_BOOTP */
    bool by_operator;        /* GRANT: it may end a lease earlier that the client has */
    uint64_t token;          /* not 0: handed back in FO_EFFECT_DURABLE and _ACKED */
};

enum fo_command {
    FO_COMMAND_PARTNER_DOWN,
    FO_COMMAND_PAUSE,
    FO_COMMAND_SHUTDOWN, /* this server goes away for long (§9.14) */
    FO_COMMAND_RESUME,
    FO_COMMAND_RESYNC, /* ask the partner for everything (UPDREQALL), tell it again what it refused
                        */
    FO_COMMAND_BALANCE /* redistribute available addresses now */
};

struct fo_event {
    enum fo_event_kind kind;
    struct fo_now now;
    fo_link_id_t link; /* LINK_* */
    union {
        struct {
            bool accepted;
            fo_ipv4_t partner; /* source address of an accepted link */
        } up;
        struct {
            const uint8_t *data; /* borrowed for the call */
            size_t length;
        } bytes;
        struct {
            const char *why; /* borrowed: "connection refused" */
        } down;
        struct fo_report report;
        struct {
            enum fo_command command;
            const char *relationship; /* borrowed */
        } command;
    };
};

#endif
