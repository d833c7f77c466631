/* Which of the two servers answers a client, and why: the decision of fo/host.c, told. */
#include <stdio.h>

#include "mgmt/message.h"
#include "proto/win32.h"

static const char *why_of(const struct fo_serve_view *v, char *room, size_t capacity)
{
    bool answers = v->answer == FO_ANSWER_SERVE;

    switch (v->cause) {
    case FO_SERVE_ALONE:
        return "the scope is in no relationship";
    case FO_SERVE_DISABLED:
        return "the scope is disabled";
    case FO_SERVE_QUARANTINE:
        return "the scope may be in a relationship whose record is in quarantine";
    case FO_SERVE_STATE:
        (void)snprintf(room, capacity, "this server is in %s and answers %s",
                       fo_state_name(v->state), answers ? "every client" : "no new client");
        return room;
    case FO_SERVE_BUCKET:
        return answers ? "it is in this server's share" : "it is in the partner's share";
    case FO_SERVE_WAITED:
        return "it is in the partner's share, but has waited long enough";
    case FO_SERVE_PARTNER_EMPTY:
        return "it is in the partner's share, but the partner has no free address";
    }
    return "";
}

static Mgmt__ClientServed *answer_for(struct fo_call *c, const Mgmt__ServesQuery *q,
                                      const struct fo_client *client)
{
    Mgmt__ClientServed *m = fo_call_alloc(c, sizeof *m);
    struct fo_serve_view view;
    char room[96];

    if (m == NULL)
        return NULL;
    fo_server_serve_view(c->server, q->subnet, client, FO_CLIENT_NEW, q->secs, &view);
    mgmt__client_served__init(m);
    m->answers = view.answer == FO_ANSWER_SERVE;
    m->balanced = view.state != FO_STATE_NONE;
    m->bucket = view.bucket;
    m->owner = view.owner;
    m->owner_here = view.owner_here;
    m->why = fo_call_text(c, why_of(&view, room, sizeof room));
    return m->why != NULL ? m : NULL;
}

uint32_t fo_call_scope_serves(struct fo_call *c)
{
    const Mgmt__ServesQuery *q = c->request->scope_serves;
    Mgmt__Serves *m = fo_call_alloc(c, sizeof *m);
    char text[FO_IPV4_TEXT];

    if (fo_lease_db_scope(fo_server_leases(c->server), q->subnet) == NULL)
        return fo_call_refuse(c, ERROR_DHCP_SUBNET_NOT_PRESENT, "There is no scope %s.",
                              fo_ipv4_text(q->subnet, text));
    if (q->n_clients > FO_LEASES_PER_CALL)
        return fo_call_refuse(c, ERROR_INVALID_PARAMETER,
                              "%zu clients are too many for one call; at most %u are possible.",
                              q->n_clients, FO_LEASES_PER_CALL);
    if (m == NULL)
        return fo_call_no_memory(c);
    mgmt__serves__init(m);
    m->list = fo_call_alloc(c, (q->n_clients + 1) * sizeof(Mgmt__ClientServed *));
    if (m->list == NULL)
        return fo_call_no_memory(c);
    for (; m->n_list < q->n_clients; m->n_list++) {
        struct fo_client client;
        uint32_t code = fo_message_to_client(q->clients[m->n_list], &client, c->why, sizeof c->why);
        if (code != ERROR_SUCCESS)
            return code;
        m->list[m->n_list] = answer_for(c, q, &client);
        if (m->list[m->n_list] == NULL)
            return fo_call_no_memory(c);
    }
    c->reply.result_case = MGMT__REPLY__RESULT_SERVES;
    c->reply.serves = m;
    return ERROR_SUCCESS;
}
