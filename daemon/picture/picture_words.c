#include "daemon/picture/alert_json.h"
#include "daemon/picture/picture_parts.h"

#include <stdio.h>
#include <string.h>

struct picture_word picture_word(const char *word)
{
    static const struct picture_word words[] = {
        {"unit", "单位", "unit"},
        {"account", "账号", "account"},
        {"device", "设备", "device"},
        {"supplier", "供应商", "supplier"},
        {"order", "下单", "order"},
        {"waybill", "运单", "waybill"},
        {"phone", "手机", "phone"},
        {"address", "地址", "address"},
        {"payer", "账户", "bank account"},
        {"ip", "网络地址", "IP address"},
        {"operator", "经办人", "handler"},
        {"session", "会话", "session"},
        {"login", "登录", "login"},
        {"logout", "退出", "logout"},
        {"account_change", "账号变更", "change"},
        {"cancel", "取消", "cancel"},
        {"payment", "付款", "payment"},
        {"shipment", "发货", "shipment"},
        {"tracking", "物流扫描", "scan"},
        {"receipt", "确认收货", "receipt"},
        {"review", "评价", "review"},
        {"refund", "退款", "refund"},
        {"redeem", "提货", "redeem"},
        {"invoice", "开票", "invoice"},
        {"transfer", "转账", "transfer"},
        {"reservation", "预留", "reservation"},
        {"low", "低", "low"},
        {"medium", "中", "medium"},
        {"high", "高", "high"},
        {"critical", "严重", "critical"},
    };
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strcmp(words[i].word, word) == 0)
            return words[i];
    return (struct picture_word){word, word, word};
}

struct picture_text picture_time(int64_t ms)
{
    char whole[48];
    struct picture_text t;
    alert_json_time(ms, whole, sizeof whole);
    snprintf(t.text, sizeof t.text, "%s", strlen(whole) == 16 ? whole + 5 : whole);
    return t;
}

struct picture_text picture_money(int64_t fen)
{
    char amount[44];
    struct picture_text t;
    alert_json_money(fen, amount, sizeof amount);
    snprintf(t.text, sizeof t.text, "\xc2\xa5%s", amount);
    return t;
}
