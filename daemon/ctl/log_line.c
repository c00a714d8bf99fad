#include "daemon/ctl/log_line.h"

#include "daemon/ops/duration.h"
#include "daemon/ops/log.h"

#include <jansson.h>
#include <string.h>
#include <time.h>

/* The form of a time, as far as it was given. */
static bool fits(const char *text, const char *form)
{
    for (; *text; text++, form++)
        if (*form == '0' ? *text < '0' || *text > '9' : *text != *form)
            return false;
    return true;
}

int log_filter_since(const char *text, long long now, char out[LOG_SINCE_TEXT])
{
    static const char form[] = "0000-00-00T00:00:00.000Z";
    size_t length = strlen(text);
    int64_t before;
    if (duration_parse(text, &before) == 0) {
        struct tm utc;
        time_t seconds = (time_t)((now - before) / 1000);
        gmtime_r(&seconds, &utc);
        strftime(out, LOG_SINCE_TEXT, "%Y-%m-%dT%H:%M:%S", &utc);
        return 0;
    }
    if ((length != 10 && length != 16 && length < 19) || length >= sizeof form)
        return -1;
    snprintf(out, LOG_SINCE_TEXT, "%s", text);
    if (length > 10 && out[10] == ' ')
        out[10] = 'T';
    return fits(out, form) ? 0 : -1;
}

static const char *text_of(const json_t *line, const char *name)
{
    const char *text = json_string_value(json_object_get(line, name));
    return text ? text : "";
}

static int level_of(const json_t *line)
{
    const char *level = text_of(line, "level");
    for (int i = 0; log_levels[i]; i++)
        if (strcmp(log_levels[i], level) == 0)
            return i;
    return LOG_LEVEL_ERROR; /* what is no line of ours is not to be overlooked */
}

bool log_line_wanted(const struct log_filter *f, const char *line, size_t length)
{
    if (f->text && !memmem(line, length, f->text, strlen(f->text)))
        return false;
    if (!f->event && !f->alert && !f->since && f->level == 0)
        return true;
    json_t *members = json_loadb(line, length, 0, NULL);
    bool wanted = (!f->event || strcmp(text_of(members, "event"), f->event) == 0) &&
                  (!f->alert || strcmp(text_of(members, "alert"), f->alert) == 0) &&
                  (!f->since || strcmp(text_of(members, "ts"), f->since) >= 0) &&
                  level_of(members) >= f->level;
    json_decref(members);
    return wanted;
}

static void put(FILE *out, const char *text)
{
    char escaped[LOG_LINE_MAX * 6 + 1];
    log_escape(escaped, sizeof escaped, text);
    fputs(escaped, out);
}

static bool is_shown_first(const char *name)
{
    static const char *const names[] = {"seq", "ts", "level", "event", "msg", "mac"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

static void put_member(FILE *out, const char *name, const json_t *value)
{
    const char *text = json_string_value(value);
    bool quote = text && (!*text || strpbrk(text, " =\""));
    fputs("  ", out);
    put(out, name);
    fputc('=', out);
    if (json_is_integer(value))
        fprintf(out, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    else if (quote)
        fputc('"', out);
    if (text)
        put(out, text);
    if (quote)
        fputc('"', out);
}

/* Not JSON, or NUL in it: byte for byte, as a text. */
static void show_raw(FILE *out, const char *line, size_t length)
{
    char text[LOG_LINE_MAX + 256];
    size_t n = length < sizeof text ? length : sizeof text - 1;
    memcpy(text, line, n);
    text[n] = 0;
    fputs("? ", out);
    put(out, text);
    fputc('\n', out);
}

void log_line_show(FILE *out, const char *line, size_t length, bool json)
{
    const char *name;
    json_t *value;
    if (json) {
        fwrite(line, 1, length, out);
        fputc('\n', out);
        return;
    }
    json_t *members = json_loadb(line, length, 0, NULL);
    if (!json_is_object(members)) {
        show_raw(out, line, length);
        json_decref(members);
        return;
    }
    put(out, text_of(members, "ts"));
    fputc(' ', out);
    put(out, text_of(members, "level"));
    fputs(strlen(text_of(members, "level")) == 4 ? "  " : " ", out);
    put(out, text_of(members, "event"));
    fputs(": ", out);
    put(out, text_of(members, "msg"));
    json_object_foreach(members, name, value) if (!is_shown_first(name)) put_member(out, name, value);
    fputc('\n', out);
    json_decref(members);
}
