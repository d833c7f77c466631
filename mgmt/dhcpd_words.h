/**
 * mgmt/dhcpd_words.h: dhcpd.conf as statements, files that it includes among them.
 *
 * A statement is what stands before a semicolon or a brace: `range 192.0.2.10 192.0.2.99;`,
 * `pool {`, `}`. Comments are gone, quoted texts are one word without their quotes.
 *
 * Source: dhcpd.conf(5), "dhcpd.conf".
 */
#ifndef FO_MGMT_DHCPD_WORDS_H
#define FO_MGMT_DHCPD_WORDS_H

#include <stdbool.h>
#include <stddef.h>

#include "proto/err.h"

#define FO_DHCPD_WORD_MAX     255                /* bytes of a word; the rest is cut off */
#define FO_DHCPD_WORDS_MAX    72                 /* of a statement; the rest is dropped */
#define FO_DHCPD_INCLUDES_MAX 16                 /* files within files */
#define FO_DHCPD_FILE_MAX     (8u * 1024 * 1024) /* bytes of a file */
#define FO_DHCPD_WHY_MAX      512

enum fo_dhcpd_end {
    FO_DHCPD_SEMICOLON,
    FO_DHCPD_OPEN,  /* `{`: what follows belongs to this statement */
    FO_DHCPD_CLOSE, /* `}` */
    FO_DHCPD_OVER,  /* the last file is over */
};

struct fo_dhcpd_statement {
    struct {
        char text[FO_DHCPD_WORD_MAX + 1];
        bool whole; /* false: something was cut off */
    } words[FO_DHCPD_WORDS_MAX];
    size_t count;
    bool whole; /* false: there were more words */
    enum fo_dhcpd_end end;
    const char *file; /* borrowed from the reader */
    unsigned line;    /* where it begins */
};

struct fo_dhcpd_words;

/** Ownership: gives (free below). NULL without memory. */
struct fo_dhcpd_words *fo_dhcpd_words_new(void);
void fo_dhcpd_words_free(struct fo_dhcpd_words *w);
/**
 * fo_dhcpd_words_open reads a file, and after it what is left of those before. A relative |path| is
 * one beside the file being read.
 *
 * Errors:    FO_EINVAL (no such file, not a file, too large, included too deeply), FO_ENOMEM; |why|
 *            holds a sentence.
 */
FO_MUST_CHECK int fo_dhcpd_words_open(struct fo_dhcpd_words *w, const char *path,
                                      char why[FO_DHCPD_WHY_MAX]);
/** The same with a text at hand, copied; |name| is what errors call it. Errors: the same. */
FO_MUST_CHECK int fo_dhcpd_words_push(struct fo_dhcpd_words *w, const char *name, const char *text,
                                      size_t length, char why[FO_DHCPD_WHY_MAX]);
/** The next statement. Errors: FO_EINVAL with "file:line: sentence" in |why|. */
FO_MUST_CHECK int fo_dhcpd_words_next(struct fo_dhcpd_words *w, struct fo_dhcpd_statement *out,
                                      char why[FO_DHCPD_WHY_MAX]);

#endif
