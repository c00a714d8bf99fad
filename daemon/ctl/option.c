#include "daemon/ctl/option.h"

#include "daemon/base/invariant.h"

#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define ROWS_MAX 32
#define VALUES 256 /* getopt's value of the first row; below are letters */
#define WORDS_TEXT 128

/* The rows of all tables in a line. */
struct options {
    const struct option_row *row[ROWS_MAX];
    char *into[ROWS_MAX]; /* where the row's own offset counts from */
    int count;
};

static void gather(struct options *o, const struct option_row *rows, char *into)
{
    for (const struct option_row *r = rows; r->kind != OPTION_END; r++) {
        if (r->kind == OPTION_ROWS) {
            gather(o, r->rows, into + r->at);
            continue;
        }
        invariant(o->count < ROWS_MAX);
        o->row[o->count] = r;
        o->into[o->count++] = into + r->at;
    }
}

/* ---- one option ---- */

/* "low, medium or high" */
static const char *name_words(const char *const *words, char out[WORDS_TEXT])
{
    size_t length = 0;
    for (size_t i = 0; words[i] && length < WORDS_TEXT; i++)
        length += (size_t)snprintf(out + length, WORDS_TEXT - length, "%s%s",
            i == 0         ? ""
            : words[i + 1] ? ", "
                           : " or ",
            words[i]);
    return out;
}

static int take_text(struct option_texts *texts, const char *value, struct error *err)
{
    const size_t room = sizeof texts->item / sizeof texts->item[0];
    if (texts->count == room)
        return error_set(err, "it is given more than %zu times", room);
    texts->item[texts->count++] = value;
    return 0;
}

static int take_number(const struct option_row *r, int64_t *out, const char *value, struct error *err)
{
    char *end;
    errno = 0;
    *out = strtoll(value, &end, 10);
    if (errno == 0 && end != value && !*end && *out >= r->min && *out <= r->max)
        return 0;
    return r->max == INT64_MAX
               ? error_set(err, "expected an integer from %" PRId64 " on", r->min)
               : error_set(err, "expected an integer from %" PRId64 " to %" PRId64, r->min, r->max);
}

static int take_hex(uint64_t *out, const char *value, struct error *err)
{
    char *end;
    errno = 0;
    *out = strtoull(value, &end, 16);
    return errno == 0 && end != value && !*end && *value != '-'
               ? 0
               : error_set(err, "expected up to 16 hexadecimal digits");
}

static int take_word(const struct option_row *r, int *out, const char *value, struct error *err)
{
    char words[WORDS_TEXT];
    for (int i = 0; r->words[i]; i++) {
        if (strcmp(value, r->words[i]) == 0) {
            *out = i;
            return 0;
        }
    }
    return error_set(err, "expected %s", name_words(r->words, words));
}

static int take(const struct option_row *r, void *into, const char *value, struct error *err)
{
    switch (r->kind) {
    case OPTION_FLAG:
        *(bool *)into = true;
        return 0;
    case OPTION_TEXT:
        *(const char **)into = value;
        return 0;
    case OPTION_TEXTS:
        return take_text(into, value, err);
    case OPTION_NUMBER:
        return take_number(r, into, value, err);
    case OPTION_HEX:
        return take_hex(into, value, err);
    case OPTION_WORD:
        return take_word(r, into, value, err);
    default:
        return 0;
    }
}

/* ---- all of them ---- */

/* getopt's own tables; `letters` begins with ':', so that it keeps quiet and tells what is wrong apart. */
static void make_tables(const struct options *o, struct option longs[ROWS_MAX + 2], char letters[])
{
    *letters++ = ':';
    *letters++ = 'h';
    for (int i = 0; i < o->count; i++) {
        const struct option_row *r = o->row[i];
        int argument = r->kind == OPTION_FLAG ? no_argument : required_argument;
        longs[i] = (struct option){r->name, argument, NULL, VALUES + i};
        if (r->letter)
            *letters++ = r->letter;
        if (r->letter && argument)
            *letters++ = ':';
    }
    longs[o->count] = (struct option){"help", no_argument, NULL, 'h'};
    longs[o->count + 1] = (struct option){0};
    *letters = 0;
}

static int index_of(const struct options *o, int found)
{
    for (int i = 0; i < o->count && found < VALUES; i++)
        if (o->row[i]->letter == found)
            return i;
    return found - VALUES;
}

static int check_needed(const struct options *o, struct error *err)
{
    for (int i = 0; i < o->count; i++) {
        const struct option_row *r = o->row[i];
        const void *into = o->into[i];
        bool given = r->kind == OPTION_TEXTS ? ((const struct option_texts *)into)->count > 0
                                             : r->kind != OPTION_TEXT || *(const char *const *)into;
        if (r->needed && !given)
            return error_set(err, "--%s %s is missing", r->name, r->value);
    }
    return 0;
}

int option_read(
    const struct option_row *rows, void *into, int argc, char **argv, int *operands, struct error *err)
{
    struct options o = {.count = 0};
    struct option longs[ROWS_MAX + 2];
    char letters[2 * ROWS_MAX + 3];
    int found;
    gather(&o, rows, into);
    make_tables(&o, longs, letters);
    while ((found = getopt_long(argc, argv, letters, longs, NULL)) != -1) {
        if (found == 'h')
            return 1;
        if (found == '?' && optopt && optopt < VALUES)
            return error_set(err, "there is no option -%c", optopt);
        if (found == '?')
            return error_set(err, "%s: there is no such option", argv[optind - 1]);
        const struct option_row *r = o.row[index_of(&o, found == ':' ? optopt : found)];
        if (found == ':')
            return error_set(err, "--%s: its value %s is missing", r->name, r->value);
        if (take(r, o.into[index_of(&o, found)], optarg, err) != 0)
            return error_wrap(err, "--%s %s", r->name, optarg);
    }
    *operands = optind;
    return check_needed(&o, err);
}

/* ---- for people ---- */

static int name_option(const struct option_row *r, char *out, size_t size)
{
    char letter[8] = "";
    if (r->letter)
        snprintf(letter, sizeof letter, "-%c, ", r->letter);
    return snprintf(out, size, "%s--%s%s%s", letter, r->name, r->value ? " " : "", r->value ? r->value : "");
}

void option_help(const struct option_row *rows, FILE *out)
{
    struct options o = {.count = 0};
    char name[80];
    int width = 0;
    gather(&o, rows, NULL);
    for (int i = 0; i < o.count; i++) {
        int length = name_option(o.row[i], name, sizeof name);
        width = length > width ? length : width;
    }
    for (int i = 0; i < o.count; i++) {
        const char *line = o.row[i]->help;
        name_option(o.row[i], name, sizeof name);
        for (int n = 0; line; n++) {
            int length = (int)strcspn(line, "\n");
            fprintf(out, "  %-*s   %.*s\n", width, n == 0 ? name : "", length, line);
            line = line[length] ? line + length + 1 : NULL;
        }
    }
}

void option_synopsis(const struct option_row *rows, FILE *out)
{
    struct options o = {.count = 0};
    gather(&o, rows, NULL);
    for (int i = 0; i < o.count; i++)
        if (o.row[i]->needed)
            fprintf(out, " --%s %s", o.row[i]->name, o.row[i]->value);
}
