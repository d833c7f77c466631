#include "mgmt/target.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int refuse(const char *text, const char *reason, char *why, size_t why_capacity)
{
    (void)snprintf(why, why_capacity, "'%.80s' is not a management address: %s", text, reason);
    return FO_EINVAL;
}

static int take_port(const char *port, struct fo_mgmt_target *out)
{
    size_t length = strlen(port);

    if (length == 0 || length >= sizeof out->port || strspn(port, "0123456789") != length ||
        strtoul(port, NULL, 10) == 0 || strtoul(port, NULL, 10) > UINT16_MAX)
        return FO_EINVAL;
    memcpy(out->port, port, length + 1);
    return FO_OK;
}

static int take_host(const char *host, size_t length, struct fo_mgmt_target *out)
{
    if (length == 0 || length >= sizeof out->host)
        return FO_EINVAL;
    memcpy(out->host, host, length);
    out->host[length] = '\0';
    return FO_OK;
}

int fo_mgmt_target_parse(const char *text, struct fo_mgmt_target *out, char *why,
                         size_t why_capacity)
{
    struct fo_mgmt_target t = {0};
    const char *colon = strrchr(text, ':'), *end = strrchr(text, ']');

    if (strchr(text, '/') != NULL) {
        if (strlen(text) >= sizeof t.path)
            return refuse(text, "the path of a socket has at most 107 bytes", why, why_capacity);
        memcpy(t.path, text, strlen(text) + 1);
        *out = t;
        return FO_OK;
    }
    (void)snprintf(t.port, sizeof t.port, "%d", FO_MGMT_PORT);
    if (end != NULL && colon != NULL && colon < end)
        colon = NULL;
    if (colon != NULL && take_port(colon + 1, &t) != FO_OK)
        return refuse(text, "a port is between 1 and 65535", why, why_capacity);
    if (colon == NULL)
        colon = text + strlen(text);
    if (text[0] == '[') {
        if (end == NULL || end + 1 != colon ||
            take_host(text + 1, (size_t)(end - text - 1), &t) != FO_OK)
            return refuse(text, "the brackets do not match", why, why_capacity);
    } else if (take_host(text, (size_t)(colon - text), &t) != FO_OK) {
        return refuse(text, "there is no host of at most 255 bytes", why, why_capacity);
    }
    *out = t;
    return FO_OK;
}
