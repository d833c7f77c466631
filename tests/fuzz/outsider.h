/**
 * tests/fuzz/outsider.h: the other end of one link to a runtime: it speaks in the clear, or in a
 * TLS session of its own, and minds what it hears.
 *
 * What it hears must be whole messages in the clear, and from the first TLS record on nothing but
 * TLS records.
 */
#ifndef FO_TESTS_FUZZ_OUTSIDER_H
#define FO_TESTS_FUZZ_OUTSIDER_H

#include "proto/frame.h"
#include "tests/fuzz/certificates.h"
#include "tests/fuzz/partner.h"

struct fuzz_outsider {
    int fd;                 /* -1: there is none */
    fo_link_id_t link;      /* as the runtime calls it */
    enum fuzz_who who;      /* whose certificate it shows, once it has a session */
    SSL *session;           /* NULL: no TLS yet */
    BIO *records;           /* heard; the session's as soon as there is one */
    bool hasty;             /* its handshake came before it could be asked for */
    bool ended;             /* the runtime has said its last word */
    bool hears_tls;         /* the runtime has begun with records */
    size_t record_left;     /* of the record it is sending */
    uint8_t record_head[5]; /* type, version, length */
    size_t head_length;
    struct fo_frame_cutter cutter;
    struct fuzz_partner *partner; /* is told what was said in the clear, or unsealed */
};

void fuzz_outsider_open(struct fuzz_outsider *o, int fd, fo_link_id_t link,
                        struct fuzz_partner *partner);
void fuzz_outsider_close(struct fuzz_outsider *o);
/** Takes everything that has come; true: something has. */
bool fuzz_outsider_hear(struct fuzz_outsider *o);
/** As they are, whatever the state of the link. */
void fuzz_outsider_send(struct fuzz_outsider *o, const uint8_t *data, size_t length);
/** Within TLS where there is a session that is through, else in the clear. */
void fuzz_outsider_say(struct fuzz_outsider *o, const uint8_t *data, size_t length);

/* --- TLS; nothing is sent before fuzz_outsider_flight ------------------------------------------
 */
/** Begins a session, or goes on with it as far as what was heard allows. */
void fuzz_outsider_shake(struct fuzz_outsider *o, enum fuzz_who who, bool server_side);
/** Moves up to |capacity| bytes that TLS wants sent into |out|. */
size_t fuzz_outsider_flight(struct fuzz_outsider *o, uint8_t *out, size_t capacity);

#endif
