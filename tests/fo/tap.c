#include "tests/fo/tap.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void note(struct tap *t, int from, const struct fo_message *m)
{
    size_t n = strlen(t->order);
    const char *startup = (m->server_flags & FO_SERVER_FLAG_STARTUP) != 0 ? ",S" : "";
    if (m->type == FO_MSG_STATE)
        snprintf(t->order + n, sizeof t->order - n, "%d:STATE(%s%s) ", from,
                 fo_state_name(fo_state_from_wire(m->server_state)), startup);
    else if (m->type != FO_MSG_BNDUPD && m->type != FO_MSG_BNDACK && m->type != FO_MSG_CONTACT)
        snprintf(t->order + n, sizeof t->order - n, "%d:%s ", from, fo_message_type_name(m->type));
}

static void count(struct tap *t, int from, const struct fo_message *m)
{
    t->messages[from][m->type]++;
    t->last_xid[from][m->type] = m->xid;
    if (m->type == FO_MSG_CONNECT)
        t->unacked[0] = t->unacked[1] = 0;
    if (m->type == FO_MSG_BNDACK && t->unacked[!from] != 0)
        t->unacked[!from]--;
    if (m->type != FO_MSG_BNDUPD)
        return;
    t->transactions[from] += m->group_count;
    if (m->group_count > t->largest[from])
        t->largest[from] = m->group_count;
    if (++t->unacked[from] > t->most_unacked[from])
        t->most_unacked[from] = t->unacked[from];
    for (unsigned i = 0; i < m->group_count && t->said_count < 4096; i++) {
        const struct fo_group *g = &m->groups[i];
        t->said[t->said_count].from = from;
        t->said[t->said_count].address = g->address;
        t->said[t->said_count].status = g->status;
        t->said[t->said_count].xid = m->xid;
        t->said[t->said_count].end = g->lease_expiration_time;
        t->said[t->said_count++].potential = g->potential_expiration_time;
    }
}

static void bytes(void *context, int from, const uint8_t *data, size_t length)
{
    static struct fo_message m;
    struct tap *t = context;
    while (length >= FO_HEADER_LENGTH) {
        size_t one = (size_t)data[0] << 8 | data[1];
        struct fo_fault fault;
        if (fo_message_decode(data, one, &m, &fault) != FO_OK)
            abort();
        count(t, from, &m);
        note(t, from, &m);
        data += one;
        length -= one;
    }
}

void tap_clear(struct tap *t)
{
    struct world *w = t->w;
    memset(t, 0, sizeof *t);
    t->w = w;
}

void tap_on(struct tap *t, struct world *w)
{
    t->w = w;
    tap_clear(t);
    w->on_bytes = bytes;
    w->tap = t;
}

unsigned tap_said(const struct tap *t, int from, fo_ipv4_t address, enum fo_binding_status status)
{
    unsigned n = 0;
    for (unsigned i = 0; i < t->said_count; i++)
        n +=
            t->said[i].from == from && t->said[i].address == address && t->said[i].status == status;
    return n;
}
