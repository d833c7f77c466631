/* What a relationship holds. The rules for changing one are in relationship_check.c. */
#include "state/relationship.h"

#include <stdlib.h>
#include <string.h>

void fo_relationship_init(struct fo_relationship *r)
{
    *r = (struct fo_relationship){
        .role = FO_ROLE_PRIMARY,
        .mode = FO_MODE_LOAD_BALANCE,
        .percentage = 50,
        .mclt_s = FO_DEFAULT_MCLT_S,
        .safe_period_s = FO_SAFE_PERIOD_NEVER,
        .partner_port = FO_DEFAULT_PORT,
        .dialect = FO_DIALECT_DRAFT,
        .dialect_auto = true,
        .receive_timer_s = FO_DEFAULT_RECEIVE_TIMER_S,
    };
}

void fo_relationship_fini(struct fo_relationship *r)
{
    free(r->scopes);
    r->scopes = NULL;
    r->scope_count = 0;
}

int fo_relationship_copy(const struct fo_relationship *from, struct fo_relationship *out)
{
    fo_ipv4_t *scopes = NULL;
    if (from->scope_count > 0) {
        scopes = malloc(from->scope_count * sizeof *scopes);
        if (scopes == NULL)
            return FO_ENOMEM;
        memcpy(scopes, from->scopes, from->scope_count * sizeof *scopes);
    }
    *out = *from;
    out->scopes = scopes;
    return FO_OK;
}

fo_ipv4_t fo_relationship_local(const struct fo_relationship *r)
{
    return r->role == FO_ROLE_PRIMARY ? r->primary_server : r->secondary_server;
}

fo_ipv4_t fo_relationship_partner(const struct fo_relationship *r)
{
    return r->role == FO_ROLE_PRIMARY ? r->secondary_server : r->primary_server;
}

const char *fo_relationship_partner_name(const struct fo_relationship *r)
{
    return r->role == FO_ROLE_PRIMARY ? r->secondary_server_name : r->primary_server_name;
}

static int compare_scopes(const void *a, const void *b)
{
    fo_ipv4_t left = *(const fo_ipv4_t *)a, right = *(const fo_ipv4_t *)b;
    return (left > right) - (left < right);
}

static fo_ipv4_t *find_scope(const struct fo_relationship *r, fo_ipv4_t subnet)
{
    if (r->scope_count == 0)
        return NULL;
    return bsearch(&subnet, r->scopes, r->scope_count, sizeof subnet, compare_scopes);
}

bool fo_relationship_has_scope(const struct fo_relationship *r, fo_ipv4_t subnet)
{
    return find_scope(r, subnet) != NULL;
}

struct fo_buckets fo_relationship_buckets(const struct fo_relationship *r)
{
    if (r->has_buckets)
        return r->buckets;
    if (r->mode == FO_MODE_HOT_STANDBY)
        return fo_load_balance_split(FO_BUCKETS);
    return fo_load_balance_percent(r->percentage);
}

unsigned fo_relationship_secondary_share(const struct fo_relationship *r)
{
    unsigned percentage = r->percentage > 100 ? 100 : r->percentage;
    if (r->mode == FO_MODE_HOT_STANDBY)
        return percentage;
    if (r->has_buckets) {
        unsigned secondarys = FO_BUCKETS - fo_load_balance_count(&r->buckets);
        return (secondarys * 100 + FO_BUCKETS / 2) / FO_BUCKETS;
    }
    return 100 - percentage;
}

int fo_relationship_add_scopes(struct fo_relationship *r, const fo_ipv4_t *scopes, size_t count)
{
    if (count == 0)
        return FO_OK;
    if (count > UINT32_MAX - r->scope_count)
        return FO_ENOMEM;
    size_t total = r->scope_count + count;
    fo_ipv4_t *grown = realloc(r->scopes, total * sizeof *grown);
    if (grown == NULL)
        return FO_ENOMEM;
    memcpy(&grown[r->scope_count], scopes, count * sizeof *grown);
    qsort(grown, total, sizeof *grown, compare_scopes);
    r->scopes = grown;
    r->scope_count = (uint32_t)total;
    return FO_OK;
}

void fo_relationship_remove_scopes(struct fo_relationship *r, const fo_ipv4_t *scopes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        fo_ipv4_t *found = find_scope(r, scopes[i]);
        if (found == NULL)
            continue;
        size_t behind = (size_t)(&r->scopes[r->scope_count] - found) - 1;
        memmove(found, found + 1, behind * sizeof *found);
        r->scope_count -= 1;
    }
}

/* Reads one UTF-8 character at |*text| and steps over it; 0xffffffff when there is none: a stray
 * or missing continuation, an overlong form, a surrogate, or beyond U+10FFFF. */
static uint32_t next_character(const unsigned char **text)
{
    static const uint32_t smallest[] = {0, 0x80, 0x800, 0x10000}; /* by continuation bytes */
    const unsigned char *t = *text;
    unsigned more = t[0] < 0x80 ? 0 : t[0] < 0xe0 ? 1 : t[0] < 0xf0 ? 2 : 3;
    uint32_t character = more == 0 ? t[0] : t[0] & (0x3fu >> more);
    if (t[0] >= 0xf8 || (t[0] >= 0x80 && t[0] < 0xc0))
        return UINT32_MAX;
    for (unsigned i = 1; i <= more; i++) {
        if ((t[i] & 0xc0) != 0x80)
            return UINT32_MAX;
        character = character << 6 | (t[i] & 0x3f);
    }
    if (character < smallest[more] || character > 0x10ffff ||
        (character >= 0xd800 && character <= 0xdfff))
        return UINT32_MAX;
    *text = t + more + 1;
    return character;
}

long fo_utf16_units(const char *text)
{
    const unsigned char *t = (const unsigned char *)text;
    long units = 0;
    while (*t != '\0') {
        uint32_t character = next_character(&t);
        if (character == UINT32_MAX)
            return -1;
        units += character >= 0x10000 ? 2 : 1;
    }
    return units;
}
