#include "daemon/engine/audience.h"

#include "daemon/engine/routes.h"

#include <string.h>

/* A credit code carries the division of its registering authority in characters 3 to 8. */
static uint32_t region_in_code(const char *code)
{
    uint32_t region = 0;
    if (strlen(code) != 18)
        return 0;
    for (int i = 2; i < 8; i++) {
        if (code[i] < '0' || code[i] > '9')
            return 0;
        region = region * 10 + (uint32_t)(code[i] - '0');
    }
    return region;
}

static uint32_t region_of(const struct report_view *v, uint64_t unit)
{
    const struct unit_region *known = unit ? table_find(v->unit_regions, unit, v->now) : NULL;
    if (known)
        return known->region;
    return unit ? region_in_code(names_of(v->names, unit, v->now)) : 0;
}

void membership_collect(const struct report_view *v, const struct alert_record *alert, struct membership *out)
{
    const struct engine_settings *s = v->settings;
    out->count = 0;
    out->region = 0;
    for (uint32_t i = 0; i < alert->dossier.members; i++) {
        struct jd_member *m = &out->member[out->count];
        if (!dossier_member(casebook_dossiers(v->casebook), &alert->dossier, i, v->now, m))
            continue;
        if (m->kind == JD_KIND_UNIT)
            m->unit = m->key;
        uint32_t region = region_of(v, m->unit);
        if (region)
            out->region = out->region ? routes_common(out->region, region) : region;
        out->regions[out->count] = region;
        out->route[out->count++] = region ? routes_of(s->routes, s->n_routes, region) : ROUTE_NONE;
    }
}

static void add_recipient(struct audience *a, const char *office, bool whole)
{
    for (size_t i = 1; i < a->count; i++) {
        if (strcmp(a->recipient[i].office, office) == 0) {
            a->recipient[i].whole |= whole;
            return;
        }
    }
    if (a->count < sizeof a->recipient / sizeof a->recipient[0])
        a->recipient[a->count++] = (struct recipient){office, whole};
}

void audience_of(const struct report_view *v, const struct alert_record *alert, const struct membership *m,
    struct audience *out)
{
    const struct engine_settings *s = v->settings;
    uint32_t known[DOSSIER_MEMBERS];
    size_t n_known = 0;
    out->count = 1;
    out->recipient[0] = (struct recipient){NULL, true};
    for (uint32_t i = 0; i < m->count; i++) {
        if (m->regions[i])
            known[n_known++] = m->regions[i];
        if (m->route[i] != ROUTE_NONE && out->count <= AUDIENCE_MAX)
            add_recipient(out, s->routes[m->route[i]].office, false);
    }
    uint32_t above = n_known ? routes_above(s->routes, s->n_routes, known, n_known) : ROUTE_NONE;
    if (above != ROUTE_NONE)
        add_recipient(out, s->routes[above].office, true);
    if (s->security_office && alert->flags & JD_SECURITY)
        add_recipient(out, s->security_office, true);
}

bool audience_sees(
    const struct report_view *v, const struct recipient *recipient, const struct membership *m, uint32_t i)
{
    if (recipient->whole || !m->member[i].unit)
        return true;
    return m->route[i] != ROUTE_NONE &&
           strcmp(v->settings->routes[m->route[i]].office, recipient->office) == 0;
}
