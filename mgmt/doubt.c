/* Settles changes over two servers that were left half-way (change.h): aborts what this server
 * decides and nobody committed, asks the deciding server about the rest. One question at a time. */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <event2/buffer.h>

#include "mgmt/connection.h"
#include "proto/win32.h"

#define ASK_AFTER_S    3 /* a tool that is alive needs milliseconds */
#define BACK_OFF_MAX_S 60
#define REPLY_MAX      4096
#define HEADER         4

struct fo_doubt {
    struct fo_mgmt *service;
    struct event *tick;
    struct bufferevent *stream;     /* the question under way */
    uint8_t id[FO_CHANGE_ID_BYTES]; /* what it is about */
    fo_mono_t next_question;
    uint32_t back_off_s;
    bool settling; /* a decision is in the batch */
};

static struct fo_change *asked_about(struct fo_doubt *d)
{
    return fo_changes_find(d->service->changes, d->id, sizeof d->id);
}

static void end_question(struct fo_doubt *d)
{
    if (d->stream != NULL)
        bufferevent_free(d->stream);
    d->stream = NULL;
}

static void ask_in(struct fo_doubt *d, uint32_t seconds, const char *trouble)
{
    struct fo_change *change = asked_about(d);

    end_question(d);
    if (change != NULL && trouble != NULL)
        (void)snprintf(change->trouble, sizeof change->trouble, "%s", trouble);
    d->next_question.ms = fo_run_now(d->service->run).mono.ms + (int64_t)seconds * 1000;
}

/* Not settled: say why, and ask again later, ever more seldom. */
static void ask_later(struct fo_doubt *d, const char *trouble)
{
    d->back_off_s = d->back_off_s == 0 ? 1 : d->back_off_s * 2;
    if (d->back_off_s > BACK_OFF_MAX_S)
        d->back_off_s = BACK_OFF_MAX_S;
    ask_in(d, d->back_off_s, trouble);
}

/* --- carrying a decision out
 * ------------------------------------------------------------------------ */

static Mgmt__Request *make_order(const struct fo_change *change, bool commit)
{
    Mgmt__Request *request = malloc(sizeof *request);
    Mgmt__ChangeId *id = malloc(sizeof *id);
    uint8_t *bytes = malloc(sizeof change->id);

    if (request == NULL || id == NULL || bytes == NULL) {
        free(request);
        free(id);
        free(bytes);
        return NULL;
    }
    mgmt__request__init(request);
    mgmt__change_id__init(id);
    memcpy(bytes, change->id, sizeof change->id);
    id->id.data = bytes;
    id->id.len = sizeof change->id;
    request->call_case =
        commit ? MGMT__REQUEST__CALL_CHANGE_COMMIT : MGMT__REQUEST__CALL_CHANGE_ABORT;
    request->change_commit = id;
    return request;
}

static void settled(struct fo_mgmt *m, uint32_t code)
{
    m->doubt->settling = false;
    if (code == ERROR_SUCCESS)
        m->doubt->back_off_s = 0;
    else
        ask_later(m->doubt, NULL);
    fo_doubt_wake(m->doubt);
}

static void settle(struct fo_doubt *d, const struct fo_change *change, bool commit)
{
    Mgmt__Request *order = make_order(change, commit);

    if (order == NULL)
        return;
    fo_mgmt_log(d->service, FO_NOTICE_WARNING,
                "mgmt: a change over two servers was left half-way: relationship=%s outcome=%s",
                fo_change_name(change->body), commit ? "committed" : "aborted");
    d->settling = true;
    fo_pending_own(d->service, order, settled);
}

/* --- asking
 * ------------------------------------------------------------------------------------------ */

static void take_answer(struct fo_doubt *d, const Mgmt__Reply *reply)
{
    struct fo_change *change = asked_about(d);
    char trouble[160];

    if (change == NULL || change->state != FO_CHANGE_PREPARED) {
        end_question(d);
        return;
    }
    if (reply->code != ERROR_SUCCESS || reply->result_case != MGMT__REPLY__RESULT_CHANGE) {
        (void)snprintf(trouble, sizeof trouble, "%.60s answers %s (%u)", change->body->decider,
                       fo_win32_name(reply->code), reply->code);
        ask_later(d, trouble);
        return;
    }
    if (reply->change->outcome == MGMT__OUTCOME__PREPARED) {
        ask_in(d, 1, "the deciding server has not decided yet");
        return;
    }
    end_question(d);
    settle(d, change, reply->change->outcome == MGMT__OUTCOME__COMMITTED);
}

static void on_read(struct bufferevent *stream, void *context)
{
    struct fo_doubt *d = context;
    struct evbuffer *in = bufferevent_get_input(stream);
    uint32_t length;
    const uint8_t *frame;
    Mgmt__Reply *reply;

    if (evbuffer_get_length(in) < HEADER)
        return;
    (void)evbuffer_copyout(in, &length, HEADER);
    length = ntohl(length);
    if (length > REPLY_MAX) {
        ask_later(d, "the deciding server's answer is no answer");
        return;
    }
    if (evbuffer_get_length(in) < HEADER + (size_t)length)
        return;
    frame = evbuffer_pullup(in, (ssize_t)(HEADER + length));
    reply = frame != NULL ? mgmt__reply__unpack(NULL, length, frame + HEADER) : NULL;
    if (reply == NULL) {
        ask_later(d, "the deciding server's answer is no answer");
        return;
    }
    take_answer(d, reply);
    mgmt__reply__free_unpacked(reply, NULL);
}

static void send_question(struct fo_doubt *d)
{
    Mgmt__ChangeId id;
    Mgmt__Request request;
    uint8_t frame[HEADER + 64];
    uint32_t length;

    mgmt__change_id__init(&id);
    mgmt__request__init(&request);
    id.id.data = d->id;
    id.id.len = sizeof d->id;
    request.id = 1;
    request.call_case = MGMT__REQUEST__CALL_CHANGE_GET;
    request.change_get = &id;
    length = htonl((uint32_t)mgmt__request__pack(&request, frame + HEADER));
    memcpy(frame, &length, HEADER);
    (void)bufferevent_write(d->stream, frame, HEADER + ntohl(length));
}

static void on_event(struct bufferevent *stream, short what, void *context)
{
    struct fo_doubt *d = context;
    const struct fo_change *change = asked_about(d);
    char trouble[160];

    (void)stream;
    if ((what & BEV_EVENT_CONNECTED) != 0) {
        send_question(d);
        return;
    }
    (void)snprintf(trouble, sizeof trouble, "the deciding server %.80s cannot be asked%s",
                   change != NULL ? change->body->decider : "",
                   (what & BEV_EVENT_TIMEOUT) != 0 ? ": no answer" : "");
    ask_later(d, trouble);
}

static void ask(struct fo_doubt *d, const struct fo_change *change)
{
    struct fo_mgmt_target target;
    char why[160];

    memcpy(d->id, change->id, sizeof d->id);
    if (fo_mgmt_target_parse(change->body->decider, &target, why, sizeof why) != FO_OK)
        ask_later(d, why);
    else if (fo_mgmt_dial(d->service, &target, on_read, on_event, d, &d->stream) != FO_OK)
        ask_later(d, "the deciding server cannot be reached");
}

/* --- looking around
 * ---------------------------------------------------------------------------------- */

static void look_at(struct fo_doubt *d, struct fo_change *change)
{
    struct fo_now now = fo_run_now(d->service->run);
    uint32_t age = now.utc.s > change->since.s ? now.utc.s - change->since.s : 0;

    if (change->body->decides_here) {
        if (change->restored || age >= FO_CHANGE_DECIDE_S)
            settle(d, change, false);
        return;
    }
    if (d->stream == NULL && now.mono.ms >= d->next_question.ms &&
        (change->restored || age >= ASK_AFTER_S))
        ask(d, change);
}

static void on_tick(evutil_socket_t fd, short what, void *context)
{
    struct fo_doubt *d = context;
    struct fo_changes *changes = d->service->changes;

    (void)fd;
    (void)what;
    for (size_t i = 0; i < fo_changes_count(changes) && !d->settling; i++) {
        if (fo_changes_at(changes, i)->state == FO_CHANGE_PREPARED)
            look_at(d, fo_changes_at(changes, i));
    }
    fo_doubt_wake(d);
}

void fo_doubt_wake(struct fo_doubt *d)
{
    struct timeval second = {.tv_sec = 1};

    for (size_t i = 0; i < fo_changes_count(d->service->changes); i++) {
        if (fo_changes_at(d->service->changes, i)->state != FO_CHANGE_PREPARED)
            continue;
        if (!evtimer_pending(d->tick, NULL))
            (void)evtimer_add(d->tick, &second);
        return;
    }
}

int fo_doubt_new(struct fo_mgmt *m, struct fo_doubt **out)
{
    struct fo_doubt *d = calloc(1, sizeof *d);

    if (d == NULL)
        return FO_ENOMEM;
    d->service = m;
    d->tick = evtimer_new(fo_run_base(m->run), on_tick, d);
    if (d->tick == NULL) {
        free(d);
        return FO_ENOMEM;
    }
    *out = d;
    return FO_OK;
}

void fo_doubt_free(struct fo_doubt *d)
{
    if (d == NULL)
        return;
    end_question(d);
    event_free(d->tick);
    free(d);
}
