#include "daemon/ctl/alert_text.h"

#include "daemon/picture/alert_json.h"

#include <inttypes.h>

#define SHOWN 8 /* usually */

static void print_time(FILE *out, int64_t ms)
{
    char text[32];
    alert_json_time(ms, text, sizeof text);
    fputs(text, out);
}

static void print_subjects(FILE *out, const json_t *subjects, const char *kind, size_t limit)
{
    size_t i, n = 0;
    json_t *subject;
    json_array_foreach(subjects, i, subject)
    {
        if (!alert_json_is(subject, "kind", kind))
            continue;
        if (n++ == 0)
            fprintf(out, "   %-10s", kind);
        if (n <= limit)
            fprintf(out, " %s", alert_json_text(subject, "id"));
    }
    if (n > limit)
        fprintf(out, " ... %zu in all", n);
    if (n)
        fputc('\n', out);
}

static void print_signals(FILE *out, const json_t *signals)
{
    size_t i;
    json_t *signal;
    json_array_foreach(signals, i, signal)
    {
        int64_t strength = alert_json_number(signal, "strength");
        fprintf(out, "   signal     %-10s %2" PRId64 ".%" PRId64 " dB%s", alert_json_text(signal, "name"),
            strength / 10, strength % 10,
            json_is_true(json_object_get(signal, "hard")) ? " (hard fact)" : "");
        if (alert_json_number(signal, "count") > 1)
            fprintf(out, ", %" PRId64 " times", alert_json_number(signal, "count"));
        fputc('\n', out);
    }
}

static void print_evidence(FILE *out, const json_t *evidence, size_t limit)
{
    size_t i;
    json_t *entry;
    json_array_foreach(evidence, i, entry)
    {
        if (i == limit) {
            fprintf(out, "   evidence   ... %zu entries in all\n", json_array_size(evidence));
            return;
        }
        fprintf(out, "   evidence   %-22s ", alert_json_text(entry, "entry"));
        print_time(out, alert_json_number(entry, "time"));
        fprintf(out, " %s", alert_json_text(entry, "type"));
        static const char *const fields[] = {"unit", "account", "device", "supplier", "order", "waybill"};
        for (size_t k = 0; k < sizeof fields / sizeof fields[0]; k++)
            if (*alert_json_text(entry, fields[k]))
                fprintf(out, " %s=%s", fields[k], alert_json_text(entry, fields[k]));
        fputc('\n', out);
    }
}

/* What a digest holds. */
static void print_deferred(FILE *out, const json_t *alerts)
{
    size_t i;
    json_t *alert;
    json_array_foreach(alerts, i, alert)
    {
        fprintf(out, "   %3" PRId64 "  %s  %s\n", alert_json_number(alert, "score"),
            alert_json_text(alert, "id"), alert_json_said(alert, "title", "zh"));
    }
}

static void print_list(FILE *out, const char *what, const json_t *list)
{
    size_t i;
    json_t *item;
    json_array_foreach(list, i, item)
    {
        fprintf(out, "%s%s", i ? " " : what, json_is_string(item) ? json_string_value(item) : "");
    }
    if (i)
        fputc('\n', out);
}

/* What limits what the alert can say, and what else there is to know. */
static void print_notes(FILE *out, const json_t *alert)
{
    size_t i;
    json_t *item;
    print_list(out, "   related    ", json_object_get(alert, "related"));
    print_list(out, "   registries without entries that would have decided: ",
        json_object_get(alert, "missing_registries"));
    json_array_foreach(json_object_get(alert, "not_evaluable"), i, item)
    {
        const char *field = alert_json_text(item, "field");
        fprintf(out, "   blind      %s, for want of %s %s\n", alert_json_text(item, "signal"),
            *field ? "the field" : "the registry", *field ? field : alert_json_text(item, "registry"));
    }
    if (json_is_true(json_object_get(alert, "incomplete")))
        fputs("   incomplete state was lost in the window that it looks at\n", out);
    if (json_is_true(json_object_get(alert, "warmup")))
        fputs("   warmup     the longest window has not passed since the start\n", out);
    if (*alert_json_text(alert, "verdict"))
        fprintf(out, "   verdict    %s\n", alert_json_text(alert, "verdict"));
    if (*alert_json_text(alert, "state"))
        fprintf(out, "   state      %s\n", alert_json_text(alert, "state"));
}

void alert_text_print(FILE *out, const json_t *alert, enum alert_text much)
{
    fprintf(
        out, "%-8s %3" PRId64 "  ", alert_json_text(alert, "severity"), alert_json_number(alert, "score"));
    print_time(out, alert_json_number(alert, "time"));
    fprintf(out, "  %s  %s rev %" PRId64 "\n", alert_json_text(alert, "id"),
        alert_json_text(alert, "detector"), alert_json_number(alert, "revision"));
    fprintf(
        out, "   %s\n   %s\n", alert_json_said(alert, "title", "zh"), alert_json_said(alert, "title", "en"));
    if (much == ALERT_TEXT_TITLE)
        return;
    if (json_object_get(alert, "alerts")) {
        print_deferred(out, json_object_get(alert, "alerts"));
        fputc('\n', out);
        return;
    }
    fprintf(out, "   %s\n   %s\n", alert_json_said(alert, "explanation", "zh"),
        alert_json_said(alert, "explanation", "en"));
    fprintf(out, "   规则       %s\n   rule       %s\n", alert_json_said(alert, "clause", "zh"),
        alert_json_said(alert, "clause", "en"));
    size_t limit = much == ALERT_TEXT_WHOLE ? SIZE_MAX : SHOWN;
    const json_t *subjects = json_object_get(alert, "subjects");
    static const char *const kinds[] = {
        "ring", "unit", "account", "device", "phone", "payer", "address", "supplier", "order"};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        print_subjects(out, subjects, kinds[i], limit);
    int64_t amount = alert_json_number(alert, "amount");
    if (amount)
        fprintf(out, "   at stake   CNY %" PRId64 ".%02" PRId64 "\n", amount / 100, amount % 100);
    print_signals(out, json_object_get(alert, "signals"));
    print_evidence(out, json_object_get(alert, "evidence"), limit);
    if (much == ALERT_TEXT_WHOLE)
        print_notes(out, alert);
    fputc('\n', out);
}
