/* Source: draft-12 §9.3–§9.14, what each section says of service to clients. */
#include "state/serve.h"

#include "state/binding.h"

#define S(status) (1u << FO_STATUS_##status)

static const struct fo_service services[FO_STATE_COUNT] = {
    /*                                      new    renew  balanced own   partner's */
    [FO_STATE_NONE] = {false, false, false, false, false, "no state yet"},
    [FO_STATE_STARTUP] = {false, false, false, false, false, "§9.3.1"},
    [FO_STATE_NORMAL] = {true, true, true, true, false, "§9.8.2"},
    [FO_STATE_COMMUNICATIONS_INTERRUPTED] = {true, true, false, true, false, "§9.9.2"},
    [FO_STATE_PARTNER_DOWN] = {true, true, false, true, true, "§9.4.2"},
    [FO_STATE_POTENTIAL_CONFLICT] = {false, false, false, false, false, "§9.10.2"},
    [FO_STATE_RECOVER] = {false, false, false, false, false, "§9.5.1"},
    [FO_STATE_RECOVER_WAIT] = {false, false, false, false, false, "§9.6.1"},
    [FO_STATE_RECOVER_DONE] = {false, true, false, false, false, "§9.7.1"},
    [FO_STATE_RESOLUTION_INTERRUPTED] = {true, true, false, true, false, "§9.11.2"},
    [FO_STATE_CONFLICT_DONE] = {true, true, false, true, false, "§9.12.2"},
    [FO_STATE_PAUSED] = {false, false, false, false, false, "§9.13, Draft gap"},
    [FO_STATE_SHUTDOWN] = {false, false, false, false, false, "§9.14.2"},
};

const struct fo_service *fo_service_of(enum fo_state state)
{
    return &services[(unsigned)state < FO_STATE_COUNT ? state : FO_STATE_NONE];
}

bool fo_serve_may_allocate(enum fo_state state, enum fo_role role, enum fo_binding_status status)
{
    const struct fo_service *service = fo_service_of(state);
    if (status == fo_binding_available_status(role))
        return service->allocates_own;

    /* Once the partner is down nobody can acknowledge that a lease ended: time does (§5.2.2). */
    const unsigned after_wait = S(FREE) | S(BACKUP) | S(EXPIRED) | S(RELEASED) | S(RESET);
    return service->allocates_partners && (unsigned)status < FO_STATUS_COUNT &&
           (after_wait & 1u << status);
}
