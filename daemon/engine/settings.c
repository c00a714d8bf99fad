#include "daemon/engine/settings.h"

void engine_settings_defaults(struct engine_settings *s)
{
    *s = (struct engine_settings){
        .name = "main",
        .use_registries = 1,
        .alert_score = 51,
        .alert_drop = 35,
        .summary_interval = JD_DAY,
        .alert_quiet = 30 * JD_DAY,
        .critical_money = 5000000,
        .critical_units = 5,
        .office_budget = 10,
        .dedup_bound = 1000000,
        .dedup_window = 7 * JD_DAY,
        .names_short = 4000000,
        .names_long = 2000000,
        .cases_bound = 65536,
        .members_bound = 1000000,
        .registry_bound = 4000000,
        .timers_bound = 4000000,
    };
}
