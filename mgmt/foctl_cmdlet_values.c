/* Values as PowerShell writes them. */
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "mgmt/foctl_cmdlet.h"

int foctl_cmdlet_bool(const char *what, const char *text, bool *out)
{
    static const char *const words[] = {"$false", "false", "0", "$true", "true", "1"};

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (strcasecmp(words[i], text) == 0) {
            *out = i >= 3;
            return FO_OK;
        }
    }
    (void)foctl_fail(EXIT_USAGE,
                     "-%s '%s': expected $true or $false, in single quotes, or the shell takes the "
                     "dollar and all for a variable; true, false, 1 and 0 do as well",
                     what, text);
    return FO_EINVAL;
}

/* A bare number would be days to PowerShell, when it is text, and less than a thousandth of a second
 * when it is a number: nobody means either. */
int foctl_cmdlet_span(const char *what, const char *text, uint32_t *out_s)
{
    unsigned days = 0, hours = 0, minutes = 0, seconds = 0;
    int end = 0, n;
    const char *colon = strchr(text, ':'), *dot = strchr(text, '.');
    const char *rest = text;

    if (colon != NULL && dot != NULL && dot < colon) {
        if (sscanf(text, "%4u.%n", &days, &end) != 1 || end == 0)
            colon = NULL;
        rest = text + end;
        end = 0;
    }
    n = colon != NULL ? sscanf(rest, "%4u:%2u%n:%2u%n", &hours, &minutes, &end, &seconds, &end) : 0;
    if (n >= 2 && rest[end] == '\0' && hours < 10000 && minutes < 60 && seconds < 60) {
        *out_s = ((days * 24 + hours) * 60 + minutes) * 60 + seconds;
        return FO_OK;
    }
    (void)foctl_fail(EXIT_USAGE,
                     "-%s '%s': expected a time such as 1:00:00 (one hour), 0:30:00 or "
                     "2.00:00:00 (two days)",
                     what, text);
    return FO_EINVAL;
}

int foctl_cmdlet_moment(const char *what, const char *text, uint32_t *out_s)
{
    static const char *const forms[] = {"%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S",
                                        "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S"};

    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        struct tm tm = {.tm_isdst = -1};
        const char *end = strptime(text, forms[i], &tm);
        bool utc = end != NULL && strcmp(end, "Z") == 0;
        if (end != NULL && (*end == '\0' || utc)) {
            time_t then = utc ? timegm(&tm) : mktime(&tm), now = time(NULL);
            *out_s = then > now ? (uint32_t)(then - now) : 0;
            return FO_OK;
        }
    }
    (void)foctl_fail(EXIT_USAGE,
                     "-%s '%s': expected a moment such as 2026-12-24T18:00:00, with Z for UTC",
                     what, text);
    return FO_EINVAL;
}
