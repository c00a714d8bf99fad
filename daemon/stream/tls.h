/* TLS for a connection to Redis. Version 1.2 or later; the server's certificate and the name in it are always
 * verified, there is no switch to leave that out. */
#ifndef JIANDU_STREAM_TLS_H
#define JIANDU_STREAM_TLS_H

#include <event2/bufferevent.h>

#include <stdbool.h>
#include <stddef.h>

#include "daemon/base/error.h"

struct tls_settings {                 /* texts are borrowed */
    const char *ca_file;              /* authorities, PEM; NULL: those of the system */
    const char *cert_file, *key_file; /* our certificate and its key, PEM; both or, NULL, none */
    const char *server_name;          /* what the certificate must be for: a host name or an address */
};

/* Whether the files hold what they should. The key is refused if others than its owner may read it. */
int tls_check(const struct tls_settings *, struct error *err);

/* A bufferevent that connects, shakes hands and only then says BEV_EVENT_CONNECTED; it owns its socket. The
 * files are read anew each time, so a renewed certificate needs no restart. NULL, with the reason: a file is
 * not what it should be. */
struct bufferevent *tls_carrier(struct event_base *base, const struct tls_settings *, struct error *err);

/* Why TLS failed, on BEV_EVENT_ERROR, in words for an operator. False: it was not TLS that failed. */
bool tls_fault(struct bufferevent *, const struct tls_settings *, char *out, size_t size);

#endif
