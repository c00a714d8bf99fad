#include "daemon/ops/plugins.h"

#include "daemon/base/memory.h"
#include "daemon/ops/hmac.h"

#include <dlfcn.h>
#include <errno.h>
#include <libgen.h>
#include <limits.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int check_owner(const char *path, struct error *err)
{
    struct stat st;
    if (stat(path, &st) != 0)
        return error_set(err, "%s: %s", path, strerror(errno));
    if (st.st_uid != 0 && st.st_uid != geteuid())
        return error_set(err, "%s belongs to user %u; a detector must belong to root or to user %u", path,
            (unsigned)st.st_uid, (unsigned)geteuid());
    if (st.st_mode & (S_IWGRP | S_IWOTH))
        return error_set(err, "%s can be written by others than its owner (mode %03o); chmod go-w it", path,
            (unsigned)st.st_mode & 0777);
    return 0;
}

/* The file itself, links resolved, if nobody but root and this user can have put it there. */
static char *trusted_file(const char *path, struct error *err)
{
    char *real = realpath(path, NULL);
    if (!real && errno == ENOMEM)
        memory_exhausted(path);
    if (!real) {
        error_set(err, "%s: %s", path, strerror(errno));
        return NULL;
    }
    char *folder = memory_text(real);
    int trusted = check_owner(real, err) == 0 && check_owner(dirname(folder), err) == 0;
    free(folder);
    if (trusted)
        return real;
    free(real);
    return NULL;
}

/* The first three members are all that may be read of a table whose version is not known to fit. */
static int check_version(const struct jd_detector *d, struct error *err)
{
    if (d->abi_major != JD_ABI_MAJOR || d->abi_minor > JD_ABI_MINOR)
        return error_set(err, "it is built for version %u.%u of the detector ABI, this program has %u.%u",
            d->abi_major, d->abi_minor, JD_ABI_MAJOR, JD_ABI_MINOR);
    if (d->size < sizeof *d) /* 1.0 is the oldest version: all of its members must be there */
        return error_set(err, "its table of ABI %u.%u has %u bytes, that of this program's ABI %u.%u has %zu",
            d->abi_major, d->abi_minor, d->size, JD_ABI_MAJOR, JD_ABI_MINOR, sizeof *d);
    if (d->event_schema == 0 || d->event_schema > JD_EVENT_SCHEMA)
        return error_set(err, "it is built for version %u of the event schema, this program has %u",
            d->event_schema, JD_EVENT_SCHEMA);
    return 0;
}

int plugins_adopt(const struct jd_detector *detector, struct detector_instance *out, struct error *err)
{
    *out = (struct detector_instance){0};
    if (!detector)
        return error_set(err, "jd_detector() gave nothing");
    if (check_version(detector, err) != 0)
        return -1;
    struct jd_detector *copy = memory_zeroed(1, sizeof *copy, "a detector");
    memcpy(copy, detector, detector->size < sizeof *copy ? detector->size : sizeof *copy);
    out->detector = copy;
    if (plugins_check(copy, err) != 0) {
        plugins_unload(out);
        return -1;
    }
    out->config = memory_zeroed(1, copy->config_size, "a detector");
    out->bounds = memory_zeroed(copy->n_tables, sizeof out->bounds[0], "a detector");
    for (size_t i = 0; i < copy->n_options; i++)
        memcpy((char *)out->config + copy->options[i].offset, &copy->options[i].init, sizeof(int64_t));
    return 0;
}

int plugins_load(const char *path, const char *name, struct detector_instance *out, struct error *err)
{
    union {
        void *object;
        const struct jd_detector *(*function)(void);
    } entry;
    *out = (struct detector_instance){0};
    char *file = trusted_file(path, err);
    if (!file)
        return -1;
    errno = 0;
    void *library = dlopen(file, RTLD_NOW | RTLD_LOCAL);
    bool exhausted = !library && errno == ENOMEM;
    const char *why = library ? "" : dlerror();
    if (exhausted || strstr(why, strerror(ENOMEM)))
        memory_exhausted(path);
    free(file);
    if (!library)
        return error_set(err, "%s", why);
    entry.object = dlsym(library, "jd_detector");
    if (!entry.object) {
        error_set(err, "%s: it has no function jd_detector, so it is no detector", path);
        goto fail;
    }
    if (plugins_adopt(entry.function(), out, err) != 0) {
        error_wrap(err, "%s", path);
        goto fail;
    }
    if (strcmp(out->detector->name, name) != 0) {
        error_set(err, "%s: it is the detector %s, not %s", path, out->detector->name, name);
        plugins_unload(out);
        goto fail;
    }
    out->shared_object = library;
    return 0;

fail:
    dlclose(library);
    return -1;
}

void plugins_unload(struct detector_instance *instance)
{
    free((void *)(uintptr_t)instance->detector);
    free(instance->config);
    free(instance->bounds);
    if (instance->shared_object)
        dlclose(instance->shared_object);
    *instance = (struct detector_instance){0};
}

int plugins_configure(struct detector_instance *instance, struct error *err)
{
    char why[256] = "";
    if (!instance->detector->configure ||
        instance->detector->configure(instance->config, why, sizeof why) == 0)
        return 0;
    why[sizeof why - 1] = 0;
    return error_set(err, "%s", *why ? why : "the detector refuses these options without saying why");
}

const char *plugins_digest(const struct detector_instance *instance, char out[2 * SHA256_BYTES + 1])
{
    struct link_map *map = NULL;
    struct sha256 sha;
    unsigned char bytes[4096], digest[SHA256_BYTES];
    size_t n;
    out[0] = 0;
    if (!instance->shared_object || dlinfo(instance->shared_object, RTLD_DI_LINKMAP, &map) != 0)
        return out;
    FILE *in = fopen(map->l_name, "re");
    if (!in)
        return out;
    sha256_begin(&sha);
    while ((n = fread(bytes, 1, sizeof bytes, in)) > 0)
        sha256_add(&sha, bytes, n);
    sha256_end(&sha, digest);
    if (!ferror(in))
        hex_write(digest, sizeof digest, out);
    fclose(in);
    return out;
}
