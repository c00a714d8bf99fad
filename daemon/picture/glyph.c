#include "daemon/picture/glyph.h"

#include <string.h>

#define REPLACEMENT 0xfffd
#define FIRST_WIDE 0x2e80 /* CJK radicals; all that follows is as wide as high */

static size_t length_of(unsigned char lead)
{
    if (lead < 0x80)
        return 1;
    if (lead >= 0xc2 && lead < 0xe0)
        return 2;
    if (lead >= 0xe0 && lead < 0xf0)
        return 3;
    return lead >= 0xf0 && lead < 0xf5 ? 4 : 0;
}

uint32_t glyph_next(const char *text, size_t *length)
{
    static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    static const unsigned char mask[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
    const unsigned char *s = (const unsigned char *)text;
    size_t n = length_of(s[0]);
    uint32_t glyph = s[0] & mask[n];
    *length = 1;
    if (!n)
        return REPLACEMENT;
    for (size_t i = 1; i < n; i++) {
        if ((s[i] & 0xc0) != 0x80) /* the NUL at the end too */
            return REPLACEMENT;
        glyph = glyph << 6 | (s[i] & 0x3f);
    }
    if (glyph < smallest[n] || glyph > 0x10ffff || (glyph >= 0xd800 && glyph < 0xe000))
        return REPLACEMENT;
    *length = n;
    return glyph;
}

bool glyph_is_plain(uint32_t g)
{
    if (g < 0x20 || (g >= 0x7f && g < 0xa0))
        return false;
    if (g == 0x061c || g == 0x200e || g == 0x200f || (g >= 0x2028 && g <= 0x202e) ||
        (g >= 0x2066 && g <= 0x2069))
        return false;
    return (g & 0xfffe) != 0xfffe && !(g >= 0xfdd0 && g <= 0xfdef);
}

int glyph_width(uint32_t g)
{
    if (g >= FIRST_WIDE)
        return 100;
    if (g >= 0x80)
        return g == 0xa5 ? 64 : 100;
    if (strchr("iljI.,:;'|!()[] ", (int)g))
        return 36;
    if (strchr("frt-/\"`{}", (int)g))
        return 46;
    if (strchr("mwMW@%", (int)g))
        return 98;
    return g >= 'A' && g <= 'Z' ? 72 : 62;
}

bool glyph_closes(uint32_t g)
{
    static const uint32_t closing[] = {
        0x3001, 0x3002, 0xff0c, 0xff1b, 0xff1a, 0xff09, 0xff01, 0xff1f, 0x201d, 0x2019, ',', '.', ';', ')'};
    for (size_t i = 0; i < sizeof closing / sizeof closing[0]; i++)
        if (g == closing[i])
            return true;
    return false;
}

bool glyph_breaks(uint32_t g)
{
    return g == ' ' || g >= FIRST_WIDE;
}

int glyph_text_width(const char *text, int font_size)
{
    int width = 0;
    while (*text) {
        size_t length;
        width += glyph_width(glyph_next(text, &length));
        text += length;
    }
    return (width * font_size + 99) / 100;
}

size_t glyph_fitting(const char *text, int font_size, int width)
{
    size_t used = 0;
    int sum = 0;
    while (text[used]) {
        size_t length;
        sum += glyph_width(glyph_next(text + used, &length));
        if (sum * font_size > width * 100)
            break;
        used += length;
    }
    return used;
}

size_t glyph_line(const char *text, int font_size, int width)
{
    size_t fits = glyph_fitting(text, font_size, width), used = 0, best = 0, length;
    if (!text[fits])
        return fits;
    while (used < fits) {
        uint32_t here = glyph_next(text + used, &length);
        used += length;
        uint32_t after = glyph_next(text + used, &length);
        if (!glyph_closes(after) && (glyph_breaks(here) || after >= FIRST_WIDE))
            best = used;
    }
    if (best)
        return best;
    glyph_next(text, &length);
    return fits > length ? fits : length;
}
