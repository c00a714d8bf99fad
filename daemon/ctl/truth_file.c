#include "daemon/ctl/truth_file.h"

#include "daemon/base/memory.h"

#include <stdlib.h>
#include <string.h>

static const char *const lists[] = {"units", "accounts", "devices", "suppliers", "orders"};
static const char *const kinds[] = {"unit", "account", "device", "supplier", "order"};

const char *const truth_file_sizes[TRUTH_FILE_SIZES] = {"small", "medium", "large"};

int truth_file_size(const struct truth_file *t, const char *unit)
{
    json_t *size = json_object_get(t->size, unit);

    return size ? (int)json_integer_value(size) : -1;
}

int truth_file_kind(const char *kind)
{
    for (int i = 0; i < TRUTH_FILE_KINDS; i++) {
        if (!strcmp(kinds[i], kind))
            return i;
    }
    return -1;
}

bool truth_case_of(const struct truth_case *c, const char *detector, bool also)
{
    size_t i;
    json_t *name;

    if (!strcmp(c->detector, detector))
        return true;
    if (!also)
        return false;
    json_array_foreach(c->also, i, name)
    {
        const char *text = json_string_value(name);

        if (text && !strcmp(text, detector))
            return true;
    }
    return false;
}

/* The ms of "MS-SEQ"; -1 if it is none. */
static int64_t entry_ms(json_t *id)
{
    const char *text = json_string_value(id);
    char *end;
    long long ms;

    if (!text || *text < '0' || *text > '9')
        return -1;
    ms = strtoll(text, &end, 10);
    return *end == '-' || *end == '\0' ? (int64_t)ms : -1;
}

/* A set of the array's strings; NULL when memory ran out. */
static json_t *set_of(json_t *array)
{
    json_t *set = json_object(), *id;
    size_t i;

    json_array_foreach(array, i, id)
    {
        const char *text = json_string_value(id);

        if (text && json_object_set_new(set, text, json_true()) != 0) {
            json_decref(set);
            return NULL;
        }
    }
    return set;
}

static int read_members(struct truth_case *c, json_t *members, struct error *err)
{
    if (!json_is_object(members))
        return error_set(err, "no members");
    for (int k = 0; k < TRUTH_FILE_KINDS; k++) {
        c->member[k] = set_of(json_object_get(members, lists[k]));
        if (!c->member[k])
            return error_set(err, "out of memory");
    }
    return 0;
}

static int read_case(struct truth_case *c, json_t *o, bool campaign, struct error *err)
{
    c->id = json_string_value(json_object_get(o, "id"));
    c->detector = json_string_value(json_object_get(o, "detector"));
    c->kind = json_string_value(json_object_get(o, "kind"));
    c->grade = json_string_value(json_object_get(o, "grade"));
    c->also = json_object_get(o, "also");
    c->steps = json_object_get(o, "steps");
    c->money = json_integer_value(json_object_get(o, "money"));
    c->start = entry_ms(json_object_get(o, "start_id"));
    c->end = entry_ms(json_object_get(o, "end_id"));
    if (!c->kind)
        return error_set(err, "no kind");
    if (campaign && (!c->detector || !c->grade))
        return error_set(err, "a campaign needs detector and grade");
    if (campaign && (c->start < 0 || c->end < c->start))
        return error_set(err, "start_id and end_id must be entry ids, in this order");
    if (c->start < 0)
        c->start = 0;
    if (c->end < 0)
        c->end = INT64_MAX;
    return read_members(c, json_object_get(o, "members"), err);
}

static int read_cases(
    struct truth_file *t, const char *name, struct truth_case **cases, size_t *n, struct error *err)
{
    json_t *array = json_object_get(t->root, name), *o;
    bool campaign = cases == &t->campaigns;
    size_t i;

    if (!json_is_array(array))
        return error_set(err, "no array \"%s\"", name);
    *cases = memory_zeroed(json_array_size(array), sizeof(**cases), "the truth");
    json_array_foreach(array, i, o)
    {
        *n = i + 1;
        if (read_case(&(*cases)[i], o, campaign, err) != 0)
            return error_wrap(err, "%s[%zu]", name, i);
    }
    return 0;
}

static void read_sizes(struct truth_file *t)
{
    json_t *sizes = json_object_get(t->root, "sizes"), *unit;
    size_t i;

    t->size = memory_need(json_object(), "the truth");
    for (int k = 0; k < TRUTH_FILE_SIZES; k++) {
        json_array_foreach(json_object_get(sizes, truth_file_sizes[k]), i, unit)
        {
            const char *text = json_string_value(unit);

            if (text && json_object_set_new(t->size, text, json_integer(k)) != 0)
                memory_exhausted("the truth");
            t->of_size[k]++;
        }
    }
}

int truth_file_read(struct truth_file *t, const char *path, struct error *err)
{
    json_error_t why;

    *t = (struct truth_file){.root = json_load_file(path, JSON_REJECT_DUPLICATES, &why)};
    if (!t->root)
        return error_set(err, "%s:%d: %s", path, why.line, why.text);
    t->units = json_integer_value(json_object_get(t->root, "units"));
    t->days = json_integer_value(json_object_get(t->root, "days"));
    read_sizes(t);
    if (read_cases(t, "campaigns", &t->campaigns, &t->n_campaigns, err) != 0 ||
        read_cases(t, "traps", &t->traps, &t->n_traps, err) != 0)
        return error_wrap(err, "%s", path);
    return 0;
}

static void free_cases(struct truth_case *cases, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        for (int k = 0; k < TRUTH_FILE_KINDS; k++)
            json_decref(cases[i].member[k]);
    }
    free(cases);
}

void truth_file_fini(struct truth_file *t)
{
    free_cases(t->campaigns, t->n_campaigns);
    free_cases(t->traps, t->n_traps);
    json_decref(t->size);
    json_decref(t->root);
    *t = (struct truth_file){.root = NULL};
}
