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
    &command_alerts_show,
    &command_explain,
    &command_registry_load,
    &command_progress,
    &command_log_tail,
    &command_log_grep,
    &command_log_verify,
};
enum { N_COMMANDS = sizeof commands / sizeof commands[0] };

/* Whether it is called by this word, or by this word and another. */
static bool begins_with(const struct command *c, const char *word)
{
    size_t length = strcspn(c->name, " ");
    return strncmp(c->name, word, length) == 0 && !word[length];
}

/* Those that begin with a word; all for NULL. Returns how many. */
static int list(FILE *out, const char *word)
{
    int shown = 0;
    for (size_t i = 0; i < N_COMMANDS; i++) {
        if (word && !begins_with(commands[i], word))
            continue;
        fprintf(out, "  %-14s %s\n", commands[i]->name, commands[i]->summary);
        shown++;
    }
    return shown;
}

static int help(FILE *out)
{
    fputs("usage: jianductl COMMAND [options]\n\n", out);
    list(out, NULL);
    fprintf(out, "\n`jianductl COMMAND --help` tells more. Version %s.\n", JIANDU_VERSION);
    return out == stdout ? 0 : EX_USAGE;
}

static bool is_help(const char *word)
{
    return strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0 || strcmp(word, "help") == 0;
}

/* How many of the words, one or two, name this command; 0: they name another. */
static int named(const struct command *c, int argc, char **argv)
{
    const char *second = strchr(c->name, ' ');
    if (!begins_with(c, argv[0]))
        return 0;
    if (!second)
        return 1;
    return argc > 1 && strcmp(argv[1], second + 1) == 0 ? 2 : 0;
}

/* Only the first of two words is one, or not even that. */
static int not_found(int argc, char **argv)
{
    if (argc > 1 && is_help(argv[1]) && list(stdout, argv[0]) > 0)
        return 0;
    fprintf(stderr, "jianductl: there is no command \"%s%s%s\"\n", argv[0], argc > 1 ? " " : "",
        argc > 1 ? argv[1] : "");
    return list(stderr, argv[0]) > 0 ? EX_USAGE : help(stderr);
}

int main(int argc, char **argv)
{
    const struct command *found = NULL;
    int words = 0;
    memory_guard_json();
    if (argc < 2)
        return help(stderr);
    if (is_help(argv[1]))
        return help(stdout);
    if (strcmp(argv[1], "--version") == 0) {
        printf("jianductl %s\n", JIANDU_VERSION);
        return 0;
    }
    for (size_t i = 0; i < N_COMMANDS; i++) {
        int n = named(commands[i], argc - 1, argv + 1);
        if (n > words) {
            words = n;
            found = commands[i];
        }
    }
    return found ? command_run(found, argc - words, argv + words) : not_found(argc - 1, argv + 1);
}
