/* Without libFuzzer (-DFUZZ_MAIN): run the target over the files given and
 * over COUNT changed copies of each, the same ones every time.
 *
 *	fuzz_x COUNT FILE...
 *
 * With it: clang -fsanitize=fuzzer,address and a corpus folder. */
#ifndef FUZZ_MAIN_H
#define FUZZ_MAIN_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t len);

/* A promise of the code under test that was not kept. */
#define MUST(x) do {							\
	if (!(x)) {							\
		fprintf(stderr, "broken promise: %s\n", #x);		\
		abort();						\
	}								\
} while (0)

#ifdef FUZZ_MAIN

static uint64_t seed = 88172645463325252u;

static size_t
dice(size_t n)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (size_t)(seed >> 11) % n;
}

/* One change: a bit, a byte, a cut, a piece doubled or left out. */
static size_t
change(uint8_t *p, size_t len, size_t room)
{
	static const char odd[] = "\n\r\0 /.-:%\xff\x80=09";
	size_t at, n;

	if (len == 0)
		return 0;
	at = dice(len);
	n = 1 + dice(len - at < 64 ? len - at : 64);
	switch (dice(6)) {
	case 0:
		p[at] ^= (uint8_t)(1 << dice(8));
		return len;
	case 1:
		p[at] = (uint8_t)odd[dice(sizeof odd - 1)];
		return len;
	case 2:
		return at;
	case 3:
		memmove(p + at, p + at + n, len - at - n);
		return len - n;
	case 4:
		if (len + n > room)
			return len;
		memmove(p + at + n, p + at, len - at);
		return len + n;
	default:
		memset(p + at, p[dice(len)], n);
		return len;
	}
}

static void
run_file(const char *path, size_t count)
{
	enum { ROOM = 1 << 20 };
	uint8_t *whole = malloc(ROOM), *p;
	FILE *f = fopen(path, "rb");
	size_t len, n, i, times;

	if (f == NULL || whole == NULL) {
		perror(path);
		exit(2);
	}
	len = fread(whole, 1, ROOM, f);
	fclose(f);
	LLVMFuzzerTestOneInput(whole, len);
	for (i = 0; i < count; i++) {
		p = malloc(ROOM + 1);
		memcpy(p, whole, len);
		n = len;
		for (times = 1 + dice(4); times > 0; times--)
			n = change(p, n, ROOM);
		p = realloc(p, n + 1);	/* so that an overrun is seen */
		LLVMFuzzerTestOneInput(p, n);
		free(p);
	}
	free(whole);
}

int
main(int argc, char **argv)
{
	int i;

	if (argc < 3)
		return 2;
	for (i = 2; i < argc; i++)
		run_file(argv[i], strtoul(argv[1], NULL, 10));
	printf("%d files\n", argc - 2);
	return 0;
}

#endif
#endif
