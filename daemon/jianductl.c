/* jianductl: the operator's tool. One row a subcommand. */
#include "daemon/base/memory.h"
#include "daemon/ctl/command.h"

#include <stdio.h>
#include <string.h>

static const struct command *const commands[] = {
    &command_check,
    &command_simulate,
    &command_replay,
    &command_score,
    &command_status,
    &command_handover,
    &command_alerts,
    &command_explain,
    &command_registry,
    &command_progress,
    &command_log,
};

static void list(FILE *out)
{
    fprintf(out, "usage: jianductl COMMAND [options]\n\n");
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
        fprintf(out, "  %-10s %s\n", commands[i]->name, commands[i]->summary);
    fprintf(out, "\n`jianductl COMMAND --help` tells more. Version %s.\n", JIANDU_VERSION);
}

int main(int argc, char **argv)
{
    memory_guard_json();
    if (argc >= 2 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0)) {
        list(stdout);
        return 0;
    }
    if (argc >= 2 && strcmp(argv[1], "--version") == 0) {
        printf("jianductl %s\n", JIANDU_VERSION);
        return 0;
    }
    for (size_t i = 0; argc >= 2 && i < sizeof commands / sizeof commands[0]; i++)
        if (strcmp(argv[1], commands[i]->name) == 0)
            return commands[i]->run(commands[i], argc - 1, argv + 1);
    list(stderr);
    return EX_USAGE;
}
