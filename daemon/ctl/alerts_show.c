/* `jianductl alerts show ID`: one alert, for a person or as a picture. */
#include "daemon/ctl/alert_source.h"
#include "daemon/ctl/alert_text.h"
#include "daemon/ctl/alerts_show.h"
#include "daemon/picture/picture.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct request {
    const char *id, *svg;
    struct alert_source source;
    bool json, help;
};

static int parse(struct request *q, int argc, char **argv)
{
    static const struct option options[] = {
        ALERT_SOURCE_OPTIONS,
        {"office", required_argument, NULL, 'o'},
        {"svg", required_argument, NULL, 'v'},
        {"json", no_argument, NULL, 'j'},
        {"help", no_argument, NULL, 'h'},
        {0},
    };
    int c;
    while ((c = getopt_long(argc, argv, "c:jh", options, NULL)) != -1) {
        if (c == 'v')
            q->svg = optarg;
        else if (c == 'j')
            q->json = true;
        else if (c == 'h')
            q->help = true;
        else if (!alert_source_option(&q->source, c, optarg))
            return -1;
    }
    if (q->help)
        return 0;
    if (argc - optind != 1 || (!q->source.config_file) == (!q->source.file) || (q->json && q->svg))
        return -1;
    q->id = argv[optind];
    return 0;
}

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

static int answer(const struct request *q)
{
    json_t *alert;
    int code = alert_source_find(&q->source, q->id, &alert);
    if (!alert)
        return code;
    if (q->svg) {
        code = write_picture(q, alert);
    } else if (q->json) {
        json_dumpf(alert, stdout, JSON_COMPACT);
        putchar('\n');
    } else {
        alert_text_print(stdout, alert, ALERT_TEXT_WHOLE);
    }
    json_decref(alert);
    return code;
}

int alerts_show(const struct command *self, int argc, char **argv)
{
    struct request q = {.source = {.self = self}};
    if (parse(&q, argc, argv) != 0)
        return command_usage(self);
    if (q.help)
        return command_help(self);
    int code = alert_source_open(&q.source);
    if (code)
        return code;
    code = answer(&q);
    alert_source_close(&q.source);
    return code;
}
