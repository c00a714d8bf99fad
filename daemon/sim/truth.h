/* The ground truth of a simulated world: which campaigns there are, who belongs to them and when they ran,
 * and the legal look-alikes that must stay silent. Labels are handed out from 1; 0 is the honest rest. */
#ifndef JIANDU_SIM_TRUTH_H
#define JIANDU_SIM_TRUTH_H

#include "daemon/sim/world.h"
#include "daemon/sim/writer.h"

struct truth;

enum truth_member {
    TRUTH_UNIT,
    TRUTH_ACCOUNT,
    TRUTH_DEVICE,
    TRUTH_SUPPLIER,
    TRUTH_ORDER,
    TRUTH_MEMBER_KINDS
};

/* What a label stands for; the texts are string constants. A trap has no detector and no grade. */
struct truth_about {
    const char *detector, *kind, *grade;
};

struct truth *truth_create(void);
void truth_destroy(struct truth *);

/* The new label. */
int truth_open(struct truth *, const struct truth_about *);
/* Names a further detector whose alert on the same members is right, once; a string constant. */
void truth_also(struct truth *, int label, const char *detector);
/* Adds an id once. */
void truth_add(struct truth *, int label, enum truth_member, const char *id);
/* An event of the case left for the stream. */
void truth_saw(struct truth *, const struct writer_entry *);

/* The file truth.json of the world after so many days; to be freed. Cases of which no event left are not in
 * it. */
char *truth_text(const struct truth *, const struct world *, int64_t days, size_t *length);

#endif
