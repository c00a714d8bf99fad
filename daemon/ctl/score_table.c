#include "daemon/ctl/score_summary.h"

#include <inttypes.h>

static void print_rate(FILE *out, const struct score_rate *r)
{
    char text[128];

    if (r->of == 0)
        snprintf(text, sizeof text, "-");
    else
        snprintf(text, sizeof text, "%" PRId64 "/%" PRId64 " %.1f%% (%.0f-%.0f)", r->good, r->of,
            r->rate * 100, r->low * 100, r->high * 100);
    fprintf(out, "  %-23s", text);
}

static const struct summary_detector *row(const struct summary *m, size_t i, const char **name)
{
    const struct summary_detector *d = i < m->n_detectors ? &m->detector[i] : &m->all;

    *name = d->name ? d->name : "all";
    return d;
}

static void print_precision(const struct summary *m, FILE *out)
{
    fputs("precision (95 % interval): medium and above, high and above, false alerts\n", out);
    for (size_t i = 0; i <= m->n_detectors; i++) {
        const char *name;
        const struct summary_detector *d = row(m, i, &name);

        fprintf(out, "  %-18s", name);
        print_rate(out, &d->medium);
        print_rate(out, &d->high);
        fprintf(out, "  %" PRId64 "\n", d->false_medium);
    }
}

static void print_recall(const struct summary_recall *r, FILE *out)
{
    print_rate(out, &r->found);
    for (int g = 0; g < SUMMARY_GRADES; g++)
        print_rate(out, &r->grade[g]);
    print_rate(out, &r->in_parts);
    fputc('\n', out);
}

static void print_found(const struct summary *m, FILE *out)
{
    fputs("\ncampaigns found: all, naive, careful, adaptive, all in parts\n", out);
    for (size_t i = 0; i <= m->n_detectors; i++) {
        const char *name;
        const struct summary_detector *d = row(m, i, &name);

        fprintf(out, "  %-18s", name);
        print_recall(&d->own, out);
    }
    fprintf(out, "  %-18s", "by any detector");
    print_recall(&m->all.any, out);
}

static void print_delay(const struct summary_recall *r, FILE *out)
{
    if (r->alerted.good == 0) {
        fprintf(out, "  %8s\n", "-");
        return;
    }
    fprintf(out, "  %8.0f  %8.0f  %3.0f (%.0f-%.0f)  %3.0f%% (%.0f-%.0f)  %3.0f%% (%.0f-%.0f)\n",
        r->hours.value, r->events.value, r->orders.value, r->orders.low, r->orders.high,
        r->paid_before.value * 100, r->paid_before.low * 100, r->paid_before.high * 100,
        r->paid_before_alerted.value * 100, r->paid_before_alerted.low * 100,
        r->paid_before_alerted.high * 100);
}

static void print_delays(const struct summary *m, FILE *out)
{
    fprintf(out, "\ndelay to the first alert, median; money paid before it, and of alerted campaigns\n");
    fprintf(out, "  %-18s  %8s  %8s  %s\n", "", "hours", "events", "orders");
    for (size_t i = 0; i <= m->n_detectors; i++) {
        const char *name;
        const struct summary_detector *d = row(m, i, &name);

        fprintf(out, "  %-18s", name);
        print_delay(d->name ? &d->own : &d->any, out);
    }
}

static void print_kinds(const struct summary *m, FILE *out)
{
    fputs("\ncampaigns by kind: found by its own detector; naive, careful, adaptive by any; median orders to "
          "the "
          "first alert, money before it\n",
        out);
    for (size_t i = 0; i < m->n_kinds; i++) {
        const struct summary_kind *k = &m->kind[i];

        if (!k->detector)
            continue;
        fprintf(out, "  %-18s%-21s %3" PRId64 "/%-3" PRId64, k->detector, k->kind, k->own.found.good, k->of);
        for (int g = 0; g < SUMMARY_GRADES; g++)
            fprintf(out, "  %3" PRId64 "/%-3" PRId64, k->any.grade[g].good, k->any.grade[g].of);
        if (k->any.alerted.good > 0)
            fprintf(out, "  %4.0f  %3.0f%%", k->any.orders.value, k->any.paid_before.value * 100);
        fputc('\n', out);
    }
}

static void print_traps(const struct summary *m, FILE *out)
{
    fprintf(out, "\ntraps fired: %" PRId64 " of %" PRId64 "\n", m->traps.good, m->traps.of);
    for (size_t i = 0; i < m->n_kinds; i++) {
        if (!m->kind[i].detector && m->kind[i].fired > 0)
            fprintf(out, "  %-18s%-21s %3" PRId64 "/%" PRId64 "\n", "trap", m->kind[i].kind, m->kind[i].fired,
                m->kind[i].of);
    }
}

static void print_false(const struct summary *m, FILE *out)
{
    const struct score_value *v = &m->false_alerts.per_thousand;

    if (m->false_alerts.unit_months <= 0)
        return;
    fprintf(out, "\nfalse alerts of medium severity and above per 1,000 units a month: %.2f (%.2f-%.2f)",
        v->value, v->low, v->high);
    for (int k = 0; k < TRUTH_FILE_SIZES; k++) {
        v = &m->by_size[k].per_thousand;
        if (m->by_size[k].unit_months > 0)
            fprintf(
                out, "%s %s %.2f (%.2f-%.2f)", k ? "," : ";", truth_file_sizes[k], v->value, v->low, v->high);
    }
    fputc('\n', out);
}

static void print_rings(const struct summary_rings *r, FILE *out)
{
    if (r->rings == 0)
        return;
    fprintf(out,
        "\nrings alerted: %" PRId64
        "; purity %.3f (%.3f-%.3f), completeness %.3f (%.3f-%.3f), one id for life",
        r->rings, r->purity.value, r->purity.low, r->purity.high, r->completeness.value, r->completeness.low,
        r->completeness.high);
    print_rate(out, &r->one_id);
    fputc('\n', out);
}

static void print_ranking(const struct summary_ranking *r, FILE *out)
{
    fputs("\norders named: precision, recall, F1 ", out);
    print_rate(out, &r->order_precision);
    print_rate(out, &r->order_recall);
    fprintf(out,
        "  %.3f\naverage precision (area below precision over recall): orders %.3f, campaigns %.3f\n",
        r->order_f1, r->order_area, r->campaign_area);
    fprintf(out, "the ten highest of an office's day, %" PRId64 " days: right", r->office_days);
    print_rate(out, &r->at_ten);
    fprintf(out, "\ncalibration error of the scores: %.3f\n", r->calibration);
}

static void print_fdr(const struct summary_fdr *f, FILE *out)
{
    if (f->tests == 0)
        return;
    fprintf(out, "false discoveries by unit, detector and week (LORD++): estimated at most %.3f; measured",
        f->estimated);
    print_rate(out, &f->measured);
    fputc('\n', out);
}

void summary_print_table(const struct summary *m, FILE *out)
{
    fprintf(out, "%zu campaigns, %zu traps; %zu alerts in %" PRId64 " lines", m->n_campaigns, m->n_traps,
        m->n_alerts, m->lines);
    if (m->worlds > 1)
        fprintf(out, " of %zu worlds", m->worlds);
    if (m->bad)
        fprintf(out, ", %" PRId64 " lines that are no alert", m->bad);
    fputs("\n\n", out);
    print_precision(m, out);
    print_found(m, out);
    print_delays(m, out);
    print_kinds(m, out);
    print_traps(m, out);
    print_false(m, out);
    print_rings(&m->rings, out);
    print_ranking(&m->ranking, out);
    print_fdr(&m->fdr, out);
}
