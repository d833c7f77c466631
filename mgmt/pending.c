#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mgmt/binding.h"
#include "mgmt/connection.h"
#include "proto/win32.h"

/* --- replies -----------------------------------------------------------------------------------
 */

static uint8_t *pack(Mgmt__Reply *reply, size_t *out_length)
{
    size_t length = mgmt__reply__get_packed_size(reply);
    uint8_t *packed;

    if (length > FO_FRAME_MAX)
        return NULL;
    packed = malloc(length + 1);
    if (packed != NULL)
        *out_length = mgmt__reply__pack(reply, packed);
    return packed;
}

uint8_t *fo_pending_pack_refusal(uint64_t id, uint32_t code, const char *sentence,
                                 size_t *out_length)
{
    Mgmt__Reply reply;
    char text[384];

    mgmt__reply__init(&reply);
    (void)snprintf(text, sizeof text, "%s",
                   sentence != NULL && sentence[0] != '\0' ? sentence : fo_win32_sentence(code));
    reply.id = id;
    reply.code = code;
    reply.sentence = text;
    return pack(&reply, out_length);
}

/* Results borrow from the server, so they are packed before anything else happens. */
static uint8_t *pack_answer(struct fo_call *c, uint32_t code, size_t *out_length)
{
    char text[384];
    uint8_t *packed;

    (void)snprintf(text, sizeof text, "%s", c->why[0] != '\0' ? c->why : fo_win32_sentence(code));
    c->reply.id = c->request->id;
    c->reply.code = code;
    c->reply.sentence = text;
    packed = pack(&c->reply, out_length);
    if (packed != NULL)
        return packed;
    return fo_pending_pack_refusal(c->request->id, ERROR_BUFFER_OVERFLOW,
                                   "The answer does not fit into one frame.", out_length);
}

static void answer(struct fo_connection *c, uint64_t id, uint32_t code, const char *sentence)
{
    size_t length;
    uint8_t *packed = fo_pending_pack_refusal(id, code, sentence, &length);

    if (packed != NULL)
        fo_connection_reply(c, packed, length);
    free(packed);
}

static struct fo_call call_of(struct fo_mgmt *m, const Mgmt__Request *request, enum fo_right right)
{
    struct fo_call call = {
        .request = request,
        .facts = &m->facts,
        .right = right,
        .server = fo_run_server(m->run),
        .store = fo_run_store(m->run),
        .now = fo_run_now(m->run),
    };

    mgmt__reply__init(&call.reply);
    return call;
}

/* --- audit ------------------------------------------------------------------------------------ */

static const struct fo_caller ourselves = {FO_RIGHT_ADMINISTER, "itself", "-"};

static void audit(struct fo_mgmt *m, const struct fo_caller *caller, const struct fo_call_row *row,
                  const char *subject, uint32_t code)
{
    const struct fo_audit_entry entry = {.when = fo_run_now(m->run).utc,
                                         .caller = caller,
                                         .call = fo_call_name(row),
                                         .on = subject,
                                         .code = code,
                                         .often = fo_call_often(row)};

    fo_audit_note(m->audit, &entry);
}

/* A change that never came to its batch. */
static void audit_refused(struct fo_connection *c, const struct fo_call *call,
                          const struct fo_call_row *row, uint32_t code)
{
    char room[FO_CALL_SUBJECT];

    if (fo_call_changes(row))
        audit(c->service, &c->caller, row, fo_call_subject(call, room), code);
}

/* --- changes
 * --------------------------------------------------------------------------------------- */

static void pending_free(struct fo_pending *p)
{
    if (p->service != NULL)
        LIST_REMOVE(p, link);
    mgmt__request__free_unpacked(p->request, NULL);
    free(p->reply);
    free(p);
}

static void run_change(void *context, struct fo_server *server, struct fo_now now,
                       struct fo_outbox *out)
{
    struct fo_pending *p = context;
    struct fo_call call;
    char room[FO_CALL_SUBJECT];

    if (p->service == NULL)
        return;
    call = call_of(p->service, p->request, p->caller.right);
    call.server = server;
    call.now = now;
    call.out = out;
    (void)snprintf(p->subject, sizeof p->subject, "%s", fo_call_subject(&call, room));
    p->code = fo_call_run(&call, p->row);
    if (call.err != FO_OK && out->err == FO_OK)
        out->err = call.err; /* the loop then throws the batch away */
    p->reply = pack_answer(&call, p->code, &p->reply_length);
    fo_call_fini(&call);
}

/* A refusal stays one even if the batch was lost; a success does not. */
static void finish_change(struct fo_pending *p, int rc)
{
    struct fo_connection *c = p->connection;

    if (rc != FO_OK && p->code == ERROR_SUCCESS) {
        free(p->reply);
        p->code = fo_call_code_of(rc);
        p->reply =
            fo_pending_pack_refusal(p->request->id, p->code, fo_strerror(rc), &p->reply_length);
    }
    audit(p->service, &p->caller, p->row, p->subject, p->code);
    if (c == NULL)
        return;
    c->pending--;
    c->pending_bytes -= p->bytes;
    if (p->reply != NULL)
        fo_connection_reply(c, p->reply, p->reply_length);
}

static void change_done(void *context, int rc)
{
    struct fo_pending *p = context;
    struct fo_mgmt *m = p->service;
    struct fo_connection *c = p->connection;
    void (*settled)(struct fo_mgmt *, uint32_t) = p->settled;
    uint32_t code;

    if (m == NULL) {
        pending_free(p);
        return;
    }
    if (rc != FO_OK && fo_changes_load(m->changes, fo_run_store(m->run), false) != FO_OK)
        fo_mgmt_log(m, FO_NOTICE_WARNING, "mgmt: cannot read prepared changes back from the store");
    finish_change(p, rc);
    code = p->code;
    if (p->request->call_case == MGMT__REQUEST__CALL_BINDING_SET)
        fo_bindings_chosen(m->bindings);
    pending_free(p);
    fo_doubt_wake(m->doubt);
    if (settled != NULL)
        settled(m, code);
    if (c != NULL)
        fo_connection_resume(c);
}

static int submit(struct fo_mgmt *m, struct fo_connection *c, Mgmt__Request *request, size_t bytes,
                  void (*settled)(struct fo_mgmt *, uint32_t))
{
    struct fo_pending *p = calloc(1, sizeof *p);
    int rc;

    if (p == NULL)
        return FO_ENOMEM;
    p->service = m;
    p->connection = c;
    p->request = request;
    p->row = fo_call_find(request);
    p->caller = c != NULL ? c->caller : ourselves;
    p->bytes = bytes;
    p->settled = settled;
    LIST_INSERT_HEAD(&m->pending, p, link);
    rc = fo_run_submit(m->run, run_change, change_done, p);
    if (rc != FO_OK) {
        LIST_REMOVE(p, link);
        free(p);
        return rc;
    }
    if (c != NULL) {
        c->pending++;
        c->pending_bytes += bytes;
    }
    return FO_OK;
}

void fo_pending_own(struct fo_mgmt *m, Mgmt__Request *request,
                    void (*settled)(struct fo_mgmt *m, uint32_t code))
{
    int rc = submit(m, NULL, request, 0, settled);

    if (rc == FO_OK)
        return;
    mgmt__request__free_unpacked(request, NULL);
    if (settled != NULL)
        settled(m, fo_call_code_of(rc));
}

void fo_pending_orphan(const struct fo_connection *c)
{
    struct fo_pending *p = LIST_FIRST(&c->service->pending);

    fo_probe_orphan(c);
    for (; p != NULL; p = LIST_NEXT(p, link)) {
        if (p->connection == c)
            p->connection = NULL;
    }
}

/* --- every request -------------------------------------------------------------------------------
 */

static void answer_now(struct fo_connection *c, struct fo_call *call, uint32_t code)
{
    size_t length;
    uint8_t *packed = pack_answer(call, code, &length);

    if (packed != NULL)
        fo_connection_reply(c, packed, length);
    free(packed);
}

void fo_pending_take(struct fo_connection *c, Mgmt__Request *request, size_t bytes)
{
    const struct fo_call_row *row = fo_call_find(request);
    struct fo_call call = call_of(c->service, request, c->caller.right);
    uint32_t code;
    int rc;

    if (row == NULL) {
        answer(c, request->id, ERROR_CALL_NOT_IMPLEMENTED, "The request names no known call.");
        mgmt__request__free_unpacked(request, NULL);
        return;
    }
    code = fo_call_admit(&call, row);
    if (code == ERROR_SUCCESS && fo_call_waits(row)) {
        rc = fo_probe_start(c, request);
        if (rc != FO_OK)
            answer(c, request->id, rc == FO_ELIMIT ? ERROR_BUSY : fo_call_code_of(rc), NULL);
    } else if (code == ERROR_SUCCESS && fo_call_changes(row)) {
        rc = submit(c->service, c, request, bytes, NULL);
        if (rc == FO_OK) {
            fo_call_fini(&call);
            return;
        }
        code = fo_call_code_of(rc);
        audit_refused(c, &call, row, code);
        answer(c, request->id, code, fo_strerror(rc));
    } else {
        if (code == ERROR_SUCCESS)
            code = fo_call_run(&call, row);
        else
            audit_refused(c, &call, row, code);
        answer_now(c, &call, code);
    }
    fo_call_fini(&call);
    mgmt__request__free_unpacked(request, NULL);
}
