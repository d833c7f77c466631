#include "mgmt/service.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include <event2/dns.h>

#include "fo/run/tls.h"
#include "mgmt/binding.h"
#include "mgmt/connection.h"

void fo_mgmt_log(struct fo_mgmt *m, enum fo_notice_level level, const char *format, ...)
{
    char line[640];
    va_list arguments;

    if (m->log == NULL)
        return;
    va_start(arguments, format);
    (void)vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    m->log(m->context, level, line);
}

/* --- doors
 * ----------------------------------------------------------------------------------------- */

static bool has_room(const struct fo_mgmt *m, enum fo_right right)
{
    uint32_t limit = m->limits.connections;

    if (right != FO_RIGHT_ADMINISTER)
        limit -= limit > FO_MGMT_RESERVED ? FO_MGMT_RESERVED : 0;
    return m->connection_count < limit;
}

static void on_socket(struct evconnlistener *listener, evutil_socket_t fd, struct sockaddr *address,
                      int length, void *context)
{
    struct fo_mgmt *m = context;
    struct fo_caller caller;

    (void)listener;
    (void)address;
    (void)length;
    fo_caller_of_process(&m->rules, fd, &caller);
    if (has_room(m, caller.right))
        fo_connection_open(m, fd, NULL, &caller);
    else
        (void)close(fd);
}

static void on_tls(struct evconnlistener *listener, evutil_socket_t fd, struct sockaddr *address,
                   int length, void *context)
{
    struct fo_mgmt *m = context;
    struct fo_caller caller = {.right = FO_RIGHT_NONE, .who = "nobody", .from = "?"};
    char text[INET_ADDRSTRLEN];
    SSL *session = has_room(m, FO_RIGHT_NONE) ? fo_mgmt_tls_accept(m->tls) : NULL;

    (void)listener;
    if (session == NULL) {
        (void)close(fd);
        return;
    }
    if (length >= (int)sizeof(struct sockaddr_in)) {
        struct sockaddr_in in;
        memcpy(&in, address, sizeof in);
        if (inet_ntop(AF_INET, &in.sin_addr, text, sizeof text) != NULL)
            (void)snprintf(caller.from, sizeof caller.from, "%s:%u", text, ntohs(in.sin_port));
    }
    fo_connection_open(m, fd, session, &caller);
}

static void set_doors(struct fo_mgmt *m, int (*set)(struct evconnlistener *))
{
    if (m->socket != NULL)
        (void)set(m->socket);
    if (m->tls_listener != NULL)
        (void)set(m->tls_listener);
}

static void on_reopen(evutil_socket_t fd, short what, void *context)
{
    (void)fd;
    (void)what;
    set_doors(context, evconnlistener_enable);
}

/* Out of descriptors, most likely: what is open goes on, others come in when a second has passed.
 */
static void on_accept_error(struct evconnlistener *listener, void *context)
{
    struct fo_mgmt *m = context;
    struct timeval second = {.tv_sec = 1};

    (void)listener;
    fo_mgmt_log(m, FO_NOTICE_WARNING, "mgmt: accept=failed cause=\"%s\"", strerror(errno));
    set_doors(m, evconnlistener_disable);
    (void)evtimer_add(m->reopen, &second);
}

/* A socket file that nobody answers on is left over from a crash. */
static bool somebody_answers(const struct sockaddr_un *name)
{
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool answers = fd >= 0 && connect(fd, (const struct sockaddr *)name, sizeof *name) == 0;

    if (fd >= 0)
        (void)close(fd);
    return answers;
}

static int bind_socket(const struct fo_mgmt_options *o, char *why, size_t why_capacity)
{
    struct sockaddr_un name = {.sun_family = AF_UNIX};
    int fd;

    if (strlen(o->socket_path) >= sizeof name.sun_path) {
        (void)snprintf(why, why_capacity, "management socket %s: the path is longer than %zu bytes",
                       o->socket_path, sizeof name.sun_path - 1);
        return -1;
    }
    memcpy(name.sun_path, o->socket_path, strlen(o->socket_path) + 1);
    if (somebody_answers(&name)) {
        (void)snprintf(why, why_capacity, "management socket %s: another process listens there",
                       o->socket_path);
        return -1;
    }
    (void)unlink(o->socket_path);
    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    /* Nobody can connect before listen(), so the mode is in force from the first connection on. */
    if (fd >= 0 && bind(fd, (struct sockaddr *)&name, sizeof name) == 0 &&
        chmod(o->socket_path, 0660) == 0 &&
        (o->socket_group == (gid_t)-1 || chown(o->socket_path, (uid_t)-1, o->socket_group) == 0))
        return fd;
    (void)snprintf(why, why_capacity, "management socket %s: %s", o->socket_path, strerror(errno));
    if (fd >= 0)
        (void)close(fd);
    return -1;
}

static int open_socket(struct fo_mgmt *m, const struct fo_mgmt_options *o, char *why,
                       size_t why_capacity)
{
    int fd = bind_socket(o, why, why_capacity);

    if (fd < 0)
        return FO_EIO;
    m->socket_path = strdup(o->socket_path);
    m->facts.socket = m->socket_path;
    m->socket = evconnlistener_new(fo_run_base(m->run), on_socket, m,
                                   LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC, 64, fd);
    if (m->socket == NULL) {
        (void)close(fd);
        return FO_ENOMEM;
    }
    evconnlistener_set_error_cb(m->socket, on_accept_error);
    return m->socket_path != NULL ? FO_OK : FO_ENOMEM;
}

static int open_tls(struct fo_mgmt *m, const struct fo_mgmt_options *o, char *why,
                    size_t why_capacity)
{
    struct sockaddr_in name = {.sin_family = AF_INET};
    socklen_t length = sizeof name;
    char text[FO_IPV4_TEXT];

    if (m->tls == NULL) {
        (void)snprintf(why, why_capacity,
                       "management over TLS needs a CA, a certificate and a key");
        return FO_EINVAL;
    }
    name.sin_addr.s_addr = htonl(o->tls_listen.address);
    name.sin_port = htons(o->tls_listen.port);
    m->tls_listener =
        evconnlistener_new_bind(fo_run_base(m->run), on_tls, m,
                                LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC | LEV_OPT_REUSEABLE,
                                64, (struct sockaddr *)&name, sizeof name);
    if (m->tls_listener == NULL) {
        (void)snprintf(why, why_capacity, "management at %s port %u: %s",
                       fo_ipv4_text(o->tls_listen.address, text), o->tls_listen.port,
                       strerror(errno));
        return FO_EIO;
    }
    evconnlistener_set_error_cb(m->tls_listener, on_accept_error);
    if (getsockname(evconnlistener_get_fd(m->tls_listener), (struct sockaddr *)&name, &length) == 0)
        m->facts.tls_port = ntohs(name.sin_port);
    return FO_OK;
}

/* --- life
 * -------------------------------------------------------------------------------------------- */

static void set_limit(uint32_t *value, uint32_t standard)
{
    if (*value == 0)
        *value = standard;
}

static void set_limits(struct fo_mgmt_limits *limits)
{
    set_limit(&limits->connections, 256);
    set_limit(&limits->frame_s, 60);
    set_limit(&limits->idle_s, 600);
    set_limit(&limits->handshake_s, 15);
    set_limit(&limits->buffered_bytes, 4 * 1024 * 1024);
}

static void on_audit_tick(evutil_socket_t fd, short what, void *context)
{
    struct fo_mgmt *m = context;

    (void)fd;
    (void)what;
    fo_audit_tick(m->audit, fo_run_now(m->run).utc);
}

static void note_certificate(struct fo_mgmt *m)
{
    X509 *certificate = fo_mgmt_tls_certificate(m->tls);
    struct tm until;
    time_t end = 0;

    if (ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &until) == 1)
        end = timegm(&until);
    fo_tls_names(certificate, m->certificate, sizeof m->certificate);
    m->facts.certificate = m->certificate;
    m->facts.certificate_until = fo_utc(end < UINT32_MAX ? (uint32_t)end : UINT32_MAX);
}

static int set_up(struct fo_mgmt *m, const struct fo_mgmt_options *o, char *why,
                  size_t why_capacity)
{
    const struct timeval second = {.tv_sec = 1};
    int rc = FO_OK;

    m->server_name = strdup(o->server_name != NULL ? o->server_name : "");
    m->version = strdup(o->version != NULL ? o->version : "");
    m->changes = fo_changes_new();
    m->reopen = evtimer_new(fo_run_base(m->run), on_reopen, m);
    m->audit_tick = event_new(fo_run_base(m->run), -1, EV_PERSIST, on_audit_tick, m);
    if (m->server_name == NULL || m->version == NULL || m->changes == NULL || m->reopen == NULL ||
        m->audit_tick == NULL || evtimer_add(m->audit_tick, &second) != 0)
        return FO_ENOMEM;
    m->facts.server_name = m->server_name;
    m->facts.version = m->version;
    m->facts.run = m->run;
    m->facts.changes = m->changes;
    rc = fo_turns_init(&m->turns, fo_run_base(m->run), fo_connection_turn);
    if (rc == FO_OK)
        rc = fo_audit_new(o->audit_file, m->log, m->context, &m->audit, why, why_capacity);
    if (rc == FO_OK)
        rc = fo_service_load(m);
    if (rc == FO_OK && o->tls != NULL)
        rc = fo_mgmt_tls_new(o->tls, &m->tls, why, why_capacity);
    if (rc == FO_OK && m->tls != NULL)
        note_certificate(m);
    if (rc == FO_OK)
        rc = fo_doubt_new(m, &m->doubt);
    if (rc == FO_OK)
        rc = fo_service_open_bindings(m);
    if (rc == FO_OK && o->socket_path != NULL)
        rc = open_socket(m, o, why, why_capacity);
    if (rc == FO_OK && o->tls_on)
        rc = open_tls(m, o, why, why_capacity);
    return rc;
}

int fo_mgmt_new(const struct fo_mgmt_options *options, struct fo_mgmt **out, char *why,
                size_t why_capacity)
{
    struct fo_mgmt *m = calloc(1, sizeof *m);
    int rc;

    if (m == NULL)
        return FO_ENOMEM;
    m->run = options->run;
    m->limits = options->limits;
    m->rules = options->rules;
    m->log = options->log;
    m->context = options->context;
    LIST_INIT(&m->connections);
    LIST_INIT(&m->pending);
    LIST_INIT(&m->probes);
    set_limits(&m->limits);
    if (why_capacity != 0)
        why[0] = '\0';
    rc = set_up(m, options, why, why_capacity);
    if (rc != FO_OK) {
        if (why_capacity != 0 && why[0] == '\0')
            (void)snprintf(why, why_capacity, "management: %s", fo_strerror(rc));
        fo_mgmt_free(m);
        return rc;
    }
    fo_doubt_wake(m->doubt);
    *out = m;
    return FO_OK;
}

void fo_mgmt_free(struct fo_mgmt *m)
{
    struct fo_pending *p;

    if (m == NULL)
        return;
    if (m->socket != NULL) {
        evconnlistener_free(m->socket);
        (void)unlink(m->socket_path);
    }
    if (m->tls_listener != NULL)
        evconnlistener_free(m->tls_listener);
    while (!LIST_EMPTY(&m->connections))
        fo_connection_free(LIST_FIRST(&m->connections));
    /* The loop still holds these, and frees them when it gives them back. */
    while ((p = LIST_FIRST(&m->pending)) != NULL) {
        LIST_REMOVE(p, link);
        p->service = NULL;
    }
    if (m->reopen != NULL)
        event_free(m->reopen);
    if (m->audit_tick != NULL)
        event_free(m->audit_tick);
    fo_turns_fini(&m->turns);
    fo_audit_free(m->audit);
    fo_doubt_free(m->doubt);
    fo_bindings_free(m->bindings);
    fo_probe_free_all(m);
    if (m->names != NULL)
        evdns_base_free(m->names, 0);
    fo_mgmt_tls_free(m->tls);
    fo_changes_free(m->changes);
    free(m->server_name);
    free(m->version);
    free(m->socket_path);
    free(m);
}

uint16_t fo_mgmt_tls_port(const struct fo_mgmt *m)
{
    return m->facts.tls_port;
}

int fo_mgmt_reload_tls(struct fo_mgmt *m, const struct fo_tls_files *tls, char *why,
                       size_t why_capacity)
{
    struct fo_mgmt_tls *fresh;
    int rc = fo_mgmt_tls_new(tls, &fresh, why, why_capacity);

    if (rc != FO_OK)
        return rc;
    fo_mgmt_tls_free(m->tls);
    m->tls = fresh;
    note_certificate(m);
    return FO_OK;
}

void fo_mgmt_set_rules(struct fo_mgmt *m, const struct fo_caller_rules *rules)
{
    m->rules = *rules;
}

int fo_mgmt_reopen_audit(struct fo_mgmt *m, char *why, size_t why_capacity)
{
    return fo_audit_reopen(m->audit, why, why_capacity);
}
