/* One copy of an alert in the making: whose it is, what it may show, and the part that its signals have in
 * it. */
#ifndef JIANDU_ENGINE_PAGE_H
#define JIANDU_ENGINE_PAGE_H

#include "daemon/engine/audience.h"
#include "daemon/engine/wording.h"

#include <jansson.h>

struct page {
    const struct report_view *view;
    const struct jd_detector *detector;
    const struct alert_record *alert;
    const struct membership *members;
    const struct audience *audience;
    const struct reader *reader;
    const bool *waits; /* by reader: not shown it now */
};

/* May the reader see this entity? Units, accounts and orders belong to a unit; of those a reader sees the
 * members that it may see. `page` is a struct page, as wording_visible has it. */
bool page_shows(void *page, enum jd_kind kind, uint64_t key);
struct wording page_wording(struct page *, enum language);

/* All signals in one sentence, in both languages. */
json_t *page_explanation(struct page *);
json_t *page_signals(struct page *);
/* Registries that had no entry when a signal would have asked them. */
json_t *page_missing_registries(const struct page *);
/* The detector's signals that could not speak, and for lack of what. */
json_t *page_not_evaluable(const struct page *);

#endif
