/* Runs a fuzz target over the files and folders given, once each: a corpus as a regression test, without a
 * fuzzer. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int run_file(const char *path, size_t size)
{
    FILE *file = fopen(path, "rb");
    uint8_t *data = malloc(size + 1);
    int result = -1;
    if (!file || !data)
        goto out;
    if (fread(data, 1, size, file) != size)
        goto out;
    /* exactly as large as the input, so that a sanitizer sees a read past its end */
    uint8_t *exact = realloc(data, size ? size : 1);
    data = exact ? exact : data;
    LLVMFuzzerTestOneInput(data, size);
    result = 0;
out:
    if (result < 0)
        perror(path);
    free(data);
    if (file)
        fclose(file);
    return result;
}

/* The number of inputs run, -1 on an error. */
static int run(const char *path)
{
    struct stat st;
    if (stat(path, &st) < 0) {
        perror(path);
        return -1;
    }
    if (!S_ISDIR(st.st_mode))
        return run_file(path, (size_t)st.st_size) < 0 ? -1 : 1;
    struct dirent **names;
    int count = scandir(path, &names, NULL, alphasort), total = 0;
    for (int i = 0; i < count; i++) {
        char inner[4096];
        snprintf(inner, sizeof inner, "%s/%s", path, names[i]->d_name);
        int n = names[i]->d_name[0] == '.' || total < 0 ? 0 : run(inner);
        total = n < 0 ? -1 : total + n;
        free(names[i]);
    }
    if (count >= 0)
        free(names);
    return count < 0 ? -1 : total;
}

int main(int argc, char **argv)
{
    int total = 0;
    for (int i = 1; i < argc; i++) {
        int n = run(argv[i]);
        if (n < 0)
            return 1;
        total += n;
    }
    printf("ok 1 - %d inputs\n1..1\n", total);
    return total > 0 ? 0 : 1;
}
