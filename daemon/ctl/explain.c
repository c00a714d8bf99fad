/* `jianductl explain ALERT`: how an alert's score and severity come about. */
#include "daemon/ctl/alert_source.h"
#include "daemon/ctl/alert_text.h"
#include "daemon/ctl/reckoning.h"
#include "daemon/engine/alert.h"
#include "daemon/engine/wording.h"
#include "daemon/picture/alert_json.h"

#include <inttypes.h>
#include <string.h>

/* "22.0", "-12.0" */
struct decibels {
    char text[16];
};

static struct decibels decibels(int32_t tenths)
{
    struct decibels d;
    int32_t size = tenths < 0 ? -tenths : tenths;
    snprintf(d.text, sizeof d.text, "%s%d.%d", tenths < 0 ? "-" : "", size / 10, size % 10);
    return d;
}

/* ---- signals ---- */

/* A value as the detector means it: a duration, an amount, a time; a number if the detector is not there. */
static void say_value(const json_t *value, int unit, char *out, size_t size)
{
    static const struct wording plain = {.language = ENGLISH};
    int64_t n = json_integer_value(value);
    if (json_is_string(value))
        snprintf(out, size, "%s", json_string_value(value));
    else if (unit == JD_UNIT_TIME)
        alert_json_time(n, out, size);
    else if (unit >= JD_UNIT_ENTITY || n > INT64_MAX / JD_DAY || n < INT64_MIN / JD_DAY)
        snprintf(out, size, "%" PRId64, n);
    else
        wording_value(&plain, unit, n, out, size);
}

static int unit_of(const struct jd_signal *spec, const char *fact)
{
    for (unsigned i = 0; spec && i < JD_FACTS && spec->facts[i].name; i++)
        if (strcmp(spec->facts[i].name, fact) == 0)
            return spec->facts[i].unit;
    return JD_UNIT_NUMBER;
}

static void print_facts(FILE *out, const struct reckoning_signal *s)
{
    const char *name;
    json_t *value;
    char text[160];
    int width = 0;
    json_object_foreach(json_object_get(s->json, "facts"), name, value)
    {
        say_value(value, unit_of(s->spec, name), text, sizeof text);
        if (name[strspn(name, "abcdefghijklmnopqrstuvwxyz_0123456789")] == '\0')
            width += fprintf(out, "%s%s %s", width ? ", " : "              ", name, text);
    }
    if (width)
        fputc('\n', out);
}

static void print_signal(FILE *out, const struct reckoning *r, const struct reckoning_signal *s)
{
    char value[160], threshold[160];
    int unit = s->spec ? s->spec->value_unit : JD_UNIT_NUMBER;
    int64_t count = alert_json_number(s->json, "count");
    say_value(json_object_get(s->json, "value"), unit, value, sizeof value);
    say_value(json_object_get(s->json, "threshold"), unit, threshold, sizeof threshold);
    fprintf(out, "  %-11s %-11s %6s dB", alert_json_text(s->json, "name"), r->group[s->group],
        decibels(s->strength).text);
    if (s->now != s->strength)
        fprintf(out, ", decayed to %s", decibels(s->now).text);
    fprintf(out, "  value %s, threshold %s", value, threshold);
    if (count > 1)
        fprintf(out, ", %" PRId64 " times", count);
    fputs(json_is_true(json_object_get(s->json, "hard")) ? ", a hard fact\n" : "\n", out);
    print_facts(out, s);
}

/* ---- the sum ---- */

static void print_group(FILE *out, const struct reckoning *r, unsigned g)
{
    char how[96];
    if (r->fusion.second[g] > 0)
        snprintf(how, sizeof how, "strongest %s, a quarter of %s", decibels(r->fusion.best[g]).text,
            decibels(r->fusion.second[g]).text);
    else
        snprintf(how, sizeof how, "strongest %s", decibels(r->fusion.best[g]).text);
    fprintf(out, "  group %-13s %-34s %6s dB%s\n", r->group[g], how, decibels(reckoning_share(r, g)).text,
        r->fusion.strong[g] ? "  corroborates" : "");
}

static void print_sum(FILE *out, const struct reckoning *r)
{
    const char *prior =
        r->prior == FUSION_PRIOR_SHARED ? "of something that units share" : "of a single subject";
    fprintf(out, "  %-19s %-34s %6s dB\n", "prior", prior, decibels(r->prior).text);
    for (unsigned g = 0; g < r->n_groups; g++)
        print_group(out, r, g);
    if (r->exculpation)
        fprintf(out, "  %-19s %-34s %6s dB\n", "exculpation", "the office has cleared it",
            decibels(-r->exculpation).text);
    fprintf(out, "  %-19s %-34s %6s dB, which is a score of %u\n", "sum",
        r->weight == FUSION_LIMIT || r->weight == -FUSION_LIMIT ? "clipped" : "", decibels(r->weight).text,
        r->ungated);
    if (r->score < r->ungated)
        fprintf(out, "  gate                only one group of %s dB or more%s: at most %d\n",
            decibels(FUSION_STRONG).text, r->fusion.hard ? ", with a hard fact" : "",
            r->fusion.hard ? FUSION_HARD : FUSION_ONE_GROUP);
    if (r->waits)
        fprintf(out, "  gate                registries that would decide have no entry: at most %d\n",
            FUSION_OPEN);
    if (r->held)
        fputs("  gate                it joins several cases: at most what the strongest reached by itself\n",
            out);
}

/* Does it come out, and if not, what may lie behind it? */
static void print_outcome(FILE *out, const struct reckoning *r, const json_t *alert)
{
    int64_t said = alert_json_number(alert, "score");
    if (r->agrees) {
        fprintf(out, "  score               %" PRId64 ", as the alert says\n", said);
        if (r->other_prior)
            fprintf(
                out, "                      (with the prior of one of its cases, not of its own subject)\n");
        return;
    }
    fprintf(out, "  score               %u here, but the alert says %" PRId64 "\n", r->score, said);
    if (r->score > said)
        fprintf(out, "                      An entry missing in a registry may hold it down.\n");
    else
        fprintf(out, "                      Signals may have aged since it was scored, or options of the "
                     "detector have\n"
                     "                      changed.\n");
}

/* ---- severity ---- */

static uint32_t units_in(const json_t *alert)
{
    size_t i;
    json_t *subject;
    uint32_t units = 0;
    json_array_foreach(json_object_get(alert, "subjects"), i, subject)
    {
        units += alert_json_is(subject, "kind", "unit");
    }
    return units;
}

static void print_severity(FILE *out, const json_t *alert, const struct engine_settings *settings)
{
    int64_t score = alert_json_number(alert, "score");
    struct alert_record record = {.score = score > 0 && score <= 100 ? (uint32_t)score : 0};
    char amount[48], grave[48];
    record.dossier.amount = alert_json_amount(alert);
    record.dossier.units = units_in(alert);
    alert_json_money(record.dossier.amount, amount, sizeof amount);
    alert_json_money(settings->critical_money, grave, sizeof grave);
    const char *reckoned = severity_words[alert_severity(settings, &record)];
    fprintf(out, "severity\n  %s", reckoned);
    if (!alert_json_is(alert, "severity", reckoned))
        fprintf(out, " here, but the alert says %s", alert_json_text(alert, "severity"));
    fprintf(out,
        ": score %u, CNY %s at stake, %u units\n"
        "  medium from %u, high from %u, critical from %u with CNY %s or %" PRId64 " units at least\n",
        record.score, amount, record.dossier.units, settings->alert_score, ALERT_HIGH, ALERT_CRITICAL, grave,
        settings->critical_units);
}

/* ---- the whole ---- */

static void print_notes(FILE *out, const json_t *alert, const struct jd_detector *detector)
{
    const json_t *missing = json_object_get(alert, "missing_registries");
    size_t i;
    json_t *list;
    if (json_array_size(missing)) {
        fputs("registries that would have decided, but have no entry (an eighth less each):", out);
        json_array_foreach(missing, i, list)
        {
            fprintf(out, " %s", json_is_string(list) ? json_string_value(list) : "");
        }
        fputc('\n', out);
    }
    if (!detector)
        fputs("without --config, or without the detector in it, nothing decays and values have no units\n",
            out);
    else if (!alert_json_is(alert, "detector_version", detector->version))
        fprintf(out, "the detector is version %s here, and was %s\n", detector->version,
            alert_json_text(alert, "detector_version"));
}

static const struct jd_detector *detector_of(const struct config *config, const json_t *alert)
{
    for (size_t i = 0; config && i < config->engine.n_detectors; i++)
        if (alert_json_is(alert, "detector", config->engine.detectors[i].detector->name))
            return config->engine.detectors[i].detector;
    return NULL;
}

static int explain(const struct alert_source *source, const char *id, const json_t *alert)
{
    const struct config *config = source->config;
    const struct jd_detector *detector = detector_of(config, alert);
    struct engine_settings defaults;
    struct reckoning r;
    struct error err;
    engine_settings_defaults(&defaults);
    if (reckoning_make(&r, alert, detector, &err) != 0)
        return command_fail(source->self, EX_DATAERR, "%s: %s", id, err.text);
    char at[32];
    alert_json_time(r.at, at, sizeof at);
    alert_text_print(stdout, alert, ALERT_TEXT_TITLE);
    printf("signals, as of %s\n", at);
    for (size_t i = 0; i < r.n_signals; i++)
        print_signal(stdout, &r, &r.signal[i]);
    puts("score");
    print_sum(stdout, &r);
    print_outcome(stdout, &r, alert);
    print_severity(stdout, alert, config ? &config->engine : &defaults);
    print_notes(stdout, alert, detector);
    return 0;
}

static int run(const struct command *self, void *request, char *const *operands)
{
    struct alert_source *source = request;
    json_t *alert;
    if (!source->config_asked.file && !source->file)
        return command_wrong(self, "--config FILE or --file FILE is missing");
    int code = alert_source_open(source, self);
    if (code)
        return code;
    code = alert_source_find(source, operands[0], &alert);
    if (alert)
        code = explain(source, operands[0], alert);
    json_decref(alert);
    alert_source_close(source);
    return code;
}

const struct command command_explain = {
    .name = "explain",
    .summary = "Shows how an alert's score comes about: each signal, the sum, the gates, the severity.",
    .notes =
        "With --file, --config may be given too: without it nothing decays and values have no units.\n"
        "The latest revision of the alert is reckoned again from the signals that stand in it, with the\n"
        "functions of the daemon itself: weights of evidence in decibels add up to a prior; of each group "
        "the\n"
        "strongest counts in full and the second a quarter; an office's `cleared` is taken off; signals "
        "decay.\n"
        "Detectors do not look at the events again: `jianductl replay` does that. `jianductl alerts show "
        "ALERT`\n"
        "shows the evidence.\n",
    .options = alert_source_options,
    .operand = "ALERT",
    .operands_min = 1,
    .operands_max = 1,
    .asked_size = sizeof(struct alert_source),
    .run = run,
};
