/* Fuzz target of registry files: any bytes as comma-separated rows, each sent as an event to a registry of
 * few places. Written with quotes a row reads as before; an entry that has just been taken in is listed. */
#include "daemon/base/invariant.h"
#include "daemon/ctl/csv.h"
#include "daemon/engine/registry.h"
#include "daemon/event/decode.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NOW INT64_C(1762873200000)
#define ENTRIES 8
#define WRITTEN_MAX (2 * CSV_ROW_MAX + 3 * CSV_CELLS + 2)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const columns[] = {"list", "key", "value", "until"};

struct run {
    struct decoder *decoder;
    struct names *names;
    struct registry *registry;
};

static void read_again(const struct csv_row *row)
{
    static char text[WRITTEN_MAX];
    struct csv_row again = {.next_line = 1}; /* no byte order mark is left to be looked for */
    struct error err;
    size_t used = 0;
    for (size_t i = 0; i < row->count; i++) {
        if (i)
            text[used++] = ',';
        text[used++] = '"';
        for (const char *c = row->cell[i]; *c; c++) {
            text[used++] = *c;
            if (*c == '"')
                text[used++] = '"';
        }
        text[used++] = '"';
    }
    text[used++] = '\n';
    FILE *in = fmemopen(text, used, "r");
    invariant(in);
    invariant(csv_read(in, &again, &err) == 1 && again.count == row->count);
    for (size_t i = 0; i < row->count; i++)
        invariant(strcmp(row->cell[i], again.cell[i]) == 0);
    fclose(in);
    csv_row_fini(&again);
}

static void check_listed(struct run *r, const struct jd_event *e)
{
    enum jd_list list = (enum jd_list)jd_num(e, JD_F_LIST);
    struct jd_entry entry;
    uint64_t key = jd_key(e, JD_F_KEY), value = jd_key(e, JD_F_VALUE);
    bool ends = jd_has(e, JD_F_UNTIL) && jd_num(e, JD_F_UNTIL) <= NOW;
    bool listed = registry_listed(r->registry, list, key, NOW, &entry);
    struct table_stats stats;
    table_stats(registry_table(r->registry), &stats);
    invariant(stats.records <= ENTRIES);
    if (!ends && stats.evicted == 0)
        invariant(listed && !(registry_empty_lists(r->registry) >> list & 1));
    (void)registry_paired(r->registry, list, key, value, NOW);
    (void)registry_related(r->registry, key, value, NOW);
}

static void send_row(struct run *r, const struct csv_row *row)
{
    struct jd_event event;
    event_begin(r->decoder, &event, NOW, row->line);
    event_field(r->decoder, "type", 4, "registry", 8);
    for (size_t i = 0; i < row->count && i < sizeof columns / sizeof columns[0]; i++)
        event_field(r->decoder, columns[i], strlen(columns[i]), row->cell[i], strlen(row->cell[i]));
    if (event_end(r->decoder) == EVENT_OK) {
        registry_apply(r->registry, &event, r->names, NOW);
        check_listed(r, &event);
    }
    decoder_reset(r->decoder);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct sip_key seed = {1, 2};
    struct error err;
    struct csv_row row = {0};
    struct run r = {.decoder = decoder_create(&(struct decoder_options){.seed = seed}, &err),
        .names = names_create(ENTRIES, ENTRIES, NULL, &err),
        .registry = registry_create(ENTRIES, &seed, &err)};
    FILE *in = size ? fmemopen((void *)(uintptr_t)data, size, "r") : NULL;
    invariant(r.decoder && r.names && r.registry);
    while (in && csv_read(in, &row, &err) == 1) {
        invariant(row.count > 0 && row.count <= CSV_CELLS);
        read_again(&row);
        send_row(&r, &row);
    }
    if (in)
        fclose(in);
    csv_row_fini(&row);
    registry_destroy(r.registry);
    names_destroy(r.names);
    decoder_destroy(r.decoder);
    return 0;
}
