/* fod: the process around the engine. */
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <event2/event.h>

#include "fo/daemon/config.h"
#include "fo/daemon/process.h"
#include "proto/win32.h"
#include "state/store_lmdb.h"

#define VERSION    "0.1.0"
#define GOODBYE_MS 2000 /* for DISCONNECT to reach the partners */

struct fod {
    const char *path; /* of the configuration */
    struct fod_config config;
    struct fo_run *run;
    struct fo_mgmt *mgmt;
    struct event *terminate, *interrupt, *reload;
};

/* --- what the file says shall exist
 * ------------------------------------------------------------------------------- */

static void tell(const char *what, const char *name, uint32_t code, const char *why)
{
    if (code == ERROR_SUCCESS)
        fod_logf(FO_NOTICE_INFO, "config: %s=%s made", what, name);
    else
        fod_logf(FO_NOTICE_WARNING, "config: %s=%s not made: %s (%u): %s", what, name,
                 fo_win32_name(code), code, why);
}

static void make_absent(void *context, struct fo_server *s, struct fo_now now,
                        struct fo_outbox *out)
{
    const struct fod_config *c = &((struct fod *)context)->config;
    char why[256], text[FO_IPV4_TEXT];

    for (size_t i = 0; i < c->scope_count; i++) {
        const struct fo_scope *scope = &c->scopes[i];
        if (fo_lease_db_scope(fo_server_leases(s), scope->subnet) == NULL)
            tell("scope", fo_ipv4_text(scope->subnet, text),
                 fo_server_scope_create(s, scope, why, sizeof why), why);
    }
    for (size_t i = 0; i < c->peer_count; i++) {
        const struct fo_relationship *peer = &c->peers[i];
        if (fo_server_relationship_find(s, peer->name) == NULL)
            tell("failover-peer", peer->name,
                 fo_server_relationship_create(
                     s, peer, c->peer_lost_storage[i] ? FO_BIRTH_LOST : FO_BIRTH_VIRGIN, now, out,
                     why, sizeof why),
                 why);
    }
}

static void made(void *context, int rc)
{
    (void)context;
    if (rc != FO_OK)
        fod_logf(FO_NOTICE_ALARM, "config: scopes and relationships of the file not stored: %s",
                 fo_strerror(rc));
}

static void make_what_the_file_says(struct fod *f)
{
    int rc;

    if (f->config.scope_count == 0 && f->config.peer_count == 0)
        return;
    rc = fo_run_submit(f->run, make_absent, made, f);
    if (rc != FO_OK)
        made(f, rc);
}

/* --- starting
 * -----------------------------------------------------------------------------------------------------------
 */

static struct fo_tls_files tls_files(const struct fod_config *c)
{
    return (struct fo_tls_files){c->ca_file, c->cert_file, c->key_file};
}

static int start_engine(struct fod *f, char *why, size_t why_capacity)
{
    const struct fod_config *c = &f->config;
    struct fo_tls_files tls = tls_files(c);
    struct fo_run_options o = {
        .listen = c->listen,
        .listen_count = c->listen_count,
        .tls = fod_config_has_tls(c) ? &tls : NULL,
        .limits = c->failover_limits,
        .server = {.startup_s = c->startup_s,
                   .redial_s = c->redial_s,
                   .heartbeat_s = c->heartbeat_s},
        .log = fod_log,
        .clock_offset_s = c->clock_offset_s,
    };
    int rc = fo_store_lmdb_open(c->state_directory, c->store_size, &o.store, why, why_capacity);

    if (rc != FO_OK)
        return rc;
    rc = fo_run_new(&o, &f->run, why, why_capacity);
    if (rc != FO_OK)
        fo_store_free(o.store);
    return rc;
}

/* The rules borrow from |c|. */
static int find_rules(const struct fod_config *c, struct fo_caller_rules *out, char *why,
                      size_t why_capacity)
{
    int rc = fod_find_group(c->administrators_group, &out->administrators_group, why, why_capacity);

    if (rc == FO_OK)
        rc = fod_find_group(c->users_group, &out->users_group, why, why_capacity);
    out->administrators = (struct fo_caller_names){
        (const char *const *)c->administrator_certificates, c->administrator_certificate_count};
    out->users = (struct fo_caller_names){(const char *const *)c->user_certificates,
                                          c->user_certificate_count};
    return rc;
}

static int start_management(struct fod *f, char *why, size_t why_capacity)
{
    const struct fod_config *c = &f->config;
    struct fo_tls_files tls = tls_files(c);
    struct fo_mgmt_options o = {
        .run = f->run,
        .server_name = c->server_name,
        .version = VERSION,
        .socket_path = c->socket[0] != '\0' ? c->socket : NULL,
        .tls_on = c->management_tls,
        .tls_listen = c->management_listen,
        .tls = fod_config_has_tls(c) ? &tls : NULL,
        .limits = c->management_limits,
        .audit_file = c->audit_file,
        .log = fod_log,
    };
    int rc = fod_find_group(c->socket_group, &o.socket_group, why, why_capacity);

    if (rc == FO_OK)
        rc = find_rules(c, &o.rules, why, why_capacity);
    return rc != FO_OK ? rc : fo_mgmt_new(&o, &f->mgmt, why, why_capacity);
}

static int make_directories(const struct fod_config *c, char *why, size_t why_capacity)
{
    char parent[256];
    char *slash;
    int rc = fod_make_directory(c->state_directory, c->user, why, why_capacity);

    (void)snprintf(parent, sizeof parent, "%s", c->socket);
    slash = strrchr(parent, '/');
    if (rc != FO_OK || slash == NULL || slash == parent)
        return rc;
    *slash = '\0';
    return fod_make_directory(parent, c->user, why, why_capacity);
}

/* Low ports are bound with the one right that is kept for that, and given up right after. */
static int start(struct fod *f, char *why, size_t why_capacity)
{
    int rc = make_directories(&f->config, why, why_capacity);

    if (rc == FO_OK)
        rc = fod_become(f->config.user, why, why_capacity);
    if (rc == FO_OK)
        rc = start_engine(f, why, why_capacity);
    if (rc == FO_OK)
        rc = start_management(f, why, why_capacity);
    if (rc == FO_OK)
        rc = fod_drop_rights(why, why_capacity);
    if (rc == FO_OK)
        make_what_the_file_says(f);
    return rc;
}

/* --- signals
 * --------------------------------------------------------------------------------------------------------------
 */

static void on_terminate(evutil_socket_t number, short what, void *context)
{
    struct fod *f = context;

    (void)number;
    (void)what;
    fod_notify("STOPPING=1");
    fod_logf(FO_NOTICE_INFO, "fod: state=stopping cause=signal");
    fo_run_stop(f->run, GOODBYE_MS);
}

/* What a running process can take over: who may do what, certificates, scopes and relationships
 * that are new. */
static int take_over(struct fod *f, struct fod_config *fresh, char *why, size_t why_capacity)
{
    struct fo_tls_files tls = tls_files(fresh);
    struct fo_caller_rules rules;
    int rc = find_rules(fresh, &rules, why, why_capacity);

    if (rc == FO_OK)
        rc = fo_mgmt_reopen_audit(f->mgmt, why, why_capacity);
    if (rc == FO_OK && fod_config_has_tls(fresh) && fod_config_has_tls(&f->config)) {
        rc = fo_run_reload_tls(f->run, &tls, why, why_capacity);
        if (rc == FO_OK)
            rc = fo_mgmt_reload_tls(f->mgmt, &tls, why, why_capacity);
    }
    if (rc != FO_OK)
        return rc;
    fod_log_to_journal(fresh->log_to_journal);
    fo_mgmt_set_rules(f->mgmt, &rules);
    fod_config_fini(&f->config);
    f->config = *fresh;
    *fresh = (struct fod_config){0};
    make_what_the_file_says(f);
    return FO_OK;
}

static void on_reload(evutil_socket_t number, short what, void *context)
{
    struct fod *f = context;
    struct fod_config fresh = {0};
    char why[512];
    int rc;

    (void)number;
    (void)what;
    fod_notify("RELOADING=1");
    rc = fod_config_read(f->path, &fresh, why, sizeof why);
    if (rc == FO_OK)
        rc = take_over(f, &fresh, why, sizeof why);
    fod_config_fini(&fresh);
    if (rc == FO_OK)
        fod_logf(FO_NOTICE_INFO, "fod: config=%s read again", f->path);
    else
        fod_logf(FO_NOTICE_WARNING, "fod: config not taken, the old one stays: %s", why);
    fod_notify("READY=1");
}

static int catch_signals(struct fod *f)
{
    struct event_base *base = fo_run_base(f->run);

    (void)signal(SIGPIPE, SIG_IGN);
    f->terminate = evsignal_new(base, SIGTERM, on_terminate, f);
    f->interrupt = evsignal_new(base, SIGINT, on_terminate, f);
    f->reload = evsignal_new(base, SIGHUP, on_reload, f);
    if (f->terminate == NULL || f->interrupt == NULL || f->reload == NULL ||
        evsignal_add(f->terminate, NULL) != 0 || evsignal_add(f->interrupt, NULL) != 0 ||
        evsignal_add(f->reload, NULL) != 0)
        return FO_ENOMEM;
    return FO_OK;
}

static void stop(struct fod *f)
{
    if (f->terminate != NULL)
        event_free(f->terminate);
    if (f->interrupt != NULL)
        event_free(f->interrupt);
    if (f->reload != NULL)
        event_free(f->reload);
    fo_mgmt_free(f->mgmt);
    if (f->run != NULL)
        fo_run_free(f->run);
    fod_config_fini(&f->config);
}

static int serve(struct fod *f)
{
    char why[512] = "";
    int rc = start(f, why, sizeof why);

    if (rc == FO_OK)
        rc = catch_signals(f);
    if (rc != FO_OK) {
        fod_logf(FO_NOTICE_ALARM, "fod: cannot start: %s", why[0] != '\0' ? why : fo_strerror(rc));
        stop(f);
        return EXIT_FAILURE;
    }
    fod_logf(FO_NOTICE_INFO, "fod: state=running version=%s port=%u socket=%s tls-port=%u", VERSION,
             fo_run_port(f->run, 0), f->config.socket, fo_mgmt_tls_port(f->mgmt));
    fod_notify("READY=1");
    rc = fo_run_dispatch(f->run);
    stop(f);
    if (rc != FO_OK) {
        fod_logf(FO_NOTICE_ALARM, "fod: ended: %s", fo_strerror(rc));
        return EXIT_FAILURE;
    }
    fod_logf(FO_NOTICE_INFO, "fod: state=stopped");
    return EXIT_SUCCESS;
}

/* --- the command line
 * ---------------------------------------------------------------------------------------------------------
 */

static const char usage[] =
    "usage: fod [--config FILE] [--foreground] [--test | -t] [--version] [--help]\n"
    "\n"
    "  --config FILE   configuration (" FOD_DEFAULT_FILE ")\n"
    "  --test, -t      check the configuration, open nothing, and end\n"
    "  --foreground    stay in the foreground, as it always does\n";

int main(int argc, char **argv)
{
    static const struct option options[] = {
        {"config", required_argument, NULL, 'c'}, {"foreground", no_argument, NULL, 'f'},
        {"test", no_argument, NULL, 't'},         {"version", no_argument, NULL, 'v'},
        {"help", no_argument, NULL, 'h'},         {0},
    };
    static struct fod f = {.path = FOD_DEFAULT_FILE};
    bool test = false;
    char why[512];
    int c;

    (void)setvbuf(stderr, NULL, _IOLBF, BUFSIZ); /* a line of the log is one write */
    while ((c = getopt_long(argc, argv, "c:ft", options, NULL)) != -1) {
        if (c == 'c') {
            f.path = optarg;
        } else if (c == 't') {
            test = true;
        } else if (c == 'v') {
            (void)puts("fod " VERSION);
            return EXIT_SUCCESS;
        } else if (c != 'f') {
            (void)fputs(usage, c == 'h' ? stdout : stderr);
            return c == 'h' ? EXIT_SUCCESS : 2;
        }
    }
    if (optind != argc) {
        (void)fputs(usage, stderr);
        return 2;
    }
    if (fod_config_read(f.path, &f.config, why, sizeof why) != FO_OK) {
        (void)fprintf(stderr, "%s\n", why);
        return EXIT_FAILURE;
    }
    if (test) {
        (void)printf("%s: good\n", f.path);
        fod_config_fini(&f.config);
        return EXIT_SUCCESS;
    }
    fod_log_to_journal(f.config.log_to_journal);
    return serve(&f);
}
