/* Connections that the service itself makes, on the loop. */
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <event2/bufferevent_ssl.h>
#include <event2/dns.h>

#include "mgmt/connection.h"

#define TIMEOUT_S 5
#define OPTIONS   (BEV_OPT_CLOSE_ON_FREE | BEV_OPT_DEFER_CALLBACKS)

/* A resolver of the loop's own, so that a slow name server holds nobody up. */
static struct evdns_base *resolver(struct fo_mgmt *m, const char *host)
{
    struct in_addr address;

    if (inet_pton(AF_INET, host, &address) == 1)
        return NULL;
    if (m->names == NULL)
        m->names = evdns_base_new(fo_run_base(m->run), EVDNS_BASE_INITIALIZE_NAMESERVERS |
                                                           EVDNS_BASE_DISABLE_WHEN_INACTIVE);
    return m->names;
}

static void watch(struct bufferevent *stream, bufferevent_data_cb on_read,
                  bufferevent_event_cb on_event, void *context)
{
    const struct timeval timeout = {.tv_sec = TIMEOUT_S};

    bufferevent_setcb(stream, on_read, NULL, on_event, context);
    (void)bufferevent_set_timeouts(stream, &timeout, &timeout);
    (void)bufferevent_enable(stream, EV_READ | EV_WRITE);
}

static int connect_socket(struct bufferevent *stream, const struct fo_mgmt_target *target)
{
    struct sockaddr_un name = {.sun_family = AF_UNIX};

    memcpy(name.sun_path, target->path, sizeof name.sun_path);
    return bufferevent_socket_connect(stream, (struct sockaddr *)&name, sizeof name);
}

static struct bufferevent *tls_stream(struct fo_mgmt *m, const char *host)
{
    SSL *session = fo_mgmt_tls_connect(m->tls, host);
    struct bufferevent *stream;

    if (session == NULL)
        return NULL;
    stream = bufferevent_openssl_socket_new(fo_run_base(m->run), -1, session,
                                            BUFFEREVENT_SSL_CONNECTING, OPTIONS);
    if (stream == NULL)
        SSL_free(session);
    return stream;
}

int fo_mgmt_dial(struct fo_mgmt *m, const struct fo_mgmt_target *target,
                 bufferevent_data_cb on_read, bufferevent_event_cb on_event, void *context,
                 struct bufferevent **out)
{
    bool local = target->path[0] != '\0';
    struct bufferevent *stream;
    int rc;

    if (!local && m->tls == NULL)
        return FO_EINVAL;
    stream = local ? bufferevent_socket_new(fo_run_base(m->run), -1, OPTIONS)
                   : tls_stream(m, target->host);
    if (stream == NULL)
        return FO_ENOMEM;
    watch(stream, on_read, on_event, context);
    rc = local ? connect_socket(stream, target)
               : bufferevent_socket_connect_hostname(stream, resolver(m, target->host), AF_INET,
                                                     target->host,
                                                     (int)strtoul(target->port, NULL, 10));
    if (rc != 0) {
        bufferevent_free(stream);
        return FO_EIO;
    }
    *out = stream;
    return FO_OK;
}

int fo_mgmt_dial_port(struct fo_mgmt *m, fo_ipv4_t address, uint16_t port,
                      bufferevent_event_cb on_event, void *context, struct bufferevent **out)
{
    struct sockaddr_in name = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(address)};
    struct bufferevent *stream = bufferevent_socket_new(fo_run_base(m->run), -1, OPTIONS);

    if (stream == NULL)
        return FO_ENOMEM;
    watch(stream, NULL, on_event, context);
    if (bufferevent_socket_connect(stream, (struct sockaddr *)&name, sizeof name) != 0) {
        bufferevent_free(stream);
        return FO_EIO;
    }
    *out = stream;
    return FO_OK;
}
