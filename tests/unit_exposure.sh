#!/bin/sh
# The systemd units, for one instance and for several: no mistakes that systemd can see, an exposure of at most 1.0, and the
# users and folders that they need.
set -u
if ! command -v systemd-analyze >/dev/null; then
    echo "# no systemd-analyze here: the units are not checked"
    exit 0
fi
work=$(mktemp -d) || exit 74
trap 'rm -rf "$work"' EXIT
make --no-print-directory BUILD="$work" prefix=/usr units || exit 70
failed=0
for unit in jiandud.service jiandud@.service; do
    grep -nH '@[a-z]*@' "$work/$unit" && failed=1
    sed -i 's|/usr/sbin/jiandud|/bin/true|g' "$work/$unit"
    faults=$(systemd-analyze verify "$work/$unit" 2>&1 | grep jiandud)
    [ -z "$faults" ] || { echo "$faults"; failed=1; }
    systemd-analyze security --offline=true --threshold=10 --no-pager "$work/$unit" >"$work/exposure" || failed=1
    tail -n 1 "$work/exposure"
done
grep -q '^StateDirectory=jiandu-%i$' "$work/jiandud@.service" || { echo "instances share their state"; failed=1; }
# into a root of our own; a second time changes nothing
mkdir -p "$work/root/etc"
for _ in 1 2; do
    systemd-sysusers --root="$work/root" - <"$work/jiandu.sysusers" && systemd-tmpfiles --root="$work/root" --create - <"$work/jiandu.tmpfiles" || failed=1
done
grep -q '^redis:' "$work/root/etc/group" || { echo "no group redis"; failed=1; }
[ "$(stat -c '%a' "$work/root/etc/jiandu/credentials")" = 700 ] || { echo "no folder for credentials"; failed=1; }
exit $failed
