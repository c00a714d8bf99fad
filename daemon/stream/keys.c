#include "daemon/stream/keys.h"

#include <stdio.h>
#include <string.h>

const char *stream_keys_write(char out[KEY_MAX], const char *name, const char *suffix)
{
    snprintf(out, KEY_MAX, "jiandu:{%s}:%s", name, suffix);
    return out;
}

int stream_keys_make(struct stream_keys *k, const char *name, const char *events, struct error *err)
{
    /* an office's stream has its name of at most 48 bytes behind "reports:" */
    if (strlen(name) > KEY_MAX - 80 || (events && strlen(events) >= KEY_MAX))
        return error_set(err, "the name of the instance or of the input's key is too long");
    if (events)
        snprintf(k->events, KEY_MAX, "%s", events);
    else
        stream_keys_write(k->events, name, "events");
    stream_keys_write(k->alerts, name, "alerts");
    stream_keys_write(k->shadow, name, "shadow");
    stream_keys_write(k->dead, name, "dead");
    stream_keys_write(k->progress, name, "progress");
    stream_keys_write(k->reports, name, "reports");
    stream_keys_write(k->shadow_reports, name, "shadow:reports");
    stream_keys_write(k->owner, name, "owner");
    stream_keys_write(k->standby, name, "standby");
    stream_keys_write(k->handover, name, "handover");
    return 0;
}
