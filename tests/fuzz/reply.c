/* Fuzz target of what Redis answers. Any bytes as the replies of both connections: through hiredis' parser
 * with our own functions, as the reader does, in one piece and in two; and as reply objects, which everything
 * looks into that the control connection asks for. The first byte says where the pieces are cut. */
#include "daemon/base/invariant.h"
#include "daemon/stream/batch.h"
#include "daemon/stream/reply.h"

#include <stdlib.h>
#include <string.h>

#define REPLIES_MAX 64

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What a parse came to; equal for equal bytes in any pieces. */
struct outcome {
    size_t replies, entries, usable, bytes;
    uint64_t sum;
    bool failed;
};

static void add(struct outcome *o, uint64_t value)
{
    o->sum = (o->sum ^ value) * UINT64_C(0x100000001b3);
}

static void count_batch(struct outcome *o, struct batch *b)
{
    invariant(b->count <= b->room && b->texts_used <= b->texts_size);
    for (size_t i = 0; i < b->count; i++) {
        const struct batch_entry *e = &b->entries[i];
        invariant((e->event == NULL) == (e->reason != EVENT_OK));
        add(o, e->id.ms ^ e->id.seq << 32 ^ (uint64_t)e->reason << 60);
        if (e->event) {
            invariant(e->event->type > JD_TYPE_NONE && e->event->type < JD_TYPE_COUNT);
            add(o, e->event->present);
            o->usable++;
        } else {
            invariant(e->text + e->text_length < b->texts_used && b->texts[e->text + e->text_length] == '\0');
            add(o, e->hash ^ e->size);
        }
    }
    if (b->count)
        add(o, batch_fingerprint(b));
    o->entries += b->count;
    o->bytes += b->bytes;
    for (const char *c = b->error; *c; c++)
        add(o, (unsigned char)*c);
}

/* Everything that there is in the reader. */
static void drain(struct outcome *o, redisReader *reader, struct batch *b)
{
    void *mark = NULL;
    while (!o->failed && o->replies < REPLIES_MAX) {
        o->failed = redisReaderGetReply(reader, &mark) != REDIS_OK;
        if (o->failed || !mark)
            return;
        o->replies++;
        count_batch(o, b);
        batch_reset(b);
    }
}

static struct outcome parse(const char *text, size_t length, size_t cut)
{
    static const struct decoder_options options = {.seed = {1, 2}};
    struct outcome o = {0};
    struct batch b;
    batch_init(&b);
    batch_use(&b, decoder_create(&options, NULL));
    redisReader *reader =
        redisReaderCreateWithFunctions((redisReplyObjectFunctions *)(uintptr_t)&batch_functions);
    invariant(b.decoder && reader);
    reader->privdata = &b;
    if (cut) {
        redisReaderFeed(reader, text, cut);
        drain(&o, reader, &b);
    }
    redisReaderFeed(reader, text + cut, length - cut);
    drain(&o, reader, &b);
    redisReaderFree(reader);
    decoder_destroy(b.decoder);
    batch_fini(&b);
    return o;
}

static void look_into(const redisReply *reply)
{
    static struct raw_entry scratch;
    struct entry_id id;
    invariant(reply_text(reply) != NULL);
    (void)reply_classify(reply);
    (void)reply_is_error(reply, "NOGROUP");
    (void)reply_number(reply, "length", 0);
    (void)reply_id(reply, "last-generated-id", &id);
    (void)raw_entry_fingerprint_of(&scratch, reply);
    for (size_t i = 0; reply->type == REDIS_REPLY_ARRAY && i < reply->elements; i++)
        look_into(reply->element[i]);
}

/* hiredis allocates at once, though it does not touch, what an array announces. */
static bool announces_much(const char *text, size_t length)
{
    for (size_t i = 0, digits = 0; i < length; i++) {
        digits = text[i] == '*' ? 1 : digits && text[i] >= '0' && text[i] <= '9' ? digits + 1 : 0;
        if (digits > 7)
            return true;
    }
    return false;
}

static void as_objects(const char *text, size_t length)
{
    if (announces_much(text, length))
        return;
    redisReader *reader = redisReaderCreate();
    void *reply = NULL;
    invariant(reader);
    redisReaderFeed(reader, text, length);
    for (int i = 0; i < REPLIES_MAX && redisReaderGetReply(reader, &reply) == REDIS_OK && reply; i++) {
        look_into(reply);
        freeReplyObject(reply);
    }
    redisReaderFree(reader);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2)
        return 0;
    const char *text = (const char *)data + 1;
    size_t length = size - 1, cut = data[0] * length / 256;
    struct outcome whole = parse(text, length, 0), pieces = parse(text, length, cut);
    if (!whole.failed)
        invariant(whole.replies == pieces.replies && whole.entries == pieces.entries &&
                  whole.usable == pieces.usable && whole.bytes == pieces.bytes && whole.sum == pieces.sum);
    as_objects(text, length);
    return 0;
}
