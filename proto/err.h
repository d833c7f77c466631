/**
 * proto/err.h: everything that can fail in fo, as one list.
 *
 * A function that can fail returns 0 (FO_OK) or one of these negative codes. A "no" that the
 * protocol itself gives is an enum fo_reject (proto/types.h), never one of these.
 */
#ifndef FO_PROTO_ERR_H
#define FO_PROTO_ERR_H

#include "proto/api.h"

#ifdef __cplusplus
extern "C" {
#endif

#define FO_MUST_CHECK __attribute__((warn_unused_result))

/* X(symbol, value, sentence) */
#define FO_ERROR_LIST(X)                                                                           \
    X(FO_OK, 0, "success")                                                                         \
    X(FO_ENOMEM, -1, "out of memory")                                                              \
    X(FO_EINVAL, -2, "an argument is out of range")                                                \
    X(FO_ENOTFOUND, -3, "no such entry")                                                           \
    X(FO_EEXISTS, -4, "the entry exists already")                                                  \
    X(FO_ENOSPACE, -5, "there is no room left")                                                    \
    X(FO_ESTATE, -6, "not possible in the present state")                                          \
    X(FO_EMALFORMED, -7, "malformed bytes")                                                        \
    X(FO_ETRUNCATED, -8, "the bytes end too early")                                                \
    X(FO_EDUPLICATE, -9, "an option occurs twice")                                                 \
    X(FO_EMISSING, -10, "a mandatory option is missing")                                           \
    X(FO_EFORBIDDEN, -11, "an option is not allowed here")                                         \
    X(FO_EUNKNOWN, -12, "an unknown message type that must not be ignored")                        \
    X(FO_EDIGEST, -13, "the message digest is wrong, missing or not expected")                     \
    X(FO_EDAMAGED, -14, "a stored record is damaged")                                              \
    X(FO_EVERSION, -15, "a stored record has an unknown version")                                  \
    X(FO_EFULL, -16, "the disk or the store is full")                                              \
    X(FO_EIO, -17, "an input or output error")                                                     \
    X(FO_ELIMIT, -18, "a limit is reached")                                                        \
    X(FO_EILLEGAL, -19, "an illegal move of a binding")                                            \
    X(FO_ECLOSED, -20, "closed")

enum fo_error {
#define FO_ERROR_ENUM(symbol, value, sentence) symbol = value,
    FO_ERROR_LIST(FO_ERROR_ENUM)
#undef FO_ERROR_ENUM
};

/** fo_strerror returns the sentence of |error|; never NULL. Ownership: static text. */
FO_API const char *fo_strerror(int error);
/** fo_error_name returns the symbol of |error| ("FO_ENOMEM"); never NULL. */
FO_API const char *fo_error_name(int error);

#ifdef __cplusplus
}
#endif
#endif
