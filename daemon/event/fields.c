#include "daemon/event/fields.h"

#include "daemon/event/decode.h"

/* What the argument of a row means depends on its form. */
#define KIND_WORD(argument) JD_KIND_NONE
#define KIND_ID(argument) JD_KIND_##argument
#define KIND_TEXT(argument) JD_KIND_##argument
#define KIND_COUNT(argument) JD_KIND_NONE
#define KIND_MONEY(argument) JD_KIND_NONE
#define KIND_REGION(argument) JD_KIND_DIVISION
#define KIND_TIME(argument) JD_KIND_NONE

#define LIST_WORD(argument) WORDS_##argument
#define LIST_ID(argument) WORDS_NONE
#define LIST_TEXT(argument) WORDS_NONE
#define LIST_COUNT(argument) WORDS_NONE
#define LIST_MONEY(argument) WORDS_NONE
#define LIST_REGION(argument) WORDS_NONE
#define LIST_TIME(argument) WORDS_NONE

const struct field_row fields[JD_F_COUNT] = {
#define X(id, name, form, argument, help)                                                                    \
    [JD_F_##id] = {FIELD_##form, KIND_##form(argument), LIST_##form(argument), name, #form, help},
    JD_FIELDS(X)
#undef X
};

const char *event_field_name(enum jd_field f)
{
    return (unsigned)f < JD_F_COUNT ? fields[f].name : NULL;
}

const char *event_field_form(enum jd_field f)
{
    return (unsigned)f < JD_F_COUNT ? fields[f].form_name : NULL;
}

const char *event_field_help(enum jd_field f)
{
    return (unsigned)f < JD_F_COUNT ? fields[f].help : NULL;
}

enum jd_kind event_field_kind(enum jd_field f)
{
    return (unsigned)f < JD_F_COUNT ? fields[f].kind : JD_KIND_NONE;
}

const char *event_word(enum jd_field f, int64_t number)
{
    return (unsigned)f < JD_F_COUNT && fields[f].form == FIELD_WORD ? words_text(fields[f].words, number)
                                                                    : NULL;
}
