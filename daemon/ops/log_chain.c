#include "daemon/ops/log_chain.h"

#include "daemon/base/invariant.h"
#include "daemon/ops/hmac.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define FIRST "{\"seq\":"
#define LAST ",\"mac\":\""
#define END "\"}"
#define LAST_LENGTH (sizeof LAST - 1 + LOG_MAC_DIGITS + sizeof END - 1)

static const char digits[] = "0123456789abcdef";

/* Small letters only: a mac has one spelling. */
static int digit(char c)
{
    const char *at = c ? strchr(digits, c) : NULL;
    return at ? (int)(at - digits) : -1;
}

int log_key_parse(struct log_key *key, const char *text, struct error *err)
{
    memset(key, 0, sizeof *key);
    for (size_t i = 0; i < 2 * sizeof key->bytes; i++) {
        int value = digit(text[i]);
        if (value < 0)
            return error_set(err, "does not hold %d hex digits (0-9, a-f)", 2 * LOG_KEY_BYTES);
        key->bytes[i / 2] = (unsigned char)(key->bytes[i / 2] << 4 | value);
    }
    if (text[2 * sizeof key->bytes])
        return error_set(err, "holds more than %d hex digits", 2 * LOG_KEY_BYTES);
    key->set = true;
    return 0;
}

static void mac_of(const struct log_key *key, const char *before, const char *text, size_t length,
    char out[LOG_MAC_DIGITS + 1])
{
    struct hmac hmac;
    unsigned char mac[SHA256_BYTES];
    hmac_begin(&hmac, key->bytes, sizeof key->bytes);
    hmac_add(&hmac, before, LOG_MAC_DIGITS);
    hmac_add(&hmac, text, length);
    hmac_end(&hmac, mac);
    hex_write(mac, sizeof mac, out);
}

const char *log_key_id(const struct log_key *key, char out[LOG_KEY_ID_DIGITS + 1])
{
    static const char purpose[] = "jiandu log key id";
    struct hmac hmac;
    unsigned char mac[SHA256_BYTES];
    hmac_begin(&hmac, key->bytes, sizeof key->bytes);
    hmac_add(&hmac, purpose, sizeof purpose - 1);
    hmac_end(&hmac, mac);
    hex_write(mac, LOG_KEY_ID_DIGITS / 2, out);
    if (!key->set)
        memcpy(out, "none", 5);
    return out;
}

void log_head_init(struct log_head *head)
{
    head->seq = 0;
    memset(head->mac, '0', LOG_MAC_DIGITS);
    head->mac[LOG_MAC_DIGITS] = 0;
}

const char *log_head_format(const struct log_head *head, char out[LOG_ANCHOR_TEXT])
{
    snprintf(out, LOG_ANCHOR_TEXT, "%" PRIu64 ":%s", head->seq, head->mac);
    return out;
}

/* A number without leading zeros, below 10^19. Returns how many characters it takes; 0: none. */
static size_t read_seq(const char *text, size_t length, uint64_t *seq)
{
    size_t n = 0;
    *seq = 0;
    while (n < length && n < 19 && text[n] >= '0' && text[n] <= '9')
        *seq = *seq * 10 + (uint64_t)(text[n++] - '0');
    return n > 0 && text[0] == '0' ? 0 : n;
}

static bool read_mac(const char *text, char out[LOG_MAC_DIGITS + 1])
{
    for (size_t i = 0; i < LOG_MAC_DIGITS; i++)
        if (digit(text[i]) < 0)
            return false;
    memcpy(out, text, LOG_MAC_DIGITS);
    out[LOG_MAC_DIGITS] = 0;
    return true;
}

bool log_head_parse(struct log_head *head, const char *text)
{
    size_t length = strlen(text), n = read_seq(text, length, &head->seq);
    return n > 0 && length == n + 1 + LOG_MAC_DIGITS && text[n] == ':' && read_mac(text + n + 1, head->mac);
}

size_t log_chain_seal(const struct log_key *key, struct log_head *head, const char *line, size_t length,
    char out[LOG_SEALED_MAX])
{
    invariant(length >= 3 && line[0] == '{' && length <= LOG_LINE_MAX);
    size_t n = (size_t)snprintf(out, LOG_SEALED_MAX, FIRST "%" PRIu64 ",", ++head->seq);
    memcpy(out + n, line + 1, length - 3); /* without { and } and the line break */
    n += length - 3;
    mac_of(key, head->mac, out, n, head->mac);
    n += (size_t)snprintf(out + n, LOG_SEALED_MAX - n, LAST "%s" END "\n", head->mac);
    return n;
}

const char *log_chain_split(const char *line, size_t length, struct log_sealed *out)
{
    const size_t first = sizeof FIRST - 1;
    if (length < first + 2 + LAST_LENGTH || length > LOG_SEALED_MAX || memcmp(line, FIRST, first) != 0)
        return "it is no line of a sealed log";
    size_t n = read_seq(line + first, length - first - LAST_LENGTH, &out->seq);
    if (n == 0 || line[first + n] != ',')
        return "its number is none";
    const char *last = line + length - LAST_LENGTH;
    if (memcmp(last, LAST, sizeof LAST - 1) != 0 ||
        memcmp(line + length - (sizeof END - 1), END, sizeof END - 1) != 0 ||
        !read_mac(last + sizeof LAST - 1, out->mac))
        return "it does not end with a mac";
    out->text = line;
    out->length = length - LAST_LENGTH;
    return NULL;
}

bool log_chain_follows(const struct log_key *key, const char *before, const struct log_sealed *line)
{
    char mac[LOG_MAC_DIGITS + 1];
    mac_of(key, before, line->text, line->length, mac);
    return memcmp(mac, line->mac, LOG_MAC_DIGITS) == 0;
}

json_t *log_chain_members(const struct log_sealed *line)
{
    char object[LOG_SEALED_MAX + 1];
    invariant(line->length < sizeof object);
    memcpy(object, line->text, line->length);
    object[line->length] = '}';
    return json_loadb(object, line->length + 1, 0, NULL);
}
