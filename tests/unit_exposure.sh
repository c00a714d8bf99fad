#!/bin/sh
# The systemd unit: no mistakes that systemd can see, and an exposure of at most 1.0.
set -u
if ! command -v systemd-analyze >/dev/null; then
    echo "# no systemd-analyze here: the unit is not checked"
    exit 0
fi
work=$(mktemp -d) || exit 74
trap 'rm -rf "$work"' EXIT
sed 's|@prefix@/sbin/jiandud|/bin/true|g; s|@libdir@|/usr/lib|g; s|@sysconfdir@|/etc|g' systemd/jiandud.service >"$work/jiandud.service"
faults=$(systemd-analyze verify "$work/jiandud.service" 2>&1 | grep jiandud)
if [ -n "$faults" ]; then
    echo "$faults"
    exit 1
fi
systemd-analyze security --offline=true --threshold=11 --no-pager "$work/jiandud.service" | tail -n 1
