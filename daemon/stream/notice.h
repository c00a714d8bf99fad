/* Alerts of kind `system`: Jiandu about itself, on the same stream as its findings, with its numbers. */
#ifndef JIANDU_STREAM_NOTICE_H
#define JIANDU_STREAM_NOTICE_H

#include "daemon/stream/outbox.h"

/* X(identifier, name, severity, zh title, en title, zh explanation, en explanation); in the explanations {n}
 * are numbers and {from} {to} entry ids of the notice */
#define NOTICES(X)                                                                                           \
    X(EVENTS_LOST, "events_lost", "critical", "事件在处理前丢失", "Events were lost before they were read",  \
        "输入流中有 {n} 条事件在被读取之前已被删除,范围在 {from} 与 {to} 之间;这段时间的监督结论不完整。",   \
        "{n} events between {from} and {to} were removed from the input before they were read; findings "    \
        "about "                                                                                             \
        "that time are incomplete.")                                                                         \
    X(STREAM_REPLACED, "stream_replaced", "critical", "输入流被重建或回退", "The input stream was replaced", \
        "输入流曾被删除、重建或回退。经操作员确认,读取位置由 {from} 改为 {to}。",                            \
        "The input stream was deleted, made anew or went back. On an operator's word the position was "      \
        "moved from "                                                                                        \
        "{from} to {to}.")                                                                                   \
    X(STATE_DEGRADED, "state_degraded", "high", "状态不完整", "State is incomplete",                         \
        "没有可用的快照,状态由 {from} 起仍保留的事件重建;最长时间窗口过去之前,预警会标明\"预热\"。",         \
        "No snapshot could be used; the state was rebuilt from the events that are still there, from "       \
        "{from} on. "                                                                                        \
        "Alerts say `warmup` until the longest window has passed.")                                          \
    X(ID_AHEAD, "id_ahead", "high", "事件编号时间超前", "An entry id is far in the future",                  \
        "输入流的最新编号 {to} 比系统时间超前 {n} 毫秒,时间窗口可能被推快。",                                \
        "The newest id of the input, {to}, is {n} ms ahead of the clock; windows may close too early.")      \
    X(LAG, "lag", "high", "处理积压", "Consumer lag is over its limit",                                      \
        "尚有 {n} 条事件未处理,预警将延迟。", "{n} events wait to be read; alerts come late.")               \
    X(SILENCE, "silence", "high", "输入中断", "The input is silent", "输入流已有 {n} 毫秒没有新事件。",      \
        "The input has had no new event for {n} ms.")

#define X(id, ...) NOTICE_##id,
enum notice_kind { NOTICES(X) NOTICE_KINDS };
#undef X

struct notice {
    enum notice_kind kind;
    int64_t time; /* ms, wall clock */
    uint64_t n;
    struct entry_id from, to;
};

const char *notice_name(enum notice_kind);
/* The English explanation with its numbers, for the log. */
void notice_explain(const struct notice *, char *text, size_t size);
/* Adds the alert to the outbox under the id given. */
void notice_publish(const struct notice *, struct outbox *, const char *key, struct entry_id id);

#endif
