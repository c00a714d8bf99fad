#include "daemon/base/json_writer.h"
#include "tests/support/check.h"

#include <jansson.h>
#include <stdlib.h>

static void writes_all_kinds(void)
{
    struct json_writer w;
    json_begin(&w);
    json_open_object(&w, NULL);
    json_put_text(&w, "name", "安 \"x\" \\ /\b\f\n\r\t\x01\x1f\x7f");
    json_put_integer(&w, "least", INT64_MIN);
    json_put_integer(&w, "most", INT64_MAX);
    json_put_integer(&w, "zero", 0);
    json_put_boolean(&w, "yes", true);
    json_put_boolean(&w, "no", false);
    json_put_hash(&w, "hash", UINT64_C(0x0123456789abcdef));
    json_put_both(&w, "both", "中", "e");
    json_close_unless_empty(&w, json_open_array(&w, "gone"));
    size_t mark = json_open_array(&w, "kept");
    json_put_integer(&w, NULL, 1);
    json_open_object(&w, NULL);
    json_close_object(&w);
    json_put_text(&w, NULL, "[");
    json_close_unless_empty(&w, mark);
    json_open_array(&w, "empty");
    json_close_array(&w);
    json_close_object(&w);
    char *text = json_end(&w);
    CHECK_TEXT(text,
        "{\"name\":\"安 \\\"x\\\" \\\\ /\\b\\f\\n\\r\\t\\u0001\\u001F\x7f\",\"least\":-9223372036854775808,"
        "\"most\":9223372036854775807,\"zero\":0,\"yes\":true,\"no\":false,\"hash\":\"0123456789abcdef\","
        "\"both\":{\"zh\":\"中\",\"en\":\"e\"},\"kept\":[1,{},\"[\"],\"empty\":[]}");
    free(text);
}

/* What it writes is what the library that reads it would write. */
static void agrees_with_the_library(void)
{
    uint64_t seed = check_seed;
    for (int round = 0; round < 2000 && !check_failures; round++) {
        char text[64];
        size_t n = check_random(&seed) % (sizeof text - 1);
        for (size_t i = 0; i < n; i++)
            text[i] = (char)(1 + check_random(&seed) % 127);
        text[n] = '\0';
        int64_t number = (int64_t)check_random(&seed) >> check_random(&seed) % 64;
        struct json_writer w;
        json_begin(&w);
        json_open_object(&w, NULL);
        json_put_text(&w, "t", text);
        json_put_integer(&w, "n", number);
        json_close_object(&w);
        char *ours = json_end(&w);
        json_t *o = json_pack("{s:s,s:I}", "t", text, "n", (json_int_t)number);
        char *theirs = json_dumps(o, JSON_COMPACT);
        CHECK_TEXT(ours, theirs);
        free(ours);
        free(theirs);
        json_decref(o);
    }
}

static const struct check_test tests[] = {
    {"writes each kind of value", writes_all_kinds},
    {"agrees with the JSON library", agrees_with_the_library},
};
CHECK_MAIN(tests)
