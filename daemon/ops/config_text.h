/* What configured texts must look like. */
#ifndef JIANDU_OPS_CONFIG_TEXT_H
#define JIANDU_OPS_CONFIG_TEXT_H

#include <stdbool.h>

bool config_text_is_name(const char *);   /* [A-Za-z0-9._-]{1,48} */
bool config_text_is_word(const char *);   /* [a-z][a-z0-9_]{0,47} */
bool config_text_is_office(const char *); /* [a-z0-9-]{1,48}, or empty */
bool config_text_is_key(const char *);    /* printable ASCII without a space, 1..256 bytes */
bool config_text_is_url(const char *);    /* unix:///path, redis://host[:port], rediss://host[:port] */
bool config_text_is_host(const char *);   /* a name, an IPv4 address or an IPv6 address without brackets */
bool config_text_is_listen(const char *); /* unix:/path, 127.0.0.1:port, [::1]:port, or empty */
bool config_text_is_prefix(const char *); /* "", or 2, 4 or 6 digits */

#endif
