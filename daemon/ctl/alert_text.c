#include "daemon/ctl/alert_text.h"

#include "detectors/detector.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>

#define SHOWN 8 /* of subjects and entries of one kind; the rest is counted */

static const char *word(const json_t *o, const char *name)
{
    const char *s = json_string_value(json_object_get(o, name));
    return s ? s : "";
}

static const char *say(const json_t *o, const char *name, const char *language)
{
    return word(json_object_get(o, name), language);
}

static int64_t number(const json_t *o, const char *name)
{
    return json_integer_value(json_object_get(o, name));
}

static void print_time(FILE *out, int64_t ms)
{
    time_t local = (time_t)((ms + JD_ZONE) / 1000);
    struct tm tm;
    char text[32];
    gmtime_r(&local, &tm);
    strftime(text, sizeof text, "%Y-%m-%d %H:%M", &tm);
    fputs(text, out);
}

static void print_subjects(FILE *out, const json_t *subjects, const char *kind)
{
    size_t i, n = 0;
    json_t *subject;
    json_array_foreach(subjects, i, subject)
    {
        if (strcmp(word(subject, "kind"), kind) != 0)
            continue;
        if (n++ == 0)
            fprintf(out, "   %-10s", kind);
        if (n <= SHOWN)
            fprintf(out, " %s", word(subject, "id"));
    }
    if (n > SHOWN)
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
        int64_t strength = number(signal, "strength");
        fprintf(out, "   signal     %-10s %2" PRId64 ".%" PRId64 " dB%s", word(signal, "name"), strength / 10,
            strength % 10, json_is_true(json_object_get(signal, "hard")) ? " (hard fact)" : "");
        if (number(signal, "count") > 1)
            fprintf(out, ", %" PRId64 " times", number(signal, "count"));
        fputc('\n', out);
    }
}

static void print_evidence(FILE *out, const json_t *evidence)
{
    size_t i;
    json_t *entry;
    json_array_foreach(evidence, i, entry)
    {
        if (i == SHOWN) {
            fprintf(out, "   evidence   ... %zu entries in all\n", json_array_size(evidence));
            return;
        }
        fprintf(out, "   evidence   %-22s ", word(entry, "entry"));
        print_time(out, number(entry, "time"));
        fprintf(out, " %s", word(entry, "type"));
        static const char *const fields[] = {"unit", "account", "device", "supplier", "order", "waybill"};
        for (size_t k = 0; k < sizeof fields / sizeof fields[0]; k++)
            if (*word(entry, fields[k]))
                fprintf(out, " %s=%s", fields[k], word(entry, fields[k]));
        fputc('\n', out);
    }
}

void alert_text_print(FILE *out, const json_t *alert, int brief)
{
    fprintf(out, "%-8s %3" PRId64 "  ", word(alert, "severity"), number(alert, "score"));
    print_time(out, number(alert, "time"));
    fprintf(out, "  %s  %s rev %" PRId64 "\n", word(alert, "id"), word(alert, "detector"),
        number(alert, "revision"));
    fprintf(out, "   %s\n   %s\n", say(alert, "title", "zh"), say(alert, "title", "en"));
    if (brief)
        return;
    fprintf(out, "   %s\n   %s\n", say(alert, "explanation", "zh"), say(alert, "explanation", "en"));
    fprintf(
        out, "   规则       %s\n   rule       %s\n", say(alert, "clause", "zh"), say(alert, "clause", "en"));
    const json_t *subjects = json_object_get(alert, "subjects");
    static const char *const kinds[] = {
        "unit", "account", "device", "phone", "payer", "address", "supplier", "order"};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        print_subjects(out, subjects, kinds[i]);
    int64_t amount = number(alert, "amount");
    if (amount)
        fprintf(out, "   at stake   CNY %" PRId64 ".%02" PRId64 "\n", amount / 100, amount % 100);
    print_signals(out, json_object_get(alert, "signals"));
    print_evidence(out, json_object_get(alert, "evidence"));
    fputc('\n', out);
}
