#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "proto/win32.h"
#include "tests/chaos/server.h"

enum { TRIES = 6 }; /* addresses, until one is this server's to give */

int64_t chaos_now_us(void)
{
    struct timespec t;

    clock_gettime(CLOCK_REALTIME, &t);
    return (int64_t)t.tv_sec * CHAOS_SECOND_US + t.tv_nsec / 1000;
}

static int64_t true_us(const struct server *s, uint32_t by_its_clock_s)
{
    return ((int64_t)by_its_clock_s - s->offset_s) * CHAOS_SECOND_US;
}

static void hang_up(struct server *s)
{
    fo_mgmt_disconnect(s->connection);
    s->connection = NULL;
}

/* NULL: not heard. */
static Mgmt__Reply *ask(struct server *s, Mgmt__Request *q)
{
    Mgmt__Reply *reply = NULL;
    char why[256];

    if (s->connection == NULL && fo_mgmt_connect(&s->target, NULL, ANSWER_TIMEOUT_S, &s->connection,
                                                 why, sizeof why) != FO_OK)
        return NULL;
    if (fo_mgmt_call(s->connection, q, &reply) != FO_OK) {
        hang_up(s);
        return NULL;
    }
    return reply;
}

static void take_grant(const struct server *s, const Mgmt__Lease *m, struct grant *out)
{
    uint32_t reckoned = m->acked_potential_expiration;

    if (m->received_potential_expiration > reckoned)
        reckoned = m->received_potential_expiration;
    out->address = m->address;
    out->end_us = true_us(s, m->expires);
    out->reckoned_us = reckoned != 0 ? true_us(s, reckoned) : 0;
}

/* Makes or renews a lease; |*out_code| says why not. */
static enum answer make(struct server *s, Mgmt__Request__CallCase call, const uint8_t *hardware,
                        uint32_t address, struct grant *out, uint32_t *out_code)
{
    Mgmt__Request q = MGMT__REQUEST__INIT;
    Mgmt__Lease lease = MGMT__LEASE__INIT;
    uint8_t copy[HARDWARE_LENGTH];
    enum answer answer = UNHEARD;
    Mgmt__Reply *reply;

    memcpy(copy, hardware, sizeof copy);
    lease.hardware = (ProtobufCBinaryData){sizeof copy, copy};
    lease.address = address;
    lease.expires =
        (uint32_t)(chaos_now_us() / CHAOS_SECOND_US + s->offset_s + (int64_t)s->lease_s);
    q.call_case = call;
    if (call == MGMT__REQUEST__CALL_LEASE_CREATE)
        q.lease_create = &lease;
    else
        q.lease_set = &lease;
    reply = ask(s, &q);
    if (reply == NULL)
        return UNHEARD;
    *out_code = reply->code;
    answer = REFUSED;
    if (reply->code == ERROR_SUCCESS && reply->result_case == MGMT__REPLY__RESULT_LEASE) {
        take_grant(s, reply->lease, out);
        answer = GRANTED;
    }
    mgmt__reply__free_unpacked(reply, NULL);
    return answer;
}

static Mgmt__Reply *find(struct server *s, Mgmt__LeaseSearch *search)
{
    Mgmt__Request q = MGMT__REQUEST__INIT;

    q.call_case = MGMT__REQUEST__CALL_LEASE_GET;
    q.lease_get = search;
    return ask(s, &q);
}

/* A lease that this client was granted and never heard of is asked for again, as a client does that
 * starts anew (RFC 2131 §3.2). */
static enum answer get_again(struct server *s, const uint8_t *hardware, struct grant *out)
{
    Mgmt__LeaseSearch search = MGMT__LEASE_SEARCH__INIT;
    uint8_t copy[HARDWARE_LENGTH];
    enum answer answer = REFUSED;
    Mgmt__Reply *reply;

    memcpy(copy, hardware, sizeof copy);
    search.key_case = MGMT__LEASE_SEARCH__KEY_HARDWARE;
    search.hardware = (ProtobufCBinaryData){sizeof copy, copy};
    reply = find(s, &search);
    if (reply == NULL)
        return UNHEARD;
    if (reply->result_case == MGMT__REPLY__RESULT_LEASE)
        answer = fod_renew(s, hardware, reply->lease->address, out);
    mgmt__reply__free_unpacked(reply, NULL);
    return answer;
}

enum answer fod_get(struct server *s, const uint8_t *hardware, struct grant *out)
{
    enum answer answer = REFUSED;

    for (int i = 0; i < TRIES && answer == REFUSED; i++) {
        uint32_t address = s->first + (uint32_t)rand() % (s->last - s->first + 1), code = 0;
        answer = make(s, MGMT__REQUEST__CALL_LEASE_CREATE, hardware, address, out, &code);
        if (code == ERROR_DHCP_CLIENT_EXISTS && (answer = get_again(s, hardware, out)) == REFUSED)
            continue; /* another client has the address */
    }
    return answer;
}

enum answer fod_renew(struct server *s, const uint8_t *hardware, uint32_t address,
                      struct grant *out)
{
    uint32_t code;

    return make(s, MGMT__REQUEST__CALL_LEASE_SET, hardware, address, out, &code);
}

void fod_release(struct server *s, const uint8_t *hardware)
{
    Mgmt__Request q = MGMT__REQUEST__INIT;
    Mgmt__LeaseSearch search = MGMT__LEASE_SEARCH__INIT;
    uint8_t copy[HARDWARE_LENGTH];
    Mgmt__Reply *reply;

    memcpy(copy, hardware, sizeof copy);
    search.key_case = MGMT__LEASE_SEARCH__KEY_HARDWARE;
    search.hardware = (ProtobufCBinaryData){sizeof copy, copy};
    q.call_case = MGMT__REQUEST__CALL_LEASE_DELETE;
    q.lease_delete = &search;
    reply = ask(s, &q);
    if (reply != NULL)
        mgmt__reply__free_unpacked(reply, NULL);
}

enum answer fod_reckons(struct server *s, uint32_t address, int64_t *out_until_us)
{
    Mgmt__LeaseSearch search = MGMT__LEASE_SEARCH__INIT;
    const Mgmt__Lease *m;
    Mgmt__Reply *reply;
    uint32_t until = 0;

    search.key_case = MGMT__LEASE_SEARCH__KEY_ADDRESS;
    search.address = address;
    reply = find(s, &search);
    if (reply == NULL)
        return UNHEARD;
    if (reply->result_case == MGMT__REPLY__RESULT_LEASE) {
        m = reply->lease;
        until = m->received_potential_expiration;
        if (m->sent_potential_expiration > until)
            until = m->sent_potential_expiration;
        if (m->expires > until)
            until = m->expires;
    }
    mgmt__reply__free_unpacked(reply, NULL);
    *out_until_us = until != 0 ? true_us(s, until) : 0;
    return GRANTED;
}
