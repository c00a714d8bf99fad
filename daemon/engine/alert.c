#include "daemon/engine/alert.h"

#define SCORE_STEP 10  /* a rise that is told at once */
#define SCORE_CHANGE 5 /* a change that is told with the day's summary */
#define CONFIRMED_STAYS (90 * JD_DAY)

const char *const severity_words[] = {"low", "medium", "high", "critical", NULL};

enum severity alert_severity(const struct engine_settings *s, const struct alert_record *a)
{
    bool grave = a->dossier.amount >= s->critical_money || a->dossier.units >= s->critical_units;
    if (a->score >= ALERT_CRITICAL && grave)
        return SEVERITY_CRITICAL;
    if (a->score >= ALERT_HIGH)
        return SEVERITY_HIGH;
    return a->score >= s->alert_score ? SEVERITY_MEDIUM : SEVERITY_LOW;
}

/* A small ring is told with each new unit, a large one when there is a quarter more: nobody wants to read of
 * a ring of forty as often as it has units. */
static bool has_grown(const struct alert_record *a)
{
    return a->subject.kind == JD_KIND_RING && a->dossier.units > a->told.units &&
           (a->dossier.units - a->told.units) * 4 >= a->told.units;
}

static bool is_urgent(const struct engine_settings *s, const struct alert_record *a)
{
    const struct alert_told *told = &a->told;
    return alert_severity(s, a) > (enum severity)told->severity || a->score >= told->score + SCORE_STEP ||
           (told->amount && a->dossier.amount >= 2 * told->amount) || has_grown(a);
}

static bool is_worth_telling(const struct engine_settings *s, const struct alert_record *a)
{
    const struct alert_told *told = &a->told;
    return alert_subsided(s, a) || a->signals.used > told->signals || a->dossier.parties > told->parties ||
           a->score >= told->score + SCORE_CHANGE || a->score + SCORE_CHANGE <= told->score ||
           (a->dossier.amount > told->amount && a->dossier.amount - told->amount >= told->amount / 4);
}

enum alert_news alert_news(const struct engine_settings *s, const struct alert_record *a)
{
    if (a->revision == 0)
        return NEWS_AT_ONCE;
    if (a->told.withdrawn) /* what was cleared speaks again only when there is enough without it */
        return a->score >= s->alert_score ? NEWS_AT_ONCE : NEWS_NONE;
    if (is_urgent(s, a))
        return NEWS_AT_ONCE;
    return is_worth_telling(s, a) ? NEWS_LATER : NEWS_NONE;
}

int64_t alert_quiet_from(const struct engine_settings *s, const struct alert_record *a)
{
    int64_t quiet = a->verdict == JD_VERDICT_CONFIRMED && s->alert_quiet < CONFIRMED_STAYS ? CONFIRMED_STAYS
                                                                                           : s->alert_quiet;
    return a->last + quiet;
}

bool alert_subsided(const struct engine_settings *s, const struct alert_record *a)
{
    return a->verdict != JD_VERDICT_CONFIRMED && !a->told.withdrawn && a->score < s->alert_drop;
}

void alert_tell(const struct engine_settings *s, struct alert_record *a, int64_t now)
{
    a->told = (struct alert_told){
        .amount = a->dossier.amount,
        .severity = alert_severity(s, a),
        .score = a->score,
        .signals = a->signals.used,
        .units = a->dossier.units,
        .parties = a->dossier.parties,
    };
    a->revision++;
    a->published = now;
    a->pending = 0;
}
