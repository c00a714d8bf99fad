/* `jianductl alerts show ALERT`: one alert, for a person or as a picture. */
#include "daemon/ctl/alert_source.h"
#include "daemon/ctl/alert_text.h"
#include "daemon/picture/picture.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct request {
    struct alert_source source;
    const char *svg;
    bool json;
};

static int write_picture(const struct request *q, const json_t *alert)
{
    bool to_stdout = strcmp(q->svg, "-") == 0;
    FILE *out = to_stdout ? stdout : fopen(q->svg, "we");
    if (!out)
        return command_fail(q->source.self, EX_IOERR, "%s: %s", q->svg, strerror(errno));
    char *picture = picture_draw(alert);
    bool failed = fputs(picture, out) == EOF;
    free(picture);
    failed |= (to_stdout ? fflush(out) : fclose(out)) != 0;
    return failed ? command_fail(q->source.self, EX_IOERR, "%s: %s", q->svg, strerror(errno)) : 0;
}

static int answer(const struct request *q, const json_t *alert)
{
    if (q->svg)
        return write_picture(q, alert);
    if (!q->json) {
        alert_text_print(stdout, alert, ALERT_TEXT_WHOLE);
        return 0;
    }
    json_dumpf(alert, stdout, JSON_COMPACT);
    putchar('\n');
    return 0;
}

static int run(const struct command *self, void *request, char *const *operands)
{
    struct request *q = request;
    json_t *alert;
    if (!q->source.config_asked.file == !q->source.file)
        return command_wrong(self, "--config FILE or --file FILE, one of the two, is needed");
    if (q->json && q->svg)
        return command_wrong(self, "--json and --svg do not go together");
    int code = alert_source_open(&q->source, self);
    if (code)
        return code;
    code = alert_source_find(&q->source, operands[0], &alert);
    if (alert)
        code = answer(q, alert);
    json_decref(alert);
    alert_source_close(&q->source);
    return code;
}

static const struct option_row options[] = {
    {OPTION_ROWS, .rows = alert_source_options, .at = offsetof(struct request, source)},
    {OPTION_TEXT, 0, "svg", "FILE",
        "draws it instead, for print: who is tied to whom, its orders in time,\n"
        "an account's acts in turn, or the circle that its money makes; - is\n"
        "standard output",
        .at = offsetof(struct request, svg)},
    {OPTION_FLAG, 'j', "json", NULL, "its JSON line", .at = offsetof(struct request, json)},
    {0},
};

const struct command command_alerts_show = {
    .name = "alerts show",
    .summary = "Shows the latest revision of one alert with all of its evidence, or draws it.",
    .options = options,
    .operand = "ALERT",
    .operands_min = 1,
    .operands_max = 1,
    .asked_size = sizeof(struct request),
    .run = run,
};
