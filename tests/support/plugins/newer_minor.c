/* Built for a newer minor version. */
#define SAMPLE_MINOR (JD_ABI_MINOR + 1)
#include "tests/support/plugins/sample.c"
