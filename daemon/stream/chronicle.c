#include "daemon/stream/chronicle.h"

#include "daemon/event/words.h"
#include "daemon/ops/log.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define RUN_MAX 2000    /* ms: a line at least this often while a registry is loaded */
#define QUIET 600000    /* ms without a dead letter of a reason, after which it is over */
#define LOOK_EVERY 1000 /* ms */
#define OFFICES_TEXT 256

void chronicle_init(struct chronicle *c, const struct sip_key *key)
{
    memset(c, 0, sizeof *c);
    if (key)
        pseudonyms_init(&c->pseudonyms, key);
}

/* ---- alerts ---- */

/* "a,b,c"; those that do not fit are left out, and the text ends with "...". */
static const char *offices(const struct output *o, char out[OFFICES_TEXT])
{
    size_t used = 0;
    out[0] = 0;
    for (size_t i = 0; i < o->n_copies; i++) {
        const char *office = o->copies[i].office;
        size_t n = strlen(office);
        if (n == 0)
            continue;
        if (used + n + sizeof ",..." > OFFICES_TEXT) {
            memcpy(out + used, ",...", sizeof ",...");
            break;
        }
        used += (size_t)snprintf(out + used, OFFICES_TEXT - used, "%s%s", used ? "," : "", office);
    }
    return out;
}

void chronicle_output(struct chronicle *c, const struct output *o)
{
    char entry[ENTRY_ID_TEXT], to[OFFICES_TEXT];
    (void)c;
    entry_id_format(entry, (struct entry_id){(uint64_t)o->id_ms, o->id_seq});
    if (o->report)
        log_info("report", "a report goes out", LOG_TEXT("detector", o->detector), LOG_TEXT("entry", entry),
            LOG_TEXT("offices", offices(o, to)));
    else
        log_info("alert", o->shadow ? "a shadow alert goes out" : "an alert goes out",
            LOG_TEXT("alert", o->id), LOG_INT("revision", o->revision), LOG_TEXT("kind", o->kind),
            LOG_TEXT("severity", o->severity), LOG_INT("score", o->score), LOG_TEXT("detector", o->detector),
            LOG_TEXT("entry", entry), LOG_TEXT("offices", offices(o, to)));
}

/* ---- verdicts and registries ---- */

static const char *text_of(const struct jd_event *e, enum jd_field field, char *out, size_t room)
{
    size_t n = jd_has(e, field) ? e->field[field].length : 0;
    snprintf(out, room, "%.*s", (int)n, n ? e->field[field].text : "");
    return out;
}

static const char *handler(const struct chronicle *c, const struct jd_event *e, char out[PSEUDONYM_TEXT])
{
    out[0] = 0;
    if (jd_has(e, JD_F_OPERATOR))
        pseudonym_write(
            &c->pseudonyms, "operator", e->field[JD_F_OPERATOR].text, e->field[JD_F_OPERATOR].length, out);
    return out;
}

static const char *entry_of(const struct jd_event *e, char out[ENTRY_ID_TEXT])
{
    return entry_id_format(out, (struct entry_id){(uint64_t)e->id_ms, e->id_seq});
}

void chronicle_verdict(struct chronicle *c, const struct jd_event *e)
{
    char alert[JD_ID_MAX + 1], office[64], account[JD_ID_MAX + 1], who[PSEUDONYM_TEXT], entry[ENTRY_ID_TEXT];
    const char *word = event_word(JD_F_VERDICT, jd_num(e, JD_F_VERDICT));
    log_info("verdict", word ? word : "none", LOG_TEXT("alert", text_of(e, JD_F_ALERT, alert, sizeof alert)),
        LOG_TEXT("office", text_of(e, JD_F_OFFICE, office, sizeof office)),
        LOG_TEXT("account", text_of(e, JD_F_ACCOUNT, account, sizeof account)),
        LOG_TEXT("by", handler(c, e, who)), LOG_TEXT("entry", entry_of(e, entry)));
}

void chronicle_flush(struct chronicle *c)
{
    char first[ENTRY_ID_TEXT], last[ENTRY_ID_TEXT];
    if (c->loading.count == 0)
        return;
    const char *list = event_word(JD_F_LIST, c->loading.list);
    log_info("registry", "entries of a registry were taken", LOG_TEXT("list", list ? list : "none"),
        LOG_INT("entries", c->loading.count), LOG_TEXT("account", c->loading.account),
        LOG_TEXT("by", c->loading.who), LOG_TEXT("first", entry_id_format(first, c->loading.first)),
        LOG_TEXT("last", entry_id_format(last, c->loading.last)));
    c->loading.count = 0;
}

void chronicle_registry(struct chronicle *c, const struct jd_event *e, int64_t now)
{
    int64_t list = jd_num(e, JD_F_LIST);
    uint64_t by = jd_key(e, JD_F_OPERATOR) ^ jd_key(e, JD_F_ACCOUNT);
    struct entry_id at = {(uint64_t)e->id_ms, e->id_seq};
    if (c->loading.count && (c->loading.list != list || c->loading.by != by))
        chronicle_flush(c);
    if (c->loading.count++ == 0) {
        c->loading.list = list;
        c->loading.by = by;
        c->loading.began = now;
        c->loading.first = at;
        handler(c, e, c->loading.who);
        text_of(e, JD_F_ACCOUNT, c->loading.account, sizeof c->loading.account);
    }
    c->loading.last = at;
}

/* ---- dead letters ---- */

void chronicle_dead_letter(struct chronicle *c, struct entry_id at, enum event_reason reason, int64_t now)
{
    char entry[ENTRY_ID_TEXT];
    struct complaint *complaint = &c->dead[reason].complaint;
    c->dead[reason].last = now;
    c->dead_now = true;
    if (complain_due(complaint, now))
        log_warn("dead_letter", event_reason_help(reason), LOG_TEXT("reason", event_reason_word(reason)),
            LOG_TEXT("entry", entry_id_format(entry, at)), LOG_INT("times", complaint->times),
            LOG_INT("for_ms", now - complaint->first));
}

static void close_dead(struct chronicle *c, int64_t now)
{
    c->dead_now = false;
    for (int reason = 0; reason < EVENT_REASON_COUNT; reason++) {
        struct complaint *complaint = &c->dead[reason].complaint;
        if (complaint->times == 0)
            continue;
        if (now - c->dead[reason].last < QUIET) {
            c->dead_now = true;
            continue;
        }
        log_info("dead_letters_over", "no dead letter for this reason for ten minutes",
            LOG_TEXT("reason", event_reason_word((enum event_reason)reason)),
            LOG_INT("times", complaint->times));
        *complaint = (struct complaint){0};
    }
}

void chronicle_pause(struct chronicle *c, int64_t now)
{
    if (c->loading.count && now - c->loading.began >= RUN_MAX)
        chronicle_flush(c);
    if (!c->dead_now || now - c->dead_checked < LOOK_EVERY)
        return;
    c->dead_checked = now;
    close_dead(c, now);
}
