/**
 * fo/daemon/config_keys.h: the keys of fod.conf and what their values may be.
 */
#ifndef FO_DAEMON_CONFIG_KEYS_H
#define FO_DAEMON_CONFIG_KEYS_H

#include <confuse.h>

#include "fo/event.h"
#include "fo/run/run.h"
#include "state/scope.h"

/** A parser with all keys, their defaults and checks; NULL without memory. Ownership: gives
 *  (cfg_free). */
cfg_t *fod_config_keys_new(cfg_errfunc_t on_error);

/* Values that are more than a number or a text; what they refuse, the checks have refused before.
 */
FO_MUST_CHECK int fod_value_listen(const char *text, uint16_t default_port, struct fo_listen *out);
FO_MUST_CHECK int fod_value_subnet(const char *text, fo_ipv4_t *out_subnet, fo_ipv4_t *out_mask);
FO_MUST_CHECK int fod_value_range(const char *text, struct fo_range *out);
/** Position of |text| in the words of |key| ("mode", "role", "tls", "log"); -1: none of them. */
int fod_value_word(const char *key, const char *text);

#endif
