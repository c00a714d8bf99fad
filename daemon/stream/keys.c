#include "daemon/stream/keys.h"

#include <stdio.h>
#include <string.h>

int stream_keys_make(struct stream_keys *k, const char *name, const char *events, struct error *err)
{
    /* an office's stream has its name of at most 48 bytes behind "reports:" */
    if (strlen(name) > KEY_MAX - 80 || (events && strlen(events) >= KEY_MAX))
        return error_set(err, "the name of the instance or of the input's key is too long");
    if (events)
        snprintf(k->events, KEY_MAX, "%s", events);
    else
        snprintf(k->events, KEY_MAX, "jiandu:{%s}:events", name);
    snprintf(k->alerts, KEY_MAX, "jiandu:{%s}:alerts", name);
    snprintf(k->shadow, KEY_MAX, "jiandu:{%s}:shadow", name);
    snprintf(k->dead, KEY_MAX, "jiandu:{%s}:dead", name);
    snprintf(k->progress, KEY_MAX, "jiandu:{%s}:progress", name);
    snprintf(k->reports, KEY_MAX, "jiandu:{%s}:reports", name);
    snprintf(k->shadow_reports, KEY_MAX, "jiandu:{%s}:shadow:reports", name);
    snprintf(k->owner, KEY_MAX, "jiandu:{%s}:owner", name);
    return 0;
}
