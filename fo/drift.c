/* Whether both servers of a relationship are configured alike. Failover tells leases, not ranges
 * and reservations: these are told by nobody until somebody replicates them. So each server tells
 * the other a fingerprint of what it has (proto/vendor.h), and says it when they differ twice in
 * a row: what is changed on both servers is changed on one of them first. */
#include <string.h>

#include "fo/endpoint.h"
#include "proto/vendor.h"
#include "state/fingerprint.h"

enum { SETTINGS = 1, SCOPES = 2 };

static struct fo_vendor_facts facts_of(const struct fo_endpoint *ep)
{
    struct fo_vendor_facts f = {.has_settings = true, .has_scopes = true};

    f.settings = fo_relationship_fingerprint(&ep->r);
    for (uint32_t i = 0; i < ep->r.scope_count; i++)
        f.scopes =
            fo_scope_fingerprint(f.scopes, fo_lease_db_scope(ep->server->leases, ep->r.scopes[i]));
    return f;
}

/* What a vendor says among its own is for nobody else (§12.29). */
static bool same_vendor(const struct fo_endpoint *ep)
{
    return strcmp(ep->partner_vendor, ep->server->vendor_class) == 0;
}

static bool tells(const struct fo_endpoint *ep)
{
    return ep->comms_ok && ep->link != NULL && same_vendor(ep);
}

void fo_drift_start(struct fo_step *st, struct fo_endpoint *ep)
{
    ep->drift.tell_at = st->now.mono;
    ep->drift.heard = false;
    ep->drift.differs = 0;
}

int64_t fo_drift_next_ms(const struct fo_endpoint *ep)
{
    return tells(ep) ? ep->drift.tell_at.ms : INT64_MAX;
}

void fo_drift_timers(struct fo_step *st, struct fo_endpoint *ep)
{
    struct fo_message *m = &st->server->out_message;
    const char *vendor = st->server->vendor_class;
    uint8_t options[FO_VENDOR_FACTS_MAX];
    struct fo_vendor_facts facts;

    if (!tells(ep) || st->now.mono.ms < ep->drift.tell_at.ms)
        return;
    ep->drift.tell_at.ms = st->now.mono.ms + (int64_t)st->server->config.drift_s * 1000;
    facts = facts_of(ep);
    fo_message_reset(m, FO_MSG_CONTACT, fo_link_xid(ep->link));
    m->present =
        FO_OPT_BIT(FO_OPT_VENDOR_CLASS_IDENTIFIER) | FO_OPT_BIT(FO_OPT_VENDOR_SPECIFIC_OPTIONS);
    m->vendor_class = (struct fo_span){(const uint8_t *)vendor, (uint16_t)strlen(vendor)};
    m->vendor_options = (struct fo_span){options, (uint16_t)fo_vendor_write(&facts, options)};
    fo_link_send(st, ep->link, m);
}

static const char *what(uint8_t differs)
{
    static const char *const words[] = {"nothing", "settings", "scopes", "settings and scopes"};

    return words[differs & (SETTINGS | SCOPES)];
}

static void judge(struct fo_step *st, struct fo_endpoint *ep, uint8_t differs)
{
    struct fo_drift *d = &ep->drift;
    bool again = d->heard && d->differs != 0;

    d->heard = true;
    d->differs = differs;
    if (differs == 0 && d->told != 0)
        fo_endpoint_notice(st, ep, FO_NOTICE_INFO, true,
                           "drift=ended: both servers are configured alike again");
    if (differs == 0)
        d->told = 0;
    if (differs == 0 || !again || differs == d->told)
        return;
    if (d->told == 0)
        d->since = st->now.utc;
    d->told = differs;
    fo_endpoint_notice(st, ep, FO_NOTICE_ALARM, true,
                       "drift=\"%s\": this server and the partner are configured differently; "
                       "foctl relationship diff shows where, replicate makes them alike",
                       what(differs));
}

void fo_drift_heard(struct fo_step *st, struct fo_endpoint *ep, const struct fo_message *m)
{
    struct fo_vendor_facts theirs, ours;
    uint8_t differs = 0;

    if (!(m->present & FO_OPT_BIT(FO_OPT_VENDOR_SPECIFIC_OPTIONS)) || !same_vendor(ep))
        return;
    if (fo_vendor_read(m->vendor_options.data, m->vendor_options.length, &theirs) != FO_OK) {
        fo_endpoint_fault(st, ep, "vendor-specific-options that cannot be read");
        return;
    }
    ours = facts_of(ep);
    if (theirs.has_settings && theirs.settings != ours.settings)
        differs |= SETTINGS;
    if (theirs.has_scopes && theirs.scopes != ours.scopes)
        differs |= SCOPES;
    judge(st, ep, differs);
}

void fo_drift_status(const struct fo_endpoint *ep, struct fo_endpoint_status *out)
{
    out->drift_known = ep->drift.heard;
    out->settings_differ = (ep->drift.told & SETTINGS) != 0;
    out->scopes_differ = (ep->drift.told & SCOPES) != 0;
    out->differ_since = ep->drift.told != 0 ? ep->drift.since : fo_utc(0);
}
