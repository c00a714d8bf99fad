/* The chain of the log, the file that carries it, and the verifier: what one writes the other accepts, and
 * each single change of a log is found. */
#include "tests/support/check.h"
#include "tests/support/files.h"

#include "daemon/ctl/log_lines.h"
#include "daemon/ctl/log_verifier.h"
#include "daemon/ops/log_file.h"
#include "daemon/ops/log_shelf.h"

#include <inttypes.h>
#include <unistd.h>

#define KEY "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

static struct log_key key_of(const char *hex)
{
    struct log_key key;
    struct error err;
    CHECK_INT(log_key_parse(&key, hex, &err), 0);
    return key;
}

/* ---- verifying what is in memory ---- */

struct outcome {
    uint64_t faults, lines, torn;
    bool torn_end;
    char first[400]; /* "FILE:LINE: WHAT" */
};

static void note(void *context, const char *file, uint64_t line, const char *what)
{
    struct outcome *o = context;
    if (!o->first[0])
        snprintf(o->first, sizeof o->first, "%s:%" PRIu64 ": %s", file, line, what);
}

static void piece(void *verifier, const char *bytes, size_t length, bool ended)
{
    log_verifier_piece(verifier, bytes, length, ended);
}

static struct outcome verify(
    const char *const *logs, const size_t *lengths, size_t n, const struct log_head *anchor)
{
    static const char *const names[] = {"a", "b", "c"};
    struct outcome o = {0};
    struct log_key key = key_of(KEY);
    struct log_anchor anchors[1] = {{.met = false}};
    struct log_verifier v;
    if (anchor)
        anchors[0].head = *anchor;
    log_verifier_init(&v, &(struct log_verifier_settings){&key, 1, anchors, anchor ? 1 : 0, note, &o});
    for (size_t i = 0; i < n; i++) {
        log_verifier_file(&v, names[i]);
        FILE *in = lengths[i] ? fmemopen((void *)(uintptr_t)logs[i], lengths[i], "r") : NULL;
        if (in) {
            CHECK_INT(log_lines_read(in, piece, &v), 0);
            fclose(in);
        }
    }
    log_verifier_end(&v);
    o.faults = v.faults;
    o.lines = v.lines;
    o.torn = v.torn;
    o.torn_end = v.torn_end;
    return o;
}

static struct outcome verify_one(const char *log, size_t length, const struct log_head *anchor)
{
    return verify(&log, &length, 1, anchor);
}

/* ---- a log in a private folder ---- */

struct scene {
    char *folder, *path;
    struct log_file *file;
};

static void reopen(struct scene *s, const char *key, int64_t size_max)
{
    struct error err = {""};
    struct log_file_settings settings = {.path = s->path, .size_max = size_max};
    if (key)
        settings.key = key_of(key);
    log_file_close(s->file);
    s->file = log_file_open(&settings, &err);
    CHECK_TEXT(err.text, "");
}

static void open_scene(struct scene *s, int64_t size_max)
{
    s->folder = files_temp();
    s->path = files_path(s->folder, "logs/test.log");
    s->file = NULL;
    reopen(s, KEY, size_max);
}

static void close_scene(struct scene *s)
{
    log_file_close(s->file);
    free(s->path);
    files_remove(s->folder);
}

static void append(struct scene *s, const char *event, int64_t n)
{
    char line[LOG_LINE_MAX];
    const struct log_field fields[] = {LOG_INT("n", n), LOG_TEXT("text", "采购 \"x\"\n")};
    size_t length = log_format(line, 1795507200123, LOG_LEVEL_INFO, event, "something", fields, 2);
    log_file_append(s->file, line, length);
}

static struct outcome verify_path(const struct scene *s, const struct log_head *anchor)
{
    size_t length;
    char *log = files_read(s->path, &length);
    struct outcome o = verify_one(log, length, anchor);
    free(log);
    return o;
}

/* Writes the file's content with `more` behind it. */
static void add_bytes(const struct scene *s, const char *more)
{
    FILE *out = fopen(s->path, "ae");
    REQUIRE(out != NULL);
    fputs(more, out);
    fclose(out);
}

static void test_known_answer(void)
{
    struct log_key key = key_of(KEY);
    struct log_head head;
    struct log_sealed sealed;
    char out[LOG_SEALED_MAX], id[LOG_KEY_ID_DIGITS + 1];
    log_head_init(&head);
    size_t n = log_chain_seal(&key, &head, "{\"a\":1}\n", 8, out);
    /* openssl dgst -sha256 -mac HMAC -macopt hexkey:KEY, of 64 zeros and {"seq":1,"a":1 */
    static const char expected[] =
        "{\"seq\":1,\"a\":1,\"mac\":\"0e03f8575a9a4d4044fbb3d520c2dde31ecae9fcddb0652fda448b481ef508f8\"}\n";
    CHECK(n == sizeof expected - 1 && memcmp(out, expected, n) == 0);
    CHECK_TEXT(log_key_id(&key, id), "d3ad5cb0ff6471e4");
    CHECK(log_chain_split(out, n - 1, &sealed) == NULL);
    CHECK_INT(sealed.seq, 1);
    key.bytes[0] ^= 1;
    CHECK(!log_chain_follows(
        &key, "0000000000000000000000000000000000000000000000000000000000000000", &sealed));
}

static void test_form(void)
{
    static const char mac[] = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    static const char *const bad[] = {"", "{", "{\"seq\":1}", "{\"seq\":01,\"a\":1,\"mac\":\"%s\"}",
        "{\"seq\":,\"a\":1,\"mac\":\"%s\"}", "{\"seq\":-1,\"a\":1,\"mac\":\"%s\"}",
        "{\"seq\":1,\"a\":1,\"mac\":\"%s\"} ", "{\"seq\":99999999999999999999,\"a\":1,\"mac\":\"%s\"}",
        " {\"seq\":1,\"a\":1,\"mac\":\"%s\"}", "{\"seq\":1,\"a\":1,\"mac\":\"A%.63s\"}",
        "{\"seq\":1,\"a\":1,\"mac\":\"%.63s\"}"};
    char line[256];
    struct log_sealed sealed;
    struct log_head head;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        size_t at = 0;
        for (const char *p = bad[i]; *p; p++) {
            int digits = strncmp(p, "%.63s", 5) == 0 ? 63 : strncmp(p, "%s", 2) == 0 ? 64 : 0;
            if (digits) {
                at += (size_t)snprintf(line + at, sizeof line - at, "%.*s", digits, mac);
                p += digits == 64 ? 1 : 4;
            } else {
                line[at++] = *p;
            }
        }
        if (!log_chain_split(line, at, &sealed))
            check_fail(__FILE__, __LINE__, "%s is accepted", bad[i]);
    }
    char anchor[LOG_ANCHOR_TEXT];
    snprintf(anchor, sizeof anchor, "12:%s", mac);
    CHECK(log_head_parse(&head, anchor));
    CHECK_INT(head.seq, 12);
    CHECK(!log_head_parse(&head, "12"));
    CHECK(!log_head_parse(&head, mac));
}

static void test_keys(void)
{
    struct log_key key;
    struct error err;
    CHECK(log_key_parse(&key, KEY "0", &err) != 0);
    CHECK(log_key_parse(&key, &KEY[1], &err) != 0);
    CHECK(log_key_parse(&key, "", &err) != 0);
    CHECK(!key.set);
}

/* ---- each single change is found ---- */

#define LINES 6

struct sample {
    char *log;
    size_t length, begin[LINES + 1]; /* of each line */
    struct log_head head;
};

static void make_sample(struct sample *m)
{
    struct scene s;
    open_scene(&s, 1 << 20);
    for (int i = 1; i < LINES; i++)
        append(&s, "word", i);
    m->head = log_file_head(s.file);
    log_file_sync(s.file);
    m->log = files_read(s.path, &m->length);
    size_t line = 0;
    m->begin[0] = 0;
    for (size_t i = 0; i < m->length && line < LINES; i++)
        if (m->log[i] == '\n')
            m->begin[++line] = i + 1;
    CHECK_INT(line, LINES);
    CHECK_INT(m->begin[LINES], m->length);
    CHECK_INT(m->head.seq, LINES);
    close_scene(&s);
}

static void expect_found(
    const struct sample *m, const char *log, size_t length, size_t line, const char *what)
{
    struct outcome o = verify_one(log, length, &m->head);
    char place[32];
    snprintf(place, sizeof place, "a:%zu: ", line + 1);
    if (o.faults == 0)
        check_fail(__FILE__, __LINE__, "%s of line %zu is not found", what, line + 1);
    else if (line < LINES && strncmp(o.first, place, strlen(place)) != 0)
        check_fail(__FILE__, __LINE__, "%s of line %zu is found as \"%s\"", what, line + 1, o.first);
}

static void test_each_bit(void)
{
    struct sample m;
    make_sample(&m);
    struct outcome o = verify_one(m.log, m.length, &m.head);
    CHECK_TEXT(o.first, "");
    CHECK_INT(o.lines, LINES);
    size_t line = 0;
    for (size_t i = 0; i < m.length; i++) {
        line += i == m.begin[line + 1];
        for (int bit = 0; bit < 8; bit++) {
            m.log[i] = (char)(m.log[i] ^ 1 << bit);
            bool last = i == m.length - 1; /* without its line break: as after a crash */
            o = verify_one(m.log, m.length, &m.head);
            if (last ? !o.torn_end && o.faults == 0 : o.faults == 0)
                check_fail(
                    __FILE__, __LINE__, "bit %d of byte %zu in line %zu is not found", bit, i, line + 1);
            if (!last)
                expect_found(&m, m.log, m.length, line, "a changed bit");
            m.log[i] = (char)(m.log[i] ^ 1 << bit);
        }
    }
    free(m.log);
}

static size_t put_line(const struct sample *m, char *out, size_t at, size_t line)
{
    size_t n = m->begin[line + 1] - m->begin[line];
    memcpy(out + at, m->log + m->begin[line], n);
    return at + n;
}

static void test_each_line(void)
{
    struct sample m;
    make_sample(&m);
    char *out = malloc(2 * m.length);
    for (size_t line = 0; line < LINES; line++) {
        size_t dropped = 0, doubled = 0, swapped = 0;
        for (size_t i = 0; i < LINES; i++)
            dropped = i == line ? dropped : put_line(&m, out, dropped, i);
        expect_found(&m, out, dropped, line == LINES - 1 ? LINES : line, "dropping");
        for (size_t i = 0; i < LINES + 1; i++)
            doubled = put_line(&m, out, doubled, i > line ? i - 1 : i);
        expect_found(&m, out, doubled, line + 1, "doubling");
        for (size_t other = line + 1; other < LINES; other++) {
            swapped = 0;
            for (size_t i = 0; i < LINES; i++)
                swapped = put_line(&m, out, swapped, i == line ? other : i == other ? line : i);
            expect_found(&m, out, swapped, line, "swapping");
        }
    }
    free(out);
    free(m.log);
}

/* At each byte. Between two lines only the anchor tells; within one the rest of it does. */
static void test_each_cut(void)
{
    struct sample m;
    make_sample(&m);
    for (size_t n = 0; n < m.length; n++) {
        struct outcome o = verify_one(m.log, n, &m.head), without = verify_one(m.log, n, NULL);
        if (o.faults != 1 || !strstr(o.first, "cut off"))
            check_fail(__FILE__, __LINE__, "cut at byte %zu: %s", n, o.first);
        CHECK_INT(without.faults, 0);
        CHECK_INT(without.torn_end, n > 0 && m.log[n - 1] != '\n');
    }
    free(m.log);
}

/* Whoever has no key cannot write a log that passes for one. */
static void test_forged(void)
{
    struct scene s;
    struct outcome o;
    open_scene(&s, 1 << 20);
    reopen(&s, NULL, 1 << 20);
    unlink(s.path);
    reopen(&s, NULL, 1 << 20);
    append(&s, "word", 1);
    o = verify_path(&s, NULL);
    CHECK(o.faults > 0 && strstr(o.first, "without a key"));
    unlink(s.path);
    reopen(&s, "ff112233445566778899aabbccddeeff00112233445566778899aabbccddeeff", 1 << 20);
    append(&s, "word", 1);
    o = verify_path(&s, NULL);
    CHECK(o.faults > 0 && strstr(o.first, "needs the key"));
    close_scene(&s);
}

/* ---- files ---- */

static void test_restart(void)
{
    struct scene s;
    open_scene(&s, 1 << 20);
    append(&s, "one", 1);
    reopen(&s, KEY, 1 << 20);
    CHECK_INT(log_file_found(s.file).seq, 2);
    append(&s, "two", 2);
    struct log_head head = log_file_head(s.file);
    CHECK_INT(head.seq, 3);
    struct outcome o = verify_path(&s, &head);
    CHECK_TEXT(o.first, "");
    CHECK_INT(o.lines, 3);
    close_scene(&s);
}

/* A crash in the middle of a line, or somebody's echo: closed, described, told apart. */
static void test_torn(void)
{
    static const char *const ends[] = {"{\"seq\":3,\"ts\":\"2026", "rubbish\n", "two\nlines\n", "\n", "x\ny"};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        struct scene s;
        open_scene(&s, 1 << 20);
        append(&s, "one", 1);
        log_file_sync(s.file);
        add_bytes(&s, ends[i]);
        reopen(&s, KEY, 1 << 20);
        CHECK_INT(log_file_found(s.file).seq, 2);
        append(&s, "two", 2);
        struct log_head head = log_file_head(s.file);
        CHECK_INT(head.seq, 4);
        struct outcome o = verify_path(&s, &head);
        CHECK_TEXT(o.first, "");
        CHECK_INT(o.torn, 1);
        size_t length; /* what it was is covered as well */
        char *log = files_read(s.path, &length), *at = strstr(log, ends[i]);
        if (at && *ends[i] != '\n') {
            *at = '?';
            CHECK(verify_one(log, length, &head).faults > 0);
        }
        free(log);
        close_scene(&s);
    }
}

/* Only the line break is missing: the line counts. */
static void test_unended(void)
{
    struct scene s;
    open_scene(&s, 1 << 20);
    append(&s, "one", 1);
    size_t length;
    char *log = files_read(s.path, &length);
    CHECK_INT(truncate(s.path, (off_t)length - 1), 0);
    CHECK(verify_one(log, length - 1, NULL).torn_end);
    reopen(&s, KEY, 1 << 20);
    CHECK_INT(log_file_found(s.file).seq, 2);
    append(&s, "two", 2);
    struct outcome o = verify_path(&s, NULL);
    CHECK_TEXT(o.first, "");
    CHECK_INT(o.lines, 3);
    CHECK_INT(o.torn, 0);
    free(log);
    close_scene(&s);
}

static void test_rotation(void)
{
    struct scene s;
    struct log_head head;
    size_t count, lengths[3];
    char *logs[3];
    open_scene(&s, 600);
    for (int i = 0; i < 8; i++)
        append(&s, "word", i);
    char **older = log_shelf_list(s.path, &count);
    REQUIRE(count >= 2);
    head = log_file_head(s.file);
    logs[0] = files_read(older[count - 2], &lengths[0]);
    logs[1] = files_read(older[count - 1], &lengths[1]);
    logs[2] = files_read(s.path, &lengths[2]);
    const char *const texts[] = {logs[0], logs[1], logs[2]};
    struct outcome o = verify(texts, lengths, 3, &head);
    CHECK_TEXT(o.first, "");
    const char *const without[] = {logs[0], logs[2]};
    const size_t without_lengths[] = {lengths[0], lengths[2]};
    o = verify(without, without_lengths, 2, &head);
    CHECK(strncmp(o.first, "b:1: line ", 10) == 0 && strstr(o.first, "are missing"));
    /* a lost current file: the newest older one is gone on from */
    unlink(s.path);
    reopen(&s, KEY, 600);
    CHECK(log_file_found(s.file).seq > 0 && log_file_found(s.file).seq < head.seq);
    for (size_t i = 0; i < count; i++)
        free(older[i]);
    free(older);
    for (int i = 0; i < 3; i++)
        free(logs[i]);
    close_scene(&s);
}

/* As logrotate does it. */
static void test_renamed_by_another(void)
{
    struct scene s;
    open_scene(&s, 1 << 20);
    append(&s, "one", 1);
    char *other = files_path(s.folder, "logs/test.log.1");
    log_file_reopen(s.file); /* nothing to do */
    CHECK_INT(log_file_head(s.file).seq, 2);
    CHECK_INT(rename(s.path, other), 0);
    append(&s, "two", 2);
    log_file_reopen(s.file);
    append(&s, "three", 3);
    char *logs[2];
    size_t lengths[2];
    logs[0] = files_read(other, &lengths[0]);
    logs[1] = files_read(s.path, &lengths[1]);
    const char *const texts[] = {logs[0], logs[1]};
    struct log_head head = log_file_head(s.file);
    struct outcome o = verify(texts, lengths, 2, &head);
    CHECK_TEXT(o.first, "");
    CHECK_INT(o.lines, 5);
    /* it ended before it could begin the new file */
    unlink(s.path);
    reopen(&s, KEY, 1 << 20);
    CHECK_INT(log_file_found(s.file).seq, 3);
    free(logs[0]);
    free(logs[1]);
    free(other);
    close_scene(&s);
}

static void test_another_key(void)
{
    struct scene s;
    size_t count;
    open_scene(&s, 1 << 20);
    append(&s, "one", 1);
    reopen(&s, "ff112233445566778899aabbccddeeff00112233445566778899aabbccddeeff", 1 << 20);
    append(&s, "two", 2);
    CHECK_INT(log_file_head(s.file).seq, 4);
    char **older = log_shelf_list(s.path, &count);
    REQUIRE(count == 1);
    free(older[0]);
    free(older);
    close_scene(&s);
}

static void test_one_writer(void)
{
    struct scene s;
    struct error err = {""};
    open_scene(&s, 1 << 20);
    CHECK(log_file_open(&(struct log_file_settings){.path = s.folder, .size_max = 1}, &err) == NULL);
    CHECK(strstr(err.text, s.folder) != NULL);
    close_scene(&s);
}

static const struct check_test tests[] = {
    {"a line is sealed as openssl would", test_known_answer},
    {"the form is strict", test_form},
    {"keys", test_keys},
    {"each changed bit is found, with its line", test_each_bit},
    {"each line dropped, doubled or moved is found", test_each_line},
    {"each cut is found", test_each_cut},
    {"a log without the key is no log", test_forged},
    {"a restart goes on with the chain", test_restart},
    {"a torn end is closed and told apart", test_torn},
    {"a missing line break is no loss", test_unended},
    {"files follow each other", test_rotation},
    {"another program renames the file", test_renamed_by_another},
    {"another key begins another file", test_another_key},
    {"what cannot be opened is said", test_one_writer},
};
CHECK_MAIN(tests)
