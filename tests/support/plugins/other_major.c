/* Built for another major version. */
#define SAMPLE_MAJOR (JD_ABI_MAJOR + 1)
#include "tests/support/plugins/sample.c"
