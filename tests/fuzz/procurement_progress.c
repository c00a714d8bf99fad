/* Fuzz target of the detector procurement_progress: any bytes as a script of events. See
 * tests/support/detector_trial.h. */
#include "tests/support/builtin.h"
#include "tests/support/detector_trial.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    trial_run(jd_detector_procurement_progress(), data, size);
    return 0;
}
