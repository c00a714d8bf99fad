/* Writes a stream of a shape, a line an event.
 *
 *   lines SHAPE ENTITIES EVENTS */
#include "tests/bench/shape.h"

#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
    static struct shape shape;
    char line[SHAPE_LINE_MAX];
    if (argc != 4 || !shape_init(&shape, argv[1], strtoull(argv[2], NULL, 10))) {
        fprintf(stderr, "usage: lines SHAPE ENTITIES EVENTS\n");
        return 64;
    }
    for (uint64_t left = strtoull(argv[3], NULL, 10); left; left--) {
        size_t length = shape_next(&shape, line);
        fwrite(line, 1, length, stdout);
        putchar('\n');
    }
    return fflush(stdout) != 0;
}
