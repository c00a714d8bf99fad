#include "daemon/engine/digest.h"

#include "daemon/base/json_writer.h"
#include "daemon/engine/wording.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SPELLED_OUT 10 /* items in words; all of them stand in `alerts` */

static const struct sip_key id_key = {UINT64_C(0x6a69616e64752d64), UINT64_C(0x69676573742d6964)};

struct sheet {
    const struct report_view *view;
    const struct budget_day *day;
    const struct budget_item *item; /* whose title is being written */
    char date[16];
};

static bool is_named(void *context, enum jd_kind kind, uint64_t key)
{
    const struct sheet *s = context;
    (void)kind;
    (void)key;
    return s->item->named != 0;
}

static void title_of(
    struct sheet *s, const struct budget_item *item, enum language language, char *out, size_t size)
{
    const struct wording w = {language, s->view->names, s->view->now, is_named, s};
    unsigned detector = casebook_detector(s->view->settings, item->detector);
    s->item = item;
    if (detector < s->view->settings->n_detectors)
        wording_title(&w, s->view->settings->detectors[detector].detector, item->subject, out, size);
    else
        snprintf(out, size, "?");
}

static void put_item(struct sheet *s, struct json_writer *out, const struct budget_item *item)
{
    char zh[256], en[256];
    unsigned detector = casebook_detector(s->view->settings, item->detector);
    title_of(s, item, CHINESE, zh, sizeof zh);
    title_of(s, item, ENGLISH, en, sizeof en);
    json_open_object(out, NULL);
    json_put_hash(out, "id", item->alert_id);
    json_put_integer(out, "revision", item->revision);
    if (detector < s->view->settings->n_detectors)
        json_put_text(out, "detector", s->view->settings->detectors[detector].detector->name);
    json_put_integer(out, "score", item->score);
    json_put_text(out, "severity", severity_words[item->severity]);
    json_put_integer(out, "amount", item->amount);
    json_put_both(out, "title", zh, en);
    json_close_object(out);
}

static void put_title(const struct sheet *s, struct json_writer *out)
{
    char zh[160], en[160];
    snprintf(
        zh, sizeof zh, "%s汇总：另有%u件中等级别提醒（当日已送%u件）", s->date, s->day->count, s->day->shown);
    snprintf(en, sizeof en, "digest of %s: alerts of medium severity not shown in full: %u (shown: %u)",
        s->date, s->day->count, s->day->shown);
    json_put_both(out, "title", zh, en);
}

static void spell_out(struct sheet *s, enum language language, char *out, size_t size)
{
    uint32_t n = s->day->count < SPELLED_OUT ? s->day->count : SPELLED_OUT;
    size_t used = 0;
    for (uint32_t i = 0; i < n; i++) {
        char what[256];
        title_of(s, &s->day->items[i], language, what, sizeof what);
        used += (size_t)snprintf(out + used, size - used,
            language == CHINESE ? "%s%u. %s（%u分）" : "%s%u. %s (score %u)",
            !i                    ? ""
            : language == CHINESE ? "；"
                                  : "; ",
            i + 1, what, s->day->items[i].score);
    }
    if (n < s->day->count)
        used += (size_t)snprintf(
            out + used, size - used, language == CHINESE ? "；另有%u件" : "; and %u more", s->day->count - n);
    snprintf(out + used, size - used, "%s", language == CHINESE ? "。" : ".");
}

static void put_explanation(struct sheet *s, struct json_writer *out)
{
    char zh[SPELLED_OUT * 320], en[SPELLED_OUT * 320];
    spell_out(s, CHINESE, zh, sizeof zh);
    spell_out(s, ENGLISH, en, sizeof en);
    json_put_both(out, "explanation", zh, en);
}

static uint64_t id_of(const struct budget_day *day)
{
    char text[BUDGET_OFFICE + 24];
    int n = snprintf(text, sizeof text, "%s\n%lld", day->office, (long long)day->day);
    return siphash24(&id_key, text, (size_t)n);
}

static char *render(struct sheet *s, uint64_t id, uint32_t score)
{
    const struct budget_day *day = s->day;
    struct json_writer out;
    int64_t amount = 0;
    for (uint32_t i = 0; i < day->count; i++)
        amount += day->items[i].amount;
    json_begin(&out);
    json_open_object(&out, NULL);
    json_put_hash(&out, "id", id);
    json_put_integer(&out, "revision", 1);
    json_put_text(&out, "kind", "digest");
    json_put_hash(&out, "config_generation", s->view->settings->config_hash);
    json_put_integer(&out, "time", s->view->now);
    json_open_object(&out, "window");
    json_put_integer(&out, "from", day->day * JD_DAY - JD_ZONE);
    json_put_integer(&out, "to", (day->day + 1) * JD_DAY - JD_ZONE);
    json_close_object(&out);
    json_put_integer(&out, "score", score);
    json_put_text(&out, "severity", severity_words[SEVERITY_MEDIUM]);
    put_title(s, &out);
    put_explanation(s, &out);
    json_open_array(&out, "offices");
    json_put_text(&out, NULL, day->office);
    json_close_array(&out);
    json_put_integer(&out, "amount", amount);
    json_open_array(&out, "alerts");
    for (uint32_t i = 0; i < day->count; i++)
        put_item(s, &out, &day->items[i]);
    json_close_array(&out);
    json_close_object(&out);
    return json_end(&out);
}

void digest_publish(const struct report_view *view, const struct budget_day *day, struct entry_id at,
    uint32_t index, output_sink sink, void *context)
{
    struct sheet sheet = {.view = view, .day = day};
    uint32_t score = 0;
    for (uint32_t i = 0; i < day->count; i++)
        score = day->items[i].score > score ? day->items[i].score : score;
    wording_date(day->day, sheet.date, sizeof sheet.date);
    struct output out = {
        .id_ms = (int64_t)at.ms,
        .id_seq = at.seq,
        .index = index,
        .revision = 1,
        .score = score,
        .kind = "digest",
        .severity = severity_words[SEVERITY_MEDIUM],
        .detector = "",
        .n_copies = 2,
    };
    uint64_t id = id_of(day);
    snprintf(out.id, sizeof out.id, "%016llx", (unsigned long long)id);
    char *line = render(&sheet, id, score);
    const struct output_copy copies[] = {{"", line}, {day->office, line}};
    out.copies = copies;
    sink(context, &out);
    free(line);
}
