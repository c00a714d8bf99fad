/* A money circle: the accounts stand on an ellipse, clockwise, in the order in which the money passed them.
 * Up to six have amount and time on their arrows; of more, they are listed inside under their numbers. */
#include "daemon/picture/alert_json.h"
#include "daemon/picture/circle.h"
#include "daemon/picture/picture_parts.h"

#include <stdio.h>

#define TURN 3600 /* angles in tenths of a degree, clockwise from the right */
#define STEP 5
#define RADIUS_X 306
#define LABELLED 6
#define LABEL_WIDTH 110
#define LIST_ROWS 8
#define LIST_WIDTH 146

struct ellipse {
    struct svg *svg;
    const struct circle *circle;
    struct svg_point center;
    int rx, ry;
    int box_width, box_height;
};

/* The sine in thousandths, by Bhaskara's approximation (7th century): exact to 2 thousandths, less than a
 * point here, and the same on every machine. */
static int sine(int angle)
{
    int x = (angle % TURN + TURN) % TURN, half = x % 1800;
    int64_t p = (int64_t)half * (1800 - half);
    int s = (int)(4 * p * 1000 / (4050000 - p));
    return x < 1800 ? s : -s;
}

static struct svg_point on(const struct ellipse *e, int angle)
{
    return (struct svg_point){
        e->center.x + e->rx * sine(angle + 900) / 1000, e->center.y + e->ry * sine(angle) / 1000};
}

/* One stands on top; two face each other. */
static int angle_of(const struct ellipse *e, size_t i)
{
    int n = (int)e->circle->count;
    return (n == 2 ? 1800 : 2700) + (int)i * TURN / n;
}

static struct svg_area box_of(const struct ellipse *e, size_t i)
{
    struct svg_point p = on(e, angle_of(e, i));
    return (struct svg_area){p.x - e->box_width / 2, p.y - e->box_height / 2, e->box_width, e->box_height};
}

static bool is_near(struct svg_point p, struct svg_area a)
{
    return p.x >= a.x - 3 && p.x <= a.x + a.width + 3 && p.y >= a.y - 3 && p.y <= a.y + a.height + 3;
}

static void draw_arrow(const struct ellipse *e, size_t i)
{
    size_t next = (i + 1) % e->circle->count;
    struct svg_area from = box_of(e, i), to = box_of(e, next);
    int begin = angle_of(e, i), end = angle_of(e, i + 1);
    while (begin < end && is_near(on(e, begin), from))
        begin += STEP;
    while (end > begin && is_near(on(e, end), to))
        end -= STEP;
    struct svg_stroke stroke = {.weight = 12, .arrow = true};
    if (next == 0 && e->circle->more)
        stroke.dash = "4 3"; /* not straight to there */
    if (end > begin)
        svg_arc(e->svg, on(e, begin), on(e, end), (struct svg_point){e->rx, e->ry}, end - begin > TURN / 2,
            stroke);
}

/* Amount and time, in the middle of the arrow. */
static void draw_label(const struct ellipse *e, size_t i)
{
    const struct circle_hop *hop = &e->circle->hop[i];
    struct svg_point p = on(e, (angle_of(e, i) + angle_of(e, i + 1)) / 2);
    char first[80], second[96];
    snprintf(first, sizeof first, "%zu  %s", i + 1, picture_money(hop->amount).text);
    snprintf(second, sizeof second, "%s %s", picture_time(hop->time).text, picture_word(hop->type).zh);
    svg_blank(e->svg, (struct svg_area){p.x - LABEL_WIDTH / 2, p.y - 12, LABEL_WIDTH, 24});
    svg_fitted(e->svg, p.x, p.y - 2, NORMAL, SVG_MIDDLE | SVG_BOLD, LABEL_WIDTH, first);
    svg_fitted(e->svg, p.x, p.y + 9, SMALL, SVG_MIDDLE, LABEL_WIDTH, second);
}

static void draw_party(const struct ellipse *e, size_t i)
{
    const struct circle_hop *hop = &e->circle->hop[i];
    struct svg_area b = box_of(e, i);
    int x = b.x + b.width / 2, width = b.width - 6;
    char text[160];
    svg_group(e->svg, hop->from);
    svg_box(e->svg, b, PLAIN);
    if (b.height < 20) {
        snprintf(text, sizeof text, "%zu %s", i + 1, *hop->from ? hop->from : "?");
        svg_fitted(e->svg, x, b.y + 10, SMALL, SVG_MIDDLE, width, text);
    } else {
        svg_fitted(e->svg, x, b.y + 12, SMALL, SVG_MIDDLE, width, "账户 bank account");
        svg_fitted(e->svg, x, b.y + 24, NORMAL, SVG_MIDDLE | SVG_BOLD, width, *hop->from ? hop->from : "?");
        snprintf(text, sizeof text, "%s %s", picture_word(hop->owner_kind).zh, hop->owner);
        svg_fitted(e->svg, x, b.y + 36, SMALL, SVG_MIDDLE, width, *hop->owner ? text : "");
    }
    svg_group_end(e->svg);
}

/* Inside, for many: "12  11-23 13:37  ¥31,288.32". */
static void draw_list(const struct ellipse *e)
{
    size_t n = e->circle->count, rows = n < LIST_ROWS ? n : LIST_ROWS, columns = (n + rows - 1) / rows;
    int left = e->center.x - (int)columns * LIST_WIDTH / 2, top = e->center.y - (int)rows * 7;
    char text[128];
    for (size_t i = 0; i < n; i++) {
        const struct circle_hop *hop = &e->circle->hop[i];
        snprintf(text, sizeof text, "%zu  %s  %s", i + 1, picture_time(hop->time).text,
            picture_money(hop->amount).text);
        svg_fitted(e->svg, left + (int)(i / rows) * LIST_WIDTH, top + (int)(i % rows) * 14, SMALL, SVG_START,
            LIST_WIDTH - 6, text);
    }
}

static void draw_middle(const struct ellipse *e)
{
    const struct circle *c = e->circle;
    const struct circle_hop *first = &c->hop[0], *last = &c->hop[c->count - 1];
    int y = e->center.y;
    char text[192], span[48];
    snprintf(text, sizeof text, "%zu 笔转账的资金回路 money circle, %zu transfers", c->count + c->more,
        c->count + c->more);
    svg_text(e->svg, e->center.x, y - 10, 12, SVG_MIDDLE | SVG_BOLD, text);
    snprintf(text, sizeof text, "付出 sent %s · 返回 came back %s", picture_money(first->amount).text,
        picture_money(last->amount).text);
    svg_text(e->svg, e->center.x, y + 8, NORMAL, SVG_MIDDLE, text);
    alert_json_span(last->time - first->time, span, sizeof span);
    snprintf(text, sizeof text, "历时 within %s", span);
    svg_text(e->svg, e->center.x, y + 23, NORMAL, SVG_MIDDLE, text);
}

static struct ellipse ellipse_of(struct svg *svg, const struct circle *c, struct svg_area area)
{
    bool many = c->count > LABELLED;
    struct ellipse e = {
        .svg = svg,
        .circle = c,
        .center = {area.x + area.width / 2, area.y + area.height / 2},
        .rx = RADIUS_X,
        .box_width = many ? 68 : 150,
        .box_height = many ? 13 : 42,
    };
    e.ry = area.height / 2 - e.box_height / 2 - 4;
    return e;
}

void picture_cycle(struct svg *svg, const json_t *alert, struct svg_area area, struct picture_rest *rest)
{
    struct circle circle;
    circle_read(&circle, alert);
    if (!circle.count) {
        picture_ring(svg, alert, area, rest);
        return;
    }
    const struct ellipse e = ellipse_of(svg, &circle, area);
    for (size_t i = 0; i < circle.count; i++)
        draw_arrow(&e, i);
    for (size_t i = 0; i < circle.count; i++) {
        if (circle.count <= LABELLED)
            draw_label(&e, i);
        draw_party(&e, i);
    }
    circle.count <= LABELLED ? draw_middle(&e) : draw_list(&e);
    if (circle.more)
        snprintf(rest->text, sizeof rest->text, "另有 %zu 笔转账未画出 and %zu more transfers not drawn",
            circle.more, circle.more);
}
