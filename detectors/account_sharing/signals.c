/* What the detector can be told, and what it says: its options and the words of its signals. */
#include "detectors/account_sharing/parts.h"

/* clang-format off */
#define OPTION(name, type, min, max, init, help) \
    {#name, JD_OPTION_##type, offsetof(struct account_sharing_config, name), min, max, init, help}
/* clang-format on */
#define STRENGTH(name, init, help) OPTION(name, STRENGTH, 0, JD_DB(40), JD_DB(init), help)

const struct jd_option account_sharing_options[ACCOUNT_SHARING_OPTIONS] = {
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
    OPTION(receipt_window, DURATION, JD_DAY, ACCOUNT_SHARING_LONG, 30 * JD_DAY,
        "A5: time within which receipts on one device count together"),
    OPTION(receipt_units, INT, 3, 8, 4, "A5: unrelated units for which one device accepts or reviews"),
    STRENGTH(receipt_strength, 14, "A5: receipts for receipt_units; 2 dB more for each further unit"),
    STRENGTH(undecided_strength, 18,
        "A4, A5, A8: at most, while a registry has no entry that would tell whose units belong together"),
    OPTION(
        takeover_window, DURATION, JD_MINUTE, 48 * JD_HOUR, JD_DAY, "A8: time from the change to the trade"),
    STRENGTH(takeover_strength, 6, "A8: change, new device, trade"),
    STRENGTH(takeover_far_strength, 8, "A8: from far away"),
    OPTION(phone_units, INT, 2, 4, 3, "A8: unrelated units whose accounts were rebound to one phone"),
    STRENGTH(phone_strength, 14, "A8: the new phone serves another unrelated unit"),
    STRENGTH(phone_units_strength, 18, "A8: it serves phone_units of them"),
};

#define HALF_LIFE_DAYS 180 /* accounts buy one to three times a year */

/* The registries that know whether units may lawfully share. */
#define FAMILY (JD_LIST_BIT(PARENT) | JD_LIST_BIT(SHARE_GROUP) | JD_LIST_BIT(CONTRACTOR))

const struct jd_signal account_sharing_signals[ACCOUNT_SHARING_SIGNALS] = {
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
        HALF_LIFE_DAYS, FAMILY},
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
        HALF_LIFE_DAYS, FAMILY | JD_LIST_BIT(DESK_DEVICE)},
    [ACCOUNT_SHARING_A5_MANAGEMENT_SHARED] = {"A5.management_shared", "identity",
        "疑似管理账号由代办者掌握：管理账号在设备 {device} 上使用，同一设备、同一地址先后为 {value} 个"
        "互无隶属关系的单位办理采购（阈值 {threshold}）",
        "suspected use of a management account by an agent: it was used on device {device}, where {value} "
        "units "
        "that have nothing to do with each other were traded for from one address (threshold {threshold})",
        JD_UNIT_NUMBER, {{"device", JD_ENTITY(DEVICE)}}, HALF_LIFE_DAYS, FAMILY | JD_LIST_BIT(DESK_DEVICE)},
    [ACCOUNT_SHARING_A5_RECEIPTS] = {"A5.receipts", "identity",
        "疑似一人代多单位收货、评价：设备 {device} 在 {days} 个不同日期先后为 {value} 个互无隶属关系的单位"
        "确认收货或评价（阈值 {threshold}）",
        "suspected acceptance by one hand: on device {device} goods were accepted or reviewed on {days} days "
        "for {value} units that have nothing to do with each other (threshold {threshold})",
        JD_UNIT_NUMBER, {{"device", JD_ENTITY(DEVICE)}, {"days", JD_UNIT_NUMBER}}, HALF_LIFE_DAYS,
        FAMILY | JD_LIST_BIT(DESK_DEVICE)},
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
        JD_UNIT_NUMBER, {{"phone", JD_ENTITY(PHONE)}, {"changed", JD_UNIT_TIME}}, HALF_LIFE_DAYS, FAMILY},
};
