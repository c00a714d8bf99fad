/* Fuzz target of the head of an HTTP request. It must be judged the same in any pieces: each beginning of it
 * is either not complete or gives what the whole gives. What is accepted has nothing in it that a page or a
 * log should not see. */
#include "daemon/base/invariant.h"
#include "daemon/ops/http_request.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define PIECES 512 /* beginnings looked at */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool is_status(int status)
{
    static const int all[] = {0, 200, 400, 404, 405, 413, 431, 505};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        if (all[i] == status)
            return true;
    return false;
}

static void check_accepted(const struct http_request *r)
{
    invariant(r->path[0] == '/' && strlen(r->path) < HTTP_PATH_MAX && strlen(r->host) < HTTP_PATH_MAX);
    for (const char *c = r->path; *c; c++)
        invariant(*c > ' ' && *c <= '~' && *c != '?');
    for (const char *c = r->host; *c; c++)
        invariant((unsigned char)*c >= ' ' || *c == '\t');
}

/* In memory of exactly that size, so that a sanitizer sees a step too far. */
static int parse(struct http_request *r, const uint8_t *data, size_t size)
{
    char *exact = malloc(size ? size : 1);
    invariant(exact);
    if (size)
        memcpy(exact, data, size);
    int status = http_request_parse(r, exact, size);
    free(exact);
    return status;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct http_request whole, part;
    if (size > HTTP_HEAD_MAX)
        size = HTTP_HEAD_MAX; /* the connection reads no more */
    int status = parse(&whole, data, size);
    invariant(is_status(status));
    if (status == 200)
        check_accepted(&whole);
    for (size_t n = 0; n < size && n < PIECES; n++) {
        int early = parse(&part, data, n);
        invariant(early == 0 || early == status);
        invariant(early != 200 || (strcmp(part.path, whole.path) == 0 && strcmp(part.host, whole.host) == 0));
    }
    return 0;
}
