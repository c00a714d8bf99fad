#include "tests/support/scene.h"

#include "tests/support/orders.h"

void scene_open(struct scene *s, const char *const *options)
{
    memset(s, 0, sizeof *s);
    redis_start(&s->server, options);
    s->client = redis_client(&s->server);
    s->base = event_base_new();
    instance_init(&s->a, s->base, &s->server, "a");
    instance_init(&s->b, s->base, &s->server, "b");
}

void scene_close(struct scene *s)
{
    instance_fini(&s->a);
    instance_fini(&s->b);
    event_base_free(s->base);
    redisFree(s->client);
    redis_remove(&s->server);
}

void scene_run(struct scene *s, int n)
{
    orders_add(s->client, 1, n);
    instance_start(&s->a);
    scene_wait(s, n);
}

void scene_wait(struct scene *s, int n)
{
    instance_wait(s->base, s->client, n);
}

void scene_check_ends(struct scene *s, int exit_code, const char *word)
{
    LOOP_UNTIL(s->base, s->a.stopped);
    CHECK_INT(s->a.exit_code, exit_code);
    if (!strstr(s->a.why, word))
        check_fail(__FILE__, __LINE__, "\"%s\" does not say \"%s\"", s->a.why, word);
}
