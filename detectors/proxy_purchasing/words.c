/* What the signals are called, how they read, and what they need. */
#include "detectors/proxy_purchasing/proxy_purchasing.h"

#define HALF_LIFE 90
#define COUNTS                                                                                               \
    {"orders", JD_UNIT_NUMBER}, {"amount", JD_UNIT_FEN}, {"first", JD_UNIT_TIME},                            \
    {                                                                                                        \
        "last", JD_UNIT_TIME                                                                                 \
    }
#define FACTS(name, kind, ...)                                                                               \
    {                                                                                                        \
        COUNTS, {name, JD_ENTITY(kind)}, __VA_ARGS__                                                         \
    }
#define COUNTED_ZH "（阈值 {threshold}），共 {orders} 笔、{amount}，{first} 至 {last}"
#define COUNTED_EN " (threshold {threshold}): {orders} orders, {amount}, from {first} to {last}"

const struct jd_signal proxy_purchasing_signals[SIGNALS] = {
    [P0_DEVICE] = {"P0.device", "known", "名录中第三方的设备 {device} 疑似代 {value} 个单位下单" COUNTED_ZH,
        "device {device} of a listed third party is suspected of ordering for {value} units" COUNTED_EN,
        JD_UNIT_NUMBER, FACTS("device", DEVICE), HALF_LIFE, 0},
    [P0_ACCOUNT] = {"P0.account", "known",
        "名录中第三方的账号 {account} 疑似代 {value} 个单位下单" COUNTED_ZH,
        "account {account} of a listed third party is suspected of ordering for {value} units" COUNTED_EN,
        JD_UNIT_NUMBER, FACTS("account", ACCOUNT), HALF_LIFE, 0},
    [P0_PHONE] = {"P0.phone", "known",
        "名录中第三方的手机 {phone} 疑似用于 {value} 个单位的账号或收货" COUNTED_ZH,
        "phone {phone} of a listed third party is suspected to stand behind the accounts or deliveries of "
        "{value} units" COUNTED_EN,
        JD_UNIT_NUMBER, FACTS("phone", PHONE), HALF_LIFE, 0},
    [P0_ADDRESS] = {"P0.address", "known",
        "{value} 个单位的货物疑似送往名录中第三方的地址 {address}" COUNTED_ZH,
        "the goods of {value} units are suspected to go to {address}, an address of a listed third "
        "party" COUNTED_EN,
        JD_UNIT_NUMBER, FACTS("address", ADDRESS), HALF_LIFE, 0},
    [P1] = {"P1", "device", "同一设备 {device} 疑似为 {value} 个互无隶属关系的单位下单" COUNTED_ZH,
        "one device, {device}, is suspected of ordering for {value} unrelated units" COUNTED_EN,
        JD_UNIT_NUMBER, FACTS("device", DEVICE, {"searches_cut", JD_UNIT_NUMBER}), HALF_LIFE,
        JD_LIST_BIT(PARENT)},
    [P2] = {"P2", "network", "同一办公网络 {network} 疑似有 {value} 个互无隶属关系的单位下单" COUNTED_ZH,
        "{value} unrelated units are suspected of ordering from one office network, {network}" COUNTED_EN,
        JD_UNIT_NUMBER, FACTS("network", IP), HALF_LIFE, JD_LIST_BIT(PARENT) | JD_LIST_BIT(EGRESS_IP)},
    [P3_PHONE] = {"P3.phone", "phone",
        "同一手机 {phone} 疑似用于 {value} 个互无隶属关系的单位的账号或收货" COUNTED_ZH,
        "one phone, {phone}, is suspected to stand behind the accounts or deliveries of {value} unrelated "
        "units" COUNTED_EN,
        JD_UNIT_NUMBER, FACTS("phone", PHONE), HALF_LIFE, JD_LIST_BIT(PARENT)},
    [P3_PAYER] = {"P3.payer", "payer",
        "同一付款账户 {payer} 疑似为 {value} 个互无隶属关系的其他单位付款" COUNTED_ZH,
        "one payer, {payer}, is suspected of paying for {value} other unrelated units" COUNTED_EN,
        JD_UNIT_NUMBER, FACTS("payer", PAYER), HALF_LIFE, JD_LIST_BIT(PARENT) | JD_LIST_BIT(TREASURY_PAYER)},
    [P3_ADDRESS] = {"P3.address", "address",
        "{value} 个互无隶属关系的单位的货物疑似送往同一地址 {address}" COUNTED_ZH,
        "the goods of {value} unrelated units are suspected to go to one address, {address}" COUNTED_EN,
        JD_UNIT_NUMBER, FACTS("address", ADDRESS), HALF_LIFE,
        JD_LIST_BIT(PARENT) | JD_LIST_BIT(COMPOUND_ADDRESS)},
    [P4] = {"P4", "timing",
        "{value} 个互无隶属关系的单位疑似在同一时段向供应商 {supplier} 订购同样数量的同一商品" COUNTED_ZH,
        "{value} unrelated units are suspected of ordering in lockstep: the same goods, in the same "
        "quantity, at "
        "the same time, from supplier {supplier}" COUNTED_EN,
        JD_UNIT_NUMBER, FACTS("supplier", SUPPLIER, {"repeated", JD_UNIT_NUMBER}), HALF_LIFE,
        JD_LIST_BIT(PARENT)},
    [P5] = {"P5", "place",
        "设备 {device} 疑似为第三方代办点：{units} 个互无隶属关系的单位在 {value} "
        "个不同星期由此下单" COUNTED_ZH,
        "device {device} is suspected to stand at a third party's place: {units} unrelated units ordered "
        "there in "
        "{value} different weeks" COUNTED_EN,
        JD_UNIT_NUMBER, FACTS("device", DEVICE, {"units", JD_UNIT_NUMBER}), HALF_LIFE, JD_LIST_BIT(PARENT)},
    [P6] = {"P6", "declaration",
        "{value} 个互无隶属关系的单位均声明付款账户 {payer} 为本单位户名，声明疑似不实" COUNTED_ZH,
        "{value} unrelated units declared payer {payer} to bear their own name, which is suspected to be "
        "untrue" COUNTED_EN,
        JD_UNIT_NUMBER, FACTS("payer", PAYER), HALF_LIFE, JD_LIST_BIT(PARENT) | JD_LIST_BIT(TREASURY_PAYER)},
    [P6_SELLER] = {"P6.seller", "payer",
        "付款账户 {payer} 疑似为供应商 {supplier} 的收款账户，却为 {value} "
        "个互无隶属关系的单位付款" COUNTED_ZH,
        "payer {payer} is suspected to be the account of supplier {supplier}, and pays for {value} unrelated "
        "units" COUNTED_EN,
        JD_UNIT_NUMBER, FACTS("payer", PAYER, {"supplier", JD_ENTITY(SUPPLIER)}), HALF_LIFE,
        JD_LIST_BIT(PARENT) | JD_LIST_BIT(TREASURY_PAYER)},
    [P7] = {"P7", "timing",
        "设备 {device} 在 {span} 内疑似连续切换 {value} 个互无隶属关系的单位下单" COUNTED_ZH,
        "device {device} is suspected of hopping over {value} unrelated units within {span}" COUNTED_EN,
        JD_UNIT_NUMBER, FACTS("device", DEVICE, {"span", JD_UNIT_MS}), HALF_LIFE, JD_LIST_BIT(PARENT)},
    [P8] = {"P8", "burst", "该小时疑似集中下单 {in_hour} 笔，远多于平时（卡方 {value}）" COUNTED_ZH,
        "{in_hour} orders within the hour are suspected to be far more than usual (chi squared "
        "{value})" COUNTED_EN,
        JD_UNIT_NUMBER, {COUNTS, {"in_hour", JD_UNIT_NUMBER}}, HALF_LIFE, 0},
    [P9] = {"P9", "unit", "账号 {account} 疑似为非本单位的 {value} 个互无隶属关系的单位下单" COUNTED_ZH,
        "account {account} is suspected of ordering for {value} unrelated units that are not its "
        "own" COUNTED_EN,
        JD_UNIT_NUMBER, FACTS("account", ACCOUNT, {"known_superiors", JD_UNIT_NUMBER}), HALF_LIFE,
        JD_LIST_BIT(PARENT)},
    [P10] = {"P10", "area", "共用同一资源的单位分布在 {value} 个城市，疑似并非邻近单位正常共用" COUNTED_ZH,
        "the units behind one resource lie in {value} cities, which is suspected to be more than sharing "
        "among neighbours" COUNTED_EN,
        JD_UNIT_NUMBER, {COUNTS}, HALF_LIFE, JD_LIST_BIT(PARENT)},
    [P11] = {"P11", "supplier",
        "{value} 个互无隶属关系、共用设备或收货方的单位疑似集中向同一供应商 {supplier} 采购" COUNTED_ZH,
        "{value} unrelated units that share devices or a consignee are suspected of being steered to one "
        "supplier, "
        "{supplier}" COUNTED_EN,
        JD_UNIT_NUMBER, FACTS("supplier", SUPPLIER), HALF_LIFE, JD_LIST_BIT(PARENT)},
    [P12] = {"P12", "device",
        "{value} 个互无隶属关系的单位分散共用 {devices} 台设备，疑似由同一方代为下单" COUNTED_ZH,
        "{value} unrelated units share {devices} devices among them and are suspected of being ordered for "
        "by "
        "one party" COUNTED_EN,
        JD_UNIT_NUMBER, FACTS("supplier", SUPPLIER, {"devices", JD_UNIT_NUMBER}), HALF_LIFE,
        JD_LIST_BIT(PARENT)},
    [P13] = {"P13", "ring", "疑似同一方以 {value} 类、{resources} 项共用资源联系这些单位" COUNTED_ZH,
        "{value} kinds of shared resource, {resources} in all, are suspected to tie these units to one "
        "party" COUNTED_EN,
        JD_UNIT_NUMBER, {COUNTS, {"resources", JD_UNIT_NUMBER}}, HALF_LIFE, JD_LIST_BIT(PARENT)},
    [P10_NEAR] = {"P10.near", "area",
        "共用同一资源的单位分布在 {value} 个区县，疑似并非邻近单位正常共用" COUNTED_ZH,
        "the units behind one resource lie in {value} divisions, which is suspected to be more than sharing "
        "among neighbours" COUNTED_EN,
        JD_UNIT_NUMBER, {COUNTS}, HALF_LIFE, JD_LIST_BIT(PARENT)},
};

#define ON(type, fields) JD_TYPE_BIT(type), fields
#define FIELD(name) JD_FIELD_BIT(name)
#define EITHER(what) JD_LIST_BIT(AGENT_##what) | JD_LIST_BIT(PAVILION_##what)

const struct jd_need proxy_purchasing_needs[NEEDS] = {
    {P0_DEVICE, 0, ON(ORDER, FIELD(DEVICE)), EITHER(DEVICE)},
    {P0_ACCOUNT, 0, ON(ORDER, FIELD(ACCOUNT)), EITHER(ACCOUNT)},
    {P0_PHONE, 0, ON(ORDER, FIELD(CONSIGNEE_PHONE)), EITHER(PHONE)},
    {P0_ADDRESS, 0, ON(ORDER, FIELD(ADDRESS)), EITHER(ADDRESS)},
    {P1, 0, ON(ORDER, FIELD(DEVICE)), 0},
    {P2, 0, ON(ORDER, FIELD(IP) | FIELD(IP_CLASS) | FIELD(DEVICE)), 0},
    {P3_PHONE, 0, ON(ORDER, FIELD(CONSIGNEE_PHONE)), 0},
    {P3_PAYER, 0, ON(PAYMENT, FIELD(PAYER)), 0},
    {P3_ADDRESS, 0, ON(ORDER, FIELD(ADDRESS)), 0},
    {P4, 0, ON(ORDER, FIELD(SUPPLIER) | FIELD(SKU) | FIELD(QUANTITY)), 0},
    {P5, 0, ON(ORDER, FIELD(DEVICE)), 0},
    {P5, 0, ON(LOGIN, FIELD(DEVICE)), 0},
    {P6, 0, ON(PAYMENT, FIELD(PAYER) | FIELD(PAYER_NAME_MATCHES)), 0},
    {P6_SELLER, 0, ON(PAYMENT, FIELD(PAYER) | FIELD(PAYEE)), 0},
    {P7, 0, ON(ORDER, FIELD(DEVICE)), 0},
    {P9, 0, ON(ORDER, FIELD(ACCOUNT) | FIELD(ACCOUNT_UNIT) | FIELD(UNIT)), 0},
    {P10, 0, ON(ORDER, FIELD(REGION)), 0},
    {P10_NEAR, 0, ON(ORDER, FIELD(REGION)), 0},
    {P11, 0, ON(ORDER, FIELD(DEVICE) | FIELD(SUPPLIER)), 0},
    {P12, 0, ON(ORDER, FIELD(DEVICE) | FIELD(SUPPLIER)), 0},
};
