/**
 * mgmt/dhcpsapi/ask.h: one call on its way: its arguments as messages, the question, the answer.
 */
#ifndef FO_MGMT_DHCPSAPI_ASK_H
#define FO_MGMT_DHCPSAPI_ASK_H

#include <stdbool.h>

#include "mgmt/client.h"
#include "mgmt/dhcpsapi.h"

/** {0} and then fo_ask_fini. */
struct fo_ask {
    void *memory; /* of the arguments */
    bool no_memory;
    Mgmt__Reply *reply; /* borrowed by the results until the next question or fo_ask_fini */
    struct fo_mgmt_target target;
    struct fo_mgmt_client *client; /* the way there, from the first question on */
};
void fo_ask_fini(struct fo_ask *a);

/** |text| for a message; NULL, which no message can carry, becomes "". */
char *fo_ask_text(struct fo_ask *a, const WCHAR *text);
/** Where |server| is, into |target|, before anything is asked. */
DWORD fo_ask_find(struct fo_ask *a, const WCHAR *server);
/** Asks |server|, the same one each time, and waits. |message| is that of |call|. Answers the code
 * of the reply, or of the failure to get one; ERROR_SUCCESS only with the |result| that the call
 * promises. */
DWORD fo_ask(struct fo_ask *a, const WCHAR *server, Mgmt__Request__CallCase call, void *message,
             Mgmt__Reply__ResultCase result);
/** The same for a call with nothing to show, and the end of |a|. */
DWORD fo_ask_once(struct fo_ask *a, const WCHAR *server, Mgmt__Request__CallCase call,
                  void *message);

#endif
