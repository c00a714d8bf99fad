/* The connection against a real server: transports, passwords, time-outs, coming back. */
#include "daemon/stream/link.h"

#include "tests/support/check.h"
#include "tests/support/redis.h"
#include "tests/support/witness.h"

static bool open_link(struct witness *w, const char *url, const char *user, const char *password)
{
    struct link_settings settings;
    if (!witness_settings(&settings, url))
        return false;
    settings.user = user;
    settings.password = password;
    return witness_open(w, &settings);
}

static void test_url(void)
{
    struct redis_url url;
    struct error err;
    CHECK_INT(redis_url_parse(&url, "unix:///run/redis.sock", &err), 0);
    CHECK_TEXT(url.path, "/run/redis.sock");
    CHECK_INT(redis_url_parse(&url, "redis://db", &err), 0);
    CHECK_INT(url.port, 6379);
    CHECK_INT(redis_url_parse(&url, "redis://[::1]:7000", &err), 0);
    CHECK_TEXT(url.host, "::1");
    CHECK_INT(url.port, 7000);
    static const char *const bad[] = {"", "http://x", "unix://relative", "unix://", "redis://", "redis://h:0",
        "redis://h:65536", "redis://h:1x", "redis://h:+1", "redis://u:p@h", "redis://h/3", "redis://[::1",
        "redis://[::1]x"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        CHECK_INT(redis_url_parse(&url, bad[i], &err), -1);
}

static void check_round_trip(const char *url)
{
    struct witness w;
    REQUIRE(open_link(&w, url, NULL, NULL));
    CHECK_INT(witness_send(&w, "ECHO", "early", NULL), -1);
    WAIT_FOR(&w, w.ready);
    char big[200001];
    memset(big, 'x', sizeof big - 1);
    big[sizeof big - 1] = '\0';
    CHECK_INT(witness_send(&w, "ECHO", big, NULL), 0);
    CHECK_INT(witness_send(&w, "ECHO", "second", NULL), 0);
    WAIT_FOR(&w, w.replies == 2);
    CHECK_TEXT(w.reply, "second");
    witness_close(&w);
}

static void test_unix_and_tcp(void)
{
    struct redis_server s;
    redis_start_tcp(&s, NULL);
    char url[128];
    check_round_trip(s.url);
    snprintf(url, sizeof url, "unix://%s", s.socket);
    check_round_trip(url);
    snprintf(url, sizeof url, "redis://localhost:%d", s.port);
    check_round_trip(url);
    redis_remove(&s);
}

static void test_passwords(void)
{
    struct redis_server s;
    struct witness w;
    redis_start(&s, (const char *const[]){"--user", "detector", "on", ">right", "~*", "+@all", "--user",
                        "default", "off", NULL});
    REQUIRE(open_link(&w, s.url, "detector", "right"));
    WAIT_FOR(&w, w.ready);
    CHECK_INT(witness_send(&w, "ECHO", "in", NULL), 0);
    WAIT_FOR(&w, w.replies == 1);
    CHECK_TEXT(w.reply, "in");
    witness_close(&w);
    REQUIRE(open_link(&w, s.url, "detector", "wrong"));
    WAIT_FOR(&w, w.fatal);
    CHECK(strstr(w.why, "WRONGPASS"));
    CHECK_INT(link_state(w.link), LINK_STOPPED);
    witness_close(&w);
    REQUIRE(open_link(&w, s.url, NULL, NULL));
    WAIT_FOR(&w, w.fatal);
    CHECK(strstr(w.why, "NOAUTH"));
    witness_close(&w);
    redis_remove(&s);
}

static void test_nobody_there(void)
{
    struct witness w;
    REQUIRE(open_link(&w, "unix:///tmp/jiandu-no-such-socket", NULL, NULL));
    WAIT_FOR(&w, w.lost >= 3);
    CHECK_INT(w.ready, 0);
    witness_close(&w);
}

static void test_frozen_server(void)
{
    struct redis_server s;
    struct witness w;
    redis_start(&s, NULL);
    REQUIRE(open_link(&w, s.url, NULL, NULL));
    WAIT_FOR(&w, w.ready);
    redis_freeze(&s);
    CHECK_INT(witness_send(&w, "ECHO", "lost", NULL), 0);
    CHECK_INT(witness_send(&w, "ECHO", "too", NULL), 0);
    WAIT_FOR(&w, w.nulls == 2);
    CHECK_INT(w.lost, 1);
    CHECK(strstr(w.why, "in time"));
    WAIT_FOR(&w, w.lost >= 3); /* connects, but gets no answer */
    CHECK_INT(w.ready, 1);
    redis_thaw(&s);
    WAIT_FOR(&w, w.ready == 2);
    witness_close(&w);
    redis_remove(&s);
}

static void test_comes_back_after_a_crash(void)
{
    struct redis_server s;
    struct witness w;
    redis_start(&s, NULL);
    REQUIRE(open_link(&w, s.url, NULL, NULL));
    WAIT_FOR(&w, w.ready);
    redis_kill(&s);
    WAIT_FOR(&w, w.lost >= 1);
    CHECK_INT(witness_send(&w, "PING", NULL, NULL), -1);
    redis_again(&s);
    WAIT_FOR(&w, w.ready == 2);
    witness_close(&w);
    redis_remove(&s);
}

static void test_loading_is_waited_for(void)
{
    struct redis_server s;
    struct witness w;
    redis_start(&s, (const char *const[]){"--appendonly", "yes", "--key-load-delay", "100", NULL});
    redisContext *c = redis_client(&s);
    CHECK(redis_ok(c, "EVAL %s 0", "for i = 1, 8000 do redis.call('SET', 'k' .. i, i) end"));
    redisFree(c);
    redis_end(&s);
    redis_again_loading(&s);
    REQUIRE(open_link(&w, s.url, NULL, NULL));
    WAIT_FOR(&w, w.lost >= 1);
    CHECK(strstr(w.why, "LOADING"));
    WAIT_FOR(&w, w.ready);
    witness_close(&w);
    redis_remove(&s);
}

static void test_stop_answers_open_commands(void)
{
    struct redis_server s;
    struct witness w;
    redis_start(&s, NULL);
    REQUIRE(open_link(&w, s.url, NULL, NULL));
    WAIT_FOR(&w, w.ready);
    CHECK_INT(witness_send(&w, "PING", NULL, NULL), 0);
    link_stop(w.link);
    CHECK_INT(w.nulls, 1);
    CHECK_INT(w.lost, 0);
    link_start(w.link);
    WAIT_FOR(&w, w.ready == 2);
    witness_close(&w);
    redis_remove(&s);
}

static const struct check_test tests[] = {
    {"url", test_url},
    {"unix and tcp", test_unix_and_tcp},
    {"passwords", test_passwords},
    {"nobody there", test_nobody_there},
    {"frozen server", test_frozen_server},
    {"comes back after a crash", test_comes_back_after_a_crash},
    {"loading is waited for", test_loading_is_waited_for},
    {"stop answers open commands", test_stop_answers_open_commands},
};

CHECK_MAIN(tests)
