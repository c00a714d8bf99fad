#include "daemon/ctl/alert_source.h"
#include "daemon/ctl/alert_text.h"
#include "daemon/engine/alert.h"
#include "daemon/picture/alert_json.h"

#include <string.h>

struct alerts {
    struct alert_source source;
    const char *detector, *id;
    int severity; /* at least */
    bool json, brief;
};

/* Of what is no severity: below all. */
static int rank(const char *severity)
{
    for (int i = 0; severity_words[i]; i++)
        if (strcmp(severity, severity_words[i]) == 0)
            return i;
    return 0;
}

static bool wanted(const struct alerts *a, const json_t *alert)
{
    if (a->detector && !alert_json_is(alert, "detector", a->detector))
        return false;
    if (a->id && !alert_json_is(alert, "id", a->id))
        return false;
    return rank(alert_json_text(alert, "severity")) >= a->severity;
}

static void show(void *context, const json_t *alert, const char *data, size_t length)
{
    const struct alerts *a = context;
    if (!wanted(a, alert))
        return;
    if (a->json)
        printf("%.*s\n", (int)length, data);
    else
        alert_text_print(stdout, alert, a->brief ? ALERT_TEXT_TITLE : ALERT_TEXT_USUAL);
}

static int run(const struct command *self, void *request, char *const *operands)
{
    struct alerts *a = request;
    (void)operands;
    if (!a->source.config_asked.file == !a->source.file)
        return command_wrong(self, "--config FILE or --file FILE, one of the two, is needed");
    int code = alert_source_open(&a->source, self);
    if (code)
        return code;
    code = alert_source_read(&a->source, show, a);
    alert_source_close(&a->source);
    return code;
}

static const struct option_row options[] = {
    {OPTION_ROWS, .rows = alert_source_options, .at = offsetof(struct alerts, source)},
    {OPTION_FLAG, 'f', "follow", NULL, "waits for more (ends with Ctrl-C)",
        .at = offsetof(struct alerts, source.follow)},
    {OPTION_TEXT, 0, "detector", "NAME", "only those of one detector",
        .at = offsetof(struct alerts, detector)},
    {OPTION_WORD, 0, "severity", "LEVEL", "only those of at least low, medium, high or critical",
        .at = offsetof(struct alerts, severity), .words = severity_words},
    {OPTION_TEXT, 0, "id", "ALERT", "only one alert, in all its revisions",
        .at = offsetof(struct alerts, id)},
    {OPTION_FLAG, 'j', "json", NULL, "the JSON lines as they are", .at = offsetof(struct alerts, json)},
    {OPTION_FLAG, 'b', "brief", NULL, "titles only", .at = offsetof(struct alerts, brief)},
    {0},
};

const struct command command_alerts = {
    .name = "alerts",
    .summary = "Shows alerts with their evidence, in Chinese and English, from Redis or from a file.",
    .options = options,
    .asked_size = sizeof(struct alerts),
    .run = run,
};
