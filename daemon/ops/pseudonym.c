#include "daemon/ops/pseudonym.h"

#include "daemon/ops/hmac.h"

#include <string.h>

static void put(unsigned char *out, uint64_t half)
{
    for (int i = 0; i < 8; i++)
        out[i] = (unsigned char)(half >> (56 - 8 * i));
}

static void finish(struct hmac *hmac, size_t digits, char *out)
{
    unsigned char mac[SHA256_BYTES];
    hmac_end(hmac, mac);
    hex_write(mac, digits / 2, out);
}

void pseudonyms_init(struct pseudonyms *p, const struct sip_key *key)
{
    static const char purpose[] = "jiandu pseudonym key id";
    struct hmac hmac;
    p->set = true;
    put(p->key, key->k0);
    put(p->key + 8, key->k1);
    hmac_begin(&hmac, p->key, sizeof p->key);
    hmac_add(&hmac, purpose, sizeof purpose - 1);
    finish(&hmac, PSEUDONYM_ID, p->id);
}

const char *pseudonym_write(
    const struct pseudonyms *p, const char *kind, const char *text, size_t length, char out[PSEUDONYM_TEXT])
{
    struct hmac hmac;
    out[0] = 0;
    if (!p->set || length == 0)
        return out;
    hmac_begin(&hmac, p->key, sizeof p->key);
    hmac_add(&hmac, kind, strlen(kind));
    hmac_add(&hmac, ":", 1);
    hmac_add(&hmac, text, length);
    memcpy(out, p->id, PSEUDONYM_ID);
    out[PSEUDONYM_ID] = ':';
    finish(&hmac, PSEUDONYM_DIGITS, out + PSEUDONYM_ID + 1);
    return out;
}
