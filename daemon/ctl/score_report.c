#include "daemon/ctl/score_summary.h"

#include <inttypes.h>

/* ---- JSON ---- */

static json_t *real(int64_t value, int64_t scale)
{
    return json_real((double)value / (double)scale);
}

static json_t *rate_object(const struct score_rate *r)
{
    json_t *o = json_object();

    json_object_set_new(o, "good", json_integer(r->good));
    json_object_set_new(o, "of", json_integer(r->of));
    json_object_set_new(o, "rate", r->of ? real(r->rate, 10000) : json_null());
    json_object_set_new(o, "low", real(r->low, 10000));
    json_object_set_new(o, "high", real(r->high, 10000));
    return o;
}

static json_t *known(int64_t value)
{
    return value >= 0 ? json_integer(value) : json_null();
}

static json_t *detector_object(const struct summary_detector *d)
{
    json_t *o = json_object(), *precision = json_object(), *recall = json_object(), *delay = json_object();

    json_object_set_new(precision, "medium", rate_object(&d->medium));
    json_object_set_new(precision, "high", rate_object(&d->high));
    json_object_set_new(recall, "all", rate_object(&d->recall));
    for (int g = 0; g < SUMMARY_GRADES; g++)
        json_object_set_new(recall, summary_grades[g], rate_object(&d->grade[g]));
    json_object_set_new(recall, "in_parts", rate_object(&d->in_parts));
    json_object_set_new(delay, "median_ms", known(d->delay_ms));
    json_object_set_new(delay, "median_events", known(d->delay_events));
    json_object_set_new(delay, "median_orders", known(d->delay_orders));
    json_object_set_new(
        delay, "money_before", d->paid ? real(d->paid_before * 1000 / d->paid, 1000) : json_null());
    json_object_set_new(o, "alerts", json_integer(d->alerts));
    json_object_set_new(o, "precision", precision);
    json_object_set_new(o, "recall", recall);
    json_object_set_new(o, "false_alerts", json_integer(d->false_medium));
    json_object_set_new(o, "delay", delay);
    return o;
}

static json_t *kinds_array(const struct summary *m, bool campaigns)
{
    json_t *a = json_array();

    for (size_t i = 0; i < m->n_kinds; i++) {
        const struct summary_kind *k = &m->kind[i];
        json_t *o;

        if ((k->detector != NULL) != campaigns)
            continue;
        o = json_object();
        if (campaigns)
            json_object_set_new(o, "detector", json_string(k->detector));
        json_object_set_new(o, "kind", json_string(k->kind));
        json_object_set_new(o, campaigns ? "found" : "fired", json_integer(k->good));
        json_object_set_new(o, "of", json_integer(k->of));
        json_array_append_new(a, o);
    }
    return a;
}

int summary_print_json(const struct summary *m, const struct score *s, FILE *out, struct error *err)
{
    json_t *o = json_object(), *detectors = json_object(), *traps = json_object();
    int status;

    for (size_t i = 0; i < m->n_detectors; i++)
        json_object_set_new(detectors, m->detector[i].name, detector_object(&m->detector[i]));
    json_object_set_new(traps, "of", json_integer(m->traps));
    json_object_set_new(traps, "fired", json_integer(m->traps_fired));
    json_object_set_new(traps, "kinds", kinds_array(m, false));
    json_object_set_new(o, "lines", json_integer(s->lines));
    json_object_set_new(o, "bad_lines", json_integer(s->bad));
    json_object_set_new(o, "system_alerts", json_integer(s->system));
    json_object_set_new(o, "campaigns", json_integer((json_int_t)s->truth.n_campaigns));
    json_object_set_new(o, "all", detector_object(&m->all));
    json_object_set_new(o, "detectors", detectors);
    json_object_set_new(o, "kinds", kinds_array(m, true));
    json_object_set_new(o, "traps", traps);
    json_object_set_new(o, "false_alerts_per_1000_units_month",
        m->false_per_thousand >= 0 ? real(m->false_per_thousand, 100) : json_null());
    status = json_dumpf(o, out, JSON_INDENT(1) | JSON_REAL_PRECISION(6));
    json_decref(o);
    if (status != 0)
        return error_set(err, "cannot write the report");
    fputc('\n', out);
    return 0;
}

/* ---- table ---- */

static void print_rate(FILE *out, const struct score_rate *r)
{
    char text[128];

    if (r->of == 0)
        snprintf(text, sizeof text, "-");
    else
        snprintf(text, sizeof text,
            "%" PRId64 "/%" PRId64 " %" PRId64 ".%" PRId64 "%% (%" PRId64 "-%" PRId64 ")", r->good, r->of,
            r->rate / 100, r->rate % 100 / 10, r->low / 100, (r->high + 50) / 100);
    fprintf(out, "  %-24s", text);
}

static void print_detectors(const struct summary *m, FILE *out, const char *title, bool precision)
{
    fprintf(out, "%s\n", title);
    for (size_t i = 0; i <= m->n_detectors; i++) {
        const struct summary_detector *d = i < m->n_detectors ? &m->detector[i] : &m->all;

        fprintf(out, "  %-18s", i < m->n_detectors ? d->name : "all");
        print_rate(out, precision ? &d->medium : &d->recall);
        if (precision) {
            print_rate(out, &d->high);
            fprintf(out, "  %" PRId64 "\n", d->false_medium);
            continue;
        }
        for (int g = 0; g < SUMMARY_GRADES; g++)
            print_rate(out, &d->grade[g]);
        print_rate(out, &d->in_parts);
        fputc('\n', out);
    }
}

static void print_delays(const struct summary *m, FILE *out)
{
    fprintf(out, "delay to the first alert, median\n  %-18s  %8s  %8s  %8s  %s\n", "", "hours", "events",
        "orders", "money paid before");
    for (size_t i = 0; i <= m->n_detectors; i++) {
        const struct summary_detector *d = i < m->n_detectors ? &m->detector[i] : &m->all;

        fprintf(out, "  %-18s", i < m->n_detectors ? d->name : "all");
        if (d->delay_ms < 0) {
            fprintf(out, "  %8s\n", "-");
            continue;
        }
        fprintf(out, "  %8" PRId64 "  %8" PRId64 "  %8" PRId64 "  %" PRId64 "%%\n", d->delay_ms / 3600000,
            d->delay_events, d->delay_orders, d->paid ? d->paid_before * 100 / d->paid : 0);
    }
}

static void print_kinds(const struct summary *m, FILE *out, bool campaigns)
{
    for (size_t i = 0; i < m->n_kinds; i++) {
        const struct summary_kind *k = &m->kind[i];

        if ((k->detector != NULL) == campaigns && (campaigns || k->good > 0))
            fprintf(out, "  %-18s  %-18s %" PRId64 "/%" PRId64 "\n", k->detector ? k->detector : "trap",
                k->kind, k->good, k->of);
    }
}

void summary_print_table(const struct summary *m, const struct score *s, FILE *out)
{
    fprintf(out, "%zu campaigns, %zu traps; %zu alerts in %" PRId64 " lines", s->truth.n_campaigns,
        s->truth.n_traps, s->n_alerts, s->lines);
    if (s->bad)
        fprintf(out, ", %" PRId64 " lines that are no alert", s->bad);
    fputs("\n\n", out);
    print_detectors(
        m, out, "precision (95 % interval): medium and above, high and above, false alerts", true);
    print_detectors(m, out, "\ncampaigns found: all, naive, careful, adaptive, all in parts", false);
    fputc('\n', out);
    print_delays(m, out);
    fputs("\ncampaigns found by kind\n", out);
    print_kinds(m, out, true);
    fprintf(out, "\ntraps fired: %" PRId64 " of %" PRId64 "\n", m->traps_fired, m->traps);
    print_kinds(m, out, false);
    if (m->false_per_thousand >= 0)
        fprintf(out,
            "\nfalse alerts of medium severity and above per 1,000 units a month: %" PRId64 ".%02" PRId64
            "\n",
            m->false_per_thousand / 100, m->false_per_thousand % 100);
}
