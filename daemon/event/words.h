/* The word lists of event.h: a word's number and back. */
#ifndef JIANDU_EVENT_WORDS_H
#define JIANDU_EVENT_WORDS_H

#include <stddef.h>
#include <stdint.h>

/* The lists by the names that they have in JD_FIELDS. */
enum word_list {
    WORDS_NONE,
    WORDS_TYPES,
    WORDS_ACCOUNT_KINDS,
    WORDS_IP_CLASSES,
    WORDS_CHANNELS,
    WORDS_PURCHASES,
    WORDS_PRODUCTS,
    WORDS_SHIP_MODES,
    WORDS_STATUSES,
    WORDS_CANTEENS,
    WORDS_CHANGES,
    WORDS_VERDICTS,
    WORDS_LISTS,
    WORDS_COUNT
};

/* Numbers count from 1, as in the enums of event.h; 0: not on the list. */
int64_t words_find(enum word_list list, const char *text, size_t length);
/* NULL outside of the list. */
const char *words_text(enum word_list list, int64_t number);

#endif
