/* A detector on trial: any bytes as a script of events (tests/support/event_script.h), through two engines
 * with that one detector and other seeds of their keys. One of them is saved and loaded whenever the script
 * says so. Both must publish the same bytes, and what is published must be sound: ids, order, score, words,
 * no personal data in plain, JSON. Aborts where it is not. */
#ifndef JIANDU_TESTS_SUPPORT_DETECTOR_TRIAL_H
#define JIANDU_TESTS_SUPPORT_DETECTOR_TRIAL_H

#include "detectors/detector.h"

#include <stddef.h>

/* The first byte says how small the state is. Returns the number of alerts and reports. */
unsigned trial_run(const struct jd_detector *detector, const uint8_t *data, size_t size);

#endif
