#include "mgmt/foctl_preview.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "mgmt/call.h"

#define CALL(which) MGMT__REQUEST__CALL_##which

static const struct {
    Mgmt__Request__CallCase which;
    int (*run)(const struct foctl_preview *p);
} rows[] = {
    {CALL(RELATIONSHIP_CREATE), foctl_preview_relationship_create},
    {CALL(RELATIONSHIP_SET), foctl_preview_relationship_set},
    {CALL(RELATIONSHIP_DELETE), foctl_preview_relationship_delete},
    {CALL(RELATIONSHIP_ADD_SCOPES), foctl_preview_relationship_add},
    {CALL(RELATIONSHIP_REMOVE_SCOPES), foctl_preview_relationship_remove},
    {CALL(COMMAND), foctl_preview_command},
    {CALL(SCOPE_CREATE), foctl_preview_scope_create},
    {CALL(SCOPE_SET), foctl_preview_scope_set},
    {CALL(SCOPE_DELETE), foctl_preview_scope_delete},
    {CALL(SCOPE_ELEMENT_ADD), foctl_preview_element_add},
    {CALL(SCOPE_ELEMENT_REMOVE), foctl_preview_element_remove},
    {CALL(SUBNET_ELEMENT_ADD), foctl_preview_range_fit},
    {CALL(LEASE_CREATE), foctl_preview_lease_create},
    {CALL(LEASE_CREATE_MANY), foctl_preview_lease_create_many},
    {CALL(LEASE_SET), foctl_preview_lease_set},
    {CALL(LEASE_DELETE), foctl_preview_lease_delete},
    {CALL(BINDING_SET), foctl_preview_binding_set},
    {CALL(PREFIX6_CREATE), foctl_preview_prefix6_create},
    {CALL(PREFIX6_SET), foctl_preview_prefix6_set},
    {CALL(PREFIX6_DELETE), foctl_preview_prefix6_delete},
    {CALL(ELEMENT6_ADD), foctl_preview_element6_add},
    {CALL(ELEMENT6_REMOVE), foctl_preview_element6_remove},
    {CALL(LEASE6_CREATE), foctl_preview_lease6_create},
    {CALL(LEASE6_SET), foctl_preview_lease6_set},
    {CALL(LEASE6_DELETE), foctl_preview_lease6_delete},
    {CALL(CHANGE_COMMIT), foctl_preview_settle},
    {CALL(CHANGE_ABORT), foctl_preview_settle},
};

/* --- for the rows ----------------------------------------------------------------------------- */

int foctl_preview_ask(const struct foctl_preview *p, bool optional, Mgmt__Request *request,
                      Mgmt__Reply **out)
{
    int rc = foctl_ask_at(p->client, p->server, optional, request, out);

    if (rc != EXIT_REFUSED || !optional)
        return rc;
    mgmt__reply__free_unpacked(*out, NULL);
    *out = NULL;
    return EXIT_DONE;
}

void foctl_preview_row(const struct foctl_preview *p, const char *object, const char *field,
                       const char *before, const char *after)
{
    struct foctl_sheet *list = p->t->preview;

    foctl_row(list);
    foctl_put_text(list, "server", "SERVER", p->server);
    foctl_put_text(list, "object", "OBJECT", object);
    foctl_put_text(list, "field", "FIELD", field);
    foctl_put_text(list, "before", "BEFORE", before);
    foctl_put_text(list, "after", "AFTER", after);
}

struct comparison {
    const struct foctl_preview *p;
    const char *object;
};

static void add_difference(void *context, const char *key, const char *before, const char *after)
{
    const struct comparison *c = context;

    foctl_preview_row(c->p, c->object, key, before, after);
}

void foctl_preview_cards(const struct foctl_preview *p, const char *object,
                         struct foctl_sheet *before, struct foctl_sheet *after)
{
    struct comparison c = {p, object};

    foctl_compare(before, after, add_difference, &c);
    if (before != NULL)
        foctl_discard(before);
    if (after != NULL)
        foctl_discard(after);
}

/* --- calls without a row ---------------------------------------------------------------------- */

/* Numbers of 32 fixed bits are addresses or moments (proto/mgmt.proto). */
static bool is_moment(const char *name)
{
    static const char *const endings[] = {"expires", "_at", "since", "when", "time"};
    size_t length = strlen(name);

    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        size_t n = strlen(endings[i]);
        if (length >= n && strcmp(name + length - n, endings[i]) == 0)
            return true;
    }
    return false;
}

static void number_text(const ProtobufCFieldDescriptor *f, const void *at, char *out,
                        size_t capacity)
{
    uint32_t n;
    uint64_t wide;

    switch (f->type) {
    case PROTOBUF_C_TYPE_BOOL:
        (void)snprintf(out, capacity, "%s", *(const protobuf_c_boolean *)at ? "yes" : "no");
        break;
    case PROTOBUF_C_TYPE_UINT64:
    case PROTOBUF_C_TYPE_FIXED64:
        memcpy(&wide, at, sizeof wide);
        (void)snprintf(out, capacity, "%" PRIu64, wide);
        break;
    case PROTOBUF_C_TYPE_FIXED32:
        memcpy(&n, at, sizeof n);
        if (is_moment(f->name))
            foctl_time_text(n, out);
        else
            (void)fo_ipv4_text(n, out);
        break;
    default:
        memcpy(&n, at, sizeof n);
        (void)snprintf(out, capacity, "%" PRIu32, n);
    }
}

static void field_text(const ProtobufCFieldDescriptor *f, const void *at, char *out,
                       size_t capacity)
{
    const ProtobufCBinaryData *bytes = at;

    if (f->label == PROTOBUF_C_LABEL_REPEATED)
        (void)snprintf(out, capacity, "(a list)");
    else if (f->type == PROTOBUF_C_TYPE_STRING)
        (void)snprintf(out, capacity, "%s", *(const char *const *)at);
    else if (f->type == PROTOBUF_C_TYPE_BYTES)
        (void)foctl_hex_text(bytes->data, bytes->len, out, capacity);
    else if (f->type == PROTOBUF_C_TYPE_MESSAGE)
        (void)snprintf(out, capacity, "%s", *(const void *const *)at != NULL ? "(given)" : "");
    else
        number_text(f, at, out, capacity);
}

static bool is_given(const ProtobufCFieldDescriptor *f, const ProtobufCMessage *m)
{
    const char *base = (const char *)m;
    uint32_t chosen;
    size_t count;

    if ((f->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) != 0) {
        memcpy(&chosen, base + f->quantifier_offset, sizeof chosen);
        return chosen == f->id;
    }
    if (f->label != PROTOBUF_C_LABEL_REPEATED)
        return true;
    memcpy(&count, base + f->quantifier_offset, sizeof count);
    return count != 0;
}

/* What the request says, when nobody has written down what was before. */
static int tell_fields(const struct foctl_preview *p)
{
    const struct fo_call_row *row = fo_call_find(p->request);
    const ProtobufCFieldDescriptor *call = protobuf_c_message_descriptor_get_field(
        &mgmt__request__descriptor, (unsigned)p->request->call_case);
    const ProtobufCMessage *m = (const ProtobufCMessage *)(const void *)p->request->server_get;
    char text[256];
    size_t told = 0;

    for (unsigned i = 0; call != NULL && i < m->descriptor->n_fields; i++) {
        const ProtobufCFieldDescriptor *f = &m->descriptor->fields[i];
        if (!is_given(f, m))
            continue;
        field_text(f, (const char *)m + f->offset, text, sizeof text);
        if (text[0] == '\0' || strcmp(text, "0") == 0 || strcmp(text, "0.0.0.0") == 0)
            continue;
        foctl_preview_row(p, fo_call_name(row), f->name, "?", text);
        told++;
    }
    if (told == 0)
        foctl_preview_row(p, fo_call_name(row), "call", "-", "made");
    return EXIT_DONE;
}

int foctl_preview(struct foctl *t, struct fo_mgmt_client *c, const char *server,
                  const Mgmt__Request *request)
{
    const struct foctl_preview p = {t, c, server, request};

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].which == request->call_case)
            return rows[i].run(&p);
    }
    return tell_fields(&p);
}

void foctl_preview_drop(struct foctl *t)
{
    if (t->preview != NULL)
        foctl_discard(t->preview);
    t->preview = NULL;
}

/* --- changes over two servers ----------------------------------------------------------------- */

static Mgmt__Request__CallCase call_of(const Mgmt__Change *change)
{
    switch (change->change_case) {
    case MGMT__CHANGE__CHANGE_CREATE:
        return CALL(RELATIONSHIP_CREATE);
    case MGMT__CHANGE__CHANGE_SET:
        return CALL(RELATIONSHIP_SET);
    case MGMT__CHANGE__CHANGE_REMOVE:
        return CALL(RELATIONSHIP_DELETE);
    case MGMT__CHANGE__CHANGE_ADD_SCOPES:
        return CALL(RELATIONSHIP_ADD_SCOPES);
    default:
        return CALL(RELATIONSHIP_REMOVE_SCOPES);
    }
}

int foctl_preview_change(struct foctl *t, struct fo_mgmt_client *c, const char *server,
                         const Mgmt__Change *change)
{
    Mgmt__Request q = MGMT__REQUEST__INIT;
    int rc = EXIT_DONE;

    q.call_case = CALL(SCOPE_CREATE);
    for (size_t i = 0; i < change->n_scopes && rc == EXIT_DONE; i++) {
        q.scope_create = change->scopes[i];
        rc = foctl_preview(t, c, server, &q);
    }
    q.call_case = call_of(change);
    q.relationship_create = change->create; /* whichever it is: they share their place */
    return rc != EXIT_DONE ? rc : foctl_preview(t, c, server, &q);
}
