#include "daemon/event/decode.h"

#include "tests/support/check.h"
#include "tests/support/event_forms.h"

static enum event_reason json(struct decoder *d, struct jd_event *e, const char *text)
{
    return event_from_json(d, e, FORMS_ID_MS, FORMS_ID_SEQ, text, strlen(text));
}

static void reads_all_forms(void)
{
    struct decoder *d = forms_decoder();
    struct jd_event e;
    CHECK_REASON("type=order|time=1762873199000|order=2006492638574384503|account_kind=trading|region=330108|"
                 "amount=304806|quantity=111000|address=杭州市330108青年路227号9栋838|invoice_time=0",
        EVENT_OK);
    CHECK_INT(e.type, JD_TYPE_ORDER);
    CHECK_INT(e.id_ms, FORMS_ID_MS);
    CHECK_INT(e.id_seq, 7);
    CHECK_INT(e.time, FORMS_ID_MS - 1000);
    CHECK_INT(jd_num(&e, JD_F_ACCOUNT_KIND), JD_ACCOUNT_TRADING);
    CHECK_INT(jd_num(&e, JD_F_REGION), 330108);
    CHECK_INT(jd_key(&e, JD_F_REGION), 330108);
    CHECK_INT(jd_num(&e, JD_F_AMOUNT), 304806);
    CHECK_INT(jd_num(&e, JD_F_QUANTITY), 111000);
    CHECK(jd_has(&e, JD_F_INVOICE_TIME) && jd_num(&e, JD_F_INVOICE_TIME) == 0);
    CHECK(
        e.field[JD_F_ORDER].length == 19 && memcmp(e.field[JD_F_ORDER].text, "2006492638574384503", 19) == 0);
    CHECK_INT(e.field[JD_F_ADDRESS].length, strlen("杭州市330108青年路227号9栋838"));
    CHECK(!jd_has(&e, JD_F_ACCOUNT) && jd_key(&e, JD_F_ACCOUNT) == 0);
    decoder_destroy(d);
}

static void absent_values(void)
{
    struct decoder *d = forms_decoder();
    struct jd_event e, other;
    CHECK_REASON("type=tick|time=|account=|region=000000|channel=pigeon|amount=|address=", EVENT_OK);
    CHECK_INT(e.present, UINT64_C(1) << JD_F_TYPE);
    CHECK_INT(e.time, FORMS_ID_MS);
    CHECK_INT(decoder_counts(d)->unknown_words, 2); /* once in each form */
    CHECK_INT(
        json(d, &other, "{\"type\":\"tick\",\"time\":null,\"account\":null,\"amount\":null}"), EVENT_OK);
    CHECK(forms_same(&e, &other));
    CHECK_INT(json(d, &e, "{\"type\":null}"), EVENT_MISSING_TYPE);
    decoder_destroy(d);
}

/* A masked or made-up phone, a masked address is nobody's; in a registry somebody has to see it. */
static void masked_values(void)
{
    struct decoder *d = forms_decoder();
    struct jd_event e;
    CHECK_REASON("type=order|order=1|consignee_phone=138****0001|address=青年路***|account=8*", EVENT_BAD_ID);
    CHECK_REASON("type=order|order=1|consignee_phone=138****0001|address=青年路***", EVENT_OK);
    CHECK(jd_key(&e, JD_F_CONSIGNEE_PHONE) == 0 && jd_key(&e, JD_F_ADDRESS) == 0);
    CHECK_REASON("type=account_change|account=1|change=phone|new_value=138****0001", EVENT_OK);
    CHECK(jd_key(&e, JD_F_NEW_VALUE) == 0);
    CHECK_REASON("type=account_change|account=1|change=handler|new_value=a*b", EVENT_OK);
    CHECK(jd_key(&e, JD_F_NEW_VALUE) != 0);
    CHECK_REASON("type=order|order=1|consignee_phone=13800138000", EVENT_OK);
    CHECK(jd_key(&e, JD_F_CONSIGNEE_PHONE) == 0);
    CHECK_REASON("type=order|order=1|consignee_phone=11111111111", EVENT_OK);
    CHECK(jd_key(&e, JD_F_CONSIGNEE_PHONE) == 0);
    CHECK_REASON("type=order|order=1|consignee_phone=13812345678", EVENT_OK);
    CHECK(jd_key(&e, JD_F_CONSIGNEE_PHONE) == 0);
    CHECK_REASON("type=order|order=1|consignee_phone=13888888810", EVENT_OK);
    CHECK(jd_key(&e, JD_F_CONSIGNEE_PHONE) != 0);
    CHECK_REASON("type=registry|list=agent_phone|key=138****0001|value=a", EVENT_MISSING_FIELD);
    decoder_destroy(d);
}

static void type_reasons(void)
{
    struct decoder *d = forms_decoder();
    struct jd_event e;
    CHECK_REASON("order=1", EVENT_MISSING_TYPE);
    CHECK_REASON("", EVENT_MISSING_TYPE);
    CHECK_REASON("type=", EVENT_MISSING_TYPE);
    CHECK_REASON("type=orders", EVENT_UNKNOWN_TYPE);
    CHECK_REASON("type=Order", EVENT_UNKNOWN_TYPE);
    CHECK_REASON("type=1", EVENT_UNKNOWN_TYPE);
    CHECK_INT(decoder_counts(d)->unknown_words, 0);
    decoder_destroy(d);
}

static void needed_fields(void)
{
    static const char *const events[] = {"type=login|account=1", "type=logout|account=1",
        "type=account_change|account=1", "type=order|order=1", "type=cancel|order=1", "type=payment|order=1",
        "type=shipment|order=1", "type=tracking|waybill=1", "type=receipt|order=1", "type=review|order=1",
        "type=refund|order=1", "type=redeem|order=1", "type=invoice|order=1", "type=transfer|payer=1|payee=2",
        "type=reservation|unit=1", "type=registry|list=county|key=330108",
        "type=verdict|alert=1|verdict=cleared", "type=tick"};
    struct decoder *d = forms_decoder();
    struct jd_event e;
    uint32_t types = 0;
    for (size_t i = 0; i < sizeof events / sizeof events[0]; i++) {
        CHECK_INT(forms_text(d, &e, events[i]), EVENT_OK);
        types |= UINT32_C(1) << e.type;
        for (const char *cut = strchr(events[i], '|'); cut; cut = strchr(cut + 1, '|')) {
            char without[128];
            const char *rest = strchr(cut + 1, '|');
            snprintf(without, sizeof without, "%.*s%s", (int)(cut - events[i]), events[i], rest ? rest : "");
            CHECK_INT(forms_text(d, &e, without), EVENT_MISSING_FIELD);
        }
    }
    CHECK_INT(types, (UINT32_C(1) << JD_TYPE_COUNT) - 2);
    /* a word that nobody knows where one is needed is for a person to see */
    CHECK_REASON("type=registry|list=no_such_list|key=1", EVENT_BAD_VALUE);
    CHECK_REASON("type=verdict|alert=1|verdict=perhaps", EVENT_BAD_VALUE);
    CHECK_REASON("type=tick|list=no_such_list|verdict=perhaps", EVENT_OK);
    decoder_destroy(d);
}

static void numbers(void)
{
    struct decoder *d = forms_decoder();
    struct jd_event e;
    CHECK_REASON("type=tick|quantity=1000000000000|amount=1000000000000", EVENT_OK);
    CHECK_REASON("type=tick|quantity=007|amount=-0", EVENT_OK);
    CHECK_INT(jd_num(&e, JD_F_QUANTITY), 7);
    static const char *const bad[] = {
        "1.0", "1e3", "+1", " 1", "1 ", "-", "--1", "0x1", "1,000", "１", "1-", "abc"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        static const char *const names[] = {"quantity", "amount", "time", "until"};
        for (size_t k = 0; k < 4; k++) {
            char text[64];
            snprintf(text, sizeof text, "type=tick|%s=%s", names[k], bad[i]);
            CHECK_INT(forms_text(d, &e, text), EVENT_BAD_NUMBER);
        }
    }
    CHECK_REASON("type=tick|quantity=-5", EVENT_BAD_NUMBER);
    CHECK_REASON("type=tick|quantity=1000000000001", EVENT_BAD_NUMBER);
    CHECK_REASON("type=tick|until=253402300800000", EVENT_BAD_NUMBER);
    CHECK_REASON("type=tick|until=-1", EVENT_BAD_NUMBER);
    CHECK_REASON("type=tick|until=253402300799999", EVENT_OK);
    CHECK_REASON("type=tick|amount=-5", EVENT_BAD_AMOUNT);
    CHECK_REASON("type=tick|amount=1000000000001", EVENT_BAD_AMOUNT);
    CHECK_REASON("type=tick|unit_price=99999999999999999999999999999999", EVENT_BAD_AMOUNT);
    CHECK_REASON("type=tick|reserved=-99999999999999999999999999999999", EVENT_BAD_AMOUNT);
    CHECK_INT(json(d, &e, "{\"type\":\"tick\",\"amount\":-5}"), EVENT_BAD_AMOUNT);
    CHECK_INT(json(d, &e, "{\"type\":\"tick\",\"amount\":1.0}"), EVENT_BAD_NUMBER);
    CHECK_INT(json(d, &e, "{\"type\":\"tick\",\"weight\":1e3}"), EVENT_BAD_NUMBER);
    CHECK_INT(json(d, &e, "{\"type\":\"tick\",\"weight\":9223372036854775808}"), EVENT_BAD_NUMBER);
    CHECK_INT(json(d, &e, "{\"type\":\"tick\",\"other\":1e999}"), EVENT_BAD_NUMBER);
    decoder_destroy(d);
}

static void regions(void)
{
    struct decoder *d = forms_decoder();
    struct jd_event e;
    static const int provinces[] = {11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43,
        44, 45, 46, 50, 51, 52, 53, 54, 61, 62, 63, 64, 65, 71, 81, 82};
    size_t next = 0;
    for (int p = 0; p < 100; p++) {
        char text[64];
        bool known = next < sizeof provinces / sizeof provinces[0] && provinces[next] == p;
        next += known;
        snprintf(text, sizeof text, "type=tick|region=%02d0102", p);
        CHECK_INT(forms_text(d, &e, text), known ? EVENT_OK : EVENT_BAD_REGION);
    }
    CHECK_REASON("type=tick|ip_region=33010", EVENT_BAD_REGION);
    CHECK_REASON("type=tick|origin_region=330108000000", EVENT_BAD_REGION);
    CHECK_REASON("type=tick|supplier_region=33010a", EVENT_BAD_REGION);
    CHECK_REASON("type=tick|region=+33010", EVENT_BAD_REGION);
    decoder_destroy(d);
}

static void ids(void)
{
    struct decoder *d = forms_decoder();
    struct jd_event e;
    CHECK_REASON("type=tick|account=AZaz09._:-", EVENT_OK);
    for (int c = 1; c < 128; c++) {
        char text[] = "type=tick|account=ab?";
        bool allowed = c == '.' || c == '_' || c == ':' || c == '-' || (c >= '0' && c <= '9') ||
                       (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
        text[sizeof text - 2] = (char)c;
        if (c != '|')
            CHECK_INT(forms_text(d, &e, text), allowed ? EVENT_OK : EVENT_BAD_ID);
    }
    CHECK_REASON("type=tick|account=账号", EVENT_BAD_ID);
    event_begin(d, &e, EVENT_TIME_MAX + 1, 0);
    event_field(d, "type", 4, "tick", 4);
    CHECK_INT(event_end(d), EVENT_BAD_ID);
    CHECK_INT(event_from_json(d, &e, -1, 0, "{\"type\":\"tick\"}", 15), EVENT_BAD_ID);
    CHECK_INT(event_from_json(d, &e, 0, EVENT_SEQ_MAX + 1, "{\"type\":\"tick\"}", 15), EVENT_BAD_ID);
    CHECK_INT(event_from_json(d, &e, 0, EVENT_SEQ_MAX, "{\"type\":\"tick\"}", 15), EVENT_OK);
    decoder_destroy(d);
}

static void times(void)
{
    struct decoder *d = forms_decoder();
    struct jd_event e;
    CHECK_REASON("type=tick|time=1762873260000", EVENT_OK);
    CHECK_REASON("type=tick|time=1762873260001", EVENT_TIME_AHEAD);
    CHECK_REASON("type=tick|time=1755097200000", EVENT_OK);
    CHECK_REASON("type=tick|time=1755097199999", EVENT_TIME_BEHIND);
    decoder_destroy(d);
    d = decoder_create(
        &(struct decoder_options){.seed = forms_seed, .max_ahead = 10, .max_behind = 20}, NULL);
    REQUIRE(d);
    CHECK_REASON("type=tick|time=1762873200010", EVENT_OK);
    CHECK_REASON("type=tick|time=1762873200011", EVENT_TIME_AHEAD);
    CHECK_REASON("type=tick|time=1762873199980", EVENT_OK);
    CHECK_REASON("type=tick|time=1762873199979", EVENT_TIME_BEHIND);
    decoder_destroy(d);
}

static void bytes(void)
{
    struct decoder *d = forms_decoder();
    struct jd_event e;
    CHECK_REASON("type=tick|address=\xf0\x9f\x8f\xa0\xed\x9f\xbf", EVENT_OK);
    static const char *const bad[] = {"\xff", "\x80", "\xc0\x80", "\xc1\xbf", "\xe0\x9f\xbf", "\xed\xa0\x80",
        "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xe5\x8d", "12345678\xe5\x8d",
        "\xe5\x8d(", "12345678\xff"};
    static const char *const names[] = {
        "address", "account", "amount", "region", "channel", "type", "unheard"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        for (size_t k = 0; k < sizeof names / sizeof names[0]; k++) {
            char text[64];
            snprintf(text, sizeof text, "%s=%s", names[k], bad[i]);
            CHECK_INT(forms_text(d, &e, text), EVENT_BAD_UTF8);
        }
    }
    CHECK_REASON("type=tick|\xff=1", EVENT_BAD_UTF8);
    CHECK_REASON("type=tick|address=a\0b", EVENT_NUL_BYTE);
    CHECK_REASON("type=tick|account=\0", EVENT_NUL_BYTE);
    CHECK_REASON("type=ti\0ck", EVENT_NUL_BYTE);
    CHECK_REASON("type=tick|amount=1\0", EVENT_NUL_BYTE);
    CHECK_REASON("type=tick|unheard=1234567\0", EVENT_NUL_BYTE);
    CHECK_REASON("type=tick|un\0heard=1", EVENT_NUL_BYTE);
    CHECK_INT(event_from_json(d, &e, FORMS_ID_MS, 0, "{\"type\":\"tick\"\0}", 16), EVENT_NUL_BYTE);
    /* wrong bytes come before a wrong value, wherever they stand */
    CHECK_REASON("type=order|amount=-5|address=\xff", EVENT_BAD_UTF8);
    CHECK_REASON("amount=-5|type=nothing|unit_price=x", EVENT_BAD_AMOUNT);
    decoder_destroy(d);
}

static enum event_reason long_value(struct decoder *d, struct jd_event *e, const char *name, size_t length)
{
    static char text[EVENT_ENTRY_MAX + 100];
    int n = snprintf(text, sizeof text, "type=tick|%s=", name);
    memset(text + n, 'a', length);
    return forms_both(d, e, text, (size_t)n + length);
}

static void limits(void)
{
    struct decoder *d = forms_decoder();
    struct jd_event e;
    CHECK_INT(long_value(d, &e, "account", JD_ID_MAX), EVENT_OK);
    CHECK_INT(long_value(d, &e, "account", JD_ID_MAX + 1), EVENT_FIELD_TOO_LONG);
    CHECK_INT(long_value(d, &e, "address", JD_TEXT_MAX), EVENT_OK);
    CHECK_INT(long_value(d, &e, "address", JD_TEXT_MAX + 1), EVENT_FIELD_TOO_LONG);
    CHECK_INT(long_value(d, &e, "channel", EVENT_VALUE_MAX), EVENT_OK);
    CHECK_INT(long_value(d, &e, "channel", EVENT_VALUE_MAX + 1), EVENT_FIELD_TOO_LONG);
    CHECK_INT(long_value(d, &e, "unheard", EVENT_VALUE_MAX), EVENT_OK);
    CHECK_INT(long_value(d, &e, "unheard", EVENT_VALUE_MAX + 1), EVENT_FIELD_TOO_LONG);
    char name[EVENT_NAME_MAX + 2] = {0};
    memset(name, 'n', EVENT_NAME_MAX);
    CHECK_INT(long_value(d, &e, name, 1), EVENT_OK);
    name[EVENT_NAME_MAX] = 'n';
    CHECK_INT(long_value(d, &e, name, 1), EVENT_FIELD_TOO_LONG);
    CHECK_INT(long_value(d, &e, "unheard", EVENT_ENTRY_MAX), EVENT_TOO_BIG);
    char many[16 * (EVENT_FIELDS_MAX + 1)];
    int n = snprintf(many, sizeof many, "type=tick");
    for (int i = 1; i < EVENT_FIELDS_MAX; i++)
        n += snprintf(many + n, sizeof many - (size_t)n, "|f%d=%d", i, i);
    CHECK_INT(forms_text(d, &e, many), EVENT_OK);
    snprintf(many + n, sizeof many - (size_t)n, "|last=");
    CHECK_INT(forms_text(d, &e, many), EVENT_TOO_MANY_FIELDS);
    decoder_destroy(d);
}

static void repeated_fields(void)
{
    struct decoder *d = forms_decoder();
    struct jd_event e;
    CHECK_REASON("type=tick|account=1|account=1", EVENT_DUPLICATE_FIELD);
    CHECK_REASON("type=tick|account=|account=1", EVENT_DUPLICATE_FIELD);
    CHECK_REASON("type=tick|unheard=1|unheard=2", EVENT_DUPLICATE_FIELD);
    CHECK_REASON("type=tick|amount=-1|unheard=1|unheard=2", EVENT_DUPLICATE_FIELD);
    CHECK_INT(json(d, &e, "{\"type\":\"tick\",\"x\":{\"a\":1,\"a\":2}}"), EVENT_DUPLICATE_FIELD);
    decoder_destroy(d);
}

static void texts_live_until_reset(void)
{
    enum { EVENTS = 2000 };
    struct decoder *d = forms_decoder();
    static struct jd_event events[EVENTS];
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < EVENTS; i++) {
            char number[24], address[400];
            int n = snprintf(number, sizeof number, "%d", i);
            int a = snprintf(address, sizeof address, "%0300d", i);
            event_begin(d, &events[i], FORMS_ID_MS, (uint64_t)i);
            event_field(d, "type", 4, "order", 5);
            event_field(d, "order", 5, number, (size_t)n);
            event_field(d, "address", 7, address, (size_t)a);
            CHECK_INT(event_end(d), EVENT_OK);
        }
        for (int i = 0; i < EVENTS; i++) {
            char address[400];
            snprintf(address, sizeof address, "%0300d", i);
            CHECK(memcmp(events[i].field[JD_F_ADDRESS].text, address, 300) == 0);
            CHECK_INT(atoi(address), i);
        }
        decoder_reset(d);
    }
    decoder_destroy(d);
}

static void counters(void)
{
    struct decoder *d = forms_decoder();
    struct jd_event e;
    CHECK_INT(json(d, &e, "{\"type\":\"tick\",\"unheard\":1}"), EVENT_OK);
    CHECK_INT(json(d, &e, "{\"type\":\"tick\",\"amount\":-1}"), EVENT_BAD_AMOUNT);
    CHECK_INT(json(d, &e, "{\"type\":\"tick\",\"amount\":-1}"), EVENT_BAD_AMOUNT);
    const struct decoder_counts *c = decoder_counts(d);
    CHECK_INT(c->events, 1);
    CHECK_INT(c->dead, 2);
    CHECK_INT(c->unknown_fields, 1);
    CHECK_INT(c->reasons[EVENT_BAD_AMOUNT], 2);
    CHECK_INT(c->reasons[EVENT_OK], 1);
    decoder_destroy(d);
}

static const struct check_test tests[] = {
    {"all forms are read", reads_all_forms},
    {"null, empty and unknown values are absent", absent_values},
    {"masked values are absent", masked_values},
    {"missing and unknown types", type_reasons},
    {"fields that a type cannot do without", needed_fields},
    {"numbers and amounts", numbers},
    {"division codes", regions},
    {"ids of things and of entries", ids},
    {"times ahead and behind", times},
    {"bytes that are not UTF-8, NUL bytes", bytes},
    {"limits of length and number", limits},
    {"repeated fields", repeated_fields},
    {"texts live until the reset", texts_live_until_reset},
    {"counters", counters},
};
CHECK_MAIN(tests)
