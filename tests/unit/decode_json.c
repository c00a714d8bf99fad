#include "daemon/event/decode.h"

#include "tests/support/check.h"
#include "tests/support/event_forms.h"

static enum event_reason json(struct decoder *d, struct jd_event *e, const char *text)
{
    return event_from_json(d, e, FORMS_ID_MS, FORMS_ID_SEQ, text, strlen(text));
}

static enum event_reason line(struct decoder *d, struct jd_event *e, const char *text)
{
    return event_from_line(d, e, text, strlen(text));
}

static void json_integers_are_texts_too(void)
{
    struct decoder *d = forms_decoder();
    struct jd_event a, b;
    CHECK_INT(
        json(d, &a, "{\"type\":\"order\",\"order\":2006492638574384503,\"amount\":-0,\"region\":330108}"),
        EVENT_OK);
    CHECK_INT(forms_text(d, &b, "type=order|order=2006492638574384503|amount=0|region=330108"), EVENT_OK);
    CHECK(forms_same(&a, &b));
    decoder_destroy(d);
}

static void json_shapes(void)
{
    struct decoder *d = forms_decoder();
    struct jd_event e;
    static const char *const bad[] = {"", " ", "{", "[]", "1", "\"type\"", "null", "{\"type\":\"tick\"}x",
        "{\"type\":\"tick\",}", "{type:\"tick\"}", "{'type':'tick'}", "{\"type\":\"tick\"}{}",
        "\xef\xbb\xbf{\"type\":\"tick\"}", "{\"a\":01}", "{\"a\":\"\n\"}", "{\"a\":\"\\ud800\"}",
        "{\"a\":NaN}"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        CHECK_INT(json(d, &e, bad[i]), EVENT_BAD_JSON);
    CHECK_INT(json(d, &e, " {\"type\" : \"tick\"}\r\n"), EVENT_OK);
    CHECK_INT(json(d, &e, "{\"\\u0074ype\":\"\\u0074ick\"}"), EVENT_OK);
    static const char *const odd[] = {"true", "false", "[]", "{}", "[1]", "1.5"};
    for (size_t i = 0; i < sizeof odd / sizeof odd[0]; i++) {
        char text[64];
        snprintf(text, sizeof text, "{\"type\":\"tick\",\"account\":%s}", odd[i]);
        CHECK_INT(json(d, &e, text), EVENT_BAD_VALUE);
        snprintf(text, sizeof text, "{\"type\":\"tick\",\"unheard\":%s}", odd[i]);
        CHECK_INT(json(d, &e, text), EVENT_OK);
    }
    CHECK_INT(decoder_counts(d)->unknown_fields, 6);
    CHECK_INT(json(d, &e, "{\"type\":\"tick\",\"amount\":true}"), EVENT_BAD_VALUE);
    CHECK_INT(json(d, &e, "{\"type\":\"tick\",\"x\":[[[[[[[[[[[[[[[\"[[\\\"[[\"]]]]]]]]]]]]]]]}"), EVENT_OK);
    CHECK_INT(json(d, &e, "{\"type\":\"tick\",\"x\":[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]}"), EVENT_DEEP_JSON);
    CHECK_INT(
        json(d, &e, "{\"type\":\"tick\",\"x\":[[[[[[[[[[[[[[[{\"a\":1}]]]]]]]]]]]]]]]}"), EVENT_DEEP_JSON);
    decoder_destroy(d);
}

static void json_in_a_flat_field(void)
{
    struct decoder *d = forms_decoder();
    struct jd_event a, b;
    static const char *const texts[] = {"{\"type\":\"order\",\"order\":1,\"amount\":2}",
        "{\"type\":\"order\"}", "{", "", "{\"type\":\"tick\",\"data\":\"{}\"}"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        char copy[128];
        size_t length = strlen(texts[i]);
        memcpy(copy, texts[i], length);
        enum event_reason reason = json(d, &a, texts[i]);
        event_begin(d, &b, FORMS_ID_MS, FORMS_ID_SEQ);
        event_field(d, "data", 4, copy, length);
        memset(copy, '?', sizeof copy);
        CHECK_INT(event_end(d), reason);
        CHECK(reason != EVENT_OK || forms_same(&a, &b));
    }
    /* beside other fields, `data` is one that we do not know */
    uint64_t before = decoder_counts(d)->unknown_fields;
    CHECK_INT(forms_text(d, &a, "data=5|type=tick"), EVENT_OK);
    CHECK_INT(forms_text(d, &a, "type=tick|data=5"), EVENT_OK);
    CHECK_INT(decoder_counts(d)->unknown_fields - before, 4);
    CHECK_INT(forms_text(d, &a, "data=5|type=tick|data=6"), EVENT_DUPLICATE_FIELD);
    static char big[EVENT_ENTRY_MAX + 1];
    event_begin(d, &a, FORMS_ID_MS, FORMS_ID_SEQ);
    event_field(d, "data", 4, big, sizeof big);
    CHECK_INT(event_end(d), EVENT_TOO_BIG);
    CHECK_INT(event_from_json(d, &a, FORMS_ID_MS, FORMS_ID_SEQ, big, sizeof big), EVENT_TOO_BIG);
    decoder_destroy(d);
}

static void lines_of_a_file(void)
{
    struct decoder *d = forms_decoder();
    struct jd_event e;
    CHECK_INT(
        line(d, &e, "{\"id\":\"1762873200000-3\",\"type\":\"tick\",\"time\":1762873199000}\n"), EVENT_OK);
    CHECK(e.id_ms == FORMS_ID_MS && e.id_seq == 3 && e.time == FORMS_ID_MS - 1000);
    CHECK_INT(line(d, &e, "{\"type\":\"tick\",\"id\":\"1762873200000-3\"}"), EVENT_OK);
    CHECK(e.id_ms == FORMS_ID_MS && e.id_seq == 3 && e.time == FORMS_ID_MS);
    CHECK_INT(line(d, &e, "{\"type\":\"tick\",\"time\":\"1762873199000\",\"id\":null}"), EVENT_OK);
    CHECK(e.id_ms == FORMS_ID_MS - 1000 && e.id_seq == 0 && e.time == FORMS_ID_MS - 1000);
    CHECK_INT(line(d, &e, "{\"type\":\"tick\"}"), EVENT_MISSING_FIELD);
    CHECK_INT(line(d, &e, "{\"id\":\"1762873200000-3\",\"type\":\"tick\",\"time\":1}"), EVENT_TIME_BEHIND);
    CHECK_INT(
        line(d, &e, "{\"id\":\"1762873200000-3\",\"type\":\"tick\",\"id\":\"2-0\"}"), EVENT_DUPLICATE_FIELD);
    CHECK_INT(line(d, &e, ""), EVENT_BAD_JSON);
    static const char *const bad[] = {"\"\\u0031\"", "\"1-\"", "\"-1\"", "\"1-2-3\"", "\"1 -2\"",
        "\"1-9007199254740992\"", "\"253402300800000-0\"", "\"99999999999999999999999-0\"", "5", "true",
        "1.5", "{}"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        char text[80];
        snprintf(text, sizeof text, "{\"type\":\"tick\",\"time\":5,\"id\":%s}", bad[i]);
        CHECK_INT(line(d, &e, text), EVENT_BAD_ID);
    }
    CHECK_INT(decoder_counts(d)->unknown_fields, 0);
    CHECK_INT(json(d, &e, "{\"id\":\"x\",\"type\":\"tick\"}"), EVENT_OK);
    CHECK_INT(decoder_counts(d)->unknown_fields, 1);
    decoder_destroy(d);
}

static void sample_file(void)
{
    struct decoder *d = forms_decoder();
    struct jd_event e;
    FILE *file = fopen("tests/unit/data/sample-events.ndjson", "r");
    char text[4096];
    uint32_t types = 0;
    REQUIRE(file);
    while (fgets(text, sizeof text, file)) {
        enum event_reason reason = line(d, &e, text);
        if (reason)
            check_fail(__FILE__, __LINE__, "%s: %s", event_reason_word(reason), text);
        else
            types |= UINT32_C(1) << e.type;
    }
    fclose(file);
    CHECK_INT(types, (UINT32_C(1) << JD_TYPE_COUNT) - 2);
    CHECK_INT(decoder_counts(d)->unknown_fields, 0);
    CHECK_INT(decoder_counts(d)->unknown_words, 0);
    CHECK_INT(decoder_counts(d)->bad_codes, 0);
    decoder_destroy(d);
}

static const struct check_test tests[] = {
    {"JSON integers can be ids, regions and numbers", json_integers_are_texts_too},
    {"shapes of JSON", json_shapes},
    {"JSON in a flat field", json_in_a_flat_field},
    {"lines of a file", lines_of_a_file},
    {"every line of the sample file", sample_file},
};
CHECK_MAIN(tests)
