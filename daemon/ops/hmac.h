/* SHA-256 and HMAC-SHA256 (RFC 2104), on the stack: what seals the log must neither need memory nor fail. */
#ifndef JIANDU_OPS_HMAC_H
#define JIANDU_OPS_HMAC_H

#include <stddef.h>
#include <stdint.h>

#define SHA256_BYTES 32
#define SHA256_DIGITS 64 /* as text */

struct sha256 { /* may be copied */
    uint64_t state[16];
};

void sha256_begin(struct sha256 *);
void sha256_add(struct sha256 *, const void *bytes, size_t length);
void sha256_end(struct sha256 *, unsigned char out[SHA256_BYTES]);

#define HMAC_KEY_MAX 64 /* bytes */

struct hmac {
    struct sha256 inner, outer;
};

void hmac_begin(struct hmac *, const void *key, size_t key_length);
void hmac_add(struct hmac *, const void *bytes, size_t length);
void hmac_end(struct hmac *, unsigned char out[SHA256_BYTES]);

/* Small hex digits and a NUL; `out` has 2 * n + 1 bytes. */
void hex_write(const unsigned char *bytes, size_t n, char *out);

#endif
