#!/bin/sh
# `make install` into a folder: what is there runs from there, and a configuration that is there stays.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
make --no-print-directory install DESTDIR="$work" >/dev/null
for file in usr/local/sbin/jiandud usr/local/bin/jianductl usr/local/lib/jiandu/detectors/account_sharing.so \
    usr/local/lib/jiandu/detectors/proxy_purchasing.so usr/local/lib/jiandu/detectors/fake_trade.so \
    usr/local/lib/jiandu/detectors/procurement_progress.so usr/local/share/man/man1/jianductl.1 usr/local/share/man/man8/jiandud.8 \
    usr/local/share/jiandu/jiandu.lua usr/local/share/jiandu/users.acl etc/jiandu/jiandu.json etc/jiandu/routes.json lib/systemd/system/jiandud.service \
    lib/systemd/system/jiandud@.service usr/lib/sysusers.d/jiandu.conf usr/lib/tmpfiles.d/jiandu.conf; do
    test -f "$work/$file" || { echo "not installed: $file"; exit 1; }
done
for file in lib/systemd/system/jiandud.service lib/systemd/system/jiandud@.service usr/lib/tmpfiles.d/jiandu.conf; do
    grep -n "@[a-z]*@" "$work/$file" && exit 1
done
grep -n '@[a-zA-Z]*@' "$work"/usr/local/share/man/man*/* && exit 1
for command in check simulate replay score status handover alerts "alerts show" explain "registry load" progress "log tail" "log grep" "log verify"; do
    grep -q "^.Ss $command\$" "$work/usr/local/share/man/man1/jianductl.1" || { echo "not in the manual: $command"; exit 1; }
done
for option in -config -set -accept-rollback -version -help; do
    "$work/usr/local/sbin/jiandud" --help | grep -q -e "-$option" && grep -q -e " $option" "$work/usr/local/share/man/man8/jiandud.8" ||
        { echo "not in the manual or the help: -$option"; exit 1; }
done
many=$(yes -- "--set name=x" | head -n 65 | tr '\n' ' ')
code=0
# shellcheck disable=SC2086
"$work/usr/local/sbin/jiandud" $many --config config/jiandu.json -n 2>/dev/null || code=$?
[ $code -eq 64 ] || { echo "jiandud: 65 --set are not refused"; exit 1; }
code=0
# shellcheck disable=SC2086
"$work/usr/local/bin/jianductl" check $many --config config/jiandu.json 2>/dev/null || code=$?
[ $code -eq 64 ] || { echo "jianductl: 65 --set are not refused"; exit 1; }
echo '{"name":"kept"}' >"$work/etc/jiandu/jiandu.json"
make --no-print-directory install DESTDIR="$work" >/dev/null
grep -q kept "$work/etc/jiandu/jiandu.json" || { echo "the configuration was overwritten"; exit 1; }
echo "install: good"
