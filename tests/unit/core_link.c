/* Links with libcore, the compiled-in detectors and Jansson alone: that it links proves that the core needs
 * neither libevent nor hiredis. */
#include "daemon/engine/engine.h"
#include "tests/support/check.h"

static void ignore(void *context, const struct output *output)
{
    (void)context;
    (void)output;
}

static void runs_alone(void)
{
    struct engine_settings settings;
    struct error err;
    const struct sip_key seed = {1, 2};
    engine_settings_defaults(&settings);
    struct engine *engine = engine_create(&settings, &seed, ignore, NULL, &err);
    REQUIRE(engine);
    struct jd_event tick = {.type = JD_TYPE_TICK, .id_ms = 1000, .time = 1000};
    engine_process(engine, &tick);
    CHECK_INT(engine_now(engine), 1000);
    engine_destroy(engine);
}

static const struct check_test tests[] = {{"the core runs alone", runs_alone}};
CHECK_MAIN(tests)
