/* Verdicts: what the offices said last about the alerts they got. `cleared` speaks for the innocence of the
 * alert's subject for some time, whatever alert comes next; it never silences. */
#ifndef JIANDU_ENGINE_VERDICTS_H
#define JIANDU_ENGINE_VERDICTS_H

#include "daemon/base/siphash.h"
#include "daemon/state/table.h"

struct verdicts;

struct verdicts *verdicts_create(const struct sip_key *seed, uint32_t bound, int64_t ttl, struct error *err);
void verdicts_destroy(struct verdicts *);

/* An alert was opened under this key: a verdict on its id will be one on the key. */
void verdicts_expect(struct verdicts *, uint64_t alert_id, uint64_t key, int64_t now);
/* A number to get back with each verdict on the alert; 0 until it is set. */
void verdicts_mark(struct verdicts *, uint64_t alert_id, uint32_t mark, int64_t now);

struct verdicts_taken {
    uint64_t key; /* that it is about; 0 if the alert is not known */
    uint32_t mark;
    enum jd_verdict before; /* on the same alert */
};
struct verdicts_taken verdicts_take(
    struct verdicts *, uint64_t alert_id, enum jd_verdict verdict, int64_t now);
/* What speaks for the innocent under this key, 0.1 dB. */
int32_t verdicts_exculpation(struct verdicts *, uint64_t key, int64_t now);

struct table *verdicts_table(struct verdicts *);

#endif
