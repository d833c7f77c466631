#include "mgmt/dhcpd_conf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "mgmt/dhcpd_peer.h"

#define DEPTH_MAX 64

/* What a block is to us. */
enum place {
    OUTSIDE, /* the file itself, group, shared-network: subnets and pools may stand here */
    SUBNET,
    POOL,
    PEER,  /* the failover peer block of the relationship */
    OTHER, /* anything else, to its end */
};

struct range {
    fo_ipv4_t first, last;
    size_t subnet;
    bool ours;
};

struct parser {
    const char *name;
    struct fo_dhcpd_words *words;
    bool may_include;
    struct fo_dhcpd_statement now;
    enum place place[DEPTH_MAX];
    unsigned opened[DEPTH_MAX]; /* the line of each block */
    size_t depth;
    struct fo_dhcpd_peer peer;
    bool has_peer;
    struct fo_dhcpd_subnet *subnets;
    size_t subnet_count;
    struct range *ranges;
    size_t range_count;
    size_t pool_begin; /* the first range of the pool being read */
    bool pool_ours;
    char *why;
};

static int refuse(struct parser *p, const char *format, ...) __attribute__((format(printf, 2, 3)));

static int refuse(struct parser *p, const char *format, ...)
{
    char sentence[320];
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(sentence, sizeof sentence, format, arguments);
    va_end(arguments);
    (void)snprintf(p->why, FO_DHCPD_WHY_MAX, "%.180s:%u: %s", p->now.file, p->now.line, sentence);
    return FO_EINVAL;
}

static int no_memory(struct parser *p)
{
    (void)snprintf(p->why, FO_DHCPD_WHY_MAX, "out of memory");
    return FO_ENOMEM;
}

static const char *word(const struct parser *p, size_t index)
{
    return index < p->now.count ? p->now.words[index].text : "";
}

static bool is(const struct parser *p, size_t index, const char *text)
{
    return strcasecmp(word(p, index), text) == 0; /* dhcpd's keywords are of either case */
}

static int take_address(struct parser *p, size_t index, fo_ipv4_t *out)
{
    if (fo_ipv4_parse(word(p, index), out) == FO_OK)
        return FO_OK;
    return refuse(p, "'%.60s' is not an IPv4 address", word(p, index));
}

/* --- subnets and ranges
 * ----------------------------------------------------------------------------------- */

static int open_subnet(struct parser *p)
{
    struct fo_dhcpd_subnet *grown, subnet = {0};
    int rc;

    if (p->now.count != 4 || !is(p, 2, "netmask"))
        return refuse(p, "expected: subnet ADDRESS netmask MASK");
    rc = take_address(p, 1, &subnet.subnet);
    if (rc == FO_OK)
        rc = take_address(p, 3, &subnet.mask);
    if (rc != FO_OK)
        return rc;
    if ((~subnet.mask & (~subnet.mask + 1)) != 0 || (subnet.subnet & ~subnet.mask) != 0)
        return refuse(p, "%s is not a subnet with netmask %s", word(p, 1), word(p, 3));
    grown = realloc(p->subnets, (p->subnet_count + 1) * sizeof *grown);
    if (grown == NULL)
        return no_memory(p);
    p->subnets = grown;
    p->subnets[p->subnet_count++] = subnet;
    return FO_OK;
}

/* The newest subnet that holds |address|: dhcpd wants subnets before the pools that use them. */
static bool find_subnet(const struct parser *p, fo_ipv4_t address, size_t *out)
{
    for (size_t i = p->subnet_count; i-- > 0;) {
        if ((address & p->subnets[i].mask) == p->subnets[i].subnet) {
            *out = i;
            return true;
        }
    }
    return false;
}

static int take_range(struct parser *p)
{
    size_t at = is(p, 1, "dynamic-bootp") ? 2 : 1, other;
    struct range *grown, r = {0};
    int rc = take_address(p, at, &r.first);

    r.last = r.first;
    if (rc == FO_OK && p->now.count > at + 1)
        rc = take_address(p, at + 1, &r.last);
    if (rc != FO_OK)
        return rc;
    if (p->now.count > at + 2)
        return refuse(p, "expected: range FIRST [LAST]");
    if (r.last < r.first) /* dhcpd takes either order */
        r = (struct range){.first = r.last, .last = r.first};
    if (!find_subnet(p, r.first, &r.subnet) || !find_subnet(p, r.last, &other) || other != r.subnet)
        return refuse(p, "the range %s %s is not in one subnet of this file", word(p, at),
                      word(p, at + 1));
    grown = realloc(p->ranges, (p->range_count + 1) * sizeof *grown);
    if (grown == NULL)
        return no_memory(p);
    p->ranges = grown;
    p->ranges[p->range_count++] = r;
    return FO_OK;
}

static void close_pool(struct parser *p)
{
    for (size_t i = p->pool_begin; i < p->range_count; i++)
        p->ranges[i].ours = p->pool_ours;
}

/* --- blocks
 * -----------------------------------------------------------------------------------------------
 */

static int open_peer(struct parser *p, enum place *out)
{
    *out = OTHER;
    if (!is(p, 1, "peer") || p->now.count < 3)
        return refuse(p, "expected: failover peer \"NAME\"");
    /* With more words it is the state that dhcpd keeps in its lease file. */
    if (p->now.count > 3 || strcmp(word(p, 2), p->name) != 0)
        return FO_OK;
    if (p->has_peer)
        return refuse(p, "failover peer \"%.126s\" is defined for the second time", p->name);
    p->has_peer = true;
    fo_dhcpd_peer_init(&p->peer);
    (void)snprintf(p->peer.file, sizeof p->peer.file, "%.255s", p->now.file);
    p->peer.line = p->now.line;
    *out = PEER;
    return FO_OK;
}

static int open_block(struct parser *p)
{
    enum place here = p->place[p->depth], inside = OTHER;
    bool outside = here == OUTSIDE;
    int rc = FO_OK;

    if (p->depth + 1 == DEPTH_MAX)
        return refuse(p, "blocks are nested more than %d deep", DEPTH_MAX - 1);
    if (outside && (is(p, 0, "group") || is(p, 0, "shared-network"))) {
        inside = OUTSIDE;
    } else if (outside && is(p, 0, "subnet")) {
        inside = SUBNET;
        rc = open_subnet(p);
    } else if ((outside || here == SUBNET) && is(p, 0, "pool")) {
        inside = POOL;
        p->pool_begin = p->range_count;
        p->pool_ours = false;
    } else if (outside && is(p, 0, "failover")) {
        rc = open_peer(p, &inside);
    }
    p->depth++;
    p->place[p->depth] = inside;
    p->opened[p->depth] = p->now.line;
    return rc;
}

static int close_block(struct parser *p)
{
    if (p->depth == 0)
        return refuse(p, "there is no block that this '}' could end");
    if (p->now.count != 0 && p->place[p->depth] != OTHER)
        return refuse(p, "';' is missing before '}'");
    if (p->place[p->depth] == POOL)
        close_pool(p);
    p->depth--;
    return FO_OK;
}

static int include(struct parser *p)
{
    char why[FO_DHCPD_WHY_MAX];
    int rc;

    if (!p->may_include)
        return refuse(p, "a text cannot include files");
    rc = fo_dhcpd_words_open(p->words, word(p, 1), why);
    return rc == FO_EINVAL ? refuse(p, "%.300s", why) : rc;
}

static int take_statement(struct parser *p)
{
    enum place here = p->place[p->depth];

    if (here == OTHER || p->now.count == 0)
        return FO_OK;
    if (here == PEER)
        return fo_dhcpd_peer_take(&p->peer, &p->now, p->why);
    if (is(p, 0, "include"))
        return include(p);
    if (is(p, 0, "range"))
        return take_range(p);
    if (here == POOL && is(p, 0, "failover"))
        p->pool_ours = is(p, 1, "peer") && strcmp(word(p, 2), p->name) == 0;
    return FO_OK;
}

/* --- the whole
 * -------------------------------------------------------------------------------------------- */

static int check_end(struct parser *p)
{
    if (p->now.count != 0)
        return refuse(p, "the file ends within a statement");
    if (p->depth != 0)
        return refuse(p, "the file ends within the block that begins in line %u",
                      p->opened[p->depth]);
    if (!p->has_peer)
        return refuse(p, "there is no block: failover peer \"%.126s\"", p->name);
    return fo_dhcpd_peer_check(&p->peer, p->why);
}

static int read_all(struct parser *p)
{
    int rc = FO_OK;

    while (rc == FO_OK) {
        rc = fo_dhcpd_words_next(p->words, &p->now, p->why);
        if (rc != FO_OK)
            return rc;
        switch (p->now.end) {
        case FO_DHCPD_SEMICOLON:
            rc = take_statement(p);
            break;
        case FO_DHCPD_OPEN:
            rc = open_block(p);
            break;
        case FO_DHCPD_CLOSE:
            rc = close_block(p);
            break;
        case FO_DHCPD_OVER:
            return check_end(p);
        }
    }
    return rc;
}

/* Gives each subnet its ranges; those without one of ours are not of the relationship. */
static int give_ranges(struct parser *p, struct fo_dhcpd_conf *out)
{
    for (size_t i = 0; i < p->range_count; i++) {
        const struct range *r = &p->ranges[i];
        struct fo_dhcpd_subnet *s = &p->subnets[r->subnet];
        struct fo_dhcpd_range *grown;
        if (!r->ours)
            continue;
        grown = realloc(s->ranges, (s->range_count + 1) * sizeof *grown);
        if (grown == NULL)
            return no_memory(p);
        s->ranges = grown;
        s->ranges[s->range_count++] = (struct fo_dhcpd_range){r->first, r->last};
    }
    for (size_t i = 0; i < p->range_count; i++)
        out->left_out += !p->ranges[i].ours && p->subnets[p->ranges[i].subnet].range_count != 0;
    for (size_t i = 0; i < p->subnet_count; i++) {
        if (p->subnets[i].range_count != 0)
            p->subnets[out->subnet_count++] = p->subnets[i];
    }
    out->subnets = p->subnets;
    p->subnets = NULL;
    if (out->subnet_count != 0)
        return FO_OK;
    (void)snprintf(p->why, FO_DHCPD_WHY_MAX, "%.255s:%u: no pool names failover peer \"%.126s\"",
                   p->peer.file, p->peer.line, p->name);
    return FO_EINVAL;
}

/* |p| has its words and a place for the reason. */
static int parse(struct parser *p, struct fo_dhcpd_conf *out)
{
    struct fo_dhcpd_conf conf = {0};
    int rc = read_all(p);

    if (rc == FO_OK)
        rc = give_ranges(p, &conf);
    conf.peer = p->peer;
    if (rc == FO_OK)
        *out = conf;
    else
        fo_dhcpd_conf_free(&conf);
    for (size_t i = 0; p->subnets != NULL && i < p->subnet_count; i++)
        free(p->subnets[i].ranges);
    free(p->subnets);
    free(p->ranges);
    return rc;
}

/* From |path|, or from |text|. */
static int read_from(const char *path, const char *text, size_t length, const char *name,
                     struct fo_dhcpd_conf *out, char why[FO_DHCPD_WHY_MAX])
{
    struct parser *p = calloc(1, sizeof *p); /* a statement is too large for small stacks */
    int rc;

    if (p == NULL)
        return FO_ENOMEM;
    p->name = name;
    p->why = why;
    p->may_include = text == NULL;
    p->words = fo_dhcpd_words_new();
    if (p->words == NULL)
        rc = no_memory(p);
    else if (text != NULL)
        rc = fo_dhcpd_words_push(p->words, path, text, length, why);
    else
        rc = fo_dhcpd_words_open(p->words, path, why);
    if (rc == FO_OK)
        rc = parse(p, out);
    fo_dhcpd_words_free(p->words);
    free(p);
    return rc;
}

int fo_dhcpd_conf_read(const char *path, const char *name, struct fo_dhcpd_conf *out,
                       char why[FO_DHCPD_WHY_MAX])
{
    return read_from(path, NULL, 0, name, out, why);
}

int fo_dhcpd_conf_parse(const char *file, const char *text, size_t length, const char *name,
                        struct fo_dhcpd_conf *out, char why[FO_DHCPD_WHY_MAX])
{
    return read_from(file, text, length, name, out, why);
}

void fo_dhcpd_conf_free(struct fo_dhcpd_conf *c)
{
    for (size_t i = 0; i < c->subnet_count; i++)
        free(c->subnets[i].ranges);
    free(c->subnets);
    *c = (struct fo_dhcpd_conf){0};
}
