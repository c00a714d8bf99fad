/* What `make quality` prints last, from its quality.json: the runs beside each other, what each signal is
 * worth, and how far the targets are met. The targets go into the file too.
 *
 *   report build/quality.json */
#include <jansson.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* The value at a path of members, e.g. "all", "recall_by_any", "naive", "rate"; NULL ends it. */
static json_t *at(const json_t *o, ...)
{
    json_t *value = (json_t *)(uintptr_t)o;
    const char *name;
    va_list names;

    va_start(names, o);
    while ((name = va_arg(names, const char *)))
        value = json_object_get(value, name);
    va_end(names);
    return value;
}

static double number(const json_t *value)
{
    return json_is_number(value) ? json_number_value(value) : 0;
}

/* ---- the runs ---- */

static void print_share(const json_t *rate)
{
    if (!json_is_number(at(rate, "rate", NULL)))
        printf("  %13s", "-");
    else
        printf("  %5.1f (%2.0f-%3.0f)", 100 * number(at(rate, "rate", NULL)),
            100 * number(at(rate, "low", NULL)), 100 * number(at(rate, "high", NULL)));
}

static void print_run(const char *name, const json_t *score)
{
    static const char *const grades[] = {"naive", "careful", "adaptive"};
    const json_t *all = at(score, "all", NULL);

    printf("  %-22s", name);
    print_share(at(all, "precision", "medium", NULL));
    print_share(at(all, "precision", "high", NULL));
    for (int g = 0; g < 3; g++)
        print_share(at(all, "recall_by_any", grades[g], NULL));
    printf(
        "  %4.0f/%-4.0f", number(at(score, "traps", "fired", NULL)), number(at(score, "traps", "of", NULL)));
    printf("  %6.2f", number(at(score, "false_alerts_per_1000_units_month", NULL)));
    printf("  %5.0f", 100 * number(at(all, "delay", "money_before", NULL)));
    printf("  %5.0f\n", 100 * number(at(all, "delay", "intervals", "money_before_alerted", "value", NULL)));
}

static void print_runs(const json_t *root)
{
    static const char *const rates[] = {"dense", "high", "low"}, *const registries[] = {"with", "without"};

    printf("\nthe runs beside each other, percent (95 %% interval)\n  %-22s  %-13s  %-13s  %-13s  %-13s  "
           "%-13s  %-9s  "
           "%6s  %5s  %5s\n",
        "", "precision", "high+", "naive", "careful", "adaptive", "traps", "false", "money", "of alerted");
    for (int r = 0; r < 3; r++) {
        for (int k = 0; k < 2; k++) {
            char name[64];

            snprintf(name, sizeof name, "%s, %s registries", rates[r], registries[k]);
            print_run(name, at(root, "runs", rates[r], registries[k], NULL));
        }
    }
    print_run("any signal, dense", at(root, "runs", "dense", "any", NULL));
    print_run("single rules, dense", at(root, "baselines", "rules", NULL));
    print_run("MIDAS-R, dense", at(root, "baselines", "midas", NULL));
    puts("  naive, careful, adaptive: campaigns found by any detector that is right about them; false: "
         "alerts a month per "
         "1,000 units;\n  money: paid before the first alert, a campaign without one counting whole, and of "
         "alerted ones;\n  any signal: as if each signal were an alert by itself, the most that fusion could "
         "reach");
}

/* ---- ablation ---- */

static double found(const json_t *score)
{
    return number(at(score, "all", "recall_by_any", "all", "good", NULL));
}

static void print_losses(const json_t *full, const json_t *without)
{
    json_t *kind;
    size_t i;

    json_array_foreach(at(full, "kinds", NULL), i, kind)
    {
        const json_t *other = json_array_get(at(without, "kinds", NULL), i);
        double lost = number(at(kind, "recall_by_any", "all", "good", NULL)) -
                      number(at(other, "recall_by_any", "all", "good", NULL));

        if (lost != 0)
            printf("  %s %+.0f", json_string_value(at(kind, "kind", NULL)), -lost);
    }
    putchar('\n');
}

static void print_ablation(const json_t *root)
{
    const json_t *full = at(root, "runs", "dense", "with", NULL);
    json_t *one;
    size_t i;

    if (json_array_size(at(root, "ablation", NULL)) == 0)
        return;
    printf("\nwithout one signal (dense, with registries): campaigns found, precision, traps fired; changes "
           "by kind\n");
    printf("  %-18s %-6s %5.0f  %5.1f  %3.0f\n", "all signals", "", found(full),
        100 * number(at(full, "all", "precision", "medium", "rate", NULL)),
        number(at(full, "traps", "fired", NULL)));
    json_array_foreach(at(root, "ablation", NULL), i, one)
    {
        const json_t *score = at(one, "score", NULL);

        printf("  %-18s %-6s %+5.0f  %5.1f  %3.0f", json_string_value(at(one, "detector", NULL)),
            json_string_value(at(one, "signal", NULL)), found(score) - found(full),
            100 * number(at(score, "all", "precision", "medium", "rate", NULL)),
            number(at(score, "traps", "fired", NULL)));
        print_losses(full, score);
    }
}

/* ---- targets ---- */

static void target(json_t *list, const char *name, const json_t *value, double limit, int at_least)
{
    double x = number(value);
    int met = json_is_number(value) && (at_least ? x >= limit : x <= limit);
    json_t *o = json_object();

    json_object_set_new(o, "name", json_string(name));
    json_object_set_new(o, at_least ? "at_least" : "at_most", json_real(limit));
    json_object_set_new(o, "value", json_is_number(value) ? json_real(x) : json_null());
    json_object_set_new(o, "met", json_boolean(met));
    json_array_append_new(list, o);
    if (json_is_number(value))
        printf(
            "  %-62s %s %-6.4g  %-8.4g %s\n", name, at_least ? ">=" : "<=", limit, x, met ? "met" : "MISSED");
    else
        printf("  %-62s %s %-6.4g  %-8s %s\n", name, at_least ? ">=" : "<=", limit, "-", "not measured");
}

static json_t *worst_size(const json_t *score)
{
    const json_t *sizes = at(score, "false_alert_intervals", "by_unit_size", NULL);
    json_t *worst = at(sizes, "small", "value", NULL);

    if (number(at(sizes, "medium", "value", NULL)) > number(worst))
        worst = at(sizes, "medium", "value", NULL);
    return number(at(sizes, "large", "value", NULL)) > number(worst) ? at(sizes, "large", "value", NULL)
                                                                     : worst;
}

static json_t *print_targets(const json_t *root)
{
    const json_t *dense = at(root, "runs", "dense", "with", NULL),
                 *bare = at(root, "runs", "dense", "without", NULL);
    const json_t *high = at(root, "runs", "high", "with", NULL), *all = at(dense, "all", NULL);
    json_t *list = json_array();

    printf("\ntargets\n");
    target(list, "campaigns found, naive", at(all, "recall_by_any", "naive", "rate", NULL), 0.97, 1);
    target(list, "campaigns found, careful", at(all, "recall_by_any", "careful", "rate", NULL), 0.85, 1);
    target(list, "campaigns found, adaptive", at(all, "recall_by_any", "adaptive", "rate", NULL), 0.5, 1);
    target(
        list, "precision at medium and above, dense", at(all, "precision", "medium", "rate", NULL), 0.9, 1);
    target(list, "precision at medium and above, one order in 1,000",
        at(high, "all", "precision", "medium", "rate", NULL), 0.9, 1);
    target(list, "precision at high and above, dense", at(all, "precision", "high", "rate", NULL), 0.97, 1);
    target(list, "look-alikes that fired, with registries", at(dense, "traps", "fired", NULL), 0, 0);
    target(
        list, "precision without registries", at(bare, "all", "precision", "medium", "rate", NULL), 0.75, 1);
    target(list, "false alerts a month per 1,000 units, dense",
        at(dense, "false_alerts_per_1000_units_month", NULL), 1, 0);
    target(list, "false alerts a month per 1,000 units, one order in 1,000",
        at(high, "false_alerts_per_1000_units_month", NULL), 1, 0);
    target(list, "the same in the third of units that has most, dense", worst_size(dense), 1, 0);
    target(list, "money paid before the first alert", at(all, "delay", "money_before", NULL), 0.15, 0);
    target(list, "median delay of proxy_purchasing, orders",
        at(dense, "detectors", "proxy_purchasing", "delay", "median_orders", NULL), 3, 0);
    target(list, "rings with one alert id for life", at(dense, "rings", "one_id", "rate", NULL), 0.95, 1);
    return list;
}

int main(int argc, char **argv)
{
    json_error_t why;
    json_t *root;
    int status;

    if (argc != 2) {
        fputs("usage: report QUALITY.json\n", stderr);
        return 2;
    }
    root = json_load_file(argv[1], 0, &why);
    if (!root) {
        fprintf(stderr, "report: %s:%d: %s\n", argv[1], why.line, why.text);
        return 1;
    }
    print_runs(root);
    print_ablation(root);
    json_object_set_new(root, "targets", print_targets(root));
    status = json_dump_file(root, argv[1], JSON_INDENT(1) | JSON_REAL_PRECISION(6));
    json_decref(root);
    if (status != 0)
        fprintf(stderr, "report: cannot write %s\n", argv[1]);
    return status != 0;
}
