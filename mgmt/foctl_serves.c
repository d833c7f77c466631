/* Which server answers a client: the first question when one gets no address. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mgmt/call.h"
#include "mgmt/foctl.h"

/* Clients of one question, and the rows that came of all of them. */
struct serves {
    struct foctl *t;
    struct foctl_sheet *list;
    fo_ipv4_t subnet;
    uint32_t secs;
    size_t count;
    struct foctl_client clients[FO_LEASES_PER_CALL];
};

static void put_answer(struct foctl_sheet *s, const struct foctl_client *c,
                       const Mgmt__ClientServed *m)
{
    char hardware[3 * FOCTL_HARDWARE_MAX + 1], id[3 * FOCTL_ID_MAX + 1], bucket[8] = "-";
    const char *owner = m->owner_here ? "this server" : "partner";

    if (m->balanced)
        (void)snprintf(bucket, sizeof bucket, "%u", m->bucket);
    foctl_row(s);
    foctl_put_text(s, "hardware", "HARDWARE",
                   foctl_hex_text(c->hardware, c->hardware_length, hardware, sizeof hardware));
    foctl_put_text(s, "client_id", "CLIENT-ID", foctl_hex_text(c->id, c->id_length, id, sizeof id));
    foctl_put_text(s, "bucket", "BUCKET", bucket);
    foctl_put_text(s, "owner", "SHARE", m->balanced ? owner : "-");
    foctl_put_flag(s, "answers", "ANSWERS", m->answers);
    foctl_put_text(s, "why", "WHY", m->why);
}

static int ask(struct serves *v)
{
    static Mgmt__Lease messages[FO_LEASES_PER_CALL];
    static Mgmt__Lease *list[FO_LEASES_PER_CALL];
    Mgmt__ServesQuery query = MGMT__SERVES_QUERY__INIT;
    Mgmt__Request q = MGMT__REQUEST__INIT;
    Mgmt__Reply *reply;
    int rc;

    for (size_t i = 0; i < v->count; i++) {
        struct foctl_client *c = &v->clients[i];
        mgmt__lease__init(&messages[i]);
        messages[i].hardware = (ProtobufCBinaryData){c->hardware_length, c->hardware};
        messages[i].client_id = (ProtobufCBinaryData){c->id_length, c->id};
        list[i] = &messages[i];
    }
    query.subnet = v->subnet;
    query.secs = v->secs;
    query.clients = list;
    query.n_clients = v->count;
    q.call_case = MGMT__REQUEST__CALL_SCOPE_SERVES;
    q.scope_serves = &query;
    rc = foctl_ask(v->t, &q, &reply);
    if (rc != EXIT_DONE)
        return rc;
    for (size_t i = 0; i < v->count && i < reply->serves->n_list; i++)
        put_answer(v->list, &v->clients[i], reply->serves->list[i]);
    mgmt__reply__free_unpacked(reply, NULL);
    v->count = 0;
    return EXIT_DONE;
}

/* "HARDWARE [CLIENT-ID]", of Ethernet. */
static int take_line(struct serves *v, char *line)
{
    struct foctl_client *c = &v->clients[v->count];
    char *rest = NULL, *hardware = strtok_r(line, " \t\n", &rest);
    char *id = strtok_r(NULL, " \t\n", &rest);

    if (hardware == NULL)
        return EXIT_DONE; /* an empty line */
    *c = (struct foctl_client){.hardware = {1}, .hardware_length = FOCTL_HARDWARE_MAX - 1};
    if (foctl_hex("hardware", hardware, c->hardware + 1, &c->hardware_length) != FO_OK)
        return EXIT_USAGE;
    c->hardware_length++;
    c->id_length = id != NULL ? FOCTL_ID_MAX : 0;
    if (id != NULL && foctl_hex("client identifier", id, c->id, &c->id_length) != FO_OK)
        return EXIT_USAGE;
    return ++v->count == FO_LEASES_PER_CALL ? ask(v) : EXIT_DONE;
}

static int ask_file(struct serves *v, const char *path)
{
    bool standard = strcmp(path, "-") == 0;
    FILE *file = standard ? stdin : fopen(path, "r");
    char *line = NULL;
    size_t room = 0;
    int rc = EXIT_DONE;

    if (file == NULL)
        return foctl_fail_file(path);
    while (rc == EXIT_DONE && getline(&line, &room, file) >= 0)
        rc = take_line(v, line);
    free(line);
    if (!standard)
        (void)fclose(file);
    return rc == EXIT_DONE && v->count != 0 ? ask(v) : rc;
}

int foctl_scope_serves(struct foctl *t)
{
    static struct serves v;
    const char *secs = foctl_arg(&t->args, "secs"), *clients = foctl_arg(&t->args, "clients");
    int rc;

    v.t = t;
    if (foctl_address("scope", t->args.words[0], &v.subnet) != FO_OK ||
        (secs != NULL && foctl_number("--secs", secs, UINT16_MAX, &v.secs) != FO_OK))
        return EXIT_USAGE;
    v.list = foctl_list_new();
    if (clients != NULL) {
        rc = ask_file(&v, clients);
    } else {
        rc = foctl_client_of_args(t, &v.clients[0]);
        v.count = 1;
        if (rc == EXIT_DONE)
            rc = ask(&v);
    }
    if (rc == EXIT_DONE)
        foctl_print(t, v.list);
    else
        foctl_discard(v.list);
    return rc;
}
