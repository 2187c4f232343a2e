/* The tag files of a bag: lines, bagit.txt, manifest and fetch lines, names.
 * Pure text: nothing here opens a file. */
#ifndef TONGJI_BAGTAG_H
#define TONGJI_BAGTAG_H

#include <stdbool.h>
#include <stddef.h>

#include "str.h"

enum { BAGTAG_PATH = 1024 };	/* bytes of the longest name taken */

struct bagtag_declaration {
	char version[16];	/* "0.97" */
	char encoding[40];
	int number;		/* 97, 100 for 1.0; 0 if unknown */
};

/* The next line, ended by LF, CRLF or CR (RFC 8493 §2.1.3); false at the
 * end. */
bool bagtag_line(const char **line, size_t *len, const char **at,
    const char *end);

/* Parse bagit.txt, strictly: exactly the two lines, "Label: value".  NULL, or
 * what is wrong with it (Chinese, static). */
const char *bagtag_declare(struct bagtag_declaration *d, const char *text,
    size_t len);

/* Convert a tag file to UTF-8; a leading byte order mark is dropped.  NULL,
 * or what is wrong. */
const char *bagtag_decode(struct str *out, const char *text, size_t len,
    const char *encoding);

struct bagtag_entry {
	const char *sum;	/* hex, borrowed from the line */
	size_t sum_len;
	bool star;		/* "*" before the name: md5sum's binary mark */
	char path[BAGTAG_PATH];	/* decoded, without a leading "./" */
};

/* Parse a manifest line.  `percent`: %0D %0A %25 are decoded (version 1.0).
 * NULL, or what is wrong. */
const char *bagtag_manifest(struct bagtag_entry *m, const char *line,
    size_t len, bool percent);
/* The name of a fetch.txt line "URL LENGTH NAME"; NULL, or what is wrong. */
const char *bagtag_fetch(char path[BAGTAG_PATH], const char *line,
    size_t len, bool percent);

/* Why a name would lead out of the bag somewhere, or NULL.  On Windows, or in
 * a shell's hands, more names do: `strict` (for fetch.txt, whose names would
 * be created) refuses those as well. */
const char *bagtag_path_fault(const char *path, bool strict);

/* Files that systems put into folders by themselves (Thumbs.db, .DS_Store):
 * their presence or absence is only worth a warning. */
bool bagtag_is_special(const char *path);

/* "manifest-sha256.txt" → "sha256" with `prefix` "manifest-"; NULL if the
 * name is not of that kind. */
const char *bagtag_algorithm(const char *path, const char *prefix,
    size_t *len);

/* One "Label: value" of bag-info.txt; value continues on lines that start
 * with white space (left out here).  false if the line is not of that form or
 * is a continuation. */
bool bagtag_label(const char *line, size_t len, const char **value,
    size_t *value_len, size_t *label_len);

#endif
