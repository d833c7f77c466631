#include "mgmt/client.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "mgmt/call.h"
#include "mgmt/tls.h"

#define HEADER 4

struct fo_mgmt_client {
    int fd;
    SSL *session; /* NULL: Unix socket */
    struct fo_mgmt_tls *tls;
    uint64_t last_id;
    char trouble[200];
};

/* --- connecting
 * ------------------------------------------------------------------------------------ */

static void set_timeout(int fd, uint32_t seconds)
{
    struct timeval tv = {.tv_sec = seconds};

    (void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof tv);
    (void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &tv, sizeof tv);
}

static int code_of_connect(int system_error)
{
    return system_error == ECONNREFUSED || system_error == ENOENT ? FO_ECLOSED : FO_EIO;
}

static int open_socket(struct fo_mgmt_client *c, const struct fo_mgmt_target *target,
                       uint32_t timeout_s, char *why, size_t why_capacity)
{
    struct sockaddr_un name = {.sun_family = AF_UNIX};
    int rc;

    memcpy(name.sun_path, target->path, sizeof name.sun_path);
    c->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (c->fd >= 0) {
        set_timeout(c->fd, timeout_s);
        if (connect(c->fd, (struct sockaddr *)&name, sizeof name) == 0)
            return FO_OK;
    }
    rc = code_of_connect(errno);
    (void)snprintf(why, why_capacity, "cannot reach fod at %s: %s", target->path, strerror(errno));
    return rc;
}

static int open_tcp(struct fo_mgmt_client *c, const struct fo_mgmt_target *target,
                    uint32_t timeout_s, char *why, size_t why_capacity)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *list, *a;
    int rc = getaddrinfo(target->host, target->port, &hints, &list), one = 1;

    if (rc != 0) {
        (void)snprintf(why, why_capacity, "cannot find %s: %s", target->host, gai_strerror(rc));
        return FO_ENOTFOUND;
    }
    errno = 0;
    for (a = list; a != NULL; a = a->ai_next) {
        c->fd = socket(a->ai_family, a->ai_socktype | SOCK_CLOEXEC, a->ai_protocol);
        if (c->fd < 0)
            continue;
        set_timeout(c->fd, timeout_s);
        (void)setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        if (connect(c->fd, a->ai_addr, a->ai_addrlen) == 0)
            break;
        (void)close(c->fd);
        c->fd = -1;
    }
    freeaddrinfo(list);
    if (c->fd >= 0)
        return FO_OK;
    rc = code_of_connect(errno);
    (void)snprintf(why, why_capacity, "cannot reach fod at %s port %s: %s", target->host,
                   target->port, strerror(errno));
    return rc;
}

static int start_tls(struct fo_mgmt_client *c, const struct fo_mgmt_target *target,
                     const struct fo_tls_files *files, char *why, size_t why_capacity)
{
    char reason[160];
    int rc = fo_mgmt_tls_new(files, &c->tls, why, why_capacity);

    if (rc != FO_OK)
        return rc;
    c->session = fo_mgmt_tls_connect(c->tls, target->host);
    if (c->session == NULL)
        return FO_ENOMEM;
    if (SSL_set_fd(c->session, c->fd) == 1 && SSL_connect(c->session) == 1)
        return FO_OK;
    fo_mgmt_tls_reason(reason, sizeof reason);
    (void)snprintf(why, why_capacity, "no TLS with %s port %s: %s", target->host, target->port,
                   reason);
    return FO_EIO;
}

static int open_tls(struct fo_mgmt_client *c, const struct fo_mgmt_target *target,
                    const struct fo_tls_files *files, uint32_t timeout_s, char *why,
                    size_t why_capacity)
{
    int rc;

    if (files == NULL) {
        (void)snprintf(why, why_capacity,
                       "%s can only be reached over TLS, which needs a CA, a certificate and a key",
                       target->host);
        return FO_EINVAL;
    }
    rc = open_tcp(c, target, timeout_s, why, why_capacity);
    return rc != FO_OK ? rc : start_tls(c, target, files, why, why_capacity);
}

int fo_mgmt_connect(const struct fo_mgmt_target *target, const struct fo_tls_files *tls,
                    uint32_t timeout_s, struct fo_mgmt_client **out, char *why, size_t why_capacity)
{
    struct fo_mgmt_client *c = calloc(1, sizeof *c);
    int rc;

    if (c == NULL)
        return FO_ENOMEM;
    c->fd = -1;
    rc = target->path[0] != '\0' ? open_socket(c, target, timeout_s, why, why_capacity)
                                 : open_tls(c, target, tls, timeout_s, why, why_capacity);
    if (rc != FO_OK) {
        fo_mgmt_disconnect(c);
        return rc;
    }
    *out = c;
    return FO_OK;
}

void fo_mgmt_disconnect(struct fo_mgmt_client *c)
{
    if (c == NULL)
        return;
    SSL_free(c->session);
    fo_mgmt_tls_free(c->tls);
    if (c->fd >= 0)
        (void)close(c->fd);
    free(c);
}

const char *fo_mgmt_trouble(const struct fo_mgmt_client *c)
{
    return c->trouble;
}

/* --- bytes
 * ------------------------------------------------------------------------------------------- */

static int lost(struct fo_mgmt_client *c)
{
    if (c->session != NULL)
        fo_mgmt_tls_reason(c->trouble, sizeof c->trouble);
    else if (errno == EAGAIN || errno == EWOULDBLOCK)
        (void)snprintf(c->trouble, sizeof c->trouble, "the server does not answer");
    else
        (void)snprintf(c->trouble, sizeof c->trouble, "the connection was lost: %s",
                       errno != 0 ? strerror(errno) : "the server closed it");
    return FO_EIO;
}

static int write_all(struct fo_mgmt_client *c, const uint8_t *data, size_t length)
{
    size_t done = 0, n;
    ssize_t sent;

    while (done < length) {
        if (c->session != NULL) {
            if (SSL_write_ex(c->session, data + done, length - done, &n) != 1)
                return lost(c);
        } else {
            sent = send(c->fd, data + done, length - done, MSG_NOSIGNAL);
            if (sent < 0 && errno == EINTR)
                continue;
            if (sent < 0)
                return lost(c);
            n = (size_t)sent;
        }
        done += n;
    }
    return FO_OK;
}

static int read_all(struct fo_mgmt_client *c, uint8_t *data, size_t length)
{
    size_t done = 0, n;
    ssize_t got;

    while (done < length) {
        if (c->session != NULL) {
            if (SSL_read_ex(c->session, data + done, length - done, &n) != 1)
                return lost(c);
        } else {
            errno = 0;
            got = recv(c->fd, data + done, length - done, 0);
            if (got < 0 && errno == EINTR)
                continue;
            if (got <= 0)
                return lost(c);
            n = (size_t)got;
        }
        done += n;
    }
    return FO_OK;
}

/* --- frames
 * ------------------------------------------------------------------------------------------ */

int fo_mgmt_send(struct fo_mgmt_client *c, Mgmt__Request *request)
{
    size_t length;
    uint8_t *frame;
    uint32_t header;
    int rc;

    request->id = ++c->last_id;
    length = mgmt__request__get_packed_size(request);
    if (length > FO_FRAME_MAX) {
        (void)snprintf(c->trouble, sizeof c->trouble, "the request is larger than a frame");
        return FO_ELIMIT;
    }
    frame = malloc(HEADER + length);
    if (frame == NULL)
        return FO_ENOMEM;
    header = htonl((uint32_t)length);
    memcpy(frame, &header, HEADER);
    mgmt__request__pack(request, frame + HEADER);
    rc = write_all(c, frame, HEADER + length);
    free(frame);
    return rc;
}

int fo_mgmt_receive(struct fo_mgmt_client *c, Mgmt__Reply **out)
{
    uint32_t length;
    uint8_t *frame;
    int rc = read_all(c, (uint8_t *)&length, HEADER);

    if (rc != FO_OK)
        return rc;
    length = ntohl(length);
    if (length > FO_FRAME_MAX) {
        (void)snprintf(c->trouble, sizeof c->trouble, "the answer is larger than a frame");
        return FO_EMALFORMED;
    }
    frame = malloc((size_t)length + 1);
    if (frame == NULL)
        return FO_ENOMEM;
    rc = read_all(c, frame, length);
    if (rc == FO_OK) {
        *out = mgmt__reply__unpack(NULL, length, frame);
        if (*out == NULL) {
            (void)snprintf(c->trouble, sizeof c->trouble, "the answer is no reply");
            rc = FO_EMALFORMED;
        }
    }
    free(frame);
    return rc;
}

int fo_mgmt_call(struct fo_mgmt_client *c, Mgmt__Request *request, Mgmt__Reply **out)
{
    int rc = fo_mgmt_send(c, request);

    while (rc == FO_OK) {
        rc = fo_mgmt_receive(c, out);
        /* Id 0 is the server's last word before it closes. */
        if (rc != FO_OK || (*out)->id == request->id || (*out)->id == 0)
            return rc;
        mgmt__reply__free_unpacked(*out, NULL);
    }
    return rc;
}
