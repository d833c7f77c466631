/**
 * tests/fo/conversations.h: the recorded conversations of two dhcpd, each with the script of what
 * clients and operators did while it was recorded.
 */
#ifndef FO_TESTS_CONVERSATIONS_H
#define FO_TESTS_CONVERSATIONS_H

#include "tests/fo/replay.h"

#define CONVERSATIONS 19

extern const struct conversation conversations[CONVERSATIONS];

#endif
