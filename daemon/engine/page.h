/* One copy of an alert in the making: whose it is, what it may show, and the part that its signals have in
 * it. */
#ifndef JIANDU_ENGINE_PAGE_H
#define JIANDU_ENGINE_PAGE_H

#include "daemon/base/json_writer.h"
#include "daemon/engine/audience.h"
#include "daemon/engine/wording.h"

struct page {
    const struct report_view *view;
    const struct jd_detector *detector;
    const struct alert_record *alert;
    const struct membership *members;
    const struct audience *audience;
    const struct recipient *recipient;
    const bool *waits; /* by recipient: not shown it now */
};

/* May the reader see this entity? Units, accounts and orders belong to a unit; of those a reader sees the
 * members that it may see. `page` is a struct page, as wording_visible has it. */
bool page_shows(void *page, enum jd_kind kind, uint64_t key);
struct wording page_wording(struct page *, enum language);

/* Each puts one member of the copy. */
/* All signals in one sentence, in both languages. */
void page_explanation(struct page *, struct json_writer *);
void page_signals(struct page *, struct json_writer *);
/* Registries that had no entry when a signal would have asked them. */
void page_missing_registries(const struct page *, struct json_writer *);
/* The detector's signals that could not speak, and for lack of what; nothing if there are none. */
void page_not_evaluable(const struct page *, struct json_writer *);

#endif
