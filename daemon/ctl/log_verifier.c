#include "daemon/ctl/log_verifier.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* A line that has the right form. */
struct entry {
    struct log_sealed sealed;
    json_t *members;
    const char *event;
};

__attribute__((format(printf, 4, 5))) static void fault(
    struct log_verifier *v, const char *file, uint64_t line, const char *format, ...)
{
    char text[400];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    v->faults++;
    v->settings.found(v->settings.context, file, line, text);
}

static const char *member(const struct entry *e, const char *name)
{
    const char *text = json_string_value(json_object_get(e->members, name));
    return text ? text : "";
}

static bool opens_file(const struct entry *e)
{
    return strcmp(e->event, "log_file") == 0 && strlen(member(e, "prev")) == LOG_MAC_DIGITS;
}

/* ---- what is no line ---- */

static void digest(struct log_verifier *v, const char *bytes, size_t length)
{
    sha256_add(&v->rubble.digest, bytes, length);
    v->rubble.bytes += length;
}

static void add_rubble(
    struct log_verifier *v, const char *bytes, size_t length, bool ended, const char *reason)
{
    if (v->rubble.lines == 0) {
        sha256_begin(&v->rubble.digest);
        v->rubble.file = v->file;
        v->rubble.line = v->line;
        v->rubble.reason = reason;
        v->rubble.bytes = 0;
    } else if (v->rubble.break_open) {
        digest(v, "\n", 1);
    }
    v->rubble.lines += v->rubble.lines == 0 || v->line != v->rubble.line + v->rubble.lines - 1;
    digest(v, bytes, length);
    v->rubble.break_open = ended;
}

static bool has_digest(struct sha256 digest, uint64_t bytes, const char *with, const struct entry *e)
{
    unsigned char out[SHA256_BYTES];
    char text[SHA256_DIGITS + 1];
    sha256_add(&digest, with, strlen(with));
    sha256_end(&digest, out);
    hex_write(out, sizeof out, text);
    return json_integer_value(json_object_get(e->members, "bytes")) ==
               (json_int_t)bytes + (json_int_t)strlen(with) &&
           strcmp(member(e, "sha256"), text) == 0;
}

/* Does this line describe it? Its last line break may be the daemon's, so that this line stands by itself. */
static bool describes(const struct log_verifier *v, const struct entry *e)
{
    return strcmp(e->event, "log_torn") == 0 && (has_digest(v->rubble.digest, v->rubble.bytes, "", e) ||
                                                    has_digest(v->rubble.digest, v->rubble.bytes, "\n", e));
}

static void report_rubble(struct log_verifier *v)
{
    if (v->rubble.lines == 0)
        return;
    if (v->begun)
        fault(v, v->rubble.file, v->rubble.line, "%s; expected line %" PRIu64, v->rubble.reason,
            v->head.seq + 1);
    else
        fault(v, v->rubble.file, v->rubble.line, "%s", v->rubble.reason);
    v->rubble.lines = 0;
}

/* What was there before this line of right form: announced by it, or a fault. The number expected moves over
 * lines that are there, but damaged. */
static void settle_rubble(struct log_verifier *v, const struct entry *e, bool good)
{
    if (v->rubble.lines == 0)
        return;
    if (good && describes(v, e)) {
        v->rubble.lines = 0;
        v->torn++;
    } else if (!good || !opens_file(e)) {
        report_rubble(v);
    }
}

/* ---- lines ---- */

/* The one that the file names. A forger has none: he cannot be let off with "none" where keys are given. */
static void choose_key(struct log_verifier *v, const struct entry *e)
{
    static const struct log_key none;
    char id[LOG_KEY_ID_DIGITS + 1];
    const char *wanted = member(e, "key");
    bool keyless = strcmp(wanted, log_key_id(&none, id)) == 0;
    v->key = keyless ? &none : NULL;
    for (size_t i = 0; i < v->settings.n_keys; i++)
        if (strcmp(log_key_id(&v->settings.keys[i], id), wanted) == 0)
            v->key = &v->settings.keys[i];
    if (keyless && v->settings.n_keys > 0)
        fault(
            v, v->file, v->line, "from here on the log is sealed without a key: anybody may have written it");
    if (v->key)
        return;
    v->key_missing = true;
    fault(v, v->file, v->line, "from here on the log needs the key %.*s, which was not given",
        LOG_KEY_ID_DIGITS, wanted);
}

static void move_to(struct log_verifier *v, const struct log_sealed *line)
{
    v->head.seq = line->seq;
    memcpy(v->head.mac, line->mac, sizeof v->head.mac);
    for (size_t i = 0; i < v->settings.n_anchors; i++) {
        struct log_anchor *a = &v->settings.anchors[i];
        if (a->head.seq != line->seq)
            continue;
        a->met = true;
        if (strcmp(a->head.mac, line->mac) != 0)
            fault(v, v->file, v->line,
                "line %" PRIu64
                " is another one than the anchor's: its mac is %.16s..., the anchor's %.16s...",
                line->seq, line->mac, a->head.mac);
    }
}

/* The first line of all, or one from which a chain begins anew. */
static bool begin(struct log_verifier *v, const struct entry *e)
{
    static const char nothing[] = "0000000000000000000000000000000000000000000000000000000000000000";
    bool opens = opens_file(e);
    v->begun = true;
    v->first = e->sealed.seq;
    v->head.seq = e->sealed.seq - 1;
    snprintf(v->head.mac, sizeof v->head.mac, "%s", opens ? member(e, "prev") : nothing);
    if (!opens)
        fault(v, v->file, v->line,
            "the file begins with line %" PRIu64
            ", which does not begin a file: the lines before it are missing",
            e->sealed.seq);
    else if (e->sealed.seq == 1 && strcmp(v->head.mac, nothing) != 0)
        fault(v, v->file, v->line, "line 1 names a line before it");
    return opens;
}

static bool same_as_last(const struct log_verifier *v, const struct log_sealed *line)
{
    return line->seq == v->head.seq && strcmp(line->mac, v->head.mac) == 0;
}

/* A line that does not have the number expected. True: the chain goes on from it. */
static bool out_of_turn(struct log_verifier *v, const struct entry *e)
{
    uint64_t expected = v->head.seq + 1, seq = e->sealed.seq;
    if (seq > expected) {
        fault(v, v->file, v->line, "line %" PRIu64 " follows: lines %" PRIu64 " to %" PRIu64 " are missing",
            seq, expected, seq - 1);
        return true;
    }
    if (opens_file(e)) {
        fault(v, v->file, v->line, "a chain begins anew with line %" PRIu64 "; expected line %" PRIu64, seq,
            expected);
        return true;
    }
    fault(v, v->file, v->line, "line %" PRIu64 " is %s; expected line %" PRIu64, seq,
        same_as_last(v, &e->sealed) ? "there twice" : "out of order", expected);
    return false;
}

static void check_line(struct log_verifier *v, const struct entry *e)
{
    const struct log_sealed *line = &e->sealed;
    bool checked = true, opens = opens_file(e);
    if (opens)
        choose_key(v, e);
    if (!v->begun) {
        report_rubble(v);
        checked = begin(v, e);
    }
    if (v->rubble.lines && line->seq == v->head.seq + 1 + v->rubble.lines) { /* they are there, but damaged */
        report_rubble(v);
        checked = false;
    } else if (line->seq != v->head.seq + 1) {
        report_rubble(v);
        if (!out_of_turn(v, e))
            return;
        checked = false;
    }
    if (v->line == 1 && !opens && v->files > 1 && checked)
        fault(v, v->file, 1, "the file does not begin as a file does");
    bool good = checked && v->key && log_chain_follows(v->key, v->head.mac, line);
    if (checked && v->key && !good)
        fault(v, v->file, v->line,
            "line %" PRIu64 " was changed, or the mac of the line before it: its mac is not right",
            line->seq);
    settle_rubble(v, e, good);
    move_to(v, line);
}

void log_verifier_init(struct log_verifier *v, const struct log_verifier_settings *settings)
{
    memset(v, 0, sizeof *v);
    v->settings = *settings;
    log_head_init(&v->head);
}

void log_verifier_file(struct log_verifier *v, const char *name)
{
    if (v->mid_line)
        report_rubble(v); /* the daemon goes on in the same file, so nobody can describe it any more */
    v->file = name;
    v->files++;
    v->line = 0;
    v->mid_line = false;
}

void log_verifier_piece(struct log_verifier *v, const char *bytes, size_t length, bool ended)
{
    struct entry e;
    bool whole = !v->mid_line;
    v->line += whole;
    v->mid_line = !ended;
    const char *reason = whole ? log_chain_split(bytes, length, &e.sealed) : "it is too long";
    e.members = reason ? NULL : log_chain_members(&e.sealed);
    if (!reason && !e.members)
        reason = "it is no JSON";
    if (reason || !ended) {
        add_rubble(v, bytes, length, ended, reason ? reason : "it lacks its line break");
        json_decref(e.members);
        return;
    }
    e.event = member(&e, "event");
    check_line(v, &e);
    v->lines++;
    json_decref(e.members);
}

void log_verifier_end(struct log_verifier *v)
{
    v->torn_end = v->mid_line && v->rubble.lines == 1 && v->rubble.line == v->line;
    if (v->torn_end)
        v->rubble.lines = 0;
    report_rubble(v);
    for (size_t i = 0; i < v->settings.n_anchors; i++) {
        const struct log_anchor *a = &v->settings.anchors[i];
        if (!a->met && a->head.seq > v->head.seq)
            fault(v, v->file, 0,
                "the log ends with line %" PRIu64 ", but an anchor says that it had line %" PRIu64
                ": its end was cut off",
                v->head.seq, a->head.seq);
    }
}
