/**
 * mgmt/client.h: the other end of the management service, for tools and benches.
 *
 * A connection blocks. fo_mgmt_call asks and waits; fo_mgmt_send and fo_mgmt_receive keep many
 * requests under way. Not thread-safe.
 */
#ifndef FO_MGMT_CLIENT_H
#define FO_MGMT_CLIENT_H

#include "fo/run/run.h"
#include "mgmt/mgmt.pb-c.h"
#include "mgmt/target.h"

struct fo_mgmt_client;

/** Ownership: gives |*out| (fo_mgmt_disconnect). |tls| may be NULL for a socket. Errors: FO_EIO
 *  (not reachable), FO_ECLOSED (nobody listens there), FO_ENOTFOUND (the name is not known),
 *  FO_EINVAL (TLS without files), FO_ENOMEM; |why| is one sentence. */
FO_MUST_CHECK int fo_mgmt_connect(const struct fo_mgmt_target *target,
                                  const struct fo_tls_files *tls, uint32_t timeout_s,
                                  struct fo_mgmt_client **out, char *why, size_t why_capacity);
void fo_mgmt_disconnect(struct fo_mgmt_client *c); /* accepts NULL */

/** Sends |request| under a fresh id, which it writes there. Errors: FO_EIO, FO_ENOMEM, FO_ELIMIT
 *  (larger than a frame). After an error the connection is of no more use. */
FO_MUST_CHECK int fo_mgmt_send(struct fo_mgmt_client *c, Mgmt__Request *request);
/** The next reply, whichever it answers. Ownership: gives |*out| (mgmt__reply__free_unpacked).
 *  Errors: FO_EIO, FO_ENOMEM, FO_EMALFORMED. */
FO_MUST_CHECK int fo_mgmt_receive(struct fo_mgmt_client *c, Mgmt__Reply **out);
/** Both. Errors: as above. */
FO_MUST_CHECK int fo_mgmt_call(struct fo_mgmt_client *c, Mgmt__Request *request, Mgmt__Reply **out);
/** What went wrong last, for the error of the functions above. */
const char *fo_mgmt_trouble(const struct fo_mgmt_client *c);

#endif
