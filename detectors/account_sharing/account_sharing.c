/* account_sharing: accounts that are lent, shared, worked by third parties or taken over. The signals are
 * numbered as in README.md beside this file. */
#include "detectors/account_sharing/parts.h"
#include "detectors/account_sharing/places.h"

/* clang-format off */
#define OPTION(name, type, min, max, init, help) \
    {#name, JD_OPTION_##type, offsetof(struct account_sharing_config, name), min, max, init, help}
/* clang-format on */
#define STRENGTH(name, init, help) OPTION(name, STRENGTH, 0, JD_DB(40), JD_DB(init), help)

static const struct jd_option options[] = {
    OPTION(travel_distance, INT, 20, 5000, 100, "A1: km that two places are apart at the least"),
    OPTION(travel_speed, INT, 100, 100000, 900, "A1: km/h that nobody travels at"),
    OPTION(travel_window, DURATION, JD_MINUTE, 48 * JD_HOUR, JD_DAY,
        "A1: time within which two devices are compared"),
    OPTION(travel_memory, DURATION, JD_DAY, ACCOUNT_SHARING_LONG, 90 * JD_DAY,
        "A1: time within which it counts as repeated"),
    OPTION(travel_acts, INT, 1, 10, 2, "A1: acts that a device must show at its place"),
    STRENGTH(travel_strength, 12, "A1: two devices"),
    STRENGTH(travel_traded_strength, 18, "A1: both of them traded"),
    STRENGTH(travel_repeated_strength, 22, "A1: on two different days"),
    OPTION(travel_hard_distance, INT, 20, 5000, 300, "A1: km from which, repeated, it is a hard fact"),
    OPTION(concurrent_gap, DURATION, JD_SECOND, JD_HOUR, 5 * JD_MINUTE, "A2: time between two acts in a row"),
    OPTION(concurrent_switches, INT, 2, 5, 3, "A2: changes of the device in a row"),
    OPTION(concurrent_distance, INT, 20, 5000, 50, "A2: km from which two places are different"),
    OPTION(concurrent_usual_days, INT, 2, 100, 3,
        "A2: days after which two devices in one place are one person's"),
    STRENGTH(concurrent_strength, 12, "A2: at one place, or the places are not known"),
    STRENGTH(concurrent_apart_strength, 16, "A2: at different places"),
    OPTION(party_days, INT, 1, 100, 2, "A5: days of use that make a device a supplier's"),
    OPTION(party_acts, INT, 1, 100, 2, "A5: or shipments and the like"),
    OPTION(party_owners, INT, 1, 100, 2, "A5: suppliers past which a device is a public one"),
    OPTION(home_days, INT, 1, 32, 2, "A5: days of use that make a device a unit's"),
    STRENGTH(agent_strength, 24, "A5: a registered agent's device or phone"),
    STRENGTH(pavilion_strength, 22, "A5: a registered pavilion's"),
    STRENGTH(supplier_strength, 22, "A5: a device that a supplier or a third party's own account works with"),
    STRENGTH(unit_strength, 8, "A5: another unit's device"),
    STRENGTH(management_strength, 24, "A5: a management account on any of those third parties' devices"),
    STRENGTH(management_unit_strength, 24, "A5: a management account on another unit's device"),
    OPTION(
        management_days, INT, 1, 32, 2, "A5: days on which a management account uses another unit's device"),
    OPTION(
        management_accounts, INT, 1, 6, 3, "A5: or accounts on it, at most, when it files something there"),
    OPTION(shared_units, INT, 2, 8, 3,
        "A5: unrelated units that trade on one device, so that one hand works for all"),
    OPTION(
        takeover_window, DURATION, JD_MINUTE, 48 * JD_HOUR, JD_DAY, "A8: time from the change to the trade"),
    STRENGTH(takeover_strength, 6, "A8: change, new device, trade"),
    OPTION(phone_units, INT, 2, 4, 3, "A8: unrelated units whose accounts were rebound to one phone"),
    STRENGTH(phone_strength, 14, "A8: the new phone serves another unrelated unit"),
    STRENGTH(phone_units_strength, 18, "A8: it serves phone_units of them"),
};

#define HALF_LIFE_DAYS 180 /* accounts buy one to three times a year */

static const struct jd_signal signals[] = {
    [ACCOUNT_SHARING_A1] = {"A1", "place",
        "同一账号疑似异地共用：{from} 与 {to} 两地的使用至少相距 {distance}，间隔 {gap}，"
        "折合 {value}（阈值 {threshold}），已在 {days} 个不同日期出现",
        "suspected use in two places: acts of the account in {from} and {to}, at least {distance} and "
        "{gap} apart, that is {value} (threshold {threshold}); days on which it was seen: {days}",
        JD_UNIT_KMH,
        {{"distance", JD_UNIT_KM}, {"gap", JD_UNIT_MS}, {"from", JD_UNIT_DIVISION}, {"to", JD_UNIT_DIVISION},
            {"days", JD_UNIT_NUMBER}},
        HALF_LIFE_DAYS, 0},
    [ACCOUNT_SHARING_A2] = {"A2", "session",
        "疑似多人同时使用：{span} 内账号在不同设备间来回切换 {value} 次（阈值 {threshold}），"
        "设备所在地至少相距 {distance}",
        "suspected concurrent use: within {span} the account changed between devices {value} times "
        "(threshold {threshold}), at places at least {distance} apart",
        JD_UNIT_NUMBER, {{"span", JD_UNIT_MS}, {"distance", JD_UNIT_KM}}, HALF_LIFE_DAYS, 0},
    [ACCOUNT_SHARING_A5] = {"A5", "identity",
        "疑似第三方代为操作：账号在已登记的代购机构或帮扶馆设备 {device} 上下单、收货或评价；"
        "该设备上已见 {value} 个采购账号（阈值 {threshold}）",
        "suspected third-party operation: the account ordered, accepted or reviewed on the registered "
        "agent's or pavilion's device {device}; {value} buyers' accounts were seen on it (threshold "
        "{threshold})",
        JD_UNIT_NUMBER, {{"device", JD_ENTITY(DEVICE)}}, HALF_LIFE_DAYS, 0},
    [ACCOUNT_SHARING_A5_SUPPLIER] = {"A5.supplier", "identity",
        "疑似由供应商或第三方操作：账号在对方使用了 {party_days} 天的设备 {device} 上下单、收货或评价；"
        "该设备上已见 {value} 个采购账号（阈值 {threshold}）",
        "suspected operation by a supplier or third party: the account ordered, accepted or reviewed on "
        "device {device}, with which that party worked on {party_days} days; {value} buyers' accounts were "
        "seen "
        "on it (threshold {threshold})",
        JD_UNIT_NUMBER, {{"device", JD_ENTITY(DEVICE)}, {"party_days", JD_UNIT_NUMBER}}, HALF_LIFE_DAYS, 0},
    [ACCOUNT_SHARING_A5_PHONE] = {"A5.phone", "identity",
        "疑似账号由第三方掌握：账号绑定在已登记的代购机构或帮扶馆手机号 {phone} 上办理业务（{value} 次，"
        "阈值 {threshold}）",
        "suspected control by a third party: the account is worked with while bound to the registered "
        "agent's or pavilion's phone {phone} ({value} time, threshold {threshold})",
        JD_UNIT_NUMBER, {{"phone", JD_ENTITY(PHONE)}}, HALF_LIFE_DAYS, 0},
    [ACCOUNT_SHARING_A5_UNIT] = {"A5.unit", "identity",
        "疑似由其他单位操作：账号（使用 {own_days} 天）在无隶属关系单位常用（使用 {home_days} 天）的设备 "
        "{device}"
        " 上办理采购；该设备上已见 {value} 个采购账号（阈值 {threshold}）",
        "suspected operation by another unit: the account traded on device {device}, which an unrelated "
        "unit used on {home_days} days and this account on {own_days} days; {value} buyers' accounts were "
        "seen on it "
        "(threshold {threshold})",
        JD_UNIT_NUMBER,
        {{"device", JD_ENTITY(DEVICE)}, {"home_days", JD_UNIT_NUMBER}, {"own_days", JD_UNIT_NUMBER}},
        HALF_LIFE_DAYS, JD_LIST_BIT(PARENT)},
    [ACCOUNT_SHARING_A5_MANAGEMENT] = {"A5.management", "identity",
        "疑似管理账号交由第三方：管理账号在供应商、代购机构或帮扶馆的设备 {device} 上使用；"
        "该设备上已见 {value} 个采购账号（阈值 {threshold}）",
        "suspected handing of a management account to a third party: it was used on device {device} of a "
        "supplier, agent or pavilion; {value} buyers' accounts were seen on it (threshold {threshold})",
        JD_UNIT_NUMBER, {{"device", JD_ENTITY(DEVICE)}, {"party_days", JD_UNIT_NUMBER}}, HALF_LIFE_DAYS, 0},
    [ACCOUNT_SHARING_A5_MANAGEMENT_UNIT] = {"A5.management_unit", "identity",
        "疑似管理账号由其他单位使用：管理账号（使用 {own_days} 天）在无隶属关系单位常用（使用 {home_days} "
        "天）的"
        "设备 {device} 上使用；该设备上已见 {value} 个采购账号（阈值 {threshold}）",
        "suspected use of a management account by another unit: it was used on device {device}, which an "
        "unrelated unit used on {home_days} days and this account on {own_days} days; {value} buyers' "
        "accounts were "
        "seen on it (threshold {threshold})",
        JD_UNIT_NUMBER,
        {{"device", JD_ENTITY(DEVICE)}, {"home_days", JD_UNIT_NUMBER}, {"own_days", JD_UNIT_NUMBER}},
        HALF_LIFE_DAYS, JD_LIST_BIT(PARENT)},
    [ACCOUNT_SHARING_A5_MANAGEMENT_SHARED] = {"A5.management_shared", "identity",
        "疑似管理账号由代办者掌握：管理账号在设备 {device} 上使用，同一设备、同一地址先后为 {value} 个"
        "互无隶属关系的单位办理采购（阈值 {threshold}）",
        "suspected use of a management account by an agent: it was used on device {device}, where {value} "
        "units "
        "that have nothing to do with each other were traded for from one address (threshold {threshold})",
        JD_UNIT_NUMBER, {{"device", JD_ENTITY(DEVICE)}}, HALF_LIFE_DAYS, JD_LIST_BIT(PARENT)},
    [ACCOUNT_SHARING_A8] = {"A8", "takeover",
        "疑似账号被接管：{changed} 变更手机号或密码，{value} 后（阈值 {threshold}）账号即在从未用过的设备 "
        "{device} 上办理采购",
        "suspected takeover: phone or password changed at {changed}, and {value} later (threshold "
        "{threshold}) the account traded on device {device}, which it had not used before",
        JD_UNIT_MS, {{"device", JD_ENTITY(DEVICE)}, {"changed", JD_UNIT_TIME}}, HALF_LIFE_DAYS, 0},
    [ACCOUNT_SHARING_A8_PHONE] = {"A8.phone", "identity",
        "疑似一机多号：账号于 {changed} 绑定手机号 {phone}，"
        "该号码服务 {value} 个互无隶属关系的单位（阈值 {threshold}）",
        "suspected common holder: at {changed} the account was bound to phone {phone}, which serves "
        "{value} units that have nothing to do with each other (threshold {threshold})",
        JD_UNIT_NUMBER, {{"phone", JD_ENTITY(PHONE)}, {"changed", JD_UNIT_TIME}}, HALF_LIFE_DAYS,
        JD_LIST_BIT(PARENT)},
};

static const struct jd_table tables[] = {
    [ACCOUNT_SHARING_LIVE] = {"live", sizeof(struct account_sharing_live), 1, 100000, 48 * JD_HOUR,
        JD_FIELD_BIT(ACCOUNT)},
    [ACCOUNT_SHARING_ACCOUNTS] = {"accounts", sizeof(struct account_sharing_account), 2, 1000000,
        ACCOUNT_SHARING_LONG, JD_FIELD_BIT(ACCOUNT)},
    [ACCOUNT_SHARING_DEVICES] = {"devices", sizeof(struct account_sharing_device), 1, 500000,
        ACCOUNT_SHARING_LONG, JD_FIELD_BIT(DEVICE)},
    [ACCOUNT_SHARING_PHONES] = {"phones", sizeof(struct account_sharing_phone), 1, 500000,
        ACCOUNT_SHARING_LONG, JD_FIELD_BIT(PHONE) | JD_FIELD_BIT(NEW_VALUE)},
    [ACCOUNT_SHARING_USUAL] = {"usual", sizeof(struct account_sharing_usual), 1, 1000000,
        ACCOUNT_SHARING_LONG, 0},
};

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

bool account_sharing_kin(struct jd_host *h, uint64_t unit_a, uint64_t unit_b)
{
    return unit_a == unit_b || jd_related(h, unit_a, unit_b) ||
           jd_paired(h, JD_LIST_CONTRACTOR, unit_a, unit_b) ||
           jd_paired(h, JD_LIST_CONTRACTOR, unit_b, unit_a);
}

/* An office's or a home's network: not a roaming phone's or a relay's. */
static bool is_fixed(const struct jd_event *e)
{
    int64_t class = jd_num(e, JD_F_IP_CLASS);

    return class == JD_IP_GOVERNMENT || class == JD_IP_BUSINESS || class == JD_IP_RESIDENTIAL;
}

/* Where an act was done, of a fixed network. The exit of a whole city hall is believed where it names the
 * unit's own city. */
static uint32_t place_of(const struct jd_event *e, bool egress)
{
    uint32_t place = (uint32_t)jd_num(e, JD_F_IP_REGION), own = (uint32_t)jd_num(e, JD_F_REGION);

    if (account_sharing_place(place) == 0)
        return 0;
    return !egress || account_sharing_place(place) == account_sharing_place(own) ? place : 0;
}

struct account_sharing_act account_sharing_act_of(struct jd_host *h, const struct jd_event *e)
{
    int64_t channel = jd_num(e, JD_F_CHANNEL);
    struct jd_ref ref = jd_ref_of(e);
    bool fixed = is_fixed(e), egress = fixed && jd_egress(h, e);

    return (struct account_sharing_act){
        .id_ms = ref.id_ms,
        .id_seq = ref.id_seq,
        .time = ref.time,
        .amount = ref.amount,
        .unit = ref.unit,
        .device = ref.device,
        .session = jd_key(e, JD_F_SESSION),
        .order = ref.order,
        .supplier = ref.supplier,
        .ip = fixed && !egress ? jd_key(e, JD_F_IP) : 0,
        .place = fixed ? place_of(e, egress) : 0,
        .region = ref.region,
        .type = ref.type,
        .handheld =
            channel == JD_CHANNEL_APP || channel == JD_CHANNEL_H5 || jd_num(e, JD_F_IP_CLASS) == JD_IP_MOBILE,
    };
}

/* The names that the act and whose it is are shown by. */
static void remember(struct jd_host *h, const struct jd_event *e)
{
    bool same = jd_key(e, JD_F_UNIT) == jd_key(e, JD_F_ACCOUNT_UNIT);

    jd_remember(h, e, JD_F_ACCOUNT);
    jd_remember(h, e, JD_F_UNIT);
    if (!same)
        jd_remember(h, e, JD_F_ACCOUNT_UNIT);
    jd_remember(h, e, JD_F_DEVICE);
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
    else if (kind != JD_ACCOUNT_SUPPLIER)
        return false;
    remember(h, e);
    act = account_sharing_act_of(h, e);
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

static void on_event(struct jd_host *h, const struct jd_event *e)
{
    struct account_sharing_use use = {
        .event = e,
        .config = jd_config(h),
        .account = jd_key(e, JD_F_ACCOUNT),
        .unit = jd_key(e, JD_F_ACCOUNT_UNIT),
        .management = jd_num(e, JD_F_ACCOUNT_KIND) == JD_ACCOUNT_MANAGEMENT,
        .trade = e->type == JD_TYPE_ORDER || e->type == JD_TYPE_RECEIPT || e->type == JD_TYPE_REVIEW,
    };
    struct account_sharing_account *account;

    if (use.account == 0 || is_relayed(e))
        return;
    if (learn_others(h, e))
        return;
    if (use.unit == 0)
        use.unit = jd_key(e, JD_F_UNIT);
    account = use.unit ? jd_get(h, ACCOUNT_SHARING_ACCOUNTS, use.account) : NULL;
    if (!account)
        return;
    remember(h, e);
    use.act = account_sharing_act_of(h, e);
    account_sharing_sessions(h, &use, account);
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
    .options = options,
    .n_options = sizeof(options) / sizeof(options[0]),
    .config_size = sizeof(struct account_sharing_config),
    .tables = tables,
    .n_tables = sizeof(tables) / sizeof(tables[0]),
    .signals = signals,
    .n_signals = sizeof(signals) / sizeof(signals[0]),
    .on_event = on_event,
};

JD_ENTRY(account_sharing)
{
    return &detector;
}
