/* The chain of the log file: what makes a line that was changed, dropped or moved show.
 *
 *   {"seq":7,"ts":"...","level":"info","event":"alert",...,"mac":"64 hex digits"}
 *
 * mac = HMAC-SHA256(key, mac of the line before + this line up to the comma before "mac"), both as they
 * stand. Before the first line of all stand 64 zeros. Lines count from 1. A file begins with a line of event
 * `log_file`, which names the mac before it in `prev` and the key in `key`, so that it can be verified by
 * itself. By hand: printf '%s%s' PREV TEXT | openssl dgst -sha256 -mac HMAC -macopt hexkey:KEY */
#ifndef JIANDU_OPS_LOG_CHAIN_H
#define JIANDU_OPS_LOG_CHAIN_H

#include "daemon/base/error.h"
#include "daemon/ops/log.h"

#include <jansson.h>
#include <stdbool.h>

#define LOG_KEY_BYTES 32
#define LOG_MAC_DIGITS 64
#define LOG_KEY_ID_DIGITS 16
#define LOG_SEALED_MAX (LOG_LINE_MAX + 128) /* bytes of a line with its number and mac */

/* Zeroed: no key. Then the chain shows accidents, and a forger only where an anchor of it is elsewhere. */
struct log_key {
    unsigned char bytes[LOG_KEY_BYTES];
    bool set;
};

/* 64 hex digits. */
int log_key_parse(struct log_key *, const char *text, struct error *err);
/* What a key may be called where anybody sees it; "none" without one. */
const char *log_key_id(const struct log_key *, char out[LOG_KEY_ID_DIGITS + 1]);

/* Where a chain has come to. */
struct log_head {
    uint64_t seq; /* of the last line; 0: there is none */
    char mac[LOG_MAC_DIGITS + 1];
};

void log_head_init(struct log_head *);
/* "SEQ:MAC", as an anchor is written. */
#define LOG_ANCHOR_TEXT (20 + 1 + LOG_MAC_DIGITS + 1)
const char *log_head_format(const struct log_head *, char out[LOG_ANCHOR_TEXT]);
bool log_head_parse(struct log_head *, const char *text);

/* Numbers and seals a line of log_format, {...} with its line break, and moves the head to it. Returns the
 * length. */
size_t log_chain_seal(
    const struct log_key *, struct log_head *, const char *line, size_t length, char out[LOG_SEALED_MAX]);

/* A sealed line taken apart; texts are borrowed from it. */
struct log_sealed {
    uint64_t seq;
    const char *text; /* what the mac is of */
    size_t length;
    char mac[LOG_MAC_DIGITS + 1];
};

/* A line without its line break. NULL if it has the form of a sealed line, byte for byte; otherwise what is
 * wrong with it. */
const char *log_chain_split(const char *line, size_t length, struct log_sealed *out);
/* Does the line follow, with its mac, on a line that has the mac `before`? */
bool log_chain_follows(const struct log_key *, const char *before, const struct log_sealed *);
/* Its members, for json_decref; NULL if they are no JSON, which is none of ours then. */
json_t *log_chain_members(const struct log_sealed *);

#endif
