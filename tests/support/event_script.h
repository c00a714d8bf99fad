/* Events written as few bytes, for fuzzers: each byte string is a script, and small changes of it are small
 * changes of what happens.
 *
 * A byte with its top bit set begins a step: below SCRIPT_RESTART its low bits pick the type of an event,
 * else the step is a restart. Behind an event's byte stand how long after the event before it was entered and
 * how late it is, both by script_magnitude, then pairs of a field's number and a value until the next step.
 * Values pick from few entities, words, amounts and divisions. What personal data looks like: script_is_told.
 */
#ifndef JIANDU_TESTS_SUPPORT_EVENT_SCRIPT_H
#define JIANDU_TESTS_SUPPORT_EVENT_SCRIPT_H

#include "daemon/event/decode.h"

#define SCRIPT_START INT64_C(1762873200000) /* ms; before the first entry */
#define SCRIPT_FIELDS 32                    /* of an event; more are left out */
#define SCRIPT_RESTART 0xfc

enum script_step { SCRIPT_END, SCRIPT_EVENT, SCRIPT_RESTARTED };

struct script {
    const uint8_t *bytes;
    size_t length, at;
    int64_t id_ms; /* of the entry that was read last */
    uint64_t id_seq;
    int64_t time;
    enum jd_type type;
    size_t n_fields;
    struct script_field {
        enum jd_field field;
        uint8_t value;
    } fields[SCRIPT_FIELDS];
    char alerts[16][20]; /* ids of the latest alerts, which verdicts are about */
    unsigned n_alerts;
};

/* 0, and 1 to some four thousand million, eight steps an octave. */
int64_t script_magnitude(uint8_t value);

void script_init(struct script *, const uint8_t *bytes, size_t length);
/* Reads the next step. */
enum script_step script_next(struct script *);
/* The event that was read last, decoded as flat fields. */
enum event_reason script_decode(const struct script *, struct decoder *, struct jd_event *);
/* Tells the script of an alert, so that it can be judged. */
void script_alert(struct script *, const char *id);
/* Does the text hold something personal of a script's that should be masked? */
bool script_is_told(const char *text);

#endif
