/**
 * tests/fuzz/paper.h: sessions of TLS made of paper: flights, records, alerts and answers as OpenSSL
 * gives them for TLS 1.3, certificates that are looked at, and a sum in place of every secret.
 *
 * While |fuzz_paper| is set, each SSL_… function that fo/run and outsiders call is played by this
 * (the linker's --wrap), a hundred times as fast; else it is OpenSSL's. What a caller owes OpenSSL it
 * owes to paper: no use of a session that is gone, no bytes before the handshake is through, a
 * write that had to wait is tried again with the same bytes.
 */
#ifndef FO_TESTS_FUZZ_PAPER_H
#define FO_TESTS_FUZZ_PAPER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <openssl/ssl.h>

#define PAPER_HEAD   5u
#define PAPER_RECORD (16384u + 256u) /* RFC 8446 §5.2 */

struct paper {
    SSL_CTX *context; /* NULL: nobody's */
    int who;          /* whose certificate it shows: enum fuzz_who, or FUZZ_WHO_COUNT for ours */
    int fd;           /* -1: |heard| and |said| */
    BIO *heard, *said;
    bool server_side, greeted, through;
    bool broken;              /* for good; |want| says how */
    bool said_end, heard_end; /* close_notify, or the end of the stream */
    bool seals, opens;        /* the keys are there */
    int want;                 /* SSL_ERROR_…, of the last call */
    X509 *peer;               /* borrowed; NULL: none was shown */
    long verified;            /* X509_V_… */
    uint32_t transcript;      /* sum of what was said of the handshake on both sides */
    uint32_t sealed, opened;  /* records so far */
    unsigned idle;            /* records in a row that say nothing */
    uint8_t head[PAPER_HEAD]; /* of the record that is coming */
    size_t head_length;       /* so much of it is there */
    size_t length, have;      /* of its body */
    size_t at, left;          /* data in it that nobody has read yet */
    size_t pending, gone;     /* in |out|, and how much of it has left */
    size_t promised;          /* bytes of a write that waits in |out| */
    uint32_t promised_sum;
    uint8_t body[PAPER_RECORD];
    uint8_t out[3 * (PAPER_HEAD + PAPER_RECORD)];
};

/** Whether sessions are of paper; set between inputs, when there are none. */
extern bool fuzz_paper;
/** Sessions of paper that nobody has freed. */
size_t fuzz_paper_live(void);

/* --- records (paper_record.c) ------------------------------------------------------------------
 */
uint32_t paper_sum(uint32_t sum, const uint8_t *data, size_t length);
/** Adds a record of |type|, sealed if there are keys. */
void paper_put(struct paper *p, uint8_t type, const uint8_t *data, size_t length);
/** Sends what is pending. True: nothing is left; else |want| says why. */
bool paper_push(struct paper *p);
/** A record: its type, its content in |body| up to |length|; 0: none yet, |want| says why. */
uint8_t paper_pull(struct paper *p);
/** Says |alert|, and is broken; |reason| is what OpenSSL would call it. Gives -1. */
int paper_refuse(struct paper *p, uint8_t alert, int reason);

/* --- sessions (paper.c); results as those of OpenSSL's functions ----------------------------------
 */
/** The session behind what a caller holds; it must be alive. */
struct paper *paper_of(const SSL *session);
SSL *paper_new(SSL_CTX *context);
void paper_free(SSL *session);
int paper_handshake(struct paper *p);
int paper_read(struct paper *p, void *out, size_t capacity, size_t *out_length);
int paper_write(struct paper *p, const void *data, size_t length, size_t *out_length);
int paper_say_end(struct paper *p);
int paper_ask_for_keys(struct paper *p, int kind);

#endif
