#include "daemon/ctl/client.h"
#include "daemon/ctl/command.h"
#include "daemon/ctl/csv.h"

#include <errno.h>
#include <pwd.h>
#include <string.h>
#include <unistd.h>

#define COLUMNS 4

/* list,key,value,until: the names of the event's fields, too. */
static const char *const columns[COLUMNS] = {"list", "key", "value", "until"};

struct request {
    struct command_config config;
    bool dry;
};

struct load {
    const struct command *self;
    const struct config *config;
    const char *file;
    struct client *redis;
    bool dry;
    unsigned long rows, bad;
    char account[32], operator[JD_ID_MAX + 1]; /* who sends, for the daemon's log */
};

/* A user's number tells an administrator who it was, and nobody else; the name stands in the log as a
 * pseudonym. */
static void say_who(struct load *l)
{
    const struct passwd *user = getpwuid(command_caller());
    const char *name = user ? user->pw_name : "";
    snprintf(l->account, sizeof l->account, "uid:%lu", (unsigned long)command_caller());
    bool plain = *name && strlen(name) <= JD_ID_MAX &&
                 !name[strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._:-")];
    snprintf(l->operator, sizeof l->operator, "%s", plain ? name : l->account);
}

/* The platform's name for a canonical field, as the field map of the configuration has it. */
static const char *field_name(const struct config *config, const char *canonical)
{
    for (size_t i = 0; i < config->input.n_fields; i++)
        if (strcmp(config->input.fields[i].canonical, canonical) == 0)
            return config->input.fields[i].platform;
    return canonical;
}

static bool known_list(const char *name)
{
    for (int64_t list = 1; list < JD_LIST_COUNT; list++)
        if (strcmp(event_word(JD_F_LIST, list), name) == 0)
            return true;
    return false;
}

static bool good_row(struct load *l, const struct csv_row *row)
{
    if (row->count < 2 || row->count > COLUMNS) {
        fprintf(
            stderr, "%s:%lu: %zu columns, expected list,key,value,until\n", l->file, row->line, row->count);
        return false;
    }
    if (!known_list(row->cell[0])) {
        fprintf(stderr, "%s:%lu: no registry is called \"%s\"\n", l->file, row->line, row->cell[0]);
        return false;
    }
    if (!row->cell[1][0]) {
        fprintf(stderr, "%s:%lu: the key is empty\n", l->file, row->line);
        return false;
    }
    if (row->count == COLUMNS && row->cell[3][strspn(row->cell[3], "0123456789")]) {
        fprintf(stderr, "%s:%lu: until is \"%s\", expected ms since the epoch or nothing\n", l->file,
            row->line, row->cell[3]);
        return false;
    }
    return true;
}

static int send_row(struct load *l, const struct csv_row *row, struct error *err)
{
    const char *argv[9 + 2 * COLUMNS] = {"XADD", l->config->input.key, "*", field_name(l->config, "type"),
        "registry", field_name(l->config, "account"), l->account, field_name(l->config, "operator"),
        l->operator};
    size_t lengths[sizeof argv / sizeof argv[0]];
    int argc = 9;
    for (size_t i = 0; i < row->count; i++) {
        if (!row->cell[i][0])
            continue;
        argv[argc++] = field_name(l->config, columns[i]);
        argv[argc++] = row->cell[i];
    }
    for (int i = 0; i < argc; i++)
        lengths[i] = strlen(argv[i]);
    redisReply *reply = client_call(l->redis, err, argc, argv, lengths);
    if (!reply)
        return error_wrap(err, "%s:%lu", l->file, row->line);
    freeReplyObject(reply);
    return 0;
}

/* First pass: every row is looked at; second: all are sent, so that a file with a fault sends nothing. */
static int pass(struct load *l, bool send, struct error *err)
{
    FILE *in = fopen(l->file, "re");
    if (!in)
        return error_set(err, "%s: %s", l->file, strerror(errno));
    struct csv_row row = {0};
    int failed = 0, got;
    while (!failed && (got = csv_read(in, &row, err)) > 0) {
        if (row.line == 1 && row.count && strcmp(row.cell[0], "list") == 0)
            continue;
        if (!send) {
            l->rows++;
            l->bad += !good_row(l, &row);
        } else if (send_row(l, &row, err) != 0) {
            failed = -1;
        }
    }
    if (!failed && got < 0)
        failed = error_wrap(err, "%s", l->file);
    csv_row_fini(&row);
    fclose(in);
    return failed;
}

static int load(struct load *l)
{
    struct error err;
    if (pass(l, false, &err) != 0)
        return command_fail(l->self, EX_NOINPUT, "%s", err.text);
    if (l->bad)
        return command_fail(
            l->self, EX_DATAERR, "%lu of %lu rows are wrong; nothing was sent", l->bad, l->rows);
    if (l->dry) {
        printf("%lu rows are good\n", l->rows);
        return 0;
    }
    l->redis = client_open(l->config, &err);
    if (!l->redis)
        return command_fail(l->self, EX_UNAVAILABLE, "%s", err.text);
    int failed = pass(l, true, &err);
    client_close(l->redis);
    if (failed)
        return command_fail(l->self, EX_UNAVAILABLE,
            "%s; rows before it were sent, sending the file again does no harm", err.text);
    printf("%lu rows sent to %s\n", l->rows, l->config->input.key);
    return 0;
}

static int run(const struct command *self, void *request, char *const *operands)
{
    const struct request *q = request;
    struct config *config = command_config(self, &q->config);
    if (!config)
        return EX_CONFIG;
    struct load l = {.self = self, .config = config, .file = operands[0], .dry = q->dry};
    say_who(&l);
    int code = load(&l);
    config_destroy(config);
    return code;
}

static const struct option_row options[] = {
    {OPTION_ROWS, .rows = command_config_options, .at = offsetof(struct request, config)},
    {OPTION_FLAG, 0, "dry-run", NULL, "only checks the file", .at = offsetof(struct request, dry)},
    {0},
};

const struct command command_registry_load = {
    .name = "registry load",
    .summary =
        "Sends registry entries (list,key,value,until) into the input stream, or none if any row is wrong.",
    .notes =
        "The first line may be the header list,key,value,until; `until` (ms since the epoch) may be left\n"
        "out; an entry that is sent again is renewed, one whose `until` has passed ends. Who sends stands "
        "in\n"
        "each entry (account: the user's number; operator: the name) and in the daemon's log (the name as a\n"
        "pseudonym, or not at all).\n",
    .options = options,
    .operand = "ENTRIES.csv",
    .operands_min = 1,
    .operands_max = 1,
    .asked_size = sizeof(struct request),
    .run = run,
};
