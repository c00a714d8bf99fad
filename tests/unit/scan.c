#include "daemon/event/scan.h"

#include "tests/support/check.h"
#include "tests/support/event_forms.h"
#include "tests/support/scan_pair.h"

#define TEXTS 40000
#define TEXT_MAX 8192

static struct decoder *decoder(void)
{
    struct decoder *d = decoder_create(&(struct decoder_options){.seed = {1, 2}}, NULL);
    if (!d)
        abort();
    return d;
}

/* Whether the scanner takes the text, and that nothing has happened if not. In a copy of its exact size, so
 * that a sanitizer sees a read past its end. */
static bool takes(struct decoder *d, const char *text, size_t length)
{
    struct jd_event event;
    char *exact = malloc(length ? length : 1);
    if (!exact)
        abort();
    memcpy(exact, text, length);
    event_begin(d, &event, FORMS_ID_MS, FORMS_ID_SEQ);
    d->is_line = true;
    d->needs_id = true;
    char before[offsetof(struct decoder, names)];
    memcpy(before, d, sizeof before);
    bool taken = scan_object(d, exact, length);
    if (!taken) {
        CHECK(event.present == 0 && event.id_ms == FORMS_ID_MS && event.id_seq == FORMS_ID_SEQ);
        CHECK(memcmp(d, before, sizeof before) == 0);
        CHECK_INT(d->names.previous, JD_F_COUNT);
    }
    free(exact);
    return taken;
}

static void check_pair(struct scan_pair *pair, const char *text, size_t length)
{
    for (int form = SCAN_ENTRY; form <= SCAN_DATA; form++)
        if (!scan_pair_agrees(pair, (enum scan_form)form, text, length))
            check_fail(__FILE__, __LINE__, "with the scanner and without: %.*s", (int)length, text);
}

static void takes_the_plain_case(void)
{
    static const char *const texts[] = {
        "{\"type\":\"tick\"}",
        " \t\r\n{ \"type\" : \"order\" ,\t\"order\"\n:\r2006492638574384503 } \n",
        "{\"type\":\"order\",\"order\":\"9\",\"amount\":0,\"quantity\":-1,\"unheard\":\"\",\"\":5}",
        "{\"id\":\"1762873200000-3\",\"type\":\"tick\",\"time\":\"1762873199000\"}",
        "{\"order\":9223372036854775807,\"x\":-9223372036854775807}",
        "{\"address\":\"杭州市330108青年路227号9栋838 \xc2\x80\xf4\x8f\xbf\xbf\x7f\",\"订单\":\"é\"}",
        /* wrong values, but plain: the reason is the same for both forms */
        "{\"type\":\"tock\",\"amount\":-5,\"account\":\"a b\",\"region\":1}",
    };
    struct decoder *d = decoder();
    struct scan_pair pair;
    scan_pair_init(&pair, false);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        if (!takes(d, texts[i], strlen(texts[i])))
            check_fail(__FILE__, __LINE__, "not taken: %s", texts[i]);
        check_pair(&pair, texts[i], strlen(texts[i]));
    }
    scan_pair_fini(&pair);
    decoder_destroy(d);
}

/* One for each thing that the scanner leaves to Jansson. */
#define TEXT(literal)                                                                                        \
    {                                                                                                        \
        literal, sizeof literal - 1                                                                          \
    }
static const struct {
    const char *text;
    size_t length;
} not_plain[] = {
    /* escapes, in values and in names */
    TEXT("{\"type\":\"t\\u0069ck\"}"),
    TEXT("{\"t\\u0079pe\":\"tick\"}"),
    TEXT("{\"type\":\"tick\",\"x\":\"\\\"\"}"),
    /* nesting and other kinds of value */
    TEXT("{\"type\":\"tick\",\"x\":{}}"),
    TEXT("{\"type\":\"tick\",\"x\":[1]}"),
    TEXT("{\"type\":\"tick\",\"x\":true}"),
    TEXT("{\"type\":\"tick\",\"x\":false}"),
    TEXT("{\"type\":\"tick\",\"x\":null}"),
    /* numbers that are not integers of 64 bits in their shortest form */
    TEXT("{\"type\":\"tick\",\"x\":1.5}"),
    TEXT("{\"type\":\"tick\",\"amount\":1.0}"),
    TEXT("{\"type\":\"tick\",\"x\":1e3}"),
    TEXT("{\"type\":\"tick\",\"x\":1E3}"),
    TEXT("{\"type\":\"tick\",\"account\":-0}"),
    TEXT("{\"type\":\"tick\",\"x\":01}"),
    TEXT("{\"type\":\"tick\",\"x\":-01}"),
    TEXT("{\"type\":\"tick\",\"x\":-}"),
    TEXT("{\"type\":\"tick\",\"x\":+1}"),
    TEXT("{\"type\":\"tick\",\"x\":9223372036854775808}"),
    TEXT("{\"type\":\"tick\",\"x\":-9223372036854775808}"),
    TEXT("{\"type\":\"tick\",\"x\":10000000000000000000}"),
    TEXT("{\"type\":\"tick\",\"x\":1a}"),
    /* a key twice: ours, where it is expected and where not, and unknown ones */
    TEXT("{\"type\":\"tick\",\"type\":\"tick\"}"),
    TEXT("{\"account\":\"1\",\"type\":\"tick\",\"account\":\"1\"}"),
    TEXT("{\"x\":\"1\",\"type\":\"tick\",\"y\":\"1\",\"x\":\"1\"}"),
    TEXT("{\"type\":\"tick\",\"id\":\"1-1\",\"id\":\"1-1\"}"),
    /* bytes */
    TEXT("{\"type\":\"tick\",\"x\":\"a\0b\"}"),
    TEXT("{\"type\":\"tick\"\0}"),
    TEXT("{\"type\":\"tick\"}\0"),
    TEXT("{\"type\":\"tick\",\"x\":\"tab\tinside\"}"),
    TEXT("{\"type\":\"tick\",\"x\":\"eight by\ntes\"}"),
    TEXT("{\"type\":\"tick\",\"x\":\"\xff\"}"),
    TEXT("{\"type\":\"tick\",\"address\":\"\xc0\xaf\"}"),
    TEXT("{\"type\":\"tick\",\"address\":\"\xed\xa0\x80\"}"),
    TEXT("{\"type\":\"tick\",\"address\":\"cut off 杭\xe5\xb7\"}"),
    TEXT("{\"type\":\"tick\",\"\xe5\xb7\":\"1\"}"),
    TEXT("\xef\xbb\xbf{\"type\":\"tick\"}"),
    /* shapes */
    TEXT(""),
    TEXT("  "),
    TEXT("{"),
    TEXT("{}"),
    TEXT("[]"),
    TEXT("5"),
    TEXT("{\"type\""),
    TEXT("{\"type"),
    TEXT("{\"type\":"),
    TEXT("{\"type\":5"),
    TEXT("{\"type\":\"tick"),
    TEXT("{\"type\":\"tick\""),
    TEXT("{\"type\":\"tick\","),
    TEXT("{\"type\":\"tick\",}"),
    TEXT("{\"type\" \"tick\"}"),
    TEXT("{type:\"tick\"}"),
    TEXT("{\"type\":tick}"),
    TEXT("{'type':'tick'}"),
    TEXT("{\"type\":\"tick\"]"),
    TEXT("{\"type\":\"tick\"}x"),
    TEXT("{\"type\":\"tick\"}{}"),
    TEXT("{\"type\":\"tick\"} \v"),
};
#undef TEXT

static void gives_up_on_all_else(void)
{
    struct decoder *d = decoder();
    struct scan_pair pair;
    scan_pair_init(&pair, false);
    for (size_t i = 0; i < sizeof not_plain / sizeof not_plain[0]; i++) {
        if (takes(d, not_plain[i].text, not_plain[i].length))
            check_fail(__FILE__, __LINE__, "taken: %s", not_plain[i].text);
        check_pair(&pair, not_plain[i].text, not_plain[i].length);
    }
    CHECK_INT(decoder_counts(d)->unknown_fields, 0);
    scan_pair_fini(&pair);
    decoder_destroy(d);
}

/* Ours or not, there is room for as many members as an event may have. */
static void counts_members(void)
{
    struct decoder *d = decoder();
    struct scan_pair pair;
    scan_pair_init(&pair, false);
    for (int n = EVENT_FIELDS_MAX - 1; n <= EVENT_FIELDS_MAX + 1; n++) {
        char text[TEXT_MAX];
        size_t used = (size_t)snprintf(text, sizeof text, "{\"type\":\"tick\"");
        for (int i = 1; i < n; i++)
            used += (size_t)snprintf(text + used, sizeof text - used, ",\"x%d\":%d", i, i);
        text[used++] = '}';
        CHECK(takes(d, text, used) == (n <= EVENT_FIELDS_MAX));
        check_pair(&pair, text, used);
    }
    scan_pair_fini(&pair);
    decoder_destroy(d);
}

/* Limits of length are those of the fields, whoever reads the text. */
static void long_texts(void)
{
    static char text[EVENT_ENTRY_MAX + 64];
    static const size_t lengths[] = {
        EVENT_NAME_MAX + 1, JD_TEXT_MAX + 1, EVENT_VALUE_MAX, EVENT_VALUE_MAX + 1, EVENT_ENTRY_MAX};
    static const char *const heads[] = {
        "{\"type\":\"tick\",\"address\":\"", "{\"type\":\"tick\",\"x\":\"", "{\"type\":\"tick\",\"a"};
    struct scan_pair pair;
    scan_pair_init(&pair, false);
    for (size_t h = 0; h < 3; h++) {
        for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
            size_t used = strlen(heads[h]);
            memcpy(text, heads[h], used);
            memset(text + used, 'a', lengths[i]);
            used += lengths[i];
            memcpy(text + used, h == 2 ? "\":1}" : "\"}", h == 2 ? 4 : 2);
            check_pair(&pair, text, used + (h == 2 ? 4 : 2));
        }
    }
    CHECK(decoder_counts(pair.with)->reasons[EVENT_FIELD_TOO_LONG] > 0);
    CHECK(decoder_counts(pair.with)->reasons[EVENT_TOO_BIG] > 0);
    scan_pair_fini(&pair);
}

/* A name that cannot stand in JSON as it is must not be found by comparing bytes. */
static void awkward_names(void)
{
    static const char *const texts[] = {
        "{\"type\":\"login\",\"a\\\"b\":\"1\"}",
        "{\"type\":\"login\",\"a\"b\":\"1\"}",
        "{\"type\":\"login\",\"a\\\\b\":\"1\"}",
        "{\"type\":\"login\",\"a\\b\":\"1\"}",
        "{\"type\":\"order\",\"订单\":\"1\",\"\\n\":\"1\"}",
        "{\"type\":\"order\",\"订单\":\"1\",\"\n\":\"1\"}",
        "{\"type\":\"tick\",\"\xff\":\"1\"}",
    };
    struct scan_pair pair;
    scan_pair_init(&pair, true);
    for (int round = 0; round < 2; round++)
        for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
            for (int again = 0; again < 2; again++)
                check_pair(&pair, texts[i], strlen(texts[i]));
    CHECK(decoder_counts(pair.with)->events > 0);
    scan_pair_fini(&pair);
}

/* What stood in the caller's record before does not show. */
static void clears_what_it_must(void)
{
    struct decoder *d = decoder();
    struct jd_event event;
    static const char text[] = "{\"type\":\"tick\",\"region\":\"330108\",\"amount\":7}";
    memset(&event, 0xff, sizeof event);
    CHECK_INT(event_from_json(d, &event, FORMS_ID_MS, FORMS_ID_SEQ, text, sizeof text - 1), EVENT_OK);
    CHECK(event.present == (FIELD_BIT(JD_F_TYPE) | FIELD_BIT(JD_F_REGION) | FIELD_BIT(JD_F_AMOUNT)));
    CHECK(event.flags == 0 && event.time == FORMS_ID_MS && event.type == JD_TYPE_TICK);
    CHECK(jd_key(&event, JD_F_AMOUNT) == 0 && jd_key(&event, JD_F_TYPE) == 0 &&
          event.field[JD_F_AMOUNT].length == 0);
    for (unsigned f = 0; f < JD_F_COUNT; f++)
        CHECK(jd_has(&event, (enum jd_field)f) ||
              (jd_num(&event, (enum jd_field)f) == 0 && jd_key(&event, (enum jd_field)f) == 0));
    decoder_destroy(d);
}

/* ---- random texts ---- */

struct writer {
    uint64_t random;
    char text[TEXT_MAX];
    size_t used;
};

static unsigned below(struct writer *w, size_t n)
{
    return (unsigned)(check_random(&w->random) % n);
}

static void put(struct writer *w, const char *text)
{
    size_t length = strlen(text);
    if (w->used + length > sizeof w->text)
        return;
    memcpy(w->text + w->used, text, length);
    w->used += length;
}

#define PICK(w, list) list[below(w, sizeof list / sizeof list[0])]

static void put_space(struct writer *w)
{
    static const char *const spaces[] = {" ", "\t", "\n", "\r", "  \n"};
    if (below(w, 12) == 0)
        put(w, PICK(w, spaces));
}

static void put_name(struct writer *w)
{
    static const char *const others[] = {
        "id", "", "x", "extra", "Type", "订单", "data", "a\\u0062", "\xff", "y"};
    put(w, "\"");
    put(w, below(w, 6) ? fields[below(w, JD_F_COUNT)].name : PICK(w, others));
    put(w, "\"");
}

static void put_value(struct writer *w)
{
    static const char *const plain[] = {"\"order\"", "\"tick\"", "\"1\"", "5", "0", "1762873199000",
        "\"330108\"", "\"113301083674458310\"", "\"杭州市330108青年路227号\"", "\"1762873200000-3\"", "\"\"",
        "330108", "\"web\"", "-1", "9223372036854775807", "\"a b\"",
        "\"0123456789abcdef0123456789abcdef0123456789abcdef\""};
    static const char *const odd[] = {"\"\\u4e2d\"", "\"\\n\"", "null", "true", "1.5", "1e2", "-0", "007",
        "[]", "{\"a\":[1]}", "9223372036854775808", "\"\xc3\"", "\"\x01\"", "\"", "x"};
    put(w, below(w, 40) ? PICK(w, plain) : PICK(w, odd));
}

static void write_object(struct writer *w)
{
    unsigned n = 1 + below(w, 12);
    w->used = 0;
    put(w, "{");
    if (below(w, 4))
        put(w, "\"type\":\"tick\",");
    for (unsigned i = 0; i < n; i++) {
        put(w, i ? "," : "");
        put_space(w);
        put_name(w);
        put_space(w);
        put(w, ":");
        put_space(w);
        put_value(w);
    }
    put(w, "}");
    put_space(w);
}

/* One byte more, less or another. */
static void spoil(struct writer *w)
{
    static const char bytes[] = "\"\\{}[]:,0-.eE \n\x7f\x80\xe4\0a";
    size_t at = below(w, w->used);
    switch (below(w, 4)) {
    case 0:
        memmove(w->text + at, w->text + at + 1, w->used - at - 1);
        w->used--;
        break;
    case 1:
        w->used = at;
        break;
    default:
        w->text[at] = bytes[below(w, sizeof bytes - 1)];
    }
}

static void agrees_with_jansson(void)
{
    static struct writer w;
    struct decoder *d = decoder();
    struct scan_pair pair;
    int taken = 0;
    w.random = check_seed;
    scan_pair_init(&pair, false);
    for (int i = 0; i < TEXTS; i++) {
        write_object(&w);
        if (below(&w, 3) == 0)
            spoil(&w);
        check_pair(&pair, w.text, w.used);
        taken += takes(d, w.text, w.used);
        decoder_reset(d);
    }
    const struct decoder_counts *n = decoder_counts(pair.with);
    printf("# %d of %d taken, %llu events usable\n", taken, TEXTS, (unsigned long long)n->events);
    CHECK(taken > TEXTS / 4 && taken < TEXTS / 4 * 3);
    CHECK(n->events > TEXTS / 10 && n->reasons[EVENT_BAD_JSON] > TEXTS / 10);
    CHECK(n->reasons[EVENT_DUPLICATE_FIELD] > TEXTS / 100 && n->reasons[EVENT_BAD_UTF8] > TEXTS / 100);
    scan_pair_fini(&pair);
    decoder_destroy(d);
}

static const struct check_test tests[] = {
    {"takes plain objects", takes_the_plain_case},
    {"gives up on all else, without a trace", gives_up_on_all_else},
    {"as many members as an event may have", counts_members},
    {"long names and values", long_texts},
    {"names that need an escape", awkward_names},
    {"no trace of what stood in the record", clears_what_it_must},
    {"Jansson alone says the same of random texts", agrees_with_jansson},
};
CHECK_MAIN(tests)
