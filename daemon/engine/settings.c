#include "daemon/engine/settings.h"

#define DAY INT64_C(86400000)

void engine_settings_defaults(struct engine_settings *s)
{
    *s = (struct engine_settings){
        .name = "main",
        .use_registries = 1,
        .alert_score = 60,
        .summary_interval = DAY,
        .alert_quiet = 30 * DAY,
        .critical_money = 5000000,
        .critical_units = 5,
        .dedup_bound = 1000000,
        .dedup_window = 7 * DAY,
        .names_short = 4000000,
        .names_long = 2000000,
        .cases_bound = 65536,
        .members_bound = 1000000,
        .registry_bound = 4000000,
        .timers_bound = 4000000,
    };
}
