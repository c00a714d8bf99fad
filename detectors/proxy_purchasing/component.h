/* What belongs together: the resources that a search reaches from one of them. */
#ifndef JIANDU_PROXY_PURCHASING_COMPONENT_H
#define JIANDU_PROXY_PURCHASING_COMPONENT_H

#include "detectors/proxy_purchasing/proxy_purchasing.h"
#include "detectors/proxy_purchasing/rings.h"

struct component {
    struct view node[RING_RESOURCES];
    unsigned n;
    unsigned looks; /* left */
    bool whole;     /* nothing was left out for want of room or looks */
};

/* Is a link recent enough to tie a ring together? */
bool component_live(struct jd_host *, const struct link *);

/* From a resource with a new link, all that belongs to it, at most RING_RESOURCES, itself first. */
void component_search(struct jd_host *, const struct view *start, struct component *);

/* Has the resource changed enough since it was last searched from? A large one from which the last search was
 * long must have grown by a quarter, so that all long searches from it cost a few times what the last one
 * does. */
bool component_due(const struct view *);

/* How many searches have been cut short: rings that are one may still be taken for two. */
int64_t component_cut(struct jd_host *);

#endif
