/* A ring: shared resources on the left, units in the middle, suppliers on the right, each column as tall as
 * its boxes need. A supplier's own resource closes the ring around the bottom. */
#include "daemon/picture/alert_json.h"
#include "daemon/picture/picture_parts.h"
#include "daemon/picture/bonds.h"

#include <stdio.h>
#include <string.h>

#define CAPTION 16 /* height of the columns' captions */
#define GAP 4      /* at least, between boxes */
#define LOOPS 4    /* lines around the bottom */
#define LOOP_STEP 4
#define BOTTOM (LOOP_STEP * (LOOPS + 2) + 16) /* what they need under the boxes, with a line of text */

static const struct svg_area columns[BONDS_COLUMNS] = {
    [BONDS_RESOURCES] = {.x = 46, .width = 176},
    [BONDS_UNITS] = {.x = 282, .width = 310},
    [BONDS_SUPPLIERS] = {.x = 640, .width = 156},
};

/* How many lines a box has, and so how high it is. */
static const int heights[] = {0, 13, 27, 40};

struct ring {
    struct svg *svg;
    const json_t *alert;
    struct bonds bonds;
    struct svg_area area;
    size_t order[BONDS_COLUMNS][PICTURE_NODES]; /* nodes from top to bottom */
    size_t count[BONDS_COLUMNS];
    int lines[BONDS_COLUMNS];
    int top[BONDS_COLUMNS], pitch[BONDS_COLUMNS]; /* of the boxes */
    bool framed;                                  /* some resource is tied to the units as a whole */
};

static struct svg_area box_of(const struct ring *r, enum bonds_column c, size_t place)
{
    return (struct svg_area){
        columns[c].x, r->top[c] + (int)place * r->pitch[c], columns[c].width, heights[r->lines[c]]};
}

/* ---- where everything stands ---- */

/* The first node of column `c` that this one is tied to: what lines cross least by. */
static size_t first_tie(const struct ring *r, size_t node, enum bonds_column c)
{
    size_t place = 0;
    while (place < r->count[c] && !bonds_are_tied(&r->bonds, node, r->order[c][place]))
        place++;
    return place;
}

/* Puts a column's nodes in the order of their ties to column `by`, otherwise as they come. */
static void sort_column(struct ring *r, enum bonds_column c, enum bonds_column by)
{
    size_t *order = r->order[c];
    for (size_t i = 1; i < r->count[c]; i++) {
        size_t node = order[i], key = first_tie(r, node, by), j = i;
        for (; j > 0 && first_tie(r, order[j - 1], by) > key; j--)
            order[j] = order[j - 1];
        order[j] = node;
    }
}

static void place_column(struct ring *r, enum bonds_column c)
{
    int n = (int)r->count[c], room = r->area.height - CAPTION;
    if (!n)
        return;
    r->lines[c] = 3;
    while (r->lines[c] > 1 && n * (heights[r->lines[c]] + GAP) > room)
        r->lines[c]--;
    int height = heights[r->lines[c]], widest = height + 3 * GAP;
    r->pitch[c] = room / n > widest ? widest : room / n;
    r->top[c] = r->area.y + CAPTION + (room - n * r->pitch[c] + r->pitch[c] - height) / 2;
}

static void lay_out(struct ring *r)
{
    for (size_t i = 0; i < r->bonds.n_nodes; i++) {
        const struct bonds_node *n = &r->bonds.nodes[i];
        if (n->shown)
            r->order[n->column][r->count[n->column]++] = i;
    }
    sort_column(r, BONDS_UNITS, BONDS_RESOURCES);
    sort_column(r, BONDS_SUPPLIERS, BONDS_UNITS);
    for (unsigned c = 0; c < BONDS_COLUMNS; c++)
        place_column(r, (enum bonds_column)c);
}

/* ---- lines ---- */

static struct svg_stroke stroke_of(const struct bonds_node *n)
{
    static const struct {
        const char *kind, *dash;
    } dashes[] = {
        {"device", NULL}, {"phone", "6 3"}, {"payer", "2 2"}, {"address", "8 2 2 2"}, {"account", "10 3"}};
    struct svg_stroke stroke = {.weight = 9};
    for (size_t i = 0; i < sizeof dashes / sizeof dashes[0]; i++)
        if (strcmp(n->kind, dashes[i].kind) == 0)
            stroke.dash = dashes[i].dash;
    return stroke;
}

static void draw_tie(
    const struct ring *r, enum bonds_column from, size_t i, size_t j, struct svg_stroke stroke)
{
    struct svg_area a = box_of(r, from, i), b = box_of(r, from + 1, j);
    svg_curve(r->svg, (struct svg_point){a.x + a.width, a.y + a.height / 2},
        (struct svg_point){b.x, b.y + b.height / 2}, stroke);
}

/* Around the bottom, from a resource to the supplier that uses it too. */
static void draw_loop(const struct ring *r, size_t resource, size_t supplier, int lowest, int loop)
{
    struct svg_area a = box_of(r, BONDS_RESOURCES, resource), b = box_of(r, BONDS_SUPPLIERS, supplier);
    int left = a.x - LOOP_STEP * (loop + 1), right = b.x + b.width + LOOP_STEP * (loop + 1);
    int bottom = lowest + LOOP_STEP * (loop + 3);
    int from = a.y + a.height / 2 + loop, to = b.y + b.height / 2 + loop;
    const struct svg_point points[] = {
        {a.x, from}, {left, from}, {left, bottom}, {right, bottom}, {right, to}, {b.x + b.width, to}};
    struct svg_stroke stroke = stroke_of(&r->bonds.nodes[r->order[BONDS_RESOURCES][resource]]);
    stroke.weight = 16;
    svg_lines(r->svg, points, 6, stroke);
}

static void draw_loops(const struct ring *r)
{
    int loops = 0, lowest = 0;
    for (unsigned c = 0; c < BONDS_COLUMNS; c++) {
        struct svg_area last = r->count[c] ? box_of(r, (enum bonds_column)c, r->count[c] - 1) : r->area;
        if (r->count[c] && last.y + last.height > lowest)
            lowest = last.y + last.height;
    }
    for (size_t i = 0; i < r->count[BONDS_RESOURCES]; i++)
        for (size_t j = 0; j < r->count[BONDS_SUPPLIERS]; j++)
            if (loops < LOOPS &&
                bonds_are_tied(&r->bonds, r->order[BONDS_RESOURCES][i], r->order[BONDS_SUPPLIERS][j]))
                draw_loop(r, i, j, lowest, loops++);
    if (loops)
        svg_text(r->svg, columns[BONDS_UNITS].x + columns[BONDS_UNITS].width / 2,
            lowest + LOOP_STEP * (loops + 2) + 12, SMALL, SVG_MIDDLE,
            "供应商一方也在使用 the supplier's side uses it too");
}

static void draw_ties(const struct ring *r)
{
    for (size_t j = 0; j < r->count[BONDS_UNITS]; j++) {
        size_t unit = r->order[BONDS_UNITS][j];
        for (size_t i = 0; i < r->count[BONDS_RESOURCES]; i++) {
            size_t node = r->order[BONDS_RESOURCES][i];
            if (bonds_are_tied(&r->bonds, unit, node))
                draw_tie(r, BONDS_RESOURCES, i, j, stroke_of(&r->bonds.nodes[node]));
        }
        for (size_t i = 0; i < r->count[BONDS_SUPPLIERS]; i++)
            if (bonds_are_tied(&r->bonds, unit, r->order[BONDS_SUPPLIERS][i]))
                draw_tie(r, BONDS_UNITS, j, i, THIN);
    }
}

/* What no entry ties to single units is tied to all of them: a line to a frame around them. */
static void draw_whole_ties(struct ring *r)
{
    size_t n = r->count[BONDS_UNITS];
    if (!n)
        return;
    struct svg_area first = box_of(r, BONDS_UNITS, 0), last = box_of(r, BONDS_UNITS, n - 1);
    struct svg_area frame = {first.x - 8, first.y - 3, first.width + 16, last.y + last.height - first.y + 6};
    for (size_t i = 0; i < r->count[BONDS_RESOURCES]; i++) {
        size_t node = r->order[BONDS_RESOURCES][i];
        if (bonds_degree(&r->bonds, node, BONDS_UNITS))
            continue;
        struct svg_area box = box_of(r, BONDS_RESOURCES, i);
        struct svg_point from = {box.x + box.width, box.y + box.height / 2}, to = {frame.x, from.y};
        if (to.y < frame.y + 3)
            to.y = frame.y + 3;
        if (to.y > frame.y + frame.height - 3)
            to.y = frame.y + frame.height - 3;
        svg_curve(r->svg, from, to, stroke_of(&r->bonds.nodes[node]));
        svg_circle(r->svg, to, 2, true, THIN);
        r->framed = true;
    }
    if (r->framed)
        svg_frame(r->svg, frame, THIN);
}

/* ---- boxes ---- */

static bool names(const json_t *signal, const char *id)
{
    const char *name;
    json_t *fact;
    json_object_foreach(json_object_get(signal, "facts"), name, fact)
    {
        if (json_is_string(fact) && strcmp(json_string_value(fact), id) == 0)
            return true;
    }
    return false;
}

/* The names of the signals that name this node: "P1 P7". */
static void signals_of(const struct ring *r, const char *id, char *out, size_t size)
{
    size_t i, used = 0;
    json_t *signal;
    out[0] = '\0';
    json_array_foreach(json_object_get(r->alert, "signals"), i, signal)
    {
        if (used < size && names(signal, id))
            used += (size_t)snprintf(out + used, size - used, " %s", alert_json_text(signal, "name"));
    }
}

/* "账号 account 832..." of the accounts and payers that are this unit's alone. */
static void folded_into(const struct ring *r, size_t unit, char *out, size_t size)
{
    size_t used = 0;
    out[0] = '\0';
    for (size_t i = 0; i < r->bonds.n_nodes; i++) {
        const struct bonds_node *n = &r->bonds.nodes[i];
        struct picture_word w = picture_word(n->kind);
        if (n->column == BONDS_FOLDED && strcmp(n->kind, "device") != 0 && used < size &&
            bonds_are_tied(&r->bonds, unit, i))
            used +=
                (size_t)snprintf(out + used, size - used, "%s%s %s %s", used ? ", " : "", w.zh, w.en, n->id);
    }
}

/* One line: the code, when its first entry was, how many orders, and their money. */
static void draw_flat_unit(const struct ring *r, const struct bonds_node *n, struct svg_area b)
{
    int base = b.y + 10, look = SVG_START | (n->subject ? SVG_BOLD : 0);
    char orders[24];
    svg_fitted(r->svg, b.x + 5, base, SMALL, look, 112, n->id);
    if (n->entries)
        svg_fitted(r->svg, b.x + 120, base, SMALL, SVG_START, 62, picture_time(n->first).text);
    snprintf(orders, sizeof orders, "\xc3\x97%d", n->orders);
    if (n->orders)
        svg_fitted(r->svg, b.x + 208, base, SMALL, SVG_END, 24, orders);
    if (n->amount)
        svg_fitted(r->svg, b.x + b.width - 5, base, SMALL, SVG_END, 92, picture_money(n->amount).text);
}

static void draw_unit(const struct ring *r, size_t node, struct svg_area b)
{
    const struct bonds_node *n = &r->bonds.nodes[node];
    int look = SVG_START | (n->subject ? SVG_BOLD : 0), right = b.x + b.width - 5;
    char text[256];
    if (r->lines[BONDS_UNITS] == 1) {
        draw_flat_unit(r, n, b);
        return;
    }
    svg_fitted(r->svg, b.x + 5, b.y + 12, NORMAL, look, 140, n->id);
    snprintf(text, sizeof text, "\xc3\x97%d", n->orders);
    if (n->orders)
        svg_fitted(r->svg, right - 110, b.y + 12, NORMAL, SVG_END, 30, text);
    if (n->amount)
        svg_fitted(r->svg, right, b.y + 12, NORMAL, SVG_END, 106, picture_money(n->amount).text);
    if (n->entries) {
        struct picture_word w = picture_word(n->first_type);
        snprintf(text, sizeof text, "首次 first %s %s %s", picture_time(n->first).text, w.zh, w.en);
        svg_fitted(r->svg, b.x + 5, b.y + 23, SMALL, SVG_START, b.width - 10, text);
    }
    if (r->lines[BONDS_UNITS] == 2)
        return;
    folded_into(r, node, text, sizeof text);
    svg_fitted(r->svg, b.x + 5, b.y + 35, SMALL, SVG_START, b.width - 10, text);
}

static void draw_other(const struct ring *r, size_t node, struct svg_area b)
{
    const struct bonds_node *n = &r->bonds.nodes[node];
    struct picture_word w = picture_word(n->kind);
    int lines = r->lines[n->column], width = b.width - 10, look = SVG_START | (n->subject ? SVG_BOLD : 0);
    char text[256], signals[128];
    if (lines == 1) {
        snprintf(text, sizeof text, "%s %s", w.zh, n->id);
        svg_fitted(r->svg, b.x + 5, b.y + 10, SMALL, look, width, text);
        return;
    }
    signals_of(r, n->id, signals, sizeof signals);
    snprintf(text, sizeof text, "%s %s%s%s", w.zh, w.en, *signals ? " ·" : "", signals);
    svg_fitted(r->svg, b.x + 5, b.y + 11, SMALL, SVG_START, width, text);
    svg_fitted(r->svg, b.x + 5, b.y + 23, NORMAL, look, width, n->id);
    if (lines == 2 || !n->orders)
        return;
    snprintf(text, sizeof text, "%d 单 orders %s", n->orders, n->amount ? picture_money(n->amount).text : "");
    svg_fitted(r->svg, b.x + 5, b.y + 35, SMALL, SVG_START, width, text);
}

static void draw_boxes(const struct ring *r)
{
    static const char *const captions[] = {
        "共用资源 shared", "单位 units · 订单 orders · 金额 money", "供应商 suppliers"};
    for (unsigned c = 0; c < BONDS_COLUMNS; c++) {
        if (r->count[c])
            svg_text(r->svg, columns[c].x, r->area.y + 10, SMALL, SVG_BOLD, captions[c]);
        for (size_t i = 0; i < r->count[c]; i++) {
            size_t node = r->order[c][i];
            struct svg_area box = box_of(r, (enum bonds_column)c, i);
            svg_group(r->svg, r->bonds.nodes[node].id);
            svg_box(r->svg, box, r->bonds.nodes[node].subject ? THICK : PLAIN);
            c == BONDS_UNITS ? draw_unit(r, node, box) : draw_other(r, node, box);
            svg_group_end(r->svg);
        }
    }
}

static void say_rest(const struct ring *r, struct picture_rest *rest)
{
    size_t of[BONDS_COLUMNS] = {0}, hidden = 0;
    for (size_t i = 0; i < r->bonds.n_nodes; i++) {
        const struct bonds_node *n = &r->bonds.nodes[i];
        if (n->column == BONDS_FOLDED || n->shown)
            continue;
        of[n->column]++;
        hidden++;
    }
    if (hidden)
        snprintf(rest->text, sizeof rest->text,
            "另有 %zu 项未画出（资源 %zu、单位 %zu、供应商 %zu） and %zu more not drawn (%zu resources, %zu "
            "units, "
            "%zu suppliers)",
            hidden, of[0], of[1], of[2], hidden, of[0], of[1], of[2]);
}

void picture_ring(struct svg *svg, const json_t *alert, struct svg_area area, struct picture_rest *rest)
{
    struct ring r = {.svg = svg, .alert = alert, .area = area};
    bonds_init(&r.bonds, alert);
    bonds_select(&r.bonds, PICTURE_NODES);
    r.area.height -= BOTTOM;
    lay_out(&r);
    draw_ties(&r);
    draw_whole_ties(&r);
    draw_loops(&r);
    draw_boxes(&r);
    say_rest(&r, rest);
    bonds_fini(&r.bonds);
}
