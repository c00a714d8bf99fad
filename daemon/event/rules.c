/* What can only be said of a whole event: fields its type cannot do without, its time, keys whose kind
 * another field decides, check digits. */
#include "daemon/event/credit_code.h"
#include "daemon/event/decoder.h"

#define NEEDS(f) FIELD_BIT(JD_F_##f)

/* As little as the type makes sense with: many producers know no device, no session, no region. */
static const uint64_t needed[JD_TYPE_COUNT] = {
    [JD_TYPE_LOGIN] = NEEDS(ACCOUNT),
    [JD_TYPE_LOGOUT] = NEEDS(ACCOUNT),
    [JD_TYPE_ACCOUNT_CHANGE] = NEEDS(ACCOUNT),
    [JD_TYPE_ORDER] = NEEDS(ORDER),
    [JD_TYPE_CANCEL] = NEEDS(ORDER),
    [JD_TYPE_PAYMENT] = NEEDS(ORDER),
    [JD_TYPE_SHIPMENT] = NEEDS(ORDER),
    [JD_TYPE_TRACKING] = NEEDS(WAYBILL),
    [JD_TYPE_RECEIPT] = NEEDS(ORDER),
    [JD_TYPE_REVIEW] = NEEDS(ORDER),
    [JD_TYPE_REFUND] = NEEDS(ORDER),
    [JD_TYPE_REDEEM] = NEEDS(ORDER),
    [JD_TYPE_INVOICE] = NEEDS(ORDER),
    [JD_TYPE_TRANSFER] = NEEDS(PAYER) | NEEDS(PAYEE),
    [JD_TYPE_RESERVATION] = NEEDS(UNIT),
    [JD_TYPE_REGISTRY] = NEEDS(LIST) | NEEDS(KEY),
    [JD_TYPE_VERDICT] = NEEDS(ALERT) | NEEDS(VERDICT),
    [JD_TYPE_TICK] = 0,
};

static enum event_reason fix_kinds(struct decoder *d)
{
    const struct jd_event *e = d->event;
    if (jd_num(e, JD_F_CHANGE) == JD_CHANGE_PHONE)
        value_set_kind(d, JD_F_NEW_VALUE, JD_KIND_PHONE);
    if (e->type != JD_TYPE_REGISTRY || !jd_has(e, JD_F_LIST))
        return EVENT_OK;
    enum jd_list list = (enum jd_list)jd_num(e, JD_F_LIST);
    enum event_reason reason = value_set_kind(d, JD_F_KEY, event_list_key_kind(list));
    return reason ? reason : value_set_kind(d, JD_F_VALUE, event_list_value_kind(list));
}

static enum event_reason check_needed(const struct decoder *d)
{
    uint64_t missing = needed[d->event->type] & ~d->event->present;
    if (!missing)
        return EVENT_OK;
    /* A registry or verdict that we do not know must not vanish in a counter: a person has to see it. */
    return missing & d->odd_words ? EVENT_BAD_VALUE : EVENT_MISSING_FIELD;
}

/* Ids and times lie in 0..EVENT_TIME_MAX, so that differences cannot overflow. */
static enum event_reason check_time(struct decoder *d)
{
    struct jd_event *e = d->event;
    if (d->needs_id && !jd_has(e, JD_F_TIME))
        return EVENT_MISSING_FIELD;
    if (d->needs_id)
        e->id_ms = jd_num(e, JD_F_TIME);
    e->time = jd_has(e, JD_F_TIME) ? jd_num(e, JD_F_TIME) : e->id_ms;
    if (e->time - e->id_ms > d->max_ahead)
        return EVENT_TIME_AHEAD;
    return e->id_ms - e->time > d->max_behind ? EVENT_TIME_BEHIND : EVENT_OK;
}

static bool has_bad_code(const struct jd_event *e, enum jd_field f)
{
    return jd_has(e, f) && !credit_code_valid(e->field[f].text, e->field[f].length);
}

static void check_codes(struct decoder *d)
{
    struct jd_event *e = d->event;
    bool bad = has_bad_code(e, JD_F_ACCOUNT_UNIT);
    unsigned n = bad;
    /* Mostly both are one unit. */
    n += jd_key(e, JD_F_UNIT) == jd_key(e, JD_F_ACCOUNT_UNIT) ? bad : has_bad_code(e, JD_F_UNIT);
    if (e->type == JD_TYPE_REGISTRY) {
        enum jd_list list = (enum jd_list)jd_num(e, JD_F_LIST);
        n += event_list_key_kind(list) == JD_KIND_UNIT && has_bad_code(e, JD_F_KEY);
        n += event_list_value_kind(list) == JD_KIND_UNIT && has_bad_code(e, JD_F_VALUE);
    }
    d->counts.bad_codes += n;
    if (n)
        e->flags |= JD_EVENT_BAD_CODE;
}

enum event_reason rules_check(struct decoder *d)
{
    if (!jd_has(d->event, JD_F_TYPE))
        return EVENT_MISSING_TYPE;
    enum event_reason reason = fix_kinds(d);
    if (!reason)
        reason = check_needed(d);
    if (!reason)
        reason = check_time(d);
    if (!reason)
        check_codes(d);
    return reason;
}
