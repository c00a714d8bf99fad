#include "daemon/sim/sim.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

struct files {
    FILE *events;
    const char *truth;
    uint64_t count;
};

static int write_truth(const char *path, const struct sim_output *out, struct error *err)
{
    FILE *f = fopen(path, "w");

    if (!f)
        return error_set(err, "cannot write %s: %s", path, strerror(errno));
    if (fwrite(out->text, 1, out->length, f) != out->length) {
        fclose(f);
        return error_set(err, "cannot write %s: %s", path, strerror(errno));
    }
    if (fclose(f) != 0)
        return error_set(err, "cannot write %s: %s", path, strerror(errno));
    return 0;
}

static int write_part(void *context, const struct sim_output *out, struct error *err)
{
    struct files *f = context;

    if (out->part == SIM_TRUTH)
        return write_truth(f->truth, out, err);
    f->count++;
    if (fwrite(out->text, 1, out->length, f->events) != out->length || putc('\n', f->events) == EOF)
        return error_set(err, "cannot write the events: %s", strerror(errno));
    return 0;
}

int sim_write(
    const struct sim_options *o, const char *dir, const char *truth, uint64_t *count, struct error *err)
{
    char events_path[PATH_MAX], truth_path[PATH_MAX];
    struct files f = {.truth = truth ? truth : truth_path};
    int status;

    snprintf(events_path, sizeof(events_path), "%s/events.ndjson", dir);
    snprintf(truth_path, sizeof(truth_path), "%s/truth.json", dir);
    if (mkdir(dir, 0777) != 0 && errno != EEXIST)
        return error_set(err, "cannot make %s: %s", dir, strerror(errno));
    f.events = fopen(events_path, "w");
    if (!f.events)
        return error_set(err, "cannot write %s: %s", events_path, strerror(errno));
    status = sim_run(o, write_part, &f, err);
    if (fclose(f.events) != 0 && status == 0)
        status = error_set(err, "cannot write %s: %s", events_path, strerror(errno));
    if (count)
        *count = f.count;
    return status;
}
