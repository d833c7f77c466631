/**
 * state/serve.h: which client messages are answered, and from which addresses, per state.
 *
 * Source: draft-12 §9.3–§9.14 ("responsive"), §9.8.2 (load balancing), §9.4.2; table 5.1 of the
 * digest. Draft gap: PAUSED answers nobody; RELEASE and DECLINE go with renew.
 */
#ifndef FO_STATE_SERVE_H
#define FO_STATE_SERVE_H

#include "proto/types.h"

enum fo_client_message {
    FO_CLIENT_NEW,    /* DISCOVER, SELECTING, INIT-REBOOT, BOOTP */
    FO_CLIENT_RENEW,  /* REQUEST in RENEWING or REBINDING */
    FO_CLIENT_RELEASE /* RELEASE, DECLINE */
};

struct fo_service {
    bool answers_new;
    bool answers_renew;
    bool balances_load;      /* answers_new only for our hash buckets */
    bool allocates_own;      /* new clients may get our available addresses */
    bool allocates_partners; /* and, after MCLT, the partner's */
    const char *source;
};
/** The row of |state|; static. */
const struct fo_service *fo_service_of(enum fo_state state);

/** May a lease be given anew from an address of |status| in |state| by |role|, the partner-down
 *  waits aside? (§5.4, §9.4.2, §9.9.2) */
bool fo_serve_may_allocate(enum fo_state state, enum fo_role role, enum fo_binding_status status);

#endif
