/* Random entries: flat fields and JSON must agree, and what is usable must survive being written out again.
 */
#include "daemon/event/decode.h"
#include "daemon/event/fields.h"

#include "tests/support/check.h"
#include "tests/support/event_forms.h"

#define ENTRIES 20000
#define FIELDS_MAX 40
#define VALUES (64 * 1024)

struct generator {
    uint64_t random;
    struct form_field fields[FIELDS_MAX];
    size_t n;
    char values[VALUES];
    size_t used;
    bool faults; /* of this entry: now and then a wrong value */
};

static unsigned below(struct generator *g, unsigned n)
{
    return (unsigned)(check_random(&g->random) % n);
}

/* A copy that stays where it is; a value that finds no room is empty. */
static void set_value(struct generator *g, struct form_field *field, const void *bytes, size_t length)
{
    if (g->used + length > VALUES)
        length = 0;
    memcpy(g->values + g->used, bytes, length);
    field->value = g->values + g->used;
    field->value_length = length;
    g->used += length;
}

static void set_number(struct generator *g, struct form_field *field, int64_t number)
{
    char digits[24];
    int n = snprintf(digits, sizeof digits, "%lld", (long long)number);
    set_value(g, field, digits, (size_t)n);
    field->bare = below(g, 2);
}

static void set_bytes(struct generator *g, struct form_field *field)
{
    static const size_t lengths[] = {1, 2, 7, 8, 9, 63, 64, 65, 511, 512, 513, 4095, 4096, 4097};
    static const char *const sets[] = {
        "abcXYZ0129-._:", "0123456789", "aé中𝄞\xe4\xb8", "ab\0", "-+ .eE0", "\xff\x80\xc0\xed\xa0"};
    char bytes[5000];
    unsigned set = below(g, sizeof sets / sizeof sets[0]);
    size_t range = set == 3 ? 3 : strlen(sets[set]);
    size_t length = lengths[below(g, sizeof lengths / sizeof lengths[0])];
    for (size_t i = 0; i < length; i++)
        bytes[i] = sets[set][below(g, (unsigned)range)];
    set_value(g, field, bytes, length);
}

static void set_wrong(struct generator *g, struct form_field *field)
{
    static const int64_t edges[] = {-1, 0, 1, EVENT_NUMBER_MAX, EVENT_NUMBER_MAX + 1, EVENT_TIME_MAX,
        EVENT_TIME_MAX + 1, INT64_MAX, INT64_MIN};
    if (below(g, 2))
        set_number(g, field, edges[below(g, sizeof edges / sizeof edges[0])]);
    else
        set_bytes(g, field);
}

static void set_right(struct generator *g, struct form_field *field, enum jd_field f)
{
    static const char *const texts[] = {
        "杭州市330108青年路227号9栋838", "113301083674458310", "13800001111", "a", "330108"};
    static const int regions[] = {330108, 110101, 820000, 450103};
    const char *text = NULL;
    switch (fields[f].form) {
    case FIELD_WORD:
        text = event_word(f, 1 + below(g, 18));
        break;
    case FIELD_ID:
        text = texts[1 + below(g, 4)];
        break;
    case FIELD_TEXT:
        text = texts[below(g, 5)];
        break;
    case FIELD_REGION:
        set_number(g, field, regions[below(g, 4)]);
        return;
    case FIELD_TIME:
        set_number(g, field, FORMS_ID_MS - below(g, 100000));
        return;
    case FIELD_COUNT:
    case FIELD_MONEY:
        set_number(g, field, below(g, 1000000));
        return;
    }
    text = text ? text : "unknown";
    set_value(g, field, text, strlen(text));
}

static void add_field(struct generator *g, enum jd_field f)
{
    static const char *const unheard[] = {"", "x", "extra", "Type", "订单",
        "a_name_of_more_than_sixty_four_bytes_is_longer_than_its_limit_is", "\xff", "type "};
    struct form_field *field = &g->fields[g->n++];
    *field = (struct form_field){.name = fields[f].name};
    if (below(g, 20) == 0)
        field->name = unheard[below(g, g->faults ? 8 : 5)];
    field->name_length = strlen(field->name);
    if (below(g, 20) == 0)
        set_value(g, field, "", 0);
    else if (g->faults && below(g, 10) == 0)
        set_wrong(g, field);
    else
        set_right(g, field, f);
}

static void generate(struct generator *g)
{
    g->n = 0;
    g->used = 0;
    g->faults = below(g, 2);
    size_t n = below(g, FIELDS_MAX);
    uint64_t taken = 0;
    if (below(g, 8))
        add_field(g, JD_F_TYPE);
    while (g->n < n) {
        enum jd_field f = below(g, JD_F_COUNT);
        if ((f == JD_F_TYPE || taken & FIELD_BIT(f)) && !(g->faults && below(g, 30) == 0))
            continue;
        taken |= FIELD_BIT(f);
        add_field(g, f);
    }
}

static void forms_agree(void)
{
    static struct generator g;
    static char json[8 * VALUES];
    static const struct sip_key seed = {5, 6};
    struct decoder *d = decoder_create(&(struct decoder_options){.seed = seed}, NULL);
    uint64_t seen[EVENT_REASON_COUNT] = {0};
    REQUIRE(d);
    g.random = check_seed;
    for (int i = 0; i < ENTRIES; i++) {
        struct jd_event flat, other;
        generate(&g);
        size_t length = forms_json(g.fields, g.n, json, sizeof json);
        if (length == 0 || length > EVENT_ENTRY_MAX)
            continue; /* the limit is on the bytes of a form */
        enum event_reason reason = forms_flat(d, &flat, FORMS_ID_MS, FORMS_ID_SEQ, g.fields, g.n);
        enum event_reason by_json = event_from_json(d, &other, FORMS_ID_MS, FORMS_ID_SEQ, json, length);
        if (reason != by_json)
            check_fail(__FILE__, __LINE__, "flat %s, JSON %s: %.*s", event_reason_word(reason),
                event_reason_word(by_json), (int)length, json);
        else if (reason == EVENT_OK)
            CHECK(forms_same(&flat, &other));
        seen[reason]++;
        decoder_reset(d);
    }
    /* The generator is worth something only if it reaches nearly everything. */
    for (int r = 0; r < EVENT_REASON_COUNT; r++)
        if (r != EVENT_TOO_BIG && r != EVENT_TOO_MANY_FIELDS && r != EVENT_BAD_JSON && r != EVENT_DEEP_JSON &&
            r != EVENT_TIME_BEHIND && seen[r] == 0)
            check_fail(__FILE__, __LINE__, "no entry was %s", event_reason_word((enum event_reason)r));
    CHECK(seen[EVENT_OK] > ENTRIES / 10);
    decoder_destroy(d);
}

static void usable_events_survive(void)
{
    static struct generator g;
    static const struct sip_key seed = {5, 6};
    struct decoder *d = decoder_create(&(struct decoder_options){.seed = seed}, NULL);
    int usable = 0;
    REQUIRE(d);
    g.random = check_seed + 1;
    for (int i = 0; i < ENTRIES; i++) {
        struct jd_event first, second;
        struct form_field list[JD_F_COUNT];
        char digits[JD_F_COUNT][24];
        generate(&g);
        if (forms_flat(d, &first, FORMS_ID_MS, FORMS_ID_SEQ, g.fields, g.n) != EVENT_OK)
            continue;
        forms_check_usable(&first);
        size_t n = forms_of_event(&first, list, digits);
        CHECK_INT(forms_flat(d, &second, FORMS_ID_MS, FORMS_ID_SEQ, list, n), EVENT_OK);
        CHECK(forms_same(&first, &second));
        usable++;
        decoder_reset(d);
    }
    CHECK(usable > ENTRIES / 10);
    decoder_destroy(d);
}

static const struct check_test tests[] = {
    {"flat fields and JSON agree in reason and event", forms_agree},
    {"usable events survive being written out", usable_events_survive},
};
CHECK_MAIN(tests)
