/* Pictures of alerts: each is well-formed, holds nothing that could act, and nothing in it overlaps. */
#include "daemon/ctl/picture.h"

#include "daemon/ctl/glyph.h"
#include "daemon/ctl/svg.h"
#include "tests/support/check.h"

#include <stdbool.h>

#define START INT64_C(1763876236195)
#define EVIL "\"><script>alert(1)</script>&amp;<!--\x01\xe2\x80\xae]]>'"

/* ---- reading a picture back ---- */

struct shape {
    struct svg_area area;
    char text[160];
};

struct page {
    struct shape boxes[128], texts[512];
    size_t n_boxes, n_texts;
    const char *error;
};

static int attribute(const char *tag, const char *end, const char *name)
{
    char wanted[32];
    snprintf(wanted, sizeof wanted, " %s=\"", name);
    const char *at = strstr(tag, wanted);
    return at && at < end ? (int)strtol(at + strlen(wanted), NULL, 10) : -1;
}

static bool has(const char *tag, const char *end, const char *what)
{
    const char *at = strstr(tag, what);
    return at && at < end;
}

static bool is_known(const char *name, size_t length)
{
    static const char *const known[] = {
        "svg", "title", "desc", "defs", "marker", "path", "rect", "g", "text", "circle", "polyline"};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (strlen(known[i]) == length && memcmp(known[i], name, length) == 0)
            return true;
    return false;
}

/* The characters that five entities stand for; NULL if it is none of them. */
static const char *decode(const char *at, char *out)
{
    static const char *const entities[] = {"&amp;", "&lt;", "&gt;", "&quot;"};
    for (size_t i = 0; i < 4; i++)
        if (strncmp(at, entities[i], strlen(entities[i])) == 0) {
            *out = "&<>\""[i];
            return at + strlen(entities[i]);
        }
    return NULL;
}

/* Character data up to the next tag; NULL if there is something in it that XML does not allow. */
static const char *read_text(const char *at, char *out, size_t size)
{
    size_t used = 0;
    while (*at && *at != '<') {
        size_t length;
        uint32_t glyph = glyph_next(at, &length);
        char c = *at;
        if (*at == '&') {
            at = decode(at, &c);
            if (!at)
                return NULL;
            length = 0;
        } else if (*at != '\n' && !glyph_is_plain(glyph)) {
            return NULL;
        }
        for (size_t i = 0; i < (length ? length : 1) && used + 1 < size; i++)
            out[used++] = length ? at[i] : c;
        at += length;
    }
    out[used] = '\0';
    return at;
}

static void note_text(struct page *p, const char *tag, const char *end, const char *text)
{
    struct shape *s = &p->texts[p->n_texts++];
    int size = attribute(tag, end, "font-size"), width = glyph_text_width(text, size);
    int x = attribute(tag, end, "x"), y = attribute(tag, end, "y");
    if (size < 9)
        p->error = "a text is smaller than 9 points";
    if (has(tag, end, "text-anchor=\"middle\""))
        x -= width / 2;
    if (has(tag, end, "text-anchor=\"end\""))
        x -= width;
    s->area = (struct svg_area){x, y - size * 8 / 10, width, size};
    snprintf(s->text, sizeof s->text, "%.*s", (int)sizeof s->text - 1, text);
}

static void note_element(struct page *p, const char *tag, const char *end, const char *text)
{
    if (p->n_boxes == 128 || p->n_texts == 512)
        p->error = "more than the test can hold";
    else if (strncmp(tag, "<text", 5) == 0)
        note_text(p, tag, end, text);
    else if (strncmp(tag, "<rect", 5) == 0 && has(tag, end, "fill=\"#fff\" stroke"))
        p->boxes[p->n_boxes++].area = (struct svg_area){attribute(tag, end, "x"), attribute(tag, end, "y"),
            attribute(tag, end, "width"), attribute(tag, end, "height")};
}

/* A tag's end, past its quoted values; NULL if they are not what they should be. */
static const char *tag_end(const char *tag)
{
    bool quoted = false;
    for (const char *at = tag + 1; *at; at++) {
        if (*at == '"')
            quoted = !quoted;
        else if (*at == '<')
            return NULL;
        else if (*at == '>' && !quoted)
            return at;
    }
    return NULL;
}

static bool is_harmless(const char *tag, const char *end)
{
    return !has(tag, end, " on") && !has(tag, end, "href") && !has(tag, end, "style") &&
           !has(tag, end, "javascript");
}

/* Checks nesting, names and character data, and notes boxes and texts. */
static void read_page(struct page *p, const char *svg)
{
    const char *open[16];
    size_t lengths[16], depth = 0;
    static const char head[] = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
    *p = (struct page){.error = strncmp(svg, head, sizeof head - 1) ? "no XML declaration" : NULL};
    for (const char *at = svg + sizeof head - 1; *at && !p->error;) {
        char text[4096];
        const char *tag = at, *end = tag_end(tag);
        bool closes = tag[0] == '<' && tag[1] == '/';
        const char *name = tag + 1 + closes;
        size_t length = strcspn(name, " />\n");
        if (*tag != '<' || !end || !is_known(name, length) || !is_harmless(tag, end)) {
            p->error = "a tag that should not be there";
            return;
        }
        at = read_text(end + 1, text, sizeof text);
        if (!at) {
            p->error = "a character that may not stand there";
            return;
        }
        if (closes && (!depth-- || lengths[depth] != length || memcmp(open[depth], name, length) != 0))
            p->error = "tags do not nest";
        else if (!closes && end[-1] != '/' && depth < 16) {
            open[depth] = name;
            lengths[depth++] = length;
        }
        if (!closes)
            note_element(p, tag, end, text);
        if (!depth && *at)
            p->error = "more than one root";
    }
    if (depth)
        p->error = "a tag is not closed";
}

static bool overlap(struct svg_area a, struct svg_area b)
{
    return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

static bool inside(struct svg_area a, struct svg_area b)
{
    return a.x >= b.x && a.y >= b.y && a.x + a.width <= b.x + b.width && a.y + a.height <= b.y + b.height;
}

static const char *first_overlap(const struct page *p, const char **what)
{
    static const struct svg_area sheet = {0, 0, SVG_PAGE_WIDTH, SVG_PAGE_HEIGHT};
    for (size_t i = 0; i < p->n_boxes; i++) {
        *what = "";
        if (!inside(p->boxes[i].area, sheet))
            return "a box leaves the page";
        for (size_t j = 0; j < i; j++)
            if (overlap(p->boxes[i].area, p->boxes[j].area))
                return "two boxes overlap";
    }
    for (size_t i = 0; i < p->n_texts; i++) {
        *what = p->texts[i].text;
        if (!inside(p->texts[i].area, sheet))
            return "a text leaves the page";
        for (size_t j = 0; j < i; j++)
            if (overlap(p->texts[i].area, p->texts[j].area))
                return "two texts overlap";
        for (size_t j = 0; j < p->n_boxes; j++)
            if (overlap(p->texts[i].area, p->boxes[j].area) && !inside(p->texts[i].area, p->boxes[j].area))
                return "a text crosses a box";
    }
    return NULL;
}

static bool says(const struct page *p, const char *text)
{
    for (size_t i = 0; i < p->n_texts; i++)
        if (strstr(p->texts[i].text, text))
            return true;
    return false;
}

/* Draws the alert twice, checks the picture, and gives it for a closer look. Takes the alert. */
static struct page drawn(json_t *alert, const char *name, size_t n)
{
    struct page page;
    const char *what = "";
    char *svg = picture_draw(alert), *again = picture_draw(alert);
    read_page(&page, svg);
    const char *fault = page.error ? page.error : first_overlap(&page, &what);
    if (fault)
        check_fail(__FILE__, __LINE__, "%s of %zu: %s: %s", name, n, fault, what);
    CHECK_TEXT(again, svg);
    free(svg);
    free(again);
    json_decref(alert);
    return page;
}

/* ---- alerts ---- */

static json_t *alert_of(const char *signal, const char *text)
{
    return json_pack("{s:s,s:i,s:s,s:s,s:i,s:s,s:I,s:I,s:{s:s,s:s},s:{s:s,s:s},s:[],s:[],s:[{s:s,s:i,s:{}}]}",
        "id", "a5659d841ef8954f", "revision", 3, "detector", "proxy_purchasing", "detector_version", "1.0.0",
        "score", 82, "severity", "high", "time", START, "amount", (json_int_t)7486214, "title", "zh", text,
        "en", text, "explanation", "zh", text, "en", text, "subjects", "evidence", "signals", "name", signal,
        "strength", 140, "facts");
}

static void add_subject(json_t *alert, const char *kind, const char *id, const char *role, const char *unit)
{
    json_t *subject = json_pack("{s:s,s:s,s:s}", "kind", kind, "id", id, "role", role);
    if (unit)
        json_object_set_new(subject, "unit", json_string(unit));
    if (strcmp(kind, "order") == 0)
        json_object_set_new(subject, "amount", json_integer(3128832));
    json_array_append_new(json_object_get(alert, "subjects"), subject);
}

static json_t *add_entry(json_t *alert, const char *type, int64_t time)
{
    json_t *entry = json_pack("{s:s,s:s,s:I,s:I}", "entry", "1763876236856-0", "type", type, "time",
        (json_int_t)time, "amount", (json_int_t)3128832);
    json_array_append_new(json_object_get(alert, "evidence"), entry);
    return entry;
}

static void set(json_t *object, const char *name, const char *text)
{
    json_object_set_new(object, name, json_string(text));
}

static json_t *facts_of(json_t *alert)
{
    return json_object_get(json_array_get(json_object_get(alert, "signals"), 0), "facts");
}

static const char long_words[] =
    "同一设备疑似为 7 个互无隶属关系的单位下单（阈值 5），共 7 笔、74862.14元，2025-11-23 13:37 至 "
    "2025-11-24 21:13；"
    "one device is suspected of ordering for 7 unrelated units (threshold 5): 7 orders, CNY 74862.14, from "
    "2025-11-23 13:37 to 2025-11-24 21:13; the units behind one resource lie in 6 cities, which is suspected "
    "to be "
    "more than sharing among neighbours; 共用同一资源的单位分布在 6 个城市，疑似并非邻近单位正常共用（阈值 "
    "3）；";

/* `units` units, each with an account and an order on one of `resources` devices from one of `suppliers`. */
static json_t *ring(size_t units, size_t resources, size_t suppliers)
{
    json_t *alert = alert_of("P1", long_words);
    char unit[48], id[48];
    for (size_t i = 0; i < resources; i++) {
        snprintf(id, sizeof id, "fp0b91f9641731%02zu", i);
        add_subject(alert, "device", id, i ? "shared_resource" : "subject", NULL);
    }
    for (size_t i = 0; i < suppliers; i++) {
        snprintf(id, sizeof id, "109293915409145%04zu", i);
        add_subject(alert, "supplier", id, "supplier", NULL);
    }
    for (size_t i = 0; i < units; i++) {
        snprintf(unit, sizeof unit, "12210202084441%03zuX", i);
        add_subject(alert, "unit", unit, "buyer", NULL);
        snprintf(id, sizeof id, "207310480984238%04zu", i);
        add_subject(alert, "order", id, "order", unit);
        json_t *entry = add_entry(alert, "order", START + (int64_t)i * 60000);
        set(entry, "unit", unit);
        set(entry, "order", id);
        snprintf(id, sizeof id, "fp0b91f9641731%02zu", resources ? i % resources : 0);
        set(entry, "device", id);
        snprintf(id, sizeof id, "109293915409145%04zu", suppliers ? i % suppliers : 0);
        set(entry, "supplier", id);
        snprintf(id, sizeof id, "832909846742323%04zu", i);
        set(entry, "account", id);
        add_subject(alert, "account", id, "actor", unit);
    }
    return alert;
}

static const char *const steps[] = {"order", "payment", "shipment", "tracking", "tracking", "receipt",
    "invoice", "refund", "review", "refund"};

static json_t *timeline(const char *signal, size_t orders, size_t n_steps)
{
    json_t *alert = alert_of(signal, long_words);
    char id[48];
    add_subject(alert, "supplier", "1090985104699848549", "subject", NULL);
    for (size_t i = 0; i < orders; i++) {
        snprintf(id, sizeof id, "204870613025641%04zu", i);
        add_subject(alert, "order", id, "order", "1242010646422554XD");
        for (size_t k = 0; k < n_steps; k++) {
            json_t *entry = add_entry(alert, steps[k], START + (int64_t)(i * 10 + k) * 4000000);
            set(entry, "order", id);
            set(entry, "unit", "1242010646422554XD");
            if (k == 2)
                set(entry, "waybill", "SF9547739879358");
        }
    }
    set(facts_of(alert), "order", "2048706130256410000");
    json_object_set_new(facts_of(alert), "invoiced", json_integer(START - 200000000));
    return alert;
}

/* Listed as detectors do: the latest transfer first. */
static json_t *cycle(size_t hops)
{
    json_t *alert = alert_of("F6", long_words);
    char id[48];
    add_subject(alert, "supplier", "1097870761051156566", "subject", NULL);
    add_subject(alert, "order", "2068990007429412055", "order", "124401061196321013");
    for (size_t i = hops; i-- > 0;) {
        json_t *entry = add_entry(alert, i ? "transfer" : "payment", START + (int64_t)i * 100000000);
        if (!i)
            set(entry, "order", "2068990007429412055");
        snprintf(id, sizeof id, "****%04zu", i);
        set(entry, "account", id);
        add_subject(alert, "payer", id, "payer", "124401061196321013");
    }
    return alert;
}

/* ---- tests ---- */

static void the_signal_chooses(void)
{
    static const struct {
        const char *signal;
        enum picture picture;
    } cases[] = {{"P1", PICTURE_RING}, {"A5.supplier", PICTURE_RING}, {"F5", PICTURE_RING},
        {"F5.payer", PICTURE_RING}, {"F12.side", PICTURE_RING}, {"F1", PICTURE_TIMELINE},
        {"F13.scan", PICTURE_TIMELINE}, {"F2.far", PICTURE_TIMELINE}, {"F6", PICTURE_CYCLE},
        {"", PICTURE_RING}, {"X", PICTURE_RING}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        json_t *alert = alert_of(cases[i].signal, "");
        CHECK_INT(picture_choose(alert), cases[i].picture);
        json_decref(alert);
    }
}

static void rings_of_all_sizes(void)
{
    for (size_t n = 1; n <= 30; n++) {
        struct page p = drawn(ring(n, 1, 1), "a ring", n);
        CHECK_INT(p.n_boxes, (n < 22 ? n : 22) + 3); /* with the badge */
        CHECK(says(&p, "not drawn") == (n > 22));
        drawn(ring(n, n, 3), "a ring with many resources", n);
        drawn(ring(1, n, 1), "a unit with many resources", n);
        drawn(ring(n, 0, n), "a ring with many suppliers", n);
    }
    struct page p = drawn(ring(30, 1, 1), "a ring", 30);
    CHECK(says(&p, "另有 8 项未画出"));
    CHECK(says(&p, "and 8 more not drawn"));
    CHECK(says(&p, "12210202084441000X"));
}

static void a_ring_ties_what_the_evidence_ties(void)
{
    json_t *alert = ring(3, 2, 1);
    add_subject(alert, "payer", "****4874", "shared_resource", NULL); /* tied to all as a whole */
    set(facts_of(alert), "supplier", "1092939154091450000");
    set(facts_of(alert), "key", "fp0b91f964173100"); /* and the supplier's own */
    char *svg = picture_draw(alert);
    size_t curves = 0;
    for (const char *at = svg; (at = strstr(at, "<path d=\"M")); at++)
        curves++;
    CHECK_INT(curves, 1 + 3 + 3 + 1); /* the arrow's head, units to devices, to the supplier, the payer */
    CHECK(strstr(svg, "the supplier's side uses it too") != NULL);
    free(svg);
    json_decref(alert);
}

static void timelines_of_all_sizes(void)
{
    static const char *const signals[] = {"F1", "F1.label", "F2", "F3.trace", "F4", "F13", "F13.scan", "F14"};
    for (size_t n = 0; n <= 30; n++)
        for (size_t k = 0; k <= 10; k++)
            drawn(timeline(signals[(n + k) % 8], n, k), "a timeline", n * 100 + k);
    struct page p = drawn(timeline("F1", 1, 1), "a timeline", 1);
    CHECK(!says(&p, "not drawn"));
    p = drawn(timeline("F1", 9, 7), "a timeline", 9);
    CHECK(says(&p, "F1 没有发货"));
    CHECK(says(&p, "缺失 missing"));
    CHECK(says(&p, "运单重用")); /* all have the same */
    CHECK(says(&p, "more orders not drawn"));
    p = drawn(timeline("F13", 1, 3), "a timeline", 3);
    CHECK(says(&p, "invoice date"));
    CHECK(says(&p, "2 d 7 h")); /* from the invoice to the order */
}

static void cycles_of_all_sizes(void)
{
    for (size_t n = 0; n <= 30; n++) {
        struct page p = drawn(cycle(n), "a cycle", n);
        CHECK(says(&p, "not drawn") == (n > 24));
    }
    struct page p = drawn(cycle(6), "a cycle", 6);
    CHECK_INT(p.n_boxes, 7); /* with the badge */
    CHECK(says(&p, "money circle, 6 transfers"));
    CHECK(says(&p, "****0005"));
    CHECK(says(&p, "供应商 1097870761051156566"));
    CHECK(says(&p, "单位 124401061196321013"));
}

/* Two circles in one alert: the one that the signal tells of. */
static void one_circle_of_several(void)
{
    json_t *alert = cycle(3), *other = cycle(4);
    json_array_extend(json_object_get(alert, "evidence"), json_object_get(other, "evidence"));
    json_t *signal = json_array_get(json_object_get(alert, "signals"), 0);
    json_object_set_new(signal, "value", json_integer(4));
    set(json_object_get(signal, "facts"), "order", "2068990007429412055");
    json_object_set_new(json_object_get(signal, "facts"), "time", json_integer(START + 300000000));
    json_decref(other);
    struct page p = drawn(alert, "two cycles", 4);
    CHECK(says(&p, "money circle, 4 transfers"));
    CHECK_INT(p.n_boxes, 5);
}

static void outside_texts_stay_texts(void)
{
    static const char *const signals[] = {"P1", "F1", "F6"};
    for (size_t i = 0; i < 3; i++) {
        json_t *alert = alert_of(signals[i], EVIL EVIL EVIL);
        add_subject(alert, EVIL, EVIL, "shared_resource", EVIL);
        add_subject(alert, "unit", EVIL, "buyer", NULL);
        add_subject(alert, "payer", EVIL, "payer", EVIL);
        add_subject(alert, "order", EVIL, "order", EVIL);
        static const char *const fields[] = {
            "order", "unit", "device", "supplier", "account", "waybill", "entry"};
        for (size_t k = 0; k < 7; k++) {
            json_t *entry = add_entry(alert, k % 2 ? "transfer" : EVIL, START);
            for (size_t f = 0; f <= k; f++)
                set(entry, fields[f], EVIL);
        }
        set(alert, "id", EVIL);
        set(alert, "detector", EVIL);
        set(alert, "severity", EVIL);
        set(facts_of(alert), "order", EVIL);
        set(facts_of(alert), EVIL, EVIL);
        struct page p = drawn(alert, "an evil alert", i);
        CHECK(says(&p, "<script>"));
    }
}

static void nonsense_is_drawn_as_nothing(void)
{
    static const char *const texts[] = {"{}", "{\"signals\":7,\"subjects\":\"x\",\"evidence\":{}}",
        "{\"signals\":[7,null,{\"name\":1,\"facts\":[]}],\"subjects\":[[],{\"kind\":\"unit\"}],\"evidence\":["
        "3]}",
        "{\"signals\":[{\"name\":\"F6\",\"value\":-5}],\"evidence\":[{\"type\":\"payment\"}]}",
        "{\"score\":9223372036854775807,\"amount\":-9223372036854775807,\"time\":9223372036854775807,"
        "\"signals\":[{\"name\":\"F1\",\"strength\":9,\"facts\":{\"order\":\"o\"}}],"
        "\"subjects\":[{\"kind\":\"order\",\"id\":\"o\",\"amount\":9223372036854775807}],"
        "\"evidence\":[{\"type\":\"order\",\"order\":\"o\",\"time\":-9223372036854775807},"
        "{\"type\":\"receipt\",\"order\":\"o\",\"time\":9223372036854775807}]}"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        json_t *alert = json_loads(texts[i], 0, NULL);
        REQUIRE(alert);
        drawn(alert, "nonsense", i);
    }
}

/* The check itself sees what it is there for. */
static void the_check_can_fail(void)
{
    struct page p;
    const char *what;
    static const char head[] = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
    static const char *const bad[] = {"<svg><g></svg>", "<svg><script></script></svg>", "<svg>&nbsp;</svg>",
        "<svg onload=\"x\"></svg>", "<svg><text x=\"1\" y=\"9\" font-size=\"8\">x</text></svg>", "<svg>",
        "<svg/><g/>"};
    char text[256];
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        snprintf(text, sizeof text, "%s%s", head, bad[i]);
        read_page(&p, text);
        if (!p.error)
            check_fail(__FILE__, __LINE__, "%s is accepted", bad[i]);
    }
    snprintf(text, sizeof text,
        "%s<svg><text x=\"10\" y=\"20\" font-size=\"9\">one</text><text x=\"15\" y=\"22\" "
        "font-size=\"9\">two</text></svg>",
        head);
    read_page(&p, text);
    CHECK(!p.error);
    CHECK(first_overlap(&p, &what) != NULL);
}

static const struct check_test tests[] = {
    {"the check can fail", the_check_can_fail},
    {"the strongest signal chooses the picture", the_signal_chooses},
    {"rings of 1 to 30 units, resources, suppliers", rings_of_all_sizes},
    {"a ring ties what the evidence ties", a_ring_ties_what_the_evidence_ties},
    {"timelines of up to 30 orders and 10 steps", timelines_of_all_sizes},
    {"cycles of up to 30 transfers", cycles_of_all_sizes},
    {"one circle of several", one_circle_of_several},
    {"texts from outside stay texts", outside_texts_stay_texts},
    {"nonsense is drawn as nothing", nonsense_is_drawn_as_nothing},
};
CHECK_MAIN(tests)
