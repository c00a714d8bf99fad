#include "daemon/sim/registry.h"

#include "daemon/sim/calendar.h"

#include <stdio.h>

/* One entry; each a tenth of a second after the last, as a loader sends them. */
static void entry(struct stage *s, int64_t *time, const char *list, const char *key, const char *value)
{
    writer_begin(s->writer, "registry", *time);
    writer_text(s->writer, "list", list);
    writer_text(s->writer, "key", key);
    writer_text(s->writer, "value", value);
    writer_anonymous(s->writer);
    writer_end(s->writer, LAG_NONE);
    *time += 100;
    if (*time >= s->start)
        *time = s->start - 1; /* a huge world: the rest in one ms, told apart by the sequence */
}

static const char *division(char *text, size_t size, uint32_t code)
{
    snprintf(text, size, "%06u", (unsigned)code);
    return text;
}

static void units(struct stage *s, int64_t *time)
{
    const struct world *w = &s->world;
    char group[WORLD_ID];

    for (size_t i = 0; i < w->n_units; i++) {
        const struct unit *u = &w->units[i];

        if (u->parent != WORLD_NONE)
            entry(s, time, "parent", u->code, w->units[u->parent].code);
        if (u->group == WORLD_NONE)
            continue;
        snprintf(group, sizeof(group), "G%05d", u->group);
        entry(s, time, "share_group", u->code, group);
    }
}

static void contractors(struct stage *s, int64_t *time)
{
    const struct world *w = &s->world;

    for (size_t i = 0; i < w->n_contractors; i++) {
        const struct firm *f = &w->contractors[i];

        for (size_t k = 0; k < f->n_units; k++)
            entry(s, time, "contractor", f->code, w->units[f->unit[k]].code);
    }
}

static void districts(struct stage *s, int64_t *time)
{
    const struct world *w = &s->world;
    char code[8], county[8], desk[32];

    for (size_t i = 0; i < w->n_districts; i++) {
        const struct district *d = &w->districts[i];

        division(code, sizeof(code), d->place->code);
        entry(s, time, "compound_address", d->compound, code);
        entry(s, time, "pairing", code, division(county, sizeof(county), d->paired->code));
        snprintf(desk, sizeof(desk), "%s服务台", d->place->name);
        entry(s, time, "desk_device", d->service_desk.device, desk);
        if (i > 0 && geography_city(w->districts[i - 1].place->code) == geography_city(d->place->code))
            continue;
        entry(s, time, "egress_ip", d->egress, d->place->city);
        if (d->has_treasury)
            entry(s, time, "treasury_payer", d->treasury,
                division(code, sizeof(code), geography_city(d->place->code)));
    }
}

static void third_parties(
    struct stage *s, int64_t *time, const char *what, const struct firm *firms, size_t n)
{
    static const char *const field[] = {"device", "phone", "address", "account"};

    for (size_t i = 0; i < n; i++) {
        const struct firm *f = &firms[i];
        const char *key[] = {f->person.desk.device, f->person.phone, f->address, f->account};
        char owner[32];

        if (!f->known)
            continue;
        snprintf(owner, sizeof(owner), "%s-%02zu", what, i + 1);
        for (size_t k = 0; k < 4; k++) {
            char list[32];

            snprintf(list, sizeof(list), "%s_%s", what, field[k]);
            entry(s, time, list, key[k], owner);
        }
    }
}

static void supply(struct stage *s, int64_t *time)
{
    const struct world *w = &s->world;
    char code[8];

    for (size_t i = 0; i < geography_n_counties; i++) {
        const struct place *p = &geography_counties[i];

        entry(s, time, "county", division(code, sizeof(code), p->code), p->name);
    }
    for (size_t i = 0; i < w->n_suppliers; i++) {
        const struct supplier *p = &w->suppliers[i];

        if (p->warehouse)
            entry(s, time, "supplier_warehouse", p->id, division(code, sizeof(code), p->warehouse->code));
    }
}

void registry_play(struct stage *s)
{
    int64_t time = s->start - HOUR;

    districts(s, &time);
    supply(s, &time);
    contractors(s, &time);
    third_parties(s, &time, "agent", s->world.agents, s->world.n_agents);
    third_parties(s, &time, "pavilion", s->world.pavilions, s->world.n_pavilions);
    units(s, &time);
}
