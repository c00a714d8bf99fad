/* The field table JD_FIELDS as data. */
#ifndef JIANDU_EVENT_FIELDS_H
#define JIANDU_EVENT_FIELDS_H

#include "daemon/event/words.h"
#include "detectors/event.h"

enum field_form { FIELD_WORD, FIELD_ID, FIELD_TEXT, FIELD_COUNT, FIELD_MONEY, FIELD_REGION, FIELD_TIME };

struct field_row {
    enum field_form form;
    enum jd_kind kind;    /* of the entity that it names; NONE for words and numbers */
    enum word_list words; /* of a WORD */
    const char *name, *form_name, *help;
};

extern const struct field_row fields[JD_F_COUNT];

#define FIELD_BIT(f) (UINT64_C(1) << (f))

#endif
