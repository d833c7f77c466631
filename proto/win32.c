#include "proto/win32.h"

#include <stddef.h>

struct win32_row {
    uint32_t number;
    const char *symbol;
    const char *sentence;
};

static const struct win32_row rows[] = {
#define WIN32_ROW(symbol, number, sentence) {number, #symbol, sentence},
    FO_WIN32_LIST(WIN32_ROW)
#undef WIN32_ROW
};

static const struct win32_row *find(uint32_t code)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].number == code)
            return &rows[i];
    }
    return NULL;
}

const char *fo_win32_name(uint32_t code)
{
    const struct win32_row *row = find(code);

    return row != NULL ? row->symbol : "unknown";
}

const char *fo_win32_sentence(uint32_t code)
{
    const struct win32_row *row = find(code);

    return row != NULL ? row->sentence : "The server gave a code without a known meaning.";
}
