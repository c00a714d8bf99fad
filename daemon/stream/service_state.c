/* What the service tells about itself. */
#include "daemon/ops/clock.h"
#include "daemon/stream/service_parts.h"

enum service_phase service_phase(const struct service *s)
{
    return s->phase;
}

const char *service_phase_word(enum service_phase phase)
{
    static const char *const words[] = {
        "connecting", "standby", "recovering", "replaying", "running", "stopping", "stopped"};
    return words[phase];
}

bool service_ready(const struct service *s, const char **why)
{
    static const char *const reasons[] = {"connecting to Redis", "another instance leads",
        "looking for a snapshot", "replaying up to the committed position", "", "stopping", "stopped"};
    *why = reasons[s->phase];
    if (s->phase != SERVICE_RUNNING)
        return false;
    if (link_state(s->control) != LINK_READY || !feeder_connected(s->feeder))
        *why = "the connection to Redis is down";
    else if (s->hushed)
        *why = "counting entries that were lost";
    return !**why;
}

static void decoder_stats(const struct decoder_counts *n, engine_visit visit, void *context)
{
    char labels[96];
    visit(context, "events_decoded_total", "", "Entries decoded", n->events, true);
    visit(context, "unknown_fields_total", "", "Fields that are not ours, ignored", n->unknown_fields, true);
    visit(context, "unknown_words_total", "", "Words that are not known, taken as absent", n->unknown_words,
        true);
    visit(context, "bad_credit_codes_total", "", "Events with a credit code whose check digit is wrong",
        n->bad_codes, true);
    for (int reason = 1; reason < EVENT_REASON_COUNT; reason++) {
        snprintf(labels, sizeof labels, "reason=\"%s\"", event_reason_word((enum event_reason)reason));
        visit(context, "dead_letters_total", labels, "Entries that could not be used", n->reasons[reason],
            true);
    }
}

void service_stats(const struct service *s, engine_visit visit, void *context)
{
    const struct stream_facts *facts = watch_facts(s->watch);
    const char *why;
    visit(
        context, "stream_ready", "", "1 while events are read and published", service_ready(s, &why), false);
    visit(context, "stream_entries_total", "", "entries read from the input", s->events, true);
    visit(
        context, "stream_dead_letters_total", "", "entries that could not be used", s->publisher.dead, true);
    visit(context, "stream_alerts_total", "", "alerts and revisions published", s->publisher.alerts, true);
    visit(context, "stream_reports_total", "", "daily reports published", s->publisher.reports, true);
    visit(context, "stream_notices_total", "", "alerts of kind system published", s->publisher.notices, true);
    visit(context, "stream_entries_lost_total", "", "entries removed before they were read", s->lost, true);
    visit(context, "stream_commits_total", "", "commits that Redis took", s->commits, true);
    visit(context, "stream_reconnects_total", "", "connections lost or not made", s->reconnects, true);
    visit(context, "stream_fenced_total", "", "times that another instance took over", s->fenced, true);
    visit(context, "stream_handovers_total", "", "times that the lease was handed over on request",
        s->handed_over, true);
    visit(context, "stream_warm", "", "1 while standing by with a state to take over with at once",
        s->phase == SERVICE_STANDBY && s->warm, false);
    visit(
        context, "stream_lag", "", "entries not read at the last check", stream_lag(facts, s->taken), false);
    visit(context, "stream_position_ms", "", "millisecond part of the last entry taken", s->taken.position.ms,
        false);
    visit(
        context, "stream_read", "", "entries taken since the beginning of the stream", s->taken.read, false);
    decoder_stats(feeder_counts(s->feeder), visit, context);
}

/* Redis may be silent for a whole blocking read, or for a connection that is tried, refused and waited after.
 */
static int64_t patience(const struct service_settings *s)
{
    const struct link_settings *link = &s->link;
    return s->block + link->command_timeout + link->connect_timeout + 2 * (int64_t)link->backoff_max;
}

bool service_alive(struct service *s)
{
    int64_t now = clock_monotonic();
    uint64_t marks = s->events + s->answers + s->commits + s->reconnects;
    if (!s->marks_since || marks != s->marks) {
        s->marks = marks;
        s->marks_since = now;
    }
    return now - s->marks_since <= patience(&s->settings);
}
