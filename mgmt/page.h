/**
 * mgmt/page.h: how much one page of an enumeration may hold. It ends when what was asked for is
 * there, before it could outgrow a frame, and after so much time that the partner's messages do not
 * wait: who wants the rest asks for the next page.
 */
#ifndef FO_MGMT_PAGE_H
#define FO_MGMT_PAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FO_PAGE_MAX  1000u /* entries */
#define FO_PAGE_SURE 64u   /* entries, however long they take */
#define FO_PAGE_US   400u  /* microseconds in which others are added */

struct fo_page {
    size_t limit, count; /* entries */
    size_t bytes;
    uint64_t began_us;
};

/** Entries of a page of |asked| at most; 0: of as many as there may be. */
size_t fo_page_limit(uint32_t asked);
/** Such a page from now on. */
struct fo_page fo_page_begin(uint32_t asked);
bool fo_page_has_room(const struct fo_page *p);
/** It has one entry more, which takes |bytes| of its frame. */
void fo_page_add(struct fo_page *p, size_t bytes);

#endif
