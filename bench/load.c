#include "bench/load.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define PAGE     1000
#define TICK_MS  10
#define PER_TICK 100 /* changes of one tick at most */

struct worker {
    pthread_t thread;
    void *(*work)(void *);
    struct load *load;
    struct fo_mgmt_client *client;
    uint64_t seed;
    uint64_t done; /* pages, walks, changes or connections */
};
struct load {
    atomic_bool enough;
    uint64_t steady, extra, start_ns, pages_walked;
    unsigned rate, readers, strangers;
    const char *socket;
    struct worker reader[LOAD_READERS_MAX], walker, changer, stranger;
};

/* Whoever asks so much sits on other machines: here it only has the processor when no server wants
 * it. Changes come at their rate. */
static void *start(void *context)
{
    struct worker *w = context;
    const struct sched_param none = {0};
    if (w != &w->load->changer)
        (void)sched_setscheduler(0, SCHED_IDLE, &none); /* this thread */
    return w->work(w);
}

static void begin(struct load *l, struct worker *w, void *(*work)(void *), const struct daemon *d,
                  uint64_t seed)
{
    w->load = l;
    w->seed = seed;
    w->work = work;
    w->client = d != NULL ? daemon_connect(d) : NULL;
    if (pthread_create(&w->thread, NULL, start, w) != 0)
        bench_fail("cannot start a thread");
}

static void end(struct worker *w)
{
    pthread_join(w->thread, NULL);
    fo_mgmt_disconnect(w->client);
}

/* --- readers --------------------------------------------------------------------------------- */

/* Ownership: gives the reply; NULL: there are no more leases. */
static Mgmt__Reply *page_after(struct fo_mgmt_client *c, fo_ipv4_t after)
{
    Mgmt__Request q = MGMT__REQUEST__INIT;
    Mgmt__LeaseEnum m = MGMT__LEASE_ENUM__INIT;
    Mgmt__Reply *reply;
    m.after = after;
    m.limit = PAGE;
    q.call_case = MGMT__REQUEST__CALL_LEASE_ENUM;
    q.lease_enum = &m;
    if (fo_mgmt_call(c, &q, &reply) != FO_OK)
        daemon_fail("lease_enum", fo_mgmt_trouble(c));
    if (reply->code == 0)
        return reply;
    if (reply->code != 259)
        bench_fail("lease_enum: %u %s", reply->code, reply->sentence);
    mgmt__reply__free_unpacked(reply, NULL);
    return NULL;
}

static void *read_pages(void *context)
{
    struct worker *w = context;
    while (!atomic_load(&w->load->enough)) {
        fo_ipv4_t after = lease_address(lease_random(&w->seed, w->load->steady));
        Mgmt__Reply *reply = page_after(w->client, after);
        if (reply != NULL)
            mgmt__reply__free_unpacked(reply, NULL);
        w->done++;
    }
    return NULL;
}

/* --- the walk that misses nothing ------------------------------------------------------------- */

/* Leases come in the order of addresses: the next that was there all the time is |*expected|. */
static void look_at(const Mgmt__Leases *page, uint64_t steady, uint64_t *expected)
{
    for (size_t i = 0; i < page->n_list; i++) {
        if (*expected < steady && page->list[i]->address == lease_address(*expected))
            ++*expected;
        else if (page->list[i]->address <= lease_address(steady - 1))
            bench_fail("a walk over %lu leases expected number %lu and found another address",
                       (unsigned long)steady, (unsigned long)*expected);
    }
}

static void *walk(void *context)
{
    struct worker *w = context;
    struct load *l = w->load;
    while (!atomic_load(&l->enough) || w->done == 0) { /* at least one whole walk */
        uint64_t expected = 0;
        fo_ipv4_t after = 0;
        bool more = true;
        while (more) {
            Mgmt__Reply *reply = page_after(w->client, after);
            if (reply == NULL)
                break;
            look_at(reply->leases, l->steady, &expected);
            after = reply->leases->next;
            more = reply->leases->more;
            l->pages_walked++;
            mgmt__reply__free_unpacked(reply, NULL);
        }
        if (expected != l->steady)
            bench_fail("a walk ended after %lu of %lu leases", (unsigned long)expected,
                       (unsigned long)l->steady);
        w->done++;
    }
    return NULL;
}

/* --- changes -----------------------------------------------------------------------------------
 */

static void send_lease(struct worker *w, uint64_t n, bool gone)
{
    Mgmt__Request q = MGMT__REQUEST__INIT;
    Mgmt__Lease m = MGMT__LEASE__INIT, *list[1] = {&m};
    Mgmt__LeaseMany many = MGMT__LEASE_MANY__INIT;
    Mgmt__LeaseSearch search = MGMT__LEASE_SEARCH__INIT;
    uint8_t id[LEASE_ID_LENGTH];
    (void)lease_client(n, id);
    m.address = search.address = lease_address(n);
    m.hardware = m.client_id = (ProtobufCBinaryData){LEASE_ID_LENGTH, id};
    m.expires = (uint32_t)time(NULL) + LEASE_LONG_S;
    many.list = list;
    many.n_list = 1;
    many.renew = true;
    search.key_case = MGMT__LEASE_SEARCH__KEY_ADDRESS;
    q.call_case = gone ? MGMT__REQUEST__CALL_LEASE_DELETE : MGMT__REQUEST__CALL_LEASE_CREATE_MANY;
    if (gone)
        q.lease_delete = &search;
    else
        q.lease_create_many = &many;
    if (fo_mgmt_send(w->client, &q) != FO_OK)
        daemon_fail("change", fo_mgmt_trouble(w->client));
}

/* Half of them renew what stays, half of them come and go. */
static void change_some(struct worker *w, unsigned count, uint64_t tick)
{
    const struct load *l = w->load;
    uint64_t half = count / 2, turns = l->extra / half, at = tick % turns * half;
    bool gone = tick / turns % 2 != 0;
    for (unsigned i = 0; i < count; i++)
        send_lease(w, i < half ? l->steady + at + i : lease_random(&w->seed, l->steady),
                   gone && i < half);
    for (unsigned i = 0; i < count; i++) {
        Mgmt__Reply *reply;
        if (fo_mgmt_receive(w->client, &reply) != FO_OK)
            daemon_fail("change", fo_mgmt_trouble(w->client));
        if (reply->code != 0)
            bench_fail("a change was refused: %u %s", reply->code, reply->sentence);
        mgmt__reply__free_unpacked(reply, NULL);
    }
    w->done += count;
}

static void *change(void *context)
{
    struct worker *w = context;
    unsigned count = w->load->rate * TICK_MS / 1000;
    uint64_t start = bench_now_ns();
    for (uint64_t tick = 0; !atomic_load(&w->load->enough); tick++) {
        uint64_t due = start + tick * TICK_MS * 1000000ull, now = bench_now_ns();
        if (now < due)
            usleep((useconds_t)((due - now) / 1000));
        change_some(w, count < PER_TICK ? count : PER_TICK, tick);
    }
    return NULL;
}

/* --- strangers ---------------------------------------------------------------------------------
 */

static int open_one(const char *path)
{
    struct sockaddr_un name = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return -1;
    memcpy(name.sun_path, path, strlen(path) + 1);
    if (connect(fd, (struct sockaddr *)&name, sizeof name) == 0)
        return fd;
    close(fd); /* its backlog is full */
    return -1;
}

static void misbehave(int fd, unsigned kind)
{
    static const uint8_t garbage[64] = {0xff, 0xff, 0xff};
    const uint32_t sizes[] = {htonl(64u << 20), htonl(1000), htonl(sizeof garbage)};
    if (kind % 4 == 3)
        return; /* says nothing at all */
    if (send(fd, &sizes[kind % 4], sizeof sizes[0], MSG_NOSIGNAL) > 0 && kind % 4 != 0)
        (void)!send(fd, garbage, sizeof garbage, MSG_NOSIGNAL);
}

static void *intrude(void *context)
{
    struct worker *w = context;
    struct load *l = w->load;
    int *open = calloc(l->strangers, sizeof *open);
    if (open == NULL)
        bench_fail("no memory");
    for (unsigned i = 0; i < l->strangers && !atomic_load(&l->enough); i++) {
        while ((open[i] = open_one(l->socket)) < 0 && !atomic_load(&l->enough))
            usleep(200);
        if (open[i] < 0)
            break;
        misbehave(open[i], i);
        w->done++;
    }
    for (unsigned i = 0; i < l->strangers; i++)
        if (open[i] > 0)
            close(open[i]);
    free(open);
    return NULL;
}

static void may_open(unsigned count)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return;
    limit.rlim_cur = limit.rlim_max < count + 1000 ? limit.rlim_max : count + 1000;
    (void)setrlimit(RLIMIT_NOFILE, &limit);
}

struct load *load_strangers(const struct daemon *d, unsigned count)
{
    struct load *l = calloc(1, sizeof *l);
    if (l == NULL)
        bench_fail("no memory");
    may_open(count);
    l->socket = d->socket;
    l->strangers = count;
    l->start_ns = bench_now_ns();
    begin(l, &l->stranger, intrude, NULL, 0);
    return l;
}

/* --- all of them -------------------------------------------------------------------------------
 */

struct load *load_start(const struct daemon *read, const struct daemon *write, unsigned readers,
                        uint64_t steady, uint64_t extra, unsigned rate)
{
    struct load *l = calloc(1, sizeof *l);
    if (l == NULL)
        bench_fail("no memory");
    l->steady = steady;
    l->extra = extra;
    l->rate = rate;
    l->readers = readers;
    l->start_ns = bench_now_ns();
    begin(l, &l->changer, change, write, 1);
    begin(l, &l->walker, walk, read, 2);
    for (unsigned i = 0; i < readers; i++)
        begin(l, &l->reader[i], read_pages, read, 3 + i);
    return l;
}

void load_stop(struct load *l, json_t *out)
{
    double seconds;
    uint64_t pages = 0;
    atomic_store(&l->enough, true);
    if (l->strangers != 0) {
        end(&l->stranger);
        bench_put_count(out, "connections_tried", l->strangers);
        bench_put_count(out, "connections_made", l->stranger.done);
        free(l);
        return;
    }
    for (unsigned i = 0; i < l->readers; i++) {
        end(&l->reader[i]);
        pages += l->reader[i].done;
    }
    seconds = bench_seconds_since(l->start_ns);
    end(&l->changer);
    end(&l->walker);
    bench_put_count(out, "readers", l->readers);
    bench_put(out, "pages_per_second", (double)pages / seconds);
    bench_put(out, "changes_per_second", (double)l->changer.done / seconds);
    bench_put_count(out, "whole_walks", l->walker.done);
    bench_put_count(out, "leases_in_each_walk", l->steady);
    free(l);
}
