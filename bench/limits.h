/** bench/limits.h: the parts of bench_limits(). */
#ifndef FO_BENCH_LIMITS_H
#define FO_BENCH_LIMITS_H

/** Megabytes (10^6) per second through TLS 1.3 over 127.0.0.1, one connection, sender and receiver
 *  a thread each. */
double limits_tls_mb_per_second(double seconds);

#endif
