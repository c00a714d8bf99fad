#include "detectors/procurement_progress/procurement_progress.h"

#define OPTION(name, type, min, max, init, help)                                                             \
    {                                                                                                        \
#name, JD_OPTION_##type, offsetof(struct config, name), min, max, init, help                         \
    }

static const struct jd_option options[] = {
    OPTION(need_receipt, BOOL, 0, 1, 0, "an order counts only once its goods are accepted"),
    OPTION(need_review, BOOL, 0, 1, 0, "an order counts only once it is reviewed"),
    OPTION(lag_after, DURATION, 0, 366 * JD_DAY, 90 * JD_DAY,
        "so far into a year, no unit lags or lacks a reservation"),
    OPTION(lag_percent, INT, 1, 100, 50,
        "a unit lags that has done less than this percentage of what its peers have"),
    OPTION(year_end, DURATION, JD_DAY, 92 * JD_DAY, 15 * JD_DAY, "the last days of a year"),
    OPTION(year_end_percent, INT, 1, 100, 70, "of its purchases in the last days is a rush,"),
    OPTION(year_end_excess, INT, 0, 100, 20, "if it is so many percentage points above that of its peers"),
    OPTION(peers, INT, 2, 1000, 5, "other units that a division needs for a comparison"),
    OPTION(
        settling, DURATION, 0, 180 * JD_DAY, 31 * JD_DAY, "how far into a year the one before is reported"),
};

#define ON_ORDERS                                                                                            \
    (JD_TYPE_BIT(ORDER) | JD_TYPE_BIT(CANCEL) | JD_TYPE_BIT(PAYMENT) | JD_TYPE_BIT(RECEIPT) |                \
        JD_TYPE_BIT(REVIEW) | JD_TYPE_BIT(REFUND))

static const struct jd_table tables[] = {
    [ORDERS] = {"progress_orders", sizeof(struct order), 1, 2000000, PROGRESS_MEMORY, JD_FIELD_BIT(ORDER),
        ON_ORDERS},
    [UNITS] = {"progress_units", sizeof(struct unit), 1, 1000000, PROGRESS_MEMORY, JD_FIELD_BIT(UNIT),
        JD_TYPE_BIT(ORDER) | JD_TYPE_BIT(RESERVATION)},
    [DIVISIONS] = {"progress_divisions", sizeof(struct division), 1, 16384, 2 * JD_DAY, 0, 0},
    [CALENDAR] = {"progress_calendar", sizeof(struct calendar), 1, 1, PROGRESS_MEMORY, 0, 0},
};

static const struct jd_report report = {
    .columns =
        {
            [RESERVED] = {"reserved", JD_UNIT_FEN},
            [TARGET] = {"target", JD_UNIT_FEN},
            [PURCHASED] = {"purchased", JD_UNIT_FEN},
            [ORDERS_COUNTED] = {"orders", JD_UNIT_NUMBER},
            [PENDING] = {"pending", JD_UNIT_FEN},
            [SHORTFALL] = {"shortfall", JD_UNIT_FEN},
            [YEAR_END] = {"year_end", JD_UNIT_FEN},
            [PEERS_DONE] = {"peers_done", JD_UNIT_PERCENT},
            [PEERS_YEAR_END] = {"peers_year_end", JD_UNIT_PERCENT},
        },
    .marks =
        {
            [LAGGARD] = {"laggard", SHORTFALL, 20},
            [UNDER_RESERVED] = {"under_reserved", TARGET, 20},
            [RUSH] = {"rush", YEAR_END, 20},
            [UNRESERVED] = {"unreserved", PURCHASED, 20},
        },
};

static void on_event(struct jd_host *h, const struct jd_event *e)
{
    const struct config *c = jd_config(h);
    if (e->type == JD_TYPE_RESERVATION)
        procurement_reservation(h, e);
    else if ((e->type != JD_TYPE_RECEIPT || c->need_receipt) && (e->type != JD_TYPE_REVIEW || c->need_review))
        procurement_purchase(h, e);
}

static void on_timer(struct jd_host *h, unsigned table, uint64_t key, void *record)
{
    struct calendar *calendar = record;
    if (table != CALENDAR || jd_now(h) < calendar->due)
        return;
    int64_t today = jd_day(jd_now(h));
    procurement_report(h, today - 1);
    calendar = jd_get(h, CALENDAR, key);
    calendar->due = (today + 1) * JD_DAY - JD_ZONE;
    jd_timer(h, CALENDAR, key, calendar->due);
}

static const struct jd_detector detector = {
    .abi_major = JD_ABI_MAJOR,
    .abi_minor = JD_ABI_MINOR,
    .size = sizeof(struct jd_detector),
    .event_schema = JD_EVENT_SCHEMA,
    .name = "procurement_progress",
    .version = "1.0.0",
    .summary = "purchases through the platform against the reservation: a daily report, no alerts",
    .title_zh = "采购进度",
    .title_en = "Procurement progress",
    .clause_zh = "按预留份额通过平台采购",
    .clause_en = "The reserved share is bought through the platform",
    .wants = JD_TYPE_BIT(RESERVATION) | ON_ORDERS,
    .options = options,
    .n_options = sizeof(options) / sizeof(options[0]),
    .config_size = sizeof(struct config),
    .tables = tables,
    .n_tables = sizeof(tables) / sizeof(tables[0]),
    .on_event = on_event,
    .on_timer = on_timer,
    .report = &report,
};

JD_ENTRY(procurement_progress)
{
    return &detector;
}
