/* A page of plain SVG 1.1 in the making: no script, no style sheet, no reference outside of itself. All
 * measures are whole points (1/72 inch), so the same calls give the same bytes everywhere. Texts are escaped;
 * what may not stand in XML is replaced. */
#ifndef JIANDU_PICTURE_SVG_H
#define JIANDU_PICTURE_SVG_H

#include <stdbool.h>
#include <stddef.h>

#define SVG_PAGE_WIDTH 842 /* A4, landscape */
#define SVG_PAGE_HEIGHT 595

enum { SVG_START = 0, SVG_MIDDLE = 1, SVG_END = 2, SVG_BOLD = 4 }; /* how a text stands at its x */

struct svg;

struct svg_point {
    int x, y;
};

struct svg_area {
    int x, y, width, height;
};

struct svg_stroke {
    int weight;       /* tenths of a point */
    const char *dash; /* lengths as in stroke-dasharray; NULL: solid */
    bool arrow;       /* a head at the end */
};

/* An empty white page. `title` and `description` are read aloud and shown as a tool tip, not drawn. */
struct svg *svg_create(const char *title, const char *description);
/* The finished page, which ends with it; free() it. */
char *svg_finish(struct svg *);

/* A line of text on the base line y. Nothing is drawn of an empty one. */
void svg_text(struct svg *, int x, int y, int font_size, int look, const char *text);
/* The same, cut with an ellipsis where it is wider than `width`. */
void svg_fitted(struct svg *, int x, int y, int font_size, int look, int width, const char *text);
/* Lines of a wrapped text; returns how many there are, drawn or (y < 0) only counted. What does not fit into
 * `lines` is cut with an ellipsis. */
int svg_paragraph(struct svg *, struct svg_point at, int width, int font_size, int lines, const char *text);

/* What follows, up to svg_group_end, has this tool tip. */
void svg_group(struct svg *, const char *tip);
void svg_group_end(struct svg *);

/* Filled white, so that it hides the lines under it. */
void svg_box(struct svg *, struct svg_area, struct svg_stroke);
void svg_blank(struct svg *, struct svg_area);                    /* white, to write on */
void svg_frame(struct svg *, struct svg_area, struct svg_stroke); /* not filled */
void svg_circle(struct svg *, struct svg_point center, int radius, bool black, struct svg_stroke);
void svg_lines(struct svg *, const struct svg_point *points, size_t n, struct svg_stroke);
/* From left to right, leaving and arriving level. */
void svg_curve(struct svg *, struct svg_point from, struct svg_point to, struct svg_stroke);

/* Clockwise along an ellipse; `large`: more than half of it. */
void svg_arc(struct svg *, struct svg_point from, struct svg_point to, struct svg_point radii, bool large,
    struct svg_stroke);

#endif
