#include "daemon/ops/log_tail.h"

#include "daemon/base/memory.h"
#include "daemon/ops/hmac.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define WINDOW (64 << 10) /* bytes at the end that are looked at: many lines */

struct window {
    char bytes[WINDOW];
    size_t length;
    off_t at; /* of the first byte, in the file */
};

static int read_at(int fd, void *out, size_t length, off_t at, struct error *err)
{
    size_t done = 0;
    while (done < length) {
        ssize_t n = pread(fd, (char *)out + done, length - done, at + (off_t)done);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return error_set(err, "read: %s", n < 0 ? strerror(errno) : "it became shorter");
        done += (size_t)n;
    }
    return 0;
}

/* What the first line says of the file. */
static int read_first(int fd, struct log_tail *t, char prev[LOG_MAC_DIGITS + 1], struct error *err)
{
    char line[LOG_SEALED_MAX];
    size_t length = t->size < (off_t)sizeof line ? (size_t)t->size : sizeof line;
    struct log_sealed sealed;
    if (read_at(fd, line, length, 0, err) != 0)
        return -1;
    const char *end = memchr(line, '\n', length);
    if (log_chain_split(line, end ? (size_t)(end - line) : length, &sealed))
        return 0;
    json_t *members = log_chain_members(&sealed);
    const char *before = json_string_value(json_object_get(members, "prev"));
    const char *key = json_string_value(json_object_get(members, "key"));
    if (before && key && strlen(before) == LOG_MAC_DIGITS && strlen(key) < sizeof t->key) {
        t->first = sealed.seq;
        memcpy(prev, before, LOG_MAC_DIGITS + 1);
        memcpy(t->key, key, strlen(key) + 1);
    }
    json_decref(members);
    return 0;
}

/* The line of the window that ends before `end`: where it begins, SIZE_MAX if the window does not hold it
 * whole. */
static size_t begin_of(const struct window *w, size_t end)
{
    const char *found = end ? memrchr(w->bytes, '\n', end) : NULL;
    if (found)
        return (size_t)(found - w->bytes) + 1;
    return w->at == 0 ? 0 : SIZE_MAX;
}

/* Does the line [begin, end) follow on the one before it? */
static bool is_good(const struct window *w, size_t begin, size_t end, const struct log_key *key,
    const char *prev, struct log_sealed *line)
{
    struct log_sealed before;
    if (begin == SIZE_MAX || log_chain_split(w->bytes + begin, end - begin, line))
        return false;
    if (!key)
        return true;
    if (begin == 0)
        return w->at == 0 && log_chain_follows(key, prev, line);
    size_t earlier = begin_of(w, begin - 1);
    return earlier != SIZE_MAX && !log_chain_split(w->bytes + earlier, begin - 1 - earlier, &before) &&
           before.seq + 1 == line->seq && log_chain_follows(key, before.mac, line);
}

/* From the end backwards. What is behind the last line break may be a line all the same. */
static void find_last(const struct window *w, const struct log_key *key, const char *prev, struct log_tail *t)
{
    struct log_sealed line;
    bool ended = false;
    for (size_t end = w->length; end > 0;) {
        size_t begin = begin_of(w, end);
        if (is_good(w, begin, end, key, prev, &line)) {
            t->head.seq = line.seq;
            memcpy(t->head.mac, line.mac, sizeof line.mac);
            t->good = w->at + (off_t)end + ended;
            t->unended = !ended;
            return;
        }
        if (begin == SIZE_MAX || begin == 0)
            return;
        end = begin - 1;
        ended = true;
    }
}

int log_tail_read(int fd, const struct log_key *key, struct log_tail *t, struct error *err)
{
    char prev[LOG_MAC_DIGITS + 1], ours[LOG_KEY_ID_DIGITS + 1];
    struct stat st;
    memset(t, 0, sizeof *t);
    log_head_init(&t->head);
    memcpy(prev, t->head.mac, sizeof prev);
    if (fstat(fd, &st) != 0)
        return error_set(err, "fstat: %s", strerror(errno));
    t->size = st.st_size;
    if (t->size == 0)
        return 0;
    if (read_first(fd, t, prev, err) != 0)
        return -1;
    struct window *w = memory_zeroed(1, sizeof *w, "the end of a log");
    w->length = t->size < WINDOW ? (size_t)t->size : WINDOW;
    w->at = t->size - (off_t)w->length;
    int failed = read_at(fd, w->bytes, w->length, w->at, err);
    if (!failed)
        find_last(w, strcmp(t->key, log_key_id(key, ours)) == 0 ? key : NULL, prev, t);
    free(w);
    return failed;
}

int log_tail_digest(int fd, off_t from, off_t to, char out[LOG_MAC_DIGITS + 1], struct error *err)
{
    unsigned char bytes[4096], digest[SHA256_BYTES];
    struct sha256 sha;
    sha256_begin(&sha);
    while (from < to) {
        size_t n = to - from < (off_t)sizeof bytes ? (size_t)(to - from) : sizeof bytes;
        if (read_at(fd, bytes, n, from, err) != 0)
            return -1;
        sha256_add(&sha, bytes, n);
        from += (off_t)n;
    }
    sha256_end(&sha, digest);
    hex_write(digest, sizeof digest, out);
    return 0;
}
