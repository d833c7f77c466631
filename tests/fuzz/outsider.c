#include "tests/fuzz/outsider.h"

#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include <openssl/err.h>

#define RECORD_MAX (16384u + 256u) /* RFC 8446 §5.2 */
#define PIECE      4096

void fuzz_outsider_open(struct fuzz_outsider *o, int fd, fo_link_id_t link,
                        struct fuzz_partner *partner)
{
    *o = (struct fuzz_outsider){
        .fd = fd, .link = link, .partner = partner, .records = BIO_new(BIO_s_mem())};
    FUZZ_CHECK(o->records != NULL);
}

void fuzz_outsider_close(struct fuzz_outsider *o)
{
    if (o->session != NULL)
        SSL_free(o->session);
    else
        BIO_free(o->records);
    if (o->fd >= 0)
        close(o->fd);
    *o = (struct fuzz_outsider){.fd = -1};
}

/* --- speaking ------------------------------------------------------------------------------------
 */

void fuzz_outsider_send(struct fuzz_outsider *o, const uint8_t *data, size_t length)
{
    if (fuzz_is_loud())
        fprintf(stderr, "link %llu is sent %zu bytes, the first is %u\n",
                (unsigned long long)o->link, length, length != 0 ? data[0] : 0);
    while (length != 0) {
        ssize_t n = send(o->fd, data, length, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (n <= 0)
            return; /* closed, or full of what nobody reads */
        data += n;
        length -= (size_t)n;
    }
}

size_t fuzz_outsider_flight(struct fuzz_outsider *o, uint8_t *out, size_t capacity)
{
    int n = o->session != NULL ? BIO_read(SSL_get_wbio(o->session), out, (int)capacity) : 0;
    return n > 0 ? (size_t)n : 0;
}

void fuzz_outsider_say(struct fuzz_outsider *o, const uint8_t *data, size_t length)
{
    uint8_t sealed[PIECE];
    size_t n;
    if (o->session == NULL || !SSL_is_init_finished(o->session)) {
        fuzz_outsider_send(o, data, length);
        return;
    }
    if (length != 0)
        (void)SSL_write(o->session, data, (int)length);
    ERR_clear_error();
    while ((n = fuzz_outsider_flight(o, sealed, sizeof sealed)) != 0)
        fuzz_outsider_send(o, sealed, n);
}

/* --- hearing -------------------------------------------------------------------------------------
 */

static void hear_message(struct fuzz_outsider *o, const uint8_t *data, size_t length)
{
    static struct fo_message m;
    static char line[8192];
    FUZZ_CHECK(fo_message_decode(data, length, &m, NULL) == FO_OK);
    if (fuzz_is_loud())
        fprintf(stderr, "link %llu hears %s\n", (unsigned long long)o->link,
                fo_message_print(&m, line, sizeof line));
    fuzz_partner_hears(o->partner, data, length);
}

static void hear_messages(struct fuzz_outsider *o, const uint8_t *data, size_t length)
{
    const uint8_t *one;
    size_t size;
    int rc;
    while ((rc = fo_frame_next(&o->cutter, &data, &length, &one, &size)) == 1)
        hear_message(o, one, size);
    FUZZ_CHECK(rc == 0);
}

static void hear_records(struct fuzz_outsider *o, const uint8_t *data, size_t length)
{
    while (length != 0) {
        size_t n;
        if (o->record_left == 0) {
            o->record_head[o->head_length++] = *data++;
            length--;
            if (o->head_length < sizeof o->record_head)
                continue;
            o->head_length = 0;
            o->record_left = (size_t)(o->record_head[3] << 8 | o->record_head[4]);
            FUZZ_CHECK(o->record_head[0] >= SSL3_RT_CHANGE_CIPHER_SPEC &&
                       o->record_head[0] <= SSL3_RT_APPLICATION_DATA && o->record_head[1] == 3);
            FUZZ_CHECK(o->record_left != 0 && o->record_left <= RECORD_MAX);
            continue;
        }
        n = length < o->record_left ? length : o->record_left;
        o->record_left -= n;
        data += n;
        length -= n;
    }
}

static void unseal(struct fuzz_outsider *o)
{
    uint8_t bytes[PIECE];
    int n;
    if (o->session == NULL || !SSL_is_init_finished(o->session))
        return;
    while ((n = SSL_read(o->session, bytes, sizeof bytes)) > 0)
        hear_messages(o, bytes, (size_t)n);
    ERR_clear_error();
}

void fuzz_outsider_shake(struct fuzz_outsider *o, enum fuzz_who who, bool server_side)
{
    if (o->session == NULL) {
        o->who = who;
        o->session = SSL_new(fuzz_tls_of(who));
        FUZZ_CHECK(o->session != NULL);
        SSL_set_bio(o->session, o->records, BIO_new(BIO_s_mem()));
        if (server_side)
            SSL_set_accept_state(o->session);
        else
            SSL_set_connect_state(o->session);
    }
    (void)SSL_do_handshake(o->session);
    ERR_clear_error();
    unseal(o); /* what came behind the end of the handshake */
}

/* A message begins with its length, which is below 2048: no record looks like that. */
static bool is_record(uint8_t first)
{
    return first >= SSL3_RT_CHANGE_CIPHER_SPEC && first <= SSL3_RT_APPLICATION_DATA;
}

static void heard(struct fuzz_outsider *o, const uint8_t *data, size_t length)
{
    while (length != 0 && !o->hears_tls) {
        const uint8_t *one, *before = data;
        size_t size;
        int rc;
        if (o->cutter.held == 0 && is_record(*data)) {
            o->hears_tls = true;
            break;
        }
        rc = fo_frame_next(&o->cutter, &data, &length, &one, &size);
        FUZZ_CHECK(rc == 0 || rc == 1);
        FUZZ_CHECK(data != before);
        if (rc == 1)
            hear_message(o, one, size);
    }
    if (length == 0)
        return;
    hear_records(o, data, length);
    FUZZ_CHECK(BIO_write(o->records, data, (int)length) == (int)length);
    unseal(o);
}

bool fuzz_outsider_hear(struct fuzz_outsider *o)
{
    uint8_t bytes[PIECE];
    bool any = false;
    ssize_t n;
    if (o->fd < 0)
        return false;
    while ((n = recv(o->fd, bytes, sizeof bytes, MSG_DONTWAIT)) > 0) {
        heard(o, bytes, (size_t)n);
        any = true;
    }
    o->ended = o->ended || n == 0;
    return any;
}
