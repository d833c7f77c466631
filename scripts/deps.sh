#!/bin/bash
# deps.sh SET… installs the Debian packages of the sets named (build, test, lint, fuzz,
# coverage). It asks dpkg first and touches nothing when all of them are there. No service is started
# by what it installs.
set -euo pipefail

build=(gcc libc6-dev cmake ninja-build pkg-config libevent-dev libssl-dev liblmdb-dev
    libprotobuf-c-dev protobuf-c-compiler libconfuse-dev libjansson-dev libsmartcols-dev
    libsystemd-dev libcap-ng-dev uthash-dev libxxhash-dev libcriterion-dev openssl)
test=(isc-dhcp-server kea-admin iproute2 ethtool procps strace tcpdump tshark jq spin)
lint=(git clang-format cppcheck)
fuzz=(clang libclang-rt-dev)
coverage=(gcovr)

die() {
    echo "deps: $*" >&2
    exit 1
}

wanted=()
for set in "$@"; do
    case $set in
    build) wanted+=("${build[@]}") ;;
    test) wanted+=("${test[@]}") ;;
    lint) wanted+=("${lint[@]}") ;;
    fuzz) wanted+=("${fuzz[@]}") ;;
    coverage) wanted+=("${coverage[@]}") ;;
    *) die "unknown set '$set' (build, test, lint, fuzz, coverage)" ;;
    esac
done
[ ${#wanted[@]} -gt 0 ] || die "name a set: build, test, lint, fuzz or coverage"

if ! command -v dpkg-query >/dev/null; then
    echo "deps: no dpkg on this system; these Debian packages or their like are needed:" \
        "${wanted[*]}" >&2
    exit 0
fi

installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "${wanted[@]}" 2>/dev/null || true)
missing=()
for package in "${wanted[@]}"; do
    grep -qxF "installed $package" <<<"$installed" || missing+=("$package")
done
[ ${#missing[@]} -gt 0 ] || exit 0

if [ "$(id -u)" -ne 0 ]; then
    sudo -n true 2>/dev/null ||
        die "cannot install without root or passwordless sudo; missing: ${missing[*]}"
    exec sudo -n -- "$0" "$@"
fi

echo "deps: installing ${missing[*]}"

# Debian starts a daemon when it installs one, unless this policy forbids it.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
    trap 'rm -f "$policy"' EXIT
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 0755 "$policy"
fi

export DEBIAN_FRONTEND=noninteractive
apt=(apt-get -qq -o DPkg::Lock::Timeout=600)
"${apt[@]}" update || die "apt-get update failed"
"${apt[@]}" -o Dpkg::Use-Pty=0 install -y --no-install-recommends "${missing[@]}" >/dev/null ||
    die "apt-get install failed for: ${missing[*]}"

# The tests run their own dhcpd; the one of the package must not come up at the next boot.
if [[ " ${missing[*]} " == *" isc-dhcp-server "* ]]; then
    update-rc.d isc-dhcp-server disable >/dev/null 2>&1 || true
fi
