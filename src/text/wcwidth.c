/* Our own wcwidth().  libncursesw asks for it through the dynamic linker, so
 * an executable that defines it decides every cell width: characters newer
 * than libc's table, ambiguous ones by our switch, GBK by bytes (PITFALLS 4).
 * It stops working if libncursesw is linked with -Bsymbolic or we are built
 * with -fvisibility=hidden; tests/unit/test_width.c watches over that. */
#include <wchar.h>

#include "width.h"

int
wcwidth(wchar_t wc)
{
	/* A wide character is a code point here: glibc and musl define
	 * __STDC_ISO_10646__. */
#ifndef __STDC_ISO_10646__
#error "wchar_t does not hold Unicode code points"
#endif
	return wc == 0 ? 0 : width_cp((uint32_t)wc);
}
