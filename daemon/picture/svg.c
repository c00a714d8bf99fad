#include "daemon/picture/svg.h"

#include "daemon/base/memory.h"
#include "daemon/picture/glyph.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ELLIPSIS "\xe2\x80\xa6"
#define LEADING(font_size) ((font_size) + 3)

/* A Chinese face first, so that one face sets a whole line. */
#define FACES                                                                                                \
    "'Noto Sans CJK SC', 'Source Han Sans SC', 'Microsoft YaHei', 'PingFang SC', 'WenQuanYi Micro Hei', "    \
    "SimHei, sans-serif"

struct svg {
    FILE *out;
    char *text;
    size_t length;
};

static void put_escaped(struct svg *s, const char *text, size_t length)
{
    size_t used = 0, n;
    while (used < length) {
        uint32_t glyph = glyph_next(text + used, &n);
        if (glyph == '&')
            fputs("&amp;", s->out);
        else if (glyph == '<')
            fputs("&lt;", s->out);
        else if (glyph == '>')
            fputs("&gt;", s->out);
        else if (glyph == '"')
            fputs("&quot;", s->out);
        else if (!glyph_is_plain(glyph) || (n == 1 && glyph >= 0x80)) /* or no UTF-8 */
            fputs(GLYPH_REPLACEMENT, s->out);
        else
            fwrite(text + used, 1, n, s->out);
        used += n;
    }
}

struct svg *svg_create(const char *title, const char *description)
{
    struct svg *s = memory_zeroed(1, sizeof *s, "a picture");
    s->out = memory_need(open_memstream(&s->text, &s->length), "a picture");
    fprintf(s->out,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        "<svg xmlns=\"http://www.w3.org/2000/svg\" version=\"1.1\" width=\"297mm\" height=\"210mm\" "
        "viewBox=\"0 0 %d %d\">\n<title>",
        SVG_PAGE_WIDTH, SVG_PAGE_HEIGHT);
    put_escaped(s, title, strlen(title));
    fputs("</title>\n<desc>", s->out);
    put_escaped(s, description, strlen(description));
    fprintf(s->out,
        "</desc>\n<defs><marker id=\"head\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"8\" "
        "markerHeight=\"8\" markerUnits=\"userSpaceOnUse\" orient=\"auto\"><path d=\"M0 0L8 4L0 8z\" "
        "fill=\"#000\"/></marker></defs>\n"
        "<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>\n"
        "<g font-family=\"" FACES "\" fill=\"#000\" stroke=\"none\">\n",
        SVG_PAGE_WIDTH, SVG_PAGE_HEIGHT);
    return s;
}

char *svg_finish(struct svg *s)
{
    fputs("</g>\n</svg>\n", s->out);
    bool failed = ferror(s->out);
    if (fclose(s->out) != 0 || failed)
        memory_exhausted("a picture");
    char *text = s->text;
    free(s);
    return text;
}

static void begin_text(struct svg *s, int x, int y, int font_size, int look)
{
    fprintf(s->out, "<text x=\"%d\" y=\"%d\" font-size=\"%d\"", x, y, font_size);
    if (look & (SVG_MIDDLE | SVG_END))
        fprintf(s->out, " text-anchor=\"%s\"", look & SVG_END ? "end" : "middle");
    if (look & SVG_BOLD)
        fputs(" font-weight=\"bold\"", s->out);
    fputc('>', s->out);
}

void svg_text(struct svg *s, int x, int y, int font_size, int look, const char *text)
{
    if (!*text)
        return;
    begin_text(s, x, y, font_size, look);
    put_escaped(s, text, strlen(text));
    fputs("</text>\n", s->out);
}

/* A part of a text and an ellipsis, together at most `width` wide. */
static void put_cut(struct svg *s, struct svg_point at, int font_size, int look, int width, const char *text)
{
    begin_text(s, at.x, at.y, font_size, look);
    put_escaped(s, text, glyph_fitting(text, font_size, width - font_size));
    fputs(ELLIPSIS "</text>\n", s->out);
}

void svg_fitted(struct svg *s, int x, int y, int font_size, int look, int width, const char *text)
{
    if (glyph_text_width(text, font_size) <= width)
        svg_text(s, x, y, font_size, look, text);
    else if (width > font_size)
        put_cut(s, (struct svg_point){x, y}, font_size, look, width, text);
}

int svg_paragraph(struct svg *s, struct svg_point at, int width, int font_size, int lines, const char *text)
{
    int n = 0;
    while (*text && n < lines) {
        size_t length = glyph_line(text, font_size, width);
        int y = at.y + n++ * LEADING(font_size);
        if (at.y < 0)
            ;
        else if (n == lines && text[length])
            put_cut(s, (struct svg_point){at.x, y}, font_size, SVG_START, width, text);
        else {
            begin_text(s, at.x, y, font_size, SVG_START);
            put_escaped(s, text, length);
            fputs("</text>\n", s->out);
        }
        text += length;
        text += strspn(text, " ");
    }
    return n;
}

void svg_group(struct svg *s, const char *tip)
{
    fputs("<g><title>", s->out);
    put_escaped(s, tip, strlen(tip));
    fputs("</title>\n", s->out);
}

void svg_group_end(struct svg *s)
{
    fputs("</g>\n", s->out);
}

/* The end of an element that is drawn with a stroke. */
static void put_stroke(struct svg *s, struct svg_stroke stroke, const char *fill)
{
    fprintf(s->out, " fill=\"%s\" stroke=\"#000\" stroke-width=\"%d.%d\"", fill, stroke.weight / 10,
        stroke.weight % 10);
    if (stroke.dash)
        fprintf(s->out, " stroke-dasharray=\"%s\"", stroke.dash);
    fputs(stroke.arrow ? " marker-end=\"url(#head)\"/>\n" : "/>\n", s->out);
}

static void put_rectangle(struct svg *s, struct svg_area a, struct svg_stroke stroke, const char *fill)
{
    fprintf(
        s->out, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"3\"", a.x, a.y, a.width, a.height);
    put_stroke(s, stroke, fill);
}

void svg_box(struct svg *s, struct svg_area a, struct svg_stroke stroke)
{
    put_rectangle(s, a, stroke, "#fff");
}

void svg_blank(struct svg *s, struct svg_area a)
{
    fprintf(s->out, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"#fff\"/>\n", a.x, a.y, a.width,
        a.height);
}

void svg_frame(struct svg *s, struct svg_area a, struct svg_stroke stroke)
{
    put_rectangle(s, a, stroke, "none");
}

void svg_circle(struct svg *s, struct svg_point center, int radius, bool black, struct svg_stroke stroke)
{
    fprintf(s->out, "<circle cx=\"%d\" cy=\"%d\" r=\"%d\"", center.x, center.y, radius);
    put_stroke(s, stroke, black ? "#000" : "#fff");
}

void svg_lines(struct svg *s, const struct svg_point *points, size_t n, struct svg_stroke stroke)
{
    fputs("<polyline points=\"", s->out);
    for (size_t i = 0; i < n; i++)
        fprintf(s->out, "%s%d,%d", i ? " " : "", points[i].x, points[i].y);
    fputc('"', s->out);
    put_stroke(s, stroke, "none");
}

void svg_curve(struct svg *s, struct svg_point from, struct svg_point to, struct svg_stroke stroke)
{
    int half = (to.x - from.x) / 2;
    fprintf(s->out, "<path d=\"M%d %dC%d %d %d %d %d %d\"", from.x, from.y, from.x + half, from.y,
        to.x - half, to.y, to.x, to.y);
    put_stroke(s, stroke, "none");
}

void svg_arc(struct svg *s, struct svg_point from, struct svg_point to, struct svg_point radii, bool large,
    struct svg_stroke stroke)
{
    fprintf(
        s->out, "<path d=\"M%d %dA%d %d 0 %d 1 %d %d\"", from.x, from.y, radii.x, radii.y, large, to.x, to.y);
    put_stroke(s, stroke, "none");
}
