#include "daemon/state/names.h"

#include "daemon/base/invariant.h"
#include "daemon/base/memory.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAME_TTL (400 * JD_DAY) /* as jd_remember promises */
#define PSEUDONYM_LENGTH 17     /* "~" and 16 hex digits */

enum { SHORT, LONG, TABLES };

struct names {
    struct table *tables[TABLES];
    struct sip_key pseudonym_key;
    bool has_pseudonym;
};

static bool is_personal(enum jd_kind kind)
{
    static const bool personal[JD_KIND_COUNT] = {[JD_KIND_NONE] = true,
#define X(id, word, is) [JD_KIND_##id] = is,
        JD_KINDS(X)
#undef X
    };
    return personal[kind];
}

/* ---- masks ---- */

/* Bytes of the first `limit` characters of UTF-8 text. */
static size_t head_of(const char *text, size_t length, size_t limit)
{
    size_t i = 0;
    for (size_t n = 0; i < length && n < limit; n++)
        for (i++; i < length && ((unsigned char)text[i] & 0xc0) == 0x80;)
            i++;
    return i;
}

static size_t characters(const char *text, size_t length)
{
    size_t n = 0;
    for (size_t i = 0; i < length; i++)
        n += ((unsigned char)text[i] & 0xc0) != 0x80;
    return n;
}

/* As much as fits, cut at a character; NUL-terminated. */
static size_t copy_text(char *out, size_t out_size, const char *text, size_t length)
{
    if (length >= out_size) {
        length = out_size - 1;
        while (length && ((unsigned char)text[length] & 0xc0) == 0x80)
            length--;
    }
    memcpy(out, text, length);
    out[length] = '\0';
    return length;
}

/* The first `limit` characters, never more than half, and `rest` for the others. */
static size_t mask_tail(
    char *out, size_t out_size, const char *text, size_t length, size_t limit, const char *rest)
{
    size_t half = characters(text, length) / 2;
    size_t n = copy_text(out, out_size, text, head_of(text, length, half < limit ? half : limit));
    return n + copy_text(out + n, out_size - n, rest, strlen(rest));
}

static size_t mask_account(char *out, size_t out_size, const char *text, size_t length)
{
    size_t shown = length / 2 < 4 ? length / 2 : 4;
    size_t n = copy_text(out, out_size, "****", 4);
    return n + copy_text(out + n, out_size - n, text + length - shown, shown);
}

static size_t mask_phone(char *out, size_t out_size, const char *text, size_t length)
{
    bool plain = length == 11;
    for (size_t i = 0; plain && i < length; i++)
        plain = text[i] >= '0' && text[i] <= '9';
    if (!plain)
        return mask_tail(out, out_size, text, length, 4, "…");
    char masked[12];
    snprintf(masked, sizeof masked, "%.3s****%.4s", text, text + 7);
    return copy_text(out, out_size, masked, 11);
}

/* Keeps two parts: /16 of IPv4, /32 of IPv6, both about one provider's allocation. */
static size_t mask_ip(char *out, size_t out_size, const char *text, size_t length)
{
    bool v6 = memchr(text, ':', length) != NULL;
    size_t end = 0, parts = 0;
    for (size_t i = 0; i < length && parts < 2; i++)
        if (text[i] == (v6 ? ':' : '.')) {
            end = i + 1;
            parts++;
        }
    if (parts < 2)
        return mask_tail(out, out_size, text, length, 4, "…");
    size_t n = copy_text(out, out_size, text, end);
    const char *rest = v6 ? "*" : "*.*";
    return n + copy_text(out + n, out_size - n, rest, strlen(rest));
}

size_t name_mask(enum jd_kind kind, const char *text, size_t length, char *out, size_t out_size)
{
    invariant(out_size > 0);
    if (!is_personal(kind))
        return copy_text(out, out_size, text, length);
    switch (kind) {
    case JD_KIND_PHONE:
        return mask_phone(out, out_size, text, length);
    case JD_KIND_IP:
        return mask_ip(out, out_size, text, length);
    case JD_KIND_PAYER:
        return mask_account(out, out_size, text, length);
    case JD_KIND_ADDRESS:
        return mask_tail(out, out_size, text, length, 6, "***");
    default:
        return mask_tail(out, out_size, text, length, 4, "…");
    }
}

/* ---- names ---- */

static uint64_t pseudonym_of(const struct names *names, enum jd_kind kind, const char *text, size_t length)
{
    const unsigned char prefix = (unsigned char)kind;
    struct sip_stream s;
    sip_stream_init(&s, &names->pseudonym_key);
    sip_stream_add(&s, &prefix, sizeof prefix);
    sip_stream_add(&s, text, length);
    return sip_stream_end(&s);
}

static void write_shown(
    const struct names *names, enum jd_kind kind, const char *text, size_t length, char *out, size_t out_size)
{
    if (!names->has_pseudonym || !is_personal(kind)) {
        name_mask(kind, text, length, out, out_size);
        return;
    }
    size_t n = name_mask(kind, text, length, out, out_size - PSEUDONYM_LENGTH);
    snprintf(out + n, out_size - n, "~%016" PRIx64, pseudonym_of(names, kind, text, length));
}

/* A key always has the same text, so kind and length say where it is. Masked, all but addresses are short. */
static unsigned table_for(enum jd_kind kind, size_t length)
{
    if (is_personal(kind))
        return kind == JD_KIND_ADDRESS ? LONG : SHORT;
    return length < NAME_SHORT ? SHORT : LONG;
}

struct names *names_create(
    uint32_t short_bound, uint32_t long_bound, const struct sip_key *pseudonym_key, struct error *err)
{
    const struct jd_table specs[TABLES] = {
        [SHORT] = {"names_short", NAME_SHORT, 1, short_bound, NAME_TTL, 0, 0},
        [LONG] = {"names_long", NAME_LONG, 1, long_bound, NAME_TTL, 0, 0},
    };
    struct names *names = memory_zeroed(1, sizeof *names, "names");
    if (pseudonym_key) {
        names->pseudonym_key = *pseudonym_key;
        names->has_pseudonym = true;
    }
    for (unsigned i = 0; i < TABLES; i++) {
        names->tables[i] = table_create(&specs[i], err);
        if (!names->tables[i])
            goto fail;
    }
    return names;
fail:
    names_destroy(names);
    return NULL;
}

void names_destroy(struct names *names)
{
    if (!names)
        return;
    for (unsigned i = 0; i < TABLES; i++)
        table_destroy(names->tables[i]);
    free(names);
}

void names_remember(
    struct names *names, enum jd_kind kind, uint64_t key, const char *text, size_t length, int64_t now)
{
    unsigned which = table_for(kind, length);
    bool fresh;
    char *shown = table_get(names->tables[which], key, now, &fresh);
    invariant(shown); /* names are never pinned */
    if (fresh)
        write_shown(names, kind, text, length, shown, which == SHORT ? NAME_SHORT : NAME_LONG);
}

const struct table *names_home(const struct names *names, enum jd_kind kind, size_t length)
{
    return names->tables[table_for(kind, length)];
}

const char *names_of(struct names *names, uint64_t key, int64_t now)
{
    for (unsigned i = 0; i < TABLES; i++) {
        const char *shown = table_find(names->tables[i], key, now);
        if (shown)
            return shown;
    }
    return "?";
}

struct table *names_table(struct names *names, unsigned which)
{
    return which < TABLES ? names->tables[which] : NULL;
}
