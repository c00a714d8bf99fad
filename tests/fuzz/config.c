/* Fuzz target of the configuration: any bytes as jiandu.json, with the detectors that were built beside it.
 * What is refused says why, in one line a fault without a control character; what is accepted loads again to
 * the same hash and makes an engine. Paths in the input lead nowhere: it works in an empty folder of its own,
 * and texts with an absolute path are passed over. */
#include "daemon/base/invariant.h"
#include "daemon/engine/engine.h"
#include "daemon/ops/config.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void remove_folder(void);

/* A fuzzer counts what is covered by library: each is loaded once and stays. */
static void keep_detectors(void)
{
    static const char *const names[] = {
        "account_sharing", "proxy_purchasing", "fake_trade", "procurement_progress"};
    char self[PATH_MAX], path[PATH_MAX + 64];
    ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
    invariant(n > 0);
    self[n] = '\0';
    *strrchr(self, '/') = '\0';
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        snprintf(path, sizeof path, "%s/detectors/%s.so", self, names[i]);
        invariant(dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE));
    }
}

static const char *folder(void)
{
    static char path[] = "/dev/shm/jiandu-fuzz.XXXXXX";
    static bool made;
    if (!made) {
        invariant(mkdtemp(path));
        made = true;
        atexit(remove_folder);
        keep_detectors();
    }
    return path;
}

static const char *file(void)
{
    static char path[64];
    if (!*path)
        snprintf(path, sizeof path, "%s/jiandu.json", folder());
    return path;
}

static void remove_folder(void)
{
    unlink(file());
    rmdir(folder());
}

/* Nobody outside may be named, lest a library or a device be opened. */
static bool names_a_path(const uint8_t *data, size_t size)
{
    return memchr(data, '/', size) || memmem(data, size, "\\u", 2) || memmem(data, size, "..", 2);
}

static struct config *load(const uint8_t *data, size_t size)
{
    struct config_errors errors = {0};
    int fd = open(file(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    invariant(fd >= 0 && write(fd, data, size) == (ssize_t)size && close(fd) == 0);
    struct config *config = config_load(file(), NULL, 0, &errors);
    invariant((config == NULL) == (errors.count > 0));
    for (size_t i = 0; i < errors.count; i++)
        for (const char *c = errors.text[i]; *c; c++)
            invariant((unsigned char)*c >= ' ' && *c != 0x7f);
    config_errors_clear(&errors);
    return config;
}

static void ignore(void *context, const struct output *output)
{
    (void)context;
    (void)output;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct sip_key seed = {1, 2};
    struct error err;
    if (names_a_path(data, size))
        return 0;
    struct config *config = load(data, size), *again = config ? load(data, size) : NULL;
    if (config) {
        const struct engine_settings *s = config_engine_settings(config);
        invariant(again && s->config_hash == config_engine_settings(again)->config_hash);
        engine_destroy(engine_create(s, &seed, ignore, NULL, &err));
    }
    config_destroy(config);
    config_destroy(again);
    return 0;
}
