/**
 * mgmt/caller.h: who makes a call, from where, and what he may do (MAPI §7.1).
 *
 * A process on the Unix socket is known by its user and its groups, somebody on TLS by the
 * certificate: by an organizational unit of its subject or by a subject alternative name.
 */
#ifndef FO_MGMT_CALLER_H
#define FO_MGMT_CALLER_H

#include <sys/types.h>

#include <openssl/ssl.h>

#include "mgmt/call.h"

/** Names of certificates: "ou:TEXT", or "dns:", "email:", "uri:", "ip:" for a subject alternative
 *  name; compared whole, and but for ou without regard to case. Borrowed. */
struct fo_caller_names {
    const char *const *list;
    size_t count;
};
/** Whether |text| is such a name. */
bool fo_caller_name_valid(const char *text);

struct fo_caller_rules {
    gid_t administrators_group, users_group; /* (gid_t)-1: nobody */
    struct fo_caller_names administrators, users;
};

/** All of it fit for a log: printable, without quotation marks. */
struct fo_caller {
    enum fo_right right;
    char who[128]; /* "uid=0", or the certificate's subject */
    char from[48]; /* "pid=12", or an address */
};

/** The process at the other end of the Unix socket |fd|. Root and our own user administer. */
void fo_caller_of_process(const struct fo_caller_rules *rules, int fd, struct fo_caller *out);
/** Who and right by the certificate of |session|; |from| stays. A server of the same CA
 *  (serverAuth) may read, whatever its names: it asks what became of a change over both. */
void fo_caller_of_certificate(const struct fo_caller_rules *rules, SSL *session,
                              struct fo_caller *out);

#endif
