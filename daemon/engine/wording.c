#include "daemon/engine/wording.h"

#include "daemon/base/date.h"

#include <string.h>

const char *wording_entity(const struct wording *w, enum jd_kind kind, uint64_t key)
{
    if (!w->visible || w->visible(w->context, kind, key))
        return names_of(w->names, key, w->now);
    return w->language == CHINESE ? "（他处）" : "(elsewhere)";
}

/* A text in the making: what does not fit is left out. */
struct line {
    char *out;
    size_t size, used; /* used < size; a NUL stands there */
};

static void say(struct line *l, const char *text)
{
    size_t length = strlen(text);
    if (length >= l->size - l->used)
        length = l->size - l->used - 1;
    memcpy(l->out + l->used, text, length);
    l->used += length;
    l->out[l->used] = '\0';
}

/* With zeros in front, up to `width` digits. */
static void say_number(struct line *l, int64_t n, int width)
{
    char digits[24], *p = digits + sizeof digits - 1;
    uint64_t rest = n < 0 ? -(uint64_t)n : (uint64_t)n;
    *p = '\0';
    for (; rest || width > 0; rest /= 10, width--)
        *--p = (char)('0' + rest % 10);
    if (n < 0)
        *--p = '-';
    say(l, p);
}

static void say_duration(struct line *l, bool zh, int64_t ms)
{
    static const struct {
        int64_t length;
        const char *zh, *en;
    } units[] = {{JD_DAY, "天", " day"}, {JD_HOUR, "小时", " hour"}, {JD_MINUTE, "分钟", " minute"},
        {1000, "秒", " second"}};
    size_t i = 0;
    while (i + 1 < sizeof units / sizeof units[0] && ms < 2 * units[i].length)
        i++;
    int64_t n = ms / units[i].length;
    say_number(l, n, 1);
    say(l, zh ? units[i].zh : units[i].en);
    say(l, zh || n == 1 ? "" : "s");
}

static void say_date(struct line *l, int64_t days)
{
    struct date d = date_of_days(days);
    say_number(l, d.year, 4);
    say(l, "-");
    say_number(l, d.month, 2);
    say(l, "-");
    say_number(l, d.day, 2);
}

static void say_time(struct line *l, int64_t ms)
{
    int64_t local = ms + JD_ZONE;
    int64_t days = local >= 0 ? local / JD_DAY : -((-local + JD_DAY - 1) / JD_DAY);
    int64_t of_day = local - days * JD_DAY;
    say_date(l, days);
    say(l, " ");
    say_number(l, of_day / JD_HOUR, 2);
    say(l, ":");
    say_number(l, of_day % JD_HOUR / JD_MINUTE, 2);
}

static void say_money(struct line *l, bool zh, int64_t fen)
{
    say(l, zh ? "" : "CNY ");
    say(l, fen < 0 ? "-" : "");
    say_number(l, fen < 0 ? -(fen / 100) : fen / 100, 1);
    say(l, ".");
    say_number(l, fen < 0 ? -(fen % 100) : fen % 100, 2);
    say(l, zh ? "元" : "");
}

static void say_value(struct line *l, const struct wording *w, int unit, int64_t value)
{
    bool zh = w->language == CHINESE;
    if (unit >= JD_UNIT_ENTITY) {
        say(l, wording_entity(w, (enum jd_kind)(unit - JD_UNIT_ENTITY), (uint64_t)value));
        return;
    }
    switch (unit) {
    case JD_UNIT_FEN:
        say_money(l, zh, value);
        break;
    case JD_UNIT_MS:
        say_duration(l, zh, value);
        break;
    case JD_UNIT_TIME:
        say_time(l, value);
        break;
    case JD_UNIT_DAYS:
        say_duration(l, zh, value * JD_DAY);
        break;
    case JD_UNIT_KMH:
        say(l, zh ? "每小时" : "");
        say_number(l, value, 1);
        say(l, zh ? "公里" : " km/h");
        break;
    default:
        say_number(l, value, unit == JD_UNIT_DIVISION ? 6 : 1);
        say(l, unit == JD_UNIT_KM ? (zh ? "公里" : " km") : unit == JD_UNIT_PERCENT ? "%" : "");
    }
}

void wording_value(const struct wording *w, int unit, int64_t value, char *out, size_t size)
{
    struct line l = {out, size, 0};
    out[0] = '\0';
    say_value(&l, w, unit, value);
}

void wording_date(int64_t day, char *out, size_t size)
{
    struct line l = {out, size, 0};
    out[0] = '\0';
    say_date(&l, day);
}

/* The value behind a {place}; false if the signal has none of that name. */
static bool place_value(const struct jd_signal *signal, const char *place, size_t length, int64_t value,
    int64_t threshold, const int64_t facts[JD_FACTS], int *unit, int64_t *found)
{
    if (length == 5 && memcmp(place, "value", 5) == 0) {
        *unit = signal->value_unit;
        *found = value;
        return true;
    }
    if (length == 9 && memcmp(place, "threshold", 9) == 0) {
        *unit = signal->value_unit;
        *found = threshold;
        return true;
    }
    for (unsigned i = 0; i < JD_FACTS && signal->facts[i].name; i++) {
        if (strlen(signal->facts[i].name) != length || memcmp(signal->facts[i].name, place, length) != 0)
            continue;
        *unit = signal->facts[i].unit;
        *found = facts[i];
        return true;
    }
    return false;
}

/* The length without a last character that was cut. */
static size_t whole_characters(const char *text, size_t length)
{
    size_t start = length;
    while (start && ((unsigned char)text[start - 1] & 0xc0) == 0x80)
        start--;
    if (!start)
        return 0;
    unsigned char lead = (unsigned char)text[--start];
    size_t need = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    return length - start == need ? length : start;
}

void wording_sentence(const struct wording *w, const char *text, const struct jd_signal *signal,
    int64_t value, int64_t threshold, const int64_t facts[JD_FACTS], char *out, size_t size)
{
    struct line l = {out, size, 0};
    while (*text && l.used + 1 < size) {
        const char *end = *text == '{' ? strchr(text, '}') : NULL;
        int unit;
        int64_t found;
        if (end &&
            place_value(signal, text + 1, (size_t)(end - text - 1), value, threshold, facts, &unit, &found)) {
            say_value(&l, w, unit, found);
            text = end + 1;
        } else {
            out[l.used++] = *text++;
        }
    }
    out[whole_characters(out, l.used)] = '\0';
}

void wording_title(const struct wording *w, const struct jd_detector *detector, struct jd_subject subject,
    char *out, size_t size)
{
    const struct jd_signal signal = {.facts = {{"subject", JD_UNIT_ENTITY + (int)subject.kind}}};
    const int64_t facts[JD_FACTS] = {(int64_t)subject.key};
    wording_sentence(
        w, w->language == CHINESE ? detector->title_zh : detector->title_en, &signal, 0, 0, facts, out, size);
}
