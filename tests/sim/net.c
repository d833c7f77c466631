#include "tests/sim/net.h"

#include <stdlib.h>

static uint64_t next_random(struct world *w)
{
    w->random = w->random * 6364136223846793005u + 1442695040888963407u;
    return w->random >> 33;
}

static bool blocked(const struct world *w, int from, int to)
{
    return w->cut || w->now_ms < w->blocked_ms[from][to];
}

static int64_t delay(const struct world *w, int from, int to)
{
    return w->delay_ms + w->later_ms[from][to];
}

static void forget(struct world *w, struct world_link *l)
{
    for (int end = 0; end < SIDES; end++)
        free(l->to[end].bytes);
    *l = (struct world_link){0};
    while (w->links_used > 0 && !w->links[w->links_used - 1].open)
        w->links_used--;
}

void net_fini(struct world *w)
{
    while (w->links_used > 0)
        forget(w, &w->links[w->links_used - 1]);
}

/* The link that |side| calls |id|, and which end of it |side| is. */
static struct world_link *find(struct world *w, int side, fo_link_id_t id, int *out_end)
{
    for (int i = 0; i < w->links_used; i++)
        for (int end = 0; end < SIDES; end++) {
            struct world_link *l = &w->links[i];
            if (l->open && l->server[end] == side && l->id[end] == id && !l->gone[end]) {
                *out_end = end;
                return l;
            }
        }
    return NULL;
}

static void tell_down(struct world *w, int side, fo_link_id_t id)
{
    struct fo_event e = {.kind = FO_EVENT_LINK_DOWN, .now = world_now(w, side), .link = id};
    e.down.why = "connection lost";
    if (w->side[side].alive && id != 0)
        world_batch(w, side, &e, 1, NULL, NULL);
}

/* The link is no more, and |end| is told. */
static void end_link(struct world *w, struct world_link *l, int end)
{
    int side = l->server[end];
    fo_link_id_t id = l->gone[end] ? 0 : l->id[end];
    forget(w, l);
    tell_down(w, side, id);
}

/* --- what servers do ----------------------------------------------------------------------------
 */

void net_dial(struct world *w, int side, fo_link_id_t id, fo_ipv4_t address)
{
    for (int i = 0; i < WORLD_LINKS; i++) {
        struct world_link *l = &w->links[i];
        if (l->open)
            continue;
        l->open = true;
        l->number = ++w->connections;
        l->server[0] = side;
        l->server[1] = (int)(address - 0x0a090001u);
        l->id[0] = id;
        l->dialled_ms = w->now_ms + delay(w, side, l->server[1]);
        if (w->links_used <= i)
            w->links_used = i + 1;
        return;
    }
}

void net_send(struct world *w, int side, fo_link_id_t id, const uint8_t *data, size_t length)
{
    int end;
    struct world_link *l = find(w, side, id, &end);
    if (l == NULL)
        return;
    if (w->on_departure != NULL)
        w->on_departure(w->context, l, end, data, length);
    if (l->gone[!end]) { /* nobody is there: the answer is a reset, unless nothing answers */
        l->closing[!end] = !l->mute && !w->side[l->server[!end]].dark;
        return;
    }
    pipe_put(&l->to[!end], data, length, w->now_ms + delay(w, side, l->server[!end]));
}

void net_close(struct world *w, int side, fo_link_id_t id)
{
    int end;
    struct world_link *l = find(w, side, id, &end);
    if (l == NULL)
        return;
    l->closing[end] = true;
    if (l->gone[!end] || !l->up) /* nobody is there to hear of it */
        forget(w, l);
}

void net_start_tls(struct world *w, int side, fo_link_id_t id)
{
    int end;
    struct world_link *l = find(w, side, id, &end);
    if (l != NULL)
        l->tls_wanted[end] = true;
}

/* --- moving links along -------------------------------------------------------------------------
 */

static void tell_up(struct world *w, struct world_link *l, int end)
{
    struct fo_event e = {.kind = FO_EVENT_LINK_UP, .link = l->id[end]};
    e.now = world_now(w, l->server[end]);
    e.up.accepted = end == 1;
    e.up.partner = end == 1 ? 0x0a090001u + (fo_ipv4_t)l->server[0] : 0;
    world_batch(w, l->server[end], &e, 1, NULL, NULL);
}

static bool establish(struct world *w, struct world_link *l)
{
    int from = l->server[0], to = l->server[1];
    if (l->up || w->now_ms < l->dialled_ms || blocked(w, from, to) || blocked(w, to, from) ||
        !world_runs(w, from) || w->now_ms < w->side[to].stopped_until_ms || w->side[to].dark)
        return false;
    if (!w->side[to].alive || w->refuse) {
        end_link(w, l, 0);
        return true;
    }
    l->up = true;
    l->id[1] = w->next_odd;
    w->next_odd += 2;
    tell_up(w, l, 0);
    if (l->open && !l->gone[0]) /* else the dialler died of it */
        tell_up(w, l, 1);
    return true;
}

/* Cuts what is delivered now off after some bytes; the rest comes a little later. */
static size_t torn(struct world *w, int from, int to, size_t length)
{
    if (w->split[from][to] == 0 || length < 2)
        return length;
    w->split[from][to]--;
    return 1 + next_random(w) % (length - 1);
}

/* Hands over what arrived, or the first part of it: the rest comes a little later. */
static void hand_over(struct world *w, struct world_link *l, int end)
{
    int to = l->server[end], from = l->server[!end];
    struct world_pipe *p = &l->to[end];
    struct fo_event e = {.kind = FO_EVENT_LINK_BYTES, .now = world_now(w, to)};
    size_t here = pipe_arrived(p, w->now_ms), now = torn(w, from, to, here);
    uint8_t *bytes = pipe_take(p, now);
    e.link = l->id[end];
    e.bytes.data = bytes;
    e.bytes.length = now;
    if (now < here)
        pipe_delay(p, here - now, w->now_ms + 1 + (int64_t)(next_random(w) % 200));
    if (w->on_arrival != NULL)
        w->on_arrival(w->context, l, end, bytes, now);
    world_batch(w, to, &e, 1, NULL, NULL);
    free(bytes);
}

static bool deliver(struct world *w, struct world_link *l, int end)
{
    const struct world_pipe *p = &l->to[end];
    if (!l->up || p->used == 0 || w->now_ms < p->waves[0].ready_ms || l->gone[end] ||
        !world_runs(w, l->server[end]) || blocked(w, l->server[!end], l->server[end]))
        return false;
    hand_over(w, l, end);
    return true;
}

static bool shake_hands(struct world *w, struct world_link *l)
{
    if (!l->up || !l->tls_wanted[0] || !l->tls_wanted[1] || l->to[0].used != 0 ||
        l->to[1].used != 0 || l->gone[0] || l->gone[1])
        return false;
    for (int end = 0; end < SIDES; end++)
        if (blocked(w, l->server[end], l->server[!end]) || !world_runs(w, l->server[end]))
            return false;
    l->tls_wanted[0] = l->tls_wanted[1] = false;
    for (int end = 0; end < SIDES && l->open && !l->gone[end]; end++) {
        struct fo_event e = {.kind = FO_EVENT_LINK_SECURE, .link = l->id[end]};
        e.now = world_now(w, l->server[end]);
        world_batch(w, l->server[end], &e, 1, NULL, NULL);
    }
    return true;
}

static bool hang_up(struct world *w, struct world_link *l)
{
    for (int end = 0; end < SIDES; end++) {
        bool on_its_way = l->up && l->to[!end].used != 0 && !l->gone[!end] && !l->gone[end];
        if (!l->closing[end] || on_its_way || blocked(w, l->server[end], l->server[!end]) ||
            w->now_ms < w->side[l->server[!end]].stopped_until_ms)
            continue;
        end_link(w, l, !end);
        return true;
    }
    return false;
}

bool net_move(struct world *w)
{
    bool moved = false;
    for (int i = 0; i < w->links_used; i++) {
        struct world_link *l = &w->links[i];
        if (l->open)
            moved = establish(w, l) || moved;
        for (int end = 0; end < SIDES; end++)
            if (l->open)
                moved = deliver(w, l, end) || moved;
        if (l->open)
            moved = shake_hands(w, l) || moved;
        if (l->open)
            moved = hang_up(w, l) || moved;
    }
    return moved;
}

/* When the way from one end to the other is open and the other listens. */
static int64_t passable(const struct world *w, const struct world_link *l, int to_end)
{
    int to = l->server[to_end], from = l->server[!to_end];
    return pipe_later(w->blocked_ms[from][to], w->side[to].stopped_until_ms);
}

static int64_t link_next(const struct world *w, const struct world_link *l)
{
    int64_t next = INT64_MAX;
    if (!l->up) {
        int64_t both = pipe_later(passable(w, l, 0), passable(w, l, 1));
        return w->side[l->server[1]].dark ? INT64_MAX : pipe_later(l->dialled_ms, both);
    }
    for (int end = 0; end < SIDES; end++) {
        bool bytes = l->to[end].used != 0 && !l->gone[end] && w->side[l->server[end]].alive;
        int64_t at = pipe_later(passable(w, l, end), bytes ? l->to[end].waves[0].ready_ms : 0);
        if ((bytes || l->closing[!end]) && at < next)
            next = at;
    }
    return next;
}

int64_t net_next(const struct world *w)
{
    int64_t next = INT64_MAX;
    for (int i = 0; i < w->links_used && !w->cut; i++) {
        int64_t at = w->links[i].open ? link_next(w, &w->links[i]) : INT64_MAX;
        if (at < next)
            next = at;
    }
    return next;
}

/* --- what befalls them --------------------------------------------------------------------------
 */

static void end_of_process(struct world *w, struct world_link *l, int end, bool power)
{
    bool silent = power || w->cut || blocked(w, l->server[end], l->server[!end]);
    if (!l->up && end == 0) { /* nobody heard of it */
        forget(w, l);
    } else if (!silent) {
        end_link(w, l, !end);
    } else if (l->up) {
        l->gone[end] = true; /* the next process counts from the beginning */
        l->closing[end] = !power;
        if (l->gone[!end])
            forget(w, l);
    }
}

void net_process_gone(struct world *w, int side, bool power)
{
    for (int i = 0; i < WORLD_LINKS; i++) {
        struct world_link *l = &w->links[i];
        if (!l->open)
            continue;
        if (l->server[0] == side && !l->gone[0])
            end_of_process(w, l, 0, power);
        else if (l->server[1] == side && !l->gone[1])
            end_of_process(w, l, 1, power);
    }
}

void net_healed(struct world *w)
{
    for (int i = 0; i < WORLD_LINKS; i++) {
        struct world_link *l = &w->links[i];
        if (l->open && l->closing[0] && l->closing[1])
            forget(w, l);
        else if (l->open && (l->closing[0] || l->closing[1]))
            end_link(w, l, l->closing[0] ? 1 : 0);
    }
}

void net_block(struct world *w, int from, int to, int64_t until_ms)
{
    if (w->blocked_ms[from][to] < until_ms)
        w->blocked_ms[from][to] = until_ms;
}

static bool joins(const struct world_link *l, int a, int b)
{
    return l->open && l->up &&
           ((l->server[0] == a && l->server[1] == b) || (l->server[0] == b && l->server[1] == a));
}

bool net_reset(struct world *w, int a, int b)
{
    bool any = false;
    for (int i = 0; i < WORLD_LINKS; i++) {
        struct world_link *l = &w->links[i];
        fo_link_id_t id[SIDES];
        int server[SIDES];
        if (!joins(l, a, b))
            continue;
        for (int end = 0; end < SIDES; end++) {
            id[end] = l->gone[end] ? 0 : l->id[end];
            server[end] = l->server[end];
        }
        forget(w, l);
        for (int end = 0; end < SIDES; end++)
            tell_down(w, server[end], id[end]);
        any = true;
    }
    return any;
}

bool net_half_open(struct world *w, int side, int other, bool mute)
{
    bool any = false;
    for (int i = 0; i < WORLD_LINKS; i++) {
        struct world_link *l = &w->links[i];
        int end = l->server[0] == side ? 0 : 1;
        if (!joins(l, side, other) || l->gone[0] || l->gone[1])
            continue;
        l->gone[end] = true;
        l->mute = mute;
        tell_down(w, side, l->id[end]);
        any = true;
    }
    return any;
}
