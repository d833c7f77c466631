/** proto/api.h: what libfo shows to others; everything else is hidden. */
#ifndef FO_PROTO_API_H
#define FO_PROTO_API_H
#define FO_API __attribute__((visibility("default")))
#endif
