/* The sections of a configuration that are tables themselves: the field map, the routes and the targets. */
#include "daemon/base/memory.h"
#include "daemon/engine/targets.h"
#include "daemon/ops/config_read.h"
#include "daemon/ops/config_text.h"

#include <stdlib.h>
#include <string.h>

static bool is_field(const char *name)
{
    for (int i = 0; i < JD_F_COUNT; i++)
        if (strcmp(event_field_name((enum jd_field)i), name) == 0)
            return true;
    return false;
}

/* Whose name is it already? A field that is mapped away has given its own name up. */
static const char *field_called(const json_t *map, const char *platform, const char *except)
{
    for (int i = 0; i < JD_F_COUNT; i++) {
        const char *canonical = event_field_name((enum jd_field)i);
        const json_t *mapped = json_object_get(map, canonical);
        const char *name = json_is_string(mapped) ? json_string_value(mapped) : canonical;
        if (strcmp(name, platform) == 0 && strcmp(canonical, except) != 0)
            return canonical;
    }
    return NULL;
}

static void read_field(struct config_reader *reader, const char *path, const json_t *map,
    const char *canonical, const json_t *value)
{
    const char *platform = json_string_value(value);
    if (!is_field(canonical)) {
        config_read_refuse(reader, path, "there is no such field");
        return;
    }
    if (!platform || !*platform || strlen(platform) > EVENT_NAME_MAX) {
        config_read_fault(
            reader, path, value, "the platform's name of the field, 1 to %d bytes", EVENT_NAME_MAX);
        return;
    }
    const char *other = field_called(map, platform, canonical);
    if (other) {
        config_read_refuse(reader, path, "\"%s\" is the name of the field %s too", platform, other);
        return;
    }
    struct config *config = reader->config;
    size_t n = config->input.n_fields++;
    config->input.fields = memory_resize(config->input.fields, n + 1, sizeof config->input.fields[0]);
    config->input.fields[n] = (struct decoder_map){memory_text(canonical), memory_text(platform)};
}

void config_fields_read(struct config_reader *reader, const char *path, const json_t *value)
{
    if (!json_is_object(value)) {
        config_read_fault(reader, path, value, "an object of our names of fields and the platform's");
        return;
    }
    const char *canonical;
    json_t *platform;
    json_object_foreach((json_t *)(uintptr_t)value, canonical, platform)
    {
        char at[CONFIG_PATH_MAX];
        snprintf(at, sizeof at, "%s.%s", path, canonical);
        read_field(reader, at, value, canonical, platform);
    }
}

static void read_route(struct config_reader *reader, const char *path, const json_t *value)
{
    const char *key, *prefix = json_string_value(json_object_get(value, "prefix"));
    const char *office = json_string_value(json_object_get(value, "office"));
    struct engine_settings *engine = &reader->config->engine;
    json_t *member;
    if (!prefix || !config_text_is_prefix(prefix) || !office || !*office || !config_text_is_office(office)) {
        config_read_fault(
            reader, path, value, "{\"prefix\": \"\" or 2, 4 or 6 digits, \"office\": 1 to 48 of a-z 0-9 -}");
        return;
    }
    json_object_foreach((json_t *)(uintptr_t)value, key, member)
    {
        if (strcmp(key, "prefix") != 0 && strcmp(key, "office") != 0)
            config_read_refuse(reader, path, "unknown key %s, expected prefix and office", key);
    }
    for (size_t i = 0; i < engine->n_routes; i++)
        if (strcmp(engine->routes[i].prefix, prefix) == 0) {
            config_read_refuse(
                reader, path, "the prefix \"%s\" goes to %s already", prefix, engine->routes[i].office);
            return;
        }
    struct route *routes =
        memory_resize((void *)(uintptr_t)engine->routes, engine->n_routes + 1, sizeof *routes);
    routes[engine->n_routes++] = (struct route){memory_text(prefix), memory_text(office)};
    engine->routes = routes;
}

void config_routes_read(struct config_reader *reader, const char *path, const json_t *value)
{
    if (!json_is_array(value)) {
        config_read_fault(reader, path, value, "a list of routes, or the path of a file that holds one");
        return;
    }
    for (size_t i = 0; i < json_array_size(value); i++) {
        char at[CONFIG_PATH_MAX];
        snprintf(at, sizeof at, "%s[%zu]", path, i);
        read_route(reader, at, json_array_get(value, i));
    }
}

#define TARGET_YEARS_FROM 2000 /* the program began in 2019 */
#define TARGET_YEARS_TO 9999

static bool is_within(const json_t *value, json_int_t low, json_int_t high)
{
    return json_is_integer(value) && json_integer_value(value) >= low && json_integer_value(value) <= high;
}

static void add_target(struct config_reader *reader, const char *path, struct target target)
{
    struct engine_settings *engine = &reader->config->engine;
    for (size_t i = 0; i < engine->n_targets; i++) {
        const struct target *other = &engine->targets[i];
        if (other->prefix == target.prefix && other->digits == target.digits && other->from == target.from) {
            config_read_refuse(reader, path, "for this prefix and year %u percent are asked for already",
                (unsigned)other->share);
            return;
        }
    }
    struct target *targets =
        memory_resize((void *)(uintptr_t)engine->targets, engine->n_targets + 1, sizeof *targets);
    targets[engine->n_targets++] = target;
    engine->targets = targets;
}

static void read_target(struct config_reader *reader, const char *path, const json_t *value)
{
    const char *key, *prefix = json_string_value(json_object_get(value, "prefix"));
    const json_t *share = json_object_get(value, "share"), *from = json_object_get(value, "from");
    json_t *member;
    if (!prefix || !config_text_is_prefix(prefix) || !is_within(share, TARGET_FLOOR, 100) ||
        (from && !is_within(from, TARGET_YEARS_FROM, TARGET_YEARS_TO))) {
        config_read_fault(reader, path, value,
            "{\"prefix\": \"\" or 2, 4 or 6 digits, \"share\": percent, %d..100, \"from\": a year or "
            "nothing}",
            TARGET_FLOOR);
        return;
    }
    json_object_foreach((json_t *)(uintptr_t)value, key, member)
    {
        if (strcmp(key, "prefix") != 0 && strcmp(key, "share") != 0 && strcmp(key, "from") != 0)
            config_read_refuse(reader, path, "unknown key %s, expected prefix, share and from", key);
    }
    struct target target = {.digits = (uint32_t)strlen(prefix),
        .from = (uint32_t)json_integer_value(from),
        .share = (uint32_t)json_integer_value(share)};
    for (; *prefix; prefix++)
        target.prefix = target.prefix * 10 + (uint32_t)(*prefix - '0');
    add_target(reader, path, target);
}

void config_targets_read(struct config_reader *reader, const char *path, const json_t *value)
{
    if (!json_is_array(value)) {
        config_read_fault(reader, path, value, "a list of targets");
        return;
    }
    for (size_t i = 0; i < json_array_size(value); i++) {
        char at[CONFIG_PATH_MAX];
        snprintf(at, sizeof at, "%s[%zu]", path, i);
        read_target(reader, at, json_array_get(value, i));
    }
}
