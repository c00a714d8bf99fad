#include "daemon/base/memory.h"
#include "daemon/ctl/command.h"
#include "daemon/ctl/score_summary.h"

#include <stdlib.h>
#include <string.h>

struct request {
    struct option_texts truths;
    char *const *alerts; /* as many */
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

static int run(const struct command *self, void *request, char *const *operands)
{
    struct request *q = request;
    size_t n = 0;

    while (operands[n])
        n++;
    if (n != q->truths.count)
        return command_wrong(
            self, "%zu files of alerts for %zu --truth: each world needs both", n, q->truths.count);
    q->alerts = operands;
    return answer(self, q);
}

static const struct option_row options[] = {
    {OPTION_TEXTS, 0, "truth", "FILE",
        "truth.json, as `jianductl simulate` writes it; several worlds are added\n"
        "up, the first truth going with the first file of alerts, and so on",
        .at = offsetof(struct request, truths), .needed = true},
    {OPTION_FLAG, 'j', "json", NULL, "one JSON object instead of a table",
        .at = offsetof(struct request, json)},
    {OPTION_FLAG, 0, "list", NULL, "and every campaign that was missed, every false alert",
        .at = offsetof(struct request, list)},
    {OPTION_FLAG, 0, "any-detector", NULL,
        "an alert of any detector is right about any campaign: for baselines that\n"
        "know no kinds",
        .at = offsetof(struct request, any)},
    {OPTION_FLAG, 0, "strict", NULL,
        "further detectors that a campaign names in `also` do not make an alert\n"
        "true",
        .at = offsetof(struct request, strict)},
    {OPTION_NUMBER, 0, "units", "N", "size of the world, and", .at = offsetof(struct request, units),
        .max = INT64_MAX},
    {OPTION_NUMBER, 0, "days", "N", "its length, where the truth does not say: for the rate of false alerts",
        .at = offsetof(struct request, days), .max = INT64_MAX},
    {0},
};

const struct command command_score = {
    .name = "score",
    .summary = "Measures alerts against the truth of a simulated world.",
    .notes =
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
    .options = options,
    .operand = "ALERTS.ndjson",
    .operands_min = 1,
    .operands_max = 64,
    .asked_size = sizeof(struct request),
    .run = run,
};
