/* Reading alerts and reports, JSON objects of design section 7, which may come from anywhere: whatever is
 * missing or of another type reads as nothing. */
#ifndef JIANDU_PICTURE_ALERT_JSON_H
#define JIANDU_PICTURE_ALERT_JSON_H

#include <jansson.h>
#include <stdbool.h>

/* Texts are borrowed; "" where there is none. `said` reads {"zh":..., "en":...}. */
const char *alert_json_text(const json_t *object, const char *name);
const char *alert_json_said(const json_t *object, const char *name, const char *language);
/* 0 where there is none. */
int64_t alert_json_number(const json_t *object, const char *name);
/* Milliseconds since the epoch; 0 for what is no time. */
int64_t alert_json_moment(const json_t *object, const char *name);
/* `amount` in fen, kept within 10^13 either way, so that sums do not overflow. */
int64_t alert_json_amount(const json_t *object);
bool alert_json_is(const json_t *object, const char *name, const char *text);

/* "74,862.14"; "2025-11-23 13:37" by the platform's clock, "-" for what is no time; "2 d 3 h", "16 min",
 * "40 s". All cut if they do not fit. */
void alert_json_money(int64_t fen, char *out, size_t size);
void alert_json_time(int64_t ms, char *out, size_t size);
void alert_json_span(int64_t ms, char *out, size_t size);

/* Replaces what a terminal might obey in all texts: control characters and those that change the direction
 * of writing. */
void alert_json_clean(json_t *alert);

#endif
