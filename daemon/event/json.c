/* JSON entries: through the scanner, and through Jansson where it gives up. */
#include "daemon/base/memory.h"
#include "daemon/event/decoder.h"
#include "daemon/event/scan.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

/* Looks for what Jansson would take or would name less clearly. Works on any bytes: brackets count where a
 * correct text could have them. */
static enum event_reason look_over(const char *text, size_t length)
{
    int depth = 0;
    bool in_string = false;
    for (size_t i = 0; i < length; i++) {
        char c = text[i];
        if (c == '\0')
            return EVENT_NUL_BYTE;
        if (c == '"')
            in_string = !in_string;
        else if (in_string && c == '\\' && i + 1 < length && text[i + 1] != '\0')
            i++;
        else if (!in_string && (c == '{' || c == '[') && ++depth > EVENT_DEPTH_MAX)
            return EVENT_DEEP_JSON;
        else if (!in_string && (c == '}' || c == ']'))
            depth--;
    }
    return EVENT_OK;
}

static enum event_reason reason_of(enum json_error_code code)
{
    switch (code) {
    case json_error_invalid_utf8:
        return EVENT_BAD_UTF8;
    case json_error_null_character:
    case json_error_null_byte_in_key:
        return EVENT_NUL_BYTE;
    case json_error_duplicate_key:
        return EVENT_DUPLICATE_FIELD;
    case json_error_numeric_overflow:
        return EVENT_BAD_NUMBER;
    case json_error_out_of_memory:
        memory_exhausted("an event"); /* no dead letter: after a restart it is read again */
    default:
        return EVENT_BAD_JSON;
    }
}

static void member(struct decoder *d, const char *name, size_t name_length, const json_t *value)
{
    char digits[24];
    int n;
    switch (json_typeof(value)) {
    case JSON_STRING:
        decoder_field(d, name, name_length, json_string_value(value), json_string_length(value));
        return;
    case JSON_INTEGER:
        n = snprintf(digits, sizeof digits, "%lld", (long long)json_integer_value(value));
        decoder_field(d, name, name_length, digits, (size_t)n);
        return;
    case JSON_NULL:
        decoder_field(d, name, name_length, "", 0);
        return;
    default:
        decoder_odd_field(d, name, name_length, json_is_real(value));
    }
}

void decoder_object(struct decoder *d, const char *text, size_t length)
{
    if (length > EVENT_ENTRY_MAX) {
        decoder_fail(d, EVENT_TOO_BIG);
        return;
    }
    if (!d->only_jansson && scan_object(d, text, length))
        return;
    enum event_reason reason = look_over(text, length);
    if (reason) {
        decoder_fail(d, reason);
        return;
    }
    json_error_t error;
    json_t *root = json_loadb(text, length, JSON_REJECT_DUPLICATES, &error);
    if (json_is_object(root)) {
        for (void *i = json_object_iter(root); i; i = json_object_iter_next(root, i))
            member(d, json_object_iter_key(i), json_object_iter_key_len(i), json_object_iter_value(i));
    } else {
        decoder_fail(d, root ? EVENT_BAD_JSON : reason_of(json_error_code(&error)));
    }
    json_decref(root);
}
