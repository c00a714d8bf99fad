/* The audience of an alert: which offices get it, and whose units each may see. */
#ifndef JIANDU_ENGINE_AUDIENCE_H
#define JIANDU_ENGINE_AUDIENCE_H

#include "daemon/engine/report.h"

#define AUDIENCE_MAX 64 /* offices of one alert; the parent office still gets the whole of a wider one */

/* The members of an alert, fetched once, with the route of each one's unit. */
struct membership {
    uint32_t count;
    uint32_t region; /* what the units' codes have in common */
    uint32_t regions[DOSSIER_MEMBERS];
    uint32_t route[DOSSIER_MEMBERS]; /* of the member's unit; ROUTE_NONE if it has none */
    struct jd_member member[DOSSIER_MEMBERS];
    uint64_t tied[DOSSIER_MEMBERS]; /* id of another detector's alert that names the member too; 0: none */
};

/* One who gets a copy. `office` NULL and `whole`: everybody's stream. */
struct recipient {
    const char *office;
    bool whole;
};

struct audience {
    size_t count;
    struct recipient recipient[AUDIENCE_MAX + 3]; /* everybody, the parent and the security office besides */
};

void membership_collect(const struct report_view *, const struct alert_record *, struct membership *out);
void audience_of(
    const struct report_view *, const struct alert_record *, const struct membership *, struct audience *out);
/* May the reader see member `i`? What belongs to no unit is everybody's. */
bool audience_sees(
    const struct report_view *, const struct recipient *, const struct membership *, uint32_t i);

#endif
