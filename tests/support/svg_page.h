/* A page of SVG read back by a test: is it well-formed and harmless, where are its texts and boxes, and do
 * any of them overlap? */
#ifndef JIANDU_TESTS_SUPPORT_SVG_PAGE_H
#define JIANDU_TESTS_SUPPORT_SVG_PAGE_H

#include "daemon/picture/svg.h"

#include <stdbool.h>
#include <stddef.h>

struct svg_shape {
    struct svg_area area;
    char text[160];
};

struct svg_page {
    struct svg_shape boxes[128], texts[512];
    size_t n_boxes, n_texts;
    const char *error; /* NULL if nothing is wrong */
};

/* Checks nesting, names, attributes and character data, and notes texts and the boxes that are written on. */
void svg_page_read(struct svg_page *, const char *svg);
/* What overlaps, crosses a border or leaves the page first; NULL if nothing does. *what is the text. */
const char *svg_page_overlap(const struct svg_page *, const char **what);
/* Does some text contain this one? */
bool svg_page_says(const struct svg_page *, const char *text);

#endif
