#include "fo/daemon/config_keys.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mgmt/caller.h"
#include "state/relationship.h"

/* --- keys and defaults
 * ------------------------------------------------------------------------------------ */

/* libconfuse takes these without const. */
static char no_list[] = "{}";
static char default_listen[] = "{\"0.0.0.0:647\"}";
static char default_administrators[] = "{\"ou:DHCP Administrators\"}";
static char default_users[] = "{\"ou:DHCP Users\"}";

static cfg_opt_t tls_keys[] = {
    CFG_STR("ca", "", CFGF_NONE),
    CFG_STR("certificate", "", CFGF_NONE),
    CFG_STR("key", "", CFGF_NONE),
    CFG_END(),
};
static cfg_opt_t failover_keys[] = {
    CFG_STR_LIST("listen", default_listen, CFGF_NONE),
    CFG_INT("connections", 256, CFGF_NONE),
    CFG_INT("connections-per-source", 16, CFGF_NONE),
    CFG_INT("handshake-seconds", 15, CFGF_NONE),
    CFG_INT("buffered-bytes", 8 * 1024 * 1024, CFGF_NONE),
    CFG_END(),
};
static cfg_opt_t management_keys[] = {
    CFG_STR("socket", "/run/fod/fod.sock", CFGF_NONE),
    CFG_STR("socket-group", "", CFGF_NONE),
    CFG_STR("administrators-group", "", CFGF_NONE),
    CFG_STR("users-group", "", CFGF_NONE),
    CFG_STR_LIST("administrators-certificates", default_administrators, CFGF_NONE),
    CFG_STR_LIST("users-certificates", default_users, CFGF_NONE),
    CFG_STR("audit-file", "", CFGF_NONE),
    CFG_STR("tls-listen", "", CFGF_NONE),
    CFG_INT("connections", 256, CFGF_NONE),
    CFG_INT("frame-seconds", 60, CFGF_NONE),
    CFG_INT("idle-seconds", 600, CFGF_NONE),
    CFG_END(),
};
static cfg_opt_t scope_keys[] = {
    CFG_STR("name", "", CFGF_NONE),
    CFG_STR("comment", "", CFGF_NONE),
    CFG_STR_LIST("range", no_list, CFGF_NONE),
    CFG_STR_LIST("exclude", no_list, CFGF_NONE),
    CFG_END(),
};
static cfg_opt_t peer_keys[] = {
    CFG_STR("role", NULL, CFGF_NODEFAULT),
    CFG_STR("address", NULL, CFGF_NODEFAULT),
    CFG_STR("peer-address", NULL, CFGF_NODEFAULT),
    CFG_INT("peer-port", 647, CFGF_NONE),
    CFG_STR("name", "", CFGF_NONE),
    CFG_STR("peer-name", "", CFGF_NONE),
    CFG_STR("mode", "load-balance", CFGF_NONE),
    CFG_INT("percent", -1, CFGF_NONE),
    CFG_INT("split", -1, CFGF_NONE),
    CFG_INT("mclt", 3600, CFGF_NONE),
    CFG_INT("safe-period", 0, CFGF_NONE),
    CFG_STR("secret-file", "", CFGF_NONE),
    CFG_STR("tls", "off", CFGF_NONE),
    CFG_STR("dialect", "", CFGF_NONE),
    CFG_INT("receive-timer", 30, CFGF_NONE),
    CFG_INT("max-unacked", 0, CFGF_NONE),
    CFG_INT("max-clock-skew", 0, CFGF_NONE),
    CFG_INT("load-balance-max", 0, CFGF_NONE),
    CFG_STR_LIST("scopes", no_list, CFGF_NONE),
    CFG_BOOL("lost-storage", cfg_false, CFGF_NONE),
    CFG_END(),
};
static cfg_opt_t keys[] = {
    CFG_STR("server-name", "", CFGF_NONE),
    CFG_STR("state-directory", "/var/lib/fod", CFGF_NONE),
    CFG_INT("store-size", 0, CFGF_NONE),
    CFG_STR("user", "", CFGF_NONE),
    CFG_STR("log", "stderr", CFGF_NONE),
    CFG_INT("startup-seconds", 0, CFGF_NONE),
    CFG_INT("redial-seconds", 0, CFGF_NONE),
    CFG_INT("heartbeat-seconds", 0, CFGF_NONE),
    CFG_INT("clock-offset", 0, CFGF_NONE),
    CFG_SEC("failover", failover_keys, CFGF_NONE),
    CFG_SEC("management", management_keys, CFGF_NONE),
    CFG_SEC("tls", tls_keys, CFGF_NONE),
    CFG_SEC("scope", scope_keys, CFGF_MULTI | CFGF_TITLE | CFGF_NO_TITLE_DUPES),
    CFG_SEC("failover-peer", peer_keys, CFGF_MULTI | CFGF_TITLE | CFGF_NO_TITLE_DUPES),
    CFG_END(),
};

/* --- numbers
 * -------------------------------------------------------------------------------------------------
 */

static const struct {
    const char *path;
    long least, most;
    const char *unit;
} numbers[] = {
    {"store-size", 0, 1L << 46, "bytes of address space; 0 is 64 GiB"},
    {"startup-seconds", 0, 86400, "seconds; 0 is what the draft says"},
    {"redial-seconds", 0, 3600, "seconds; 0 is 5"},
    {"heartbeat-seconds", 0, 3600, "seconds; 0 is 10"},
    {"clock-offset", -2147483647L, 2147483647L, "seconds added to this machine's clock"},
    {"failover|connections", 1, 65535, "connections"},
    {"failover|connections-per-source", 1, 65535, "connections"},
    {"failover|handshake-seconds", 1, 600, "seconds"},
    {"failover|buffered-bytes", 65536, 1L << 30, "bytes"},
    {"management|connections", 1, 65535, "connections"},
    {"management|frame-seconds", 1, 3600, "seconds"},
    {"management|idle-seconds", 1, 86400, "seconds"},
    {"failover-peer|peer-port", 1, 65535, "a port"},
    {"failover-peer|percent", 0, 100, "percent"},
    {"failover-peer|split", 0, 256, "hash buckets of the primary"},
    {"failover-peer|mclt", 1, 2147483647L, "seconds"},
    {"failover-peer|safe-period", 0, 4294967295L, "seconds; 0 is never"},
    {"failover-peer|receive-timer", 1, 86400, "seconds"},
    {"failover-peer|max-unacked", 0, 65535, "messages; 0 is the dialect's"},
    {"failover-peer|max-clock-skew", 0, 2147483647L, "seconds; 0 is the dialect's"},
    {"failover-peer|load-balance-max", 0, 255, "seconds; 0 is never"},
};

static bool names_key(const char *path, const char *section, const char *key)
{
    const char *bar = strchr(path, '|');

    if (bar == NULL)
        return strcmp(section, "root") == 0 && strcmp(path, key) == 0;
    return strlen(section) == (size_t)(bar - path) &&
           strncmp(path, section, (size_t)(bar - path)) == 0 && strcmp(bar + 1, key) == 0;
}

static int check_number(cfg_t *cfg, cfg_opt_t *opt)
{
    long value = cfg_opt_getnint(opt, cfg_opt_size(opt) - 1);

    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        if (!names_key(numbers[i].path, cfg_name(cfg), cfg_opt_name(opt)))
            continue;
        if (value >= numbers[i].least && value <= numbers[i].most)
            return 0;
        cfg_error(cfg, "%s = %ld is not between %ld and %ld (%s)", cfg_opt_name(opt), value,
                  numbers[i].least, numbers[i].most, numbers[i].unit);
        return -1;
    }
    return 0;
}

/* --- texts
 * ----------------------------------------------------------------------------------------------------
 */

int fod_value_listen(const char *text, uint16_t default_port, struct fo_listen *out)
{
    char address[FO_IPV4_TEXT];
    const char *colon = strchr(text, ':');
    size_t length = colon != NULL ? (size_t)(colon - text) : strlen(text);
    unsigned long port = default_port;
    char *end;

    if (length >= sizeof address)
        return FO_EINVAL;
    memcpy(address, text, length);
    address[length] = '\0';
    if (colon != NULL) {
        if (colon[1] < '0' || colon[1] > '9')
            return FO_EINVAL;
        port = strtoul(colon + 1, &end, 10);
        if (*end != '\0' || port > UINT16_MAX)
            return FO_EINVAL;
    }
    out->port = (uint16_t)port;
    return fo_ipv4_parse(address, &out->address);
}

int fod_value_subnet(const char *text, fo_ipv4_t *out_subnet, fo_ipv4_t *out_mask)
{
    struct fo_listen parts;
    char copy[32];
    char *slash;

    if (strlen(text) >= sizeof copy)
        return FO_EINVAL;
    memcpy(copy, text, strlen(text) + 1);
    slash = strchr(copy, '/');
    if (slash == NULL)
        return FO_EINVAL;
    *slash = ':'; /* ADDRESS:NUMBER is what a listener is written like */
    if (fod_value_listen(copy, 0, &parts) != FO_OK || parts.port > 32)
        return FO_EINVAL;
    *out_subnet = parts.address;
    *out_mask = parts.port == 0 ? 0 : UINT32_MAX << (32 - parts.port);
    return FO_OK;
}

int fod_value_range(const char *text, struct fo_range *out)
{
    char first[FO_IPV4_TEXT];
    const char *dash = strchr(text, '-');

    if (dash == NULL || (size_t)(dash - text) >= sizeof first)
        return FO_EINVAL;
    memcpy(first, text, (size_t)(dash - text));
    first[dash - text] = '\0';
    if (fo_ipv4_parse(first, &out->first) != FO_OK)
        return FO_EINVAL;
    return fo_ipv4_parse(dash + 1, &out->last);
}

static const struct {
    const char *key, *words[4];
} words[] = {
    {"role", {"primary", "secondary", NULL, NULL}},
    {"mode", {"load-balance", "hot-standby", NULL, NULL}},
    {"tls", {"off", "desired", "required", NULL}},
    {"log", {"stderr", "journal", NULL, NULL}},
    {"dialect", {"draft", "isc", NULL, NULL}},
};

int fod_value_word(const char *key, const char *text)
{
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (strcmp(words[i].key, key) != 0)
            continue;
        for (int k = 0; words[i].words[k] != NULL; k++) {
            if (strcmp(words[i].words[k], text) == 0)
                return k;
        }
    }
    return -1;
}

static int check_word(cfg_t *cfg, cfg_opt_t *opt)
{
    const char *text = cfg_opt_getnstr(opt, cfg_opt_size(opt) - 1);
    char list[80] = "";

    if (fod_value_word(cfg_opt_name(opt), text) >= 0)
        return 0;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (strcmp(words[i].key, cfg_opt_name(opt)) == 0)
            (void)snprintf(list, sizeof list, "%s, %s%s%s", words[i].words[0], words[i].words[1],
                           words[i].words[2] != NULL ? ", " : "",
                           words[i].words[2] != NULL ? words[i].words[2] : "");
    }
    cfg_error(cfg, "%s = \"%s\" is none of: %s", cfg_opt_name(opt), text, list);
    return -1;
}

static int refuse_text(cfg_t *cfg, cfg_opt_t *opt, const char *text, const char *wanted)
{
    cfg_error(cfg, "%s = \"%s\" is not %s", cfg_opt_name(opt), text, wanted);
    return -1;
}

static int check_listen(cfg_t *cfg, cfg_opt_t *opt)
{
    const char *text = cfg_opt_getnstr(opt, cfg_opt_size(opt) - 1);
    struct fo_listen ignored;

    if (fod_value_listen(text, 0, &ignored) == FO_OK)
        return 0;
    return refuse_text(cfg, opt, text, "an address with a port, such as 192.0.2.1:647");
}

static int check_address(cfg_t *cfg, cfg_opt_t *opt)
{
    const char *text = cfg_opt_getnstr(opt, cfg_opt_size(opt) - 1);
    fo_ipv4_t ignored;

    if (fo_ipv4_parse(text, &ignored) == FO_OK)
        return 0;
    return refuse_text(cfg, opt, text, "an IPv4 address such as 192.0.2.1");
}

static int check_range(cfg_t *cfg, cfg_opt_t *opt)
{
    const char *text = cfg_opt_getnstr(opt, cfg_opt_size(opt) - 1);
    struct fo_range range;

    if (fod_value_range(text, &range) == FO_OK && range.first <= range.last)
        return 0;
    return refuse_text(cfg, opt, text, "a range such as 192.0.2.10-192.0.2.99");
}

static int check_certificate_name(cfg_t *cfg, cfg_opt_t *opt)
{
    const char *text = cfg_opt_getnstr(opt, cfg_opt_size(opt) - 1);

    if (fo_caller_name_valid(text))
        return 0;
    return refuse_text(cfg, opt, text, "a name such as ou:TEXT, dns:, email:, uri: or ip:TEXT");
}

/* --- all together
 * -----------------------------------------------------------------------------------------------
 */

static const struct {
    const char *path;
    cfg_validate_callback_t check;
} texts[] = {
    {"log", check_word},
    {"failover|listen", check_listen},
    {"management|tls-listen", check_listen},
    {"management|administrators-certificates", check_certificate_name},
    {"management|users-certificates", check_certificate_name},
    {"scope|range", check_range},
    {"scope|exclude", check_range},
    {"failover-peer|role", check_word},
    {"failover-peer|mode", check_word},
    {"failover-peer|tls", check_word},
    {"failover-peer|dialect", check_word},
    {"failover-peer|address", check_address},
    {"failover-peer|peer-address", check_address},
    {"failover-peer|scopes", check_address},
};

cfg_t *fod_config_keys_new(cfg_errfunc_t on_error)
{
    cfg_t *cfg = cfg_init(keys, CFGF_NONE);

    if (cfg == NULL)
        return NULL;
    (void)cfg_set_error_function(cfg, on_error);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        (void)cfg_set_validate_func(cfg, numbers[i].path, check_number);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        (void)cfg_set_validate_func(cfg, texts[i].path, texts[i].check);
    return cfg;
}
