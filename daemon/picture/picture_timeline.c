/* The timelines of an alert's orders, one under another. The steps of an order stand at equal distances, with
 * the time between them in words: minutes and weeks on one scale would show neither. */
#include "daemon/picture/alert_json.h"
#include "daemon/picture/lanes.h"
#include "daemon/picture/picture_parts.h"

#include <stdio.h>

#define CAPTION 18
#define LANE_HEIGHT 80 /* what is drawn of one */
#define LANE_WIDEST 110
#define LABEL_WIDTH 150
#define STEP_WIDEST 112
#define RADIUS 4

/* Base lines, from the top of what is drawn. */
enum { WHAT_ZH = 9, WHAT_EN = 20, BETWEEN = 32, LINE = 35, WHEN = 50, WHY_ZH = 62, WHY_EN = 74 };

static const struct svg_stroke dashed = {.weight = 8, .dash = "2 2"};

static void draw_label(struct svg *svg, const struct lane *lane, int x, int y)
{
    svg_fitted(svg, x, y + 20, NORMAL, SVG_BOLD, LABEL_WIDTH, lane->order);
    svg_fitted(svg, x, y + 34, SMALL, SVG_START, LABEL_WIDTH, lane->unit);
    if (lane->amount)
        svg_text(svg, x, y + 47, SMALL, SVG_START, picture_money(lane->amount).text);
}

static void draw_step(struct svg *svg, const struct lane_step *s, int x, int y, int width)
{
    const struct svg_point at = {x, y + LINE};
    char why[96];
    svg_circle(svg, at, RADIUS, s->why_zh && !s->missing, s->missing ? dashed : PLAIN);
    svg_fitted(svg, x, y + WHAT_ZH, SMALL, SVG_MIDDLE, width, s->zh);
    svg_fitted(svg, x, y + WHAT_EN, SMALL, SVG_MIDDLE, width, s->en);
    svg_fitted(
        svg, x, y + WHEN, SMALL, SVG_MIDDLE, width, s->missing ? "缺失 missing" : picture_time(s->time).text);
    if (s->why_zh) {
        snprintf(why, sizeof why, "%s%s%s", s->signal, *s->signal ? " " : "", s->why_zh);
        svg_fitted(svg, x, y + WHY_ZH, SMALL, SVG_MIDDLE | SVG_BOLD, width, why);
    }
    svg_fitted(svg, x, y + (s->why_zh ? WHY_EN : WHY_ZH), SMALL, SVG_MIDDLE, width,
        s->why_en ? s->why_en : s->waybill);
}

static void draw_between(
    struct svg *svg, const struct lane_step *from, const struct lane_step *to, int x, int y, int pitch)
{
    const struct svg_point ends[] = {{x + RADIUS, y + LINE}, {x + pitch - RADIUS, y + LINE}};
    bool missing = from->missing || to->missing;
    char span[48];
    svg_lines(svg, ends, 2, missing ? dashed : PLAIN);
    if (missing)
        return;
    alert_json_span(to->time - from->time, span, sizeof span);
    svg_fitted(svg, x + pitch / 2, y + BETWEEN, SMALL, SVG_MIDDLE, pitch - 12, span);
}

static void draw_lane(struct svg *svg, const struct lane *lane, struct svg_area area)
{
    int n = (int)lane->n_steps, left = area.x + LABEL_WIDTH + 12, room = area.x + area.width - left;
    int pitch = n && room / n < STEP_WIDEST ? room / n : STEP_WIDEST;
    int y = area.y + (area.height - LANE_HEIGHT) / 2;
    svg_group(svg, lane->order);
    draw_label(svg, lane, area.x, y);
    for (int i = 0; i < n; i++) {
        int x = left + pitch / 2 + i * pitch;
        if (i + 1 < n)
            draw_between(svg, &lane->steps[i], &lane->steps[i + 1], x, y, pitch);
        draw_step(svg, &lane->steps[i], x, y, pitch - 4);
    }
    svg_group_end(svg);
}

static void draw_caption(struct svg *svg, struct svg_area area)
{
    int x = area.x + LABEL_WIDTH + 12, y = area.y + 10;
    svg_text(svg, area.x, y, SMALL, SVG_BOLD, "订单 orders");
    svg_text(svg, x, y, SMALL, SVG_BOLD, "经过（间距不按时间比例） events, not to scale");
    x = area.x + area.width - 260;
    svg_circle(svg, (struct svg_point){x, y - 3}, RADIUS, true, PLAIN);
    svg_text(svg, x + 8, y, SMALL, SVG_START, "可疑 suspect");
    svg_circle(svg, (struct svg_point){x + 92, y - 3}, RADIUS, false, PLAIN);
    svg_text(svg, x + 100, y, SMALL, SVG_START, "已发生 happened");
    svg_circle(svg, (struct svg_point){x + 190, y - 3}, RADIUS, false, dashed);
    svg_text(svg, x + 198, y, SMALL, SVG_START, "缺失 missing");
}

static void say_rest(struct picture_rest *rest, size_t orders, size_t steps)
{
    if (orders && steps)
        snprintf(rest->text, sizeof rest->text,
            "另有 %zu 笔订单、%zu 个步骤未画出 and %zu more orders and %zu more steps not drawn", orders,
            steps, orders, steps);
    else if (orders)
        snprintf(rest->text, sizeof rest->text, "另有 %zu 笔订单未画出 and %zu more orders not drawn", orders,
            orders);
    else if (steps)
        snprintf(rest->text, sizeof rest->text, "另有 %zu 个步骤未画出 and %zu more steps not drawn", steps,
            steps);
}

void picture_timeline(struct svg *svg, const json_t *alert, struct svg_area area, struct picture_rest *rest)
{
    struct lanes lanes;
    size_t dropped = 0;
    lanes_init(&lanes, alert);
    int room = area.height - CAPTION, most = room / LANE_HEIGHT;
    int n = (int)lanes.count < most ? (int)lanes.count : most;
    int pitch = n && room / n < LANE_WIDEST ? room / n : LANE_WIDEST;
    draw_caption(svg, area);
    for (int i = 0; i < n; i++) {
        const struct svg_area lane = {area.x, area.y + CAPTION + i * pitch, area.width, pitch};
        const struct svg_point ends[] = {{lane.x, lane.y}, {lane.x + lane.width, lane.y}};
        if (i)
            svg_lines(svg, ends, 2, (struct svg_stroke){.weight = 5, .dash = "1 3"});
        draw_lane(svg, &lanes.lane[i], lane);
        dropped += lanes.lane[i].dropped;
    }
    say_rest(rest, lanes.count - (size_t)n, dropped);
    lanes_fini(&lanes);
}
