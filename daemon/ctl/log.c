#include "daemon/ctl/log_options.h"

#include <string.h>

static int run(const struct command *self, int argc, char **argv)
{
    struct log_options options;
    if (argc > 1 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0))
        return command_help(self);
    bool verify = argc > 1 && strcmp(argv[1], "verify") == 0, grep = argc > 1 && strcmp(argv[1], "grep") == 0;
    if (!verify && !grep && (argc < 2 || strcmp(argv[1], "tail") != 0))
        return command_usage(self);
    int code = log_options_read(&options, self, argc - 1, argv + 1) - 1;
    if (code < 0)
        code = verify ? log_verify(&options) : log_view(&options, grep);
    log_options_fini(&options);
    return code;
}

const struct command command_log = {
    .name = "log",
    .arguments = "tail|grep|verify [FILE...] [--config FILE] [options]",
    .summary = "Shows the sealed log of the daemon, looks through it, and verifies that nothing was changed "
               "or removed.",
    .help =
        "tail [-f] [--lines N] [FILTERS] [FILE...]   the last lines\n"
        "grep TEXT|FILTERS [FILE...]                 all lines that fit\n"
        "verify [--key FILE] [--anchor N:MAC] [FILE...]\n"
        "\n"
        "  --config FILE      the main configuration file: its log and older files of it, if no FILE is "
        "given;\n"
        "                     to verify, its key and the anchor that the last commit left in Redis\n"
        "  --set PATH=VALUE   overrides one value of it, such as instance=NAME\n"
        "\n"
        "  --event WORD       only lines of this event: alert, verdict, registry, dead_letter, started ...\n"
        "  --alert ID         only lines on this alert\n"
        "  --level LEVEL      only lines of at least debug, info, warn or error\n"
        "  --since TIME       2026-11-24, 2026-11-24T08:00 (UTC) or as long ago as 15m, 2h, 3d\n"
        "  --lines N          the last N lines (10)\n"
        "  -f, --follow       waits for more, also in the file that follows (ends with Ctrl-C)\n"
        "  --json             the lines as they are\n"
        "\n"
        "`verify` takes files in any order; they are put into that of their lines. It names each line that "
        "was\n"
        "changed, is missing, there twice, out of order or from somebody else. Lines that were cut off at "
        "the\n"
        "end show where an anchor lies behind it: in Redis, in the journal (event log_head), or from an "
        "earlier\n"
        "verify, which prints the head.\n"
        "  --key FILE         64 hex digits; several times if the log has had several keys\n"
        "  --anchor N:MAC     a head that the log has had; several times\n"
        "\n"
        "Exit codes of `verify`: 0 all is as it was written; 65 it is not; 75 it is, but the last line is "
        "torn, as\n"
        "after a crash; 66 no such file; 69 it is, but Redis could not be asked; 78 a key is missing or "
        "wrong.\n",
    .run = run,
};
