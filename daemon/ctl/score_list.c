#include "daemon/ctl/score_summary.h"

static void print_missed(const struct score *s, size_t world, FILE *out)
{
    for (size_t i = 0; i < s->truth.n_campaigns; i++) {
        const struct truth_case *c = &s->truth.campaigns[i];
        const struct score_finding *f = &s->campaigns[i].any;

        if (f->found)
            continue;
        fprintf(out, "missed  %zu  %s  %s  %s  %s  %zu units%s\n", world, c->id ? c->id : "-", c->detector,
            c->kind, c->grade, json_object_size(c->member[TRUTH_FILE_UNITS]),
            f->first >= 0 ? ", alerted in part" : "");
    }
}

static void print_false(const struct score *s, size_t world, FILE *out)
{
    for (size_t i = 0; i < s->n_alerts; i++) {
        const struct score_alert *a = &s->alerts[i];

        if (a->is_true || a->severity < SCORE_MEDIUM)
            continue;
        fprintf(out, "false  %zu  %s  %s  score %d  %s\n", world, a->id, a->detector, a->score,
            a->trap >= 0 ? s->truth.traps[a->trap].kind : "no look-alike");
    }
}

void summary_print_list(const struct score *s, size_t n, FILE *out)
{
    fputs("\nwhat went wrong: world, id, detector, kind\n", out);
    for (size_t w = 0; w < n; w++) {
        print_missed(&s[w], w + 1, out);
        print_false(&s[w], w + 1, out);
    }
}
