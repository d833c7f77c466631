/* Figures: collected as JSON, shown as JSON or as lines. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "bench/bench.h"

void bench_fail(const char *format, ...)
{
    va_list args;
    fputs("fobench: ", stderr);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
    exit(1);
}

/* Three digits say enough of a measurement; JSON readers should not have to round. */
static double rounded(double value)
{
    double scale = 1;
    while (value * scale < 100 && scale < 1e6)
        scale *= 10;
    return (double)(int64_t)(value * scale + 0.5) / scale;
}

static void put(json_t *out, const char *name, json_t *value)
{
    if (json_object_set_new(out, name, value) != 0)
        bench_fail("out of memory");
}

void bench_put(json_t *out, const char *name, double value)
{
    put(out, name, json_real(rounded(value)));
}

void bench_put_count(json_t *out, const char *name, uint64_t value)
{
    put(out, name, json_integer((json_int_t)value));
}

json_t *bench_put_group(json_t *out, const char *name)
{
    json_t *group = json_object();
    put(out, name, group);
    return group;
}

double bench_get(const json_t *from, const char *name)
{
    return json_number_value(json_object_get(from, name));
}

void bench_put_copy(json_t *out, const json_t *from, const char *name)
{
    put(out, name, json_deep_copy(json_object_get(from, name)));
}

void bench_put_ratio(json_t *out, const char *name, double value, double limit)
{
    if (limit > 0)
        bench_put(out, name, value / limit);
}

void bench_put_floor(json_t *out, const char *name, double value, double floor, bool at_most)
{
    json_t *group = bench_put_group(out, name);
    bench_put(group, "measured", value);
    bench_put(group, at_most ? "at_most" : "at_least", floor);
    put(group, "holds", json_boolean(at_most ? value <= floor : value >= floor));
}

static void print_value(const json_t *value)
{
    if (json_is_integer(value))
        printf("%" JSON_INTEGER_FORMAT "\n", json_integer_value(value));
    else if (json_is_real(value))
        printf(json_real_value(value) < 100 ? "%.3g\n" : "%.0f\n", json_real_value(value));
    else if (json_is_boolean(value))
        printf("%s\n", json_is_true(value) ? "yes" : "NO");
    else
        printf("%s\n", json_is_string(value) ? json_string_value(value) : "-");
}

static void print_lines(const json_t *object, int depth)
{
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)object, name, value)
    {
        printf("%*s%-*s", depth * 2, "", 44 - depth * 2, name);
        if (json_is_object(value)) {
            putchar('\n');
            print_lines(value, depth + 1);
        } else {
            print_value(value);
        }
    }
}

void bench_print(const json_t *figures, bool as_json)
{
    if (as_json) {
        json_dumpf(figures, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(6));
        putchar('\n');
    } else {
        print_lines(figures, 0);
    }
}
