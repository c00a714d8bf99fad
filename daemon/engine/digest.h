/* The digest: what an office was not shown in full on a day, ranked, as one object of kind `digest`. */
#ifndef JIANDU_ENGINE_DIGEST_H
#define JIANDU_ENGINE_DIGEST_H

#include "daemon/engine/budget.h"
#include "daemon/engine/report.h"

void digest_publish(const struct report_view *, const struct budget_day *, struct entry_id at, uint32_t index,
    output_sink sink, void *context);

#endif
