#include "tests/quality/baseline.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *baseline_text(const json_t *event, const char *field)
{
    return json_string_value(json_object_get(event, field));
}

int64_t baseline_number(const json_t *event, const char *field)
{
    const json_t *value = json_object_get(event, field);

    return json_is_string(value) ? strtoll(json_string_value(value), NULL, 10) : json_integer_value(value);
}

json_t *baseline_entry(json_t *map, const char *kind, const char *id)
{
    char key[600];
    json_t *entry;

    snprintf(key, sizeof key, "%s %s", kind, id);
    entry = json_object_get(map, key);
    if (!entry) {
        entry = json_object();
        json_object_set_new(map, key, entry);
    }
    return entry;
}

void baseline_add(json_t *entry, const char *kind, const char *id)
{
    json_t *set = json_object_get(entry, kind);

    if (!id)
        return;
    if (!set) {
        set = json_object();
        json_object_set_new(entry, kind, set);
    }
    json_object_set_new(set, id, json_true());
}

size_t baseline_count(const json_t *entry, const char *kind)
{
    return json_object_size(json_object_get(entry, kind));
}

static void print_subjects(json_t *entry)
{
    static const char *const kinds[] = {"unit", "order", "account", "supplier"};

    for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++) {
        const char *id;
        json_t *value;

        json_object_foreach(json_object_get(entry, kinds[k]), id, value)
        {
            printf(",{\"kind\":\"%s\",\"id\":\"%s\",\"role\":\"member\"}", kinds[k], id);
        }
    }
}

void baseline_alert(json_t *entry, const char *detector, const char *kind, const char *id, int64_t time)
{
    json_int_t revision = json_integer_value(json_object_get(entry, "revision")) + 1;

    json_object_set_new(entry, "revision", json_integer(revision));
    printf("{\"id\":\"%s-%s-%s\",\"revision\":%" JSON_INTEGER_FORMAT
           ",\"kind\":\"detection\",\"detector\":\"%s\",\"severity\":\"medium\",\"time\":%" PRId64
           ",\"subjects\":[{\"kind\":\"%s\",\"id\":\"%s\",\"role\":\"subject\"}",
        detector, kind, id, revision, detector, time, kind, id);
    print_subjects(entry);
    puts("]}");
}

int baseline_read(
    const char *path, void (*handle)(void *context, const json_t *event, int64_t ms), void *context)
{
    FILE *f = fopen(path, "r");
    char *line = NULL;
    size_t room = 0;
    ssize_t n;

    if (!f) {
        perror(path);
        return 1;
    }
    while ((n = getline(&line, &room, f)) > 0) {
        json_t *event = json_loadb(line, (size_t)n, 0, NULL);
        const char *id = baseline_text(event, "id");

        if (id && baseline_text(event, "type"))
            handle(context, event, strtoll(id, NULL, 10));
        json_decref(event);
    }
    free(line);
    fclose(f);
    return 0;
}
