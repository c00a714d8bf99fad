/* The detector ABI: the only header that a detector includes.
 *
 * A detector is a const table (struct jd_detector) of data and functions. It holds no state of its own: it
 * declares tables, and the host keeps their records, bounds them, expires them and saves them. It reads no
 * clock and allocates nothing: time is jd_now(), the stream's own. It decides, and the host does the rest.
 *
 * Versions. A host loads a detector of the same major and of a minor not above its own; it reads abi_major,
 * abi_minor and size before anything else. Members are appended, never moved or removed within a major.
 *   1.0  2026-11  first version
 *
 * One thread calls a detector; pointers handed in are borrowed for the call. */
#ifndef JIANDU_DETECTOR_H
#define JIANDU_DETECTOR_H

#include "detectors/event.h"

#include <stddef.h>

#define JD_ABI_MAJOR 1
#define JD_ABI_MINOR 0

/* ---- state: tables and sets ---- */

/* A table of records with 64-bit keys, kept by the host. A record is `value_size` bytes, zeroed when made, of
 * plain integers without pointers. It expires `ttl_ms` after it was last touched; a full table evicts the
 * record that was touched longest ago, never a pinned one. A touch within ttl_ms / 64 of the last one, at
 * most a week, does not count. `version` changes when the record's layout or meaning does: an older snapshot
 * is then not used. */
struct jd_table {
    const char *name;
    uint32_t value_size; /* a multiple of 8 */
    uint32_t version;
    uint32_t bound; /* records; the config can change it */
    int64_t ttl_ms;
    /* So that the host can fetch records ahead of the event: JD_FIELD_BIT of each event field whose key is
     * mostly asked for, JD_TYPE_BIT of each event type on which. 0 is slower, never wrong. */
    uint64_t keyed_by, keyed_on;
};

/* A small exact set of keys, oldest replaced first. Embed one in a record, with `slot` as its last member:
 *   struct { struct jd_set head; struct jd_slot slot[8]; } units; */
struct jd_slot {
    uint64_t key;
    int64_t first, last; /* ms, of the events that touched it */
    uint32_t count;      /* touches, saturating */
    uint32_t days;       /* different days of the window among them, at most 32 counted */
};

struct jd_set {
    uint16_t used;
    uint16_t saturated; /* 1 once a live member was replaced */
    uint32_t reserved;
};

/* ---- signals ---- */

#define JD_DB(x) ((int16_t)((x)*10)) /* strengths are integers of 0.1 dB (a tenth of a deciban) */
#define JD_FACTS 6

/* How a fact or value is shown. ENTITY kinds are shown by name, personal ones masked. */
enum jd_unit {
    JD_UNIT_NONE, /* the end of a list of facts */
    JD_UNIT_NUMBER,
    JD_UNIT_FEN,
    JD_UNIT_MS, /* a duration */
    JD_UNIT_TIME,
    JD_UNIT_KM,
    JD_UNIT_KMH,
    JD_UNIT_DIVISION,
    JD_UNIT_DAYS,
    JD_UNIT_PERCENT,
    JD_UNIT_ENTITY = 64 /* + enum jd_kind */
};
#define JD_ENTITY(kind) (JD_UNIT_ENTITY + JD_KIND_##kind)

struct jd_fact {
    const char *name; /* lower_case_word */
    int unit;         /* enum jd_unit */
};

/* One signal: what it is called, which independent group of evidence it belongs to, and its words. In `zh`
 * and `en`, {value}, {threshold} and {name of a fact} are replaced. */
struct jd_signal {
    const char *name;  /* "P1" */
    const char *group; /* "device": only the strongest signal of a group counts in full */
    const char *zh, *en;
    int value_unit; /* enum jd_unit of value and threshold */
    struct jd_fact facts[JD_FACTS];
    int half_life_days;  /* strength halves in this time; 0 never */
    uint64_t registries; /* JD_LIST_BIT of each registry that would have decided; a list without any entry
                          * lowers the strength by an eighth and is named in the alert */
};

/* What a signal cannot do without; a signal may have several. While the platform has sent none of the events
 * with the field for 30 days, or none of the registries has had an entry, the signal is `not_evaluable`:
 * alerts and metrics say so, and nobody takes its silence for innocence. What would only have decided stands
 * in the signal's `registries`. */
struct jd_need {
    uint32_t signal; /* index into the detector's signals */
    uint32_t reserved;
    uint64_t events, fields; /* JD_TYPE_BIT of events, of which one at least brings each JD_FIELD_BIT */
    uint64_t registries;     /* JD_LIST_BIT of registries, of which one at least has had an entry */
};

struct jd_subject {
    uint32_t kind; /* enum jd_kind */
    uint64_t key;
};

/* One entry of the stream as evidence: what remains of it when the input is trimmed. 0 where it had no such
 * field. A detector keeps refs in its records and hands them to jd_emit. */
struct jd_ref {
    int64_t id_ms;
    uint64_t id_seq;
    int64_t time;
    int64_t amount;
    uint64_t account, unit, device, supplier, order, waybill;
    uint32_t region; /* of the unit */
    uint16_t type;
    uint16_t reserved;
};

/* Somebody or something tied into an alert. `unit` says whose it is: an office sees only its own units'
 * members; 0 marks what is shared (the device, the supplier). */
struct jd_member {
    uint32_t kind; /* enum jd_kind */
    uint32_t role; /* enum jd_role */
    uint64_t key;
    uint64_t unit;
    int64_t amount; /* fen; counted once a member, for orders */
};

/* X(identifier, word in an alert) */
#define JD_ROLES(X)                                                                                          \
    X(SUBJECT, "subject")                                                                                    \
    X(BUYER, "buyer")                                                                                        \
    X(SUPPLIER, "supplier")                                                                                  \
    X(ACTOR, "actor")                                                                                        \
    X(RESOURCE, "shared_resource")                                                                           \
    X(ORDER, "order")                                                                                        \
    X(PAYER, "payer")                                                                                        \
    X(OWNER, "owner")
#define X(id, word) JD_ROLE_##id,
enum jd_role { JD_ROLES(X) JD_ROLE_COUNT };
#undef X

enum {
    JD_HARD = 1,       /* a hard fact: alerts without a second group, score at most 85 then */
    JD_SECURITY = 2,   /* goes to the security reviewers too: a management account is concerned */
    JD_INCOMPLETE = 4, /* the window that this counts over has lost state */
    JD_OPEN = 8,       /* counts for no score of 80 or more while one of its registries has no entry at all */
};

struct jd_emit {
    uint32_t signal;           /* index into the detector's signals */
    int32_t strength;          /* 0.1 dB, above 0 */
    uint32_t flags;            /* JD_HARD, ... */
    struct jd_subject subject; /* evidence about one subject is fused into one case */
    struct jd_subject rollup;  /* cases of one rollup are one alert; kind 0: the subject itself. An alerted
                                * case keeps the rollup under which it alerted */
    int64_t value, threshold;  /* in the signal's value_unit */
    int64_t facts[JD_FACTS];   /* an entity's key where the unit is an entity */
    const struct jd_ref *refs;
    uint32_t n_refs;
    const struct jd_member *members;
    uint32_t n_members;
};

/* ---- reports ---- */

#define JD_REPORT_COLUMNS 12
#define JD_REPORT_MARKS 4

/* A column of figures. FEN and NUMBER are added up by division; a PERCENT stands at a listed unit only, and
 * not even there if it is negative: not known. */
struct jd_report_column {
    const char *name; /* lower_case_word */
    int unit;         /* JD_UNIT_FEN, _NUMBER or _PERCENT; JD_UNIT_NONE ends the columns */
};

/* What sets some units apart. Units with the mark are counted, and so many of them listed by name for an
 * office and year, those with most in `column` first. */
struct jd_report_mark {
    const char *name; /* lower_case_word; NULL ends the marks */
    uint32_t column;
    uint32_t listed;
};

/* Figures on units for the offices that supervise them, a row a unit and year: context that accuses nobody.
 * The host adds rows up by division and splits them by office; an office's copy holds its own units only. */
struct jd_report {
    struct jd_report_column columns[JD_REPORT_COLUMNS];
    struct jd_report_mark marks[JD_REPORT_MARKS];
};

struct jd_row {
    uint64_t unit;   /* its name is remembered */
    uint32_t region; /* of the unit; 0, not known: no office gets it, only everybody's copy */
    uint16_t year;
    uint16_t marks; /* bit 1 << index of the mark */
    int64_t values[JD_REPORT_COLUMNS];
};

/* ---- options ---- */

enum jd_option_type {
    JD_OPTION_INT,
    JD_OPTION_BOOL,
    JD_OPTION_DURATION,
    JD_OPTION_MONEY,
    JD_OPTION_STRENGTH
};

/* One row drives the parser, the default, `jianductl check` and the documentation. The target is an int64_t
 * at `offset` of the detector's config struct. In a config file a DURATION is "90d", "24h", "15m", "10s" or
 * "5ms", kept in ms; MONEY is integer fen; a STRENGTH is a decimal number of dB with at most one digit after
 * the point, kept in 0.1 dB. min, max and init are in the kept unit. */
struct jd_option {
    const char *name;
    enum jd_option_type type;
    size_t offset;
    int64_t min, max, init;
    const char *help;
};

/* ---- the host ---- */

struct jd_host; /* opaque; of one detector instance */

/* A registry entry that holds now. `value_key` has the kind of the list; `division` is set where that is
 * DIVISION. */
struct jd_entry {
    uint64_t value_key;
    uint32_t division;
    uint32_t reserved;
};

typedef void (*jd_visit)(struct jd_host *, void *context, uint64_t key, void *record);

struct jd_api {
    uint32_t size;
    uint32_t reserved;
    int64_t (*now)(struct jd_host *);
    const void *(*config)(struct jd_host *);
    void *(*find)(struct jd_host *, unsigned table, uint64_t key);
    void *(*get)(struct jd_host *, unsigned table, uint64_t key);
    void (*remove)(struct jd_host *, unsigned table, uint64_t key);
    void (*pin)(struct jd_host *, unsigned table, void *record, bool pinned);
    void (*timer)(struct jd_host *, unsigned table, uint64_t key, int64_t deadline);
    struct jd_slot *(*touch)(
        struct jd_host *, struct jd_set *, unsigned capacity, uint64_t key, int64_t time, int64_t window);
    void (*remember)(struct jd_host *, const struct jd_event *, enum jd_field);
    bool (*related)(struct jd_host *, uint64_t unit_a, uint64_t unit_b);
    bool (*listed)(struct jd_host *, enum jd_list, uint64_t key, struct jd_entry *entry);
    bool (*paired)(struct jd_host *, enum jd_list, uint64_t key, uint64_t value_key);
    bool (*egress)(struct jd_host *, const struct jd_event *);
    void (*emit)(struct jd_host *, const struct jd_emit *);
    void (*retract)(struct jd_host *, unsigned signal, struct jd_subject subject);
    bool (*lost)(struct jd_host *, unsigned table, int64_t window);
    bool (*empty)(struct jd_host *, enum jd_list);
    void (*each)(struct jd_host *, unsigned table, jd_visit visit, void *context);
    void (*row)(struct jd_host *, const struct jd_row *);
    void (*report)(struct jd_host *, int64_t day);
    int64_t (*target)(struct jd_host *, uint32_t region, int64_t year);
};

/* The first member of the host's own struct, so that the calls below need no symbol of the host. */
struct jd_host_head {
    const struct jd_api *api;
};

#define JD_API(h) (((const struct jd_host_head *)(const void *)(h))->api)

/* The time of the event (or timer) being handled: the ms of its entry id, never going back. */
static inline int64_t jd_now(struct jd_host *h)
{
    return JD_API(h)->now(h);
}

static inline const void *jd_config(struct jd_host *h)
{
    return JD_API(h)->config(h);
}

/* The record of a key, NULL if there is none; it is not touched. Pointers to records are valid until the next
 * jd_get on the same table. */
static inline void *jd_find(struct jd_host *h, unsigned table, uint64_t key)
{
    return JD_API(h)->find(h, table, key);
}

/* The record of a key, made if need be (zeroed), and touched. NULL when the table is full of pinned records.
 */
static inline void *jd_get(struct jd_host *h, unsigned table, uint64_t key)
{
    return JD_API(h)->get(h, table, key);
}

static inline void jd_remove(struct jd_host *h, unsigned table, uint64_t key)
{
    JD_API(h)->remove(h, table, key);
}

/* A pinned record is not evicted (it still expires). Once three quarters of a table are pinned, no more are.
 */
static inline void jd_pin(struct jd_host *h, unsigned table, void *record, bool pinned)
{
    JD_API(h)->pin(h, table, record, pinned);
}

/* Calls on_timer with this record once jd_now() passes `deadline`, if the record is still there. Timers are
 * not cancelled: on_timer looks at the record and decides. */
static inline void jd_timer(struct jd_host *h, unsigned table, uint64_t key, int64_t deadline)
{
    JD_API(h)->timer(h, table, key, deadline);
}

/* Adds `key` to a set, or counts one more touch; members last touched before jd_now() - window are forgotten
 * first, a full set replaces the member touched longest ago. The slot has count 1 when it is new. */
static inline struct jd_slot *jd_touch(
    struct jd_host *h, struct jd_set *set, unsigned capacity, uint64_t key, int64_t time, int64_t window)
{
    return JD_API(h)->touch(h, set, capacity, key, time, window);
}

/* Keeps the text of a field (masked if personal) for evidence, for as long as it goes on being remembered at
 * least once in 400 days. Call it for each entity that a record, ref or member will name. */
static inline void jd_remember(struct jd_host *h, const struct jd_event *e, enum jd_field f)
{
    JD_API(h)->remember(h, e, f);
}

/* Same unit, one above the other (up to four levels), same superior, same share group, or a common
 * contractor; by the registries `parent`, `share_group` and `contractor` and what reservations say. */
static inline bool jd_related(struct jd_host *h, uint64_t unit_a, uint64_t unit_b)
{
    return JD_API(h)->related(h, unit_a, unit_b);
}

/* Has the list never had an entry? Then nothing is known of what it would decide, and a detector says less.
 */
static inline bool jd_empty(struct jd_host *h, enum jd_list list)
{
    return JD_API(h)->empty(h, list);
}

/* Is the key on the list today? `entry` (may be NULL) gets its value, the first one where there are several.
 */
static inline bool jd_listed(struct jd_host *h, enum jd_list list, uint64_t key, struct jd_entry *entry)
{
    return JD_API(h)->listed(h, list, key, entry);
}

/* Does the list hold this very pair of key and value today? A division's key is its six-digit number. */
static inline bool jd_paired(struct jd_host *h, enum jd_list list, uint64_t key, uint64_t value_key)
{
    return JD_API(h)->paired(h, list, key, value_key);
}

/* Does the event come from a listed egress address (a whole city hall behind one)? */
static inline bool jd_egress(struct jd_host *h, const struct jd_event *e)
{
    return JD_API(h)->egress(h, e);
}

static inline void jd_emit(struct jd_host *h, const struct jd_emit *emit)
{
    JD_API(h)->emit(h, emit);
}

/* Takes a signal about a subject back: it no longer counts. What was published stays published. */
static inline void jd_retract(struct jd_host *h, unsigned signal, struct jd_subject subject)
{
    JD_API(h)->retract(h, signal, subject);
}

/* Has the table evicted a live record that was touched within the window? */
static inline bool jd_lost(struct jd_host *h, unsigned table, int64_t window)
{
    return JD_API(h)->lost(h, table, window);
}

/* Calls `visit` with each live record of a table, in an order that events alone decide. For timers: it takes
 * as long as there are records. The visitor makes and removes none in this table. */
static inline void jd_each(struct jd_host *h, unsigned table, jd_visit visit, void *context)
{
    JD_API(h)->each(h, table, visit, context);
}

/* One row more of the detector's report. */
static inline void jd_row(struct jd_host *h, const struct jd_row *row)
{
    JD_API(h)->row(h, row);
}

/* Publishes the rows handed over so far, by the end of the same call, as the figures of a day (jd_day). */
static inline void jd_report(struct jd_host *h, int64_t day)
{
    JD_API(h)->report(h, day);
}

/* The percentage of its canteen's food purchase that a unit of this division must reserve for a year:
 * `targets` in the config, at least 10. */
static inline int64_t jd_target(struct jd_host *h, uint32_t region, int64_t year)
{
    return JD_API(h)->target(h, region, year);
}

/* An event as evidence. */
static inline struct jd_ref jd_ref_of(const struct jd_event *e)
{
    return (struct jd_ref){
        .id_ms = e->id_ms,
        .id_seq = e->id_seq,
        .time = e->time,
        .amount = jd_num(e, JD_F_AMOUNT),
        .account = jd_key(e, JD_F_ACCOUNT),
        .unit = jd_key(e, JD_F_UNIT) ? jd_key(e, JD_F_UNIT) : jd_key(e, JD_F_ACCOUNT_UNIT),
        .device = jd_key(e, JD_F_DEVICE),
        .supplier = jd_key(e, JD_F_SUPPLIER),
        .order = jd_key(e, JD_F_ORDER),
        .waybill = jd_key(e, JD_F_WAYBILL),
        .region = (uint32_t)jd_num(e, JD_F_REGION),
        .type = (uint16_t)e->type,
    };
}

/* ---- the detector ---- */

struct jd_detector {
    uint16_t abi_major, abi_minor; /* JD_ABI_MAJOR, JD_ABI_MINOR */
    uint32_t size;                 /* sizeof(struct jd_detector) */
    uint32_t event_schema;         /* JD_EVENT_SCHEMA */
    uint32_t reserved;
    const char *name;    /* lower_case_words, as in the config */
    const char *version; /* "1.0.0", stands in every alert */
    const char *summary;
    const char *title_zh, *title_en;   /* an alert's title; {subject} is replaced */
    const char *clause_zh, *clause_en; /* the rule of the platform that is touched */
    uint64_t wants;                    /* JD_TYPE_BIT of each event type that on_event is called for */
    const struct jd_option *options;
    size_t n_options;
    size_t config_size; /* all of its options are int64_t */
    const struct jd_table *tables;
    size_t n_tables;
    const struct jd_signal *signals;
    size_t n_signals;
    /* Cross-checks a filled config; NULL or 0: fine; else -1 and one sentence in `why`. */
    int (*configure)(void *config, char *why, size_t why_size);
    void (*on_event)(struct jd_host *, const struct jd_event *);
    void (*on_timer)(struct jd_host *, unsigned table, uint64_t key, void *record); /* may be NULL */
    const struct jd_report *report; /* may be NULL; a detector with a report may have no signals */
    const struct jd_need *needs;
    size_t n_needs;
};

/* A loadable detector exports this one symbol; compiled in, the macro names it after the detector. */
#ifdef JD_BUILTIN
#define JD_ENTRY(name)                                                                                       \
    const struct jd_detector *jd_detector_##name(void);                                                      \
    const struct jd_detector *jd_detector_##name(void)
#else
#define JD_ENTRY(name)                                                                                       \
    const struct jd_detector *jd_detector(void);                                                             \
    const struct jd_detector *jd_detector(void)
#endif

#endif
