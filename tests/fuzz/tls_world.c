#include "tests/fuzz/tls_world.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <event2/buffer.h>

#include "state/store_mem.h"
#include "tests/fuzz/paper.h"

#define TURNS_MAX  256 /* of the loop, for one thing that happened */
#define NARROW_MAX 128 /* descriptors */
#define PIECE_MAX  29u /* bytes that a narrow one takes */

struct fuzz_tls_world fuzz_tls_world;

/* --- the runtime ---------------------------------------------------------------------------------
 */

struct fuzz_outsider *fuzz_tls_room(void)
{
    for (size_t i = 0; i < FUZZ_TLS_LINKS; i++) {
        struct fuzz_outsider *o = &fuzz_tls_world.outsiders[i];
        if (o->ended)
            fuzz_outsider_close(o);
        if (o->fd < 0)
            return o;
    }
    return NULL;
}

void fuzz_tls_hurry(void)
{
    uint8_t flight[8192];
    struct fuzz_outsider *o = fuzz_tls_world.hasty;
    fuzz_tls_world.hasty = NULL;
    if (o == NULL || o->fd < 0)
        return;
    fuzz_outsider_shake(o, FUZZ_WHO_PARTNER, false);
    fuzz_outsider_send(o, flight, fuzz_outsider_flight(o, flight, sizeof flight));
}

/* Between what a batch reads and what follows from it lies the commit. */
static const struct fo_store_ops *in_memory;
static int commit(struct fo_store *s)
{
    fuzz_tls_hurry();
    return in_memory->commit(s);
}

static void watch_commits(struct fo_store *s)
{
    static struct fo_store_ops ops;
    in_memory = s->ops;
    ops = *in_memory;
    ops.commit = commit;
    s->ops = &ops;
}

/* Instead of the network: what is dialled has an outsider at its other end. */
static int other_end = -1; /* of the socket that is being made */

int __wrap_socket(int domain, int type, int protocol);
int __wrap_socket(int domain, int type, int protocol)
{
    int ends[2];
    FUZZ_CHECK(domain == AF_INET && protocol == 0 && other_end == -1);
    FUZZ_CHECK(socketpair(AF_UNIX, type, 0, ends) == 0);
    other_end = ends[1];
    return ends[0];
}

int __wrap_bind(int fd, const struct sockaddr *name, socklen_t length);
int __wrap_bind(int fd, const struct sockaddr *name, socklen_t length)
{
    (void)fd, (void)length;
    FUZZ_CHECK(name->sa_family == AF_INET);
    return 0;
}

int __wrap_connect(int fd, const struct sockaddr *name, socklen_t length);
int __wrap_connect(int fd, const struct sockaddr *name, socklen_t length)
{
    struct fuzz_outsider *o = fuzz_tls_room();
    struct fo_conn *c =
        TAILQ_LAST(&fuzz_tls_world.run->conns.all, fo_conn_list); /* made a moment ago */
    int end = other_end;
    (void)length;
    FUZZ_CHECK(c->fd == fd && end >= 0 && name->sa_family == AF_INET);
    other_end = -1;
    if (o == NULL || fuzz_tls_world.refuses_calls) {
        close(end);
        errno = ECONNREFUSED;
        return -1;
    }
    fuzz_outsider_open(o, end, c->id, &fuzz_tls_world.partner);
    return 0;
}

/* Whoever writes or ends something may have given an outsider something to hear. OpenSSL does so
 * unseen. */
static bool stirred;

/* What a full network does to who writes; a descriptor is narrow until it is closed. */
static bool narrow[NARROW_MAX], full;

void fuzz_tls_narrow(int fd)
{
    narrow[fd < NARROW_MAX ? fd : 0] = true;
}

ssize_t __real_send(int fd, const void *data, size_t length, int flags);
ssize_t __wrap_send(int fd, const void *data, size_t length, int flags);
ssize_t __wrap_send(int fd, const void *data, size_t length, int flags)
{
    stirred = true;
    if (fd >= NARROW_MAX || !narrow[fd])
        return __real_send(fd, data, length, flags);
    full = !full;
    if (full) {
        errno = EAGAIN;
        return -1;
    }
    return __real_send(fd, data, length < PIECE_MAX ? length : PIECE_MAX, flags);
}

int __real_shutdown(int fd, int how);
int __wrap_shutdown(int fd, int how);
int __wrap_shutdown(int fd, int how)
{
    stirred = true;
    return __real_shutdown(fd, how);
}

int __real_close(int fd);
int __wrap_close(int fd);
int __wrap_close(int fd)
{
    stirred = true;
    if (fd >= 0 && fd < NARROW_MAX)
        narrow[fd] = false;
    return __real_close(fd);
}

static bool hear_all(void)
{
    bool any = false;
    if (fuzz_paper && !stirred)
        return false;
    stirred = false;
    for (size_t i = 0; i < FUZZ_TLS_LINKS; i++)
        any = fuzz_outsider_hear(&fuzz_tls_world.outsiders[i]) || any;
    return any;
}

static void on_log(void *context, enum fo_notice_level level, const char *line)
{
    (void)context;
    (void)level;
    if (fuzz_is_loud())
        fprintf(stderr, "%s\n", line);
    for (; *line != '\0'; line++)
        FUZZ_CHECK((unsigned char)*line >= ' ' && *line != 0x7f);
}

static void make_pair(struct fo_server *s, struct fo_outbox *out, unsigned setup)
{
    struct fo_range range = {FUZZ_SUBNET + 10, FUZZ_SUBNET + 40};
    struct fo_scope scope = {
        .subnet = FUZZ_SUBNET, .mask = 0xffffff00u, .ranges = &range, .range_count = 1};
    static fo_ipv4_t scopes[1] = {FUZZ_SUBNET};
    struct fo_relationship r;
    bool secondary = (setup & FUZZ_SECONDARY) != 0;
    fo_relationship_init(&r);
    (void)snprintf(r.name, sizeof r.name, "%s", FUZZ_NAME);
    r.role = secondary ? FO_ROLE_SECONDARY : FO_ROLE_PRIMARY;
    r.primary_server = secondary ? FUZZ_PARTNER_IP : FUZZ_OWN_IP;
    r.secondary_server = secondary ? FUZZ_OWN_IP : FUZZ_PARTNER_IP;
    if ((setup & FUZZ_BY_NAME) != 0)
        (void)snprintf(secondary ? r.primary_server_name : r.secondary_server_name,
                       FO_HOST_NAME_MAX, "beta");
    r.tls = (setup & FUZZ_REQUIRED) != 0 ? FO_TLS_REQUIRED : FO_TLS_DESIRED;
    r.scopes = scopes;
    r.scope_count = 1;
    FUZZ_CHECK(fo_server_scope_create(s, &scope, NULL, 0) == ERROR_SUCCESS);
    FUZZ_CHECK(fo_server_relationship_create(s, &r, FO_BIRTH_VIRGIN, fo_run_now(fuzz_tls_world.run),
                                             out, NULL, 0) == ERROR_SUCCESS);
}

/* The store of a server that has the relationship, for every input to begin with. */
static struct fo_store *snapshot(unsigned setup)
{
    struct fo_store *store = fo_store_mem_new();
    struct fo_outbox out = {0};
    struct fo_now now = fo_run_now(fuzz_tls_world.run);
    struct fo_server *s = fo_server_new(&fuzz_tls_world.run->server_config, store);
    FUZZ_CHECK(store != NULL && s != NULL);
    FUZZ_CHECK(fo_server_restore(s, now, &out, NULL) == FO_OK);
    FUZZ_CHECK(fo_store_begin(store) == FO_OK);
    make_pair(s, &out, setup);
    FUZZ_CHECK(fo_server_flush(s, now, &out) == FO_OK);
    FUZZ_CHECK(fo_store_commit(store) == FO_OK);
    fo_server_free(s);
    fo_outbox_fini(&out);
    return store;
}

/* Links come and go within a turn: what epoll is told of them waits for its end. */
static struct event_base *make_base(void)
{
    struct event_config *config = event_config_new();
    struct event_base *base;
    FUZZ_CHECK(config != NULL);
    FUZZ_CHECK(event_config_set_flag(config, EVENT_BASE_FLAG_EPOLL_USE_CHANGELIST) == 0);
    base = event_base_new_with_config(config);
    FUZZ_CHECK(base != NULL);
    event_config_free(config);
    return base;
}

void fuzz_tls_world_init(void)
{
    const struct fo_tls_files files = fuzz_make_certificates();
    struct fo_run_options options = {
        .store = fo_store_mem_new(),
        .tls = &files,
        .base = make_base(),
        .server = {.startup_s = 1, .redial_s = 1},
        .log = on_log,
    };
    char why[256];
    fuzz_tls_world.store = options.store;
    watch_commits(fuzz_tls_world.store);
    FUZZ_CHECK(fo_run_new(&options, &fuzz_tls_world.run, why, sizeof why) == FO_OK);
    for (unsigned i = 0; i < FUZZ_TLS_SETUPS; i++)
        fuzz_tls_world.snapshots[i] = snapshot(i);
    for (size_t i = 0; i < FUZZ_TLS_LINKS; i++)
        fuzz_tls_world.outsiders[i].fd = -1;
}

/* --- what must hold ------------------------------------------------------------------------------
 */

static const struct fuzz_outsider *outsider_of(fo_link_id_t link)
{
    for (size_t i = 0; i < FUZZ_TLS_LINKS; i++)
        if (fuzz_tls_world.outsiders[i].fd >= 0 && fuzz_tls_world.outsiders[i].link == link)
            return &fuzz_tls_world.outsiders[i];
    return NULL;
}

static void look(void)
{
    static uint64_t batches; /* when the server was looked at: only they change it */
    struct fo_endpoint_status st;
    const struct fo_conn *c;
    bool secure = false;
    FUZZ_CHECK(fo_run_store_error(fuzz_tls_world.run) == FO_OK);
    FUZZ_CHECK(fuzz_tls_world.run->conns.count <= 2 * FUZZ_TLS_LINKS);
    TAILQ_FOREACH(c, &fuzz_tls_world.run->conns.all, in_all)
    {
        const struct fuzz_outsider *o = outsider_of(c->id);
        FUZZ_CHECK(evbuffer_get_length(c->output) <=
                   fuzz_tls_world.run->conns.limits.buffered_bytes);
        FUZZ_CHECK(c->session == NULL ||
                   (c->stage >= FO_CONN_HANDSHAKE && c->stage < FO_CONN_DOWN));
        if (c->stage != FO_CONN_SECURE)
            continue;
        secure = fuzz_tls_world.secured = true;
        FUZZ_CHECK(o == NULL || (o->session != NULL && o->who == FUZZ_WHO_PARTNER && !o->hasty));
    }
    if (batches == fuzz_tls_world.run->stats.batches)
        return;
    batches = fuzz_tls_world.run->stats.batches;
    FUZZ_CHECK(fo_server_status(fuzz_tls_world.run->server, FUZZ_NAME,
                                fo_run_now(fuzz_tls_world.run), &st) == FO_OK);
    FUZZ_CHECK(!st.communications_ok || secure || (fuzz_tls_world.setup & FUZZ_REQUIRED) == 0);
}

/* Lets the runtime do what follows from what has happened; that must end. */
void fuzz_tls_settle(void)
{
    bool busy;
    int turns = 0;
    do {
        FUZZ_CHECK(++turns < TURNS_MAX);
        FUZZ_CHECK(event_base_loop(fuzz_tls_world.run->base, EVLOOP_NONBLOCK) >= 0);
        busy = event_pending(fuzz_tls_world.run->batch, EV_TIMEOUT, NULL) != 0;
        busy = hear_all() || busy;
    } while (busy);
    look();
}

/* --- from input to input -------------------------------------------------------------------------
 */

void fuzz_tls_world_start(unsigned setup, bool refuses_calls)
{
    fuzz_random_again();
    full = false;
    fuzz_tls_world.setup = setup;
    fuzz_tls_world.secured = false;
    fuzz_tls_world.refuses_calls = refuses_calls;
    fuzz_tls_world.next_odd = 1;
    fuzz_tls_world.hasty = NULL;
    memset(fuzz_tls_world.partner.heard.length, 0, sizeof fuzz_tls_world.partner.heard.length);
    fuzz_tls_world.partner.next_xid = 1;
    fuzz_tls_world.partner.dialect = fo_dialect_get(FO_DIALECT_DRAFT);
    FUZZ_CHECK(fo_store_mem_copy(fuzz_tls_world.store,
                                 fuzz_tls_world.snapshots[fuzz_tls_world.setup]) == FO_OK);
    FUZZ_CHECK(fo_run_rebuild(fuzz_tls_world.run) == FO_OK);
    fuzz_tls_world.run->tick_due = true;
    fo_run_want_batch(fuzz_tls_world.run);
    fuzz_tls_settle();
}

void fuzz_tls_world_stop(void)
{
    fuzz_tls_world.refuses_calls = true;
    for (size_t i = 0; i < FUZZ_TLS_LINKS; i++)
        fuzz_outsider_close(&fuzz_tls_world.outsiders[i]);
    fuzz_tls_settle();
    fo_conn_set_fini(&fuzz_tls_world.run->conns);
    FUZZ_CHECK(fuzz_tls_world.run->conns.count == 0 && fuzz_tls_world.run->conns.due_count == 0 &&
               fuzz_tls_world.run->conns.accepted_count == 0);
}
