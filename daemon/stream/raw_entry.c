#include "daemon/stream/raw_entry.h"

#include <stdio.h>
#include <string.h>

#include "daemon/base/bytes.h"
#include "daemon/event/utf8.h"

/* Fixed: a fingerprint is compared between processes. It guards against accidents, not against a forger. */
static const struct sip_key fingerprint_key = {UINT64_C(0x6a69616e64752066), UINT64_C(0x696e6765727072)};

static void put_number(unsigned char *at, uint64_t value, int bytes)
{
    for (int i = 0; i < bytes; i++)
        at[i] = (unsigned char)(value >> (8 * i));
}

void raw_entry_begin(struct raw_entry *r, struct entry_id id)
{
    unsigned char head[16];
    put_number(head, id.ms, 8);
    put_number(head + 8, id.seq, 8);
    r->id = id;
    r->size = 0;
    r->overflowed = false;
    memcpy(r->bytes, head, sizeof head);
    r->used = sizeof head;
}

const char *raw_entry_add(struct raw_entry *r, const char *text, size_t length)
{
    unsigned char head[4];
    put_number(head, length, 4);
    r->size += length;
    if (!r->overflowed && r->used + sizeof head + length > sizeof r->bytes) {
        r->overflowed = true;
        sip_stream_init(&r->sum, &fingerprint_key);
        sip_stream_add(&r->sum, r->bytes, r->used);
    }
    if (r->overflowed) {
        sip_stream_add(&r->sum, head, sizeof head);
        sip_stream_add(&r->sum, text, length);
        return NULL;
    }
    memcpy(r->bytes + r->used, head, sizeof head);
    char *copy = r->bytes + r->used + sizeof head;
    bytes_copy(copy, text, length);
    r->used += sizeof head + length;
    return copy;
}

uint64_t raw_entry_fingerprint(const struct raw_entry *r)
{
    struct sip_stream sum = r->sum;
    uint64_t value = r->overflowed ? sip_stream_end(&sum) : siphash24(&fingerprint_key, r->bytes, r->used);
    return value ? value : 1;
}

uint64_t raw_entry_fingerprint_of(struct raw_entry *scratch, const redisReply *entry)
{
    struct entry_id id;
    if (entry->type != REDIS_REPLY_ARRAY || entry->elements != 2 ||
        entry->element[0]->type != REDIS_REPLY_STRING || entry->element[1]->type != REDIS_REPLY_ARRAY)
        return 0;
    if (!entry_id_parse(&id, entry->element[0]->str, entry->element[0]->len))
        return 0;
    raw_entry_begin(scratch, id);
    const redisReply *fields = entry->element[1];
    for (size_t i = 0; i < fields->elements; i++) {
        const redisReply *text = fields->element[i];
        if (text->type != REDIS_REPLY_STRING)
            return 0;
        raw_entry_add(scratch, text->str, text->len);
    }
    return raw_entry_fingerprint(scratch);
}

/* ---- as text ---- */

struct sheet {
    char *text;
    size_t used;
    bool full;
};

static void put(struct sheet *s, const char *text, size_t length)
{
    if (s->used + length > RAW_ENTRY_TEXT_MAX) {
        s->full = true;
        return;
    }
    memcpy(s->text + s->used, text, length);
    s->used += length;
}

/* Bytes of the UTF-8 sequence at `text`; 0 when it is none. Its lead byte says how many it should have. */
static size_t sequence(const unsigned char *text, size_t left)
{
    size_t length = text[0] < 0xc2 ? 0 : text[0] < 0xe0 ? 2 : text[0] < 0xf0 ? 3 : text[0] < 0xf5 ? 4 : 0;
    if (length == 0 || length > left || utf8_check((const char *)text, length) != UTF8_OK)
        return 0;
    return length;
}

static void put_string(struct sheet *s, const unsigned char *text, size_t length)
{
    put(s, "\"", 1);
    for (size_t i = 0; i < length;) {
        char escape[8];
        size_t many = sequence(text + i, length - i);
        if (many > 0) {
            put(s, (const char *)text + i, many);
            i += many;
            continue;
        }
        if (text[i] == '"')
            put(s, "\\\"", 2);
        else if (text[i] < 0x20 || text[i] >= 0x7f || text[i] == '\\')
            put(s, escape, (size_t)snprintf(escape, sizeof escape, "\\\\x%02x", text[i]));
        else
            put(s, (const char *)text + i, 1);
        i++;
    }
    put(s, "\"", 1);
}

size_t raw_entry_write(const struct raw_entry *r, char *text)
{
    struct sheet s = {.text = text};
    if (r->overflowed)
        return 0;
    put(&s, "[", 1);
    for (size_t at = 16; at < r->used;) {
        const unsigned char *head = (const unsigned char *)r->bytes + at;
        size_t length = head[0] | (size_t)head[1] << 8 | (size_t)head[2] << 16 | (size_t)head[3] << 24;
        if (at > 16)
            put(&s, ",", 1);
        put_string(&s, head + 4, length);
        at += 4 + length;
    }
    put(&s, "]", 1);
    if (s.full)
        return 0;
    text[s.used] = '\0';
    return s.used;
}
