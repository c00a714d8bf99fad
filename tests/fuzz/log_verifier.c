/* Any bytes as a log: to the verifier, to the daemon that would go on with it, and to a terminal. */
#include "daemon/ctl/log_line.h"
#include "daemon/ctl/log_lines.h"
#include "daemon/ctl/log_verifier.h"
#include "daemon/ops/log_tail.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct run {
    struct log_verifier verifier;
    uint64_t told;
    FILE *shown;
};

static void expect(int condition)
{
    if (!condition)
        abort();
}

static void found(void *context, const char *file, uint64_t line, const char *what)
{
    struct run *r = context;
    (void)line;
    r->told++;
    expect(*what && strcmp(file, "log") == 0);
}

static void piece(void *context, const char *bytes, size_t length, bool ended)
{
    static const struct log_filter filter = {.event = "alert", .since = "2026", .level = 1};
    struct run *r = context;
    log_verifier_piece(&r->verifier, bytes, length, ended);
    log_line_wanted(&filter, bytes, length);
    log_line_show(r->shown, bytes, length, false);
}

/* What reaches a terminal has no control character but its line breaks. */
static void check_shown(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        expect((unsigned char)text[i] >= 0x20 || text[i] == '\n');
}

static void verify(const uint8_t *data, size_t size, const struct log_key *key)
{
    struct log_anchor anchor = {.head = {.seq = 3}};
    struct run r = {.told = 0};
    char *text = NULL;
    size_t length;
    memset(anchor.head.mac, 'a', LOG_MAC_DIGITS);
    r.shown = open_memstream(&text, &length);
    FILE *in = size ? fmemopen((void *)(uintptr_t)data, size, "r") : NULL;
    expect(r.shown != NULL);
    log_verifier_init(&r.verifier, &(struct log_verifier_settings){key, 1, &anchor, 1, found, &r});
    log_verifier_file(&r.verifier, "log");
    if (in)
        expect(log_lines_read(in, piece, &r) == 0);
    log_verifier_end(&r.verifier);
    expect(r.told == r.verifier.faults && r.told > 0); /* nobody's log has that anchor */
    if (in)
        fclose(in);
    fclose(r.shown);
    check_shown(text, length);
    free(text);
}

static void go_on(const uint8_t *data, size_t size, const struct log_key *key)
{
    struct log_tail tail;
    char digest[LOG_MAC_DIGITS + 1];
    int fd = memfd_create("log", MFD_CLOEXEC);
    expect(fd >= 0 && write(fd, data, size) == (ssize_t)size);
    expect(log_tail_read(fd, key, &tail, NULL) == 0);
    expect(tail.good >= 0 && tail.good <= tail.size && tail.size == (off_t)size);
    expect(log_tail_digest(fd, tail.good, tail.size, digest, NULL) == 0);
    close(fd);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct log_key key;
    expect(
        log_key_parse(&key, "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff", NULL) == 0);
    verify(data, size, &key);
    go_on(data, size, &key);
    return 0;
}
