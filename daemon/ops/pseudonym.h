/* Persons in the log: under a keyed pseudonym, so that two lines about one can be told to belong together and
 * nobody without the key can find out who it is by trying. Without a key they are left out.
 *   KEY:HMAC, KEY the first 8 hex digits of HMAC-SHA256(key, "jiandu pseudonym key id"), HMAC the first 32 of
 *   HMAC-SHA256(key, "KIND:TEXT"); key: the 16 bytes of privacy.pseudonym_key_file */
#ifndef JIANDU_OPS_PSEUDONYM_H
#define JIANDU_OPS_PSEUDONYM_H

#include "daemon/base/siphash.h"

#include <stdbool.h>
#include <stddef.h>

#define PSEUDONYM_ID 8
#define PSEUDONYM_DIGITS 32
#define PSEUDONYM_TEXT (PSEUDONYM_ID + 1 + PSEUDONYM_DIGITS + 1)

struct pseudonyms { /* zeroed: there is no key */
    bool set;
    unsigned char key[16];
    char id[PSEUDONYM_ID + 1];
};

void pseudonyms_init(struct pseudonyms *, const struct sip_key *key);
/* "" without a key, and for an empty text. Returns `out`. */
const char *pseudonym_write(
    const struct pseudonyms *, const char *kind, const char *text, size_t length, char out[PSEUDONYM_TEXT]);

#endif
