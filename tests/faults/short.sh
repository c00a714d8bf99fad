#!/bin/sh
# The kill tests as CI runs them: one seed, a dozen kills. `make test-faults` is the long one.
failed=0
bash tests/faults/kills.sh "$1" "${JIANDU_SEED:-7}" 10 3 || failed=1
bash tests/faults/takeover.sh "$1" "${JIANDU_SEED:-7}" 4 4 || failed=1
exit $failed
