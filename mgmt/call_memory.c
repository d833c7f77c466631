/* The memory of one call. An answer is thousands of small pieces that go together: they are cut from
 * blocks, which grow with what the call needs. */
#include <stdlib.h>
#include <string.h>

#include "mgmt/call.h"

#define FIRST_BYTES 1024u
#define MOST_BYTES  65536u

struct fo_call_block {
    struct fo_call_block *next;
    size_t used, bytes;
    max_align_t data[];
};

static struct fo_call_block *add_block(struct fo_call *c, size_t bytes)
{
    struct fo_call_block *block = calloc(1, sizeof *block + bytes);

    if (block == NULL)
        return NULL;
    block->bytes = bytes;
    block->next = c->blocks;
    c->blocks = block;
    return block;
}

static size_t next_size(const struct fo_call_block *last)
{
    if (last == NULL)
        return FIRST_BYTES;
    return last->bytes < MOST_BYTES / 2 ? last->bytes * 2 : MOST_BYTES;
}

void *fo_call_alloc(struct fo_call *c, size_t size)
{
    size_t aligned = (size + sizeof(max_align_t) - 1) / sizeof(max_align_t) * sizeof(max_align_t);
    struct fo_call_block *block = c->blocks;
    void *piece;

    if (aligned < size)
        return NULL;
    if (block == NULL || block->bytes - block->used < aligned) {
        size_t bytes = next_size(block);
        block = add_block(c, bytes > aligned ? bytes : aligned);
    }
    if (block == NULL)
        return NULL;
    piece = (char *)block->data + block->used;
    block->used += aligned;
    return piece;
}

char *fo_call_text(struct fo_call *c, const char *text)
{
    size_t size = strlen(text) + 1;
    char *copy = fo_call_alloc(c, size);

    if (copy != NULL)
        memcpy(copy, text, size);
    return copy;
}

void fo_call_fini(struct fo_call *c)
{
    while (c->blocks != NULL) {
        struct fo_call_block *next = c->blocks->next;
        free(c->blocks);
        c->blocks = next;
    }
}
