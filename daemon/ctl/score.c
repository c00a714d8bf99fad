#include "daemon/ctl/score.h"

#include "daemon/base/memory.h"
#include "daemon/ctl/lines.h"
#include "daemon/engine/budget.h"
#include "detectors/detector.h"

#include <stdlib.h>
#include <string.h>

static void finding_init(struct score_finding *f)
{
    *f = (struct score_finding){
        .first = -1, .events = -1, .parts = memory_need(json_object(), "the campaigns")};
}

static void finding_fini(struct score_finding *f)
{
    json_decref(f->parts);
    json_decref(f->alert);
}

static const char *owner_key(char *text, size_t size, int kind, const char *id)
{
    snprintf(text, size, "%d %s", kind, id);
    return text;
}

static void index_members(json_t *owners, const struct truth_case *c, size_t number)
{
    char key[160];
    const char *id;
    json_t *value;

    for (int k = 0; k < TRUTH_FILE_KINDS; k++) {
        json_object_foreach(c->member[k], id, value)
        {
            json_t *list = json_object_get(owners, owner_key(key, sizeof key, k, id));

            if (!list) {
                list = memory_need(json_array(), "the truth");
                if (json_object_set_new(owners, key, list) != 0)
                    memory_exhausted("the truth");
            }
            if (json_array_append_new(list, json_integer((json_int_t)number)) != 0)
                memory_exhausted("the truth");
        }
    }
}

/* Most alerts name members of one or two cases of hundreds: the others need no look. */
static void find_named(struct score *s, json_t *subjects)
{
    json_t *subject, *number;
    char key[160];
    size_t i, k;

    memset(s->named, 0, s->truth.n_campaigns + s->truth.n_traps);
    json_array_foreach(subjects, i, subject)
    {
        const char *word = json_string_value(json_object_get(subject, "kind"));
        const char *id = json_string_value(json_object_get(subject, "id"));
        int kind = word && id ? truth_file_kind(word) : -1;

        if (kind < 0)
            continue;
        json_array_foreach(json_object_get(s->owners, owner_key(key, sizeof key, kind, id)), k, number)
        {
            s->named[json_integer_value(number)] = true;
        }
    }
}

int score_init(struct score *s, const char *truth, struct error *err)
{
    *s = (struct score){.n_alerts = 0};
    if (truth_file_read(&s->truth, truth, err) != 0)
        return -1;
    s->campaigns = memory_zeroed(s->truth.n_campaigns, sizeof(*s->campaigns), "the campaigns");
    s->index = memory_need(json_object(), "the alerts");
    s->owners = memory_need(json_object(), "the truth");
    s->named = memory_zeroed(s->truth.n_campaigns + s->truth.n_traps + 1, sizeof(*s->named), "the truth");
    for (size_t i = 0; i < s->truth.n_campaigns; i++)
        index_members(s->owners, &s->truth.campaigns[i], i);
    for (size_t i = 0; i < s->truth.n_traps; i++)
        index_members(s->owners, &s->truth.traps[i], s->truth.n_campaigns + i);
    for (size_t i = 0; i < s->truth.n_campaigns; i++) {
        finding_init(&s->campaigns[i].own);
        finding_init(&s->campaigns[i].any);
    }
    return 0;
}

void score_fini(struct score *s)
{
    for (size_t i = 0; s->campaigns && i < s->truth.n_campaigns; i++) {
        finding_fini(&s->campaigns[i].own);
        finding_fini(&s->campaigns[i].any);
    }
    for (size_t i = 0; i < s->n_alerts; i++) {
        free(s->alerts[i].id);
        free(s->alerts[i].detector);
        json_decref(s->alerts[i].offices);
        json_decref(s->alerts[i].units);
        json_decref(s->alerts[i].orders);
    }
    free(s->alerts);
    free(s->campaigns);
    free(s->named);
    json_decref(s->owners);
    json_decref(s->index);
    truth_file_fini(&s->truth);
    *s = (struct score){.n_alerts = 0};
}

/* One line, read. */
struct revision {
    const char *id, *detector;
    int64_t number, time, amount;
    int score;
    enum score_severity severity;
    json_t *subjects, *offices;
};

static int severity_of(const char *word)
{
    static const char *const words[] = {"low", "medium", "high", "critical"};

    for (int i = 0; word && i < 4; i++) {
        if (!strcmp(words[i], word))
            return i;
    }
    return -1;
}

static bool read_revision(struct revision *r, json_t *o)
{
    int severity = severity_of(json_string_value(json_object_get(o, "severity")));
    int64_t score = json_integer_value(json_object_get(o, "score"));

    *r = (struct revision){
        .id = json_string_value(json_object_get(o, "id")),
        .detector = json_string_value(json_object_get(o, "detector")),
        .number = json_integer_value(json_object_get(o, "revision")),
        .time = json_integer_value(json_object_get(o, "time")),
        .amount = json_integer_value(json_object_get(o, "amount")),
        .severity = (enum score_severity)severity,
        .subjects = json_object_get(o, "subjects"),
        .offices = json_object_get(o, "offices"),
    };
    r->score = score < 0 ? 0 : score > 100 ? 100 : (int)score;
    return severity >= 0 && r->id && r->detector && r->time > 0 && json_is_array(r->subjects);
}

/* How many different units, accounts and orders it names, and how many are members; whom it is about. */
struct overlap {
    size_t named[TRUTH_FILE_KINDS], members[TRUTH_FILE_KINDS];
    bool subject, supplier;
};

static void count_overlap(struct overlap *n, const struct truth_case *c, json_t *subjects)
{
    json_t *subject;
    size_t i;

    *n = (struct overlap){.subject = false};
    json_array_foreach(subjects, i, subject)
    {
        const char *word = json_string_value(json_object_get(subject, "kind"));
        const char *id = json_string_value(json_object_get(subject, "id"));
        const char *role = json_string_value(json_object_get(subject, "role"));
        int kind = word ? truth_file_kind(word) : -1;
        bool member;

        if (kind < 0 || !id)
            continue;
        member = json_object_get(c->member[kind], id) != NULL;
        n->named[kind]++;
        n->members[kind] += member;
        if (!member || !role || strcmp(role, "subject") != 0)
            continue;
        n->subject |= kind != TRUTH_FILE_SUPPLIERS;
        n->supplier |= kind == TRUTH_FILE_SUPPLIERS;
    }
}

static size_t of_trade(const size_t *n)
{
    return n[TRUTH_FILE_UNITS] + n[TRUTH_FILE_ACCOUNTS] + n[TRUTH_FILE_ORDERS];
}

static bool belongs(const struct truth_case *c, json_t *subjects)
{
    struct overlap n;
    size_t members;

    count_overlap(&n, c, subjects);
    members = of_trade(n.members);
    if (n.subject || (n.supplier && members > 0))
        return true;
    return members > 0 && 2 * members >= of_trade(n.named);
}

/* The list that counts for being found. */
static int counted_kind(const struct truth_case *c)
{
    static const int order[] = {TRUTH_FILE_UNITS, TRUTH_FILE_ACCOUNTS, TRUTH_FILE_ORDERS};

    for (size_t i = 0; i < 2; i++) {
        if (json_object_size(c->member[order[i]]) > 0)
            return order[i];
    }
    return TRUTH_FILE_ORDERS;
}

static void add_parts(json_t *parts, const struct truth_case *c, int kind, json_t *subjects)
{
    json_t *subject;
    size_t i;

    json_array_foreach(subjects, i, subject)
    {
        const char *word = json_string_value(json_object_get(subject, "kind"));
        const char *id = json_string_value(json_object_get(subject, "id"));

        if (!word || !id || truth_file_kind(word) != kind || !json_object_get(c->member[kind], id))
            continue;
        if (json_object_set_new(parts, id, json_true()) != 0)
            memory_exhausted("the campaigns");
    }
}

static void note_delay(struct score_finding *result, const struct truth_case *c, int64_t time)
{
    json_t *step;
    size_t i;

    if (result->first >= 0 && result->first <= time)
        return;
    result->first = time;
    if (!json_is_array(c->steps))
        return;
    result->events = result->orders = result->paid = 0;
    json_array_foreach(c->steps, i, step)
    {
        if (json_integer_value(json_array_get(step, 0)) > time)
            break;
        result->events++;
        result->orders += json_integer_value(json_array_get(step, 1)) > 0;
        result->paid += json_integer_value(json_array_get(step, 2));
    }
}

/* What the revision does for a campaign. */
static void credit(struct score_finding *result, const struct truth_case *c, const struct revision *r)
{
    int kind = counted_kind(c);
    struct overlap n;

    if (r->severity < SCORE_MEDIUM || r->time < c->start || r->time > c->end + JD_DAY)
        return;
    count_overlap(&n, c, r->subjects);
    if (!result->alert)
        result->alert = memory_need(json_string(r->id), "the campaigns");
    result->several |= strcmp(json_string_value(result->alert), r->id) != 0;
    add_parts(result->parts, c, kind, r->subjects);
    if (r->score > result->top)
        result->top = r->score;
    if (2 * n.members[kind] >= json_object_size(c->member[kind]))
        result->found = true;
    if (2 * json_object_size(result->parts) >= json_object_size(c->member[kind]))
        result->in_parts = true;
    note_delay(result, c, r->time);
}

static struct score_alert *alert_of(struct score *s, const struct revision *r)
{
    json_t *place = json_object_get(s->index, r->id);
    struct score_alert *a;

    if (place)
        return &s->alerts[json_integer_value(place)];
    s->alerts = memory_grow(s->alerts, &s->room, s->n_alerts + 1, sizeof(*s->alerts));
    a = &s->alerts[s->n_alerts];
    *a = (struct score_alert){.id = memory_text(r->id),
        .detector = memory_text(r->detector),
        .revision = -1,
        .trap = -1,
        .opened = r->time,
        .rank = budget_rank((uint32_t)r->score, r->amount),
        .offices = json_incref(r->offices)};
    s->n_alerts++;
    if (json_object_set_new(s->index, r->id, json_integer((json_int_t)s->n_alerts - 1)) != 0)
        memory_exhausted("the alerts");
    return a;
}

/* The set of what it names of a kind. */
static json_t *set_named(json_t *subjects, int kind)
{
    json_t *set = memory_need(json_object(), "the alerts"), *subject;
    size_t i;

    json_array_foreach(subjects, i, subject)
    {
        const char *word = json_string_value(json_object_get(subject, "kind"));
        const char *id = json_string_value(json_object_get(subject, "id"));

        if (word && id && truth_file_kind(word) == kind && json_object_set_new(set, id, json_true()) != 0)
            memory_exhausted("the alerts");
    }
    return set;
}

static void note_named(struct score *s, struct score_alert *a, json_t *subjects)
{
    const char *unit;
    json_t *value;

    json_decref(a->units);
    json_decref(a->orders);
    a->units = set_named(subjects, TRUTH_FILE_UNITS);
    a->orders = set_named(subjects, TRUTH_FILE_ORDERS);
    a->size = -1;
    json_object_foreach(a->units, unit, value)
    {
        if (a->size < 0)
            a->size = truth_file_size(&s->truth, unit);
    }
}

static void judge(struct score *s, const struct revision *r)
{
    struct score_alert *a = alert_of(s, r);
    bool is_true = false;

    find_named(s, r->subjects);
    for (size_t i = 0; i < s->truth.n_campaigns; i++) {
        const struct truth_case *c = &s->truth.campaigns[i];
        bool own = s->any || truth_case_of(c, r->detector, false);

        if (!s->named[i] || (!own && !truth_case_of(c, r->detector, !s->strict)))
            continue;
        if (r->time < c->start || !belongs(c, r->subjects))
            continue;
        is_true = true;
        credit(&s->campaigns[i].any, c, r);
        if (own)
            credit(&s->campaigns[i].own, c, r);
    }
    if (r->severity > a->severity)
        a->severity = r->severity;
    if (r->score > a->top)
        a->top = r->score;
    if (r->number < a->revision)
        return;
    a->revision = r->number;
    a->is_true = is_true;
    a->score = r->score;
    note_named(s, a, r->subjects);
    a->trap = -1;
    for (size_t i = 0; !is_true && i < s->truth.n_traps && a->trap < 0; i++) {
        if (s->named[s->truth.n_campaigns + i] && belongs(&s->truth.traps[i], r->subjects))
            a->trap = (int)i;
    }
}

void score_line(struct score *s, const char *line, size_t length)
{
    json_t *o = json_loadb(line, length, 0, NULL);
    const char *kind = json_string_value(json_object_get(o, "kind"));
    struct revision r;

    s->lines++;
    if (kind && strcmp(kind, "detection") != 0)
        s->system++;
    else if (!read_revision(&r, o))
        s->bad++;
    else
        judge(s, &r);
    json_decref(o);
}

static void take_line(void *score, const char *line, size_t length)
{
    if (length > 0)
        score_line(score, line, length);
}

int score_file(struct score *s, const char *path, struct error *err)
{
    return lines_read(path, take_line, s, err) ? -1 : 0;
}
