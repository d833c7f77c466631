/* The state of an endpoint: one function assigns it, a table (state/transition.h) decides. Source:
 * draft-12 §9; state and time are stored by the batch that sends the STATE message (§9.2). */
#include <stdio.h>
#include <string.h>

#include "fo/endpoint.h"
#include "state/lease_time.h"

#define ROUNDS_MAX 5 /* a change of state may call for the next one; never for ever */

/* Serving states are "operational". What is stored is a time until which this server may have
 * served, so that a crash between two heartbeats errs on the safe side (§9.3.2, §9.6.2). */
static void heartbeat(struct fo_step *st, struct fo_endpoint *ep)
{
    const struct fo_service *service = fo_service_of(ep->state);
    uint32_t every_s = st->server->config.heartbeat_s;
    ep->heartbeat_at.ms = st->now.mono.ms + (int64_t)every_s * 1000;
    if (!service->answers_new && !service->answers_renew)
        return;
    ep->rec.operational_until = fo_utc_add(st->now.utc, every_s);
    ep->rec_dirty = true;
}

/* A state that serves nobody is known to the second. */
static void stop_serving(struct fo_step *st, struct fo_endpoint *ep)
{
    const struct fo_service *service = fo_service_of(ep->state);
    if (!service->answers_new && !service->answers_renew)
        ep->rec.operational_until = fo_utc_min(ep->rec.operational_until, st->now.utc);
}

/* --- entering a state ------------------------------------------------------------------------ */

static void on_entry(struct fo_step *st, struct fo_endpoint *ep, enum fo_state from, bool resumed)
{
    switch (ep->state) {
    case FO_STATE_NORMAL: /* §9.8.1 */
        ep->rec.virgin = false;
        ep->rec.contact_since_down = false;
        ep->resolution_finished = from == FO_STATE_POTENTIAL_CONFLICT;
        fo_sender_scan(ep);
        ep->pool_request_due =
            ep->r.role == FO_ROLE_SECONDARY && !ep->dialect->either_asks_for_pool;
        ep->pool_request_at.ms = st->now.mono.ms + FO_BALANCE_PERIOD_MS;
        ep->balance_at = st->now.mono;
        ep->retry_at.ms = 0; /* the scan tells it again */
        break;
    case FO_STATE_PARTNER_DOWN: /* §9.4 */
        ep->rec.virgin = false;
        if (!resumed) /* a restart does not undo that the partner was heard */
            ep->rec.contact_since_down = ep->comms_ok;
        fo_lease_partner_down(st, ep);
        break;
    case FO_STATE_POTENTIAL_CONFLICT: /* §9.10.3: what was asked for before does not end it */
        ep->resync_wanted = ep->resync_wanted || ep->request_open;
        ep->request_open = false;
        break;
    case FO_STATE_SHUTDOWN:
        ep->stop_at.ms = st->now.mono.ms + FO_SHUTDOWN_WAIT_MS;
        break;
    default:
        break;
    }
}

/* After SHUTDOWN a restart finds a partner that took over (§9.14). */
static void resume_in_recover(struct fo_step *st, struct fo_endpoint *ep)
{
    if (ep->rec.resume == FO_STATE_RECOVER)
        return;
    ep->rec.resume = FO_STATE_RECOVER;
    ep->rec.down_since = st->now.utc;
    ep->rec_dirty = true;
}

/* Whether the partner takes over when it hears SHUTDOWN. Draft gap: §9.14.2 waits for its word; but
 * it may take over and die, or be cut off, before that arrives. */
static bool hands_over(const struct fo_endpoint *ep)
{
    struct fo_transition_context partners = {
        .role = ep->r.role == FO_ROLE_PRIMARY ? FO_ROLE_SECONDARY : FO_ROLE_PRIMARY,
        .partner = FO_STATE_SHUTDOWN,
        .connected = true,
    };
    return ep->comms_ok &&
           fo_transition_find(ep->rec.partner_state, FO_ON_COMMS_OK, &partners).to ==
               FO_STATE_PARTNER_DOWN;
}

/* The only place that assigns an endpoint's state. */
static void enter(struct fo_step *st, struct fo_endpoint *ep, enum fo_state to, const char *cause,
                  const char *source)
{
    enum fo_state from = ep->state;
    bool resumed = from == FO_STATE_STARTUP && to == ep->rec.state;
    if (to == FO_STATE_STARTUP) { /* out of PAUSED or SHUTDOWN, as a restart would */
        fo_endpoint_start(st, ep);
        return;
    }
    ep->state = to;
    ep->hears_first = false;
    if (to == FO_STATE_PAUSED || to == FO_STATE_SHUTDOWN)
        ep->rec.resume = from == FO_STATE_STARTUP ? ep->rec.state : from;
    if (to == FO_STATE_SHUTDOWN && hands_over(ep))
        resume_in_recover(st, ep);
    ep->rec.state = to;
    stop_serving(st, ep);
    if (to == FO_STATE_RECOVER && !resumed)
        ep->rec.down_since = ep->rec.operational_until;
    if (!resumed) {
        ep->rec.since = st->now.utc;
        snprintf(ep->rec.cause, sizeof ep->rec.cause, "%s (%s)", cause, source);
    }
    ep->rec_dirty = true;
    fo_endpoint_notice(st, ep, FO_NOTICE_INFO, true, "state=%s -> %s cause=\"%s\" source=%s",
                       fo_state_name(from), fo_state_name(to), cause, source);
    on_entry(st, ep, from, resumed);
    heartbeat(st, ep);
    fo_endpoint_send_state(st, ep);
    /* Out of RECOVER by an operator's PARTNER-DOWN: what was lost is still lost (§9.5.2). */
    if (to == FO_STATE_NORMAL && ep->rec.lost_storage)
        fo_resync_request(st, ep);
    if (to == FO_STATE_NORMAL && from == FO_STATE_COMMUNICATIONS_INTERRUPTED &&
        ep->partner_kind->last_word_wins)
        fo_resync_hear_first(st, ep);
}

/* The wait of §9.6.2 may be left out where this server never served under the relationship, or
 * went down longer ago than MCLT. */
fo_utc_t fo_endpoint_recover_until(const struct fo_endpoint *ep)
{
    return ep->rec.virgin ? fo_utc(0) : fo_utc_add(ep->rec.down_since, ep->rec.mclt_longest_s);
}

/* §9.3.2 step 5. Draft gap: a server that was recovering when it stopped has served nobody since
 * its partner took over, whenever that was: it goes on recovering, there is no conflict. */
static bool partner_down_was_later(const struct fo_endpoint *ep)
{
    switch (ep->rec.state) {
    case FO_STATE_RECOVER:
    case FO_STATE_RECOVER_WAIT:
    case FO_STATE_RECOVER_DONE:
        return true;
    default:
        return ep->rec.partner_since.s > ep->rec.operational_until.s;
    }
}

static struct fo_transition_context context_of(const struct fo_endpoint *ep)
{
    bool stopped = ep->state == FO_STATE_PAUSED || ep->state == FO_STATE_SHUTDOWN;
    return (struct fo_transition_context){
        .role = ep->r.role,
        .partner = ep->rec.partner_state,
        .partner_startup = ep->partner_startup,
        .resolution_finished = ep->resolution_finished,
        .connected = ep->comms_ok,
        .lost_storage = ep->rec.lost_storage,
        .previous = fo_transition_resumed(stopped ? ep->rec.resume : ep->rec.state),
        .partner_down_was_later = partner_down_was_later(ep),
    };
}

static bool wait_is_over(const struct fo_step *st, const struct fo_endpoint *ep)
{
    return st->now.utc.s >= fo_endpoint_recover_until(ep).s;
}

/* Draft gap, §9.2, §9.4.3: whoever was in PARTNER-DOWN tells what the partner lacks before it goes
 * to NORMAL, which lets the partner give its own addresses: some are leased here. */
static void tell_first(struct fo_endpoint *ep)
{
    if (ep->telling)
        return;
    ep->telling = true;
    fo_sender_scan_counted(ep);
}

/* One look at the table. Returns whether the state changed. */
static bool look_up(struct fo_step *st, struct fo_endpoint *ep, enum fo_state_event event,
                    const char *cause)
{
    struct fo_transition_context c = context_of(ep);
    struct fo_transition t = fo_transition_find(ep->state, event, &c);
    enum fo_state from = ep->state;
    if ((t.actions & FO_DO_STORE_RECOVER) != 0)
        resume_in_recover(st, ep);
    if (t.to == FO_STATE_RECOVER_WAIT && from == FO_STATE_RECOVER && wait_is_over(st, ep))
        t.to = FO_STATE_RECOVER_DONE;
    if (t.to == FO_STATE_NORMAL && from == FO_STATE_PARTNER_DOWN && !ep->all_told) {
        t.to = from;
        tell_first(ep);
    }
    if (t.to != from) {
        if ((t.actions & FO_DO_ALARM) != 0)
            fo_endpoint_notice(st, ep, FO_NOTICE_ALARM, false, "alarm=\"%s\" partner-state=%s",
                               cause, fo_state_name(ep->rec.partner_state));
        enter(st, ep, t.to, cause, t.source);
    }
    if ((t.actions & FO_DO_REQUEST_UPDATE) != 0 && ep->comms_ok)
        fo_resync_request(st, ep);
    return ep->state != from;
}

bool fo_endpoint_may(const struct fo_endpoint *ep, enum fo_state_event event)
{
    struct fo_transition_context c = context_of(ep);
    return (fo_transition_find(ep->state, event, &c).actions & FO_DO_REFUSE) == 0;
}

void fo_endpoint_event(struct fo_step *st, struct fo_endpoint *ep, enum fo_state_event event,
                       const char *cause)
{
    char heard[96];
    bool changed = look_up(st, ep, event, cause);
    /* The partner may already be where the new state waits for it (§9.2). */
    for (int round = 0; changed && ep->comms_ok && round < ROUNDS_MAX; round++) {
        snprintf(heard, sizeof heard, "the partner is in %s", fo_state_name(ep->rec.partner_state));
        changed = look_up(st, ep, FO_ON_COMMS_OK, heard);
    }
    if (ep->state_held && ep->comms_ok)
        fo_endpoint_send_held(st, ep);
}

void fo_endpoint_told(struct fo_step *st, struct fo_endpoint *ep)
{
    ep->telling = false;
    if (ep->sender.missed) { /* what was under way had changed since */
        tell_first(ep);
        return;
    }
    ep->all_told = true;
    fo_endpoint_event(st, ep, FO_ON_COMMS_OK, "the partner knows all that it lacked");
    ep->all_told = false;
}

/* --- hearing the partner -----------------------------------------------------------------------
 */

void fo_endpoint_heard_state(struct fo_step *st, struct fo_endpoint *ep, const struct fo_message *m)
{
    enum fo_state said = fo_state_from_wire(m->server_state);
    bool startup = (m->server_flags & FO_SERVER_FLAG_STARTUP) != 0;
    bool first = !ep->comms_ok;
    char cause[96];
    if (said == FO_STATE_NONE || said == FO_STATE_STARTUP) {
        fo_endpoint_fault(st, ep, "STATE %u is no state that may be sent", m->server_state);
        return;
    }
    if (ep->rec.partner_state != said || ep->partner_startup != startup)
        fo_endpoint_notice(st, ep, FO_NOTICE_INFO, true, "partner-state=%s -> %s%s",
                           fo_state_name(ep->rec.partner_state), fo_state_name(said),
                           startup ? " startup" : "");
    ep->rec.partner_state = said;
    ep->rec.partner_since = fo_lease_time_correct(m->start_time_of_state, ep->clock_delta_s);
    ep->partner_startup = startup;
    ep->comms_ok = true;
    ep->rec_dirty = true;
    if (said == FO_STATE_NORMAL)
        ep->resolution_finished = false;
    if (ep->rec.state == FO_STATE_PARTNER_DOWN) /* also one that is to be resumed */
        ep->rec.contact_since_down = true;
    if (first) {
        ep->last_update = st->now.mono;
        fo_drift_start(st, ep);
    }
    snprintf(cause, sizeof cause, "the partner is in %s%s", fo_state_name(said),
             startup ? " (starting up)" : "");
    fo_endpoint_event(st, ep, FO_ON_COMMS_OK, cause);
}

/* --- time ---------------------------------------------------------------------------------------
 */

/* Milliseconds from now until |deadline| on the wall clock. */
static int64_t until_ms(fo_utc_t deadline, struct fo_now now)
{
    int64_t s = (int64_t)deadline.s - (int64_t)now.utc.s;
    return now.mono.ms + (s > 0 ? s * 1000 : 0);
}

static int64_t contact_at(const struct fo_endpoint *ep)
{
    int64_t every = (int64_t)ep->partner_receive_timer_s * 200; /* a fifth of it (§7.9.2) */
    return ep->last_sent.ms + (every < 600 ? 600 : every);
}

static int64_t silence_at(const struct fo_endpoint *ep)
{
    return ep->last_received.ms + (int64_t)ep->r.receive_timer_s * 1000;
}

static fo_utc_t safe_period_at(const struct fo_endpoint *ep)
{
    return fo_utc_add(ep->rec.since, ep->r.safe_period_s);
}

static bool has_safe_period(const struct fo_endpoint *ep)
{
    return ep->state == FO_STATE_COMMUNICATIONS_INTERRUPTED &&
           ep->r.safe_period_s != FO_SAFE_PERIOD_NEVER;
}

static void link_timers(struct fo_step *st, struct fo_endpoint *ep)
{
    if (ep->link == NULL || ep->link->phase != FO_LINK_ESTABLISHED)
        return;
    if (st->now.mono.ms >= silence_at(ep)) {
        fo_endpoint_fault(st, ep, "nothing heard for %u s", ep->r.receive_timer_s);
        fo_link_disconnect(st, ep->link, FO_REJECT_NO_TRAFFIC, "receive timer ran out");
        return;
    }
    if (ep->hears_first && st->now.mono.ms >= ep->last_update.ms + FO_HEAR_FIRST_MS)
        fo_resync_give_up(st, ep);
    if (ep->request_open && st->now.mono.ms >= ep->last_update.ms + FO_UPDATE_STALL_MS) {
        fo_endpoint_fault(st, ep, "no BNDUPD and no UPDDONE for %d s", FO_UPDATE_STALL_MS / 1000);
        fo_link_disconnect(st, ep->link, FO_REJECT_NO_TRAFFIC, "the requested update stalled");
        return;
    }
    if (st->now.mono.ms >= fo_update_stalls_at(ep)) {
        fo_endpoint_fault(st, ep, "no BNDACK for %d s", FO_ACK_STALL_MS / 1000);
        fo_link_disconnect(st, ep->link, FO_REJECT_UNKNOWN, "a BNDUPD was never answered");
        return;
    }
    if (st->now.mono.ms >= contact_at(ep))
        fo_link_send_bare(st, ep->link, FO_MSG_CONTACT, fo_link_xid(ep->link));
}

void fo_endpoint_timers(struct fo_step *st, struct fo_endpoint *ep)
{
    if (ep->state == FO_STATE_STARTUP && st->now.mono.ms >= ep->startup_until.ms)
        fo_endpoint_event(st, ep, FO_ON_STARTUP_OVER, "the partner did not answer during start-up");
    if (has_safe_period(ep) && st->now.utc.s >= safe_period_at(ep).s)
        fo_endpoint_event(st, ep, FO_ON_SAFE_PERIOD_OVER, "the safe period is over");
    if (ep->state == FO_STATE_RECOVER_WAIT && wait_is_over(st, ep))
        fo_endpoint_event(st, ep, FO_ON_RECOVER_WAIT_OVER, "MCLT has passed since it went down");
    link_timers(st, ep);
    fo_drift_timers(st, ep);
    if (ep->state == FO_STATE_SHUTDOWN && ep->link != NULL && st->now.mono.ms >= ep->stop_at.ms)
        fo_link_disconnect(st, ep->link, FO_REJECT_UNKNOWN, "this server is shut down");
    if (st->now.mono.ms >= ep->heartbeat_at.ms)
        heartbeat(st, ep);
    fo_endpoint_dial(st, ep);
    if (ep->comms_ok && ep->state == FO_STATE_NORMAL) {
        if (ep->rec.scopes_unheard && !ep->request_open)
            fo_resync_request(st, ep); /* the link broke before the partner had told all */
        if (ep->retry_at.ms != 0 && st->now.mono.ms >= ep->retry_at.ms) {
            ep->retry_at.ms = 0;
            ep->sender.scan_again = true;
        }
        if (st->now.mono.ms >= ep->balance_at.ms)
            fo_balance_run(st, ep);
        fo_balance_ask(st, ep);
    }
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

int64_t fo_endpoint_next_ms(const struct fo_endpoint *ep, struct fo_now now)
{
    int64_t next = ep->heartbeat_at.ms;
    if (ep->state == FO_STATE_STARTUP)
        next = earlier(next, ep->startup_until.ms);
    if (has_safe_period(ep))
        next = earlier(next, until_ms(safe_period_at(ep), now));
    if (ep->state == FO_STATE_RECOVER_WAIT)
        next = earlier(next, until_ms(fo_endpoint_recover_until(ep), now));
    if (ep->link == NULL && ep->state != FO_STATE_PAUSED && ep->state != FO_STATE_SHUTDOWN)
        next = earlier(next, ep->redial_at.ms);
    if (ep->link != NULL && ep->link->phase == FO_LINK_ESTABLISHED) {
        next = earlier(next, earlier(silence_at(ep), contact_at(ep)));
        next = earlier(next, fo_update_stalls_at(ep));
        next = earlier(next, fo_drift_next_ms(ep));
        if (ep->hears_first)
            next = earlier(next, ep->last_update.ms + FO_HEAR_FIRST_MS);
        if (ep->request_open)
            next = earlier(next, ep->last_update.ms + FO_UPDATE_STALL_MS);
    }
    if (ep->state == FO_STATE_SHUTDOWN && ep->link != NULL)
        next = earlier(next, ep->stop_at.ms);
    if (ep->comms_ok && ep->sender.scan_paused)
        next = now.mono.ms;
    if (ep->comms_ok && ep->state == FO_STATE_NORMAL && ep->rec.scopes_unheard && !ep->request_open)
        next = now.mono.ms;
    if (ep->comms_ok && ep->state == FO_STATE_NORMAL && ep->retry_at.ms != 0)
        next = earlier(next, ep->retry_at.ms);
    if (ep->comms_ok && ep->state == FO_STATE_NORMAL)
        next = earlier(next, earlier(ep->balance_at.ms, ep->pool_request_at.ms));
    return next;
}
