#include "daemon/event/decode.h"

#include "tests/support/check.h"
#include "tests/support/event_forms.h"

static void keys(void)
{
    struct decoder *d = forms_decoder();
    struct jd_event e;
    CHECK_REASON("type=tick|account=5|account_unit=5|unit=5|phone=5|consignee_phone=5|payer=5|payee=5|"
                 "address=5|new_value=5",
        EVENT_OK);
    CHECK(jd_key(&e, JD_F_ACCOUNT_UNIT) == jd_key(&e, JD_F_UNIT));
    CHECK(jd_key(&e, JD_F_PHONE) == jd_key(&e, JD_F_CONSIGNEE_PHONE));
    CHECK(jd_key(&e, JD_F_PAYER) == jd_key(&e, JD_F_PAYEE));
    CHECK(jd_key(&e, JD_F_ACCOUNT) != jd_key(&e, JD_F_UNIT));
    CHECK(jd_key(&e, JD_F_ADDRESS) != jd_key(&e, JD_F_PHONE));
    CHECK(jd_key(&e, JD_F_NEW_VALUE) == event_key(&forms_seed, JD_KIND_TEXT, "5", 1));
    CHECK(jd_key(&e, JD_F_UNIT) == event_key(&forms_seed, JD_KIND_UNIT, "5", 1));
    CHECK(event_key(&(struct sip_key){3, 4}, JD_KIND_UNIT, "5", 1) != jd_key(&e, JD_F_UNIT));
    CHECK_REASON("type=account_change|account=5|change=phone|new_value=13800001111", EVENT_OK);
    CHECK(jd_key(&e, JD_F_NEW_VALUE) == event_key(&forms_seed, JD_KIND_PHONE, "13800001111", 11));
    CHECK_REASON("type=account_change|account=5|new_value=13800001111|change=phone", EVENT_OK);
    CHECK(jd_key(&e, JD_F_NEW_VALUE) == event_key(&forms_seed, JD_KIND_PHONE, "13800001111", 11));
    CHECK_REASON("type=account_change|account=5|new_value=13800001111|change=bank", EVENT_OK);
    CHECK(jd_key(&e, JD_F_NEW_VALUE) == event_key(&forms_seed, JD_KIND_TEXT, "13800001111", 11));
    CHECK_INT(event_key(&forms_seed, JD_KIND_UNIT, "", 0), 0);
    CHECK_INT(event_key(&forms_seed, JD_KIND_DIVISION, "330108", 6), 330108);
    CHECK_INT(event_key(&forms_seed, JD_KIND_DIVISION, "33010x", 6), 0);
    decoder_destroy(d);
}

static void registry_kinds(void)
{
    struct decoder *d = forms_decoder();
    struct jd_event e;
    for (enum jd_list list = JD_LIST_PARENT; list < JD_LIST_COUNT; list++) {
        char text[96];
        enum jd_kind key = event_list_key_kind(list), value = event_list_value_kind(list);
        snprintf(
            text, sizeof text, "value=450103|type=registry|key=330108|list=%s", event_word(JD_F_LIST, list));
        CHECK_INT(forms_text(d, &e, text), EVENT_OK);
        CHECK(jd_key(&e, JD_F_KEY) == event_key(&forms_seed, key, "330108", 6));
        CHECK(jd_key(&e, JD_F_VALUE) == event_key(&forms_seed, value, "450103", 6));
        CHECK_INT(e.field[JD_F_KEY].length, 6);
    }
    CHECK_REASON("type=registry|list=pairing|key=330108|value=990108", EVENT_BAD_REGION);
    CHECK_REASON("type=registry|list=pairing|key=33|value=330108", EVENT_BAD_REGION);
    CHECK_REASON("type=registry|list=pairing|key=000000|value=330108", EVENT_MISSING_FIELD);
    CHECK_REASON("type=registry|list=pairing|key=330108|value=000000", EVENT_OK);
    CHECK(!jd_has(&e, JD_F_VALUE));
    CHECK_INT(event_list_key_kind(JD_LIST_EGRESS_IP), JD_KIND_IP);
    CHECK(event_list_several(JD_LIST_CONTRACTOR) && !event_list_several(JD_LIST_PARENT));
    decoder_destroy(d);
}

static void bad_codes(void)
{
    struct decoder *d = forms_decoder();
    struct jd_event e;
    CHECK_INT(
        forms_text(d, &e, "type=tick|unit=113301083674458310|account_unit=12330110768554561H"), EVENT_OK);
    CHECK_INT(e.flags, 0);
    CHECK_INT(
        forms_text(d, &e, "type=registry|list=contractor|key=91110108551385082Q|value=113301083674458310"),
        EVENT_OK);
    CHECK_INT(e.flags, 0);
    CHECK_INT(decoder_counts(d)->bad_codes, 0);
    CHECK_INT(
        forms_text(d, &e, "type=tick|unit=113301083674458311|account_unit=12330110768554561H"), EVENT_OK);
    CHECK_INT(e.flags, JD_EVENT_BAD_CODE);
    CHECK_INT(forms_text(d, &e, "type=registry|list=contractor|key=91110108551385082X|value=5"), EVENT_OK);
    CHECK_INT(e.flags, JD_EVENT_BAD_CODE);
    CHECK_INT(decoder_counts(d)->bad_codes, 6); /* three, in two forms */
    CHECK_INT(forms_text(d, &e, "type=registry|list=county|key=330108|value=5"), EVENT_OK);
    CHECK_INT(e.flags, 0);
    decoder_destroy(d);
}

static void platform_names(void)
{
    static const struct decoder_map map[] = {
        {"order", "orderNo"}, {"account", "用户"}, {"payer", "payee"}, {"payee", "payer"}, {"type", "t"}};
    struct decoder *d =
        decoder_create(&(struct decoder_options){.seed = forms_seed, .map = map, .n_map = 5}, NULL);
    REQUIRE(d);
    struct jd_event e;
    CHECK_REASON("t=order|orderNo=1|用户=2|payee=3|payer=4|account=5", EVENT_OK);
    CHECK_INT(decoder_counts(d)->unknown_fields, 2);
    CHECK(jd_key(&e, JD_F_ACCOUNT) == event_key(&forms_seed, JD_KIND_ACCOUNT, "2", 1));
    CHECK(jd_key(&e, JD_F_PAYER) == event_key(&forms_seed, JD_KIND_PAYER, "3", 1));
    CHECK_REASON("type=order|order=1", EVENT_MISSING_TYPE);
    decoder_destroy(d);

    static const struct decoder_map wrong[][2] = {{{"order", "data"}, {"sku", "s"}},
        {{"event_id", "id"}, {"sku", "s"}}, {{"order", ""}, {"sku", "s"}}, {{"orders", "o"}, {"sku", "s"}},
        {{"order", "o"}, {"order", "p"}}, {{"order", "o"}, {"sku", "o"}},
        {{"order", "account"}, {"sku", "s"}},
        {{"order", "a_name_that_is_longer_than_sixty_four_bytes_cannot_be_a_name_of_ours"}, {"sku", "s"}}};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct error err = {""};
        CHECK(!decoder_create(
            &(struct decoder_options){.seed = forms_seed, .map = wrong[i], .n_map = 2}, &err));
        CHECK(err.text[0]);
    }
}

static void all_names(void)
{
    struct decoder *d = forms_decoder();
    struct jd_event e;
    uint64_t random = check_seed;
    for (int n = 0; n < 3000; n++) {
        unsigned f = (unsigned)(check_random(&random) % JD_F_COUNT);
        char text[128];
        snprintf(text, sizeof text, "%s=|%s=", event_field_name(f), event_field_name(f));
        CHECK_INT(forms_text(d, &e, text), EVENT_DUPLICATE_FIELD);
    }
    CHECK_INT(decoder_counts(d)->unknown_fields, 0);
    decoder_destroy(d);
}

static void words(void)
{
    CHECK_TEXT(event_type_word(JD_TYPE_TICK), "tick");
    CHECK(!event_type_word(JD_TYPE_NONE) && !event_type_word(JD_TYPE_COUNT));
    CHECK_TEXT(event_word(JD_F_IP_CLASS, JD_IP_DATACENTER), "datacenter");
    CHECK_TEXT(event_word(JD_F_LIST, JD_LIST_COUNTY), "county");
    CHECK(!event_word(JD_F_AMOUNT, 1) && !event_word(JD_F_CHANNEL, 0) &&
          !event_word(JD_F_CHANNEL, JD_CHANNEL_COUNT));
    CHECK_TEXT(event_kind_word(JD_KIND_RING), "ring");
    CHECK(event_kind_personal(JD_KIND_PHONE) && !event_kind_personal(JD_KIND_UNIT));
    CHECK_TEXT(event_field_name(JD_F_OFFICE), "office");
    CHECK_TEXT(event_field_form(JD_F_AMOUNT), "MONEY");
    CHECK_INT(event_field_kind(JD_F_PAYEE), JD_KIND_PAYER);
    CHECK_INT(event_field_kind(JD_F_REGION), JD_KIND_DIVISION);
    CHECK_INT(event_field_kind(JD_F_AMOUNT), JD_KIND_NONE);
    for (unsigned f = 0; f < JD_F_COUNT; f++)
        CHECK(event_field_help(f) && event_field_name(f));
    for (unsigned r = 0; r < EVENT_REASON_COUNT; r++)
        CHECK(event_reason_word(r) && event_reason_help(r));
}

static const struct check_test tests[] = {
    {"keys by kind", keys},
    {"keys of registry entries", registry_kinds},
    {"check digits are counted", bad_codes},
    {"the platform's names", platform_names},
    {"all names in any order", all_names},
    {"tables in words", words},
};
CHECK_MAIN(tests)
