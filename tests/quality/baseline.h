/* What the baselines share: reading events, and alerts that grow by what they name, in the form that
 * `jianductl score` reads. A baseline is a yardstick, not a part of the product: plain Jansson maps, no
 * bounds, no expiry. */
#ifndef JIANDU_TESTS_QUALITY_BASELINE_H
#define JIANDU_TESTS_QUALITY_BASELINE_H

#include <jansson.h>
#include <stdint.h>

/* The text of a field, also where it is sent as a number of ours; NULL if absent. */
const char *baseline_text(const json_t *event, const char *field);
int64_t baseline_number(const json_t *event, const char *field); /* 0 if absent */
/* The object behind the two words in a map, made where it is not there. */
json_t *baseline_entry(json_t *map, const char *kind, const char *id);
/* Puts the id into the object's set of that kind ("unit", "order", "account", "supplier"); NULL is left out.
 */
void baseline_add(json_t *entry, const char *kind, const char *id);
size_t baseline_count(const json_t *entry, const char *kind);

/* Prints the next revision of the alert about (kind, id): the subject and all that was added to the entry. */
void baseline_alert(json_t *entry, const char *detector, const char *kind, const char *id, int64_t time);

/* Calls `handle` for each line of the file, `ms` being its entry id's; 0, or 1 with a complaint. */
int baseline_read(
    const char *path, void (*handle)(void *context, const json_t *event, int64_t ms), void *context);

#endif
