#include "daemon/ctl/log_files.h"

#include "daemon/base/memory.h"
#include "daemon/ops/log_shelf.h"

#include <stdlib.h>

const struct option_row log_files_options[] = {
    {OPTION_TEXT, 'c', "config", "FILE",
        "the main configuration file: its log and older files of it, if no FILE\n"
        "is named; to verify, its key and the anchor that the last commit left\n"
        "in Redis",
        .at = offsetof(struct log_files, config_asked.file)},
    {OPTION_TEXTS, 0, "set", "PATH=VALUE", "overrides one value of it, such as instance=NAME",
        .at = offsetof(struct log_files, config_asked.sets)},
    {0},
};

static void add(struct log_files *f, char *path)
{
    f->path = memory_resize(f->path, f->count + 1, sizeof *f->path);
    f->path[f->count++] = path;
}

int log_files_open(struct log_files *f, const struct command *self, char *const *names)
{
    f->self = self;
    if (!f->config_asked.file && !names[0])
        return command_wrong(self, "--config FILE or the name of a log file is missing");
    for (size_t i = 0; names[i]; i++)
        add(f, memory_text(names[i]));
    if (!f->config_asked.file)
        return 0;
    f->config = command_config(self, &f->config_asked);
    if (!f->config)
        return EX_CONFIG;
    if (f->count > 0)
        return 0;
    size_t older;
    f->path = log_shelf_list(f->config->log.file, &older);
    f->count = older;
    add(f, memory_text(f->config->log.file));
    return 0;
}

void log_files_close(struct log_files *f)
{
    for (size_t i = 0; i < f->count; i++)
        free(f->path[i]);
    free(f->path);
    config_destroy(f->config);
}
