#include "daemon/ctl/command.h"

#include "daemon/base/memory.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- the call ---- */

static void print_synopsis(const struct command *c)
{
    printf("jianductl %s", c->name);
    option_synopsis(c->options, stdout);
    fputs(" [options]", stdout);
    if (c->operand)
        printf(c->operands_min ? " %s%s" : " [%s%s]", c->operand, c->operands_max > 1 ? " ..." : "");
    putchar('\n');
}

static int help(const struct command *c)
{
    print_synopsis(c);
    printf("\n%s\n\n", c->summary);
    option_help(c->options, stdout);
    if (c->notes)
        printf("\n%s", c->notes);
    return 0;
}

static int call(const struct command *c, void *asked, int argc, char **argv)
{
    struct error err;
    int first = 0, read = option_read(c->options, asked, argc, argv, &first, &err);
    if (read > 0)
        return help(c);
    if (read < 0)
        return command_wrong(c, "%s", err.text);
    unsigned count = (unsigned)(argc - first);
    if (count < c->operands_min)
        return command_wrong(c, "%s is missing", c->operand);
    if (count > c->operands_max)
        return command_wrong(c, "%s: one word too many", argv[first + (int)c->operands_max]);
    return c->run(c, asked, argv + first);
}

int command_run(const struct command *c, int argc, char **argv)
{
    void *asked = memory_zeroed(1, c->asked_size, "what is asked for");
    if (c->asked_defaults)
        memcpy(asked, c->asked_defaults, c->asked_size);
    int code = call(c, asked, argc, argv);
    free(asked);
    return code;
}

/* ---- what goes wrong ---- */

__attribute__((format(printf, 2, 0))) static void complain(
    const struct command *c, const char *format, va_list args)
{
    fprintf(stderr, "jianductl %s: ", c->name);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
}

int command_fail(const struct command *c, int code, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    complain(c, format, args);
    va_end(args);
    return code;
}

int command_wrong(const struct command *c, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    complain(c, format, args);
    va_end(args);
    fprintf(stderr, "`jianductl %s --help` tells more.\n", c->name);
    return EX_USAGE;
}

/* ---- what several ask for ---- */

const struct option_row command_config_options[] = {
    {OPTION_TEXT, 'c', "config", "FILE", "the main configuration file",
        .at = offsetof(struct command_config, file), .needed = true},
    {OPTION_TEXTS, 0, "set", "PATH=VALUE", "overrides one value of it",
        .at = offsetof(struct command_config, sets)},
    {0},
};

struct config *command_config(const struct command *c, const struct command_config *asked)
{
    struct config_errors errors = {0};
    struct config *config = config_load(asked->file, asked->sets.item, asked->sets.count, &errors);
    for (size_t i = 0; i < errors.count; i++)
        fprintf(stderr, "jianductl %s: %s\n", c->name, errors.text[i]);
    for (size_t i = 0; config && i < config->warnings.count; i++)
        fprintf(stderr, "jianductl %s: warning: %s\n", c->name, config->warnings.text[i]);
    config_errors_clear(&errors);
    return config;
}

uid_t command_caller(void)
{
    const char *behind = getuid() == 0 ? getenv("SUDO_UID") : NULL;
    return behind && *behind ? (uid_t)strtoul(behind, NULL, 10) : getuid();
}
