#include "tests/support/svg_page.h"

#include "daemon/picture/glyph.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int attribute(const char *tag, const char *end, const char *name)
{
    char wanted[32];
    snprintf(wanted, sizeof wanted, " %s=\"", name);
    const char *at = strstr(tag, wanted);
    return at && at < end ? (int)strtol(at + strlen(wanted), NULL, 10) : -1;
}

static bool has(const char *tag, const char *end, const char *what)
{
    const char *at = strstr(tag, what);
    return at && at < end;
}

static bool is_known(const char *name, size_t length)
{
    static const char *const known[] = {
        "svg", "title", "desc", "defs", "marker", "path", "rect", "g", "text", "circle", "polyline"};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (strlen(known[i]) == length && memcmp(known[i], name, length) == 0)
            return true;
    return false;
}

/* The characters that four entities stand for; NULL if it is none of them. */
static const char *decode(const char *at, char *out)
{
    static const char *const entities[] = {"&amp;", "&lt;", "&gt;", "&quot;"};
    for (size_t i = 0; i < 4; i++)
        if (strncmp(at, entities[i], strlen(entities[i])) == 0) {
            *out = "&<>\""[i];
            return at + strlen(entities[i]);
        }
    return NULL;
}

/* Character data up to the next tag; NULL if there is something in it that XML does not allow. */
static const char *read_text(const char *at, char *out, size_t size)
{
    size_t used = 0;
    while (*at && *at != '<') {
        size_t length;
        uint32_t glyph = glyph_next(at, &length);
        char c = *at;
        if (*at == '&') {
            at = decode(at, &c);
            if (!at)
                return NULL;
            length = 0;
        } else if (*at != '\n' && !glyph_is_plain(glyph)) {
            return NULL;
        }
        for (size_t i = 0; i < (length ? length : 1) && used + 1 < size; i++)
            out[used++] = length ? at[i] : c;
        at += length;
    }
    out[used] = '\0';
    return at;
}

static void note_text(struct svg_page *p, const char *tag, const char *end, const char *text)
{
    struct svg_shape *s = &p->texts[p->n_texts++];
    int size = attribute(tag, end, "font-size"), width = glyph_text_width(text, size);
    int x = attribute(tag, end, "x"), y = attribute(tag, end, "y");
    if (size < 9)
        p->error = "a text is smaller than 9 points";
    if (has(tag, end, "text-anchor=\"middle\""))
        x -= width / 2;
    if (has(tag, end, "text-anchor=\"end\""))
        x -= width;
    s->area = (struct svg_area){x, y - size * 8 / 10, width, size};
    snprintf(s->text, sizeof s->text, "%.*s", (int)sizeof s->text - 1, text);
}

static void note_element(struct svg_page *p, const char *tag, const char *end, const char *text)
{
    if (p->n_boxes == 128 || p->n_texts == 512)
        p->error = "more than the test can hold";
    else if (strncmp(tag, "<text", 5) == 0)
        note_text(p, tag, end, text);
    else if (strncmp(tag, "<rect", 5) == 0 && has(tag, end, "fill=\"#fff\" stroke"))
        p->boxes[p->n_boxes++].area = (struct svg_area){attribute(tag, end, "x"), attribute(tag, end, "y"),
            attribute(tag, end, "width"), attribute(tag, end, "height")};
}

/* A tag's end, past its quoted values; NULL if they are not what they should be. */
static const char *tag_end(const char *tag)
{
    bool quoted = false;
    for (const char *at = tag + 1; *at; at++) {
        if (*at == '"')
            quoted = !quoted;
        else if (*at == '<')
            return NULL;
        else if (*at == '>' && !quoted)
            return at;
    }
    return NULL;
}

static bool is_harmless(const char *tag, const char *end)
{
    return !has(tag, end, " on") && !has(tag, end, "href") && !has(tag, end, "style") &&
           !has(tag, end, "javascript");
}

void svg_page_read(struct svg_page *p, const char *svg)
{
    const char *open[16];
    size_t lengths[16], depth = 0;
    static const char head[] = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
    *p = (struct svg_page){.error = strncmp(svg, head, sizeof head - 1) ? "no XML declaration" : NULL};
    for (const char *at = svg + sizeof head - 1; *at && !p->error;) {
        char text[4096];
        const char *tag = at, *end = tag_end(tag);
        bool closes = tag[0] == '<' && tag[1] == '/';
        const char *name = tag + 1 + closes;
        size_t length = strcspn(name, " />\n");
        if (*tag != '<' || !end || !is_known(name, length) || !is_harmless(tag, end)) {
            p->error = "a tag that should not be there";
            return;
        }
        at = read_text(end + 1, text, sizeof text);
        if (!at) {
            p->error = "a character that may not stand there";
            return;
        }
        if (closes && (!depth-- || lengths[depth] != length || memcmp(open[depth], name, length) != 0))
            p->error = "tags do not nest";
        else if (!closes && end[-1] != '/' && depth < 16) {
            open[depth] = name;
            lengths[depth++] = length;
        }
        if (!closes)
            note_element(p, tag, end, text);
        if (!depth && *at)
            p->error = "more than one root";
    }
    if (depth)
        p->error = "a tag is not closed";
}

static bool overlap(struct svg_area a, struct svg_area b)
{
    return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

static bool inside(struct svg_area a, struct svg_area b)
{
    return a.x >= b.x && a.y >= b.y && a.x + a.width <= b.x + b.width && a.y + a.height <= b.y + b.height;
}

const char *svg_page_overlap(const struct svg_page *p, const char **what)
{
    static const struct svg_area sheet = {0, 0, SVG_PAGE_WIDTH, SVG_PAGE_HEIGHT};
    for (size_t i = 0; i < p->n_boxes; i++) {
        *what = "";
        if (!inside(p->boxes[i].area, sheet))
            return "a box leaves the page";
        for (size_t j = 0; j < i; j++)
            if (overlap(p->boxes[i].area, p->boxes[j].area))
                return "two boxes overlap";
    }
    for (size_t i = 0; i < p->n_texts; i++) {
        *what = p->texts[i].text;
        if (!inside(p->texts[i].area, sheet))
            return "a text leaves the page";
        for (size_t j = 0; j < i; j++)
            if (overlap(p->texts[i].area, p->texts[j].area))
                return "two texts overlap";
        for (size_t j = 0; j < p->n_boxes; j++)
            if (overlap(p->texts[i].area, p->boxes[j].area) && !inside(p->texts[i].area, p->boxes[j].area))
                return "a text crosses a box";
    }
    return NULL;
}

bool svg_page_says(const struct svg_page *p, const char *text)
{
    for (size_t i = 0; i < p->n_texts; i++)
        if (strstr(p->texts[i].text, text))
            return true;
    return false;
}
