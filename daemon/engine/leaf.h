/* JSON in the making: parts that are there or end the program, since a published object is never half. */
#ifndef JIANDU_ENGINE_LEAF_H
#define JIANDU_ENGINE_LEAF_H

#include "daemon/base/memory.h"

#include <jansson.h>
#include <stdint.h>

static inline json_t *leaf_text(const char *s)
{
    return memory_need(json_string(s), "an alert");
}

static inline json_t *leaf_integer(int64_t n)
{
    return memory_need(json_integer(n), "an alert");
}

static inline json_t *leaf_object(void)
{
    return memory_need(json_object(), "an alert");
}

static inline json_t *leaf_array(void)
{
    return memory_need(json_array(), "an alert");
}

/* Steals `value`. */
static inline void leaf_put(json_t *object, const char *name, json_t *value)
{
    if (json_object_set_new(object, name, value) != 0)
        memory_exhausted("an alert");
}

/* Steals `value`. */
static inline void leaf_push(json_t *array, json_t *value)
{
    if (json_array_append_new(array, value) != 0)
        memory_exhausted("an alert");
}

static inline json_t *leaf_both(const char *zh, const char *en)
{
    json_t *o = leaf_object();
    leaf_put(o, "zh", leaf_text(zh));
    leaf_put(o, "en", leaf_text(en));
    return o;
}

/* The object as one line, for free(); takes the object. */
static inline char *leaf_line(json_t *object)
{
    char *line = memory_need(json_dumps(object, JSON_COMPACT), "an alert");
    json_decref(object);
    return line;
}

#endif
