/* The watch: looks at the input stream at intervals and says when we are blind. Each condition is told once,
 * when it begins. */
#ifndef JIANDU_STREAM_WATCH_H
#define JIANDU_STREAM_WATCH_H

#include "daemon/stream/checks.h"
#include "daemon/stream/link.h"
#include "daemon/stream/notice.h"

struct watch_settings {
    const char *events; /* borrowed */
    int interval;       /* ms */
    uint64_t lag;       /* entries not read, above which it is told */
    int64_t silence;    /* ms without a new entry, above which it is told */
};

struct watch_handlers {
    struct stream_place (*committed)(void *context);
    struct stream_place (*taken)(void *context); /* the last entry processed */
    void (*notice)(void *context, const struct notice *);
    /* Entries seem to be missing. Stop reading and call watch_quiet when no read is in flight. */
    void (*hush)(void *context);
    /* So many are missing for certain (0: none). Go on reading. */
    void (*counted)(void *context, const struct notice *lost);
    void (*broken)(void *context, enum stream_health health);
    void *context;
};

struct watch;

struct watch *watch_create(struct event_base *base, struct link *link, const struct watch_settings *settings,
    const struct watch_handlers *handlers);
void watch_destroy(struct watch *);

/* Looks at once, then at intervals. */
void watch_start(struct watch *);
/* The connection went. What is then seen of the stream means nothing before it is known whether our position
 * still is what it was: nothing is asked until watch_start. */
void watch_suspend(struct watch *);
void watch_stop(struct watch *);
void watch_quiet(struct watch *);
const struct stream_facts *watch_facts(const struct watch *); /* the latest */

#endif
