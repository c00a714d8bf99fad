/* Wording: values for a person, in Chinese and in English, and sentences with their {places} filled. */
#ifndef JIANDU_ENGINE_WORDING_H
#define JIANDU_ENGINE_WORDING_H

#include "daemon/state/names.h"
#include "detectors/detector.h"

enum language { CHINESE, ENGLISH };

/* May this entity be named to the reader? */
typedef bool (*wording_visible)(void *context, enum jd_kind kind, uint64_t key);

struct wording {
    enum language language;
    struct names *names;
    int64_t now;
    wording_visible visible;
    void *context;
};

/* All write a NUL-terminated text, cut at a character's border if it does not fit. */
void wording_value(const struct wording *, int unit, int64_t value, char *out, size_t size);
/* A day (jd_day) as 2025-11-12. */
void wording_date(int64_t day, char *out, size_t size);
/* Replaces {value}, {threshold} and {fact}; a place that is unknown stays as it is. */
void wording_sentence(const struct wording *, const char *text, const struct jd_signal *signal, int64_t value,
    int64_t threshold, const int64_t facts[JD_FACTS], char *out, size_t size);
/* A detector's title about a subject. */
void wording_title(
    const struct wording *, const struct jd_detector *, struct jd_subject, char *out, size_t size);
/* An entity as this reader may see it. */
const char *wording_entity(const struct wording *, enum jd_kind kind, uint64_t key);

#endif
