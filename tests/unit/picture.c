/* Pictures of alerts: each is well-formed, holds nothing that could act, and nothing in it overlaps. */
#include "daemon/picture/picture.h"

#include "tests/support/check.h"
#include "tests/support/svg_page.h"

#define START INT64_C(1763876236195)

/* Draws the alert twice, checks the picture, and gives it for a closer look. Takes the alert. */
static struct svg_page drawn(json_t *alert, const char *name, size_t n)
{
    struct svg_page page;
    const char *what = "";
    char *svg = picture_draw(alert), *again = picture_draw(alert);
    svg_page_read(&page, svg);
    const char *fault = page.error ? page.error : svg_page_overlap(&page, &what);
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

/* `n` acts of one account of one unit, by turns on so many devices; or orders at one supplier. */
static json_t *sequence(const char *subject, size_t n, size_t devices)
{
    json_t *alert = alert_of(strcmp(subject, "account") == 0 ? "A1" : "F9", long_words);
    char id[48];
    add_subject(alert, subject, "8329556454802428237", "subject", NULL);
    add_subject(alert, "unit", "12320106113452855J", "buyer", NULL);
    for (size_t i = 0; i < n; i++) {
        json_t *entry = add_entry(alert, i % 3 ? "order" : "account_change", START + (int64_t)i * 4000000);
        set(entry, "account", "8329556454802428237");
        set(entry, "unit", "12320106113452855J");
        snprintf(id, sizeof id, "fp2bd8fa80fdf0%02zu", i % devices);
        set(entry, "device", id);
        snprintf(id, sizeof id, "206356445850451%04zu", i);
        set(entry, "order", id);
    }
    return alert;
}

/* ---- tests ---- */

static void signal_and_subjects_choose(void)
{
    static const struct {
        const char *signal;
        enum picture of_orders, of_others;
    } cases[] = {{"P1", PICTURE_RING, PICTURE_RING}, {"A5.supplier", PICTURE_RING, PICTURE_RING},
        {"F5", PICTURE_RING, PICTURE_RING}, {"F5.payer", PICTURE_RING, PICTURE_RING},
        {"F12.side", PICTURE_RING, PICTURE_RING}, {"F1", PICTURE_TIMELINE, PICTURE_RING},
        {"F13.scan", PICTURE_TIMELINE, PICTURE_RING}, {"F6", PICTURE_CYCLE, PICTURE_CYCLE},
        {"", PICTURE_RING, PICTURE_RING}, {"X", PICTURE_RING, PICTURE_RING}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        json_t *orders = timeline(cases[i].signal, 1, 3), *others = alert_of(cases[i].signal, "");
        CHECK_INT(picture_choose(orders), cases[i].of_orders);
        CHECK_INT(picture_choose(others), cases[i].of_others);
        json_decref(orders);
        json_decref(others);
    }
    json_t *account = sequence("account", 4, 2), *split = sequence("supplier", 4, 1);
    CHECK_INT(picture_choose(account), PICTURE_SEQUENCE);
    CHECK_INT(picture_choose(split), PICTURE_SEQUENCE);
    add_subject(account, "unit", "another", "buyer", NULL);
    CHECK_INT(picture_choose(account), PICTURE_RING);
    json_decref(account);
    json_decref(split);
}

static void rings_of_all_sizes(void)
{
    for (size_t n = 1; n <= 30; n++) {
        struct svg_page p = drawn(ring(n, 1, 1), "a ring", n);
        CHECK_INT(p.n_boxes, (n < 22 ? n : 22) + 3); /* with the badge */
        CHECK(svg_page_says(&p, "not drawn") == (n > 22));
        drawn(ring(n, n, 3), "a ring with many resources", n);
        drawn(ring(1, n, 1), "a unit with many resources", n);
        drawn(ring(n, 0, n), "a ring with many suppliers", n);
    }
    struct svg_page p = drawn(ring(30, 1, 1), "a ring", 30);
    CHECK(svg_page_says(&p, "另有 8 项未画出"));
    CHECK(svg_page_says(&p, "and 8 more not drawn"));
    CHECK(svg_page_says(&p, "12210202084441000X"));
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
    struct svg_page p = drawn(timeline("F1", 1, 1), "a timeline", 1);
    CHECK(!svg_page_says(&p, "not drawn"));
    p = drawn(timeline("F1", 9, 7), "a timeline", 9);
    CHECK(svg_page_says(&p, "F1 没有发货"));
    CHECK(svg_page_says(&p, "缺失 missing"));
    CHECK(svg_page_says(&p, "运单重用")); /* all have the same */
    CHECK(svg_page_says(&p, "more orders not drawn"));
    p = drawn(timeline("F13", 1, 3), "a timeline", 3);
    CHECK(svg_page_says(&p, "invoice date"));
    CHECK(svg_page_says(&p, "2 d 7 h")); /* from the invoice to the order */
}

static void sequences_of_all_sizes(void)
{
    for (size_t n = 0; n <= 40; n++)
        for (size_t devices = 1; devices <= 6; devices++) {
            struct svg_page p = drawn(sequence("account", n, devices), "a sequence", n * 100 + devices);
            size_t lanes = devices < 4 ? devices : 4;
            if (n >= devices && devices <= 4)
                CHECK(svg_page_says(&p, "more entries not drawn") == (n > 4 / lanes * 8));
        }
    struct svg_page p = drawn(sequence("supplier", 4, 1), "a sequence", 4);
    CHECK(svg_page_says(&p, "2063564458504510003"));
    CHECK(svg_page_says(&p, "+1 h 6 min"));
}

static void cycles_of_all_sizes(void)
{
    for (size_t n = 0; n <= 30; n++) {
        struct svg_page p = drawn(cycle(n), "a cycle", n);
        CHECK(svg_page_says(&p, "not drawn") == (n > 24));
    }
    struct svg_page p = drawn(cycle(6), "a cycle", 6);
    CHECK_INT(p.n_boxes, 7); /* with the badge */
    CHECK(svg_page_says(&p, "money circle, 6 transfers"));
    CHECK(svg_page_says(&p, "****0005"));
    CHECK(svg_page_says(&p, "供应商 1097870761051156566"));
    CHECK(svg_page_says(&p, "单位 124401061196321013"));
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
    struct svg_page p = drawn(alert, "two cycles", 4);
    CHECK(svg_page_says(&p, "money circle, 4 transfers"));
    CHECK_INT(p.n_boxes, 5);
}

static void outside_texts_stay_texts(void)
{
    static const char *const signals[] = {"P1", "F1", "F6", "F9"};
    char evil[128]; /* with a control character and one that turns the writing round */
    snprintf(evil, sizeof evil, "\"><script>alert(1)</script>&amp;<!--%c%c%c%c]]>'", 1, 0xe2, 0x80, 0xae);
    for (size_t i = 0; i < 4; i++) {
        json_t *alert = alert_of(signals[i], evil);
        add_subject(alert, evil, evil, "shared_resource", evil);
        add_subject(alert, "unit", evil, "buyer", NULL);
        add_subject(alert, "payer", evil, "payer", evil);
        add_subject(alert, "order", evil, "order", evil);
        static const char *const fields[] = {
            "order", "unit", "device", "supplier", "account", "waybill", "entry"};
        for (size_t k = 0; k < 7; k++) {
            json_t *entry = add_entry(alert, k % 2 ? "transfer" : evil, START);
            for (size_t f = 0; f <= k; f++)
                set(entry, fields[f], evil);
        }
        set(alert, "id", evil);
        set(alert, "detector", evil);
        set(alert, "severity", evil);
        set(facts_of(alert), "order", evil);
        set(facts_of(alert), evil, evil);
        struct svg_page p = drawn(alert, "an evil alert", i);
        CHECK(svg_page_says(&p, "<script>"));
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
    struct svg_page p;
    const char *what;
    static const char head[] = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
    static const char *const bad[] = {"<svg><g></svg>", "<svg><script></script></svg>", "<svg>&nbsp;</svg>",
        "<svg onload=\"x\"></svg>", "<svg><text x=\"1\" y=\"9\" font-size=\"8\">x</text></svg>", "<svg>",
        "<svg/><g/>"};
    char text[256];
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        snprintf(text, sizeof text, "%s%s", head, bad[i]);
        svg_page_read(&p, text);
        if (!p.error)
            check_fail(__FILE__, __LINE__, "%s is accepted", bad[i]);
    }
    snprintf(text, sizeof text,
        "%s<svg><text x=\"10\" y=\"20\" font-size=\"9\">one</text><text x=\"15\" y=\"22\" "
        "font-size=\"9\">two</text></svg>",
        head);
    svg_page_read(&p, text);
    CHECK(!p.error);
    CHECK(svg_page_overlap(&p, &what) != NULL);
}

static const struct check_test tests[] = {
    {"the check can fail", the_check_can_fail},
    {"the strongest signal and the subjects choose", signal_and_subjects_choose},
    {"rings of 1 to 30 units, resources, suppliers", rings_of_all_sizes},
    {"a ring ties what the evidence ties", a_ring_ties_what_the_evidence_ties},
    {"timelines of up to 30 orders and 10 steps", timelines_of_all_sizes},
    {"sequences of up to 40 acts on 6 devices", sequences_of_all_sizes},
    {"cycles of up to 30 transfers", cycles_of_all_sizes},
    {"one circle of several", one_circle_of_several},
    {"texts from outside stay texts", outside_texts_stay_texts},
    {"nonsense is drawn as nothing", nonsense_is_drawn_as_nothing},
};
CHECK_MAIN(tests)
