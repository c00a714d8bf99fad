/* The signals' names, groups and words. */
#include "detectors/fake_trade/fake_trade.h"

#define ORDER_FACT                                                                                           \
    {                                                                                                        \
        "order", JD_ENTITY(ORDER)                                                                            \
    }
#define UNIT_FACT                                                                                            \
    {                                                                                                        \
        "unit", JD_ENTITY(UNIT)                                                                              \
    }
#define LINK_FACTS(kind)                                                                                     \
    {                                                                                                        \
        ORDER_FACT, UNIT_FACT, {"key", JD_ENTITY(kind)}, {"supplier", JD_ENTITY(SUPPLIER)},                  \
        {                                                                                                    \
            "since", JD_UNIT_TIME                                                                            \
        }                                                                                                    \
    }
#define REUSE_FACTS                                                                                          \
    {                                                                                                        \
        ORDER_FACT, UNIT_FACT, {"waybill", JD_ENTITY(WAYBILL)}, {"other_order", JD_ENTITY(ORDER)},           \
            {"other_unit", JD_ENTITY(UNIT)},                                                                 \
        {                                                                                                    \
            "other_time", JD_UNIT_TIME                                                                       \
        }                                                                                                    \
    }
#define REUSE_ZH                                                                                                               \
    "运单{waybill}已于{other_time}用于{other_unit}的订单{other_order}，又用于{unit}的订单{order}，共{value}" \
    "笔订单同用一张运单，疑似虚假发货"
#define REUSE_EN                                                                                             \
    "waybill {waybill} was used for order {other_order} of {other_unit} on {other_time} and again for "      \
    "order "                                                                                                 \
    "{order} of {unit}, {value} orders in all: suspected fake shipment"

const struct jd_signal fake_trade_signals[SIGNALS] = {
    [F1] = {.name = "F1",
        .group = "logistics",
        .zh = "{unit}的订单{order}于{received}确认收货，等候{waited}仍无任何发货记录；该供应商此类订单共{"
              "value}笔，疑似无货交易",
        .en = "order {order} of {unit} was accepted on {received}, and {waited} later nothing had been "
              "shipped; {value} such "
              "orders at this supplier: suspected trade without goods",
        .value_unit = JD_UNIT_NUMBER,
        .facts = {ORDER_FACT, UNIT_FACT, {"received", JD_UNIT_TIME}, {"waited", JD_UNIT_MS}},
        .half_life_days = 90},
    [F1_LABEL] = {.name = "F1.label",
        .group = "logistics",
        .zh = "{unit}的订单{order}于{shipped}登记运单{waybill}，{waited}"
              "内承运方没有任何扫描；该供应商此类订单共{value}笔，疑似空单",
        .en = "order {order} of {unit} got waybill {waybill} on {shipped}, but the carrier scanned nothing "
              "within {waited}; "
              "{value} such orders at this supplier: suspected empty label",
        .value_unit = JD_UNIT_NUMBER,
        .facts = {ORDER_FACT, UNIT_FACT, {"waybill", JD_ENTITY(WAYBILL)}, {"shipped", JD_UNIT_TIME},
            {"waited", JD_UNIT_MS}},
        .half_life_days = 90},
    [F2] = {.name = "F2",
        .group = "logistics",
        .zh = REUSE_ZH,
        .en = REUSE_EN,
        .value_unit = JD_UNIT_NUMBER,
        .facts = REUSE_FACTS,
        .half_life_days = 90,
        .registries = JD_LIST_BIT(PARENT) | JD_LIST_BIT(SHARE_GROUP) | JD_LIST_BIT(COMPOUND_ADDRESS)},
    [F2_FAR] = {.name = "F2.far", /* another prefecture: no registry could explain it */
        .group = "logistics",
        .zh = REUSE_ZH "（两单位不在同一地市）",
        .en = REUSE_EN " (the units are in different prefectures)",
        .value_unit = JD_UNIT_NUMBER,
        .facts = REUSE_FACTS,
        .half_life_days = 90},
    [F4] = {.name = "F4",
        .group = "time",
        .zh = "{unit}的订单{order}从{from}发往{to}，仅{value}即确认收货（下限{threshold}"
              "），且当时没有送达记录；该供应商此类订单共{orders}笔，疑似未收货先确认",
        .en = "order {order} of {unit}, from {from} to {to}, was accepted after only {value} (limit "
              "{threshold}) and had not been delivered; {orders} such orders at this supplier: suspected "
              "acceptance without goods",
        .value_unit = JD_UNIT_MS,
        .facts = {ORDER_FACT, UNIT_FACT, {"from", JD_UNIT_DIVISION}, {"to", JD_UNIT_DIVISION},
            {"orders", JD_UNIT_NUMBER}},
        .half_life_days = 90},
    [F4_RARE] = {.name = "F4.rare",
        .group = "time",
        .zh = "{unit}的订单{order}从{from}发往{to}，{value}即确认收货；{peers}笔同类订单中同样快的有{faster}"
              "笔，疑似未收货先确认",
        .en = "order {order} of {unit}, from {from} to {to}, was accepted after {value}; of {peers} orders "
              "alike {faster} were as fast: suspected acceptance without goods",
        .value_unit = JD_UNIT_MS,
        .facts = {ORDER_FACT, UNIT_FACT, {"faster", JD_UNIT_NUMBER}, {"peers", JD_UNIT_NUMBER},
            {"from", JD_UNIT_DIVISION}, {"to", JD_UNIT_DIVISION}},
        .half_life_days = 90},
    [F5_DEVICE] = {.name = "F5.device",
        .group = "identity",
        .zh = "{unit}的订单{order}所用设备{key}自{since}起也是供应商{supplier}的设备，疑似买卖双方关联",
        .en = "device {key}, used for order {order} of {unit}, has been supplier {supplier}'s too since "
              "{since}: suspected link of "
              "buyer and seller",
        .value_unit = JD_UNIT_NUMBER,
        .facts = LINK_FACTS(DEVICE),
        .half_life_days = 90},
    [F5_PHONE] = {.name = "F5.phone",
        .group = "identity",
        .zh = "{unit}的订单{order}的电话{key}自{since}起也是供应商{supplier}的电话，疑似买卖双方关联",
        .en = "phone {key} of order {order} of {unit} has been supplier {supplier}'s too since {since}: "
              "suspected link of buyer and "
              "seller",
        .value_unit = JD_UNIT_NUMBER,
        .facts = LINK_FACTS(PHONE),
        .half_life_days = 90},
    [F5_PAYER] = {.name = "F5.payer",
        .group = "identity",
        .zh = "{unit}的订单{order}由账户{key}付款，而该账户自{since}起是供应商{supplier}"
              "的收款账户，疑似自买自卖",
        .en = "order {order} of {unit} was paid from account {key}, which has received supplier {supplier}'s "
              "money since {since}: "
              "suspected purchase from oneself",
        .value_unit = JD_UNIT_NUMBER,
        .facts = LINK_FACTS(PAYER),
        .half_life_days = 90},
    [F5_ADDRESS] = {.name = "F5.address",
        .group = "identity",
        .zh = "{unit}的订单{order}送往{key}，自{since}起也是供应商{supplier}的地址，疑似买卖双方关联",
        .en = "order {order} of {unit} goes to {key}, which has been supplier {supplier}'s address too since "
              "{since}: suspected "
              "link of buyer and seller",
        .value_unit = JD_UNIT_NUMBER,
        .facts = LINK_FACTS(ADDRESS),
        .half_life_days = 90},
    [F13] = {.name = "F13",
        .group = "time",
        .zh = "{unit}的订单{order}于{ordered}下单，发票却开于{invoiced}，早{value}，疑似线下采购、线上补单",
        .en = "order {order} of {unit} was placed on {ordered}, but its invoice is of {invoiced}, {value} "
              "earlier: suspected "
              "back-filled order",
        .value_unit = JD_UNIT_DAYS,
        .facts = {ORDER_FACT, UNIT_FACT, {"invoiced", JD_UNIT_TIME}, {"ordered", JD_UNIT_TIME}},
        .half_life_days = 90},
    [F13_SCAN] = {.name = "F13.scan",
        .group = "time",
        .zh = "{unit}的订单{order}在买方所在地{value}揽收，而供应商在{threshold}，疑似本地现货补单",
        .en = "order {order} of {unit} was collected in the buyer's own city {value}, although the supplier "
              "is in {threshold}: "
              "suspected local stock back-filled",
        .value_unit = JD_UNIT_DIVISION,
        .facts = {ORDER_FACT, UNIT_FACT, {"waybill", JD_ENTITY(WAYBILL)}, {"unit_region", JD_UNIT_DIVISION}},
        .half_life_days = 90,
        .registries = JD_LIST_BIT(SUPPLIER_WAREHOUSE)},
    [F14] = {.name = "F14",
        .group = "money",
        .zh = "{unit}的订单{order}于{paid}由账户{payer}付款，{value}却于{refunded}退至账户{payee}"
              "，疑似退款转移",
        .en = "order {order} of {unit} was paid from account {payer} on {paid}, but {value} went back to "
              "account {payee} on "
              "{refunded}: suspected refund diversion",
        .value_unit = JD_UNIT_FEN,
        .facts = {ORDER_FACT, UNIT_FACT, {"payer", JD_ENTITY(PAYER)}, {"payee", JD_ENTITY(PAYER)},
            {"paid", JD_UNIT_TIME}, {"refunded", JD_UNIT_TIME}},
        .half_life_days = 90},
    [F14_YEAR] = {.name = "F14.year",
        .group = "money",
        .zh = "{unit}的订单{order}于{received}确认并计入年度，{value}却于次年{refunded}"
              "退回；该单位与供应商此类订单共{orders}笔，疑似"
              "虚增完成额",
        .en = "order {order} of {unit} was accepted and counted on {received}, but {value} was refunded in a "
              "later year, on "
              "{refunded}; {orders} such orders of the pair: suspected inflation of the year's amount",
        .value_unit = JD_UNIT_FEN,
        .facts = {ORDER_FACT, UNIT_FACT, {"received", JD_UNIT_TIME}, {"refunded", JD_UNIT_TIME},
            {"orders", JD_UNIT_NUMBER}},
        .half_life_days = 90},
    [F3_WEIGHT] = {.name = "F3.weight",
        .group = "logistics",
        .zh = "{unit}的订单{order}申报重{declared}克，承运方称得最多{value}克（低于{threshold}"
              "克），该供应商此类订单共{orders}笔，疑似空包",
        .en = "order {order} of {unit} was declared with {declared} g, but the carrier weighed at most "
              "{value} g "
              "(limit {threshold} g); {orders} such orders at this supplier: suspected empty parcel",
        .value_unit = JD_UNIT_NUMBER,
        .facts = {ORDER_FACT, UNIT_FACT, {"waybill", JD_ENTITY(WAYBILL)}, {"declared", JD_UNIT_NUMBER},
            {"orders", JD_UNIT_NUMBER}},
        .half_life_days = 90},
    [F3_TRACE] = {.name = "F3.trace",
        .group = "logistics",
        .zh = "{unit}的订单{order}于{sent}在{from}揽收，{arrived}在{to}签收，行程不可能（时速至少{value}"
              "，上限{threshold}），疑似虚假物流轨迹",
        .en = "order {order} of {unit} was collected in {from} on {sent} and delivered in {to} on {arrived}, "
              "at "
              "least {value} (limit {threshold}): suspected made-up scans",
        .value_unit = JD_UNIT_KMH,
        .facts = {ORDER_FACT, UNIT_FACT, {"from", JD_UNIT_DIVISION}, {"sent", JD_UNIT_TIME},
            {"to", JD_UNIT_DIVISION}, {"arrived", JD_UNIT_TIME}},
        .half_life_days = 90},
    [F3_PLACE] = {.name = "F3.place",
        .group = "logistics",
        .zh = "{unit}的订单{order}在{value}签收，而单位在{threshold}，该供应商此类订单共{orders}"
              "笔，疑似虚假收货",
        .en =
            "order {order} of {unit} was delivered in {value}, but the unit is in {threshold}; {orders} such "
            "orders at this supplier: suspected delivery to somebody else",
        .value_unit = JD_UNIT_DIVISION,
        .facts = {ORDER_FACT, UNIT_FACT, {"waybill", JD_ENTITY(WAYBILL)}, {"orders", JD_UNIT_NUMBER}},
        .half_life_days = 90},
    [F3_ORIGIN] = {.name = "F3.origin",
        .group = "logistics",
        .zh = "{unit}的订单{order}称自{threshold}发出，承运方却在买方所在地{value}揽收，该供应商此类订单共{"
              "orders}笔，疑似虚假发货",
        .en = "order {order} of {unit} is said to have been sent from {threshold}, but the carrier collected "
              "it in the buyer's own city {value}; {orders} such orders at this supplier: suspected made-up "
              "shipment",
        .value_unit = JD_UNIT_DIVISION,
        .facts = {ORDER_FACT, UNIT_FACT, {"waybill", JD_ENTITY(WAYBILL)}, {"orders", JD_UNIT_NUMBER}},
        .half_life_days = 90,
        .registries = JD_LIST_BIT(SUPPLIER_WAREHOUSE)},
    [F4_EARLY] = {.name = "F4.early",
        .group = "time",
        .zh = "{unit}的订单{order}于{received}确认收货，而运单{waybill}于{scanned}才有记录，早{value}（下限{"
              "threshold}），该供应商此类订单共{orders}笔，疑似未收货先确认",
        .en = "order {order} of {unit} was accepted on {received}, {value} before the carrier's record of "
              "waybill "
              "{waybill} on {scanned} (limit {threshold}); {orders} such orders at this supplier: suspected "
              "acceptance without goods",
        .value_unit = JD_UNIT_MS,
        .facts = {ORDER_FACT, UNIT_FACT, {"received", JD_UNIT_TIME}, {"scanned", JD_UNIT_TIME},
            {"waybill", JD_ENTITY(WAYBILL)}, {"orders", JD_UNIT_NUMBER}},
        .half_life_days = 90},
    [F12] = {.name = "F12",
        .group = "identity",
        .zh = "设备{device}自{first}至{last}以{value}家互不相关单位的账户确认收货，最近为{unit}的订单{order}"
              "，疑似他人代为验收",
        .en =
            "device {device} accepted goods with the accounts of {value} unrelated units between {first} and "
            "{last}, lastly order {order} of {unit}: suspected acceptance by a third party",
        .value_unit = JD_UNIT_NUMBER,
        .facts = {{"device", JD_ENTITY(DEVICE)}, ORDER_FACT, UNIT_FACT, {"first", JD_UNIT_TIME},
            {"last", JD_UNIT_TIME}},
        .half_life_days = 90,
        .registries = JD_LIST_BIT(PARENT) | JD_LIST_BIT(SHARE_GROUP) | JD_LIST_BIT(CONTRACTOR) |
                      JD_LIST_BIT(DESK_DEVICE)},
    [F12_SIDE] = {.name = "F12.side",
        .group = "identity",
        .zh = "设备{device}属于供应商或已登记的第三方，却在{last}为{unit}的订单{order}确认收货，共涉及{value}"
              "家互不相关单位，疑似他人代为验收",
        .en = "device {device} belongs to a supplier or a registered third party, but accepted order {order} "
              "of "
              "{unit} on {last}; {value} unrelated units in all: suspected acceptance by the wrong side",
        .value_unit = JD_UNIT_NUMBER,
        .facts = {{"device", JD_ENTITY(DEVICE)}, ORDER_FACT, UNIT_FACT, {"last", JD_UNIT_TIME}},
        .half_life_days = 90},
    [F6] = {.name = "F6",
        .group = "money",
        .zh = "{unit}的订单{order}的货款处于{value}笔转账构成的资金回路中：付出{sent}，{returned}于{time}"
              "回到付款方（另有{cut}次搜索未完成），疑似资金回流",
        .en = "the payment for order {order} of {unit} is part of a circle of {value} transfers: of {sent} "
              "sent, "
              "{returned} came back to the sender on {time} ({cut} other searches were cut short): suspected "
              "circular money",
        .value_unit = JD_UNIT_NUMBER,
        .facts = {ORDER_FACT, UNIT_FACT, {"sent", JD_UNIT_FEN}, {"returned", JD_UNIT_FEN},
            {"time", JD_UNIT_TIME}, {"cut", JD_UNIT_NUMBER}},
        .half_life_days = 90},
    [F7] = {.name = "F7",
        .group = "pair",
        .zh = "{unit}的订单{order}款项付至账户{payee}；该账户收款的{received}笔已收货订单中有{wrong}"
              "笔事后退款或存在异常（占比至少{value}），疑似虚构成交",
        .en = "order {order} of {unit} was paid to account {payee}; of {received} accepted orders paid to it "
              "{wrong} "
              "were refunded afterwards or had faults, {value} at least: suspected wash trades",
        .value_unit = JD_UNIT_PERCENT,
        .facts = {ORDER_FACT, UNIT_FACT, {"payee", JD_ENTITY(PAYER)}, {"wrong", JD_UNIT_NUMBER},
            {"received", JD_UNIT_NUMBER}},
        .half_life_days = 90},
    [F7_HAND] = {.name = "F7.hand",
        .group = "identity",
        .zh = "供应商{supplier}与其他供应商共{value}家同用收款账户{payee}，疑似同一控制人",
        .en = "supplier {supplier} and others, {value} in all, are paid on account {payee}: suspected to be "
              "one hand",
        .value_unit = JD_UNIT_NUMBER,
        .facts = {ORDER_FACT, UNIT_FACT, {"payee", JD_ENTITY(PAYER)}, {"supplier", JD_ENTITY(SUPPLIER)}},
        .half_life_days = 90},
    [F8] = {.name = "F8",
        .group = "price",
        .zh = "{unit}的订单{order}单价{value}，{sellers}家供应商{orders}笔同类订单的中位价约{threshold}"
              "（稳健z值{z}），疑似价格虚高",
        .en = "order {order} of {unit} was at {value} each; the median of {orders} orders alike from "
              "{sellers} or more "
              "suppliers is about {threshold} (robust z {z}): suspected inflated price",
        .value_unit = JD_UNIT_FEN,
        .facts = {ORDER_FACT, UNIT_FACT, {"orders", JD_UNIT_NUMBER}, {"z", JD_UNIT_NUMBER},
            {"sellers", JD_UNIT_NUMBER}},
        .half_life_days = 90},
    [F9] = {.name = "F9",
        .group = "split",
        .zh = "{unit}一周内向供应商{supplier}下单合计{value}，其中{orders}笔略低于{threshold}，最近为订单{"
              "order}，疑似拆分采购",
        .en = "within a week {unit} ordered for {value} from supplier {supplier}, {orders} times just below "
              "{threshold}, "
              "lastly {order}: suspected splitting",
        .value_unit = JD_UNIT_FEN,
        .facts = {ORDER_FACT, UNIT_FACT, {"orders", JD_UNIT_NUMBER}, {"supplier", JD_ENTITY(SUPPLIER)}},
        .half_life_days = 90},
    [F10] = {.name = "F10",
        .group = "burst",
        .zh = "{unit}全年采购的{value}集中在十二月（同规模单位{peers}笔订单时的中位数为{threshold}）",
        .en = "{unit} spends {value} of its year in December (the median of its like is {threshold})",
        .value_unit = JD_UNIT_PERCENT,
        .facts = {ORDER_FACT, UNIT_FACT, {"peers", JD_UNIT_NUMBER}},
        .half_life_days = 90},
    [F11] = {.name = "F11",
        .group = "seller",
        .zh = "供应商{supplier}的{received}笔已收货订单中另有{value}笔异常（平台平均约{threshold}笔）",
        .en = "of {received} accepted orders of supplier {supplier} {value} others had faults (about "
              "{threshold} would be "
              "usual)",
        .value_unit = JD_UNIT_NUMBER,
        .facts = {ORDER_FACT, UNIT_FACT, {"supplier", JD_ENTITY(SUPPLIER)}, {"received", JD_UNIT_NUMBER}},
        .half_life_days = 90},
    [F12_VOUCHER] = {.name = "F12.voucher",
        .group = "identity",
        .zh = "同一设备（电话）为{units}家互不相关单位的提货券兑付{value}次，最近于{last}为{unit}的订单{"
              "order}，疑似集中套现",
        .en = "one device (or phone) redeemed {value} vouchers of {units} unrelated units, lastly of order "
              "{order} of "
              "{unit} on {last}: suspected cashing in",
        .value_unit = JD_UNIT_NUMBER,
        .facts = {ORDER_FACT, UNIT_FACT, {"units", JD_UNIT_NUMBER}, {"last", JD_UNIT_TIME}},
        .half_life_days = 90,
        .registries = JD_LIST_BIT(PARENT) | JD_LIST_BIT(SHARE_GROUP) | JD_LIST_BIT(DESK_DEVICE)},
    [F7_AGAIN] = {.name = "F7.again",
        .group = "pair",
        .zh = "{unit}向供应商{supplier}的{value}笔订单均在确认收货后大部退款：其中一笔于{before}退款；"
              "另一笔（订单{order}）于{ordered}下单，{refunded}退款，疑似虚增采购额",
        .en = "{value} orders of {unit} from supplier {supplier} were accepted and then paid back for the "
              "most part, one of them on {before}; another ({order}), ordered on {ordered}, was paid back on "
              "{refunded}: suspected purchases for the figures",
        .value_unit = JD_UNIT_NUMBER,
        .facts = {ORDER_FACT, UNIT_FACT, {"supplier", JD_ENTITY(SUPPLIER)}, {"before", JD_UNIT_TIME},
            {"ordered", JD_UNIT_TIME}, {"refunded", JD_UNIT_TIME}},
        .half_life_days = 90},
    [F7_MUTUAL] = {.name = "F7.mutual",
        .group = "pair",
        .zh = "{unit}自身也在平台销售：其向供应商{supplier}采购{there}笔（最近为订单{order}），对方向其采购{"
              "back}笔（双方均达{threshold}笔），疑似互相购买、虚增采购额",
        .en = "{unit} sells on the platform too: it has had {there} orders from supplier {supplier}, lastly "
              "{order}, and that supplier {back} from it ({threshold} or more each way): suspected mutual "
              "purchases for the figures",
        .value_unit = JD_UNIT_NUMBER,
        .facts = {ORDER_FACT, UNIT_FACT, {"supplier", JD_ENTITY(SUPPLIER)}, {"there", JD_UNIT_NUMBER},
            {"back", JD_UNIT_NUMBER}},
        .half_life_days = 90,
        .registries = JD_LIST_BIT(PARENT)},
    [F8_SAME] = {.name = "F8.same",
        .group = "price",
        .zh = "{unit}的订单{order}中商品{sku}单价{value}，而同期其他单位购买同一商品最高仅{threshold}"
              "；供应商{supplier}此类订单共{orders}笔，疑似价格虚高",
        .en = "in order {order} of {unit} product {sku} was at {value} each, while others paid at most "
              "{threshold} for it "
              "before and after; {orders} such orders at supplier {supplier}: suspected inflated price",
        .value_unit = JD_UNIT_FEN,
        .facts = {ORDER_FACT, UNIT_FACT, {"sku", JD_ENTITY(SKU)}, {"supplier", JD_ENTITY(SUPPLIER)},
            {"orders", JD_UNIT_NUMBER}},
        .half_life_days = 90},
};
