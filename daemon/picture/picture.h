/* An alert as a picture for print: a ring (who is tied to whom), the timelines of its orders, the acts of one
 * account or unit in turn, or a money cycle. Drawn from the alert's JSON alone (design section 7), black on
 * white, in Chinese and English, for the command line and the console. The same alert gives the same bytes.
 */
#ifndef JIANDU_PICTURE_PICTURE_H
#define JIANDU_PICTURE_PICTURE_H

#include <jansson.h>

enum picture { PICTURE_RING, PICTURE_TIMELINE, PICTURE_SEQUENCE, PICTURE_CYCLE };

/* What suits the alert: its strongest signal and its subjects decide. */
enum picture picture_choose(const json_t *alert);
/* An A4 page in landscape, SVG 1.1; free() it. The alert may come from anywhere: what is missing is left
 * out, and all texts are escaped. */
char *picture_draw(const json_t *alert);

#endif
