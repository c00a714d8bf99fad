/* Time of the simulated world: working days and hours of China (UTC+8, no summer time), in ms since the
 * epoch. */
#ifndef JIANDU_SIM_CALENDAR_H
#define JIANDU_SIM_CALENDAR_H

#include "daemon/sim/params.h"
#include "daemon/sim/random.h"

#include <stdbool.h>
#include <stdint.h>

#define SECOND INT64_C(1000)
#define MINUTE (60 * SECOND)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)

/* The first ms of the local day that holds `time`. */
int64_t calendar_midnight(int64_t time);
/* Parses "2025-11-12" to the local midnight; -1 if it is no date from 1971 to 2099. */
int64_t calendar_parse(const char *date);
int calendar_year(int64_t time);
int calendar_month(int64_t time);
/* How lively a day is, in percent of a working day outside December. */
int64_t calendar_traffic(const struct sim_params *, int64_t time);
/* A moment in the working hours of the day that holds `time`; most of them around 10:00 and 15:00. */
int64_t calendar_working(struct random *, int64_t time);
/* The same of the first working day from `time` on, never before `time` itself. */
int64_t calendar_next_working(struct random *, int64_t time);

#endif
