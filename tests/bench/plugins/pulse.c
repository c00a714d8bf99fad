/* An alert for each `redeem`: what the latency of an alert is measured with. */
#include "detectors/detector.h"

static const struct jd_signal signals[] = {
    {"B1", "pulse", "疑似兑付：{value}", "suspected: redeemed {value}", JD_UNIT_NUMBER, {{0}}, 0, 0},
};

static void on_event(struct jd_host *h, const struct jd_event *e)
{
    const struct jd_ref ref = jd_ref_of(e);
    const struct jd_emit emit = {
        .strength = JD_DB(40),
        .flags = JD_HARD,
        .subject = {JD_KIND_ORDER, jd_key(e, JD_F_ORDER)},
        .value = 1,
        .threshold = 1,
        .refs = &ref,
        .n_refs = 1,
    };
    if (!emit.subject.key)
        return;
    jd_remember(h, e, JD_F_ORDER);
    jd_emit(h, &emit);
}

static const struct jd_detector detector = {
    .abi_major = JD_ABI_MAJOR,
    .abi_minor = JD_ABI_MINOR,
    .size = sizeof(struct jd_detector),
    .event_schema = JD_EVENT_SCHEMA,
    .name = "pulse",
    .version = "1.0.0",
    .summary = "an alert for each redemption",
    .title_zh = "疑似兑付：{subject}",
    .title_en = "Suspected redemption: {subject}",
    .clause_zh = "测试",
    .clause_en = "Benchmark",
    .wants = JD_TYPE_BIT(REDEEM),
    .signals = signals,
    .n_signals = sizeof(signals) / sizeof(signals[0]),
    .on_event = on_event,
};

JD_ENTRY(pulse)
{
    return &detector;
}
