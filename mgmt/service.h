/**
 * mgmt/service.h: the entrance for people and tools: a Unix socket, and TLS 1.3 with client
 * certificates, in front of the calls (call.h).
 *
 * Rights are those of caller.h. Every change, done or refused, is a line of the audit (audit.h).
 * Calls that read are answered at once, changes after the commit of their
 * batch, each with the id of its request.
 *
 * Runs on the loop of the runtime; the thread that dispatches it makes all calls here.
 */
#ifndef FO_MGMT_SERVICE_H
#define FO_MGMT_SERVICE_H

#include <sys/types.h>

#include "fo/run/run.h"
#include "mgmt/caller.h"

struct fo_mgmt_limits {      /* 0 gives the default in brackets */
    uint32_t connections;    /* [256] in total; the last 16 are for administrators */
    uint32_t frame_s;        /* [60] for a frame that has begun */
    uint32_t idle_s;         /* [600] without a request */
    uint32_t handshake_s;    /* [15] */
    uint32_t buffered_bytes; /* [4 MiB] of replies that are not read; then we stop reading */
};

struct fo_mgmt_options {
    struct fo_run *run;      /* borrowed; freed after the service */
    const char *server_name; /* copied, as all texts here */
    const char *version;
    const char *socket_path;      /* NULL: no Unix socket */
    gid_t socket_group;           /* owns the socket file; (gid_t)-1: nobody in particular */
    struct fo_caller_rules rules; /* the lists: borrowed as long as the service lives */
    const char *audit_file;       /* NULL or "": the log alone */
    bool tls_on;
    struct fo_listen tls_listen;
    const struct fo_tls_files *tls; /* NULL: no TLS, neither listening nor asking a partner */
    struct fo_mgmt_limits limits;
    void (*log)(void *context, enum fo_notice_level level, const char *line);
    void *context;
};

struct fo_mgmt;
/** Opens the listeners and settles changes over two servers that were left half-way. |why|: one
 *  sentence naming what failed. Ownership: gives |*out| (fo_mgmt_free). */
FO_MUST_CHECK int fo_mgmt_new(const struct fo_mgmt_options *options, struct fo_mgmt **out,
                              char *why, size_t why_capacity);
/** Closes every connection, answered or not. Accepts NULL. Before fo_run_free. */
void fo_mgmt_free(struct fo_mgmt *m);
uint16_t fo_mgmt_tls_port(const struct fo_mgmt *m); /* 0: none */
/** New certificate files for later handshakes. On failure the old ones stay. */
FO_MUST_CHECK int fo_mgmt_reload_tls(struct fo_mgmt *m, const struct fo_tls_files *tls, char *why,
                                     size_t why_capacity);
/** For connections made from now on; the lists are borrowed as those of fo_mgmt_new. */
void fo_mgmt_set_rules(struct fo_mgmt *m, const struct fo_caller_rules *rules);
/** Goes on in a fresh audit file after somebody moved the old one. On failure it stays. */
FO_MUST_CHECK int fo_mgmt_reopen_audit(struct fo_mgmt *m, char *why, size_t why_capacity);

#endif
