/* Characters of UTF-8 text: which may be shown, and how wide they are in print. */
#ifndef JIANDU_PICTURE_GLYPH_H
#define JIANDU_PICTURE_GLYPH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GLYPH_REPLACEMENT "\xef\xbf\xbd" /* U+FFFD */

/* The character that `text`, not empty, begins with, and its length in bytes. What is no UTF-8 is U+FFFD,
 * a byte long. */
uint32_t glyph_next(const char *text, size_t *length);
/* May it be shown? Not control characters, those that change the direction of writing, and non-characters. */
bool glyph_is_plain(uint32_t glyph);
/* Hundredths of the font size, on the safe side for the usual sans-serif faces. */
int glyph_width(uint32_t glyph);
/* Punctuation that must not begin a line. */
bool glyph_closes(uint32_t glyph);
/* May a line end behind it: a space, or a Chinese character. */
bool glyph_breaks(uint32_t glyph);

/* Width of a text in points, rounded up. */
int glyph_text_width(const char *text, int font_size);
/* How many bytes of the text fit into `width` points. */
size_t glyph_fitting(const char *text, int font_size, int width);
/* How many bytes of the text a line of `width` points takes, broken where a line may be; at least one
 * character. */
size_t glyph_line(const char *text, int font_size, int width);

#endif
