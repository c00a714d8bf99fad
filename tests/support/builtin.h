/* All detectors, compiled in, with their options as they are by default. */
#ifndef JIANDU_TESTS_SUPPORT_BUILTIN_H
#define JIANDU_TESTS_SUPPORT_BUILTIN_H

#include "daemon/engine/settings.h"

#define BUILTIN_DETECTORS 4

const struct jd_detector *jd_detector_account_sharing(void);
const struct jd_detector *jd_detector_proxy_purchasing(void);
const struct jd_detector *jd_detector_fake_trade(void);
const struct jd_detector *jd_detector_procurement_progress(void);

/* The default settings with all detectors, which `instances` holds; builtin_fini ends them. */
void builtin_init(struct engine_settings *, struct detector_instance instances[BUILTIN_DETECTORS]);
void builtin_fini(struct detector_instance instances[BUILTIN_DETECTORS]);
/* Fills a detector's configuration with the defaults of its options. */
void builtin_defaults(const struct jd_detector *, void *config);

#endif
