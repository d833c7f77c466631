#include "proto/err.h"

#include <stddef.h>

struct error_row {
    int value;
    const char *name;
    const char *sentence;
};

static const struct error_row errors[] = {
#define ERROR_ROW(symbol, value, sentence) {value, #symbol, sentence},
    FO_ERROR_LIST(ERROR_ROW)
#undef ERROR_ROW
};

static const struct error_row *find(int error)
{
    for (unsigned i = 0; i < sizeof errors / sizeof errors[0]; i++) {
        if (errors[i].value == error)
            return &errors[i];
    }
    return NULL;
}

const char *fo_strerror(int error)
{
    const struct error_row *row = find(error);

    return row != NULL ? row->sentence : "an unknown error";
}

const char *fo_error_name(int error)
{
    const struct error_row *row = find(error);

    return row != NULL ? row->name : "unknown";
}
