#include "mgmt/dhcpsapi/result.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "mgmt/dhcpsapi.h"

struct block {
    struct block *next; /* of an owner: what hangs from it */
    bool owned;
    max_align_t data[];
};

static struct block *block_of(void *data)
{
    return (struct block *)(void *)((char *)data - offsetof(struct block, data));
}

void *fo_result_new(size_t size)
{
    struct block *block = calloc(1, sizeof *block + size);

    /* cppcheck-suppress memleak ; freed by its data: DhcpRpcFreeMemory */
    return block != NULL ? block->data : NULL;
}

void *fo_result_add(void *owner, size_t size)
{
    struct block *root = block_of(owner), *block = calloc(1, sizeof *block + size);

    if (block == NULL)
        return NULL;
    block->owned = true;
    block->next = root->next;
    root->next = block;
    return block->data;
}

void DhcpRpcFreeMemory(PVOID BufferPointer)
{
    struct block *block;

    if (BufferPointer == NULL || block_of(BufferPointer)->owned)
        return;
    block = block_of(BufferPointer);
    while (block != NULL) {
        struct block *next = block->next;
        free(block);
        block = next;
    }
}

/* --- UTF-8 and UTF-16 ------------------------------------------------------------------------- */

#define REPLACEMENT 0xfffdu

/* How many bytes follow a first byte, and which of its bits count. */
static unsigned tail_of(unsigned char first, uint32_t *out_bits)
{
    unsigned tail = first < 0x80 ? 0 : first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;

    *out_bits = tail == 0 ? first : first & (0x3fu >> tail);
    return tail;
}

/* Servers send UTF-8; what is not becomes one replacement character. */
static uint32_t next_character(const unsigned char **at)
{
    uint32_t character;
    unsigned tail = tail_of(*(*at)++, &character);

    for (; tail > 0; tail--) {
        if ((**at & 0xc0) != 0x80)
            return REPLACEMENT;
        character = character << 6 | (*(*at)++ & 0x3fu);
    }
    return character <= 0x10ffff ? character : REPLACEMENT;
}

LPWSTR fo_result_text(void *owner, const char *text)
{
    const unsigned char *at = (const unsigned char *)text;
    LPWSTR copy = fo_result_add(owner, (strlen(text) + 1) * sizeof *copy);
    LPWSTR end = copy;

    if (copy == NULL)
        return NULL;
    while (*at != '\0') {
        uint32_t character = next_character(&at);
        if (character >= 0x10000) {
            *end++ = (WCHAR)(0xd7c0 + (character >> 10));
            *end++ = (WCHAR)(0xdc00 | (character & 0x3ff));
        } else {
            *end++ = (WCHAR)character;
        }
    }
    return copy;
}

static char *put(char *end, uint32_t character)
{
    if (character < 0x80) {
        *end++ = (char)character;
        return end;
    }
    if (character < 0x800) {
        *end++ = (char)(0xc0 | character >> 6);
    } else if (character < 0x10000) {
        *end++ = (char)(0xe0 | character >> 12);
        *end++ = (char)(0x80 | (character >> 6 & 0x3f));
    } else {
        *end++ = (char)(0xf0 | character >> 18);
        *end++ = (char)(0x80 | (character >> 12 & 0x3f));
        *end++ = (char)(0x80 | (character >> 6 & 0x3f));
    }
    *end++ = (char)(0x80 | (character & 0x3f));
    return end;
}

char *fo_result_utf8(void *owner, const WCHAR *text)
{
    size_t units = 0;
    char *copy, *end;

    while (text[units] != 0)
        units++;
    copy = end = fo_result_add(owner, units * 3 + 1);
    for (size_t i = 0; copy != NULL && i < units; i++) {
        uint32_t character = text[i];
        if ((character & 0xfc00) == 0xd800 && (text[i + 1] & 0xfc00) == 0xdc00)
            character = 0x10000 + ((character & 0x3ff) << 10) + (text[++i] & 0x3ffu);
        end = put(end, character);
    }
    return copy;
}
