/* OpenSSL's newer interfaces allocate and look for a provider first, and can crash where memory is short.
 * NOLINTNEXTLINE(bugprone-reserved-identifier) */
#define OPENSSL_SUPPRESS_DEPRECATED
#include "daemon/ops/hmac.h"

#include "daemon/base/invariant.h"

#include <openssl/sha.h>
#include <string.h>

_Static_assert(sizeof(SHA256_CTX) <= sizeof(struct sha256), "the state has room");

static SHA256_CTX *context(struct sha256 *s)
{
    return (SHA256_CTX *)(void *)s->state;
}

void sha256_begin(struct sha256 *s)
{
    SHA256_Init(context(s));
}

void sha256_add(struct sha256 *s, const void *bytes, size_t length)
{
    SHA256_Update(context(s), bytes, length);
}

void sha256_end(struct sha256 *s, unsigned char out[SHA256_BYTES])
{
    SHA256_Final(out, context(s));
}

void hmac_begin(struct hmac *h, const void *key, size_t key_length)
{
    unsigned char inner[HMAC_KEY_MAX] = {0}, outer[HMAC_KEY_MAX];
    invariant(key_length <= sizeof inner);
    memcpy(inner, key, key_length);
    for (size_t i = 0; i < sizeof inner; i++) {
        outer[i] = inner[i] ^ 0x5c;
        inner[i] ^= 0x36;
    }
    sha256_begin(&h->inner);
    sha256_add(&h->inner, inner, sizeof inner);
    sha256_begin(&h->outer);
    sha256_add(&h->outer, outer, sizeof outer);
    explicit_bzero(inner, sizeof inner);
    explicit_bzero(outer, sizeof outer);
}

void hmac_add(struct hmac *h, const void *bytes, size_t length)
{
    sha256_add(&h->inner, bytes, length);
}

void hmac_end(struct hmac *h, unsigned char out[SHA256_BYTES])
{
    unsigned char middle[SHA256_BYTES];
    sha256_end(&h->inner, middle);
    sha256_add(&h->outer, middle, sizeof middle);
    sha256_end(&h->outer, out);
}

void hex_write(const unsigned char *bytes, size_t n, char *out)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < n; i++) {
        out[2 * i] = digits[bytes[i] >> 4];
        out[2 * i + 1] = digits[bytes[i] & 15];
    }
    out[2 * n] = 0;
}
