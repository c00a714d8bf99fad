#include "tests/support/builtin.h"

#include <stdlib.h>
#include <string.h>

#include "daemon/base/memory.h"

void builtin_defaults(const struct jd_detector *detector, void *config)
{
    for (size_t i = 0; i < detector->n_options; i++)
        memcpy((char *)config + detector->options[i].offset, &detector->options[i].init, sizeof(int64_t));
}

void builtin_init(struct engine_settings *settings, struct detector_instance instances[BUILTIN_DETECTORS])
{
    const struct jd_detector *const detectors[BUILTIN_DETECTORS] = {jd_detector_account_sharing(),
        jd_detector_proxy_purchasing(), jd_detector_fake_trade(), jd_detector_procurement_progress()};
    engine_settings_defaults(settings);
    for (int i = 0; i < BUILTIN_DETECTORS; i++) {
        void *config = memory_zeroed(1, detectors[i]->config_size, "a detector");
        builtin_defaults(detectors[i], config);
        instances[i] = (struct detector_instance){.detector = detectors[i], .config = config};
    }
    settings->detectors = instances;
    settings->n_detectors = BUILTIN_DETECTORS;
}

void builtin_fini(struct detector_instance instances[BUILTIN_DETECTORS])
{
    for (int i = 0; i < BUILTIN_DETECTORS; i++)
        free(instances[i].config);
}
