#include "daemon/stream/notice.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "daemon/base/siphash.h"

static const struct {
    const char *name, *severity, *title_zh, *title_en, *zh, *en;
} notices[] = {
#define X(id, name, severity, title_zh, title_en, zh, en) {name, severity, title_zh, title_en, zh, en},
    NOTICES(X)
#undef X
};

struct page {
    char *text;
    size_t used, size;
};

static void put(struct page *p, const char *text, size_t length)
{
    size_t left = p->size - 1 - p->used;
    if (length > left)
        length = left;
    memcpy(p->text + p->used, text, length);
    p->used += length;
    p->text[p->used] = '\0';
}

static void put_text(struct page *p, const char *text)
{
    put(p, text, strlen(text));
}

/* Replaces the placeholders; `quoted` escapes for a JSON string. */
static void put_words(struct page *p, const struct notice *n, const char *words, bool quoted)
{
    char text[ENTRY_ID_TEXT];
    while (*words) {
        if (strncmp(words, "{n}", 3) == 0) {
            snprintf(text, sizeof text, "%" PRIu64, n->n);
            put_text(p, text);
            words += 3;
        } else if (strncmp(words, "{from}", 6) == 0) {
            put_text(p, entry_id_format(text, n->from));
            words += 6;
        } else if (strncmp(words, "{to}", 4) == 0) {
            put_text(p, entry_id_format(text, n->to));
            words += 4;
        } else {
            if (quoted && *words == '"')
                put(p, "\\", 1);
            put(p, words++, 1);
        }
    }
}

static void put_member(
    struct page *p, const char *name, const struct notice *n, const char *zh, const char *en)
{
    put_text(p, ",\"");
    put_text(p, name);
    put_text(p, "\":{\"zh\":\"");
    put_words(p, n, zh, true);
    put_text(p, "\",\"en\":\"");
    put_words(p, n, en, true);
    put_text(p, "\"}");
}

const char *notice_name(enum notice_kind kind)
{
    return notices[kind].name;
}

void notice_explain(const struct notice *n, char *text, size_t size)
{
    struct page p = {text, 0, size};
    put_words(&p, n, notices[n->kind].en, false);
}

void notice_publish(const struct notice *n, struct outbox *box, const char *key, struct entry_id id)
{
    static const struct sip_key fixed = {UINT64_C(0x6a69616e6475), UINT64_C(0x6e6f74696365)};
    char data[2048], name[20], text[ENTRY_ID_TEXT], numbers[96];
    struct page p = {data, 0, sizeof data};
    entry_id_format(text, id);
    snprintf(name, sizeof name, "%016" PRIx64, siphash24(&fixed, text, strlen(text)));
    snprintf(numbers, sizeof numbers,
        "\",\"revision\":1,\"kind\":\"system\",\"time\":%" PRId64 ",\"severity\":\"", n->time);
    put_text(&p, "{\"id\":\"");
    put_text(&p, name);
    put_text(&p, numbers);
    put_text(&p, notices[n->kind].severity);
    put_text(&p, "\",\"name\":\"");
    put_text(&p, notices[n->kind].name);
    put_text(&p, "\"");
    put_member(&p, "title", n, notices[n->kind].title_zh, notices[n->kind].title_en);
    put_member(&p, "explanation", n, notices[n->kind].zh, notices[n->kind].en);
    snprintf(numbers, sizeof numbers, ",\"count\":%" PRIu64, n->n);
    put_text(&p, numbers);
    put_text(&p, ",\"from\":\"");
    put_text(&p, entry_id_format(text, n->from));
    put_text(&p, "\",\"to\":\"");
    put_text(&p, entry_id_format(text, n->to));
    put_text(&p, "\"}");
    outbox_begin(box, key, id, 0);
    outbox_text(box, "id", name);
    outbox_text(box, "revision", "1");
    outbox_text(box, "kind", "system");
    outbox_text(box, "severity", notices[n->kind].severity);
    outbox_text(box, "score", "100");
    outbox_text(box, "detector", notices[n->kind].name);
    outbox_text(box, "office", "");
    outbox_text(box, "data", data);
}
