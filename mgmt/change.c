#include "mgmt/change.h"

#include <stdlib.h>
#include <string.h>

#include "mgmt/message.h"
#include "proto/win32.h"
#include "state/record.h"

#define VERSION     1
#define RECORD_ROOM 64 /* bytes of a record besides the change itself */

struct fo_changes {
    struct fo_change list[FO_CHANGES_OPEN_MAX + FO_CHANGES_KEPT + 1];
    size_t count;
};

struct fo_changes *fo_changes_new(void)
{
    return calloc(1, sizeof(struct fo_changes));
}

static void forget_body(struct fo_change *change)
{
    if (change->body != NULL)
        mgmt__change__free_unpacked(change->body, NULL);
    change->body = NULL;
}

static void clear(struct fo_changes *changes)
{
    for (size_t i = 0; i < changes->count; i++)
        forget_body(&changes->list[i]);
    changes->count = 0;
}

void fo_changes_free(struct fo_changes *changes)
{
    if (changes == NULL)
        return;
    clear(changes);
    free(changes);
}

const char *fo_change_name(const Mgmt__Change *body)
{
    switch (body->change_case) {
    case MGMT__CHANGE__CHANGE_CREATE:
        return body->create->name;
    case MGMT__CHANGE__CHANGE_SET:
        return body->set->relationship != NULL ? body->set->relationship->name : "";
    case MGMT__CHANGE__CHANGE_REMOVE:
        return body->remove->name;
    case MGMT__CHANGE__CHANGE_ADD_SCOPES:
        return body->add_scopes->name;
    case MGMT__CHANGE__CHANGE_REMOVE_SCOPES:
        return body->remove_scopes->name;
    default:
        return "";
    }
}

/* --- who holds what ------------------------------------------------------------------------------
 */

static bool lists_scope(const fo_ipv4_t *scopes, size_t count, fo_ipv4_t subnet)
{
    for (size_t i = 0; i < count; i++) {
        if (scopes[i] == subnet)
            return true;
    }
    return false;
}

static bool body_has_scope(const Mgmt__Change *body, fo_ipv4_t subnet)
{
    switch (body->change_case) {
    case MGMT__CHANGE__CHANGE_CREATE:
        return lists_scope(body->create->scopes, body->create->n_scopes, subnet);
    case MGMT__CHANGE__CHANGE_ADD_SCOPES:
        return lists_scope(body->add_scopes->scopes, body->add_scopes->n_scopes, subnet);
    case MGMT__CHANGE__CHANGE_REMOVE_SCOPES:
        return lists_scope(body->remove_scopes->scopes, body->remove_scopes->n_scopes, subnet);
    default:
        return false;
    }
}

static bool holds(const struct fo_change *change, const char *name, const fo_ipv4_t *scopes,
                  size_t count)
{
    if (change->body == NULL)
        return false;
    if (name != NULL && strcmp(fo_change_name(change->body), name) == 0)
        return true;
    for (size_t i = 0; i < count; i++) {
        if (body_has_scope(change->body, scopes[i]))
            return true;
    }
    return false;
}

static uint32_t busy(const struct fo_change *change, char *why, size_t why_capacity)
{
    return fo_message_refuse(ERROR_BUSY, why, why_capacity,
                             "A change of relationship '%.130s' over two servers is under way; it "
                             "settles by itself (foctl status).",
                             fo_change_name(change->body));
}

uint32_t fo_changes_check(const struct fo_changes *changes, const char *name,
                          const fo_ipv4_t *scopes, size_t count, char *why, size_t why_capacity)
{
    for (size_t i = 0; i < changes->count; i++) {
        if (holds(&changes->list[i], name, scopes, count))
            return busy(&changes->list[i], why, why_capacity);
    }
    return ERROR_SUCCESS;
}

uint32_t fo_changes_check_create(const struct fo_changes *changes, const struct fo_relationship *r,
                                 char *why, size_t why_capacity)
{
    /* A prepared create must find its place when it is committed, so it is the only one. */
    for (size_t i = 0; i < changes->count; i++) {
        const Mgmt__Change *body = changes->list[i].body;
        if (body != NULL && body->change_case == MGMT__CHANGE__CHANGE_CREATE)
            return busy(&changes->list[i], why, why_capacity);
    }
    return fo_changes_check(changes, r->name, r->scopes, r->scope_count, why, why_capacity);
}

uint32_t fo_changes_check_scope(const struct fo_changes *changes, fo_ipv4_t subnet, fo_ipv4_t mask,
                                char *why, size_t why_capacity)
{
    for (size_t i = 0; i < changes->count; i++) {
        const Mgmt__Change *body = changes->list[i].body;
        for (size_t k = 0; body != NULL && k < body->n_scopes; k++) {
            const Mgmt__Scope *s = body->scopes[k];
            if ((subnet & s->mask) == s->subnet || (s->subnet & mask) == subnet)
                return busy(&changes->list[i], why, why_capacity);
        }
    }
    return fo_changes_check(changes, NULL, &subnet, 1, why, why_capacity);
}

/* --- finding -------------------------------------------------------------------------------------
 */

struct fo_change *fo_changes_find(struct fo_changes *changes, const uint8_t *id, size_t length)
{
    if (length != FO_CHANGE_ID_BYTES)
        return NULL;
    for (size_t i = 0; i < changes->count; i++) {
        if (memcmp(changes->list[i].id, id, length) == 0)
            return &changes->list[i];
    }
    return NULL;
}

size_t fo_changes_count(const struct fo_changes *changes)
{
    return changes->count;
}

struct fo_change *fo_changes_at(struct fo_changes *changes, size_t index)
{
    return &changes->list[index];
}

/* --- on disk: version, state, since, and of a prepared one the packed Mgmt__Change
 * ---------------- */

static int store_record(struct fo_store *store, const struct fo_change *change)
{
    size_t body = change->body != NULL ? mgmt__change__get_packed_size(change->body) : 0;
    uint8_t *value = malloc(body + RECORD_ROOM);
    struct fo_writer w = fo_writer_of(value, body + RECORD_ROOM);
    int rc;

    if (value == NULL)
        return FO_ENOMEM;
    fo_write_u8(&w, VERSION);
    fo_write_u8(&w, (uint8_t)change->state);
    fo_write_u32(&w, change->since.s);
    if (change->body != NULL)
        w.position += mgmt__change__pack(change->body, value + w.position);
    fo_record_seal(&w);
    rc = w.err;
    if (rc == FO_OK)
        rc = fo_store_put(store, FO_TABLE_PREPARED, change->id, sizeof change->id, value,
                          w.position);
    free(value);
    return rc;
}

static int load_record(void *context, const void *key, size_t key_length, const void *value,
                       size_t value_length)
{
    struct fo_changes *changes = context;
    struct fo_change *change = &changes->list[changes->count];
    struct fo_reader body;
    const uint8_t *packed;
    uint8_t version, state;
    uint32_t since;
    size_t length;

    if (changes->count == FO_CHANGES_OPEN_MAX + FO_CHANGES_KEPT ||
        key_length != FO_CHANGE_ID_BYTES ||
        fo_record_open(value, value_length, VERSION, &version, &body) != FO_OK)
        return FO_OK;
    fo_read_u8(&body, &state);
    fo_read_u32(&body, &since);
    length = fo_reader_left(&body);
    fo_read_span(&body, length, &packed);
    if (body.err != FO_OK || state < FO_CHANGE_PREPARED || state > FO_CHANGE_ABORTED)
        return FO_OK;
    *change = (struct fo_change){.state = state, .since = fo_utc(since)};
    memcpy(change->id, key, key_length);
    if (change->state == FO_CHANGE_PREPARED) {
        change->body = mgmt__change__unpack(NULL, length, packed);
        if (change->body == NULL)
            return FO_OK;
    }
    changes->count++;
    return FO_OK;
}

int fo_changes_load(struct fo_changes *changes, struct fo_store *store, bool restart)
{
    int rc;

    clear(changes);
    rc = fo_store_walk(store, FO_TABLE_PREPARED, "", 0, load_record, changes);
    if (restart) {
        for (size_t i = 0; i < changes->count; i++)
            changes->list[i].restored = true;
    }
    return rc;
}

/* --- changing
 * -------------------------------------------------------------------------------------- */

static size_t open_count(const struct fo_changes *changes)
{
    size_t n = 0;

    for (size_t i = 0; i < changes->count; i++)
        n += changes->list[i].state == FO_CHANGE_PREPARED;
    return n;
}

/* Packing and unpacking again is how protobuf-c copies. */
static Mgmt__Change *copy_body(const Mgmt__Change *body)
{
    size_t length = mgmt__change__get_packed_size(body);
    uint8_t *packed = malloc(length + 1);
    Mgmt__Change *copy;

    if (packed == NULL)
        return NULL;
    mgmt__change__pack(body, packed);
    copy = mgmt__change__unpack(NULL, length, packed);
    free(packed);
    return copy;
}

int fo_changes_prepare(struct fo_changes *changes, struct fo_store *store, const Mgmt__Change *body,
                       fo_utc_t now)
{
    struct fo_change *change = &changes->list[changes->count];
    int rc;

    if (open_count(changes) >= FO_CHANGES_OPEN_MAX)
        return FO_ELIMIT;
    *change = (struct fo_change){.state = FO_CHANGE_PREPARED, .since = now};
    memcpy(change->id, body->id.data, sizeof change->id);
    change->body = copy_body(body);
    if (change->body == NULL)
        return FO_ENOMEM;
    rc = store_record(store, change);
    if (rc != FO_OK) {
        forget_body(change);
        return rc;
    }
    changes->count++;
    return FO_OK;
}

int fo_changes_drop(struct fo_changes *changes, struct fo_store *store, struct fo_change *change)
{
    size_t index = (size_t)(change - changes->list);
    int rc = fo_store_del(store, FO_TABLE_PREPARED, change->id, sizeof change->id);

    if (rc != FO_OK)
        return rc;
    forget_body(change);
    changes->count--;
    memmove(change, change + 1, (changes->count - index) * sizeof *change);
    return FO_OK;
}

/* An abort may be forgotten: the answer "unknown" means the same. A commit is kept as long as there
 * is room, for a partner that comes back late. */
static struct fo_change *find_stale(struct fo_changes *changes, fo_utc_t now)
{
    struct fo_change *oldest = NULL;
    size_t decided = 0;

    for (size_t i = 0; i < changes->count; i++) {
        struct fo_change *change = &changes->list[i];
        if (change->state == FO_CHANGE_PREPARED)
            continue;
        if (change->state == FO_CHANGE_ABORTED &&
            fo_utc_add(change->since, FO_CHANGE_FORGET_S).s < now.s)
            return change;
        decided++;
        if (oldest == NULL || change->since.s < oldest->since.s)
            oldest = change;
    }
    return decided > FO_CHANGES_KEPT ? oldest : NULL;
}

int fo_changes_decide(struct fo_changes *changes, struct fo_store *store, struct fo_change *change,
                      enum fo_change_state state, fo_utc_t now)
{
    struct fo_change *stale;
    int rc;

    forget_body(change);
    change->state = state;
    change->since = now;
    change->trouble[0] = '\0';
    rc = store_record(store, change);
    while (rc == FO_OK && (stale = find_stale(changes, now)) != NULL)
        rc = fo_changes_drop(changes, store, stale);
    return rc;
}
