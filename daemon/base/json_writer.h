/* Writes JSON into one growing text: compact, members in the order in which they are put, nothing ever read
 * back. For what is published: a tree of objects would cost ten times as much.
 *
 * Names are ours and need no escape; texts are UTF-8 of any content. `name` is NULL inside an array. Running
 * out of memory ends the process. */
#ifndef JIANDU_BASE_JSON_WRITER_H
#define JIANDU_BASE_JSON_WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct json_writer {
    char *text;
    size_t length, room;
};

/* Begins with nothing. */
void json_begin(struct json_writer *);
/* The text, for free(). */
char *json_end(struct json_writer *);

void json_open_object(struct json_writer *, const char *name);
void json_close_object(struct json_writer *);
/* Returns a mark for json_close_unless_empty. */
size_t json_open_array(struct json_writer *, const char *name);
void json_close_array(struct json_writer *);
/* Closes the array that was opened at the mark, or takes it back, name and all, if nothing is in it. */
void json_close_unless_empty(struct json_writer *, size_t mark);

void json_put_text(struct json_writer *, const char *name, const char *text);
void json_put_integer(struct json_writer *, const char *name, int64_t number);
void json_put_boolean(struct json_writer *, const char *name, bool value);
/* Sixteen hex digits, as text. */
void json_put_hash(struct json_writer *, const char *name, uint64_t hash);
/* An object of a text in Chinese and in English. */
void json_put_both(struct json_writer *, const char *name, const char *zh, const char *en);

#endif
