#include "daemon/ctl/progress_table.h"

#include "daemon/picture/alert_json.h"

#include <inttypes.h>
#include <string.h>

#define FEN 100 /* of a yuan */

enum form { MONEY, COUNT, DONE, LATE, PERCENT, MARK };

struct column {
    const char *name, *zh, *en;
    enum form form;
    int width;
};

static const struct column of_regions[] = {
    {"units", "单位", "units", COUNT, 8},
    {"reserved", "预留(元)", "reserved", MONEY, 14},
    {"purchased", "已购(元)", "purchased", MONEY, 14},
    {NULL, "完成", "done", DONE, 7},
    {"pending", "待付(元)", "pending", MONEY, 13},
    {"shortfall", "缺口(元)", "shortfall", MONEY, 14},
    {NULL, "年末", "late", LATE, 7},
    {"laggard", "滞后", "laggards", MARK, 10},
    {"under_reserved", "预留不足", "reserve low", MARK, 13},
    {"rush", "突击", "rush", MARK, 7},
    {"unreserved", "未预留", "unreserved", MARK, 12},
};

static const struct column of_units[] = {
    {"reserved", "预留(元)", "reserved", MONEY, 14},
    {"target", "应预留(元)", "to reserve", MONEY, 14},
    {"purchased", "已购(元)", "purchased", MONEY, 14},
    {NULL, "完成", "done", DONE, 7},
    {"peers_done", "同级", "peers", PERCENT, 7},
    {"pending", "待付(元)", "pending", MONEY, 13},
    {"shortfall", "缺口(元)", "shortfall", MONEY, 14},
    {NULL, "年末", "late", LATE, 7},
    {"peers_year_end", "同级", "peers", PERCENT, 7},
};

static const struct {
    const char *mark, *zh, *en;
} lists[] = {
    {"laggard", "进度滞后", "laggards: they have done much less than their peers, or a year is over"},
    {"under_reserved", "预留不足", "reserved less than asked for"},
    {"rush", "年底突击", "bought nearly everything in the last days of the year, unlike their peers"},
    {"unreserved", "未见预留", "buy without a reservation that is known"},
};

#define COUNT_OF(array) (sizeof(array) / sizeof(array)[0])

/* Columns of a terminal: a Chinese character, three bytes of UTF-8, takes two. */
static int width_of(const char *text)
{
    int width = 0;
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        width += c < 0x80 ? 1 : c >= 0xe0 ? 2 : c >= 0xc0 ? 1 : 0;
    }
    return width;
}

static void print_right(FILE *out, const char *text, int width)
{
    fprintf(out, "%*s%s", width - width_of(text), "", text);
}

static void print_left(FILE *out, const char *text, int width)
{
    fprintf(out, "%s%*s", text, width - width_of(text), "");
}

static void percent(char out[32], int64_t part, int64_t whole)
{
    snprintf(out, 32, "-");
    if (whole >= FEN)
        snprintf(out, 32, "%" PRId64 "%%", part / (whole / FEN));
}

static void print_cell(FILE *out, const struct column *c, const json_t *row)
{
    char text[32] = "-";
    switch (c->form) {
    case MONEY:
        snprintf(text, sizeof text, "%" PRId64, alert_json_number(row, c->name) / FEN);
        break;
    case COUNT:
        snprintf(text, sizeof text, "%" PRId64, alert_json_number(row, c->name));
        break;
    case DONE: /* what was bought beyond a reservation is no part of it */
        percent(text, alert_json_number(row, "reserved") - alert_json_number(row, "shortfall"),
            alert_json_number(row, "reserved"));
        break;
    case LATE:
        percent(text, alert_json_number(row, "year_end"), alert_json_number(row, "purchased"));
        break;
    case PERCENT:
        if (json_object_get(row, c->name))
            snprintf(text, sizeof text, "%" PRId64 "%%", alert_json_number(row, c->name));
        break;
    case MARK:
        snprintf(text, sizeof text, "%" PRId64, alert_json_number(json_object_get(row, "marked"), c->name));
        break;
    }
    print_right(out, text, c->width);
}

static void print_row(
    FILE *out, const char *name, int width, const struct column *columns, size_t n, const json_t *row)
{
    print_left(out, name, width);
    for (size_t i = 0; i < n; i++)
        print_cell(out, &columns[i], row);
    fputc('\n', out);
}

static void print_head(
    FILE *out, const char *zh, const char *en, int width, const struct column *columns, size_t n)
{
    print_left(out, zh, width);
    for (size_t i = 0; i < n; i++)
        print_right(out, columns[i].zh, columns[i].width);
    fputc('\n', out);
    print_left(out, en, width);
    for (size_t i = 0; i < n; i++)
        print_right(out, columns[i].en, columns[i].width);
    fputc('\n', out);
}

static void print_regions(FILE *out, const json_t *year, size_t digits)
{
    size_t i;
    json_t *region;
    print_head(out, "区划", "division", 11, of_regions, COUNT_OF(of_regions));
    json_array_foreach(json_object_get(year, "regions"), i, region)
    {
        char name[32];
        size_t n = strlen(alert_json_text(region, "region"));
        snprintf(name, sizeof name, "%*s%.8s", n > 2 ? (int)n - 2 : 0, "", alert_json_text(region, "region"));
        if (n <= digits)
            print_row(out, name, 11, of_regions, COUNT_OF(of_regions), region);
    }
    print_row(out, "合计 all", 11, of_regions, COUNT_OF(of_regions), year);
}

static void print_list(FILE *out, const json_t *year, size_t which)
{
    const json_t *units = json_object_get(json_object_get(year, "listed"), lists[which].mark);
    int64_t all = alert_json_number(json_object_get(year, "marked"), lists[which].mark);
    size_t i;
    json_t *unit;
    if (!json_array_size(units))
        return;
    fprintf(out, "\n%s · %s (%" PRId64 ")\n", lists[which].zh, lists[which].en, all);
    print_head(out, "单位", "unit", 27, of_units, COUNT_OF(of_units));
    json_array_foreach(units, i, unit)
    {
        char name[64];
        snprintf(
            name, sizeof name, "%.24s %.6s", alert_json_text(unit, "unit"), alert_json_text(unit, "region"));
        print_row(out, name, 27, of_units, COUNT_OF(of_units), unit);
    }
    if (all > (int64_t)json_array_size(units))
        fprintf(out, "... %" PRId64 " more\n", all - (int64_t)json_array_size(units));
}

void progress_table_print(FILE *out, const json_t *report, int64_t year, size_t digits)
{
    const char *office = alert_json_text(report, "office");
    size_t i;
    json_t *part;
    fprintf(out, "采购进度 · procurement progress, up to %s, %s%s%s\n", alert_json_text(report, "date"),
        *office ? "office " : "all offices", office,
        json_is_true(json_object_get(report, "incomplete")) ? " (incomplete)"
        : json_is_true(json_object_get(report, "warmup"))   ? " (warm-up: earlier events are not known)"
                                                            : "");
    json_array_foreach(json_object_get(report, "years"), i, part)
    {
        if (year && alert_json_number(part, "year") != year)
            continue;
        fprintf(out, "\n== %" PRId64 " ==\n", alert_json_number(part, "year"));
        print_regions(out, part, digits);
        for (size_t k = 0; k < COUNT_OF(lists); k++)
            print_list(out, part, k);
    }
}
