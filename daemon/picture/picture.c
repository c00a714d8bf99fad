#include "daemon/picture/picture.h"

#include "daemon/picture/alert_json.h"
#include "daemon/picture/picture_parts.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define MARGIN 28
#define WIDTH (SVG_PAGE_WIDTH - 2 * MARGIN)
#define HEAD_BOTTOM 92 /* of the titles */
#define WORDS_MAX 4    /* lines of explanation in each language */
#define LINE 12
#define BADGE_WIDTH 118

static const char *strongest_signal(const json_t *alert)
{
    const char *strongest = "";
    int64_t most = INT64_MIN;
    size_t i;
    json_t *signal;
    json_array_foreach(json_object_get(alert, "signals"), i, signal)
    {
        int64_t strength = alert_json_number(signal, "strength");
        if (strength <= most)
            continue;
        most = strength;
        strongest = alert_json_text(signal, "name");
    }
    return strongest;
}

/* "F5" and "F5.payer" are of the family F5. */
static bool is_of(const char *signal, const char *family)
{
    size_t length = strlen(family);
    return strncmp(signal, family, length) == 0 && (!signal[length] || signal[length] == '.');
}

static size_t count(const json_t *list, const char *name, const char *text)
{
    size_t i, n = 0;
    json_t *item;
    json_array_foreach(list, i, item)
    {
        n += alert_json_is(item, name, text);
    }
    return n;
}

/* Does the evidence tell more of some order than that it was placed? */
static bool tells_of_orders(const json_t *evidence)
{
    size_t i;
    json_t *entry;
    json_array_foreach(evidence, i, entry)
    {
        if (*alert_json_text(entry, "order") && count(evidence, "order", alert_json_text(entry, "order")) > 1)
            return true;
    }
    return false;
}

enum picture picture_choose(const json_t *alert)
{
    const json_t *subjects = json_object_get(alert, "subjects");
    const char *signal = strongest_signal(alert);
    bool one_unit = count(subjects, "kind", "unit") == 1;
    if (is_of(signal, "F6"))
        return PICTURE_CYCLE;
    bool ties = is_of(signal, "F5") || is_of(signal, "F7.hand") || is_of(signal, "F12");
    if (signal[0] == 'F' && !ties) {
        if (tells_of_orders(json_object_get(alert, "evidence")))
            return PICTURE_TIMELINE;
        return one_unit ? PICTURE_SEQUENCE : PICTURE_RING;
    }
    bool of_account = alert_json_is(json_array_get(subjects, 0), "kind", "account");
    return of_account && one_unit ? PICTURE_SEQUENCE : PICTURE_RING;
}

static void draw_badge(struct svg *svg, const json_t *alert)
{
    const char *severity = alert_json_text(alert, "severity");
    struct picture_word word = picture_word(severity);
    struct svg_area badge = {SVG_PAGE_WIDTH - MARGIN - BADGE_WIDTH, 26, BADGE_WIDTH, 40};
    bool grave = strcmp(severity, "high") == 0 || strcmp(severity, "critical") == 0;
    int center = badge.x + BADGE_WIDTH / 2;
    char text[64];
    svg_box(svg, badge, grave ? THICK : PLAIN);
    snprintf(text, sizeof text, "%s %s", word.zh, word.en);
    svg_fitted(svg, center, badge.y + 17, 13, SVG_MIDDLE | SVG_BOLD, BADGE_WIDTH - 8, text);
    snprintf(text, sizeof text, "评分 score %" PRId64, alert_json_number(alert, "score"));
    svg_fitted(svg, center, badge.y + 33, NORMAL, SVG_MIDDLE, BADGE_WIDTH - 8, text);
}

static void draw_rule(struct svg *svg, int y)
{
    const struct svg_point ends[] = {{MARGIN, y}, {SVG_PAGE_WIDTH - MARGIN, y}};
    svg_lines(svg, ends, 2, THIN);
}

static void draw_head(struct svg *svg, const json_t *alert)
{
    const char *related = json_string_value(json_array_get(json_object_get(alert, "related"), 0));
    bool incomplete = json_is_true(json_object_get(alert, "incomplete"));
    char text[768], time[32];
    int width = WIDTH - BADGE_WIDTH - 10;
    int64_t amount = alert_json_amount(alert);
    svg_fitted(svg, MARGIN, 44, 18, SVG_BOLD, width, alert_json_said(alert, "title", "zh"));
    svg_fitted(svg, MARGIN, 61, 12, SVG_START, width, alert_json_said(alert, "title", "en"));
    alert_json_time(alert_json_number(alert, "time"), time, sizeof time);
    snprintf(text, sizeof text, "预警 alert %s · 修订 revision %" PRId64 " · %s · %s (UTC+8)%s%s%s%s%s",
        alert_json_text(alert, "id"), alert_json_number(alert, "revision"),
        alert_json_text(alert, "detector"), time, amount ? " · 涉及金额 at stake " : "",
        amount ? picture_money(amount).text : "", incomplete ? " · 数据不全 incomplete" : "",
        related ? " · 相关预警 related " : "", related ? related : "");
    svg_fitted(svg, MARGIN, 81, SMALL, SVG_START, WIDTH, text);
    draw_badge(svg, alert);
    draw_rule(svg, HEAD_BOTTOM - 4);
}

/* The words under the picture stand at the bottom of the page; returns where they begin. */
static int draw_words(struct svg *svg, const json_t *alert)
{
    const char *zh = alert_json_said(alert, "explanation", "zh"),
               *en = alert_json_said(alert, "explanation", "en");
    const struct svg_point nowhere = {MARGIN, -1};
    int n_zh = svg_paragraph(svg, nowhere, WIDTH, SMALL, WORDS_MAX, zh);
    int n_en = svg_paragraph(svg, nowhere, WIDTH, SMALL, WORDS_MAX, en);
    int y = SVG_PAGE_HEIGHT - MARGIN - LINE * (n_zh + n_en);
    svg_paragraph(svg, (struct svg_point){MARGIN, y}, WIDTH, SMALL, n_zh, zh);
    svg_paragraph(svg, (struct svg_point){MARGIN, y + LINE * n_zh}, WIDTH, SMALL, n_en, en);
    svg_text(svg, MARGIN, SVG_PAGE_HEIGHT - MARGIN + 6, SMALL, SVG_START,
        "疑似，须人工核查；本图仅据预警内容绘制。 Suspected: for a person to check. Drawn from the alert "
        "alone.");
    draw_rule(svg, y - LINE);
    return y - LINE;
}

char *picture_draw(const json_t *alert)
{
    static void (*const drawings[])(struct svg *, const json_t *, struct svg_area, struct picture_rest *) = {
        [PICTURE_RING] = picture_ring,
        [PICTURE_TIMELINE] = picture_timeline,
        [PICTURE_SEQUENCE] = picture_sequence,
        [PICTURE_CYCLE] = picture_cycle};
    struct svg *svg =
        svg_create(alert_json_said(alert, "title", "zh"), alert_json_said(alert, "explanation", "zh"));
    struct picture_rest rest = {.text = ""};
    draw_head(svg, alert);
    int bottom = draw_words(svg, alert);
    struct svg_area area = {MARGIN, HEAD_BOTTOM, WIDTH, bottom - HEAD_BOTTOM - LINE - 2};
    drawings[picture_choose(alert)](svg, alert, area, &rest);
    svg_fitted(svg, MARGIN, bottom - 4, SMALL, SVG_START, WIDTH, rest.text);
    return svg_finish(svg);
}
