#include "daemon/base/memory.h"
#include "daemon/ctl/command.h"
#include "daemon/ctl/score_summary.h"

#include <stdlib.h>
#include <string.h>

struct request {
    const char *truth, *alerts;
    int64_t units, days;
    bool json, strict;
};

static int answer(const struct command *self, const struct request *q)
{
    struct score *score = memory_zeroed(1, sizeof *score, "the score");
    struct summary *summary = memory_zeroed(1, sizeof *summary, "the score");
    struct error err = {{0}};
    int code = EX_DATAERR;

    if (score_init(score, q->truth, &err) != 0)
        goto fail;
    score->strict = q->strict;
    if (score_file(score, q->alerts, &err) != 0)
        goto fail;
    summary_make(summary, score, q->units, q->days);
    code = 0;
    if (!q->json)
        summary_print_table(summary, score, stdout);
    else if (summary_print_json(summary, score, stdout, &err) != 0)
        code = command_fail(self, EX_IOERR, "%s", err.text);
    if (score->bad)
        fprintf(stderr, "jianductl score: %lld lines are no alert\n", (long long)score->bad);
    goto out;
fail:
    command_fail(self, code, "%s", err.text);
out:
    score_fini(score);
    free(score);
    free(summary);
    return code;
}

static int run(const struct command *self, int argc, char **argv)
{
    static const struct option options[] = {
        {"truth", required_argument, NULL, 't'},
        {"json", no_argument, NULL, 'j'},
        {"strict", no_argument, NULL, 's'},
        {"units", required_argument, NULL, 'u'},
        {"days", required_argument, NULL, 'd'},
        {"help", no_argument, NULL, 'h'},
        {0},
    };
    struct request q = {.truth = NULL};
    int c;

    while ((c = getopt_long(argc, argv, "h", options, NULL)) != -1) {
        if (c == 't')
            q.truth = optarg;
        else if (c == 'j')
            q.json = true;
        else if (c == 's')
            q.strict = true;
        else if (c == 'u')
            q.units = strtoll(optarg, NULL, 10);
        else if (c == 'd')
            q.days = strtoll(optarg, NULL, 10);
        else
            return c == 'h' ? command_help(self) : command_usage(self);
    }
    if (!q.truth || argc - optind != 1 || q.units < 0 || q.days < 0)
        return command_usage(self);
    q.alerts = argv[optind];
    return answer(self, &q);
}

const struct command command_score = {
    .name = "score",
    .arguments = "--truth FILE [--json] [--strict] [--units N] [--days N] ALERTS.ndjson|-",
    .summary = "Measures alerts against the truth of a simulated world.",
    .help =
        "  --truth FILE   truth.json, as `jianductl simulate` writes it\n"
        "  --json         one JSON object instead of a table\n"
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
        "half of its units (accounts, orders, where it has none) not later than a day after its end; in\n"
        "parts, when several alerts do so together. The delay runs to the first such alert that belongs to\n"
        "it. In brackets: the 95 % interval (Wilson).\n",
    .run = run,
};
