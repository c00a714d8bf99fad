/* What the files of the picture share. Each drawing fills the area that the page leaves it. */
#ifndef JIANDU_PICTURE_PICTURE_PARTS_H
#define JIANDU_PICTURE_PICTURE_PARTS_H

#include "daemon/picture/svg.h"

#include <jansson.h>

#define SMALL 9 /* font sizes in points; nothing is smaller */
#define NORMAL 10

#define PICTURE_NODES 24 /* drawn at most; of more, the largest by money */

#define PLAIN ((struct svg_stroke){.weight = 8})
#define THIN ((struct svg_stroke){.weight = 5})
#define THICK ((struct svg_stroke){.weight = 20})

/* A line about what is not drawn; empty when all is. */
struct picture_rest {
    char text[256];
};

void picture_ring(struct svg *, const json_t *alert, struct svg_area, struct picture_rest *);
void picture_timeline(struct svg *, const json_t *alert, struct svg_area, struct picture_rest *);
void picture_sequence(struct svg *, const json_t *alert, struct svg_area, struct picture_rest *);
void picture_cycle(struct svg *, const json_t *alert, struct svg_area, struct picture_rest *);

/* A kind of subject or type of entry in both languages; a word that is not known stands for itself. */
struct picture_word {
    const char *word, *zh, *en;
};
struct picture_word picture_word(const char *word);

/* "11-23 13:37" and "¥74,862.14". */
struct picture_text {
    char text[48];
};
struct picture_text picture_time(int64_t ms);
struct picture_text picture_money(int64_t fen);

#endif
