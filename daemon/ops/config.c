#include "daemon/ops/config.h"

#include "daemon/base/memory.h"
#include "daemon/ops/config_text.h"
#include "daemon/ops/schema.h"
#include "daemon/ops/textfile.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FILE_MAX (4u << 20) /* bytes of one file; the routes of every county of the country are 0.2 MB */

/* The texts of a value, short enough for a sentence. */
static const char *found_text(const json_t *found, char out[64])
{
    if (!found)
        return "nothing";
    if (json_is_object(found))
        return "an object";
    if (json_is_array(found))
        return "a list";
    size_t n = json_dumpb(found, out, 48, JSON_ENCODE_ANY | JSON_ENSURE_ASCII | JSON_REAL_PRECISION(15));
    if (n <= 48)
        out[n] = 0;
    else
        snprintf(out + 44, 8, "...\"");
    return out;
}

/* Does the value at `path` come from --set? */
static bool is_set(const struct config_reader *reader, const char *path)
{
    for (size_t i = 0; i < reader->n_sets; i++) {
        size_t n = strcspn(reader->sets[i], "=");
        if (strncmp(path, reader->sets[i], n) == 0 && (path[n] == 0 || path[n] == '.' || path[n] == '['))
            return true;
    }
    return false;
}

static const char *source(const struct config_reader *reader, const char *path)
{
    if (is_set(reader, path))
        return "--set";
    for (size_t i = 0; i < 2; i++) {
        const struct config_include *include = &reader->included[i];
        if (include->file && strncmp(path, include->section, strlen(include->section)) == 0)
            return include->file;
    }
    return reader->file;
}

void config_read_refuse(struct config_reader *reader, const char *path, const char *format, ...)
{
    struct error text;
    va_list args;
    va_start(args, format);
    vsnprintf(text.text, sizeof text.text, format, args);
    va_end(args);
    config_errors_add(reader->errors, "%s: %s: %s", source(reader, path), path, text.text);
}

void config_read_fault(
    struct config_reader *reader, const char *path, const json_t *found, const char *expected, ...)
{
    struct error text;
    char what[64];
    va_list args;
    va_start(args, expected);
    vsnprintf(text.text, sizeof text.text, expected, args);
    va_end(args);
    config_read_refuse(reader, path, "found %s, expected %s", found_text(found, what), text.text);
}

char *config_read_path(const struct config_reader *reader, const char *path)
{
    return *path == '/' ? memory_text(path) : memory_format("%s/%s", reader->config->folder, path);
}

/* A file as JSON; NULL with the faults added. A key that stands twice does not hide what else is wrong. */
static json_t *read_json(struct config_reader *reader, const char *file)
{
    struct error err;
    json_error_t where;
    char *text = textfile_read(file, FILE_MAX, &err);
    if (!text) {
        config_errors_add(reader->errors, "%s: %s", file, err.text);
        return NULL;
    }
    json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, &where);
    if (!root) {
        config_errors_add(reader->errors, "%s:%d:%d: %s", file, where.line, where.column, where.text);
        if (json_error_code(&where) == json_error_duplicate_key)
            root = json_loads(text, 0, NULL);
    }
    free(text);
    return root;
}

static void unknown_key(struct config_reader *reader, const char *path, size_t group)
{
    char known[ERROR_TEXT_MAX] = "";
    size_t used = 0;
    for (size_t i = 0; i < schema_count; i++) {
        const char *key = schema_options[i].path + group;
        if (strncmp(schema_options[i].path, path, group) != 0 || used > sizeof known - 64)
            continue;
        size_t n = strcspn(key, ".");
        if (i > 0 &&
            strncmp(schema_options[i - 1].path, schema_options[i].path, group + n + (key[n] == '.')) == 0)
            continue; /* the same group again */
        used += (size_t)snprintf(known + used, sizeof known - used, "%s%.*s", used ? ", " : "", (int)n, key);
    }
    config_read_refuse(reader, path, "unknown key, expected one of %s", known);
}

/* Reads an object whose path is `group` ("" for the whole). */
static void read_group(struct config_reader *reader, const char *group, json_t *object)
{
    const char *key;
    json_t *value;
    json_object_foreach(object, key, value)
    {
        char path[CONFIG_PATH_MAX];
        snprintf(path, sizeof path, "%s%s%s", group, *group ? "." : "", key);
        const struct schema_option *option = schema_find(path);
        if (option)
            schema_read(option, reader, value);
        else if (!schema_is_group(path))
            unknown_key(reader, path, *group ? strlen(group) + 1 : 0);
        else if (json_is_object(value))
            read_group(reader, path, value);
        else
            config_read_fault(reader, path, value, "an object");
    }
}

/* Replaces a section that is the path of a file by what the file holds. */
static void include_section(struct config_reader *reader, json_t *root, struct config_include *include)
{
    const char *path = json_string_value(json_object_get(root, include->section));
    if (!path)
        return;
    include->file = config_read_path(reader, path);
    json_t *content = read_json(reader, include->file);
    json_object_set_new(root, include->section, content ? content : json_array());
}

/* --set of a path: the value as JSON where it is JSON and the option is no text, else as a text. */
static json_t *set_value(const struct schema_option *option, const char *text)
{
    bool is_text = option && (option->form == SCHEMA_TEXT || option->form == SCHEMA_CHOICE ||
                                 option->form == SCHEMA_FILE);
    json_t *value = is_text ? NULL : json_loads(text, JSON_DECODE_ANY | JSON_REJECT_DUPLICATES, NULL);
    if (value)
        return value;
    if (option && option->form == SCHEMA_FILE && *text && *text != '/') {
        char *here = getcwd(NULL, 0);
        value = json_sprintf("%s/%s", here ? here : ".", text);
        free(here);
    } else {
        value = json_string(text);
    }
    return value ? value : json_string("");
}

/* The member of an object, made if need be (of the whole, only where there are such options); in a list, the
 * element whose "name" is the key. */
static json_t *set_step(json_t *root, json_t *at, const char *key)
{
    json_t *found = json_object_get(at, key);
    if (json_is_array(at)) {
        size_t i;
        json_t *element;
        json_array_foreach(at, i, element)
        {
            const char *name = json_string_value(json_object_get(element, "name"));
            if (name && strcmp(name, key) == 0)
                return element;
        }
    }
    if (!found && json_is_object(at) && (at != root || schema_is_group(key))) {
        found = json_object();
        json_object_set_new(at, key, found);
    }
    return json_is_object(found) || json_is_array(found) ? found : NULL;
}

static void apply_set(struct config_reader *reader, json_t *root, const char *path, const char *text)
{
    char key[CONFIG_PATH_MAX];
    json_t *at = root;
    const char *rest = path;
    for (size_t n; at && rest[n = strcspn(rest, ".")] == '.'; rest += n + 1) {
        snprintf(key, sizeof key, "%.*s", (int)n, rest);
        at = set_step(root, at, key);
    }
    if (!at || !json_is_object(at))
        config_errors_add(reader->errors, "--set: %s: there is nothing of that name to set", path);
    else
        json_object_set_new(at, rest, set_value(schema_find(path), text));
}

/* Whole options first, so that a section's file is known before parts of the section are set. */
static void apply_sets(struct config_reader *reader, json_t *root, bool whole)
{
    for (size_t i = 0; i < reader->n_sets; i++) {
        const char *set = reader->sets[i];
        size_t n = strcspn(set, "=");
        char path[CONFIG_PATH_MAX];
        if (n == 0 || set[n] != '=' || n >= sizeof path) {
            if (whole)
                config_errors_add(reader->errors, "--set: found \"%.64s\", expected path.to.key=value", set);
            continue;
        }
        memcpy(path, set, n);
        path[n] = 0;
        if ((schema_find(path) != NULL) == whole)
            apply_set(reader, root, path, set + n + 1);
    }
}

/* A secret's file; NULL if it is not configured or cannot be used. */
static char *read_secret(struct config_reader *reader, const char *path, const char *file)
{
    struct error err;
    if (!file)
        return NULL;
    char *text = textfile_secret(file, &err);
    if (!text)
        config_read_refuse(reader, path, "%s: %s", file, err.text);
    return text;
}

/* The first line of a secret's file. */
static char *read_line(struct config_reader *reader, const char *path, const char *file)
{
    char *text = read_secret(reader, path, file);
    if (text)
        text[strcspn(text, "\r\n")] = 0;
    return text;
}

/* A certificate and its key belong together, and all of it to a URL that asks for TLS. Whether the files hold
 * what they should is for OpenSSL to say, when the daemon starts or is asked to check. */
static void check_tls(struct config_reader *reader)
{
    struct config *config = reader->config;
    textfile_forget(read_secret(reader, "redis.tls.key_file", config->redis.tls.key_file));
    if (!config->redis.tls.cert_file != !config->redis.tls.key_file)
        config_read_refuse(reader, "redis.tls", "cert_file and key_file: set both or none");
    bool wanted = config->redis.tls.ca_file || config->redis.tls.cert_file || config->redis.tls.server_name;
    if (wanted && strncmp(config->redis.url, "rediss://", 9) != 0)
        config_errors_add(&config->warnings, "%s: redis.tls: without effect, since redis.url is no rediss://",
            source(reader, "redis.tls"));
}

static int hex_parse(const char *text, uint64_t *out)
{
    *out = 0;
    for (int i = 0; i < 16; i++) {
        const char *digits = "0123456789abcdef";
        const char *at =
            text[i] ? strchr(digits, text[i] | ('A' <= text[i] && text[i] <= 'F' ? 0x20 : 0)) : NULL;
        if (!at)
            return -1;
        *out = *out << 4 | (uint64_t)(at - digits);
    }
    return 0;
}

static void read_log_key(struct config_reader *reader)
{
    struct config *config = reader->config;
    struct error err;
    char *hex = read_line(reader, "log.key_file", config->log.key_file);
    if (hex && log_key_parse(&config->log.key, hex, &err) != 0)
        config_read_refuse(reader, "log.key_file", "%s %s", config->log.key_file, err.text);
    textfile_forget(hex);
}

static void read_secrets(struct config_reader *reader)
{
    struct config *config = reader->config;
    struct sip_key key;
    config->redis.password = read_line(reader, "redis.password_file", config->redis.password_file);
    if (config->redis.password && !*config->redis.password)
        config_read_refuse(reader, "redis.password_file", "%s is empty", config->redis.password_file);
    check_tls(reader);
    read_log_key(reader);
    char *hex = read_line(reader, "privacy.pseudonym_key_file", config->pseudonym_key_file);
    if (!hex)
        return;
    if (strlen(hex) != 32 || hex_parse(hex, &key.k0) != 0 || hex_parse(hex + 16, &key.k1) != 0) {
        config_read_refuse(reader, "privacy.pseudonym_key_file", "%s does not hold 32 hex digits",
            config->pseudonym_key_file);
    } else {
        config->engine.pseudonym_key = key;
        config->engine.has_pseudonym_key = 1;
    }
    textfile_forget(hex);
}

/* What follows from the values read. */
static void derive(struct config_reader *reader)
{
    struct config *config = reader->config;
    if (!config->instance) {
        char host[256] = "";
        gethostname(host, sizeof host - 1);
        config->instance = memory_text(config_text_is_name(host) ? host : "jiandu");
    }
    if (!config->log.file)
        config->log.file = memory_format("%s/jiandu.log", config->state_dir);
    if (!config->input.key)
        config->input.key = memory_format("jiandu:{%s}:events", config->name);
    read_secrets(reader);
    config->engine.name = config->name;
    config->engine.use_registries = 1;
    config->engine.config_hash = config_hash(config);
    if (config->engine.n_detectors == 0)
        config_errors_add(
            &config->warnings, "%s: detectors: none is enabled, so nothing will be found", reader->file);
}

static void read_all(struct config_reader *reader)
{
    struct config *config = reader->config;
    for (size_t i = 0; i < schema_count; i++)
        schema_default(&schema_options[i], config);
    json_t *root = read_json(reader, config->file);
    if (root && !json_is_object(root)) {
        config_errors_add(reader->errors, "%s: found a list, expected an object", reader->file);
    } else if (root) {
        apply_sets(reader, root, true);
        for (size_t i = 0; i < 2; i++)
            include_section(reader, root, &reader->included[i]);
        apply_sets(reader, root, false);
        read_group(reader, "", root);
        derive(reader);
    }
    json_decref(root);
}

struct config *config_load(
    const char *file, const char *const *sets, size_t n_sets, struct config_errors *errors)
{
    struct config *config = memory_zeroed(1, sizeof *config, "the configuration");
    const char *slash = strrchr(file, '/');
    config->file = memory_text(file);
    config->folder = slash ? memory_format("%.*s", (int)(slash - file), file) : memory_text(".");
    struct config_reader reader = {.config = config,
        .errors = errors,
        .file = file,
        .sets = sets,
        .n_sets = n_sets,
        .included = {{"routes", NULL}, {"detectors", NULL}}};
    size_t before = errors->count;
    read_all(&reader);
    for (size_t i = 0; i < 2; i++)
        free(reader.included[i].file);
    if (errors->count == before)
        return config;
    config_destroy(config);
    return NULL;
}

void config_destroy(struct config *config)
{
    if (!config)
        return;
    config_detectors_fini(&config->engine);
    for (size_t i = 0; i < config->engine.n_routes; i++) {
        free((char *)(uintptr_t)config->engine.routes[i].prefix);
        free((char *)(uintptr_t)config->engine.routes[i].office);
    }
    free((void *)(uintptr_t)config->engine.routes);
    free((void *)(uintptr_t)config->engine.targets);
    for (size_t i = 0; i < config->input.n_fields; i++) {
        free((char *)(uintptr_t)config->input.fields[i].canonical);
        free((char *)(uintptr_t)config->input.fields[i].platform);
    }
    free(config->input.fields);
    for (size_t i = 0; i < schema_count; i++)
        if (schema_options[i].form == SCHEMA_TEXT || schema_options[i].form == SCHEMA_FILE)
            free(*schema_text(&schema_options[i], config));
    textfile_forget(config->redis.password);
    explicit_bzero(&config->log.key, sizeof config->log.key);
    explicit_bzero(&config->engine.pseudonym_key, sizeof config->engine.pseudonym_key);
    config_errors_clear(&config->warnings);
    free(config->file);
    free(config->folder);
    free(config);
}

const struct engine_settings *config_engine_settings(const struct config *config)
{
    return &config->engine;
}
