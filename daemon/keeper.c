#include "daemon/keeper.h"

#include "daemon/base/invariant.h"
#include "daemon/base/memory.h"
#include "daemon/ops/checkpoint.h"
#include "daemon/ops/complain.h"
#include "daemon/ops/log.h"
#include "daemon/ops/timer.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

struct keeper {
    struct event_base *base;
    const struct config *config;
    struct stream_host host;
    struct checkpoint *checkpoint;
    struct event *written; /* the child that writes a snapshot is done */
    struct complaint failing;
    struct engine *engine;
    struct decoder *decoder;
    output_sink sink;
    void *sink_context;
    uint64_t snapshots, snapshots_failed;
};

static void drop(void *context)
{
    struct keeper *k = context;
    engine_destroy(k->engine);
    decoder_destroy(k->decoder);
    k->engine = NULL;
    k->decoder = NULL;
}

/* An empty engine and a decoder that makes the same keys. */
static int make(struct keeper *k, const struct sip_key *seed, struct error *err)
{
    const struct decoder_options decoding = {
        .seed = *seed,
        .max_ahead = k->config->input.max_ahead,
        .max_behind = k->config->input.max_behind,
        .map = k->config->input.fields,
        .n_map = k->config->input.n_fields,
    };
    drop(k);
    k->decoder = decoder_create(&decoding, err);
    if (k->decoder)
        k->engine = engine_create(config_engine_settings(k->config), seed, k->sink, k->sink_context, err);
    if (k->engine)
        return 0;
    drop(k);
    return -1;
}

static int fresh(void *context, struct error *err)
{
    struct sip_key seed;
    if (getrandom(&seed, sizeof seed, 0) != (ssize_t)sizeof seed)
        return error_set(err, "getrandom: %s", strerror(errno));
    return make(context, &seed, err);
}

/* The seed stands in the header, and is needed before anything else can be read. */
static int read_header(FILE *file, struct snapshot_header *header, struct error *err)
{
    struct snapshot_reader reader;
    if (snapshot_open(&reader, checkpoint_source, file, header, err) != 0)
        return -1;
    rewind(file);
    return 0;
}

static int load(void *context, struct entry_id position, struct snapshot_header *header, struct error *err)
{
    struct keeper *k = context;
    FILE *file = checkpoint_open(k->checkpoint, position, err);
    if (!file)
        return -1;
    int failed = read_header(file, header, err) != 0 || make(k, &header->seed, err) != 0 ||
                 engine_load(k->engine, checkpoint_source, file, header, err) != 0;
    fclose(file);
    if (failed) {
        drop(k);
        return -1;
    }
    if (header->config_hash != config_engine_settings(k->config)->config_hash)
        log_info("generation",
            "the configuration differs from the snapshot's; the new one goes on with its state");
    return 0;
}

static struct decoder *decoder(void *context)
{
    struct keeper *k = context;
    return k->decoder;
}

static void prefetch(void *context, const struct jd_event *event)
{
    struct keeper *k = context;
    engine_prefetch(k->engine, event);
}

static void process(void *context, const struct jd_event *event)
{
    struct keeper *k = context;
    engine_process(k->engine, event);
}

static void warmup(void *context, int64_t until)
{
    struct keeper *k = context;
    engine_set_warmup(k->engine, until);
}

static int64_t longest_window(void *context)
{
    struct keeper *k = context;
    return engine_longest_window(k->engine);
}

static int list(void *context, struct entry_id *positions, size_t room, struct error *err)
{
    struct keeper *k = context;
    size_t count = 0;
    struct entry_id *all = checkpoint_list(k->checkpoint, &count, err);
    if (!all)
        return -1;
    if (count > room)
        count = room;
    memcpy(positions, all, count * sizeof *all);
    free(all);
    return (int)count;
}

static void discard(void *context, struct entry_id position)
{
    struct keeper *k = context;
    struct error err;
    if (checkpoint_remove(k->checkpoint, position, &err) != 0)
        log_warn("snapshot_remove", err.text);
}

struct saving {
    const struct engine *engine;
    struct snapshot_header header;
};

static int save_through(void *context, snapshot_sink sink, void *sink_context)
{
    const struct saving *saving = context;
    return engine_save(saving->engine, sink, sink_context, saving->header);
}

static void finish(struct keeper *k)
{
    struct error err;
    if (checkpoint_finish(k->checkpoint, &err) == 0) {
        k->snapshots++;
        complain_resolved(&k->failing, "snapshot_back", "snapshots can be written again");
        return;
    }
    k->snapshots_failed++;
    complain(&k->failing, "snapshot_failed", err.text);
}

static void forget_child(struct keeper *k)
{
    timer_free(k->written);
    k->written = NULL;
}

static void on_written(evutil_socket_t fd, short what, void *context)
{
    (void)fd;
    (void)what;
    forget_child(context);
    finish(context);
}

static int save(void *context, const struct snapshot_header *header, bool wait, struct error *err)
{
    struct keeper *k = context;
    struct saving saving = {k->engine, *header};
    const struct entry_id position = {(uint64_t)header->pos_ms, header->pos_seq};
    if (wait) {
        forget_child(k);
        int failed = checkpoint_write(k->checkpoint, position, save_through, &saving, err);
        k->snapshots += failed == 0;
        k->snapshots_failed += failed != 0;
        return failed;
    }
    if (checkpoint_running(k->checkpoint))
        return 0; /* the next one will not be long */
    int fd = checkpoint_start(k->checkpoint, position, save_through, &saving, err);
    if (fd < 0) {
        k->snapshots_failed++;
        return -1;
    }
    k->written = memory_need(event_new(k->base, fd, EV_READ, on_written, k), "an event");
    timer_unlimited(k->written);
    return 0;
}

struct keeper *keeper_create(struct event_base *base, const struct config *config, struct error *err)
{
    struct keeper *k = memory_zeroed(1, sizeof *k, "the keeper");
    k->base = base;
    k->config = config;
    k->host = (struct stream_host){
        fresh, load, drop, decoder, prefetch, process, warmup, longest_window, list, discard, save, k};
    k->checkpoint = checkpoint_create(config->state_dir, (size_t)config->snapshot_keep, err);
    if (!k->checkpoint) {
        keeper_destroy(k);
        return NULL;
    }
    return k;
}

void keeper_destroy(struct keeper *k)
{
    if (!k)
        return;
    forget_child(k);
    checkpoint_destroy(k->checkpoint);
    drop(k);
    free(k);
}

void keeper_set_output(struct keeper *k, output_sink sink, void *context)
{
    invariant(!k->engine);
    k->sink = sink;
    k->sink_context = context;
}

const struct stream_host *keeper_host(const struct keeper *k)
{
    return &k->host;
}

void keeper_stats(void *keeper, engine_visit visit, void *context)
{
    const struct keeper *k = keeper;
    visit(context, "snapshots_total", "", "Snapshots written", k->snapshots, true);
    visit(context, "snapshots_failed_total", "", "Snapshots that could not be written", k->snapshots_failed,
        true);
    if (k->engine)
        engine_stats(k->engine, visit, context);
}
