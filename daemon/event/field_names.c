#include "daemon/event/field_names.h"

#include "daemon/base/bytes.h"
#include "daemon/event/fields.h"
#include "daemon/event/utf8.h"

#include <string.h>

/* From the length, the first and the last eight bytes: tells all canonical names apart. */
static unsigned slot_of(const char *name, size_t length)
{
    uint64_t head = bytes_head(name, length);
    uint64_t tail = length > 8 ? bytes_load(name + length - 8) : 0;
    uint64_t mixed = (head ^ (tail << 27 | tail >> 37) ^ length) * UINT64_C(0x9e3779b97f4a7c15);
    return (unsigned)(mixed >> 56) % FIELD_NAMES_SLOTS;
}

static bool is_name_of(const struct field_names *n, unsigned f, const char *name, size_t length)
{
    return n->length[f] == length && bytes_equal(n->text[f], name, length);
}

static enum jd_field look_up(const struct field_names *n, const char *name, size_t length)
{
    for (unsigned s = slot_of(name, length); n->slot[s]; s = (s + 1) % FIELD_NAMES_SLOTS)
        if (is_name_of(n, n->slot[s] - 1U, name, length))
            return (enum jd_field)(n->slot[s] - 1);
    return JD_F_COUNT;
}

static bool is_plain(const char *name, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)name[i] < 0x20 || name[i] == '"' || name[i] == '\\')
            return false;
    return utf8_check(name, length) == UTF8_OK;
}

static int add(struct field_names *n, unsigned f, const char *name, struct error *err)
{
    size_t length = strlen(name);
    enum jd_field other = look_up(n, name, length);
    if (other != JD_F_COUNT)
        return error_set(
            err, "both \"%s\" and \"%s\" would be named \"%s\"", fields[other].name, fields[f].name, name);
    memcpy(n->text[f], name, length);
    n->length[f] = (uint8_t)length;
    if (is_plain(name, length))
        n->plain |= FIELD_BIT(f);
    unsigned s = slot_of(name, length);
    while (n->slot[s])
        s = (s + 1) % FIELD_NAMES_SLOTS;
    n->slot[s] = (uint8_t)(f + 1);
    return 0;
}

static int check_row(const struct decoder_map *row, struct error *err)
{
    size_t length = strlen(row->platform);
    if (length == 0 || length > EVENT_NAME_MAX)
        return error_set(err, "the name for \"%s\" must have 1 to %d bytes", row->canonical, EVENT_NAME_MAX);
    if (strcmp(row->platform, "data") == 0)
        return error_set(
            err, "\"%s\" cannot be named \"data\": that is the field of JSON entries", row->canonical);
    if (strcmp(row->platform, "id") == 0)
        return error_set(
            err, "\"%s\" cannot be named \"id\": that is the entry's id in a file", row->canonical);
    return 0;
}

static int apply_map(const char **name, const struct decoder_map *map, size_t n_map, struct error *err)
{
    uint64_t mapped = 0;
    for (size_t i = 0; i < n_map; i++) {
        unsigned f = 0;
        while (f < JD_F_COUNT && strcmp(fields[f].name, map[i].canonical) != 0)
            f++;
        if (f == JD_F_COUNT)
            return error_set(err, "there is no field \"%s\"", map[i].canonical);
        if (mapped & FIELD_BIT(f))
            return error_set(err, "\"%s\" is named twice", map[i].canonical);
        if (check_row(&map[i], err) < 0)
            return -1;
        mapped |= FIELD_BIT(f);
        name[f] = map[i].platform;
    }
    return 0;
}

int field_names_init(struct field_names *n, const struct decoder_map *map, size_t n_map, struct error *err)
{
    const char *name[JD_F_COUNT];
    *n = (struct field_names){0};
    for (unsigned f = 0; f < JD_F_COUNT; f++)
        name[f] = fields[f].name;
    if (apply_map(name, map, n_map, err) < 0)
        return -1;
    for (unsigned f = 0; f < JD_F_COUNT; f++)
        if (add(n, f, name[f], err) < 0)
            return -1;
    field_names_start(n);
    return 0;
}

void field_names_start(struct field_names *n)
{
    n->previous = JD_F_COUNT;
}

enum jd_field field_names_find(struct field_names *n, const char *name, size_t length)
{
    enum jd_field f = field_names_expected(n);
    if (!is_name_of(n, f, name, length)) {
        f = look_up(n, name, length);
        if (f != JD_F_COUNT)
            n->after[n->previous] = (uint8_t)f;
    }
    field_names_met(n, f);
    return f;
}
