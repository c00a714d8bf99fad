#!/bin/sh
# The kill test as CI runs it: one seed, a dozen kills. `make test-faults` is the long one.
exec bash tests/faults/kills.sh "$1" "${JIANDU_SEED:-7}" 10 3
