#include "daemon/base/memory.h"
#include "daemon/ops/config_read.h"
#include "daemon/ops/config_text.h"
#include "daemon/ops/plugins.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifndef JIANDU_DETECTOR_DIR
#define JIANDU_DETECTOR_DIR "/usr/local/lib/jiandu/detectors"
#endif
#define BOUND_MAX 100000000

/* One element of the list, checked as far as that can be done without the plugin. */
struct element {
    const char *name, *path;
    bool enabled, shadow;
    const json_t *bounds, *options, *off;
};

/* A path too long for the buffer is cut: it is only shown. */
static const char *join(char out[CONFIG_PATH_MAX], const char *path, const char *key)
{
    snprintf(out, CONFIG_PATH_MAX, "%.250s.%.250s", path, key);
    return out;
}

/* The detectors that were built with this program, or else those that were installed. */
static char *default_path(const char *name)
{
    char self[PATH_MAX];
    ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
    self[n > 0 ? n : 0] = 0;
    char *slash = strrchr(self, '/');
    if (slash) {
        char *beside = memory_format("%.*s/detectors", (int)(slash - self), self);
        bool exists = access(beside, X_OK) == 0;
        char *path = exists ? memory_format("%s/%s.so", beside, name) : NULL;
        free(beside);
        if (path)
            return path;
    }
    return memory_format("%s/%s.so", JIANDU_DETECTOR_DIR, name);
}

static void read_member(struct config_reader *reader, const char *path, const char *key, const json_t *value,
    struct element *element)
{
    char at[CONFIG_PATH_MAX];
    join(at, path, key);
    bool flag = strcmp(key, "enabled") == 0 || strcmp(key, "shadow") == 0;
    bool object = strcmp(key, "bounds") == 0 || strcmp(key, "options") == 0;
    if (flag && !json_is_boolean(value))
        config_read_fault(reader, at, value, "true or false");
    else if (object && !json_is_object(value))
        config_read_fault(reader, at, value, "an object");
    else if (strcmp(key, "enabled") == 0)
        element->enabled = json_is_true(value);
    else if (strcmp(key, "shadow") == 0)
        element->shadow = json_is_true(value);
    else if (strcmp(key, "bounds") == 0)
        element->bounds = value;
    else if (strcmp(key, "options") == 0)
        element->options = value;
    else if (strcmp(key, "off") == 0 && json_is_array(value))
        element->off = value;
    else if (strcmp(key, "off") == 0)
        config_read_fault(reader, at, value, "a list of names of its signals");
    else if (strcmp(key, "path") == 0 && json_string_length(value) > 0)
        element->path = json_string_value(value);
    else if (strcmp(key, "path") == 0)
        config_read_fault(reader, at, value, "a path");
    else if (strcmp(key, "name") != 0)
        config_read_refuse(
            reader, at, "unknown key, expected one of name, path, enabled, shadow, bounds, options, off");
}

/* A JSON number of a detector is checked as one of ours. */
static struct scalar option_scalar(const struct jd_option *option)
{
    static const enum scalar_type types[] = {
        [JD_OPTION_INT] = SCALAR_INTEGER,
        [JD_OPTION_BOOL] = SCALAR_FLAG,
        [JD_OPTION_DURATION] = SCALAR_DURATION,
        [JD_OPTION_MONEY] = SCALAR_MONEY,
        [JD_OPTION_STRENGTH] = SCALAR_STRENGTH,
    };
    return (struct scalar){types[option->type], option->min, option->max, option->init};
}

static void read_option(struct config_reader *reader, const char *path,
    const struct detector_instance *instance, const char *key, const json_t *value)
{
    const struct jd_detector *d = instance->detector;
    char expects[SCALAR_TEXT];
    int64_t read;
    for (size_t i = 0; i < d->n_options; i++) {
        if (strcmp(d->options[i].name, key) != 0)
            continue;
        struct scalar scalar = option_scalar(&d->options[i]);
        if (scalar_read(&scalar, value, &read) == 0)
            memcpy((char *)instance->config + d->options[i].offset, &read, sizeof read);
        else
            config_read_fault(reader, path, value, "%s", scalar_expects(&scalar, expects));
        return;
    }
    config_read_refuse(reader, path, "the detector %s %s has no such option", d->name, d->version);
}

static void read_bound(struct config_reader *reader, const char *path,
    const struct detector_instance *instance, const char *key, const json_t *value)
{
    const struct jd_detector *d = instance->detector;
    for (size_t i = 0; i < d->n_tables; i++) {
        if (strcmp(d->tables[i].name, key) != 0)
            continue;
        json_int_t bound = json_integer_value(value);
        if (bound >= 1 && bound <= BOUND_MAX)
            instance->bounds[i] = (uint32_t)bound;
        else
            config_read_fault(reader, path, value, "an integer 1..%d", BOUND_MAX);
        return;
    }
    config_read_refuse(reader, path, "the detector %s %s has no such table", d->name, d->version);
}

/* A signal's name, or what stands before its point for all of these. */
static void read_off(
    struct config_reader *reader, const char *path, struct detector_instance *instance, const json_t *value)
{
    const struct jd_detector *d = instance->detector;
    const char *word = json_string_value(value);
    uint64_t off = 0;
    for (size_t i = 0; word && i < d->n_signals; i++) {
        const char *name = d->signals[i].name;
        size_t stem = strcspn(name, ".");
        if (strcmp(name, word) == 0 || (strlen(word) == stem && strncmp(name, word, stem) == 0))
            off |= UINT64_C(1) << i;
    }
    instance->off |= off;
    if (!off)
        config_read_fault(reader, path, value, "the name of a signal of %s %s", d->name, d->version);
}

static void read_parts(struct config_reader *reader, const char *path, const struct element *element,
    struct detector_instance *instance)
{
    char part[CONFIG_PATH_MAX], at[CONFIG_PATH_MAX];
    const char *key;
    json_t *value;
    size_t before = reader->errors->count;
    struct error err;
    json_object_foreach((json_t *)(uintptr_t)element->options, key, value)
    {
        join(at, join(part, path, "options"), key);
        read_option(reader, at, instance, key, value);
    }
    json_object_foreach((json_t *)(uintptr_t)element->bounds, key, value)
    {
        join(at, join(part, path, "bounds"), key);
        read_bound(reader, at, instance, key, value);
    }
    for (size_t i = 0; i < json_array_size(element->off); i++)
        read_off(reader, join(at, path, "off"), instance, json_array_get(element->off, i));
    if (reader->errors->count == before && plugins_configure(instance, &err) != 0)
        config_read_refuse(reader, join(part, path, "options"), "%s", err.text);
}

static void load(struct config_reader *reader, const char *path, const struct element *element)
{
    struct engine_settings *engine = &reader->config->engine;
    struct detector_instance instance;
    struct error err;
    char at[CONFIG_PATH_MAX];
    char *file = element->path ? config_read_path(reader, element->path) : default_path(element->name);
    int failed = plugins_load(file, element->name, &instance, &err);
    free(file);
    if (failed) {
        config_read_refuse(reader, join(at, path, "path"), "%s", err.text);
        return;
    }
    instance.shadow = element->shadow;
    read_parts(reader, path, element, &instance);
    engine->detectors = memory_resize(engine->detectors, engine->n_detectors + 1, sizeof instance);
    engine->detectors[engine->n_detectors++] = instance;
}

static bool is_repeated(const json_t *list, size_t index, const char *name)
{
    for (size_t i = 0; i < index; i++) {
        const char *other = json_string_value(json_object_get(json_array_get(list, i), "name"));
        if (other && strcmp(other, name) == 0)
            return true;
    }
    return false;
}

static void read_element(struct config_reader *reader, const char *path, const json_t *list, size_t index)
{
    char at[CONFIG_PATH_MAX];
    struct element element = {.enabled = true};
    json_t *object = json_array_get(list, index);
    const json_t *name = json_object_get(object, "name");
    const char *key;
    json_t *value;
    snprintf(at, sizeof at, "%s[%zu]", path, index);
    element.name = json_string_value(name);
    if (!json_is_object(object)) {
        config_read_fault(reader, at, object, "an object {\"name\": ..., ...}");
        return;
    }
    if (!element.name || !config_text_is_word(element.name)) {
        config_read_fault(reader, at, name, "\"name\", the detector's name in lower case words");
        return;
    }
    join(at, path, element.name);
    if (is_repeated(list, index, element.name)) {
        config_read_refuse(reader, at, "this detector stands in the list twice");
        return;
    }
    size_t before = reader->errors->count;
    json_object_foreach(object, key, value)
    {
        read_member(reader, at, key, value, &element);
    }
    if (element.enabled && reader->errors->count == before)
        load(reader, at, &element);
}

void config_detectors_read(struct config_reader *reader, const char *path, const json_t *value)
{
    if (!json_is_array(value)) {
        config_read_fault(reader, path, value, "a list of detectors, or the path of a file that holds one");
        return;
    }
    for (size_t i = 0; i < json_array_size(value); i++)
        read_element(reader, path, value, i);
}

void config_detectors_fini(struct engine_settings *engine)
{
    for (size_t i = 0; i < engine->n_detectors; i++)
        plugins_unload(&engine->detectors[i]);
    free(engine->detectors);
    engine->detectors = NULL;
    engine->n_detectors = 0;
}

void config_describe_detector(FILE *out, const struct jd_detector *d)
{
    char expects[SCALAR_TEXT], init[SCALAR_TEXT];
    fprintf(out, "| option | may be | default | meaning |\n|---|---|---|---|\n");
    for (size_t i = 0; i < d->n_options; i++) {
        struct scalar scalar = option_scalar(&d->options[i]);
        fprintf(out, "| `%s` | %s | `%s` | %s |\n", d->options[i].name, scalar_expects(&scalar, expects),
            scalar_format(&scalar, scalar.init, init), d->options[i].help);
    }
}
