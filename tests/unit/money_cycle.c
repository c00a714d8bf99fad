/* The search for circles of money against an exact enumeration of all circles, and its work on streams that
 * are made to be hard. */
#include "daemon/state/table.h"
#include "detectors/fake_trade/cycle.h"
#include "detectors/fake_trade/fake_trade.h"
#include "tests/support/builtin.h"
#include "tests/support/check.h"

#define WINDOW (90 * JD_DAY)
#define START (INT64_C(20000) * JD_DAY)

/* ---- a host that has tables, a clock and default options, and counts look-ups ---- */

struct bench {
    struct jd_host_head head;
    struct table *tables[SEARCHES + 1];
    struct fake_trade_config config;
    int64_t now;
    uint64_t lookups;
};

static struct bench *bench_of(struct jd_host *h)
{
    return (struct bench *)(void *)h;
}

static int64_t bench_now(struct jd_host *h)
{
    return bench_of(h)->now;
}

static const void *bench_config(struct jd_host *h)
{
    return &bench_of(h)->config;
}

static void *bench_find(struct jd_host *h, unsigned table, uint64_t key)
{
    bench_of(h)->lookups++;
    return table_find(bench_of(h)->tables[table], key, bench_of(h)->now);
}

static void *bench_get(struct jd_host *h, unsigned table, uint64_t key)
{
    bench_of(h)->lookups++;
    return table_get(bench_of(h)->tables[table], key, bench_of(h)->now, NULL);
}

static void bench_remove(struct jd_host *h, unsigned table, uint64_t key)
{
    table_remove(bench_of(h)->tables[table], key);
}

static const struct jd_api api = {.size = sizeof(struct jd_api),
    .now = bench_now,
    .config = bench_config,
    .find = bench_find,
    .get = bench_get,
    .remove = bench_remove};

static void bench_init(struct bench *b)
{
    const struct jd_detector *d = jd_detector_fake_trade();
    struct error err = {0};
    *b = (struct bench){.head = {&api}};
    for (unsigned i = 0; i <= SEARCHES; i++)
        b->tables[i] = table_create(&d->tables[i], &err);
    builtin_defaults(d, &b->config);
}

static void bench_fini(struct bench *b)
{
    for (unsigned i = 0; i <= SEARCHES; i++)
        table_destroy(b->tables[i]);
}

/* ---- transfers, in order of arrival ---- */

struct edge {
    unsigned from, to;
    int64_t time, amount, arrival;
    bool planted; /* one of a circle made on purpose; the mark is on each */
};

struct graph {
    struct edge *edges;
    size_t n, room;
};

static void graph_init(struct graph *g, size_t room)
{
    *g = (struct graph){.edges = calloc(room, sizeof *g->edges), .room = room};
    if (!g->edges)
        abort();
}

static void graph_add(struct graph *g, uint64_t *seed, struct edge e)
{
    static const int64_t late[] = {3 * JD_HOUR, 3 * JD_HOUR, 3 * JD_HOUR, JD_DAY, 5 * JD_DAY};
    int64_t most = late[check_random(seed) % 5];
    e.arrival = e.time + (int64_t)(check_random(seed) % (uint64_t)most);
    if (g->n < g->room)
        g->edges[g->n++] = e;
}

static int by_arrival(const void *a, const void *b)
{
    const struct edge *x = a;
    const struct edge *y = b;
    if (x->arrival != y->arrival)
        return x->arrival < y->arrival ? -1 : 1;
    return x->time < y->time ? -1 : x->time > y->time;
}

static uint64_t name_of(unsigned node)
{
    return fake_trade_mix(node, 0x51ed);
}

/* ---- all circles, exactly: from each transfer as the first, forward in time ---- */

struct truth {
    const struct graph *g;
    size_t *next_of; /* transfers by sender: chains */
    size_t *first_of;
    uint8_t *closes; /* by transfer: the fewest hops of a circle that it closes, 0 none */
    uint8_t *closes_planted;
    size_t path[CYCLE_HOPS];
    int64_t worst; /* of the window */
};

static bool near(int64_t amount, int64_t following)
{
    return amount * 100 >= following * 70 && amount * 100 <= following * 130;
}

/* In the order that the search goes by. */
static bool later(const struct graph *g, size_t a, size_t b)
{
    const struct edge *x = &g->edges[a];
    const struct edge *y = &g->edges[b];
    if (x->time != y->time)
        return x->time > y->time;
    return x->arrival != y->arrival ? x->arrival > y->arrival : a > b;
}

static void found_circle(struct truth *t, unsigned n)
{
    size_t last = 0;
    bool planted = true;
    for (unsigned i = 0; i < n; i++) {
        last = t->path[i] > last ? t->path[i] : last;
        planted &= t->g->edges[t->path[i]].planted;
    }
    if (!t->closes[last] || t->closes[last] > n)
        t->closes[last] = (uint8_t)n;
    t->closes_planted[last] |= planted;
}

static void forward(struct truth *t, unsigned n)
{
    const struct edge *edges = t->g->edges;
    const struct edge *first = &edges[t->path[0]];
    const struct edge *at = &edges[t->path[n - 1]];
    for (size_t i = t->first_of[at->to]; i != SIZE_MAX; i = t->next_of[i]) {
        bool fits = later(t->g, i, t->path[n - 1]) && edges[i].time - first->time <= WINDOW &&
                    near(at->amount, edges[i].amount);
        for (unsigned k = 0; k < n && fits; k++)
            fits = edges[i].to != edges[t->path[k]].to;
        if (!fits)
            continue;
        t->path[n] = i;
        if (edges[i].to == first->from)
            found_circle(t, n + 1);
        else if (n + 1 < CYCLE_HOPS)
            forward(t, n + 1);
    }
}

static void enumerate(struct truth *t, const struct graph *g, unsigned nodes)
{
    *t = (struct truth){.g = g,
        .next_of = calloc(g->n, sizeof *t->next_of),
        .first_of = calloc(nodes, sizeof *t->first_of),
        .closes = calloc(g->n, 1),
        .closes_planted = calloc(g->n, 1)};
    if (!t->next_of || !t->first_of || !t->closes || !t->closes_planted)
        abort();
    for (unsigned i = 0; i < nodes; i++)
        t->first_of[i] = SIZE_MAX;
    for (size_t i = 0; i < g->n; i++) {
        t->next_of[i] = t->first_of[g->edges[i].from];
        t->first_of[g->edges[i].from] = i;
    }
    for (size_t i = 0; i < g->n; i++) {
        t->path[0] = i;
        forward(t, 1);
    }
}

static void truth_fini(struct truth *t)
{
    free(t->next_of);
    free(t->first_of);
    free(t->closes);
    free(t->closes_planted);
}

/* ---- the comparison ---- */

/* Is what was found a circle: closed, and walked back in time with at most one jump to its end? */
static void check_circle(const struct fake_trade_circle *c, const struct fake_trade_flow *flow)
{
    unsigned jumps = 0;
    CHECK(c->n >= 2 && c->n <= CYCLE_HOPS);
    CHECK(c->hop[c->n - 1].from == flow->to);
    for (unsigned i = 0; i < c->n; i++) {
        const struct fake_trade_money *before = &c->hop[(i + 1) % c->n];
        jumps += before->time > c->hop[i].time;
        for (unsigned k = 0; k < i; k++)
            CHECK(c->hop[i].from != c->hop[k].from);
        CHECK(before->time - c->hop[i].time <= WINDOW && c->hop[i].time - before->time <= WINDOW);
    }
    CHECK(jumps <= 1);
}

static unsigned stream(struct bench *b, const struct edge *e, size_t seq)
{
    struct fake_trade_circle circle;
    struct fake_trade_flow flow = {.money = {.from = name_of(e->from),
                                       .payer = name_of(e->from),
                                       .time = e->time,
                                       .amount = e->amount,
                                       .id_ms = e->arrival,
                                       .id_seq = seq,
                                       .order = seq + 1},
        .to = name_of(e->to),
        .payee = name_of(e->to)};
    b->now = e->arrival > b->now ? e->arrival : b->now;
    CHECK(fake_trade_cycle_add((struct jd_host *)b, &flow, &circle));
    if (circle.n)
        check_circle(&circle, &flow);
    return circle.n;
}

struct tally {
    unsigned all, all_found, planted, planted_found, shortest;
};

static void show(const char *what, const struct tally *t)
{
    printf("# %s: %u transfers close a circle, %u found, %u by the shortest; planted %u, found %u\n", what,
        t->all, t->all_found, t->shortest, t->planted, t->planted_found);
}

static struct tally compare(struct graph *g, unsigned nodes)
{
    struct tally tally = {0};
    struct truth truth;
    struct bench b;
    qsort(g->edges, g->n, sizeof *g->edges, by_arrival);
    enumerate(&truth, g, nodes);
    bench_init(&b);
    for (size_t i = 0; i < g->n; i++) {
        unsigned hops = stream(&b, &g->edges[i], i);
        tally.all += truth.closes[i] != 0;
        tally.all_found += truth.closes[i] && hops;
        tally.shortest += truth.closes[i] && hops == truth.closes[i];
        tally.planted += truth.closes_planted[i];
        tally.planted_found += truth.closes_planted[i] && hops;
    }
    bench_fini(&b);
    truth_fini(&truth);
    return tally;
}

static int64_t any_time(uint64_t *seed, int64_t days)
{
    return START + (int64_t)(check_random(seed) % (uint64_t)(days * JD_DAY));
}

static int64_t any_amount(uint64_t *seed)
{
    return (int64_t)(1000 + check_random(seed) % 200000) * 100;
}

/* A circle of 2 to 6 hops, each up to two weeks after the one before, with a fee of up to a fifth in all. */
static void plant(struct graph *g, uint64_t *seed, unsigned start, unsigned fresh)
{
    unsigned hops = 2 + (unsigned)(check_random(seed) % 5);
    int64_t time = any_time(seed, 150);
    int64_t amount = any_amount(seed) * 4;
    for (unsigned i = 0; i < hops; i++) {
        unsigned from = i == 0 ? start : fresh + i - 1;
        unsigned to = i + 1 == hops ? start : fresh + i;
        graph_add(g, seed, (struct edge){from, to, time, amount, 0, true});
        time += JD_HOUR + (int64_t)(check_random(seed) % (14 * JD_DAY));
        amount -= amount * (int64_t)(check_random(seed) % 20) / (100 * hops);
    }
}

static struct tally random_graph(uint64_t *seed)
{
    const unsigned nodes = 60;
    struct graph g;
    graph_init(&g, 420);
    while (g.n < g.room) {
        unsigned from = (unsigned)(check_random(seed) % nodes);
        unsigned to = (unsigned)(check_random(seed) % nodes);
        if (from != to)
            graph_add(&g, seed, (struct edge){from, to, any_time(seed, 180), any_amount(seed), 0, false});
    }
    struct tally tally = compare(&g, nodes);
    free(g.edges);
    return tally;
}

static void test_random_graphs(void)
{
    uint64_t seed = check_seed;
    struct tally sum = {0};
    for (unsigned i = 0; i < 40; i++) {
        struct tally one = random_graph(&seed);
        sum.all += one.all;
        sum.all_found += one.all_found;
        sum.shortest += one.shortest;
    }
    show("random graphs", &sum);
    CHECK(sum.all >= 100);
    CHECK(sum.all_found * 100 >= sum.all * 97);
    CHECK(sum.shortest * 100 >= sum.all * 97);
}

/* Buyers pay suppliers, some of which are busy; a few transfers go the other way; circles are planted. */
static void test_purchases(void)
{
    uint64_t seed = check_seed + 1;
    const unsigned buyers = 4000, suppliers = 180, nodes = 4180 + 200 * 5;
    struct graph g;
    graph_init(&g, 9000);
    for (unsigned i = 0; i < 200; i++)
        plant(&g, &seed, (unsigned)(check_random(&seed) % buyers), buyers + suppliers + 5 * i);
    for (unsigned i = 0; i < 100; i++) { /* through a busy supplier and one intermediary */
        unsigned buyer = (unsigned)(check_random(&seed) % buyers);
        unsigned supplier = buyers + (unsigned)(check_random(&seed) % 5);
        unsigned middle = buyers + suppliers + 5 * i + 4;
        int64_t time = any_time(&seed, 150);
        int64_t amount = any_amount(&seed);
        graph_add(&g, &seed, (struct edge){buyer, supplier, time, amount, 0, true});
        graph_add(&g, &seed, (struct edge){supplier, middle, time + 2 * JD_DAY, amount * 19 / 20, 0, true});
        graph_add(&g, &seed, (struct edge){middle, buyer, time + 4 * JD_DAY, amount * 18 / 20, 0, true});
    }
    while (g.n < g.room) {
        unsigned buyer = (unsigned)(check_random(&seed) % buyers);
        unsigned rank =
            (unsigned)(check_random(&seed) % suppliers * (check_random(&seed) % suppliers) / suppliers);
        struct edge e = {buyer, buyers + rank, any_time(&seed, 180), any_amount(&seed), 0, false};
        if (check_random(&seed) % 33 == 0) {
            e.from = buyers + rank;
            e.to = buyer;
        }
        graph_add(&g, &seed, e);
    }
    struct tally tally = compare(&g, nodes);
    show("purchases", &tally);
    CHECK(tally.planted >= 250);
    CHECK(tally.planted_found * 100 >= tally.planted * 99);
    CHECK(tally.all_found * 100 >= tally.all * 97);
    free(g.edges);
}

/* ---- work ---- */

static void measure(const char *what, struct graph *g)
{
    uint64_t most = 0;
    struct bench b;
    REQUIRE(g->n > 0);
    bench_init(&b);
    for (size_t i = 0; i < g->n; i++) {
        uint64_t before = b.lookups;
        stream(&b, &g->edges[i], i);
        most = b.lookups - before > most ? b.lookups - before : most;
    }
    const struct fake_trade_searches *count = bench_find((struct jd_host *)&b, SEARCHES, SEARCHES_KEY);
    printf(
        "# %s: %zu transfers, %llu look-ups each, at most %llu; %llu searches, %llu reads each, %llu cut\n",
        what, g->n, (unsigned long long)(b.lookups / g->n), (unsigned long long)most,
        (unsigned long long)(count ? count->done : 0),
        (unsigned long long)(count && count->done ? count->reads / count->done : 0),
        (unsigned long long)(count ? count->cut : 0));
    CHECK(count && count->done > 0 && count->reads <= count->done * CYCLE_BUDGET);
    CHECK(most <=
          3 * CYCLE_BUDGET + 32 * (1 + 2 * OUTFLOW_NODES) + 32); /* reads, and what signatures pass on */
    bench_fini(&b);
}

/* All alike, all at once: each amount follows each. */
static void test_clique(void)
{
    uint64_t seed = check_seed + 2;
    struct graph g;
    graph_init(&g, 20000);
    for (int64_t time = START; g.n < g.room; time += JD_MINUTE) {
        unsigned from = (unsigned)(check_random(&seed) % 40);
        unsigned to = (unsigned)(check_random(&seed) % 40);
        if (from != to)
            graph_add(&g, &seed,
                (struct edge){from, to, time, 100000 + (int64_t)(check_random(&seed) % 999), 0, false});
    }
    qsort(g.edges, g.n, sizeof *g.edges, by_arrival);
    measure("clique", &g);
    free(g.edges);
}

static void test_star(void)
{
    uint64_t seed = check_seed + 3;
    struct graph g;
    graph_init(&g, 20000);
    for (int64_t time = START; g.n < g.room; time += JD_MINUTE) {
        unsigned spoke = 1 + (unsigned)(check_random(&seed) % 5000);
        bool in = check_random(&seed) & 1;
        graph_add(&g, &seed, (struct edge){in ? spoke : 0, in ? 0 : spoke, time, 100000, 0, false});
    }
    qsort(g.edges, g.n, sizeof *g.edges, by_arrival);
    measure("star", &g);
    free(g.edges);
}

/* Long ways round that never close, behind a target that a signature cannot tell apart. */
static void test_ladder(void)
{
    uint64_t seed = check_seed + 4;
    struct graph g;
    graph_init(&g, 20000);
    for (int64_t time = START; g.n < g.room; time += JD_MINUTE) {
        unsigned level = (unsigned)(check_random(&seed) % 7);
        unsigned from = level * 40 + (unsigned)(check_random(&seed) % 40);
        unsigned to = (level + 1) % 8 * 40 + (unsigned)(check_random(&seed) % 40);
        graph_add(&g, &seed, (struct edge){from, to, time, 100000, 0, false});
        if (check_random(&seed) % 4 == 0)
            graph_add(&g, &seed, (struct edge){7 * 40, level * 40, time, 100000, 0, false});
    }
    qsort(g.edges, g.n, sizeof *g.edges, by_arrival);
    measure("ladder", &g);
    free(g.edges);
}

/* ---- single circles ---- */

static unsigned stream_list(const struct edge *edges, size_t n)
{
    unsigned hops = 0;
    struct bench b;
    bench_init(&b);
    for (size_t i = 0; i < n; i++)
        hops = stream(&b, &edges[i], i);
    bench_fini(&b);
    return hops;
}

#define DAY(n) (START + (n)*JD_DAY)

static void test_each_order_of_arrival(void)
{
    static const unsigned orders[6][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    for (unsigned k = 0; k < 6; k++) {
        const struct edge circle[] = {
            {1, 2, DAY(1), 1000, 0, false}, {2, 3, DAY(3), 950, 0, false}, {3, 1, DAY(4), 900, 0, false}};
        struct edge arrived[3];
        for (unsigned i = 0; i < 3; i++) {
            arrived[i] = circle[orders[k][i]];
            arrived[i].arrival = DAY(6) + i;
        }
        CHECK_INT(stream_list(arrived, 3), 3);
    }
}

static void test_bounds_of_a_circle(void)
{
    const struct edge going_back_in_time[] = {{1, 2, DAY(3), 1000, DAY(4), false},
        {2, 3, DAY(2), 950, DAY(5), false}, {3, 1, DAY(1), 900, DAY(6), false}};
    const struct edge too_long_ago[] = {
        {1, 2, DAY(1), 1000, DAY(1), false}, {2, 1, DAY(92), 950, DAY(92), false}};
    const struct edge just_in_time[] = {
        {1, 2, DAY(1), 1000, DAY(1), false}, {2, 1, DAY(91), 950, DAY(91), false}};
    const struct edge other_money[] = {
        {1, 2, DAY(1), 1000, DAY(1), false}, {2, 1, DAY(2), 1500, DAY(2), false}};
    const struct edge in_parts[] = {{1, 2, DAY(1), 1000, DAY(1), false}, {2, 3, DAY(2), 500, DAY(2), false},
        {2, 3, DAY(2) + 5, 480, DAY(2) + 5, false}, {3, 1, DAY(4), 960, DAY(4), false}};
    CHECK_INT(stream_list(going_back_in_time, 3), 0);
    CHECK_INT(stream_list(too_long_ago, 2), 0);
    CHECK_INT(stream_list(just_in_time, 2), 2);
    CHECK_INT(stream_list(other_money, 2), 0);
    CHECK_INT(stream_list(in_parts, 4), 3);
}

static void test_seven_hops_are_none(void)
{
    struct edge ring[7];
    for (unsigned i = 0; i < 7; i++)
        ring[i] = (struct edge){i, (i + 1) % 7, DAY(i), 1000, DAY(i), false};
    CHECK_INT(stream_list(ring, 7), 0);
    ring[5].to = 0;
    CHECK_INT(stream_list(ring, 6), 6);
}

static const struct check_test tests[] = {
    {"each order of arrival closes a circle", test_each_order_of_arrival},
    {"the bounds of a circle", test_bounds_of_a_circle},
    {"seven hops are no circle, six are", test_seven_hops_are_none},
    {"random graphs against the exact enumeration", test_random_graphs},
    {"purchases with planted circles against the exact enumeration", test_purchases},
    {"work on a clique", test_clique},
    {"work on a star", test_star},
    {"work on ways that never close", test_ladder},
};
CHECK_MAIN(tests)
