/* Ends a change over two servers by hand, when the server that decides is lost for good. */
#include <string.h>

#include "mgmt/foctl.h"

static const Mgmt__Doubt *find_doubt(const Mgmt__Server *m, const char *name)
{
    for (size_t i = 0; i < m->n_doubts; i++) {
        if (strcmp(m->doubts[i]->relationship, name) == 0)
            return m->doubts[i];
    }
    return NULL;
}

static int settle(struct foctl *t, const Mgmt__Doubt *doubt, bool commit)
{
    Mgmt__ChangeId id = MGMT__CHANGE_ID__INIT;
    Mgmt__Request q = MGMT__REQUEST__INIT;

    id.id = doubt->id;
    q.call_case = commit ? MGMT__REQUEST__CALL_CHANGE_COMMIT : MGMT__REQUEST__CALL_CHANGE_ABORT;
    q.change_commit = &id;
    return foctl_do(t, &q);
}

int foctl_relationship_settle(struct foctl *t)
{
    bool commit = foctl_has(&t->args, "commit");
    Mgmt__Nothing nothing = MGMT__NOTHING__INIT;
    Mgmt__Request q = MGMT__REQUEST__INIT;
    const Mgmt__Doubt *doubt;
    Mgmt__Reply *server;
    int rc;

    if (commit == foctl_has(&t->args, "abort"))
        return foctl_fail(EXIT_USAGE, "give --commit or --abort: what the other server has done");
    q.call_case = MGMT__REQUEST__CALL_SERVER_GET;
    q.server_get = &nothing;
    rc = foctl_ask(t, &q, &server);
    if (rc != EXIT_DONE)
        return rc;
    doubt = find_doubt(server->server, t->args.words[0]);
    rc = doubt != NULL ? settle(t, doubt, commit)
                       : foctl_fail_code(EXIT_REFUSED, ERROR_FILE_NOT_FOUND,
                                         "no change of '%s' is in doubt", t->args.words[0]);
    mgmt__reply__free_unpacked(server, NULL);
    return rc;
}
