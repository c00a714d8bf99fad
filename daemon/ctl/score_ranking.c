#include "daemon/base/memory.h"
#include "daemon/ctl/score_summary.h"
#include "detectors/detector.h"

#include <stdlib.h>
#include <string.h>

enum { TOP = 10, SCORES = 101 };

static bool is_shown(const struct score_alert *a)
{
    return a->severity >= SCORE_MEDIUM;
}

/* ---- the curve of precision over recall ---- */

/* How many are at each score. */
struct curve {
    int64_t named[SCORES], right[SCORES];
    int64_t found[SCORES]; /* of those to be found */
    int64_t all;           /* to be found */
};

static double area_below(const struct curve *c)
{
    double area = 0;
    int64_t named = 0, right = 0;

    for (int score = SCORES - 1; score >= 0; score--) {
        named += c->named[score];
        right += c->right[score];
        if (named > 0 && c->all > 0)
            area += (double)c->found[score] / (double)c->all * (double)right / (double)named;
    }
    return area;
}

static void add_campaigns(struct curve *curve, const struct score *s)
{
    for (size_t i = 0; i < s->n_alerts; i++) {
        const struct score_alert *a = &s->alerts[i];

        if (!is_shown(a))
            continue;
        curve->named[a->top]++;
        curve->right[a->top] += a->is_true;
    }
    for (size_t i = 0; i < s->truth.n_campaigns; i++) {
        if (s->campaigns[i].any.first >= 0)
            curve->found[s->campaigns[i].any.top]++;
    }
    curve->all += (int64_t)s->truth.n_campaigns;
}

/* Each order that an alert names -> the highest score of such an alert. */
static json_t *score_orders(const struct score *s)
{
    json_t *scores = memory_need(json_object(), "the orders"), *value;
    const char *order;

    for (size_t i = 0; i < s->n_alerts; i++) {
        const struct score_alert *a = &s->alerts[i];

        if (!is_shown(a))
            continue;
        json_object_foreach(a->orders, order, value)
        {
            json_t *known = json_object_get(scores, order);

            if (known && json_integer_value(known) >= a->top)
                continue;
            if (json_object_set_new(scores, order, json_integer(a->top)) != 0)
                memory_exhausted("the orders");
        }
    }
    return scores;
}

static void add_orders(struct curve *curve, const struct score *s)
{
    json_t *scores = score_orders(s), *score, *value;
    const char *order;

    json_object_foreach(scores, order, score)
    {
        curve->named[json_integer_value(score)]++;
    }
    for (size_t i = 0; i < s->truth.n_campaigns; i++) {
        json_t *members = s->truth.campaigns[i].member[TRUTH_FILE_ORDERS];

        curve->all += (int64_t)json_object_size(members);
        json_object_foreach(members, order, value)
        {
            score = json_object_get(scores, order);
            if (!score)
                continue;
            curve->right[json_integer_value(score)]++;
            curve->found[json_integer_value(score)]++;
        }
    }
    json_decref(scores);
}

static void rate_orders(struct summary_ranking *r, const struct curve *c)
{
    int64_t named = 0, right = 0;
    double sum;

    for (int score = 0; score < SCORES; score++) {
        named += c->named[score];
        right += c->right[score];
    }
    r->order_precision = score_rate(right, named);
    r->order_recall = score_rate(right, c->all);
    sum = r->order_precision.rate + r->order_recall.rate;
    r->order_f1 = sum > 0 ? 2 * r->order_precision.rate * r->order_recall.rate / sum : 0;
    r->order_area = area_below(c);
}

/* ---- what an office reads first ---- */

struct reading {
    const char *office;
    int64_t day;
    const struct score_alert *alert;
};

static int by_rank(const void *a, const void *b)
{
    const struct reading *x = a, *y = b;
    int office = strcmp(x->office, y->office);

    if (office != 0)
        return office;
    if (x->day != y->day)
        return x->day < y->day ? -1 : 1;
    if (x->alert->rank != y->alert->rank)
        return x->alert->rank > y->alert->rank ? -1 : 1;
    return strcmp(x->alert->id, y->alert->id);
}

static size_t list_readings(const struct score *s, struct reading **list)
{
    size_t used = 0, room = 0, k;
    json_t *office;

    *list = NULL;
    for (size_t i = 0; i < s->n_alerts; i++) {
        const struct score_alert *a = &s->alerts[i];

        if (!is_shown(a))
            continue;
        json_array_foreach(a->offices, k, office)
        {
            if (!json_is_string(office))
                continue;
            *list = memory_grow(*list, &room, used + 1, sizeof **list);
            (*list)[used++] = (struct reading){json_string_value(office), jd_day(a->opened), a};
        }
    }
    return used;
}

static void count_top(struct summary_ranking *r, const struct score *s)
{
    struct reading *list;
    size_t n = list_readings(s, &list), place = 0;

    if (n > 0)
        qsort(list, n, sizeof *list, by_rank);
    for (size_t i = 0; i < n; i++) {
        bool same = i > 0 && list[i].day == list[i - 1].day && !strcmp(list[i].office, list[i - 1].office);

        place = same ? place + 1 : 0;
        r->office_days += !same;
        if (place >= TOP)
            continue;
        r->at_ten.of++;
        r->at_ten.good += list[i].alert->is_true;
    }
    free(list);
}

/* ---- what a score means ---- */

static void calibrate(struct summary_ranking *r, const struct score *s)
{
    for (size_t i = 0; i < s->n_alerts; i++) {
        const struct score_alert *a = &s->alerts[i];
        int bin = a->score > 99 ? 9 : a->score / 10;

        r->bin[bin].alerts++;
        r->bin[bin].right += a->is_true;
        r->bin[bin].score += a->score;
    }
}

static void rate_calibration(struct summary_ranking *r)
{
    double off = 0, all = 0;

    for (int i = 0; i < 10; i++) {
        double gap = (double)r->bin[i].score / 100 - (double)r->bin[i].right;

        off += gap > 0 ? gap : -gap;
        all += (double)r->bin[i].alerts;
    }
    r->calibration = all > 0 ? off / all : 0;
}

struct summary_ranking summary_ranking_of(const struct score *s, size_t n)
{
    struct summary_ranking r = {.office_days = 0};
    struct curve orders = {.all = 0}, campaigns = {.all = 0};

    for (size_t w = 0; w < n; w++) {
        add_orders(&orders, &s[w]);
        add_campaigns(&campaigns, &s[w]);
        count_top(&r, &s[w]);
        calibrate(&r, &s[w]);
    }
    rate_orders(&r, &orders);
    r.campaign_area = area_below(&campaigns);
    r.at_ten = score_rate(r.at_ten.good, r.at_ten.of);
    rate_calibration(&r);
    return r;
}
