/* What a running daemon says of itself: its metrics page, over the socket of `http.listen`. */
#ifndef JIANDU_CTL_SCRAPE_H
#define JIANDU_CTL_SCRAPE_H

#include "daemon/base/error.h"

#include <stddef.h>

/* The page as text for free(); NULL with the reason if nobody answers. `listen` is as in the configuration.
 */
char *scrape_metrics(const char *listen, struct error *err);

/* Calls `visit` with the labels of each sample of this name and value, as they stand between the braces. */
void scrape_each(const char *page, const char *name, const char *value,
    void (*visit)(void *context, const char *labels), void *context);
/* The value of one label, at most size - 1 bytes; "" if it is not there. Returns `out`. */
const char *scrape_label(const char *labels, const char *name, char *out, size_t size);

#endif
