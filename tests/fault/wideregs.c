/* Preloaded into User-Mode Linux: its kernel keeps 2,696 bytes of a process's
 * vector registers, and a processor with more of them (AMX) refuses to take
 * back a part.  The rest is filled from what the processor has. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <elf.h>
#include <linux/ptrace.h>
#include <string.h>
#include <sys/types.h>
#include <sys/uio.h>

typedef long ptrace_fn(int, pid_t, void *, void *);

long
ptrace(int request, pid_t pid, void *addr, void *data)
{
	static ptrace_fn *real;
	static char whole[1 << 16];
	struct iovec all = { whole, sizeof whole }, *part = data;

	if (real == NULL)
		real = (ptrace_fn *)dlsym(RTLD_NEXT, "ptrace");
	if (request != PTRACE_SETREGSET || addr != (void *)NT_X86_XSTATE)
		return real(request, pid, addr, data);
	if (real(PTRACE_GETREGSET, pid, addr, &all) < 0 ||
	    part->iov_len >= all.iov_len)
		return real(request, pid, addr, part);
	memcpy(whole, part->iov_base, part->iov_len);
	return real(request, pid, addr, &all);
}
