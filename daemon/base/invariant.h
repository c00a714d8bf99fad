/* invariant(): an assert that stays on in release builds. It states what our own code promises; nothing
 * that comes from outside (input, environment, configuration) may ever trip it. */
#ifndef JIANDU_BASE_INVARIANT_H
#define JIANDU_BASE_INVARIANT_H

#define invariant(condition)                                                                                 \
    ((condition) ? (void)0 : invariant_failed(#condition, __FILE__, __LINE__, __func__))

_Noreturn void invariant_failed(const char *condition, const char *file, int line, const char *function);

#endif
