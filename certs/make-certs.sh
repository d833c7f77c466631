#!/bin/bash
# make-certs.sh makes a throw-away CA and the certificates of one pair of servers and its people.
# Good for trying fo and for tests; certs/README.md says how a real CA takes its place.
set -euo pipefail
umask 077

usage() {
    cat <<'END'
usage: make-certs.sh [--ip1 ADDRESS]… [--ip2 ADDRESS]… [--days N] [--force] DIR [NAME1 [NAME2]]

  DIR           where certificates (.pem) and keys (.key, mode 0600) go; made when missing
  NAME1, NAME2  names of the two servers, as the partner's configuration writes them
                (alpha and beta when not given)
  --ip1, --ip2  an address the first or second server may also be known by; may be repeated
  --days N      how long all of them are valid (30)
  --force       replace what an earlier run made
END
}

die() {
    echo "make-certs: $*" >&2
    exit 1
}

misused() {
    echo "make-certs: $*" >&2
    usage >&2
    exit 2
}

days=30 force=no words=() ip1=() ip2=()
while [ $# -gt 0 ]; do
    case $1 in
    --ip1 | --ip2 | --days)
        [ $# -ge 2 ] || misused "$1 needs a value"
        case $1 in
        --ip1) ip1+=("$2") ;;
        --ip2) ip2+=("$2") ;;
        --days) days=$2 ;;
        esac
        shift
        ;;
    --force) force=yes ;;
    -h | --help)
        usage
        exit 0
        ;;
    -*) misused "unknown option $1" ;;
    *) words+=("$1") ;;
    esac
    shift
done
[[ ${#words[@]} =~ ^[123]$ ]] || misused "expected DIR [NAME1 [NAME2]]"
[[ $days =~ ^[1-9][0-9]{0,3}$ ]] || misused "--days $days: expected 1 to 9999"

dir=${words[0]} name1=${words[1]:-alpha} name2=${words[2]:-beta}
for name in "$name1" "$name2"; do
    [[ $name =~ ^[A-Za-z0-9]([A-Za-z0-9.-]{0,62}[A-Za-z0-9])?$ ]] ||
        misused "'$name' is not a host name of at most 64 characters"
    [[ ! $name =~ ^(ca|admin|reader)$ ]] || misused "'$name' is the name of another certificate"
done
[ "$name1" != "$name2" ] || misused "the two servers need two names"
for ip in "${ip1[@]}" "${ip2[@]}"; do
    [[ $ip =~ ^[0-9A-Fa-f:.]+$ ]] || misused "'$ip' is not an address"
done
command -v openssl >/dev/null || die "openssl is not installed"

stems=(ca "$name1" "$name2" admin reader)
if [ "$force" = no ]; then
    for stem in "${stems[@]}"; do
        for file in "$dir/$stem.pem" "$dir/$stem.key"; do
            [ ! -e "$file" ] || die "$file exists; --force replaces it"
        done
    done
fi

# All is made aside and moved at the end: a failure leaves no half of a set behind.
mkdir -p "$dir"
work=$(mktemp -d "$dir/.make-certs.XXXXXX")
trap 'rm -rf "$work"' EXIT
printf '[req]\ndistinguished_name = dn\n[dn]\n' >"$work/req.cnf"

join() {
    local IFS=
    printf '%s' "$*"
}

run_openssl() {
    openssl "$@" 2>"$work/said" || die "openssl $1 failed: $(tr '\n' ' ' <"$work/said")"
}

# issue STEM SUBJECT SIGNING-ARGUMENTS… signs a certificate for a new key, extensions from stdin.
issue() {
    local stem=$1 subject=$2
    shift 2
    cat >"$work/$stem.ext"
    run_openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$work/$stem.key"
    run_openssl req -new -config "$work/req.cnf" -key "$work/$stem.key" -sha256 \
        -subj "$subject" -out "$work/$stem.csr"
    run_openssl x509 -req -in "$work/$stem.csr" -sha256 -days "$days" \
        -set_serial "0x$(openssl rand -hex 16 | sed 's/^./4/')" \
        -extfile "$work/$stem.ext" -out "$work/$stem.pem" "$@"
}

issue_leaf() { # STEM SUBJECT EXTENDED-KEY-USAGE [SUBJECT-ALT-NAME]
    issue "$1" "$2" -CA "$work/ca.pem" -CAkey "$work/ca.key" <<END
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = $3
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
${4:+subjectAltName = $4}
END
}

issue ca "/O=fo/CN=fo throw-away CA" -signkey "$work/ca.key" <<'END'
basicConstraints = critical, CA:TRUE, pathlen:0
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
END
# A server listens to its partner, dials it, and serves management: both usages.
issue_leaf "$name1" "/O=fo/CN=$name1" "serverAuth, clientAuth" \
    "DNS:$name1$(join "${ip1[@]/#/, IP:}")"
issue_leaf "$name2" "/O=fo/CN=$name2" "serverAuth, clientAuth" \
    "DNS:$name2$(join "${ip2[@]/#/, IP:}")"
issue_leaf admin "/O=fo/OU=DHCP Administrators/CN=admin" clientAuth
issue_leaf reader "/O=fo/OU=DHCP Users/CN=reader" clientAuth

for stem in "${stems[@]}"; do
    chmod 0600 "$work/$stem.key"
    chmod 0644 "$work/$stem.pem"
    mv -f "$work/$stem.key" "$work/$stem.pem" "$dir/"
done

made() {
    printf '  %-24s %s\n' "$1.pem" "$2"
}
echo "made in $dir, valid for $days days, the key of each beside it in a .key file:"
made ca "the CA that both servers and all people trust"
made "$name1" "server known as $name1$(join "${ip1[@]/#/ or }")"
made "$name2" "server known as $name2$(join "${ip2[@]/#/ or }")"
made admin "administrator (OU=DHCP Administrators), may read and change"
made reader "reader (OU=DHCP Users), may read"
