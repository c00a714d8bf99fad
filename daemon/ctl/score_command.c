#include "daemon/base/memory.h"
#include "daemon/ctl/command.h"
#include "daemon/ctl/score_summary.h"

#include <stdlib.h>
#include <string.h>

struct request {
    struct command_list truths;
    char **alerts; /* as many */
    int64_t units, days;
    bool json, list, strict, any;
};

static int judge(const struct request *q, size_t i, struct score *score, struct error *err)
{
    if (score_init(score, q->truths.item[i], err) != 0)
        return -1;
    score->strict = q->strict;
    score->any = q->any;
    return score_file(score, q->alerts[i], err);
}

static int answer(const struct command *self, const struct request *q)
{
    size_t n = q->truths.count;
    struct score *scores = memory_zeroed(n, sizeof *scores, "the score");
    struct summary *summary = memory_zeroed(1, sizeof *summary, "the score");
    struct error err = {{0}};
    int code = 0;

    for (size_t i = 0; i < n && code == 0; i++) {
        if (judge(q, i, &scores[i], &err) != 0)
            code = command_fail(self, EX_DATAERR, "%s", err.text);
    }
    if (code != 0)
        goto out;
    summary_make(summary, scores, n, q->units, q->days);
    if (!q->json)
        summary_print_table(summary, stdout);
    else if (summary_print_json(summary, stdout, &err) != 0)
        code = command_fail(self, EX_IOERR, "%s", err.text);
    if (q->list && !q->json)
        summary_print_list(scores, n, stdout);
    if (summary->bad)
        fprintf(stderr, "jianductl score: %lld lines are no alert\n", (long long)summary->bad);
out:
    for (size_t i = 0; i < n; i++)
        score_fini(&scores[i]);
    free(scores);
    free(summary);
    return code;
}

static int run(const struct command *self, int argc, char **argv)
{
    static const struct option options[] = {
        {"truth", required_argument, NULL, 't'},
        {"json", no_argument, NULL, 'j'},
        {"list", no_argument, NULL, 'l'},
        {"strict", no_argument, NULL, 's'},
        {"any-detector", no_argument, NULL, 'a'},
        {"units", required_argument, NULL, 'u'},
        {"days", required_argument, NULL, 'd'},
        {"help", no_argument, NULL, 'h'},
        {0},
    };
    struct request q = {.json = false};
    int c;

    while ((c = getopt_long(argc, argv, "h", options, NULL)) != -1) {
        if (c == 't')
            command_list_add(&q.truths, optarg);
        else if (c == 'j')
            q.json = true;
        else if (c == 'l')
            q.list = true;
        else if (c == 's')
            q.strict = true;
        else if (c == 'a')
            q.any = true;
        else if (c == 'u')
            q.units = strtoll(optarg, NULL, 10);
        else if (c == 'd')
            q.days = strtoll(optarg, NULL, 10);
        else
            return c == 'h' ? command_help(self) : command_usage(self);
    }
    if (q.truths.count == 0 || (size_t)(argc - optind) != q.truths.count || q.units < 0 || q.days < 0)
        return command_usage(self);
    q.alerts = argv + optind;
    return answer(self, &q);
}

const struct command command_score = {
    .name = "score",
    .arguments = "--truth FILE [--truth FILE ...] [--json | --list] [--strict] [--any-detector] [--units N] "
                 "[--days N]\n"
                 "                       ALERTS.ndjson|- [ALERTS.ndjson ...]",
    .summary = "Measures alerts against the truth of a simulated world.",
    .help =
        "  --truth FILE   truth.json, as `jianductl simulate` writes it; several worlds are added up, the "
        "first\n"
        "                 truth going with the first file of alerts, and so on\n"
        "  --json         one JSON object instead of a table\n"
        "  --list         and every campaign that was missed, every false alert\n"
        "  --any-detector an alert of any detector is right about any campaign: for baselines that know no "
        "kinds\n"
        "  --strict       further detectors that a campaign names in `also` do not make an alert true\n"
        "  --units N      size of the world, and\n"
        "  --days N       its length, where the truth does not say: for the rate of false alerts\n"
        "\n"
        "An alert belongs to a campaign (or trap) when its subject of role \"subject\" is a member of it (a\n"
        "supplier only together with another unit, account or order of it), or when at least half of the\n"
        "units, accounts and orders that it names are members. It is true when it belongs to a campaign of\n"
        "its own detector (or one that names it in `also`) that has begun; its members and severity are\n"
        "those of its last revision. A false alert of medium severity or more that belongs to a trap has\n"
        "fired the trap.\n"
        "\n"
        "A campaign is found when one alert of its detector, of medium severity or more, names at least\n"
        "half of its units (accounts, orders, where it has none) not later than a day after its end; by any\n"
        "detector, when one that it names in `also` does; in parts, when several alerts do so together. The\n"
        "delay runs to the first such alert that belongs to it. Each office reads ten alerts of a day,\n"
        "those that rank highest by score x log of the money. Average precision is the area below precision\n"
        "over recall as the score sinks. False discoveries are estimated by LORD++ over p-values of units "
        "by\n"
        "week, calibrated on those of the first weeks that are in no campaign. In brackets:\n"
        "the 95 % interval (Wilson's for shares, Byar's for rates, bootstrap over campaigns for the "
        "others).\n",
    .run = run,
};
