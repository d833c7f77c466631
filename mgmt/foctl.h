/**
 * mgmt/foctl.h: the command line for everything fod does.
 *
 * One table of commands (foctl_table.h), each with its options; what a command prints goes through
 * a sheet, which is a table, a card or JSON. Exit codes: 0 done, 1 refused, 2 usage, 3 unreachable.
 */
#ifndef FO_MGMT_FOCTL_H
#define FO_MGMT_FOCTL_H

#include <stdbool.h>
#include <stdint.h>

#include "mgmt/client.h"
#include "proto/types.h"
#include "proto/win32.h"

enum {
    EXIT_DONE = 0,
    EXIT_REFUSED = 1,
    EXIT_DIFFERENT = 1, /* relationship diff */
    EXIT_USAGE = 2,
    EXIT_UNREACHABLE = 3,
    EXIT_TOLD = 100, /* within foctl: --what-if has told it; the process ends with EXIT_DONE */
};

/* --- options (foctl_args.c) --------------------------------------------------------------------
 */
struct foctl_option {
    const char *name;  /* without dashes */
    const char *value; /* what help calls the value; NULL: a flag */
    const char *help;
};
/** That of |list| (NULL: empty) with these |length| bytes of name; NULL: there is none. */
const struct foctl_option *foctl_option_find(const struct foctl_option *list, const char *name,
                                             size_t length);
#define FOCTL_GIVEN_MAX 1024

struct foctl_args {
    struct {
        const char *name, *value;
    } given[FOCTL_GIVEN_MAX];
    size_t given_count;
    char **words; /* what is no option */
    int word_count;
};
/** Errors: FO_EINVAL, and |why|. Each of |lists| ends with a row without name, or is NULL; of
 *  two options of one name the first counts. */
FO_MUST_CHECK int foctl_args_parse(int argc, char **argv, const struct foctl_option *const *lists,
                                   size_t list_count, struct foctl_args *out, char *why,
                                   size_t why_capacity);
/** The last value given for |name| ("" for a flag); NULL: not given. */
const char *foctl_arg(const struct foctl_args *a, const char *name);
bool foctl_has(const struct foctl_args *a, const char *name);
/** The |index|th value given for |name|; NULL: there are no more. */
const char *foctl_arg_at(const struct foctl_args *a, const char *name, size_t index);

/* --- the tool ------------------------------------------------------------------------------------
 */
struct foctl {
    struct foctl_args args;
    bool json, terminal;
    bool asked;                  /* somebody has said yes */
    bool what_if;                /* tell what would change, and change nothing */
    struct foctl_sheet *preview; /* what was told so far */
    bool scopes_come;            /* among it: scopes that would be made */
    uint32_t timeout_s;
    struct fo_mgmt_target target;
    struct fo_tls_files tls_files;
    const struct fo_tls_files *tls; /* NULL: no certificates were given */
    struct fo_mgmt_client *client;  /* made by the first question */
    /* If there is one, it gets the first cell of every row, and nothing is printed: completion. */
    void (*take_name)(void *context, const char *name);
    void *names;
};
typedef int (*foctl_run)(struct foctl *t);

/* --- errors (foctl_error.c) ----------------------------------------------------------------------
 * On stderr: "foctl: sentence [ERROR_… (87)]", or "ERROR_DHCP_… (20114): sentence" in the words of a
 * server, and in a line of its own what to do; with --json an object in one line
 * (docs/foctl-json.md). */
struct foctl_error {
    uint32_t code; /* ERROR_SUCCESS: a note, and no error */
    const char *sentence;
    const char *advice;  /* what to do; NULL: what is done about |code| */
    const char *server;  /* of two, whose error it is; NULL: it goes without saying */
    bool refused;        /* the words are a server's */
    unsigned line;       /* of a file that is read; 0: none */
    const char *address; /* that it is about, if |line| */
};
void foctl_tell(const struct foctl_error *e);
void foctl_errors_as_json(bool on);
/** Returns |exit_code|, which chooses the code: 87, 1722 or 1223. */
int foctl_fail(int exit_code, const char *format, ...) __attribute__((format(printf, 2, 3)));
/** The same with a code of its own. */
int foctl_fail_code(int exit_code, uint32_t code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/** An error of usage, and what to do about it. Returns EXIT_USAGE. */
int foctl_fail_advice(const char *advice, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/** A file that could not be opened; errno says why. Returns EXIT_USAGE. */
int foctl_fail_file(const char *path);
/** The connection to |server| (NULL: the one asked) broke. Returns EXIT_UNREACHABLE. */
int foctl_lost(const char *server, struct fo_mgmt_client *c);
int foctl_no_memory(void);
/** What an administrator does about |code| (foctl_advice.c); "" if there is nothing to say. */
const char *foctl_advice(uint32_t code);
/** What a server answered; returns EXIT_REFUSED. */
int foctl_refused(const char *server, const Mgmt__Reply *reply);
int foctl_refused_code(const char *server, uint32_t code, const char *sentence);

/* Asking (foctl_ask.c). Answers EXIT_DONE with |*out| (mgmt__reply__free_unpacked), or tells the
 * failure on stderr and answers the exit code. With --what-if a request that changes something is
 * not sent but told (foctl_preview.h): foctl_ask answers EXIT_TOLD, and foctl_do EXIT_DONE. */
FO_MUST_CHECK int foctl_ask(struct foctl *t, Mgmt__Request *request, Mgmt__Reply **out);
/** The same to any server; |server| names it in messages (NULL: not). A refusal gives a reply and
 *  EXIT_REFUSED, untold, if |refusals_too|. */
FO_MUST_CHECK int foctl_ask_at(struct fo_mgmt_client *c, const char *server, bool refusals_too,
                               Mgmt__Request *request, Mgmt__Reply **out);
FO_MUST_CHECK int foctl_connect(struct foctl *t);
FO_MUST_CHECK int foctl_connect_to(struct foctl *t, const char *text, struct fo_mgmt_client **out);
/** The same, untold: answers the code that a partner which is not reached has, and |why|. */
FO_MUST_CHECK uint32_t foctl_try_partner(struct foctl *t, const char *text,
                                         struct fo_mgmt_client **out, char *why,
                                         size_t why_capacity);
/** Asks a question that has no result to show. */
FO_MUST_CHECK int foctl_do(struct foctl *t, Mgmt__Request *request);
/** A question on the terminal. --force says yes, and --what-if, which changes nothing; without a
 *  terminal nobody does. EXIT_DONE for yes; EXIT_REFUSED for no, told on stderr. */
FO_MUST_CHECK int foctl_confirm(struct foctl *t, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* --- values (foctl_text.c); a bad one is told on stderr ----------------------------------------
 */
FO_MUST_CHECK int foctl_address(const char *what, const char *text, fo_ipv4_t *out);
/** "A-B" or "A" alone. */
FO_MUST_CHECK int foctl_range(const char *what, const char *text, fo_ipv4_t *out_first,
                              fo_ipv4_t *out_last);
/** "10.0.0.0/24". */
FO_MUST_CHECK int foctl_subnet(const char *text, fo_ipv4_t *out_subnet, fo_ipv4_t *out_mask);
FO_MUST_CHECK int foctl_number(const char *what, const char *text, uint32_t most, uint32_t *out);
/** Seconds, or with a unit: 90, 30m, 8h, 2d. */
FO_MUST_CHECK int foctl_seconds(const char *what, const char *text, uint32_t *out);
/** Hexadecimal with or without colons. |*out_length| is the room, then the length. */
FO_MUST_CHECK int foctl_hex(const char *what, const char *text, uint8_t *out, size_t *out_length);
/** A choice among |words| (ends with NULL): its position. */
FO_MUST_CHECK int foctl_choice(const char *what, const char *text, const char *const *words,
                               uint32_t *out);
#define FOCTL_TIME_TEXT 32
/** ISO 8601 UTC; "-" for none, "never" for infinite. Returns |out|. */
const char *foctl_time_text(uint32_t utc, char out[FOCTL_TIME_TEXT]);
/** "01:00:0c:…"; |capacity| cuts. Returns |out|. */
const char *foctl_hex_text(const uint8_t *data, size_t length, char *out, size_t capacity);

#define FOCTL_HARDWARE_MAX 21
#define FOCTL_ID_MAX       255
/** A client as a person tells it; the type of the hardware is the first byte. */
struct foctl_client {
    uint8_t hardware[FOCTL_HARDWARE_MAX], id[FOCTL_ID_MAX];
    size_t hardware_length, id_length;
};
/** Of --hardware, --hardware-type and --client-id (foctl_lease.c). Answers an exit code. */
FO_MUST_CHECK int foctl_client_of_args(const struct foctl *t, struct foctl_client *out);
/** When a lease ends, by --infinite or --duration; without either |otherwise|, a duration, or if that
 *  is NULL |*out| stays as it is (foctl_lease.c). Answers an exit code. */
FO_MUST_CHECK int foctl_take_end(struct foctl *t, const char *otherwise, uint32_t *out);

/* --- output (foctl_sheet.c)
 * ------------------------------------------------------------------------ */
struct foctl_sheet;
/** A list prints as a table, or a JSON array; a card as lines, or a JSON object. Memory that is
 *  not there ends the program. */
struct foctl_sheet *foctl_list_new(void);
struct foctl_sheet *foctl_card_new(void);
void foctl_row(struct foctl_sheet *s); /* begins a row; the first defines the columns */
void foctl_put_text(struct foctl_sheet *s, const char *key, const char *head, const char *text);
void foctl_put_number(struct foctl_sheet *s, const char *key, const char *head, uint64_t n);
void foctl_put_signed(struct foctl_sheet *s, const char *key, const char *head, int64_t n);
void foctl_put_flag(struct foctl_sheet *s, const char *key, const char *head, bool flag);
void foctl_put_time(struct foctl_sheet *s, const char *key, const char *head, uint32_t utc);
void foctl_put_address(struct foctl_sheet *s, const char *key, const char *head, fo_ipv4_t a);
/** A JSON array of strings; the texts joined by spaces for people. */
void foctl_put_list(struct foctl_sheet *s, const char *key, const char *head,
                    const char *const *texts, size_t count);
/** A sheet inside a card: takes |inner|. */
void foctl_put_sheet(struct foctl_sheet *s, const char *key, struct foctl_sheet *inner);
/** Calls |visit| for every value by which two cards differ; "-" stands for none. NULL: no card. */
void foctl_compare(const struct foctl_sheet *before, const struct foctl_sheet *after,
                   void (*visit)(void *context, const char *key, const char *before,
                                 const char *after),
                   void *context);
/** Frees without printing. */
void foctl_discard(struct foctl_sheet *s);
/** Prints to stdout and frees. */
void foctl_print(struct foctl *t, struct foctl_sheet *s);

/* --- progress (foctl_progress.c)
 * -------------------------------------------------------------------- */
struct foctl_progress {
    const char *what;
    bool terminal, silent;
    int64_t began_ms, shown_ms;
};
void foctl_progress_begin(struct foctl_progress *p, const struct foctl *t, const char *what);
void foctl_progress_show(struct foctl_progress *p, uint64_t done, uint64_t total);
void foctl_progress_end(struct foctl_progress *p, uint64_t done, uint64_t total);

/* --- nouns as rows of a sheet, by file
 * ----------------------------------------------------------------------------- */
void foctl_put_relationship(struct foctl_sheet *s, const Mgmt__Relationship *m, bool everything);
void foctl_put_scope(struct foctl_sheet *s, const Mgmt__Scope *m);
/** "10.0.0.10-10.0.0.19", and behind it whom it is for unless that is DHCP. Returns |out|. */
#define FOCTL_RANGE_TEXT (2 * FO_IPV4_TEXT + 12)
const char *foctl_range_text(const Mgmt__Range *r, char out[FOCTL_RANGE_TEXT]);
/** "dhcp", "bootp", "both": of a reservation. Static. */
const char *foctl_client_types(uint32_t mask);
/** What a person says of a lease; the rest of it is the server's. */
void foctl_put_lease_facts(struct foctl_sheet *s, const Mgmt__Lease *m, bool everything);

/* --- commands, by file
 * ----------------------------------------------------------------------------- */
int foctl_relationship_create(struct foctl *t);
int foctl_relationship_validate(struct foctl *t);
int foctl_relationship_list(struct foctl *t);
int foctl_relationship_show(struct foctl *t);
int foctl_relationship_set(struct foctl *t);
int foctl_relationship_delete(struct foctl *t);
int foctl_relationship_add_scope(struct foctl *t);
int foctl_relationship_remove_scope(struct foctl *t);
int foctl_relationship_settle(struct foctl *t);
int foctl_relationship_replicate(struct foctl *t);
int foctl_relationship_diff(struct foctl *t);
int foctl_relationship_partner_down(struct foctl *t);
int foctl_relationship_pause(struct foctl *t);
int foctl_relationship_resume(struct foctl *t);
int foctl_relationship_shutdown(struct foctl *t);
int foctl_relationship_resync(struct foctl *t);
int foctl_relationship_balance(struct foctl *t);
int foctl_relationship_events(struct foctl *t);
int foctl_relationship_import(struct foctl *t);
int foctl_relationship_export(struct foctl *t);
int foctl_scope_create(struct foctl *t);
int foctl_scope_list(struct foctl *t);
int foctl_scope_show(struct foctl *t);
int foctl_scope_set(struct foctl *t);
int foctl_scope_delete(struct foctl *t);
int foctl_scope_add_range(struct foctl *t);
int foctl_scope_set_range(struct foctl *t);
int foctl_scope_remove_range(struct foctl *t);
int foctl_scope_exclude(struct foctl *t);
int foctl_scope_unexclude(struct foctl *t);
int foctl_scope_reserve(struct foctl *t);
int foctl_scope_unreserve(struct foctl *t);
int foctl_scope_free(struct foctl *t);
int foctl_scope_statistics(struct foctl *t);
int foctl_scope_serves(struct foctl *t);
int foctl_lease_create(struct foctl *t);
int foctl_lease_list(struct foctl *t);
int foctl_lease_show(struct foctl *t);
int foctl_lease_set(struct foctl *t);
int foctl_lease_delete(struct foctl *t);
int foctl_lease_import(struct foctl *t);
/* Asking for the status of one relationship; why it is in its state, what ends that, and when
 * (foctl_status.c). */
FO_MUST_CHECK int foctl_ask_status(struct foctl *t, const char *name, Mgmt__Reply **out);
void foctl_put_state(struct foctl_sheet *s, const Mgmt__Status *m, bool everything);
int foctl_status(struct foctl *t);
int foctl_watch(struct foctl *t);

#endif
