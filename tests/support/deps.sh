#!/bin/sh
# Installs the Debian packages that building and testing need, if any is missing, and says which.
set -eu
packages="gcc libc6-dev make pkg-config libevent-dev libhiredis-dev libjansson-dev libssl-dev openssl redis-server procps"
[ "${1:-}" = --dev ] && packages="$packages clang clang-format clang-tidy cppcheck libclang-rt-14-dev valgrind systemd"
if [ "${1:-}" = --peers ]; then
    packages="$packages postgresql syslog-ng-core sec"
    command -v node >/dev/null || packages="$packages nodejs" # others than Debian bring npm with it
    command -v npm >/dev/null || packages="$packages npm"
fi

missing=
for package in $packages; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" = 0 ]; then
    sudo=
elif command -v sudo >/dev/null; then
    sudo=sudo
else
    echo "Missing packages:$missing" >&2
    echo "Install them, or run this as root or with sudo at hand." >&2
    exit 77
fi
echo "Installing with apt-get:$missing"

# Debian starts a redis service on port 6379 when the package is installed. Jiandu's tests and demo use private
# servers on unix sockets, so no service is left running that was not there before.
policy=/usr/sbin/policy-rc.d
guard=
case $missing in
*redis-server* | *postgresql* | *syslog-ng*)
    if [ ! -e $policy ]; then
        guard=yes
        printf '#!/bin/sh\nexit 101\n' | $sudo tee $policy >/dev/null
        $sudo chmod 755 $policy
    fi
    ;;
esac
undo() {
    [ -z "$guard" ] || $sudo rm -f $policy
}
trap undo EXIT

$sudo apt-get update -qq
# shellcheck disable=SC2086
$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
