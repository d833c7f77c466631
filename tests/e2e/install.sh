#!/bin/bash
# A host in C or C++ finds the installed library, shared and static, through pkg-config and through
# CMake, and sees what the public headers promise and nothing else.
set -uo pipefail
build=${FO_BUILD:?the build directory to install from}
source_dir=$(cd "$(dirname "$0")/../.." && pwd)
top=$(mktemp -d)
trap 'rm -rf "$top"' EXIT
prefix=$top/prefix
failures=0

check() { # SENTENCE COMMAND…
    local sentence=$1
    shift
    if "$@" >"$top/log" 2>&1; then
        echo "ok   $sentence"
    else
        echo "FAIL $sentence"
        sed 's/^/     /' "$top/log"
        failures=$((failures + 1))
    fi
}

check "the build installs" cmake --install "$build" --prefix "$prefix"
pc=$(dirname "$(find "$prefix" -name fo.pc)")
lib=$(dirname "$pc")
export PKG_CONFIG_PATH=$pc
# A library built for a sanitizer needs programs built for it.
sanitize=$(sed -n 's/^FO_SANITIZE:[A-Z]*=\(..*\)/-fsanitize=\1/p' "$build/CMakeCache.txt")

cat >"$top/host.c" <<'END'
#include <stdio.h>
#include "fo/fo.h"
int main(void)
{
    struct fo_options options = {0};
    struct fo *f = NULL;
    char why[200] = "";
    options.listen_address = "not an address";
    int rc = fo_open(&options, &f, why, sizeof why);
    printf("%s\n", fo_strerror(rc));
    return rc == FO_OK;
}
END
sed 's/{0}/{}/' "$top/host.c" >"$top/host.cc"
cat >"$top/CMakeLists.txt" <<'END'
cmake_minimum_required(VERSION 3.25)
project(host C)
find_package(fo 0.1 REQUIRED COMPONENTS static)
add_executable(host_shared host.c)
target_link_libraries(host_shared fo::fo)
add_executable(host_static host.c)
target_link_libraries(host_static fo::fo_static)
END

pkg() { pkg-config "$@" fo; }
compile() { # OUTPUT SOURCE LIBRARIES…
    local output=$1 source=$2
    shift 2
    # shellcheck disable=SC2046,SC2086 # flags are words
    "${CC:-cc}" -Wall -Wextra -Werror -pedantic $sanitize -o "$top/$output" "$top/$source" \
        $(pkg --cflags) "$@"
}
compile_cxx() {
    # shellcheck disable=SC2046 # flags are words
    c++ -Wall -Wextra -Werror -pedantic -c -o "$top/host.o" "$top/host.cc" $(pkg --cflags)
}
with_shared() { LD_LIBRARY_PATH=$lib "$@"; }
needs_no_libfo() { ! ldd "$top/$1" | grep 'libfo\.so' >/dev/null; }

# shellcheck disable=SC2046 # flags are words
{
    check "a C host links with the shared library" compile shared host.c $(pkg --libs)
    check "and runs" with_shared "$top/shared"
    check "a C host links with the static library" compile static host.c "$lib/libfo.a" \
        $(pkg --libs --static | sed 's/-lfo / /')
    check "and needs no libfo" needs_no_libfo static
    check "and runs" "$top/static"
}
if command -v c++ >/dev/null; then
    check "a C++ host can read the header" compile_cxx
    check "and asks for the same names" \
        [ "$(nm -u "$top/host.o" | grep -ow 'fo_[a-z_]*' | tr '\n' ' ')" = "fo_open fo_strerror " ]
else
    echo "     no C++ compiler here: header not read as C++"
fi
check "CMake finds the package" cmake -S "$top" -B "$top/build" -DCMAKE_PREFIX_PATH="$prefix" \
    -DCMAKE_C_FLAGS="$sanitize"
check "and builds with both libraries" cmake --build "$top/build"
check "and the shared one runs" "$top/build/host_shared"
check "and the static one runs" "$top/build/host_static"

# Every function declared FO_API, and only those.
(cd "$source_dir" && sed -n 's/^FO_API [^(]*[ *]\(fo_[a-z0-9_]*\)(.*/\1/p' \
    fo/fo.h proto/err.h proto/types.h) | sort >"$top/promised"
nm -D --defined-only "$lib/libfo.so" | awk '{print $3}' | grep -v '^__\(odr_\)\?asan' | sort \
    >"$top/shown"
check "the library shows what the headers promise, all of it and nothing else" \
    diff "$top/promised" "$top/shown"

# Microsoft's calls, as a program for Windows would be built.
cat >"$top/dhcp.c" <<'END'
#include <dhcpsapi.h>
int main(void)
{
    WCHAR server[] = u"/nowhere/fod.sock";
    DWORD major, minor;
    return DhcpGetVersion(server, &major, &minor) != EPT_S_NOT_REGISTERED;
}
END
pkg() { pkg-config "$@" fodhcpsapi; }
# shellcheck disable=SC2046 # flags are words
{
    check "a program links with libfodhcpsapi" compile dhcp dhcp.c $(pkg --libs)
    check "and runs" with_shared "$top/dhcp"
    check "and with the static one" compile dhcp_static dhcp.c "$lib/libfodhcpsapi.a" \
        $(pkg --libs --static | sed 's/-lfodhcpsapi //')
    check "and runs" "$top/dhcp_static"
}
sed -n 's/^FO_API [^(]*[ *]\(Dhcp[A-Za-z0-9]*\)(.*/\1/p' "$source_dir/mgmt/dhcpsapi.h" \
    "$source_dir"/mgmt/dhcpsapi/*_calls.h |
    sort >"$top/promised"
nm -D --defined-only "$lib/libfodhcpsapi.so" | awk '{print $3}' | sort >"$top/shown"
check "libfodhcpsapi shows the calls of its header and nothing else" \
    diff "$top/promised" "$top/shown"

installed() { [ -e "$prefix/$1" ]; }
for file in sbin/fod bin/foctl bin/fobench bin/fodump lib/systemd/system/fod.service \
    share/doc/fo/examples/fod.conf share/bash-completion/completions/foctl \
    share/zsh/site-functions/_foctl; do
    check "$file is installed" installed "$file"
done

echo "$failures failed"
[ "$failures" -eq 0 ]
