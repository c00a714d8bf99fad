/* Fake trades: orders without goods, with somebody else's parcel, made up after the fact, between people who
 * are the same, or paid back elsewhere. README.md has the signals; fake_trade.h says how the files hang
 * together. */
#include "detectors/fake_trade/fake_trade.h"

static const struct jd_table tables[] = {
    [ORDERS] = {"orders", sizeof(struct fake_trade_order), 5, 500000, 400 * JD_DAY, JD_FIELD_BIT(ORDER),
        JD_TYPE_BIT(ORDER) | JD_TYPE_BIT(TRACKING) | JD_TYPE_BIT(INVOICE) | JD_TYPE_BIT(SHIPMENT) |
            JD_TYPE_BIT(PAYMENT) | JD_TYPE_BIT(RECEIPT) | JD_TYPE_BIT(REDEEM) | JD_TYPE_BIT(REFUND) |
            JD_TYPE_BIT(CANCEL)},
    [WAYBILLS] = {"waybills", sizeof(struct fake_trade_waybill), 2, 500000, 180 * JD_DAY,
        JD_FIELD_BIT(WAYBILL), JD_TYPE_BIT(SHIPMENT) | JD_TYPE_BIT(TRACKING)},
    [IDENTITIES] = {"identities", sizeof(struct fake_trade_identity), 3, 500000, 365 * JD_DAY,
        JD_FIELD_BIT(DEVICE) | JD_FIELD_BIT(PHONE) | JD_FIELD_BIT(CONSIGNEE_PHONE) | JD_FIELD_BIT(PAYER) |
            JD_FIELD_BIT(PAYEE) | JD_FIELD_BIT(ADDRESS),
        JD_TYPE_BIT(ORDER) | JD_TYPE_BIT(PAYMENT) | JD_TYPE_BIT(RECEIPT) | JD_TYPE_BIT(SHIPMENT) |
            JD_TYPE_BIT(REFUND)},
    [ACCOUNTS] = {"accounts", sizeof(struct fake_trade_account), 2, 1000000, 400 * JD_DAY,
        JD_FIELD_BIT(ACCOUNT), JD_TYPE_BIT(LOGIN) | JD_TYPE_BIT(ORDER) | JD_TYPE_BIT(ACCOUNT_CHANGE)},
    [SUPPLIERS] = {"suppliers", sizeof(struct fake_trade_supplier), 2, 100000, 400 * JD_DAY,
        JD_FIELD_BIT(SUPPLIER), JD_TYPE_BIT(SHIPMENT)},
    [UNITS] = {"units", sizeof(struct fake_trade_unit), 3, 200000, 400 * JD_DAY, 0, 0},
    [PAIRS] = {"pairs", sizeof(struct fake_trade_pair), 3, 200000, 400 * JD_DAY, 0, 0},
    [BASKETS] = {"baskets", sizeof(struct fake_trade_basket), 2, 500000, 100 * JD_DAY, 0, 0},
    [FEEDS] = {"feeds", sizeof(struct fake_trade_feed), 1, 10000, 180 * JD_DAY, 0, 0},
    [PACES] = {"paces", sizeof(struct fake_trade_pace), 1, 20000, 60 * JD_DAY, 0, 0},
    [INFLOWS] = {"inflows", sizeof(struct fake_trade_inflow), 1, 100000, 180 * JD_DAY, 0, 0},
    [OUTFLOWS] = {"outflows", sizeof(struct fake_trade_outflow), 1, 400000, 180 * JD_DAY, 0, 0},
    [FLOWS] = {"flows", sizeof(struct fake_trade_flows), 1, 400000, 180 * JD_DAY, 0, 0},
    [SEARCHES] = {"searches", sizeof(struct fake_trade_searches), 1, 1, 400 * JD_DAY, 0, 0},
    [PURSES] = {"purses", sizeof(struct fake_trade_purse), 1, 100000, 400 * JD_DAY, 0, 0},
    [PRICES] = {"prices", sizeof(struct fake_trade_prices), 1, 5000, 90 * JD_DAY, 0, 0},
    [GOODS] = {"goods", sizeof(struct fake_trade_goods), 1, 200000, 90 * JD_DAY, JD_FIELD_BIT(SKU),
        JD_TYPE_BIT(ORDER)},
    [BANDS] = {"bands", sizeof(struct fake_trade_bands), 1, 1, 400 * JD_DAY, 0, 0},
    [PEERS] = {"peers", sizeof(struct fake_trade_peers), 1, 64, 400 * JD_DAY, 0, 0},
    [REDEEMERS] = {"redeemers", sizeof(struct fake_trade_redeemer), 1, 200000, 90 * JD_DAY, 0, 0},
    [CROWDS] = {"crowds", sizeof(struct fake_trade_crowd), 1, 100000, 365 * JD_DAY, 0, 0},
    [RETURNS] = {"returns", sizeof(struct fake_trade_returns), 1, 200000, 400 * JD_DAY, 0, 0},
    [REFUNDS] = {"refunds", sizeof(struct fake_trade_refunds), 1, 500000, 400 * JD_DAY, 0, 0},
    [INSTALMENTS] = {"instalments", sizeof(struct fake_trade_instalments), 1, 500000, 400 * JD_DAY, 0, 0},
    [FINDINGS] = {"findings", sizeof(struct fake_trade_strengths), 1, 500000, 400 * JD_DAY, 0, 0},
};

static void close_order(struct jd_host *h, const struct fake_trade_order *o)
{
    jd_timer(h, ORDERS, o->key, jd_now(h) + fake_trade_config(h)->keep_closed);
}

static void on_order(struct jd_host *h, struct fake_trade_order *o, const struct jd_event *e)
{
    const struct fake_trade_account *a = o->account ? jd_find(h, ACCOUNTS, o->account) : NULL;
    if (!o->phone && a)
        o->phone = a->phone;
    bool fresh = !fake_trade_has(o, ORDERED);
    fake_trade_order_step(o, ORDERED, e);
    if (!fresh)
        return;
    fake_trade_basket_note(h, o);
    fake_trade_season_note(h, o);
}

static void on_receipt(struct jd_host *h, struct fake_trade_order *o, const struct jd_event *e)
{
    if (!fake_trade_order_step(o, RECEIVED, e))
        return;
    static const enum jd_field named[] = {JD_F_ACCOUNT, JD_F_DEVICE};
    jd_timer(h, ORDERS, o->key, jd_now(h) + fake_trade_config(h)->f1_wait);
    close_order(h, o);
    if (fake_trade_has(o, SHIPPED) && !fake_trade_has(o, SCANNED))
        jd_timer(h, ORDERS, o->key, o->step[SHIPPED].id_ms + fake_trade_config(h)->f1_label_accepted);
    o->receipt_account = jd_key(e, JD_F_ACCOUNT);
    o->receipt_device = jd_key(e, JD_F_DEVICE);
    fake_trade_remember(h, e, named, 2);
}

static void on_invoice(struct jd_host *h, struct fake_trade_order *o, const struct jd_event *e)
{
    (void)h;
    if (!jd_has(e, JD_F_INVOICE_TIME))
        return;
    int64_t time = jd_num(e, JD_F_INVOICE_TIME);
    if (!o->invoice_time || time < o->invoice_time) {
        o->invoice_time = time;
        o->step[INVOICED] = fake_trade_step_of(e);
    }
}

static void on_cancel(struct jd_host *h, struct fake_trade_order *o, const struct jd_event *e)
{
    if (fake_trade_order_step(o, CANCELLED, e)) {
        close_order(h, o);
        fake_trade_basket_judge(h, o);
    }
}

/* What an event writes into its order's record, and what has changed by it. */
static const struct {
    void (*write)(struct jd_host *h, struct fake_trade_order *o, const struct jd_event *e);
    uint32_t change;
} writers[JD_TYPE_COUNT] = {
    [JD_TYPE_ORDER] = {on_order, ORDER_CHANGED},
    [JD_TYPE_PAYMENT] = {fake_trade_payment, PAYMENT_CHANGED},
    [JD_TYPE_SHIPMENT] = {fake_trade_shipment, SHIPMENT_CHANGED},
    [JD_TYPE_TRACKING] = {fake_trade_tracking, SCAN_CHANGED},
    [JD_TYPE_RECEIPT] = {on_receipt, RECEIPT_CHANGED},
    [JD_TYPE_INVOICE] = {on_invoice, INVOICE_CHANGED},
    [JD_TYPE_REFUND] = {fake_trade_refund, REFUND_CHANGED},
    [JD_TYPE_REDEEM] = {fake_trade_redeem, GOODS_CHANGED},
    [JD_TYPE_CANCEL] = {on_cancel, CANCEL_CHANGED},
};

static void note_bank_change(struct jd_host *h, const struct jd_event *e)
{
    uint64_t unit = jd_key(e, JD_F_ACCOUNT_UNIT);
    if (e->type != JD_TYPE_ACCOUNT_CHANGE || jd_num(e, JD_F_CHANGE) != JD_CHANGE_BANK || !unit)
        return;
    struct fake_trade_unit *u = jd_get(h, UNITS, unit);
    if (u)
        u->bank_changed = e->time;
}

static void on_event(struct jd_host *h, const struct jd_event *e)
{
    note_bank_change(h, e);
    struct fake_trade_order *o = fake_trade_order_get(h, e);
    if (writers[e->type].write && (o || e->type == JD_TYPE_TRACKING)) /* a scan may know the parcel only */
        writers[e->type].write(h, o, e);
    fake_trade_identity_note(h, e, o);
    if (e->type == JD_TYPE_PAYMENT || e->type == JD_TYPE_TRANSFER)
        fake_trade_money_moves(h, e, o);
    if (o && writers[e->type].change)
        fake_trade_judge(h, o, writers[e->type].change);
}

static void on_timer(struct jd_host *h, unsigned table, uint64_t key, void *record)
{
    (void)table;
    (void)key;
    fake_trade_judge(h, record, TIME_CHANGED);
}

static const struct jd_detector detector = {
    .abi_major = JD_ABI_MAJOR,
    .abi_minor = JD_ABI_MINOR,
    .size = sizeof(struct jd_detector),
    .event_schema = JD_EVENT_SCHEMA,
    .name = "fake_trade",
    .version = "1.0.0",
    .summary = "orders without goods, with another's parcel, made up afterwards, among the same people or "
               "paid back elsewhere",
    .title_zh = "疑似虚假交易：{subject}",
    .title_en = "Suspected fake trades: {subject}",
    .clause_zh = "不得进行虚假交易：采购应有真实的货物、发票和资金往来",
    .clause_en = "No fake trades: a purchase has real goods, invoices and payments",
    .wants = JD_TYPE_BIT(LOGIN) | JD_TYPE_BIT(ACCOUNT_CHANGE) | JD_TYPE_BIT(ORDER) | JD_TYPE_BIT(CANCEL) |
             JD_TYPE_BIT(PAYMENT) | JD_TYPE_BIT(SHIPMENT) | JD_TYPE_BIT(TRACKING) | JD_TYPE_BIT(RECEIPT) |
             JD_TYPE_BIT(REFUND) | JD_TYPE_BIT(REDEEM) | JD_TYPE_BIT(INVOICE) | JD_TYPE_BIT(TRANSFER),
    .options = fake_trade_options,
    .n_options = FAKE_TRADE_OPTIONS,
    .config_size = sizeof(struct fake_trade_config),
    .tables = tables,
    .n_tables = sizeof tables / sizeof *tables,
    .signals = fake_trade_signals,
    .n_signals = SIGNALS,
    .needs = fake_trade_needs,
    .n_needs = FAKE_TRADE_NEEDS,
    .on_event = on_event,
    .on_timer = on_timer,
};

JD_ENTRY(fake_trade)
{
    return &detector;
}
