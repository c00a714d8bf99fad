#include "daemon/base/json_writer.h"

#include "daemon/base/lanes.h"
#include "daemon/base/memory.h"

#include <string.h>

void json_begin(struct json_writer *w)
{
    *w = (struct json_writer){0};
    w->text = memory_grow(NULL, &w->room, 4096, 1);
}

char *json_end(struct json_writer *w)
{
    w->text[w->length] = '\0';
    return w->text;
}

/* Room for `bytes` more and a NUL. */
static char *reserve(struct json_writer *w, size_t bytes)
{
    if (w->length + bytes + 1 > w->room)
        w->text = memory_grow(w->text, &w->room, w->length + bytes + 1, 1);
    return w->text + w->length;
}

static void add(struct json_writer *w, const char *text, size_t length)
{
    memcpy(reserve(w, length), text, length);
    w->length += length;
}

/* A comma where something stands before, and the name. */
static void begin_value(struct json_writer *w, const char *name)
{
    char last = w->length ? w->text[w->length - 1] : '{';
    size_t length = name ? strlen(name) : 0;
    char *out = reserve(w, length + 4);
    if (last != '{' && last != '[')
        *out++ = ',';
    if (name) {
        *out++ = '"';
        memcpy(out, name, length);
        out += length;
        *out++ = '"';
        *out++ = ':';
    }
    w->length = (size_t)(out - w->text);
}

void json_open_object(struct json_writer *w, const char *name)
{
    begin_value(w, name);
    add(w, "{", 1);
}

void json_close_object(struct json_writer *w)
{
    add(w, "}", 1);
}

size_t json_open_array(struct json_writer *w, const char *name)
{
    size_t mark = w->length;
    begin_value(w, name);
    add(w, "[", 1);
    return mark;
}

void json_close_array(struct json_writer *w)
{
    add(w, "]", 1);
}

void json_close_unless_empty(struct json_writer *w, size_t mark)
{
    if (w->text[w->length - 1] == '[')
        w->length = mark;
    else
        json_close_array(w);
}

/* What stands after the backslash; 'u': of \u00XX. */
static char escape_of(unsigned char c)
{
    switch (c) {
    case '"':
    case '\\':
        return (char)c;
    case '\b':
        return 'b';
    case '\f':
        return 'f';
    case '\n':
        return 'n';
    case '\r':
        return 'r';
    case '\t':
        return 't';
    default:
        return 'u';
    }
}

static bool is_plain(unsigned char c)
{
    return c >= 0x20 && c != '"' && c != '\\';
}

static size_t plain_run(const char *text, const char *end)
{
    const char *p = text;
    for (; end - p >= LANES; p += LANES) {
        unsigned marks = lanes_mask(lanes_escaped(lanes_load(p)));
        if (marks)
            return (size_t)(p - text) + (size_t)__builtin_ctz(marks);
    }
    while (p < end && is_plain((unsigned char)*p))
        p++;
    return (size_t)(p - text);
}

static char *put_escaped(char *out, unsigned char c)
{
    char letter = escape_of(c);
    *out++ = '\\';
    *out++ = letter;
    if (letter != 'u')
        return out;
    memcpy(out, c & 16 ? "001" : "000", 3);
    out[3] = "0123456789ABCDEF"[c & 15];
    return out + 4;
}

void json_put_text(struct json_writer *w, const char *name, const char *text)
{
    size_t length = strlen(text);
    begin_value(w, name);
    char *out = reserve(w, 6 * length + 2);
    *out++ = '"';
    for (const char *end = text + length;;) {
        size_t run = plain_run(text, end);
        memcpy(out, text, run);
        out += run;
        text += run;
        if (text == end)
            break;
        out = put_escaped(out, (unsigned char)*text++);
    }
    *out++ = '"';
    w->length = (size_t)(out - w->text);
}

void json_put_integer(struct json_writer *w, const char *name, int64_t number)
{
    char text[24], *p = text + sizeof text;
    uint64_t rest = number < 0 ? -(uint64_t)number : (uint64_t)number;
    do
        *--p = (char)('0' + rest % 10);
    while (rest /= 10);
    if (number < 0)
        *--p = '-';
    begin_value(w, name);
    add(w, p, (size_t)(text + sizeof text - p));
}

void json_put_boolean(struct json_writer *w, const char *name, bool value)
{
    begin_value(w, name);
    add(w, value ? "true" : "false", value ? 4 : 5);
}

void json_put_hash(struct json_writer *w, const char *name, uint64_t hash)
{
    char text[17];
    for (int i = 15; i >= 0; i--, hash >>= 4)
        text[i] = "0123456789abcdef"[hash & 15];
    text[16] = '\0';
    json_put_text(w, name, text);
}

void json_put_both(struct json_writer *w, const char *name, const char *zh, const char *en)
{
    json_open_object(w, name);
    json_put_text(w, "zh", zh);
    json_put_text(w, "en", en);
    json_close_object(w);
}
