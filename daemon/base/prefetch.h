/* Asks for a cache line ahead of its use. */
#ifndef JIANDU_BASE_PREFETCH_H
#define JIANDU_BASE_PREFETCH_H

static inline void prefetch_line(const void *p)
{
    __builtin_prefetch(p, 1);
    /* GCC 12 takes a function that does nothing but prefetch for one without effect, and drops its calls. */
    __asm__ volatile("");
}

#endif
