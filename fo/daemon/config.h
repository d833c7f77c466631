/**
 * fo/daemon/config.h: what fod reads from its configuration file.
 *
 * The file holds what a process needs to start; scopes and relationships live in the store, and
 * those written here are made on the first start if they are absent. Each key is one row of a table
 * in config_keys.c, with unit, range and default.
 */
#ifndef FO_DAEMON_CONFIG_H
#define FO_DAEMON_CONFIG_H

#include "fo/run/run.h"
#include "mgmt/service.h"

#define FOD_LISTEN_MAX   8
#define FOD_DEFAULT_FILE "/etc/fod/fod.conf"

struct fod_config {
    char *server_name, *state_directory, *user;
    uint64_t store_size;
    bool log_to_journal;
    uint32_t startup_s, redial_s, heartbeat_s;
    int32_t clock_offset_s;

    struct fo_listen listen[FOD_LISTEN_MAX];
    size_t listen_count;
    struct fo_run_limits failover_limits;

    char *ca_file, *cert_file, *key_file; /* all or none */

    char *socket, *socket_group, *administrators_group, *users_group; /* "": none */
    char *audit_file;                                                 /* "": none */
    char **administrator_certificates, **user_certificates;
    size_t administrator_certificate_count, user_certificate_count;
    bool management_tls;
    struct fo_listen management_listen;
    struct fo_mgmt_limits management_limits;

    struct fo_scope *scopes;
    size_t scope_count;
    struct fo_relationship *peers;
    bool *peer_lost_storage;
    size_t peer_count;
};

/**
 * fod_config_read reads and checks |path|. Nothing is opened but the file itself and the secret
 * files it names.
 *
 * Ownership: gives |*out| (fod_config_fini).
 * Errors:    FO_EINVAL, FO_EIO, FO_ENOMEM; |why| is "file:line: …" naming key, unit and range.
 */
FO_MUST_CHECK int fod_config_read(const char *path, struct fod_config *out, char *why,
                                  size_t why_capacity);
void fod_config_fini(struct fod_config *c); /* {0} is safe */
bool fod_config_has_tls(const struct fod_config *c);

#endif
