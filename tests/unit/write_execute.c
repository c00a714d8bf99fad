/* Detectors load where no memory may be both written and executed (MemoryDenyWriteExecute of the units):
 * under the kernel's own switch for it, and by what their segments ask for. */
#include "daemon/ops/plugins.h"
#include "tests/support/check.h"
#include "tests/support/files.h"

#include <dirent.h>
#include <elf.h>
#include <link.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef PR_SET_MDWE
#define PR_SET_MDWE 65
#define PR_MDWE_REFUSE_EXEC_GAIN 1
#endif
#define NO_SUCH_SWITCH 77

typedef int use_plugin(const char *path, const char *name);

/* The number of detectors that were built, each handed to `use`; -1 once it fails. */
static int each_detector(use_plugin *use)
{
    char *folder = files_built("detectors");
    struct dirent **names;
    int n = scandir(folder, &names, NULL, alphasort), count = 0;
    for (int i = 0; i < n; i++) {
        char *path = files_path(folder, names[i]->d_name), *dot = strstr(names[i]->d_name, ".so");
        if (dot && count >= 0) {
            *dot = '\0';
            count = use(path, names[i]->d_name) == 0 ? count + 1 : -1;
        }
        free(path);
        free(names[i]);
    }
    free(names);
    free(folder);
    return count;
}

static int load(const char *path, const char *name)
{
    struct detector_instance instance;
    struct error err;
    if (plugins_load(path, name, &instance, &err) != 0) {
        printf("# %s\n", err.text);
        return -1;
    }
    int failed = plugins_configure(&instance, &err);
    plugins_unload(&instance);
    return failed;
}

/* A child's work, once the switch is on; its exit code. */
static int load_all_strictly(void)
{
    if (prctl(PR_SET_MDWE, PR_MDWE_REFUSE_EXEC_GAIN, 0, 0, 0) != 0)
        return NO_SUCH_SWITCH;
    if (mmap(NULL, 4096, PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED)
        return 2; /* the switch does nothing */
    return each_detector(load) > 0 ? 0 : 1;
}

static void under_the_kernels_switch(void)
{
    int status;
    fflush(stdout);
    pid_t child = fork();
    if (child == 0)
        _exit(load_all_strictly());
    REQUIRE(child > 0 && waitpid(child, &status, 0) == child);
    int code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    if (code == NO_SUCH_SWITCH)
        printf("# this kernel has no PR_SET_MDWE (Linux 6.3): segments only\n");
    else
        CHECK_INT(code, 0);
}

/* Segments that are written and executed, an executable stack, code that the loader has to write into. */
static int count_gains(struct dl_phdr_info *object, size_t size, void *gains)
{
    (void)size;
    for (int i = 0; i < object->dlpi_phnum; i++) {
        const ElfW(Phdr) *p = &object->dlpi_phdr[i];
        *(int *)gains += p->p_type == PT_LOAD && (p->p_flags & PF_W) && (p->p_flags & PF_X);
        *(int *)gains += p->p_type == PT_GNU_STACK && (p->p_flags & PF_X);
        if (p->p_type != PT_DYNAMIC)
            continue;
        const ElfW(Dyn) *d = (const void *)(uintptr_t)(object->dlpi_addr + p->p_vaddr);
        for (; d->d_tag != DT_NULL; d++)
            *(int *)gains += d->d_tag == DT_TEXTREL || (d->d_tag == DT_FLAGS && d->d_un.d_val & DF_TEXTREL);
    }
    return 0;
}

static int look_at(const char *path, const char *name)
{
    struct detector_instance instance;
    struct error err;
    int gains = 0;
    if (plugins_load(path, name, &instance, &err) != 0)
        return -1;
    dl_iterate_phdr(count_gains, &gains);
    plugins_unload(&instance);
    if (gains)
        printf("# %s: %d\n", path, gains);
    return gains;
}

static void by_their_segments(void)
{
    CHECK(each_detector(look_at) > 0);
}

static const struct check_test tests[] = {
    {"detectors load under the kernel's switch", under_the_kernels_switch},
    {"no segment is written and executed", by_their_segments},
};
CHECK_MAIN(tests)
