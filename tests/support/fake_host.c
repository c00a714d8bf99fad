#include "tests/support/fake_host.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static struct entry_id position_of(const struct fake_snapshot *s)
{
    return (struct entry_id){(uint64_t)s->header.pos_ms, s->header.pos_seq};
}

static int fresh(void *context, struct error *err)
{
    (void)err;
    struct fake_host *h = context;
    h->state = h->events = 0;
    h->warmup = 0;
    h->alive = true;
    h->fresh++;
    return 0;
}

static int load(void *context, struct entry_id position, struct snapshot_header *header, struct error *err)
{
    struct fake_host *h = context;
    for (size_t i = 0; i < h->n_snapshots; i++) {
        if (entry_id_compare(position_of(&h->snapshots[i]), position) != 0)
            continue;
        *header = h->snapshots[i].header;
        h->state = h->snapshots[i].state;
        h->events = h->snapshots[i].events;
        h->alive = true;
        h->loaded++;
        return 0;
    }
    return error_set(err, "no such snapshot");
}

static void drop(void *context)
{
    struct fake_host *h = context;
    h->alive = false;
    h->dropped++;
}

static struct decoder *decoder(void *context)
{
    return ((struct fake_host *)context)->decoder;
}

static void prefetch(void *context, const struct jd_event *event)
{
    (void)context;
    (void)event;
}

static void process(void *context, const struct jd_event *event)
{
    struct fake_host *h = context;
    char data[64];
    h->events++;
    h->state = (h->state ^ (uint64_t)jd_num(event, JD_F_AMOUNT)) * UINT64_C(0x9e3779b97f4a7c15) +
               (uint64_t)event->id_ms;
    if (h->events % 5)
        return;
    snprintf(data, sizeof data, "{\"state\":\"%016" PRIx64 "\"}", h->state);
    const struct output_copy copies[] = {{"", data}, {"north", data}};
    struct output output = {.id_ms = event->id_ms,
        .id_seq = event->id_seq,
        .revision = 1,
        .score = 70,
        .kind = "detection",
        .severity = "high",
        .detector = "fake",
        .copies = copies,
        .n_copies = 2};
    snprintf(output.id, sizeof output.id, "%016" PRIx64, h->state);
    service_output(h->service, &output);
    output = (struct output){.id_ms = event->id_ms,
        .id_seq = event->id_seq,
        .report = 1,
        .kind = "report",
        .detector = "fake",
        .copies = copies,
        .n_copies = 2};
    service_output(h->service, &output);
}

static void warmup(void *context, int64_t until)
{
    ((struct fake_host *)context)->warmup = until;
}

static int64_t longest_window(void *context)
{
    (void)context;
    return 1000;
}

static int list(void *context, struct entry_id *positions, size_t room, struct error *err)
{
    struct fake_host *h = context;
    if (h->unlisted)
        return error_set(err, "the folder cannot be read");
    size_t n = h->n_snapshots < room ? h->n_snapshots : room;
    for (size_t i = 0; i < n; i++)
        positions[i] = position_of(&h->snapshots[i]);
    return (int)n;
}

static void discard(void *context, struct entry_id position)
{
    struct fake_host *h = context;
    size_t kept = 0;
    for (size_t i = 0; i < h->n_snapshots; i++) {
        if (entry_id_compare(position_of(&h->snapshots[i]), position) != 0)
            h->snapshots[kept++] = h->snapshots[i];
    }
    h->discarded += (int)(h->n_snapshots - kept);
    h->n_snapshots = kept;
}

static int save(void *context, const struct snapshot_header *header, bool wait, struct error *err)
{
    struct fake_host *h = context;
    h->saves++;
    if (h->broken_disk && h->broken_later && !wait)
        return 0;
    if (h->broken_disk)
        return error_set(err, "the disk is full");
    if (h->n_snapshots == FAKE_SNAPSHOTS)
        h->n_snapshots--;
    memmove(h->snapshots + 1, h->snapshots, h->n_snapshots * sizeof h->snapshots[0]);
    h->snapshots[0] = (struct fake_snapshot){*header, h->state, h->events};
    h->snapshots[0].header.config_hash = h->config;
    h->n_snapshots++;
    return 0;
}

void fake_host_init(struct fake_host *h)
{
    struct error err;
    memset(h, 0, sizeof *h);
    h->host = (struct stream_host){.fresh = fresh,
        .load = load,
        .drop = drop,
        .decoder = decoder,
        .prefetch = prefetch,
        .process = process,
        .warmup = warmup,
        .longest_window = longest_window,
        .list = list,
        .discard = discard,
        .save = save,
        .context = h};
    h->decoder = decoder_create(
        &(struct decoder_options){
            .seed = {1, 2}, .max_ahead = INT64_C(1) << 50, .max_behind = INT64_C(1) << 50},
        &err);
}

void fake_host_fini(struct fake_host *h)
{
    decoder_destroy(h->decoder);
}
