#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "mgmt/foctl.h"

static int bad(const char *what, const char *text, const char *wanted)
{
    (void)foctl_fail(EXIT_USAGE, "%s '%s': expected %s", what, text, wanted);
    return FO_EINVAL;
}

int foctl_address(const char *what, const char *text, fo_ipv4_t *out)
{
    if (fo_ipv4_parse(text, out) != FO_OK)
        return bad(what, text, "an IPv4 address such as 192.0.2.1");
    return FO_OK;
}

int foctl_range(const char *what, const char *text, fo_ipv4_t *out_first, fo_ipv4_t *out_last)
{
    char first[FO_IPV4_TEXT];
    const char *dash = strchr(text, '-');
    size_t length = dash != NULL ? (size_t)(dash - text) : strlen(text);

    if (length < sizeof first) {
        memcpy(first, text, length);
        first[length] = '\0';
        if (fo_ipv4_parse(first, out_first) == FO_OK &&
            fo_ipv4_parse(dash != NULL ? dash + 1 : first, out_last) == FO_OK)
            return FO_OK;
    }
    return bad(what, text, "a range such as 192.0.2.10-192.0.2.99");
}

int foctl_subnet(const char *text, fo_ipv4_t *out_subnet, fo_ipv4_t *out_mask)
{
    char address[FO_IPV4_TEXT];
    const char *slash = strchr(text, '/');
    size_t length = slash != NULL ? (size_t)(slash - text) : 0;
    uint32_t bits;

    if (slash != NULL && length < sizeof address) {
        memcpy(address, text, length);
        address[length] = '\0';
        if (fo_ipv4_parse(address, out_subnet) == FO_OK &&
            foctl_number("prefix length", slash + 1, 32, &bits) == FO_OK) {
            *out_mask = bits == 0 ? 0 : UINT32_MAX << (32 - bits);
            return FO_OK;
        }
    }
    return bad("scope", text, "a subnet such as 192.0.2.0/24");
}

static int read_number(const char *text, uint64_t *out, const char **out_end)
{
    char *end;

    if (!isdigit((unsigned char)text[0]))
        return FO_EINVAL;
    errno = 0;
    *out = strtoull(text, &end, 10);
    *out_end = end;
    return errno == 0 ? FO_OK : FO_EINVAL;
}

int foctl_number(const char *what, const char *text, uint32_t most, uint32_t *out)
{
    const char *end;
    uint64_t n;
    char wanted[48];

    if (read_number(text, &n, &end) == FO_OK && *end == '\0' && n <= most) {
        *out = (uint32_t)n;
        return FO_OK;
    }
    (void)snprintf(wanted, sizeof wanted, "a number from 0 to %u", most);
    return bad(what, text, wanted);
}

int foctl_seconds(const char *what, const char *text, uint32_t *out)
{
    static const struct {
        const char *unit;
        uint32_t seconds;
    } units[] = {{"", 1}, {"s", 1}, {"m", 60}, {"h", 3600}, {"d", 86400}};
    const char *end;
    uint64_t n;

    if (read_number(text, &n, &end) == FO_OK && n <= UINT32_MAX) {
        for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
            if (strcmp(end, units[i].unit) == 0 && n * units[i].seconds <= UINT32_MAX) {
                *out = (uint32_t)(n * units[i].seconds);
                return FO_OK;
            }
        }
    }
    return bad(what, text, "seconds, or a number with s, m, h or d");
}

int foctl_hex(const char *what, const char *text, uint8_t *out, size_t *out_length)
{
    size_t length = 0;
    const char *p = text;

    while (*p != '\0') {
        char pair[3] = {0};
        if (*p == ':' && length != 0)
            p++;
        if (!isxdigit((unsigned char)p[0]) || !isxdigit((unsigned char)p[1]) ||
            length == *out_length)
            return bad(what, text, "bytes in hexadecimal, such as 00:0c:29:4f:8e:35");
        memcpy(pair, p, 2);
        out[length++] = (uint8_t)strtoul(pair, NULL, 16);
        p += 2;
    }
    if (length == 0)
        return bad(what, text, "at least one byte in hexadecimal");
    *out_length = length;
    return FO_OK;
}

int foctl_choice(const char *what, const char *text, const char *const *words, uint32_t *out)
{
    char wanted[160] = "";
    size_t used = 0;

    for (uint32_t i = 0; words[i] != NULL; i++) {
        if (strcmp(words[i], text) == 0) {
            *out = i;
            return FO_OK;
        }
        used += (size_t)snprintf(wanted + used, sizeof wanted - used, "%s%s",
                                 i == 0                 ? ""
                                 : words[i + 1] == NULL ? " or "
                                                        : ", ",
                                 words[i]);
        if (used >= sizeof wanted)
            used = sizeof wanted - 1;
    }
    return bad(what, text, wanted);
}

const char *foctl_time_text(uint32_t utc, char out[FOCTL_TIME_TEXT])
{
    time_t when = utc;
    struct tm tm;

    if (utc == FO_UTC_NONE) {
        (void)snprintf(out, FOCTL_TIME_TEXT, "-");
    } else if (utc == FO_UTC_INFINITE || utc == FO_UTC_ALL_ONES) {
        (void)snprintf(out, FOCTL_TIME_TEXT, "never");
    } else if (gmtime_r(&when, &tm) == NULL ||
               strftime(out, FOCTL_TIME_TEXT, "%Y-%m-%dT%H:%M:%SZ", &tm) == 0) {
        (void)snprintf(out, FOCTL_TIME_TEXT, "%u", utc);
    }
    return out;
}

const char *foctl_hex_text(const uint8_t *data, size_t length, char *out, size_t capacity)
{
    size_t used = 0;

    out[0] = '\0';
    for (size_t i = 0; i < length && used + 4 < capacity; i++)
        used += (size_t)snprintf(out + used, capacity - used, i == 0 ? "%02x" : ":%02x", data[i]);
    return out;
}
