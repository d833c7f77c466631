/* Figure 7.1.3-1 as the partner sees it: what it says of an address in a BNDUPD, what the BNDACK
 * answers, and what is stored (draft-12 §7.1.3, §5.11). We are the primary, the client is one. */
#include <criterion/criterion.h>

#include "tests/fo/peer.h"

#define X        ADDRESS(20)
#define CLIENT   1
#define LEASE    20 /* seconds */
#define MARGIN   5  /* its end is reported that much later, at most */
#define STATUSES 7

/* The merged rows and columns of the figure expanded. Y accept, 1 2 3 time1..3, 5 note 5 (it
 * accepts: the client is the same), 6 reject 16. */
static const enum fo_binding_status order[STATUSES] = {
    FO_STATUS_ACTIVE, FO_STATUS_EXPIRED, FO_STATUS_RELEASED, FO_STATUS_FREE,
    FO_STATUS_BACKUP, FO_STATUS_RESET,   FO_STATUS_ABANDONED};
static const char *const figure[STATUSES] = {
    /* ACTIVE    */ "52122YY",
    /* EXPIRED   */ "1YYYYYY",
    /* RELEASED  */ "11YYYYY",
    /* FREE      */ "YYYYYYY",
    /* BACKUP    */ "YYYYYYY",
    /* RESET     */ "3YYYYYY",
    /* ABANDONED */ "66666YY",
};
/* §5.11: what the receiver stores of each. */
static const enum fo_binding_status stored[STATUSES] = {
    FO_STATUS_ACTIVE, FO_STATUS_FREE, FO_STATUS_FREE,     FO_STATUS_FREE,
    FO_STATUS_BACKUP, FO_STATUS_FREE, FO_STATUS_ABANDONED};

static struct peer p;
static fo_link_id_t link;

static void report(enum fo_report_kind kind)
{
    struct fo_report r = {.kind = kind, .address = X, .client = world_client(CLIENT)};
    r.lease_end = fo_utc_add(peer_now(&p).utc, LEASE);
    r.desired_s = LEASE;
    peer_report(&p, &r);
}

/* The partner says |status| of X at |cltt|; the answer. */
static enum fo_reject told(enum fo_binding_status status, fo_utc_t cltt)
{
    struct fo_message *m = peer_words(&p, FO_MSG_BNDUPD);
    struct fo_group *g = peer_active(&p, X, CLIENT, LEASE);
    const struct fo_message *ack;
    g->status = (uint8_t)status;
    g->client_last_transaction_time = cltt;
    if (status != FO_STATUS_ACTIVE) /* Table 7.1-1 */
        g->present &= ~(PEER_OPT(LEASE_EXPIRATION_TIME) | PEER_OPT(POTENTIAL_EXPIRATION_TIME));
    if (status == FO_STATUS_ABANDONED)
        g->present &= ~PEER_OPT(CLIENT_HARDWARE_ADDRESS);
    peer_send(&p, link, m);
    ack = peer_find(&p, link, FO_MSG_BNDACK);
    cr_assert_not_null(ack);
    cr_assert_eq(ack->xid, m->xid);
    cr_assert_eq(ack->group_count, 1);
    cr_assert_eq(ack->groups[0].address, X);
    if ((ack->groups[0].present & PEER_OPT(REJECT_REASON)) == 0)
        return FO_REJECT_NONE;
    cr_assert_neq(ack->groups[0].reject_reason, FO_REJECT_NONE);
    return (enum fo_reject)ack->groups[0].reject_reason;
}

/* Makes X what a real life makes it; what we say of it is not acknowledged. */
static void live_until(enum fo_binding_status status)
{
    peer_init(&p, FO_ROLE_PRIMARY, NULL);
    link = peer_normal(&p);
    peer_link(&p, link)->read = 0;
    peer_agree(&p, link); /* to the hand-overs */
    switch (status) {
    case FO_STATUS_ACTIVE:
    case FO_STATUS_BACKUP:
        cr_assert_eq(told(status, peer_now(&p).utc), FO_REJECT_NONE);
        break;
    case FO_STATUS_EXPIRED:
        report(FO_REPORT_GRANT);
        peer_run(&p, SECONDS(LEASE + MARGIN));
        break;
    case FO_STATUS_RELEASED:
        report(FO_REPORT_GRANT);
        report(FO_REPORT_RELEASE);
        break;
    case FO_STATUS_FREE:
        report(FO_REPORT_GRANT);
        report(FO_REPORT_RELEASE);
        peer_agree(&p, link);
        break;
    case FO_STATUS_RESET:
        report(FO_REPORT_GRANT);
        report(FO_REPORT_RESET);
        break;
    case FO_STATUS_ABANDONED:
        report(FO_REPORT_GRANT);
        report(FO_REPORT_DECLINE);
        break;
    case FO_STATUS_NONE:
        break;
    }
    cr_assert_eq(peer_binding(&p, X).status, status, "it became %s, not %s",
                 fo_binding_status_name(peer_binding(&p, X).status),
                 fo_binding_status_name((int)status));
}

/* The cell of the figure in a moment when its time1 and time3 (|later|), time2 (|over|) hold. */
static void look_at(size_t own, size_t said, bool later, bool over)
{
    char letter = figure[own][said];
    bool accepts = letter == 'Y' || letter == '5' || (letter == '2' && over) ||
                   ((letter == '1' || letter == '3') && later);
    enum fo_reject expected = accepts         ? FO_REJECT_NONE
                              : letter == '6' ? FO_REJECT_LESS_CRITICAL_BINDING_INFORMATION
                                              : FO_REJECT_OUTDATED_BINDING_INFORMATION;
    struct fo_binding b;
    uint32_t heard;
    live_until(order[own]);
    if (over)
        peer_run(&p, SECONDS(LEASE + 1)); /* its end is the partner's to report: it stays ACTIVE */
    b = peer_binding(&p, X);
    cr_assert_eq(b.status, order[own]);
    heard = b.client_last_transaction.s - 3;
    if (later)
        heard = fo_utc_max(b.client_last_transaction, b.start_of_state).s + 1;
    cr_assert_eq(told(order[said], fo_utc(heard)), expected, "we had %s, were told %s, %s, %s",
                 fo_binding_status_name((int)order[own]), fo_binding_status_name((int)order[said]),
                 later ? "later" : "earlier", over ? "over" : "running");
    cr_assert_eq(peer_binding(&p, X).status, accepts ? stored[said] : order[own],
                 "we had %s, were told %s, and have %s", fo_binding_status_name((int)order[own]),
                 fo_binding_status_name((int)order[said]),
                 fo_binding_status_name(peer_binding(&p, X).status));
    peer_fini(&p);
}

/* B-08, B-13. */
Test(apply, b08_every_cell_of_the_figure_answers_what_the_partner_heard_later)
{
    for (size_t own = 0; own < STATUSES; own++) {
        for (size_t said = 0; said < STATUSES; said++)
            look_at(own, said, true, false);
    }
}

Test(apply, b08_every_cell_of_the_figure_answers_what_the_partner_heard_earlier)
{
    for (size_t own = 0; own < STATUSES; own++) {
        for (size_t said = 0; said < STATUSES; said++)
            look_at(own, said, false, false);
    }
}

Test(apply, b08_a_lease_of_the_partner_that_is_over_may_be_ended_by_older_news) /* time2 */
{
    for (size_t said = 0; said < STATUSES; said++)
        look_at(0, said, false, true);
}
