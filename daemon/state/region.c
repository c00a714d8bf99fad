#include "daemon/state/region.h"

#include "daemon/base/invariant.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

void *region_reserve(size_t bytes, const char *what, struct error *err)
{
    void *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (p != MAP_FAILED)
        return p;
    error_set(err, "cannot reserve %zu bytes of address space for %s: %s", bytes, what, strerror(errno));
    return NULL;
}

void region_release(void *region, size_t bytes)
{
    if (region)
        invariant(munmap(region, bytes) == 0);
}
