/* Where two servers are for each other, when nobody says so. */
#include <arpa/inet.h>
#include <netdb.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "mgmt/foctl_pair.h"

bool foctl_pair_certified(const Mgmt__Server *m, const char *wanted)
{
    size_t length = strlen(wanted);

    for (const char *at = strstr(m->certificate, wanted); at != NULL; at = strstr(at + 1, wanted)) {
        if (at[length] == '\0' || at[length] == ' ')
            return true;
    }
    return false;
}

/* The server tells where it listens; if that is everywhere, it is where it was reached. */
static bool find_address(const Mgmt__Server *m, const struct fo_mgmt_target *where, fo_ipv4_t *out)
{
    struct addrinfo hints = {.ai_family = AF_INET, .ai_socktype = SOCK_STREAM}, *list;
    struct sockaddr_in in;

    *out = m->failover_address;
    if (*out != 0)
        return true;
    if (where->path[0] != '\0' || getaddrinfo(where->host, NULL, &hints, &list) != 0)
        return false;
    memcpy(&in, list->ai_addr, sizeof in);
    *out = ntohl(in.sin_addr.s_addr);
    freeaddrinfo(list);
    return true;
}

/* Where this machine comes from when it goes to |to|. Nothing is sent. */
static bool find_source(fo_ipv4_t to, fo_ipv4_t *out)
{
    struct sockaddr_in name = {
        .sin_family = AF_INET, .sin_port = htons(647), .sin_addr.s_addr = htonl(to)};
    socklen_t length = sizeof name;
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    bool found = fd >= 0 && connect(fd, (struct sockaddr *)&name, sizeof name) == 0 &&
                 getsockname(fd, (struct sockaddr *)&name, &length) == 0;

    if (fd >= 0)
        (void)close(fd);
    *out = ntohl(name.sin_addr.s_addr);
    return found;
}

int foctl_pair_addresses(const struct foctl_pair *p, fo_ipv4_t *out_local, fo_ipv4_t *out_partner)
{
    struct fo_mgmt_target partner;
    char why[200];

    if (fo_mgmt_target_parse(p->partner, &partner, why, sizeof why) != FO_OK)
        return foctl_fail(EXIT_USAGE, "%s", why);
    if (!find_address(p->about_b->server, &partner, out_partner))
        return foctl_fail(EXIT_USAGE, "the partner listens on all its addresses: say which one "
                                      "failover uses, with --partner");
    if (!find_address(p->about_a->server, &p->t->target, out_local) &&
        !find_source(*out_partner, out_local))
        return foctl_fail(EXIT_USAGE, "this server listens on all its addresses: say which one "
                                      "failover uses, with --local");
    return EXIT_DONE;
}
