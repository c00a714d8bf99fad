#include "daemon/stream/publisher.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

void publisher_init(struct publisher *p, const struct stream_keys *keys, uint64_t dead_keep)
{
    memset(p, 0, sizeof *p);
    p->keys = keys;
    p->dead_keep = dead_keep;
    outbox_init(&p->box);
}

void publisher_fini(struct publisher *p)
{
    outbox_fini(&p->box);
}

void publisher_at(struct publisher *p, struct entry_id entry, uint64_t read)
{
    outbox_at(&p->box, entry, read);
}

#define REPORTS_KEPT 400 /* of each stream, about: a year of days and more */

static void add_alert(struct publisher *p, const struct output *o, const struct output_copy *copy)
{
    outbox_text(&p->box, "id", o->id);
    outbox_number(&p->box, "revision", o->revision);
    outbox_text(&p->box, "kind", o->kind);
    outbox_text(&p->box, "severity", o->severity);
    outbox_number(&p->box, "score", o->score);
    outbox_text(&p->box, "detector", o->detector);
    outbox_text(&p->box, "office", copy->office);
    outbox_text(&p->box, "data", copy->data);
}

static void add_report(struct publisher *p, const struct output *o, const struct output_copy *copy)
{
    outbox_text(&p->box, "kind", o->kind);
    outbox_text(&p->box, "detector", o->detector);
    outbox_text(&p->box, "office", copy->office);
    outbox_text(&p->box, "data", copy->data);
}

static void add_copy(
    struct publisher *p, const struct output *o, const char *key, const struct output_copy *copy)
{
    struct entry_id id = {.ms = (uint64_t)o->id_ms, .seq = o->id_seq * 1000 + o->index + 1};
    outbox_begin(&p->box, key, id, o->report ? REPORTS_KEPT : 0);
    if (o->report)
        add_report(p, o, copy);
    else
        add_alert(p, o, copy);
}

void publisher_output(struct publisher *p, const struct output *o)
{
    const struct stream_keys *k = p->keys;
    const char *stream = o->report ? k->reports : k->alerts;
    if (p->silent)
        return;
    if (o->report)
        p->reports++;
    else
        p->alerts++;
    if (o->shadow) {
        add_copy(p, o, o->report ? k->shadow_reports : k->shadow, &o->copies[0]);
        return;
    }
    for (size_t i = 0; i < o->n_copies; i++) {
        char key[KEY_MAX + 64];
        bool whole = o->copies[i].office[0] == '\0';
        snprintf(key, sizeof key, "%s:%s", stream, o->copies[i].office);
        add_copy(p, o, whole ? stream : key, &o->copies[i]);
    }
}

void publisher_dead_letter(struct publisher *p, const struct batch *b, const struct batch_entry *e)
{
    char text[ENTRY_ID_TEXT];
    if (p->silent)
        return;
    p->dead++;
    outbox_begin(&p->box, p->keys->dead, e->id, p->dead_keep);
    outbox_text(&p->box, "id", entry_id_format(text, e->id));
    outbox_text(&p->box, "reason", event_reason_word(e->reason));
    outbox_text(&p->box, "detail", event_reason_help(e->reason));
    outbox_number(&p->box, "size", e->size);
    snprintf(text, sizeof text, "%016" PRIx64, e->hash);
    outbox_text(&p->box, "hash", text);
    if (e->text_length)
        outbox_field(&p->box, "entry", b->texts + e->text, e->text_length);
}

void publisher_notice(struct publisher *p, const struct notice *n, struct entry_id id)
{
    p->notices++;
    notice_publish(n, &p->box, p->keys->alerts, id);
}
