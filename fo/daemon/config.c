#include "fo/daemon/config.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fo/daemon/config_keys.h"
#include "proto/win32.h"

/* libconfuse's error function has no context, and a file is read by one thread. */
static struct {
    const char *path; /* sections do not know their file */
    char *text;
    size_t capacity;
} first_error;

static void on_error(cfg_t *cfg, const char *format, va_list arguments)
{
    char what[300];

    if (first_error.capacity == 0 || first_error.text[0] != '\0')
        return;
    (void)vsnprintf(what, sizeof what, format, arguments);
    (void)snprintf(first_error.text, first_error.capacity, "%s:%d: %s",
                   cfg->filename != NULL ? cfg->filename : first_error.path, cfg->line, what);
}

struct reading {
    const char *path;
    struct fod_config *out;
    char *why;
    size_t why_capacity;
};

static int refuse(struct reading *r, const char *format, ...) __attribute__((format(printf, 2, 3)));
static int refuse(struct reading *r, const char *format, ...)
{
    char what[300];
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(what, sizeof what, format, arguments);
    va_end(arguments);
    (void)snprintf(r->why, r->why_capacity, "%s: %s", r->path, what);
    return FO_EINVAL;
}

static int take_text(cfg_t *cfg, const char *key, char **out)
{
    const char *text = cfg_getstr(cfg, key);

    *out = strdup(text != NULL ? text : "");
    return *out != NULL ? FO_OK : FO_ENOMEM;
}

/* --- scopes
 * -------------------------------------------------------------------------------------------------
 */

static uint32_t add_elements(cfg_t *cfg, struct fo_scope *scope, char *why, size_t why_capacity)
{
    struct fo_range range;
    uint32_t code = ERROR_SUCCESS;

    for (unsigned i = 0; i < cfg_size(cfg, "range") && code == ERROR_SUCCESS; i++) {
        code = fod_value_range(cfg_getnstr(cfg, "range", i), &range) == FO_OK
                   ? fo_scope_add_range(scope, range, why, why_capacity)
                   : (uint32_t)ERROR_INVALID_PARAMETER;
    }
    for (unsigned i = 0; i < cfg_size(cfg, "exclude") && code == ERROR_SUCCESS; i++) {
        code = fod_value_range(cfg_getnstr(cfg, "exclude", i), &range) == FO_OK
                   ? fo_scope_exclude(scope, range, why, why_capacity)
                   : (uint32_t)ERROR_INVALID_PARAMETER;
    }
    return code;
}

static int read_scope(struct reading *r, cfg_t *cfg, struct fo_scope *scope)
{
    const char *name = cfg_getstr(cfg, "name"), *comment = cfg_getstr(cfg, "comment");
    char why[256] = "";
    uint32_t code;

    if (fod_value_subnet(cfg_title(cfg), &scope->subnet, &scope->mask) != FO_OK)
        return refuse(r, "scope \"%s\": expected a subnet such as 192.0.2.0/24", cfg_title(cfg));
    code = fo_scope_check_new(scope->subnet, scope->mask, name, comment, why, sizeof why);
    if (code == ERROR_SUCCESS) {
        memcpy(scope->name, name, strlen(name) + 1);
        memcpy(scope->comment, comment, strlen(comment) + 1);
        code = add_elements(cfg, scope, why, sizeof why);
    }
    if (code != ERROR_SUCCESS)
        return refuse(r, "scope \"%s\": %s", cfg_title(cfg), why);
    return FO_OK;
}

static int read_scopes(struct reading *r, cfg_t *cfg)
{
    struct fod_config *out = r->out;
    unsigned count = cfg_size(cfg, "scope");
    int rc = FO_OK;

    out->scopes = calloc(count + 1u, sizeof out->scopes[0]);
    if (out->scopes == NULL)
        return FO_ENOMEM;
    for (; out->scope_count < count && rc == FO_OK; out->scope_count++)
        rc = read_scope(r, cfg_getnsec(cfg, "scope", (unsigned)out->scope_count),
                        &out->scopes[out->scope_count]);
    return rc;
}

/* --- relationships
 * ---------------------------------------------------------------------------------------------- */

static int read_secret(struct reading *r, const char *path, char *out, size_t capacity)
{
    FILE *file;

    if (path[0] == '\0')
        return FO_OK;
    file = fopen(path, "r");
    if (file == NULL)
        return refuse(r, "secret-file %s: %s", path, strerror(errno));
    if (fgets(out, (int)capacity, file) == NULL)
        out[0] = '\0';
    (void)fclose(file);
    out[strcspn(out, "\r\n")] = '\0';
    return FO_OK;
}

static int read_addresses(struct reading *r, cfg_t *cfg, struct fo_relationship *p)
{
    static const char *const needed[] = {"role", "address", "peer-address"};
    fo_ipv4_t ours, theirs;
    bool primary;

    for (size_t i = 0; i < sizeof needed / sizeof needed[0]; i++) {
        if (cfg_getstr(cfg, needed[i]) == NULL)
            return refuse(r, "failover-peer \"%s\": %s is missing", cfg_title(cfg), needed[i]);
    }
    p->role =
        fod_value_word("role", cfg_getstr(cfg, "role")) == 0 ? FO_ROLE_PRIMARY : FO_ROLE_SECONDARY;
    primary = p->role == FO_ROLE_PRIMARY;
    if (fo_ipv4_parse(cfg_getstr(cfg, "address"), &ours) != FO_OK ||
        fo_ipv4_parse(cfg_getstr(cfg, "peer-address"), &theirs) != FO_OK)
        return refuse(r, "failover-peer \"%s\": an address is wrong", cfg_title(cfg));
    p->primary_server = primary ? ours : theirs;
    p->secondary_server = primary ? theirs : ours;
    (void)snprintf(p->primary_server_name, sizeof p->primary_server_name, "%s",
                   cfg_getstr(cfg, primary ? "name" : "peer-name"));
    (void)snprintf(p->secondary_server_name, sizeof p->secondary_server_name, "%s",
                   cfg_getstr(cfg, primary ? "peer-name" : "name"));
    return FO_OK;
}

static void read_numbers(cfg_t *cfg, struct fo_relationship *p)
{
    long percent = cfg_getint(cfg, "percent"), split = cfg_getint(cfg, "split");
    long safe = cfg_getint(cfg, "safe-period");

    p->mode = (enum fo_mode)fod_value_word("mode", cfg_getstr(cfg, "mode"));
    p->tls = (enum fo_tls_mode)fod_value_word("tls", cfg_getstr(cfg, "tls"));
    p->percentage = p->mode == FO_MODE_LOAD_BALANCE ? 50 : 5;
    if (percent >= 0)
        p->percentage = (unsigned)percent;
    p->has_buckets = split >= 0;
    if (p->has_buckets)
        p->buckets = fo_load_balance_split((unsigned)split);
    p->partner_port = (uint16_t)cfg_getint(cfg, "peer-port");
    p->mclt_s = (uint32_t)cfg_getint(cfg, "mclt");
    p->safe_period_s = safe != 0 ? (uint32_t)safe : FO_SAFE_PERIOD_NEVER;
    p->receive_timer_s = (uint32_t)cfg_getint(cfg, "receive-timer");
    p->max_unacked = (uint32_t)cfg_getint(cfg, "max-unacked");
    p->max_clock_skew_s = (uint32_t)cfg_getint(cfg, "max-clock-skew");
    p->load_balance_max_s = (uint32_t)cfg_getint(cfg, "load-balance-max");
}

static int read_peer(struct reading *r, cfg_t *cfg, struct fo_relationship *p, bool *out_lost)
{
    const char *name = cfg_title(cfg), *dialect = cfg_getstr(cfg, "dialect");
    unsigned count = cfg_size(cfg, "scopes");
    int rc;

    fo_relationship_init(p);
    if (strlen(name) > FO_RELATIONSHIP_NAME_BYTES)
        return refuse(r, "failover-peer: a name is longer than %d bytes",
                      FO_RELATIONSHIP_NAME_BYTES);
    memcpy(p->name, name, strlen(name) + 1);
    rc = read_addresses(r, cfg, p);
    if (rc != FO_OK)
        return rc;
    read_numbers(cfg, p);
    p->dialect_auto = dialect[0] == '\0';
    if (!p->dialect_auto && fo_dialect_find(dialect, &p->dialect) != FO_OK)
        return refuse(r, "failover-peer \"%s\": dialect \"%s\" is not known", name, dialect);
    *out_lost = cfg_getbool(cfg, "lost-storage") == cfg_true;
    p->scopes = calloc(count + 1u, sizeof p->scopes[0]);
    if (p->scopes == NULL)
        return FO_ENOMEM;
    for (; p->scope_count < count; p->scope_count++) {
        const char *text = cfg_getnstr(cfg, "scopes", p->scope_count);
        if (fo_ipv4_parse(text, &p->scopes[p->scope_count]) != FO_OK)
            return refuse(r, "failover-peer \"%s\": scopes: \"%s\" is no address", name, text);
    }
    return read_secret(r, cfg_getstr(cfg, "secret-file"), p->shared_secret,
                       sizeof p->shared_secret);
}

static int read_peers(struct reading *r, cfg_t *cfg)
{
    struct fod_config *out = r->out;
    unsigned count = cfg_size(cfg, "failover-peer");
    int rc = FO_OK;

    out->peers = calloc(count + 1u, sizeof out->peers[0]);
    out->peer_lost_storage = calloc(count + 1u, sizeof out->peer_lost_storage[0]);
    if (out->peers == NULL || out->peer_lost_storage == NULL)
        return FO_ENOMEM;
    for (; out->peer_count < count && rc == FO_OK; out->peer_count++)
        rc = read_peer(r, cfg_getnsec(cfg, "failover-peer", (unsigned)out->peer_count),
                       &out->peers[out->peer_count], &out->peer_lost_storage[out->peer_count]);
    return rc;
}

/* --- the process
 * ----------------------------------------------------------------------------------------------------
 */

static int read_failover(struct reading *r, cfg_t *cfg)
{
    struct fod_config *out = r->out;
    unsigned count = cfg_size(cfg, "listen");

    if (count == 0 || count > FOD_LISTEN_MAX)
        return refuse(r, "failover: listen names %u addresses; 1 to %d are possible", count,
                      FOD_LISTEN_MAX);
    for (unsigned i = 0; i < count; i++) {
        if (fod_value_listen(cfg_getnstr(cfg, "listen", i), FO_DEFAULT_PORT, &out->listen[i]) !=
            FO_OK)
            return refuse(r, "failover: listen: \"%s\" is wrong", cfg_getnstr(cfg, "listen", i));
    }
    out->listen_count = count;
    out->failover_limits.connections_total = (uint32_t)cfg_getint(cfg, "connections");
    out->failover_limits.connections_per_source =
        (uint32_t)cfg_getint(cfg, "connections-per-source");
    out->failover_limits.handshake_ms = (uint32_t)cfg_getint(cfg, "handshake-seconds") * 1000;
    out->failover_limits.buffered_bytes = (uint32_t)cfg_getint(cfg, "buffered-bytes");
    return FO_OK;
}

/* The texts of a list. Ownership: gives them, also those before a failure. */
static int take_list(cfg_t *cfg, const char *key, char ***out, size_t *out_count)
{
    unsigned count = cfg_size(cfg, key);

    *out = calloc((size_t)count + 1, sizeof **out);
    if (*out == NULL)
        return FO_ENOMEM;
    for (*out_count = 0; *out_count < count; (*out_count)++) {
        (*out)[*out_count] = strdup(cfg_getnstr(cfg, key, (unsigned)*out_count));
        if ((*out)[*out_count] == NULL)
            return FO_ENOMEM;
    }
    return FO_OK;
}

static int read_rights(cfg_t *cfg, struct fod_config *out)
{
    int rc = take_text(cfg, "socket-group", &out->socket_group);

    if (rc == FO_OK)
        rc = take_text(cfg, "administrators-group", &out->administrators_group);
    if (rc == FO_OK)
        rc = take_text(cfg, "users-group", &out->users_group);
    if (rc == FO_OK)
        rc = take_list(cfg, "administrators-certificates", &out->administrator_certificates,
                       &out->administrator_certificate_count);
    if (rc == FO_OK)
        rc = take_list(cfg, "users-certificates", &out->user_certificates,
                       &out->user_certificate_count);
    return rc;
}

static int read_management(struct reading *r, cfg_t *cfg)
{
    struct fod_config *out = r->out;
    const char *listen = cfg_getstr(cfg, "tls-listen");
    int rc = take_text(cfg, "socket", &out->socket);

    if (rc == FO_OK)
        rc = take_text(cfg, "audit-file", &out->audit_file);
    if (rc == FO_OK)
        rc = read_rights(cfg, out);
    out->management_limits.connections = (uint32_t)cfg_getint(cfg, "connections");
    out->management_limits.frame_s = (uint32_t)cfg_getint(cfg, "frame-seconds");
    out->management_limits.idle_s = (uint32_t)cfg_getint(cfg, "idle-seconds");
    out->management_tls = listen[0] != '\0';
    if (rc == FO_OK && out->management_tls &&
        fod_value_listen(listen, 8647, &out->management_listen) != FO_OK)
        return refuse(r, "management: tls-listen: \"%s\" is wrong", listen);
    return rc;
}

static int read_tls(struct reading *r, cfg_t *cfg)
{
    struct fod_config *out = r->out;
    int rc = take_text(cfg, "ca", &out->ca_file);
    size_t given;

    if (rc == FO_OK)
        rc = take_text(cfg, "certificate", &out->cert_file);
    if (rc == FO_OK)
        rc = take_text(cfg, "key", &out->key_file);
    if (rc != FO_OK)
        return rc;
    given = (size_t)(out->ca_file[0] != '\0') + (out->cert_file[0] != '\0') +
            (out->key_file[0] != '\0');
    if (given != 0 && given != 3)
        return refuse(r, "tls: ca, certificate and key are needed together");
    if (given == 0 && out->management_tls)
        return refuse(r, "management: tls-listen needs the tls section");
    return FO_OK;
}

static int read_process(struct reading *r, cfg_t *cfg)
{
    struct fod_config *out = r->out;
    char host[256] = "";
    int rc = take_text(cfg, "state-directory", &out->state_directory);

    if (rc == FO_OK)
        rc = take_text(cfg, "user", &out->user);
    if (rc == FO_OK)
        rc = take_text(cfg, "server-name", &out->server_name);
    if (rc == FO_OK && out->server_name[0] == '\0' && gethostname(host, sizeof host - 1) == 0) {
        free(out->server_name);
        out->server_name = strdup(host);
        rc = out->server_name != NULL ? FO_OK : FO_ENOMEM;
    }
    out->store_size = (uint64_t)cfg_getint(cfg, "store-size");
    out->log_to_journal = fod_value_word("log", cfg_getstr(cfg, "log")) == 1;
    out->startup_s = (uint32_t)cfg_getint(cfg, "startup-seconds");
    out->redial_s = (uint32_t)cfg_getint(cfg, "redial-seconds");
    out->heartbeat_s = (uint32_t)cfg_getint(cfg, "heartbeat-seconds");
    out->clock_offset_s = (int32_t)cfg_getint(cfg, "clock-offset");
    return rc;
}

static int read_all(struct reading *r, cfg_t *cfg)
{
    int rc = read_process(r, cfg);

    if (rc == FO_OK)
        rc = read_failover(r, cfg_getsec(cfg, "failover"));
    if (rc == FO_OK)
        rc = read_management(r, cfg_getsec(cfg, "management"));
    if (rc == FO_OK)
        rc = read_tls(r, cfg_getsec(cfg, "tls"));
    if (rc == FO_OK)
        rc = read_scopes(r, cfg);
    return rc == FO_OK ? read_peers(r, cfg) : rc;
}

int fod_config_read(const char *path, struct fod_config *out, char *why, size_t why_capacity)
{
    struct fod_config fresh = {0};
    struct reading r = {path, &fresh, why, why_capacity};
    cfg_t *cfg;
    int rc;

    why[0] = '\0';
    first_error.path = path;
    first_error.text = why;
    first_error.capacity = why_capacity;
    cfg = fod_config_keys_new(on_error);
    if (cfg == NULL)
        return FO_ENOMEM;
    rc = cfg_parse(cfg, path);
    if (rc == CFG_FILE_ERROR) {
        (void)snprintf(why, why_capacity, "%s: %s", path, strerror(errno));
        rc = FO_EIO;
    } else if (rc != CFG_SUCCESS) {
        rc = why[0] != '\0' ? FO_EINVAL : refuse(&r, "cannot be read");
    } else {
        rc = read_all(&r, cfg);
    }
    (void)cfg_free(cfg);
    first_error.capacity = 0;
    if (rc != FO_OK) {
        if (why[0] == '\0')
            (void)snprintf(why, why_capacity, "%s: %s", path, fo_strerror(rc));
        fod_config_fini(&fresh);
        return rc;
    }
    *out = fresh;
    return FO_OK;
}

static void free_list(char **list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        free(list[i]);
    free(list);
}

void fod_config_fini(struct fod_config *c)
{
    for (size_t i = 0; i < c->scope_count; i++)
        fo_scope_fini(&c->scopes[i]);
    for (size_t i = 0; i < c->peer_count; i++)
        fo_relationship_fini(&c->peers[i]);
    free(c->scopes);
    free(c->peers);
    free(c->peer_lost_storage);
    free(c->server_name);
    free(c->state_directory);
    free(c->user);
    free(c->ca_file);
    free(c->cert_file);
    free(c->key_file);
    free(c->socket);
    free(c->socket_group);
    free(c->administrators_group);
    free(c->users_group);
    free(c->audit_file);
    free_list(c->administrator_certificates, c->administrator_certificate_count);
    free_list(c->user_certificates, c->user_certificate_count);
    *c = (struct fod_config){0};
}

bool fod_config_has_tls(const struct fod_config *c)
{
    return c->ca_file != NULL && c->ca_file[0] != '\0';
}
