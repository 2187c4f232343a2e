/* Unicode canonical equivalence of file names: NFC and NFD of one name are
 * the same name to a person, and to a Macintosh. */
#ifndef TONGJI_NORM_H
#define TONGJI_NORM_H

/* The canonical decomposition (NFD) of a UTF-8 text, as a key to compare
 * with; invalid bytes stay as they are.  Heap; the caller frees.
 * CJK compatibility ideographs are not decomposed. */
char *norm_key(const char *s);

#endif
