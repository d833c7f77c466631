#include "proto/message_rules.h"

#define B(code) FO_OPT_BIT(FO_OPT_##code)

/* §12.28, §12.29: these two may stand in any message; the digest is added when a secret is
 * configured (§11.1), so it is only heard. */
#define VENDOR   (B(VENDOR_CLASS_IDENTIFIER) | B(VENDOR_SPECIFIC_OPTIONS))
#define ANYWHERE (VENDOR | B(MESSAGE_DIGEST))

#define LIMITS (B(MAX_UNACKED_BNDUPD) | B(RECEIVE_TIMER) | B(VENDOR_CLASS_IDENTIFIER))
#define HELLO  (B(RELATIONSHIP_NAME) | LIMITS | B(PROTOCOL_VERSION))
#define STATE  (B(SERVER_STATE) | B(SERVER_FLAGS) | B(START_TIME_OF_STATE))
#define REASON (B(REJECT_REASON) | B(MESSAGE))
#define CLIENT (B(CLIENT_IDENTIFIER) | B(CLIENT_HARDWARE_ADDRESS))
#define TIMES  (B(LEASE_EXPIRATION_TIME) | B(POTENTIAL_EXPIRATION_TIME))
#define WIRE   (B(CLIENT_REQUEST_OPTIONS) | B(CLIENT_REPLY_OPTIONS))

#define BINDING                                                                                    \
    (B(ASSIGNED_IP_ADDRESS) | B(BINDING_STATUS) | CLIENT | B(CLIENT_LAST_TRANSACTION_TIME) |       \
     WIRE | B(DDNS) | B(IP_FLAGS) | TIMES | B(START_TIME_OF_STATE))
#define VERDICT (B(ASSIGNED_IP_ADDRESS) | REASON)

/* {must, may, heard outside groups, heard inside}. A TLS-request stands in every CONNECT but the
 * one inside TLS, a TLS-reply in answer to one (§7.8, §7.9): the sender knows which it is. */
static const struct fo_message_rule rules[] = {
    [FO_MSG_POOLREQ] = {0, VENDOR, ANYWHERE, 0},
    [FO_MSG_POOLRESP] = {B(ADDRESSES_TRANSFERRED), VENDOR, B(ADDRESSES_TRANSFERRED) | ANYWHERE, 0},
    [FO_MSG_BNDUPD] = {0, VENDOR, ANYWHERE, BINDING},
    [FO_MSG_BNDACK] = {0, VENDOR, B(MESSAGE) | ANYWHERE, VERDICT},
    [FO_MSG_CONNECT] = {HELLO | B(MCLT) | B(HASH_BUCKET_ASSIGNMENT),
                        B(TLS_REQUEST) | B(DELAYED_SERVICE_PARAMETER) | VENDOR,
                        HELLO | B(MCLT) | B(HASH_BUCKET_ASSIGNMENT) | B(TLS_REQUEST) |
                            B(DELAYED_SERVICE_PARAMETER) | ANYWHERE,
                        0},
    [FO_MSG_CONNECTACK] = {HELLO, B(TLS_REPLY) | VENDOR, HELLO | B(TLS_REPLY) | REASON | ANYWHERE,
                           0},
    [FO_MSG_UPDREQALL] = {0, VENDOR, ANYWHERE, 0},
    [FO_MSG_UPDDONE] = {0, VENDOR, ANYWHERE, 0},
    [FO_MSG_UPDREQ] = {0, VENDOR, ANYWHERE, 0},
    [FO_MSG_STATE] = {STATE, VENDOR, STATE | ANYWHERE, 0},
    [FO_MSG_CONTACT] = {0, VENDOR, ANYWHERE, 0},
    [FO_MSG_DISCONNECT] = {B(REJECT_REASON), B(MESSAGE) | VENDOR, REASON | ANYWHERE, 0},
};

/* Table 7.9-1, the column of a CONNECTACK that rejects. */
static const struct fo_message_rule rejecting_connectack = {
    B(RELATIONSHIP_NAME) | B(PROTOCOL_VERSION) | B(REJECT_REASON), B(MESSAGE) | B(TLS_REPLY),
    HELLO | B(TLS_REPLY) | REASON | ANYWHERE, 0};

const struct fo_message_rule *fo_message_rule_get(uint8_t type, bool rejects)
{
    if (type == FO_MSG_CONNECTACK && rejects)
        return &rejecting_connectack;
    return type >= FO_MSG_POOLREQ && type <= FO_MSG_DISCONNECT ? &rules[type] : NULL;
}

#define ALWAYS   (B(ASSIGNED_IP_ADDRESS) | B(BINDING_STATUS))
#define OPTIONAL (B(IP_FLAGS) | B(START_TIME_OF_STATE) | B(DDNS))
#define CLTT     B(CLIENT_LAST_TRANSACTION_TIME)
#define HARDWARE B(CLIENT_HARDWARE_ADDRESS)
#define ID       B(CLIENT_IDENTIFIER)

/* Table 7.1-1 with Table 7.1.1-1. We keep to its SHOULD NOTs as well: a request option outside
 * ACTIVE and RELEASED, a reply option outside ACTIVE. */
static const struct fo_group_rule groups[FO_STATUS_COUNT] = {
    [FO_STATUS_FREE] = {ALWAYS, OPTIONAL | ID | HARDWARE | CLTT},
    [FO_STATUS_ACTIVE] = {ALWAYS | HARDWARE | TIMES | CLTT, OPTIONAL | ID | WIRE},
    [FO_STATUS_EXPIRED] = {ALWAYS | HARDWARE, OPTIONAL | ID | CLTT},
    [FO_STATUS_RELEASED] = {ALWAYS | HARDWARE | CLTT, OPTIONAL | ID | B(CLIENT_REQUEST_OPTIONS)},
    [FO_STATUS_ABANDONED] = {ALWAYS, OPTIONAL | CLTT},
    [FO_STATUS_RESET] = {ALWAYS, OPTIONAL | ID | HARDWARE | CLTT},
    [FO_STATUS_BACKUP] = {ALWAYS, OPTIONAL | ID | HARDWARE | CLTT},
};

struct fo_group_rule fo_group_rule_get(uint8_t status, const struct fo_dialect *dialect)
{
    struct fo_group_rule rule = {0, 0};

    if (status == FO_STATUS_NONE || status >= FO_STATUS_COUNT)
        return rule;
    rule = groups[status];
    if (dialect->times_in_every_bndupd) {
        /* dhcpd itself sends no time of last contact for an address that never had any. */
        rule.may |= rule.must & CLTT;
        rule.must = (rule.must & ~CLTT) | TIMES | B(START_TIME_OF_STATE);
        rule.may &= ~rule.must;
    }
    if (!dialect->may_send_ddns)
        rule.may &= ~B(DDNS);
    return rule;
}

uint32_t fo_message_missing(const struct fo_message *m)
{
    const struct fo_message_rule *rule =
        fo_message_rule_get(m->type, (m->present & B(REJECT_REASON)) != 0);

    if (rule == NULL)
        return 0;
    if (rule->heard_in_group != 0 && m->group_count == 0)
        return B(ASSIGNED_IP_ADDRESS);
    return rule->must & ~m->present;
}

/* On receipt less is required than Table 7.1-1 asks of the sender (Draft gap: it contradicts
 * Tables 7.1.1-1 and 7.2-1 about client information and its time). */
static const uint32_t needed[FO_STATUS_COUNT] = {
    [FO_STATUS_ACTIVE] = HARDWARE | TIMES,
    [FO_STATUS_EXPIRED] = HARDWARE,
    [FO_STATUS_RELEASED] = HARDWARE,
};

uint32_t fo_group_missing(const struct fo_group *group)
{
    uint32_t need = ALWAYS;

    if ((group->present & B(BINDING_STATUS)) && group->status < FO_STATUS_COUNT)
        need |= needed[group->status];
    return need & ~group->present;
}

static int check_sets(uint32_t present, uint32_t must, uint32_t may)
{
    if (must & ~present)
        return FO_EMISSING;
    return present & ~(must | may) ? FO_EFORBIDDEN : FO_OK;
}

/* §12.4, §12.5: an identifier is not empty; a hardware address opens with its type, never 0. */
static bool client_is_legal(const struct fo_group *g)
{
    if ((g->present & ID) && g->client_identifier.length == 0)
        return false;
    return !(g->present & HARDWARE) ||
           (g->hardware_address.length > 0 && g->hardware_address.length <= 1 + FO_CHADDR_MAX &&
            g->hardware_address.data[0] != 0);
}

/* §7.1.1, §9.8.3: potential-expiration-time lies not before the lease expiration. Where the times
 * stand in every update (dhcpd) they are what the sender happens to know, also of leases that its
 * partner granted. */
static bool times_are_legal(const struct fo_group *g, const struct fo_dialect *dialect)
{
    return g->status != FO_STATUS_ACTIVE || dialect->times_in_every_bndupd ||
           g->potential_expiration_time.s >= g->lease_expiration_time.s;
}

static int check_binding(const struct fo_group *g, const struct fo_dialect *dialect)
{
    struct fo_group_rule rule = fo_group_rule_get(g->status, dialect);
    int rc;

    if (!(g->present & B(BINDING_STATUS)))
        return FO_EMISSING;
    rc = check_sets(g->present, rule.must, rule.may);
    if (rc != FO_OK)
        return rc;
    return client_is_legal(g) && times_are_legal(g, dialect) ? FO_OK : FO_EFORBIDDEN;
}

/* §7.2: an accepting verdict is the address alone, a rejecting one adds reason and text. */
static int check_verdict(const struct fo_group *g)
{
    bool rejects = (g->present & B(REJECT_REASON)) != 0;

    return check_sets(g->present, B(ASSIGNED_IP_ADDRESS), rejects ? REASON : 0);
}

/* A BNDACK is as long as the BNDUPD it answers: who sends a batch can read its answer (§6.3). */
static int check_groups(const struct fo_message *m, const struct fo_dialect *dialect)
{
    bool may_batch = dialect->may_batch || m->type == FO_MSG_BNDACK;

    if (m->group_count > FO_GROUPS_MAX || (m->group_count > 1 && !may_batch))
        return FO_EFORBIDDEN;
    for (unsigned i = 0; i < m->group_count; i++) {
        const struct fo_group *g = &m->groups[i];
        int rc = m->type == FO_MSG_BNDUPD ? check_binding(g, dialect) : check_verdict(g);

        if (rc != FO_OK)
            return rc;
    }
    return FO_OK;
}

/* Values that no partner can make sense of; dhcpd parks itself or exits on some of them. */
static bool values_are_legal(const struct fo_message *m)
{
    enum fo_state state = fo_state_from_wire(m->server_state);

    if ((m->present & B(SERVER_STATE)) && (state == FO_STATE_NONE || state == FO_STATE_STARTUP))
        return false;
    if ((m->present & B(HASH_BUCKET_ASSIGNMENT)) &&
        m->hash_bucket_assignment.length != FO_HBA_LENGTH)
        return false;
    /* §12.29: vendor options mean nothing without the vendor's name. */
    return (m->present & VENDOR) != B(VENDOR_SPECIFIC_OPTIONS);
}

int fo_message_check(const struct fo_message *m, const struct fo_dialect *dialect)
{
    const struct fo_message_rule *rule =
        fo_message_rule_get(m->type, (m->present & B(REJECT_REASON)) != 0);
    uint32_t may;
    int rc;

    if (rule == NULL)
        return FO_EFORBIDDEN;
    if (fo_message_missing(m) != 0)
        return FO_EMISSING;
    may = rule->may;
    if (rule == &rejecting_connectack && dialect->limits_in_rejection)
        may |= LIMITS;
    rc = check_sets(m->present & ~B(MESSAGE_DIGEST), rule->must, may);
    if (rc != FO_OK)
        return rc;
    if (!values_are_legal(m))
        return FO_EFORBIDDEN;
    if (rule->heard_in_group == 0)
        return m->group_count == 0 ? FO_OK : FO_EFORBIDDEN;
    return check_groups(m, dialect);
}
