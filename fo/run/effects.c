/* Carrying out what a committed batch decided. */
#include "fo/run/run_private.h"

#include <stdio.h>

/* Whose certificate has to be shown on a link of relationship |number|. */
static struct fo_tls_partner expected_partner(struct fo_run *r, int number)
{
    struct fo_tls_partner partner = {0};
    const struct fo_relationship *relationship;

    fo_run_lock(r);
    relationship = fo_server_relationship_numbered(r->server, number);
    if (relationship != NULL) {
        partner.address = fo_relationship_partner(relationship);
        snprintf(partner.name, sizeof partner.name, "%s",
                 fo_relationship_partner_name(relationship));
    }
    fo_run_unlock(r);
    return partner;
}

static void on_conn(struct fo_run *r, const struct fo_effect *e)
{
    struct fo_conn *c = fo_conn_find(&r->conns, e->link);
    struct fo_tls_partner partner;

    if (c == NULL)
        return; /* lost meanwhile; the server will hear of it */
    if (e->kind == FO_EFFECT_SEND) {
        fo_conn_send(c, fo_outbox_data(&r->out, e), e->length);
    } else if (e->kind == FO_EFFECT_CLOSE) {
        fo_conn_close(c);
    } else {
        partner = expected_partner(r, e->tls.relationship);
        fo_conn_start_tls(c, e->tls.server_side, &partner);
    }
}

static void tell_host(struct fo_run *r, const struct fo_effect *e)
{
    const struct fo_run_options *o = &r->options;
    struct fo_binding b;

    if (e->kind == FO_EFFECT_APPLIED && o->applied != NULL) {
        b = fo_outbox_binding(&r->out, e);
        o->applied(o->context, &b);
    } else if (e->kind == FO_EFFECT_DURABLE && o->durable != NULL) {
        o->durable(o->context, e->token);
    } else if (e->kind == FO_EFFECT_ACKED && o->acked != NULL) {
        o->acked(o->context, e->token);
    }
}

static void carry_out(struct fo_run *r, const struct fo_effect *e)
{
    switch (e->kind) {
    case FO_EFFECT_DIAL:
        if (fo_conn_dial(&r->conns, e) != FO_OK)
            fo_run_log(r, FO_NOTICE_WARNING, "link: id=%llu no memory to connect",
                       (unsigned long long)e->link);
        break;
    case FO_EFFECT_SEND:
    case FO_EFFECT_START_TLS:
    case FO_EFFECT_CLOSE:
        on_conn(r, e);
        break;
    case FO_EFFECT_APPLIED:
    case FO_EFFECT_DURABLE:
    case FO_EFFECT_ACKED:
        tell_host(r, e);
        break;
    case FO_EFFECT_NOTICE:
        fo_run_log(r, e->level, "%.*s", (int)e->length, (const char *)fo_outbox_data(&r->out, e));
        break;
    }
}

void fo_run_carry_out(struct fo_run *r)
{
    struct fo_conn *c, *next;

    for (size_t i = 0; i < r->out.count; i++)
        carry_out(r, &r->out.effects[i]);
    fo_outbox_clear(&r->out);
    /* All of a batch for one link leaves in as few segments as it fits. */
    for (c = TAILQ_FIRST(&r->conns.all); c != NULL; c = next) {
        next = TAILQ_NEXT(c, in_all);
        fo_conn_flush(c);
    }
}
