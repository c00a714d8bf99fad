#include "daemon/picture/alert_json.h"

#include "daemon/base/memory.h"
#include "daemon/picture/glyph.h"
#include "daemon/engine/wording.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define AMOUNT_MAX INT64_C(10000000000000)
#define TIME_MAX INT64_C(100000000000000) /* ms: the year 5138 */

const char *alert_json_text(const json_t *object, const char *name)
{
    const char *s = json_string_value(json_object_get(object, name));
    return s ? s : "";
}

const char *alert_json_said(const json_t *object, const char *name, const char *language)
{
    return alert_json_text(json_object_get(object, name), language);
}

int64_t alert_json_number(const json_t *object, const char *name)
{
    return json_integer_value(json_object_get(object, name));
}

int64_t alert_json_moment(const json_t *object, const char *name)
{
    int64_t ms = alert_json_number(object, name);
    return ms > 0 && ms <= TIME_MAX ? ms : 0;
}

int64_t alert_json_amount(const json_t *object)
{
    int64_t amount = alert_json_number(object, "amount");
    if (amount > AMOUNT_MAX)
        return AMOUNT_MAX;
    return amount < -AMOUNT_MAX ? -AMOUNT_MAX : amount;
}

bool alert_json_is(const json_t *object, const char *name, const char *text)
{
    return strcmp(alert_json_text(object, name), text) == 0;
}

void alert_json_money(int64_t fen, char *out, size_t size)
{
    char digits[24], grouped[40];
    uint64_t amount = fen < 0 ? 0 - (uint64_t)fen : (uint64_t)fen;
    int n = snprintf(digits, sizeof digits, "%" PRIu64, amount / 100), used = 0;
    for (int i = 0; i < n; i++) {
        if (i && (n - i) % 3 == 0)
            grouped[used++] = ',';
        grouped[used++] = digits[i];
    }
    grouped[used] = '\0';
    snprintf(out, size, "%s%s.%02d", fen < 0 ? "-" : "", grouped, (int)(amount % 100));
}

void alert_json_time(int64_t ms, char *out, size_t size)
{
    const struct wording plain = {.language = ENGLISH};
    if (ms <= 0 || ms > TIME_MAX)
        snprintf(out, size, "-");
    else
        wording_value(&plain, JD_UNIT_TIME, ms, out, size);
}

void alert_json_span(int64_t ms, char *out, size_t size)
{
    int64_t seconds = ms / 1000, minutes = seconds / 60, hours = minutes / 60, days = hours / 24;
    if (days >= 10)
        snprintf(out, size, "%" PRId64 " d", days);
    else if (days)
        snprintf(out, size, "%" PRId64 " d %" PRId64 " h", days, hours % 24);
    else if (hours)
        snprintf(out, size, "%" PRId64 " h %" PRId64 " min", hours, minutes % 60);
    else if (minutes)
        snprintf(out, size, "%" PRId64 " min", minutes);
    else
        snprintf(out, size, "%" PRId64 " s", seconds);
}

static void clean_text(json_t *text)
{
    const char *from = json_string_value(text);
    char *clean = memory_zeroed(3 * strlen(from) + 1, 1, "an alert"); /* a byte may become U+FFFD */
    size_t used = 0;
    bool changed = false;
    while (*from) {
        size_t length;
        bool bad = !glyph_is_plain(glyph_next(from, &length));
        memcpy(clean + used, bad ? GLYPH_REPLACEMENT : from, bad ? 3 : length);
        used += bad ? 3 : length;
        from += length;
        changed |= bad;
    }
    if (changed && json_string_setn(text, clean, used) != 0)
        memory_exhausted("an alert");
    free(clean);
}

void alert_json_clean(json_t *alert)
{
    const char *key;
    json_t *value;
    size_t i;
    if (json_is_string(alert))
        clean_text(alert);
    json_object_foreach(alert, key, value)
    {
        alert_json_clean(value);
    }
    json_array_foreach(alert, i, value)
    {
        alert_json_clean(value);
    }
}
