/* Which state the partner is told, and when none (draft-12 §7.10, §9.3.1; what foreign partners
 * make of what they hear). */
#include "fo/endpoint.h"

static bool in_conflict(enum fo_state s)
{
    return s == FO_STATE_POTENTIAL_CONFLICT || s == FO_STATE_RESOLUTION_INTERRUPTED ||
           s == FO_STATE_CONFLICT_DONE;
}

/* STARTUP is a flag on the wire: what is told is the state to be resumed (§9.3.1). A partner that
 * stands nothing but a conflict beside its own hears of one while we get back what we lost. */
static enum fo_state told_state(const struct fo_endpoint *ep)
{
    bool regains = ep->state == FO_STATE_RECOVER || ep->state == FO_STATE_RECOVER_WAIT;
    if (regains && ep->comms_ok && ep->dialect->state_conflict_is_fatal &&
        in_conflict(ep->rec.partner_state))
        return FO_STATE_RESOLUTION_INTERRUPTED;
    return ep->state == FO_STATE_STARTUP ? fo_transition_resumed(ep->rec.state) : ep->state;
}

/* A partner that never takes a conflict over from NORMAL: it shuts itself down for good (§9.8.4).
 */
static bool shuts_partner_down(const struct fo_endpoint *ep, enum fo_state told)
{
    return ep->rec.partner_state == FO_STATE_NORMAL && ep->comms_ok && in_conflict(told);
}

/* A partner that ends its process in CONFLICT-DONE, unless a secondary in a conflict is what it
 * hears. Up to there it came without us hearing of it, or is coming while we speak. */
static bool ends_partner(const struct fo_endpoint *ep, enum fo_state told)
{
    return ep->r.role == FO_ROLE_SECONDARY && in_conflict(ep->rec.partner_state) &&
           told != FO_STATE_NORMAL && told != FO_STATE_POTENTIAL_CONFLICT &&
           told != FO_STATE_RESOLUTION_INTERRUPTED;
}

static bool would_harm(const struct fo_endpoint *ep, enum fo_state told)
{
    return ep->dialect->state_conflict_is_fatal &&
           (shuts_partner_down(ep, told) || ends_partner(ep, told));
}

/* What would harm the partner is not said but held back. */
void fo_endpoint_send_state(struct fo_step *st, struct fo_endpoint *ep)
{
    struct fo_message *m = &st->server->out_message;
    enum fo_state told = told_state(ep);
    if (ep->link == NULL || ep->link->phase != FO_LINK_ESTABLISHED)
        return;
    ep->state_held = would_harm(ep, told);
    if (ep->state_held)
        return;
    fo_message_reset(m, FO_MSG_STATE, fo_link_xid(ep->link));
    m->present = FO_OPT_BIT(FO_OPT_SERVER_STATE) | FO_OPT_BIT(FO_OPT_SERVER_FLAGS) |
                 FO_OPT_BIT(FO_OPT_START_TIME_OF_STATE);
    m->server_state = fo_state_to_wire(told);
    m->server_flags = ep->state == FO_STATE_STARTUP ? FO_SERVER_FLAG_STARTUP : 0;
    m->start_time_of_state = ep->rec.since;
    fo_link_send(st, ep->link, m);
}

/* The partner is where our state would harm it: it has to notice by the loss of the link. */
static void let_go(struct fo_step *st, struct fo_endpoint *ep)
{
    fo_endpoint_notice(st, ep, FO_NOTICE_WARNING, true,
                       "link=dropped cause=\"%s is fatal to this partner in %s\"",
                       fo_state_name(told_state(ep)), fo_state_name(ep->rec.partner_state));
    ep->comms_ok = false;
    fo_link_disconnect(st, ep->link, FO_REJECT_UNKNOWN_REASON,
                       "this server's state would harm its partner");
}

void fo_endpoint_send_held(struct fo_step *st, struct fo_endpoint *ep)
{
    fo_endpoint_send_state(st, ep);
    if (ep->state_held)
        let_go(st, ep);
}
