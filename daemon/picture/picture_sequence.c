/* Single acts in time, a lane for each device (or unit), one axis for all: how an account changes between
 * devices, how orders follow each other. Acts stand at equal distances; what passed between is in words.
 * Where there is room, what does not fit beside each other goes on below. */
#include "daemon/base/memory.h"
#include "daemon/picture/alert_json.h"
#include "daemon/picture/glyph.h"
#include "daemon/picture/picture_parts.h"

#include <stdio.h>
#include <stdlib.h>

#define ACTS 8 /* beside each other */
#define LANES 4
#define CAPTION 18
#define LANE_HEIGHT 74 /* what is drawn of one */
#define LANE_WIDEST 90
#define LABEL_WIDTH 150
#define STEP_WIDEST 112
#define RADIUS 4

/* Base lines, from the top of what is drawn. */
enum { WHAT = 9, LINE = 20, WHEN = 35, SINCE = 47, HOW_MUCH = 59, WHICH = 71 };

struct sequence {
    struct svg *svg;
    const char *by;           /* the field that makes the lanes */
    const json_t **acts;      /* in time */
    const char *lanes[LANES]; /* values of that field */
    size_t n_acts, n_lanes;
    size_t first;   /* act that is drawn, up to the last */
    size_t dropped; /* acts of further lanes */
    int left, pitch;
};

static size_t lane_of(const struct sequence *s, const json_t *act)
{
    size_t lane = 0;
    while (lane < s->n_lanes && !alert_json_is(act, s->by, s->lanes[lane]))
        lane++;
    return lane;
}

static void sort_acts(struct sequence *s)
{
    for (size_t i = 1; i < s->n_acts; i++) {
        const json_t *act = s->acts[i];
        int64_t time = alert_json_moment(act, "time");
        size_t j = i;
        for (; j > 0 && alert_json_moment(s->acts[j - 1], "time") > time; j--)
            s->acts[j] = s->acts[j - 1];
        s->acts[j] = act;
    }
}

static void add_act(struct sequence *s, const json_t *act)
{
    size_t lane = lane_of(s, act);
    if (lane == LANES) {
        s->dropped++;
        return;
    }
    if (lane == s->n_lanes)
        s->lanes[s->n_lanes++] = alert_json_text(act, s->by);
    s->acts[s->n_acts++] = act;
}

/* The subject's own acts if it is an account, otherwise all; of too many, the latest are drawn. */
static void read_acts(struct sequence *s, const json_t *alert)
{
    const json_t *evidence = json_object_get(alert, "evidence");
    const json_t *about = json_array_get(json_object_get(alert, "subjects"), 0);
    bool of_account = alert_json_is(about, "kind", "account");
    size_t i;
    json_t *entry;
    s->acts = memory_zeroed(json_array_size(evidence), sizeof *s->acts, "a picture");
    s->by = of_account ? "device" : "unit";
    json_array_foreach(evidence, i, entry)
    {
        if (*alert_json_text(entry, s->by) &&
            (!of_account || alert_json_is(entry, "account", alert_json_text(about, "id"))))
            add_act(s, entry);
    }
    sort_acts(s);
    size_t room = s->n_lanes ? LANES / s->n_lanes * ACTS : 0;
    s->first = s->n_acts > room ? s->n_acts - room : 0;
}

static void draw_act(const struct sequence *s, size_t i, int x, int y)
{
    const json_t *act = s->acts[i];
    struct picture_word word = picture_word(alert_json_text(act, "type"));
    int64_t amount = alert_json_amount(act), time = alert_json_moment(act, "time");
    const char *order = alert_json_text(act, "order");
    int width = s->pitch - 4;
    char text[96], span[48];
    snprintf(text, sizeof text, "%s %s", word.zh, word.en);
    svg_circle(s->svg, (struct svg_point){x, y + LINE}, RADIUS, true, PLAIN);
    svg_fitted(s->svg, x, y + WHAT, SMALL, SVG_MIDDLE, width, text);
    svg_fitted(s->svg, x, y + WHEN, SMALL, SVG_MIDDLE, width, picture_time(time).text);
    if (i > 0) {
        alert_json_span(time - alert_json_moment(s->acts[i - 1], "time"), span, sizeof span);
        snprintf(text, sizeof text, "+%s", span);
        svg_fitted(s->svg, x, y + SINCE, SMALL, SVG_MIDDLE | SVG_BOLD, width, text);
    }
    if (amount)
        svg_fitted(s->svg, x, y + HOW_MUCH, SMALL, SVG_MIDDLE, width, picture_money(amount).text);
    if (glyph_text_width(order, SMALL) <= width) /* a number that is cut helps nobody */
        svg_text(s->svg, x, y + WHICH, SMALL, SVG_MIDDLE, order);
}

/* The acts of one lane from `first` on. */
static void draw_lane(const struct sequence *s, size_t lane, size_t first, struct svg_area area)
{
    struct picture_word word = picture_word(s->by);
    int y = area.y + (area.height - LANE_HEIGHT) / 2;
    const struct svg_point ends[] = {{s->left, y + LINE}, {area.x + area.width, y + LINE}};
    char text[64];
    svg_group(s->svg, s->lanes[lane]);
    snprintf(text, sizeof text, "%s %s", word.zh, word.en);
    svg_text(s->svg, area.x, y + 16, SMALL, SVG_START, text);
    svg_fitted(s->svg, area.x, y + 29, NORMAL, SVG_BOLD, LABEL_WIDTH, s->lanes[lane]);
    svg_lines(s->svg, ends, 2, THIN);
    for (size_t i = first; i < s->n_acts && i < first + ACTS; i++)
        if (lane_of(s, s->acts[i]) == lane)
            draw_act(s, i, s->left + s->pitch / 2 + (int)(i - first) * s->pitch, y);
    svg_group_end(s->svg);
}

static void draw_lanes(const struct sequence *s, struct svg_area area)
{
    size_t rows = (s->n_acts - s->first + ACTS - 1) / ACTS;
    int n = (int)(rows * s->n_lanes);
    if (!n)
        return;
    int height = area.height / n < LANE_WIDEST ? area.height / n : LANE_WIDEST;
    struct svg_area lane = {area.x, area.y + (area.height - n * height) / 3, area.width, height};
    for (size_t row = 0; row < rows; row++) {
        const struct svg_point ends[] = {{lane.x, lane.y}, {lane.x + lane.width, lane.y}};
        if (row)
            svg_lines(s->svg, ends, 2, (struct svg_stroke){.weight = 5, .dash = "1 3"});
        for (size_t i = 0; i < s->n_lanes; i++, lane.y += height)
            draw_lane(s, i, s->first + row * ACTS, lane);
    }
}

void picture_sequence(struct svg *svg, const json_t *alert, struct svg_area area, struct picture_rest *rest)
{
    struct sequence s = {.svg = svg, .left = area.x + LABEL_WIDTH + 12};
    read_acts(&s, alert);
    if (s.n_acts > s.first) {
        size_t beside = s.n_acts - s.first < ACTS ? s.n_acts - s.first : ACTS;
        int pitch = (area.x + area.width - s.left) / (int)beside;
        s.pitch = pitch < STEP_WIDEST ? pitch : STEP_WIDEST;
        svg_text(svg, s.left, area.y + 10, SMALL, SVG_BOLD,
            "先后次序（间距不按时间比例；+ 为距上一步） in turn, not to scale; + since the act before");
        draw_lanes(&s, (struct svg_area){area.x, area.y + CAPTION, area.width, area.height - CAPTION});
        if (s.first + s.dropped)
            snprintf(rest->text, sizeof rest->text, "另有 %zu 条记录未画出 and %zu more entries not drawn",
                s.first + s.dropped, s.first + s.dropped);
    } else {
        picture_ring(svg, alert, area, rest);
    }
    free(s.acts);
}
