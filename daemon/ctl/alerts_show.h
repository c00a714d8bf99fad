#ifndef JIANDU_CTL_ALERTS_SHOW_H
#define JIANDU_CTL_ALERTS_SHOW_H

#include "daemon/ctl/command.h"

/* `jianductl alerts show ...`; argv[0] is "show". Returns an exit code. */
int alerts_show(const struct command *self, int argc, char **argv);

#endif
