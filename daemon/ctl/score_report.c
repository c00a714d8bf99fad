#include "daemon/ctl/score_summary.h"

static json_t *rate_object(const struct score_rate *r)
{
    json_t *o = json_object();

    json_object_set_new(o, "good", json_integer(r->good));
    json_object_set_new(o, "of", json_integer(r->of));
    json_object_set_new(o, "rate", r->of ? json_real(r->rate) : json_null());
    json_object_set_new(o, "low", json_real(r->low));
    json_object_set_new(o, "high", json_real(r->high));
    return o;
}

static json_t *value_object(const struct score_value *v, bool known)
{
    json_t *o = json_object();

    json_object_set_new(o, "value", known ? json_real(v->value) : json_null());
    json_object_set_new(o, "low", known ? json_real(v->low) : json_null());
    json_object_set_new(o, "high", known ? json_real(v->high) : json_null());
    return o;
}

static json_t *recall_object(const struct summary_recall *r)
{
    json_t *o = json_object();

    json_object_set_new(o, "all", rate_object(&r->found));
    for (int g = 0; g < SUMMARY_GRADES; g++)
        json_object_set_new(o, summary_grades[g], rate_object(&r->grade[g]));
    json_object_set_new(o, "in_parts", rate_object(&r->in_parts));
    json_object_set_new(o, "alerted", rate_object(&r->alerted));
    return o;
}

static json_t *delay_object(const struct summary_recall *r)
{
    json_t *o = json_object(), *intervals = json_object();
    bool known = r->alerted.good > 0;

    json_object_set_new(o, "median_ms", known ? json_real(r->hours.value * 3600000) : json_null());
    json_object_set_new(o, "median_events", known ? json_real(r->events.value) : json_null());
    json_object_set_new(o, "median_orders", known ? json_real(r->orders.value) : json_null());
    json_object_set_new(o, "money_before", r->found.of ? json_real(r->paid_before.value) : json_null());
    json_object_set_new(o, "intervals", intervals);
    json_object_set_new(intervals, "median_hours", value_object(&r->hours, known));
    json_object_set_new(intervals, "median_events", value_object(&r->events, known));
    json_object_set_new(intervals, "median_orders", value_object(&r->orders, known));
    json_object_set_new(intervals, "money_before", value_object(&r->paid_before, r->found.of > 0));
    json_object_set_new(intervals, "money_before_alerted", value_object(&r->paid_before_alerted, known));
    return o;
}

static json_t *detector_object(const struct summary_detector *d, bool all)
{
    json_t *o = json_object(), *precision = json_object();

    json_object_set_new(precision, "medium", rate_object(&d->medium));
    json_object_set_new(precision, "high", rate_object(&d->high));
    json_object_set_new(o, "alerts", json_integer(d->alerts));
    json_object_set_new(o, "precision", precision);
    json_object_set_new(o, "false_alerts", json_integer(d->false_medium));
    json_object_set_new(o, "recall", recall_object(&d->own));
    json_object_set_new(o, "recall_by_any", recall_object(&d->any));
    json_object_set_new(o, "delay", delay_object(all ? &d->any : &d->own));
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
        json_object_set_new(o, "kind", json_string(k->kind));
        json_object_set_new(o, "of", json_integer(k->of));
        json_array_append_new(a, o);
        if (!campaigns) {
            json_object_set_new(o, "fired", json_integer(k->fired));
            continue;
        }
        json_object_set_new(o, "detector", json_string(k->detector));
        json_object_set_new(o, "found", json_integer(k->own.found.good));
        json_object_set_new(o, "recall", recall_object(&k->own));
        json_object_set_new(o, "recall_by_any", recall_object(&k->any));
        json_object_set_new(o, "delay", delay_object(&k->any));
    }
    return a;
}

static json_t *false_object(const struct summary *m)
{
    json_t *o = json_object(), *sizes = json_object();

    json_object_set_new(
        o, "all", value_object(&m->false_alerts.per_thousand, m->false_alerts.unit_months > 0));
    for (int k = 0; k < TRUTH_FILE_SIZES; k++)
        json_object_set_new(sizes, truth_file_sizes[k],
            value_object(&m->by_size[k].per_thousand, m->by_size[k].unit_months > 0));
    json_object_set_new(o, "by_unit_size", sizes);
    return o;
}

static json_t *rings_object(const struct summary_rings *r)
{
    json_t *o = json_object();

    json_object_set_new(o, "rings", json_integer(r->rings));
    json_object_set_new(o, "alerts", json_integer(r->alerts));
    json_object_set_new(o, "purity", value_object(&r->purity, r->alerts > 0));
    json_object_set_new(o, "completeness", value_object(&r->completeness, r->rings > 0));
    json_object_set_new(o, "one_id", rate_object(&r->one_id));
    return o;
}

static json_t *orders_object(const struct summary_ranking *r)
{
    json_t *o = json_object();

    json_object_set_new(o, "precision", rate_object(&r->order_precision));
    json_object_set_new(o, "recall", rate_object(&r->order_recall));
    json_object_set_new(o, "f1", json_real(r->order_f1));
    json_object_set_new(o, "average_precision", json_real(r->order_area));
    return o;
}

static json_t *ranking_object(const struct summary_ranking *r)
{
    json_t *o = json_object();

    json_object_set_new(o, "average_precision", json_real(r->campaign_area));
    json_object_set_new(o, "precision_at_10", rate_object(&r->at_ten));
    json_object_set_new(o, "office_days", json_integer(r->office_days));
    return o;
}

static json_t *calibration_object(const struct summary_ranking *c)
{
    json_t *o = json_object(), *bins = json_array();

    for (int i = 0; i < 10; i++) {
        double n = (double)c->bin[i].alerts;
        json_t *bin;

        if (c->bin[i].alerts == 0)
            continue;
        bin = json_object();
        json_object_set_new(bin, "alerts", json_integer(c->bin[i].alerts));
        json_object_set_new(bin, "mean_score", json_real((double)c->bin[i].score / 100 / n));
        json_object_set_new(bin, "right", json_real((double)c->bin[i].right / n));
        json_array_append_new(bins, bin);
    }
    json_object_set_new(o, "error", json_real(c->calibration));
    json_object_set_new(o, "bins", bins);
    return o;
}

static json_t *fdr_object(const struct summary_fdr *f)
{
    json_t *o = json_object();

    json_object_set_new(o, "tests", json_integer(f->tests));
    json_object_set_new(o, "calibration_unit_weeks", json_integer(f->calibration));
    json_object_set_new(o, "estimated", f->measured.of ? json_real(f->estimated) : json_null());
    json_object_set_new(o, "measured", rate_object(&f->measured));
    return o;
}

int summary_print_json(const struct summary *m, FILE *out, struct error *err)
{
    json_t *o = json_object(), *detectors = json_object(), *traps = json_object();
    int status;

    for (size_t i = 0; i < m->n_detectors; i++)
        json_object_set_new(detectors, m->detector[i].name, detector_object(&m->detector[i], false));
    json_object_set_new(traps, "of", json_integer(m->traps.of));
    json_object_set_new(traps, "fired", json_integer(m->traps.good));
    json_object_set_new(traps, "rate", rate_object(&m->traps));
    json_object_set_new(traps, "kinds", kinds_array(m, false));
    json_object_set_new(o, "worlds", json_integer((json_int_t)m->worlds));
    json_object_set_new(o, "lines", json_integer(m->lines));
    json_object_set_new(o, "bad_lines", json_integer(m->bad));
    json_object_set_new(o, "system_alerts", json_integer(m->system));
    json_object_set_new(o, "campaigns", json_integer((json_int_t)m->n_campaigns));
    json_object_set_new(o, "all", detector_object(&m->all, true));
    json_object_set_new(o, "detectors", detectors);
    json_object_set_new(o, "kinds", kinds_array(m, true));
    json_object_set_new(o, "traps", traps);
    json_object_set_new(o, "rings", rings_object(&m->rings));
    json_object_set_new(o, "orders", orders_object(&m->ranking));
    json_object_set_new(o, "ranking", ranking_object(&m->ranking));
    json_object_set_new(o, "calibration", calibration_object(&m->ranking));
    json_object_set_new(o, "false_discovery", fdr_object(&m->fdr));
    json_object_set_new(o, "false_alerts_per_1000_units_month",
        m->false_alerts.unit_months > 0 ? json_real(m->false_alerts.per_thousand.value) : json_null());
    json_object_set_new(o, "false_alert_intervals", false_object(m));
    status = json_dumpf(o, out, JSON_INDENT(1) | JSON_REAL_PRECISION(6));
    json_decref(o);
    if (status != 0)
        return error_set(err, "cannot write the report");
    fputc('\n', out);
    return 0;
}
