/* account_sharing: accounts that are lent, shared, worked by third parties or taken over. The signals are
 * numbered as in README.md beside this file. */
#include "detectors/account_sharing/parts.h"
#include "detectors/places.h"

#define ACTS                                                                                                 \
    (JD_TYPE_BIT(LOGIN) | JD_TYPE_BIT(ORDER) | JD_TYPE_BIT(RECEIPT) | JD_TYPE_BIT(REVIEW) |                  \
        JD_TYPE_BIT(RESERVATION) | JD_TYPE_BIT(ACCOUNT_CHANGE) | JD_TYPE_BIT(CANCEL))

static const struct jd_table tables[] = {
    [ACCOUNT_SHARING_LIVE] = {"live", sizeof(struct account_sharing_live), 4, 100000, 48 * JD_HOUR,
        JD_FIELD_BIT(ACCOUNT), ACTS},
    [ACCOUNT_SHARING_BUSY] = {"busy", sizeof(struct account_sharing_busy), 1, 100000, 48 * JD_HOUR, 0, 0},
    [ACCOUNT_SHARING_ACCOUNTS] = {"accounts", sizeof(struct account_sharing_account), 6, 1000000,
        ACCOUNT_SHARING_LONG, JD_FIELD_BIT(ACCOUNT), ACTS},
    [ACCOUNT_SHARING_DEVICES] = {"devices", sizeof(struct account_sharing_device), 4, 500000,
        ACCOUNT_SHARING_LONG, JD_FIELD_BIT(DEVICE), ACTS | JD_TYPE_BIT(SHIPMENT)},
    [ACCOUNT_SHARING_CROWDS] = {"crowds", sizeof(struct account_sharing_crowded), 1, 150000,
        ACCOUNT_SHARING_LONG, 0, 0},
    [ACCOUNT_SHARING_PARTIES] = {"parties", sizeof(struct account_sharing_party), 1, 500000,
        ACCOUNT_SHARING_LONG, 0, 0},
    [ACCOUNT_SHARING_PHONES] = {"phones", sizeof(struct account_sharing_phone), 5, 500000,
        ACCOUNT_SHARING_LONG, JD_FIELD_BIT(PHONE) | JD_FIELD_BIT(NEW_VALUE),
        JD_TYPE_BIT(LOGIN) | JD_TYPE_BIT(ACCOUNT_CHANGE)},
    [ACCOUNT_SHARING_USUAL] = {"usual", sizeof(struct account_sharing_usual), 1, 1000000,
        ACCOUNT_SHARING_LONG, 0, 0},
    [ACCOUNT_SHARING_NAMES] = {"names", sizeof(struct account_sharing_operator), 1, 1000000,
        ACCOUNT_SHARING_LONG, JD_FIELD_BIT(OPERATOR), ACTS},
    [ACCOUNT_SHARING_PEERS] = {"peers", sizeof(struct account_sharing_peers), 1, 8, ACCOUNT_SHARING_LONG, 0,
        0},
};

bool account_sharing_has_room(
    const struct account_sharing_seen *seen, int capacity, uint64_t key, int64_t since)
{
    for (int i = 0; i < capacity; i++) {
        if (seen[i].key == key || seen[i].key == 0 || seen[i].last < since)
            return true;
    }
    return false;
}

int account_sharing_touch(
    struct account_sharing_seen *seen, int capacity, uint64_t key, int64_t time, int64_t since, bool *fresh)
{
    int at = 0;
    struct account_sharing_seen *s;

    for (int i = 0; i < capacity; i++) {
        if (seen[i].key && seen[i].last < since)
            seen[i] = (struct account_sharing_seen){0};
        if (seen[i].last < seen[at].last)
            at = i;
    }
    for (int i = 0; i < capacity; i++) {
        if (seen[i].key == key)
            at = i;
    }
    s = &seen[at];
    *fresh = s->key != key;
    if (*fresh)
        *s = (struct account_sharing_seen){.key = key, .first = time, .last = time};
    if (s->days == 0 || jd_day(time) > jd_day(s->last) || jd_day(time) < jd_day(s->first))
        s->days++;
    s->first = time < s->first ? time : s->first;
    s->last = time > s->last ? time : s->last;
    return at;
}

/* An office's or a home's network: not a roaming phone's or a relay's. */
static bool is_fixed(const struct jd_event *e)
{
    int64_t class = jd_num(e, JD_F_IP_CLASS);

    return class == JD_IP_GOVERNMENT || class == JD_IP_BUSINESS || class == JD_IP_RESIDENTIAL;
}

/* Where an act was done, of a fixed network. The exit of a whole city hall is believed where it names the
 * unit's own city. */
static uint32_t place_of(const struct jd_event *e, uint32_t own, bool egress)
{
    uint32_t place = (uint32_t)jd_num(e, JD_F_IP_REGION);

    if (places_place(place) == 0)
        return 0;
    return !egress || places_place(place) == places_place(own) ? place : 0;
}

struct account_sharing_act account_sharing_act_of(
    struct jd_host *h, const struct jd_event *e, uint32_t known_region)
{
    int64_t channel = jd_num(e, JD_F_CHANNEL);
    struct jd_ref ref = jd_ref_of(e);
    bool fixed = is_fixed(e), egress = fixed && jd_egress(h, e);
    uint32_t region = ref.region ? ref.region : known_region;

    return (struct account_sharing_act){
        .id_ms = ref.id_ms,
        .id_seq = ref.id_seq,
        .time = ref.time,
        .amount = ref.amount,
        .unit = ref.unit,
        .device = ref.device,
        .order = ref.order,
        .supplier = ref.supplier,
        .ip = fixed && !egress ? jd_key(e, JD_F_IP) : 0,
        .place = fixed ? place_of(e, region, egress) : 0,
        .region = region,
        .type = ref.type,
        .network = (uint16_t)jd_num(e, JD_F_IP_CLASS),
        .handheld =
            channel == JD_CHANNEL_APP || channel == JD_CHANNEL_H5 || jd_num(e, JD_F_IP_CLASS) == JD_IP_MOBILE,
    };
}

/* The names of who acts. */
static void remember_who(struct jd_host *h, const struct jd_event *e)
{
    jd_remember(h, e, JD_F_ACCOUNT);
    jd_remember(h, e, JD_F_ACCOUNT_UNIT);
}

/* And of what is done. */
static void remember_what(struct jd_host *h, const struct jd_event *e)
{
    if (jd_key(e, JD_F_UNIT) != jd_key(e, JD_F_ACCOUNT_UNIT))
        jd_remember(h, e, JD_F_UNIT);
    jd_remember(h, e, JD_F_ORDER);
    jd_remember(h, e, JD_F_SUPPLIER);
}

/* A supplier, a third party's own account or a help desk: whose device and phone this is. True if it was one.
 */
static bool learn_others(struct jd_host *h, const struct jd_event *e)
{
    int64_t kind = jd_num(e, JD_F_ACCOUNT_KIND);
    uint64_t account = jd_key(e, JD_F_ACCOUNT);
    enum jd_list list = JD_LIST_NONE;
    struct account_sharing_act act;

    if (kind == JD_ACCOUNT_DESK) {
        account_sharing_desk_use(h, e);
        return true;
    }
    if (jd_listed(h, JD_LIST_AGENT_ACCOUNT, account, NULL))
        list = JD_LIST_AGENT_ACCOUNT;
    else if (jd_listed(h, JD_LIST_PAVILION_ACCOUNT, account, NULL))
        list = JD_LIST_PAVILION_ACCOUNT;
    else if (kind != JD_ACCOUNT_SUPPLIER && e->type != JD_TYPE_SHIPMENT) /* no buyer ships */
        return false;
    remember_who(h, e);
    jd_remember(h, e, JD_F_DEVICE);
    remember_what(h, e);
    act = account_sharing_act_of(h, e, 0);
    account_sharing_party_use(h, e, &act, list);
    account_sharing_party_phone(h, e, &act);
    return true;
}

/* What comes through a provincial e-mall bears the gateway's device and address. */
static bool is_relayed(const struct jd_event *e)
{
    int64_t channel = jd_num(e, JD_F_CHANNEL);

    return channel == JD_CHANNEL_API || channel == JD_CHANNEL_ESTORE;
}

/* The account's record; NULL while nothing has said whose it is: this event, an earlier one, or else for whom
 * it ordered first. */
static struct account_sharing_account *account_of(
    struct jd_host *h, const struct jd_event *e, struct account_sharing_use *use)
{
    uint64_t unit = jd_key(e, JD_F_ACCOUNT_UNIT), buyer = jd_key(e, JD_F_UNIT);
    struct account_sharing_account *account;

    if (unit == 0 && buyer == 0 && !jd_find(h, ACCOUNT_SHARING_ACCOUNTS, use->account))
        return NULL;
    account = jd_get(h, ACCOUNT_SHARING_ACCOUNTS, use->account);
    if (!account)
        return NULL;
    if (unit)
        account->unit = unit;
    else if (account->unit == 0)
        account->unit = buyer;
    use->unit = account->unit;
    use->act = account_sharing_act_of(h, e, account->region);
    if (buyer == 0 || buyer == use->unit)
        account->region = use->act.region;
    return account;
}

static void on_event(struct jd_host *h, const struct jd_event *e)
{
    struct account_sharing_use use = {
        .event = e,
        .config = jd_config(h),
        .account = jd_key(e, JD_F_ACCOUNT),
        .session = jd_key(e, JD_F_SESSION),
        .operator= jd_key(e, JD_F_OPERATOR),
        .management = jd_num(e, JD_F_ACCOUNT_KIND) == JD_ACCOUNT_MANAGEMENT,
        .trade = account_sharing_is_trade(e->type),
    };
    struct account_sharing_account *account;
    uint32_t day;

    if (use.account == 0 || is_relayed(e))
        return;
    if (learn_others(h, e))
        return;
    account = account_of(h, e, &use);
    if (!account)
        return;
    day = (uint32_t)jd_day(use.act.time);
    if (account_sharing_is_name_due(account->active_day, day))
        remember_who(h, e);
    remember_what(h, e);
    if (day > account->active_day && e->type != JD_TYPE_ACCOUNT_CHANGE) {
        account->active_day = day;
        account->active_days++;
    }
    /* a change may be the work of a help desk, from its own device */
    if (use.act.device && e->type != JD_TYPE_ACCOUNT_CHANGE) {
        account_sharing_sessions(h, &use, account);
        account_sharing_bases(h, &use, account);
    } else {
        jd_remember(h, e, JD_F_DEVICE);
    }
    account_sharing_hands(h, &use, account);
    account_sharing_rhythm_of(h, &use, account);
    account_sharing_takeover(h, &use, account);
    account_sharing_operators(h, &use, account);
}

static const struct jd_detector detector = {
    .abi_major = JD_ABI_MAJOR,
    .abi_minor = JD_ABI_MINOR,
    .size = sizeof(struct jd_detector),
    .event_schema = JD_EVENT_SCHEMA,
    .name = "account_sharing",
    .version = "1.0.0",
    .summary = "accounts that are lent, shared, worked by third parties or taken over",
    .title_zh = "疑似账号出借、共用：{subject}",
    .title_en = "Suspected lending or sharing of accounts: {subject}",
    .clause_zh = "采购单位不得将管理账号、交易账号交由第三方机构或帮扶馆人员使用",
    .clause_en = "A unit must not hand its management or trading accounts to third parties or pavilion staff",
    .wants = JD_TYPE_BIT(LOGIN) | JD_TYPE_BIT(ACCOUNT_CHANGE) | JD_TYPE_BIT(ORDER) | JD_TYPE_BIT(CANCEL) |
             JD_TYPE_BIT(SHIPMENT) | JD_TYPE_BIT(RECEIPT) | JD_TYPE_BIT(REVIEW) | JD_TYPE_BIT(RESERVATION),
    .options = account_sharing_options,
    .n_options = ACCOUNT_SHARING_OPTIONS,
    .config_size = sizeof(struct account_sharing_config),
    .tables = tables,
    .n_tables = sizeof(tables) / sizeof(tables[0]),
    .signals = account_sharing_signals,
    .n_signals = ACCOUNT_SHARING_SIGNALS,
    .needs = account_sharing_needs,
    .n_needs = ACCOUNT_SHARING_NEEDS,
    .on_event = on_event,
};

JD_ENTRY(account_sharing)
{
    return &detector;
}
