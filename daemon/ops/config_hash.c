#include "daemon/ops/config_read.h"
#include "daemon/ops/schema.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

static void add(struct sip_stream *sum, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void add(struct sip_stream *sum, const char *format, ...)
{
    char line[1024];
    va_list args;
    va_start(args, format);
    int n = vsnprintf(line, sizeof line, format, args);
    va_end(args);
    if (n > 0)
        sip_stream_add(sum, line, (size_t)n < sizeof line ? (size_t)n : sizeof line - 1);
}

static void add_detector(struct sip_stream *sum, const struct detector_instance *instance)
{
    const struct jd_detector *d = instance->detector;
    add(sum, "detector %s %s shadow %d\n", d->name, d->version, instance->shadow);
    for (size_t i = 0; i < d->n_options; i++) {
        int64_t value;
        memcpy(&value, (const char *)instance->config + d->options[i].offset, sizeof value);
        add(sum, "option %s %" PRId64 "\n", d->options[i].name, value);
    }
    for (size_t i = 0; i < d->n_signals; i++)
        if (instance->off >> i & 1)
            add(sum, "off %s\n", d->signals[i].name);
    for (size_t i = 0; i < d->n_tables; i++)
        add(sum, "table %s %" PRIu32 " %" PRIu32 " %" PRId64 "\n", d->tables[i].name, d->tables[i].version,
            instance->bounds[i] ? instance->bounds[i] : d->tables[i].bound, d->tables[i].ttl_ms);
}

/* The key's id, which may be seen: a keyed hash of a constant. */
static uint64_t key_id(const struct engine_settings *engine)
{
    static const char constant[] = "jiandu pseudonym key";
    return engine->has_pseudonym_key ? siphash24(&engine->pseudonym_key, constant, sizeof constant - 1) : 0;
}

/* The order of fields in the map, of routes and of targets says nothing, so their hashes are summed; that of
 * detectors decides the order of alerts. */
uint64_t config_hash(const struct config *config)
{
    static const struct sip_key zero;
    const struct engine_settings *engine = &config->engine;
    struct sip_stream sum, one;
    uint64_t fields = 0, routes = 0, targets = 0;
    char text[SCALAR_TEXT];
    sip_stream_init(&sum, &zero);
    for (size_t i = 0; i < schema_count; i++) {
        const struct schema_option *option = &schema_options[i];
        if (option->decides && option->form != SCHEMA_SECTION && option->form != SCHEMA_FILE)
            add(&sum, "%s=%s\n", option->path, schema_value(option, config, text));
    }
    for (size_t i = 0; i < config->input.n_fields; i++) {
        sip_stream_init(&one, &zero);
        add(&one, "%s=%s\n", config->input.fields[i].canonical, config->input.fields[i].platform);
        fields += sip_stream_end(&one);
    }
    for (size_t i = 0; i < engine->n_routes; i++) {
        sip_stream_init(&one, &zero);
        add(&one, "%s>%s\n", engine->routes[i].prefix, engine->routes[i].office);
        routes += sip_stream_end(&one);
    }
    for (size_t i = 0; i < engine->n_targets; i++) {
        const struct target *t = &engine->targets[i];
        sip_stream_init(&one, &zero);
        add(&one, "%0*u>%u@%u\n", (int)t->digits, (unsigned)t->prefix, (unsigned)t->share, (unsigned)t->from);
        targets += sip_stream_end(&one);
    }
    add(&sum, "fields %" PRIx64 " routes %" PRIx64 " targets %" PRIx64 " key %" PRIx64 "\n", fields, routes,
        targets, key_id(engine));
    for (size_t i = 0; i < engine->n_detectors; i++)
        add_detector(&sum, &engine->detectors[i]);
    return sip_stream_end(&sum);
}
