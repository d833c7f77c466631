/* A dhcpd.conf as `foctl relationship import` reads it. */
#include <stdlib.h>
#include <string.h>

#include "mgmt/dhcpd_conf.h"
#include "tests/fuzz/fuzz.h"

static void check_subnet(const struct fo_dhcpd_subnet *s)
{
    FUZZ_CHECK(s->range_count > 0);
    for (size_t i = 0; i < s->range_count; i++) {
        FUZZ_CHECK(s->ranges[i].first <= s->ranges[i].last);
        FUZZ_CHECK((s->ranges[i].first & s->mask) == s->subnet);
        FUZZ_CHECK((s->ranges[i].last & s->mask) == s->subnet);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char why[FO_DHCPD_WHY_MAX] = "";
    struct fo_dhcpd_conf conf = {0};
    int rc = fo_dhcpd_conf_parse("input", (const char *)data, size, "lab", &conf, why);

    FUZZ_CHECK(rc == FO_OK || (rc == FO_EINVAL && memchr(why, '\0', sizeof why) > (void *)why));
    if (rc != FO_OK)
        return 0;
    FUZZ_CHECK(conf.subnet_count > 0 && conf.peer.address != 0 && conf.peer.peer_address != 0);
    for (size_t i = 0; i < conf.subnet_count; i++)
        check_subnet(&conf.subnets[i]);
    fo_dhcpd_conf_free(&conf);
    return 0;
}
