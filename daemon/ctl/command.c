#include "daemon/ctl/command.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int command_usage(const struct command *c)
{
    fprintf(stderr, "usage: jianductl %s %s\n`jianductl %s --help` tells more.\n", c->name, c->arguments,
        c->name);
    return EX_USAGE;
}

int command_help(const struct command *c)
{
    printf("jianductl %s %s\n\n%s\n\n%s", c->name, c->arguments, c->summary, c->help);
    return 0;
}

int command_fail(const struct command *c, int code, const char *format, ...)
{
    va_list args;
    fprintf(stderr, "jianductl %s: ", c->name);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
    return code;
}

struct config *command_config(
    const struct command *c, const char *file, const char *const *sets, size_t n_sets)
{
    struct config_errors errors = {0};
    struct config *config = config_load(file, sets, n_sets, &errors);
    for (size_t i = 0; i < errors.count; i++)
        fprintf(stderr, "jianductl %s: %s\n", c->name, errors.text[i]);
    for (size_t i = 0; config && i < config->warnings.count; i++)
        fprintf(stderr, "jianductl %s: warning: %s\n", c->name, config->warnings.text[i]);
    config_errors_clear(&errors);
    return config;
}

void command_list_add(struct command_list *list, const char *item)
{
    const size_t room = sizeof list->item / sizeof list->item[0];
    if (list->count == room) {
        fprintf(
            stderr, "jianductl: an option is given more than %zu times; the last one is %s\n", room, item);
        exit(EX_USAGE);
    }
    list->item[list->count++] = item;
}

uid_t command_caller(void)
{
    const char *behind = getuid() == 0 ? getenv("SUDO_UID") : NULL;
    return behind && *behind ? (uid_t)strtoul(behind, NULL, 10) : getuid();
}
