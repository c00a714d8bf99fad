#include "daemon/event/words.h"

#include "daemon/base/bytes.h"
#include "daemon/event/decode.h"

struct word {
    char text[31]; /* zeros behind it */
    uint8_t length;
};

#define WORD(text)                                                                                           \
    {                                                                                                        \
        text, sizeof text - 1                                                                                \
    }
#define X(id, word) WORD(word),
static const struct word types[] = {JD_TYPES(X)};
static const struct word account_kinds[] = {JD_ACCOUNT_KINDS(X)};
static const struct word ip_classes[] = {JD_IP_CLASSES(X)};
static const struct word channels[] = {JD_CHANNELS(X)};
static const struct word purchases[] = {JD_PURCHASES(X)};
static const struct word products[] = {JD_PRODUCTS(X)};
static const struct word ship_modes[] = {JD_SHIP_MODES(X)};
static const struct word statuses[] = {JD_STATUSES(X)};
static const struct word canteens[] = {JD_CANTEENS(X)};
static const struct word changes[] = {JD_CHANGES(X)};
static const struct word verdicts[] = {JD_VERDICTS(X)};
#undef X
#define X(id, word, key, value, several) WORD(word),
static const struct word registries[] = {JD_LISTS(X)};
#undef X

#define LIST(words)                                                                                          \
    {                                                                                                        \
        words, sizeof words / sizeof words[0]                                                                \
    }
static const struct {
    const struct word *words;
    size_t count;
} lists[WORDS_COUNT] = {
    [WORDS_TYPES] = LIST(types),
    [WORDS_ACCOUNT_KINDS] = LIST(account_kinds),
    [WORDS_IP_CLASSES] = LIST(ip_classes),
    [WORDS_CHANNELS] = LIST(channels),
    [WORDS_PURCHASES] = LIST(purchases),
    [WORDS_PRODUCTS] = LIST(products),
    [WORDS_SHIP_MODES] = LIST(ship_modes),
    [WORDS_STATUSES] = LIST(statuses),
    [WORDS_CANTEENS] = LIST(canteens),
    [WORDS_CHANGES] = LIST(changes),
    [WORDS_VERDICTS] = LIST(verdicts),
    [WORDS_LISTS] = LIST(registries),
};

static inline bool is_word(const struct word *word, uint64_t head, const char *text, size_t length)
{
    return word->length == length && bytes_load(word->text) == head &&
           (length <= 8 || bytes_equal(word->text, text, length));
}

int64_t words_find(enum word_list list, const char *text, size_t length)
{
    const struct word *words = lists[list].words;
    uint64_t head = bytes_head(text, length);
    for (size_t i = 0; i < lists[list].count; i++)
        if (is_word(&words[i], head, text, length))
            return (int64_t)i + 1;
    return 0;
}

const char *words_text(enum word_list list, int64_t number)
{
    return number < 1 || (uint64_t)number > lists[list].count ? NULL : lists[list].words[number - 1].text;
}

const char *event_type_word(enum jd_type type)
{
    return words_text(WORDS_TYPES, type);
}

#define X(id, word, personal) word,
static const char *const kind_words[] = {"none", JD_KINDS(X)};
#undef X
#define X(id, word, personal) personal,
static const bool kind_personal[] = {false, JD_KINDS(X)};
#undef X

const char *event_kind_word(enum jd_kind kind)
{
    return (unsigned)kind < JD_KIND_COUNT ? kind_words[kind] : NULL;
}

bool event_kind_personal(enum jd_kind kind)
{
    return (unsigned)kind < JD_KIND_COUNT && kind_personal[kind];
}

#define X(id, word, key, value, several) {JD_KIND_##key, JD_KIND_##value, several},
static const struct {
    enum jd_kind key, value;
    bool several;
} registry_rows[JD_LIST_COUNT] = {{JD_KIND_NONE, JD_KIND_NONE, false}, JD_LISTS(X)};
#undef X

enum jd_kind event_list_key_kind(enum jd_list list)
{
    return (unsigned)list < JD_LIST_COUNT ? registry_rows[list].key : JD_KIND_NONE;
}

enum jd_kind event_list_value_kind(enum jd_list list)
{
    return (unsigned)list < JD_LIST_COUNT ? registry_rows[list].value : JD_KIND_NONE;
}

bool event_list_several(enum jd_list list)
{
    return (unsigned)list < JD_LIST_COUNT && registry_rows[list].several;
}

#define X(id, word, help) word,
static const char *const reason_words[] = {"ok", EVENT_REASONS(X)};
#undef X
#define X(id, word, help) help,
static const char *const reason_helps[] = {"the event can be used", EVENT_REASONS(X)};
#undef X

const char *event_reason_word(enum event_reason reason)
{
    return (unsigned)reason < EVENT_REASON_COUNT ? reason_words[reason] : NULL;
}

const char *event_reason_help(enum event_reason reason)
{
    return (unsigned)reason < EVENT_REASON_COUNT ? reason_helps[reason] : NULL;
}
