#include "daemon/sim/acts.h"

#include "daemon/sim/calendar.h"

#include <stdio.h>

struct actor acts_buyer(const struct unit *u, const struct person *p, const struct seat *seat)
{
    return (struct actor){u->trading, "trading", u->code, u->place->code, seat, p->operator_id, p->phone};
}

struct actor acts_manager(const struct unit *u, const struct person *p, const struct seat *seat)
{
    return (struct actor){
        u->management, "management", u->code, u->place->code, seat, p->operator_id, p->phone};
}

struct actor acts_supplier(const struct supplier *s)
{
    return (struct actor){s->account, "supplier", s->code, s->place->code, &s->person.desk,
        s->person.operator_id, s->person.phone};
}

void acts_begin(struct stage *s, const char *type, const struct actor *a, const struct unit *target,
    int64_t time, const char *session)
{
    struct writer *w = s->writer;

    writer_begin(w, type, time);
    writer_text(w, "account", a->account);
    writer_text(w, "account_kind", a->kind);
    writer_text(w, "account_unit", a->unit);
    if (target)
        writer_text(w, "unit", target->code);
    writer_division(w, "region", target ? target->place->code : a->region);
    writer_text(w, "device", a->seat->device);
    writer_text(w, "ip", a->seat->ip);
    writer_division(w, "ip_region", a->seat->ip_region);
    writer_text(w, "ip_class", a->seat->ip_class);
    writer_text(w, "channel", a->seat->channel);
    writer_text(w, "session", session);
}

void acts_login(struct stage *s, struct random *r, const struct actor *a, int64_t time, char *session)
{
    random_hex(r, session, "s", 13);
    acts_begin(s, "login", a, NULL, time, session);
    writer_text(s->writer, "phone", a->phone);
    writer_end(s->writer, LAG_ONLINE);
}

void acts_logout(struct stage *s, const struct actor *a, int64_t time, const char *session)
{
    acts_begin(s, "logout", a, NULL, time, session);
    writer_end(s->writer, LAG_ONLINE);
}

void acts_change(struct stage *s, const struct actor *a, int64_t time, const char *session,
    const char *change, const char *new_value)
{
    acts_begin(s, "account_change", a, NULL, time, session);
    writer_text(s->writer, "change", change);
    writer_text(s->writer, "new_value", new_value);
    writer_end(s->writer, LAG_ONLINE);
}

void acts_reservation(struct stage *s, const struct actor *a, const struct unit *u, int64_t time,
    const char *session, int64_t reserved, int64_t total)
{
    acts_begin(s, "reservation", a, u, time, session);
    writer_number(s->writer, "year", calendar_year(time));
    writer_number(s->writer, "reserved", reserved);
    writer_number(s->writer, "canteen_total", total);
    writer_text(s->writer, "canteen_type", u->canteen);
    if (u->group != WORLD_NONE) {
        char group[WORLD_ID];

        snprintf(group, sizeof(group), "G%05d", u->group);
        writer_text(s->writer, "share_group", group);
    }
    writer_end(s->writer, LAG_ONLINE);
}

void acts_transfer(struct stage *s, const char *payer, const char *payee, int64_t time, int64_t fen)
{
    writer_begin(s->writer, "transfer", time);
    writer_text(s->writer, "payer", payer);
    writer_text(s->writer, "payee", payee);
    writer_money(s->writer, "amount", fen);
    writer_end(s->writer, LAG_TRANSFER);
}
