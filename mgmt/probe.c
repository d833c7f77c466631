/* Whether this server can reach another one: a connection opened and closed, answered when it is
 * known. Who validates a relationship asks both servers, since a firewall may stop one of them. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <event2/bufferevent_ssl.h>
#include <openssl/err.h>

#include "mgmt/connection.h"
#include "proto/win32.h"

struct fo_probe {
    LIST_ENTRY(fo_probe) link;
    struct fo_mgmt *service;
    struct fo_connection *connection; /* NULL: it is gone */
    uint64_t id;                      /* of the request */
    struct bufferevent *stream;
    char host[168]; /* where to, for messages */
};

static void free_probe(struct fo_probe *p)
{
    LIST_REMOVE(p, link);
    p->service->probe_count--;
    if (p->stream != NULL)
        bufferevent_free(p->stream);
    free(p);
}

static void answer(const struct fo_probe *p, bool reached, char *why)
{
    uint8_t frame[512];
    Mgmt__Reply reply;
    Mgmt__Probed probed;
    char done[] = "";

    mgmt__reply__init(&reply);
    mgmt__probed__init(&probed);
    probed.reached = reached;
    probed.why = why;
    reply.id = p->id;
    reply.code = ERROR_SUCCESS;
    reply.sentence = done;
    reply.result_case = MGMT__REPLY__RESULT_PROBED;
    reply.probed = &probed;
    if (mgmt__reply__get_packed_size(&reply) <= sizeof frame)
        fo_connection_reply(p->connection, frame, mgmt__reply__pack(&reply, frame));
}

static void finish(struct fo_probe *p, bool reached, char *why)
{
    if (p->connection != NULL) {
        p->connection->pending--;
        answer(p, reached, why);
    }
    free_probe(p);
}

static void on_event(struct bufferevent *stream, short what, void *context)
{
    struct fo_probe *p = context;
    struct fo_connection *c = p->connection;
    unsigned long tls = bufferevent_get_openssl_error(stream);
    const char *reason = tls != 0 ? ERR_reason_error_string(tls) : NULL;
    int system_error = EVUTIL_SOCKET_ERROR();
    int names = bufferevent_socket_get_dns_error(stream);
    char why[320];

    if (reason == NULL && (what & BEV_EVENT_TIMEOUT) != 0)
        reason = "no answer";
    if (reason == NULL && names != 0)
        reason = evutil_gai_strerror(names);
    if (reason == NULL && (what & BEV_EVENT_ERROR) != 0 && system_error != 0)
        reason = strerror(system_error);
    (void)snprintf(why, sizeof why, "%.160s: %.120s", p->host,
                   reason != NULL ? reason : "closed by the other end");
    if ((what & BEV_EVENT_CONNECTED) != 0)
        why[0] = '\0';
    finish(p, (what & BEV_EVENT_CONNECTED) != 0, why);
    if (c != NULL)
        fo_connection_resume(c);
}

static int dial(struct fo_probe *p, const Mgmt__Probe *m, char *why, size_t why_capacity)
{
    struct fo_mgmt_target target;
    char text[FO_IPV4_TEXT];
    int rc;

    if (m->management[0] == '\0') {
        (void)snprintf(p->host, sizeof p->host, "%s port %u", fo_ipv4_text(m->address, text),
                       m->port);
        rc = fo_mgmt_dial_port(p->service, m->address, (uint16_t)m->port, on_event, p, &p->stream);
    } else {
        (void)snprintf(p->host, sizeof p->host, "%.160s", m->management);
        if (fo_mgmt_target_parse(m->management, &target, why, why_capacity) != FO_OK)
            return FO_EINVAL;
        rc = fo_mgmt_dial(p->service, &target, NULL, on_event, p, &p->stream);
    }
    (void)snprintf(why, why_capacity, "%.160s: %s", p->host,
                   rc == FO_EINVAL ? "this server has no certificate for TLS" : fo_strerror(rc));
    return rc;
}

int fo_probe_start(struct fo_connection *c, const Mgmt__Request *request)
{
    struct fo_mgmt *m = c->service;
    struct fo_probe *p;
    char why[320];

    if (m->probe_count == FO_PROBES_MAX)
        return FO_ELIMIT;
    p = calloc(1, sizeof *p);
    if (p == NULL)
        return FO_ENOMEM;
    p->service = m;
    p->id = request->id;
    LIST_INSERT_HEAD(&m->probes, p, link);
    m->probe_count++;
    p->connection = c;
    c->pending++;
    if (dial(p, request->probe, why, sizeof why) != FO_OK)
        finish(p, false, why);
    return FO_OK;
}

void fo_probe_orphan(const struct fo_connection *c)
{
    struct fo_probe *p;

    LIST_FOREACH(p, &c->service->probes, link)
    {
        if (p->connection == c)
            p->connection = NULL;
    }
}

void fo_probe_free_all(struct fo_mgmt *m)
{
    while (!LIST_EMPTY(&m->probes))
        free_probe(LIST_FIRST(&m->probes));
}
