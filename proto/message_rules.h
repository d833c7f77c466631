/**
 * proto/message_rules.h: which option must, may or must not stand in which message.
 *
 * Two views of one matter: what a sender has to keep to (strict), and what a receiver looks at
 * (generous). A set of options is a uint32_t of FO_OPT_BIT()s.
 *
 * Source: draft-12 Tables 7.1-1, 7.2-1, 7.8-1, 7.9-1, 7.10-1, 7.12-1; §7.6, §7.7.
 */
#ifndef FO_PROTO_MESSAGE_RULES_H
#define FO_PROTO_MESSAGE_RULES_H

#include "proto/message.h"

/** Outside groups. What is neither in |must| nor in |may| must not be sent. */
struct fo_message_rule {
    uint32_t must;
    uint32_t may;
    uint32_t heard;          /* on receipt; anything else is skipped unread */
    uint32_t heard_in_group; /* the same inside a group; 0: the message has no groups */
};

/** The row of message |type|; |rejects|: it carries a reject-reason. NULL for unknown types. */
const struct fo_message_rule *fo_message_rule_get(uint8_t type, bool rejects);

/** What must and what may be sent in one binding update transaction. */
struct fo_group_rule {
    uint32_t must;
    uint32_t may;
};

/** The rule for |status| towards a partner of |dialect|; nothing may be sent of a status that
 *  does not exist. A sender masks what it knows of a binding with must | may. */
struct fo_group_rule fo_group_rule_get(uint8_t status, const struct fo_dialect *dialect);

/**
 * fo_message_check asks whether |m| may be sent as it is to a partner of |dialect|.
 *
 * Errors: FO_EMISSING, FO_EFORBIDDEN (an option, a value or a batch that must not be sent).
 */
FO_MUST_CHECK int fo_message_check(const struct fo_message *m, const struct fo_dialect *dialect);

#endif
