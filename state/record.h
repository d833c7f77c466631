/**
 * state/record.h: how things lie on disk.
 *
 * Every value is: version (1 byte), body, CRC32C (4 bytes, over version and body), big-endian.
 * Keys are big-endian so that a cursor runs in address order. A record of a future version gives
 * FO_EVERSION, a damaged one FO_EDAMAGED; neither changes the output.
 */
#ifndef FO_STATE_RECORD_H
#define FO_STATE_RECORD_H

#include "proto/bytes.h"
#include "state/binding.h"
#include "state/relationship.h"
#include "state/scope.h"

#define FO_RECORD_BINDING_MAX 512 /* bytes; a binding always fits */

/** CRC32C (RFC 3720 §12.1), by the processor where it can; the same in plain C. */
uint32_t fo_crc32c(const void *data, size_t length);
uint32_t fo_crc32c_portable(const void *data, size_t length);

/** Seals what |w| holds from offset 0: the caller wrote version and body; appends the CRC. */
void fo_record_seal(struct fo_writer *w);
/** Checks CRC and that the version is at most |max_version|; gives a reader on the body. */
FO_MUST_CHECK int fo_record_open(const void *value, size_t length, uint8_t max_version,
                                 uint8_t *out_version, struct fo_reader *out_body);

/** A text: its length (2 bytes), its bytes. Read: of less than |capacity| bytes, none of them 0, or
 *  the cursor fails with FO_EDAMAGED. */
void fo_record_write_text(struct fo_writer *w, const char *text);
void fo_record_read_text(struct fo_reader *r, char *out, size_t capacity);

void fo_record_put_address(fo_ipv4_t address, uint8_t out_key[4]);
FO_MUST_CHECK int fo_record_get_address(const void *key, size_t length, fo_ipv4_t *out_address);

/** Returns the length written (<= FO_RECORD_BINDING_MAX). */
size_t fo_record_write_binding(const struct fo_binding *b, uint8_t out[FO_RECORD_BINDING_MAX]);
/** Client-identifier bytes in |out| borrow |value|. The address is the key's. */
FO_MUST_CHECK int fo_record_read_binding(const void *key, size_t key_length, const void *value,
                                         size_t length, struct fo_binding *out);

/* Scopes and relationships have no fixed size: these give malloc'd bytes (free). */
FO_MUST_CHECK int fo_record_write_scope(const struct fo_scope *s, uint8_t **out_value,
                                        size_t *out_length);
/** |*out| is then owned by the caller: fo_scope_fini. */
FO_MUST_CHECK int fo_record_read_scope(const void *value, size_t length, struct fo_scope *out);
FO_MUST_CHECK int fo_record_write_relationship(const struct fo_relationship *r, uint8_t **out_value,
                                               size_t *out_length);
/** |*out| is then owned by the caller: fo_relationship_fini. */
FO_MUST_CHECK int fo_record_read_relationship(const void *value, size_t length,
                                              struct fo_relationship *out);
#endif
