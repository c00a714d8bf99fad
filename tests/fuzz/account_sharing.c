/* Fuzz target of the detector account_sharing: any bytes as a script of events. See
 * tests/support/detector_trial.h. */
#include "tests/support/builtin.h"
#include "tests/support/detector_trial.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    trial_run(jd_detector_account_sharing(), data, size);
    return 0;
}
