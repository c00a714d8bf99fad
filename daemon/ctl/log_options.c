#include "daemon/ctl/log_options.h"

#include "daemon/base/memory.h"
#include "daemon/ops/log_shelf.h"

#include <stdlib.h>
#include <string.h>

#define LINES_USUAL 10

static const struct option options[] = {
    {"config", required_argument, NULL, 'c'},
    {"set", required_argument, NULL, 's'},
    {"key", required_argument, NULL, 'k'},
    {"anchor", required_argument, NULL, 'a'},
    {"event", required_argument, NULL, 'e'},
    {"alert", required_argument, NULL, 'i'},
    {"level", required_argument, NULL, 'l'},
    {"since", required_argument, NULL, 't'},
    {"lines", required_argument, NULL, 'n'},
    {"follow", no_argument, NULL, 'f'},
    {"json", no_argument, NULL, 'j'},
    {"help", no_argument, NULL, 'h'},
    {0},
};

static int take(struct log_options *o, int c, const char *value)
{
    char *end;
    switch (c) {
    case 'c':
        o->config_file = value;
        return 0;
    case 's':
        command_list_add(&o->sets, value);
        return 0;
    case 'k':
        command_list_add(&o->keys, value);
        return 0;
    case 'a':
        command_list_add(&o->anchors, value);
        return 0;
    case 'e':
        o->event = value;
        return 0;
    case 'i':
        o->alert = value;
        return 0;
    case 'l':
        o->level = value;
        return 0;
    case 't':
        o->since = value;
        return 0;
    case 'n':
        o->lines = strtol(value, &end, 10);
        return *end || o->lines < 0 || o->lines > LOG_TAIL_MAX ? -1 : 0;
    case 'f':
        o->follow = true;
        return 0;
    case 'j':
        o->json = true;
        return 0;
    case 'h':
        o->help = true;
        return 0;
    default:
        return -1;
    }
}

static void add_file(struct log_options *o, const char *path)
{
    o->files = memory_resize(o->files, o->n_files + 1, sizeof *o->files);
    o->files[o->n_files++] = memory_text(path);
}

/* Without a name: the log of the configuration, with what is left of it. */
static void add_configured(struct log_options *o)
{
    size_t count;
    char **older = log_shelf_list(o->config->log.file, &count);
    for (size_t i = 0; i < count; i++) {
        add_file(o, older[i]);
        free(older[i]);
    }
    free(older);
    add_file(o, o->config->log.file);
}

int log_options_read(struct log_options *o, const struct command *self, int argc, char **argv)
{
    bool grep = strcmp(argv[0], "grep") == 0;
    int c, bad = 0;
    memset(o, 0, sizeof *o);
    o->self = self;
    o->lines = LINES_USUAL;
    while ((c = getopt_long(argc, argv, "c:n:fjh", options, NULL)) != -1)
        bad |= take(o, c, optarg);
    if (o->help)
        return command_help(self) + 1;
    for (; optind < argc; optind++) {
        if (grep && !o->text && !o->event && !o->alert && !o->level && !o->since)
            o->text = argv[optind];
        else
            add_file(o, argv[optind]);
    }
    if (bad || (!o->config_file && o->n_files == 0))
        return command_usage(self) + 1;
    if (!o->config_file)
        return 0;
    o->config = command_config(self, o->config_file, o->sets.item, o->sets.count);
    if (!o->config)
        return EX_CONFIG + 1;
    if (o->n_files == 0)
        add_configured(o);
    return 0;
}

void log_options_fini(struct log_options *o)
{
    for (size_t i = 0; i < o->n_files; i++)
        free(o->files[i]);
    free(o->files);
    config_destroy(o->config);
}
