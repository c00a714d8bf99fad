/* What the detector can be told, and what it says: its options and the words of its signals. */
#include "detectors/account_sharing/parts.h"

/* clang-format off */
#define OPTION(name, type, min, max, init, help) \
    {#name, JD_OPTION_##type, offsetof(struct account_sharing_config, name), min, max, init, help}
/* clang-format on */
#define STRENGTH(name, init, help) OPTION(name, STRENGTH, 0, JD_DB(40), JD_DB(init), help)

const struct jd_option account_sharing_options[] = {
    OPTION(travel_distance, INT, 20, 5000, 100, "A1: km that two places are apart at the least"),
    OPTION(travel_speed, INT, 100, 100000, 900, "A1: km/h that nobody travels at"),
    OPTION(travel_flight_distance, INT, 100, 10000, 600, "A1: km from which nobody is faster than a plane,"),
    OPTION(travel_flight_time, DURATION, 0, 6 * JD_HOUR, 90 * JD_MINUTE,
        "A1: and the time that its airports take"),
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
    STRENGTH(concurrent_apart_strength, 16, "A2: at different places, or an office and a home"),
    STRENGTH(concurrent_name_strength, 20, "A2: and all under one name"),
    STRENGTH(concurrent_repeated_strength, 22, "A2: and that on two days"),
    OPTION(active_days, INT, 1, 100, 5, "A3, A4, A7: days of use before anything is said of an account"),
    OPTION(base_days, INT, 2, 100, 3, "A3: days of use that make a place a base"),
    OPTION(base_overlap, DURATION, 0, 400 * JD_DAY, 7 * JD_DAY,
        "A3: two bases are used side by side for longer than that"),
    STRENGTH(base_strength, 6, "A3: one more base; half of it where all are near"),
    STRENGTH(base_more_strength, 10, "A3: two more, or more"),
    STRENGTH(base_hours_strength, 14, "A3: four devices that never share an hour of the day"),
    OPTION(
        base_turns_window, DURATION, JD_DAY, 90 * JD_DAY, 7 * JD_DAY, "A3: time in which turns are counted"),
    OPTION(base_turns, INT, 2, 5, 4, "A3: turns between places travel_hard_distance apart: two journeys"),
    STRENGTH(base_turns_strength, 14, "A3: so many turns"),
    OPTION(base_turns_hard, INT, 2, 5, 5, "A3: turns that are a hard fact"),
    STRENGTH(base_turns_hard_strength, 22, "A3: so many of them"),
    OPTION(hand_days, INT, 1, 100, 2, "A4: days of work that make a person count"),
    OPTION(hand_overlap, DURATION, 0, 400 * JD_DAY, 7 * JD_DAY, "A4: two work side by side for that long"),
    STRENGTH(hand_strength, 8, "A4: two people by turns, who are no colleagues"),
    STRENGTH(hand_three_strength, 14, "A4: three; a quarter of it for colleagues"),
    STRENGTH(hand_four_strength, 18, "A4: four or more"),
    OPTION(hand_outside, INT, 2, 8, 4, "A4: so many whom nobody saw in the office are a hard fact"),
    STRENGTH(hand_outside_strength, 22, "A4: and weigh this"),
    OPTION(
        operator_units, INT, 5, 1000000, 200, "A4: units met under one name past which it is a placeholder"),
    STRENGTH(operator_strength, 8, "A4: one real-name handler by turns for two unrelated units"),
    STRENGTH(operator_three_strength, 16, "A4: for three"),
    STRENGTH(operator_four_strength, 22, "A4: for four or more, a hard fact"),
    OPTION(
        device_accounts, INT, 8, 1000000, 1000, "A5: accounts met on a device past which it is everybody's"),
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
    STRENGTH(receipt_home_strength, 2, "A5: so much more where all of it is done from a home"),
    STRENGTH(undecided_strength, 18,
        "A4, A5, A8: at most, while a registry has no entry that would tell whose units belong together"),
    OPTION(duty_orders, INT, 2, 50, 5, "A6: orders on the managing account's device, and half of all"),
    STRENGTH(duty_strength, 5, "A6: so many; half of it for one or two clerks"),
    OPTION(rhythm_logins, INT, 6, 24, 12, "A7: logins that are compared with the two or more times before"),
    STRENGTH(rhythm_strength, 3, "A7: a change that one in a hundred accounts shows"),
    STRENGTH(rhythm_rare_strength, 6, "A7: one in a thousand"),
    OPTION(
        relay_gap, DURATION, JD_SECOND, JD_HOUR, 5 * JD_MINUTE, "A8: from the clerk's login to one far away"),
    STRENGTH(relay_strength, 6, "A8: these two; half of it where the clerk is on a mobile network"),
    OPTION(
        takeover_window, DURATION, JD_MINUTE, 48 * JD_HOUR, JD_DAY, "A8: time from the change to the trade"),
    STRENGTH(takeover_strength, 6, "A8: change, new device, trade"),
    STRENGTH(takeover_far_strength, 10, "A8: from far away"),
    OPTION(phone_met, INT, 4, 1000000, 200, "A8: units met on a phone past which it is a placeholder"),
    OPTION(phone_units, INT, 2, 4, 3, "A8: unrelated units whose accounts were rebound to one phone"),
    STRENGTH(phone_strength, 14, "A8: the new phone serves another unrelated unit"),
    STRENGTH(phone_units_strength, 18, "A8: it serves phone_units of them"),
    STRENGTH(phone_far_strength, 22, "A8: two of them were rebound from far away, a hard fact"),
    STRENGTH(house_strength, 8, "A4, A8: at most, where one bureau, levels up, stands over all of the units"),
};

#define HALF_LIFE_DAYS 180 /* accounts buy one to three times a year */

/* The registries that know whether units may lawfully share. */
#define FAMILY (JD_LIST_BIT(PARENT) | JD_LIST_BIT(SHARE_GROUP) | JD_LIST_BIT(CONTRACTOR))

const struct jd_signal account_sharing_signals[] = {
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
        "设备所在地至少相距 {distance}，已在 {days} 个不同日期出现",
        "suspected concurrent use: within {span} the account changed between devices {value} times "
        "(threshold {threshold}), at places at least {distance} apart; days on which it was seen: {days}",
        JD_UNIT_NUMBER, {{"span", JD_UNIT_MS}, {"distance", JD_UNIT_KM}, {"days", JD_UNIT_NUMBER}},
        HALF_LIFE_DAYS, 0},
    [ACCOUNT_SHARING_A3] = {"A3", "device",
        "疑似账号另有固定使用地点：账号在 {value} 处（阈值 {threshold}）以各自的设备交替使用，"
        "{from} 使用 {days} 天，{to} 使用 {other_days} 天，一周内异地往返切换 {turns} 次",
        "suspected second base: the account works by turns from {value} places (threshold {threshold}) with "
        "devices of their own, on {days} days in {from} and on {other_days} days in {to}; turns between "
        "cities "
        "far apart within a week: {turns}",
        JD_UNIT_NUMBER,
        {{"from", JD_UNIT_DIVISION}, {"to", JD_UNIT_DIVISION}, {"days", JD_UNIT_NUMBER},
            {"other_days", JD_UNIT_NUMBER}, {"turns", JD_UNIT_NUMBER}},
        HALF_LIFE_DAYS, 0},
    [ACCOUNT_SHARING_A4] = {"A4", "identity",
        "疑似多人轮流使用同一账号：{value} 名经办人（阈值 {threshold}）在同一时期交替使用，"
        "其中 {outside} 名未在单位办公网络或与他人同处出现过",
        "suspected use by several people: {value} handlers (threshold {threshold}) work with the account by "
        "turns over the same time, {outside} of whom were never seen in the unit's office or beside another",
        JD_UNIT_NUMBER, {{"outside", JD_UNIT_NUMBER}}, HALF_LIFE_DAYS, 0},
    [ACCOUNT_SHARING_A4_UNITS] = {"A4.units", "identity",
        "疑似一人经办多单位：经办人 {operator} 以 {value} 个互无隶属关系单位（阈值 "
        "{threshold}）的账号办理采购",
        "suspected common handler: {operator} works with the accounts of {value} units that have nothing to "
        "do "
        "with each other (threshold {threshold})",
        JD_UNIT_NUMBER, {{"operator", JD_ENTITY(OPERATOR)}}, HALF_LIFE_DAYS, FAMILY},
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
    [ACCOUNT_SHARING_A6] = {"A6", "role",
        "管理账号与交易账号未分开：{orders} 笔订单中有 {value} 笔（阈值 {threshold}）在管理账号也使用的设备 "
        "{device}"
        " 上下单",
        "duties not kept apart: {value} (threshold {threshold}) of {orders} orders were placed on device "
        "{device}, "
        "with which the unit's management account works too",
        JD_UNIT_NUMBER, {{"orders", JD_UNIT_NUMBER}, {"device", JD_ENTITY(DEVICE)}}, HALF_LIFE_DAYS, 0},
    [ACCOUNT_SHARING_A7] = {"A7", "habit",
        "使用习惯突变：账号登录时段与网络较以往明显不同（卡方 {value}，在 {accounts} 次比较中列第 "
        "{threshold}），"
        "主要时段由 {usual_hour} 时变为 {recent_hour} 时",
        "change of habits: hours and networks of the account's logins differ from before (chi-square "
        "{value}, "
        "number {threshold} of {accounts} comparisons); the busiest hours begin at {recent_hour}, no longer "
        "at "
        "{usual_hour}",
        JD_UNIT_NUMBER,
        {{"accounts", JD_UNIT_NUMBER}, {"usual_hour", JD_UNIT_NUMBER}, {"recent_hour", JD_UNIT_NUMBER}},
        HALF_LIFE_DAYS, 0},
    [ACCOUNT_SHARING_A8] = {"A8", "takeover",
        "疑似账号被接管：{changed} 变更手机号或密码，{value} 后（阈值 {threshold}）账号即在从未用过的设备 "
        "{device} 上办理采购",
        "suspected takeover: phone or password changed at {changed}, and {value} later (threshold "
        "{threshold}) the account traded on device {device}, which it had not used before",
        JD_UNIT_MS, {{"device", JD_ENTITY(DEVICE)}, {"changed", JD_UNIT_TIME}}, HALF_LIFE_DAYS, 0},
    [ACCOUNT_SHARING_A8_RELAY] = {"A8.relay", "place",
        "疑似转述验证码：账号在本单位登录 {value} 后（阈值 {threshold}）又在 {place} 的设备 {device} 上登录",
        "suspected relay of a code: {value} (threshold {threshold}) after a login of its own the account was "
        "logged in to in {place}, on device {device}",
        JD_UNIT_MS, {{"place", JD_UNIT_DIVISION}, {"device", JD_ENTITY(DEVICE)}}, HALF_LIFE_DAYS, 0},
    [ACCOUNT_SHARING_A8_PHONE] = {"A8.phone", "identity",
        "疑似一机多号：账号于 {changed} 绑定手机号 {phone}，"
        "该号码服务 {value} 个互无隶属关系的单位（阈值 {threshold}）",
        "suspected common holder: at {changed} the account was bound to phone {phone}, which serves "
        "{value} units that have nothing to do with each other (threshold {threshold})",
        JD_UNIT_NUMBER, {{"phone", JD_ENTITY(PHONE)}, {"changed", JD_UNIT_TIME}}, HALF_LIFE_DAYS, FAMILY},
};
