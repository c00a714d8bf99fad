/* `jianductl log verify`. */
#include "daemon/base/memory.h"
#include "daemon/ctl/client.h"
#include "daemon/ctl/log_files.h"
#include "daemon/ctl/log_lines.h"
#include "daemon/ctl/log_verifier.h"
#include "daemon/ctl/progress.h"
#include "daemon/ops/log_tail.h"
#include "daemon/ops/textfile.h"
#include "daemon/stream/keys.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FAULTS_SHOWN 50

struct verify {
    struct log_files files;
    struct option_texts key_files, anchor_texts;
    struct log_key *keys;
    size_t n_keys;
    struct log_anchor *anchors;
    size_t n_anchors;
    uint64_t shown;
    bool no_redis;
};

static void show(void *context, const char *file, uint64_t line, const char *what)
{
    struct verify *v = context;
    if (v->shown++ >= FAULTS_SHOWN)
        return;
    if (line)
        printf("%s:%" PRIu64 ": %s\n", file, line, what);
    else
        printf("%s: %s\n", file ? file : "(no file)", what);
}

struct reading {
    struct log_verifier *verifier;
    struct progress progress;
};

static void piece(void *context, const char *bytes, size_t length, bool ended)
{
    struct reading *r = context;
    log_verifier_piece(r->verifier, bytes, length, ended);
    progress_update(&r->progress, r->verifier->lines);
}

/* ---- keys and anchors ---- */

static int add_key(struct verify *v, const char *path)
{
    struct error err;
    char *text = textfile_secret(path, &err);
    if (text)
        text[strcspn(text, "\r\n")] = 0;
    v->keys = memory_resize(v->keys, v->n_keys + 1, sizeof *v->keys);
    int failed = !text || log_key_parse(&v->keys[v->n_keys], text, &err) != 0;
    textfile_forget(text);
    v->n_keys += !failed;
    return failed ? command_fail(v->files.self, EX_CONFIG, "--key %s: %s", path, err.text) : 0;
}

static int add_anchor(struct verify *v, const char *text)
{
    v->anchors = memory_resize(v->anchors, v->n_anchors + 1, sizeof *v->anchors);
    v->anchors[v->n_anchors] = (struct log_anchor){.met = false};
    if (!log_head_parse(&v->anchors[v->n_anchors].head, text))
        return command_wrong(v->files.self, "--anchor %s: expected NUMBER:MAC, as the journal has it", text);
    v->n_anchors++;
    return 0;
}

/* What the last commit of this instance said. */
static int ask_redis(struct verify *v)
{
    const struct config *config = v->files.config;
    struct error err;
    char key[KEY_MAX], *field = memory_format("log:%s", config->instance);
    int code = 0;
    struct client *redis = client_open(config, &err);
    redisReply *reply = redis ? client_words(redis, &err, "HGET",
                                    stream_keys_write(key, config->name, "progress"), field, NULL)
                              : NULL;
    if (!reply) {
        v->no_redis = true;
        printf("Redis was not asked for its anchor: %s\n", err.text);
    } else if (reply->type == REDIS_REPLY_STRING) {
        code = add_anchor(v, reply->str);
    } else {
        printf("Redis has no anchor of the instance %s\n", config->instance);
    }
    if (reply)
        freeReplyObject(reply);
    client_close(redis);
    free(field);
    return code;
}

static int gather(struct verify *v)
{
    const struct config *config = v->files.config;
    int code = 0;
    for (size_t i = 0; i < v->key_files.count && !code; i++)
        code = add_key(v, v->key_files.item[i]);
    for (size_t i = 0; i < v->anchor_texts.count && !code; i++)
        code = add_anchor(v, v->anchor_texts.item[i]);
    if (code || !config)
        return code;
    if (config->log.key.set) {
        v->keys = memory_resize(v->keys, v->n_keys + 1, sizeof *v->keys);
        v->keys[v->n_keys++] = config->log.key;
    }
    return ask_redis(v);
}

/* ---- files ---- */

struct placed {
    char *path;
    uint64_t first;
    size_t given;
};

static int by_first(const void *a, const void *b)
{
    const struct placed *left = a, *right = b;
    if (left->first != right->first)
        return left->first < right->first ? -1 : 1;
    return left->given < right->given ? -1 : 1;
}

/* A shell sorts names in its own way: files are taken by the number of their first line. */
static int put_in_order(struct log_files *f)
{
    static const struct log_key any;
    struct placed *files = memory_zeroed(f->count, sizeof *files, "the files");
    int code = 0;
    for (size_t i = 0; i < f->count; i++) {
        struct log_tail tail = {.first = 0};
        struct error err;
        int fd = open(f->path[i], O_RDONLY | O_CLOEXEC);
        if (fd < 0 && strcmp(f->path[i], "-") != 0)
            code = command_fail(f->self, EX_NOINPUT, "%s: %s", f->path[i], strerror(errno));
        else if (fd >= 0)
            log_tail_read(fd, &any, &tail, &err); /* a pipe: where it was given */
        if (fd >= 0)
            close(fd);
        files[i] = (struct placed){f->path[i], tail.first, i};
    }
    qsort(files, f->count, sizeof *files, by_first);
    for (size_t i = 0; i < f->count; i++)
        f->path[i] = files[i].path;
    free(files);
    return code;
}

static int read_file(struct reading *r, const struct log_files *f, const char *path)
{
    FILE *in = strcmp(path, "-") == 0 ? stdin : fopen(path, "re");
    if (!in)
        return command_fail(f->self, EX_NOINPUT, "%s: %s", path, strerror(errno));
    log_verifier_file(r->verifier, path);
    int failed = log_lines_read(in, piece, r);
    if (failed)
        command_fail(f->self, EX_IOERR, "%s: %s", path, strerror(errno));
    if (in != stdin)
        fclose(in);
    return failed ? EX_IOERR : 0;
}

static int read_files(struct log_verifier *verifier, const struct log_files *f)
{
    struct reading reading = {.verifier = verifier};
    int code = 0;
    progress_init(&reading.progress, "lines verified", 0);
    for (size_t i = 0; i < f->count && !code; i++)
        code = read_file(&reading, f, f->path[i]);
    progress_end(&reading.progress);
    if (!code)
        log_verifier_end(verifier);
    return code;
}

static int conclude(const struct verify *v, const struct log_verifier *r)
{
    char head[LOG_ANCHOR_TEXT];
    if (v->shown > FAULTS_SHOWN)
        printf("... and %" PRIu64 " more\n", v->shown - FAULTS_SHOWN);
    for (size_t i = 0; i < v->n_anchors; i++)
        if (!v->anchors[i].met && v->anchors[i].head.seq < r->first)
            printf(
                "the anchor of line %" PRIu64 " lies before the first line given\n", v->anchors[i].head.seq);
    if (r->torn)
        printf("%" PRIu64 " torn ends, each described by the daemon when it started again\n", r->torn);
    if (r->torn_end)
        printf("the log ends within a line, as after a crash: its daemon closes it at the next start\n");
    printf("%" PRIu64 " lines, %" PRIu64 " to %" PRIu64 ", in %" PRIu64 " files: %s%s\n", r->lines, r->first,
        r->head.seq, r->files,
        r->key_missing ? "NOT verified, for want of a key"
        : r->faults    ? "NOT as they were written"
                       : "whole and in order",
        v->n_anchors || r->faults ? "" : " (no anchor: a tail that was cut off would not show)");
    printf("head %s\n", log_head_format(&r->head, head));
    if (r->key_missing)
        return EX_CONFIG;
    if (r->faults)
        return EX_DATAERR;
    return r->torn_end ? EX_TEMPFAIL : v->no_redis ? EX_UNAVAILABLE : 0;
}

static int verify(struct verify *v)
{
    struct log_verifier verifier;
    int code = gather(v);
    if (!code)
        code = put_in_order(&v->files);
    if (code)
        return code;
    log_verifier_init(
        &verifier, &(struct log_verifier_settings){v->keys, v->n_keys, v->anchors, v->n_anchors, show, v});
    code = read_files(&verifier, &v->files);
    return code ? code : conclude(v, &verifier);
}

static int run(const struct command *self, void *request, char *const *operands)
{
    struct verify *v = request;
    int code = log_files_open(&v->files, self, operands);
    if (!code)
        code = verify(v);
    if (v->keys)
        explicit_bzero(v->keys, v->n_keys * sizeof *v->keys);
    free(v->keys);
    free(v->anchors);
    log_files_close(&v->files);
    return code;
}

static const struct option_row options[] = {
    {OPTION_ROWS, .rows = log_files_options, .at = offsetof(struct verify, files)},
    {OPTION_TEXTS, 0, "key", "FILE", "64 hex digits; several times if the log has had several keys",
        .at = offsetof(struct verify, key_files)},
    {OPTION_TEXTS, 0, "anchor", "N:MAC", "a head that the log has had; several times",
        .at = offsetof(struct verify, anchor_texts)},
    {0},
};

const struct command command_log_verify = {
    .name = "log verify",
    .summary = "Verifies that nothing in the sealed log was changed or removed.",
    .notes =
        "Files may be given in any order; they are put into that of their lines. Each line is named that "
        "was\n"
        "changed, is missing, there twice, out of order or from somebody else. Lines that were cut off at "
        "the\n"
        "end show where an anchor lies behind it: in Redis, in the journal (event log_head), or from an\n"
        "earlier verify, which prints the head.\n"
        "\n"
        "Exit codes: 0 all is as it was written; 65 it is not; 75 it is, but the last line is torn, as after "
        "a\n"
        "crash; 66 no such file; 69 it is, but Redis could not be asked; 78 a key is missing or wrong.\n",
    .options = options,
    .operand = "FILE",
    .operands_max = UINT_MAX,
    .asked_size = sizeof(struct verify),
    .run = run,
};
