/* A7 of account_sharing: what a change of habits takes, and what keeps it silent. */
#include "detectors/account_sharing/parts.h"
#include "tests/support/check.h"

/* A host with one table in it, that of the peers. */
struct jd_host {
    struct jd_host_head head;
    struct account_sharing_config config;
    struct account_sharing_peers peers;
    struct jd_emit last;
    int emitted;
    int64_t now;
    uint32_t random;
};

static int64_t now(struct jd_host *h)
{
    return h->now;
}

static const void *config(struct jd_host *h)
{
    return &h->config;
}

static void *get(struct jd_host *h, unsigned table, uint64_t key)
{
    CHECK_INT(table, ACCOUNT_SHARING_PEERS);
    (void)key;
    return &h->peers;
}

static bool empty(struct jd_host *h, enum jd_list list)
{
    (void)h;
    (void)list;
    return false;
}

static bool lost(struct jd_host *h, unsigned table, int64_t window)
{
    (void)h;
    (void)table;
    (void)window;
    return false;
}

static void emit(struct jd_host *h, const struct jd_emit *e)
{
    h->last = *e;
    h->emitted++;
}

static const struct jd_api api = {
    .size = sizeof api, .now = now, .config = config, .get = get, .empty = empty, .lost = lost, .emit = emit};

static void open_host(struct jd_host *h)
{
    *h = (struct jd_host){.head = {&api}, .now = 1762900000000, .random = 1};
    for (size_t i = 0; i < ACCOUNT_SHARING_OPTIONS; i++) {
        const struct jd_option *o = &account_sharing_options[i];
        memcpy((char *)&h->config + o->offset, &o->init, sizeof o->init);
    }
}

static int dice(struct jd_host *h, int sides)
{
    h->random = h->random * 1664525 + 1013904223;
    return (int)(h->random >> 16) % sides;
}

/* Logs in once, at this hour of the platform's day. */
static void log_in(struct jd_host *h, struct account_sharing_account *account, int day, int hour, int network)
{
    static const struct jd_event login = {.type = JD_TYPE_LOGIN};
    int64_t time = (h->now / JD_DAY + day) * JD_DAY - JD_ZONE + hour * JD_HOUR + dice(h, 3600) * JD_SECOND;
    struct account_sharing_use use = {
        .event = &login,
        .config = &h->config,
        .account = 1,
        .unit = 2,
        .act = {.id_ms = time, .time = time, .type = JD_TYPE_LOGIN, .network = (uint16_t)network},
    };

    account->active_days = 9;
    account_sharing_rhythm_of(h, &use, account);
}

/* In office hours, by some of two kinds of network. */
static void work(struct jd_host *h, struct account_sharing_account *account, int logins)
{
    for (int i = 0; i < logins; i++)
        log_in(h, account, i, 8 + dice(h, 9), JD_IP_GOVERNMENT + dice(h, 2));
}

static void work_at_night(struct jd_host *h, struct account_sharing_account *account)
{
    for (int i = 0; i < 12; i++)
        log_in(h, account, 40 + i, 22 - i % 2, JD_IP_RESIDENTIAL);
}

/* So many accounts of honest people, and what is said of them. */
static int meet_peers(struct jd_host *h, int peers)
{
    for (int i = 0; i < peers; i++) {
        struct account_sharing_account account = {0};
        work(h, &account, 36);
    }
    return h->emitted;
}

static void other_hours_and_networks_are_one_in_a_thousand(void)
{
    struct jd_host h;
    struct account_sharing_account account = {0};
    open_host(&h);
    CHECK(meet_peers(&h, 1500) <= 15);
    h.emitted = 0;
    work(&h, &account, 24);
    CHECK_INT(h.emitted, 0);
    work_at_night(&h, &account);
    CHECK_INT(h.emitted, 1);
    CHECK_INT(h.last.signal, ACCOUNT_SHARING_A7);
    CHECK_INT(h.last.strength, 60);
    CHECK_INT(h.last.facts[2], 21); /* the busiest hours begin then */
}

static void few_peers_tell_nothing(void)
{
    struct jd_host h;
    struct account_sharing_account account = {0};
    open_host(&h);
    meet_peers(&h, 150);
    h.emitted = 0;
    work(&h, &account, 24);
    work_at_night(&h, &account);
    CHECK_INT(h.emitted, 0);
}

static void few_logins_tell_nothing(void)
{
    struct jd_host h;
    struct account_sharing_account account = {0};
    open_host(&h);
    meet_peers(&h, 1500);
    h.emitted = 0;
    work(&h, &account, 12);
    work_at_night(&h, &account);
    CHECK_INT(h.emitted, 0);
}

static void before_a_holiday_all_keep_other_hours(void)
{
    struct jd_host h;
    struct account_sharing_account account = {0};
    open_host(&h);
    meet_peers(&h, 1500);
    for (int i = 0; i < 300; i++) {
        struct account_sharing_account other = {0};
        work(&h, &other, 24);
        work_at_night(&h, &other);
    }
    h.emitted = 0;
    work(&h, &account, 24);
    work_at_night(&h, &account);
    CHECK_INT(h.emitted, 0);
    h.now += 14 * JD_DAY; /* two weeks later that is forgotten, and there are no peers yet */
    CHECK(meet_peers(&h, 1) == 0);
    CHECK(h.peers.bin[1][0] == 0);
}

static void a_new_handler_has_hours_of_their_own(void)
{
    struct jd_host h;
    struct account_sharing_account account = {0};
    struct jd_event change = {
        .type = JD_TYPE_ACCOUNT_CHANGE, .present = UINT64_C(1) << JD_F_CHANGE, .time = 1762900000000};
    struct account_sharing_use use = {.event = &change,
        .config = &h.config,
        .account = 1,
        .unit = 2,
        .act = {.type = JD_TYPE_ACCOUNT_CHANGE}};
    change.field[JD_F_CHANGE].num = JD_CHANGE_HANDLER;
    open_host(&h);
    meet_peers(&h, 1500);
    h.emitted = 0;
    work(&h, &account, 24);
    account_sharing_rhythm_of(&h, &use, &account);
    work_at_night(&h, &account);
    CHECK_INT(h.emitted, 0);
}

static void a_login_that_comes_twice_is_one(void)
{
    struct jd_host h;
    struct account_sharing_account account = {0};
    open_host(&h);
    for (int i = 0; i < 3; i++) {
        h.random = 1;
        log_in(&h, &account, 1, 9, JD_IP_GOVERNMENT);
    }
    CHECK_INT(account.rhythm.recent[3], 1);
}

static const struct check_test tests[] = {
    {"other hours and networks are one in a thousand", other_hours_and_networks_are_one_in_a_thousand},
    {"few peers tell nothing", few_peers_tell_nothing},
    {"few logins tell nothing", few_logins_tell_nothing},
    {"before a holiday all keep other hours", before_a_holiday_all_keep_other_hours},
    {"a new handler has hours of their own", a_new_handler_has_hours_of_their_own},
    {"a login that comes twice is one", a_login_that_comes_twice_is_one},
};

CHECK_MAIN(tests)
