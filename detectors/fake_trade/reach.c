/* Who can have reached whom: a signature of 256 bits a node, so that most transfers need no search. */
#include "detectors/fake_trade/cycle.h"
#include "detectors/fake_trade/fake_trade.h"

#define PROPAGATED 32 /* nodes that learn at once of who can reach them */

static void turn_generation(struct jd_host *h, struct fake_trade_inflow *in)
{
    int64_t epoch = jd_now(h) / fake_trade_config(h)->f6_window;
    if (in->epoch == epoch)
        return;
    bool next = in->epoch + 1 == epoch;
    for (unsigned i = 0; i < CYCLE_WORDS; i++) {
        in->reach[1][i] = next ? in->reach[0][i] : 0;
        in->reach[0][i] = 0;
    }
    in->count[1] = next ? in->count[0] : 0;
    in->count[0] = 0;
    in->epoch = epoch;
}

/* Senders are numbered as they come, so that a signature depends on events alone and on no secret seed. 0: it
 * has never sent. */
uint64_t fake_trade_reach_number(struct jd_host *h, uint64_t node)
{
    const struct fake_trade_outflow *out = jd_find(h, OUTFLOWS, node);
    return out ? out->number : 0;
}

static void set_bit(uint64_t words[CYCLE_WORDS], uint64_t number)
{
    words[number / 64 % CYCLE_WORDS] |= UINT64_C(1) << number % 64;
}

static bool reached_by(const struct fake_trade_inflow *in, uint64_t number)
{
    unsigned word = number / 64 % CYCLE_WORDS;
    return number && (in->reach[0][word] | in->reach[1][word]) >> number % 64 & 1;
}

bool fake_trade_reach_by(const struct fake_trade_inflow *in, const uint64_t numbers[2])
{
    return reached_by(in, numbers[0]) || reached_by(in, numbers[1]);
}

/* Whoever has reached `from`, and `from` itself, has reached `to`. True if that is news. */
bool fake_trade_reach_pass_on(struct jd_host *h, struct fake_trade_inflow *to, uint64_t from, uint64_t number)
{
    struct fake_trade_inflow *in = jd_find(h, INFLOWS, from);
    uint64_t news = 0;
    uint64_t gained[2][CYCLE_WORDS] = {{0}};
    set_bit(gained[0], number);
    turn_generation(h, to);
    if (in)
        turn_generation(h, in);
    for (unsigned g = 0; g < 2; g++)
        for (unsigned i = 0; i < CYCLE_WORDS; i++) {
            gained[g][i] |= in ? in->reach[g][i] : 0;
            news |= gained[g][i] & ~to->reach[g][i];
            to->reach[g][i] |= gained[g][i];
        }
    return news != 0;
}

/* Transfers arrive in any order: those who were paid before learn now of who was behind that. */
void fake_trade_reach_propagate(struct jd_host *h, uint64_t node)
{
    uint64_t queue[PROPAGATED] = {node};
    unsigned n = 1;
    for (unsigned at = 0; at < n; at++) {
        const struct fake_trade_outflow *out = jd_find(h, OUTFLOWS, queue[at]);
        for (unsigned i = 0; out && i < OUTFLOW_NODES; i++) {
            struct fake_trade_inflow *in = out->to[i] ? jd_find(h, INFLOWS, out->to[i]) : NULL;
            if (in && fake_trade_reach_pass_on(h, in, queue[at], out->number) && n < PROPAGATED)
                queue[n++] = out->to[i];
        }
    }
}

/* The sender's number, 0 where there is no room. */
uint64_t fake_trade_reach_note(struct jd_host *h, uint64_t from, uint64_t to)
{
    struct fake_trade_outflow *out = jd_get(h, OUTFLOWS, from);
    struct fake_trade_searches *count = out && !out->number ? jd_get(h, SEARCHES, SEARCHES_KEY) : NULL;
    if (!out)
        return 0;
    if (count)
        out->number = ++count->senders;
    for (unsigned i = 0; i < OUTFLOW_NODES; i++)
        if (out->to[i] == to)
            return out->number;
    out->to[out->next++ % OUTFLOW_NODES] = to;
    return out->number;
}
