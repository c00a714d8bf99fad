/* Fuzz target of the scanner: Jansson alone must say the same of every text. The first byte picks the form,
 * the rest is the text: 'l' line of a file, 'd' flat field `data`, else JSON of an entry; a capital letter:
 * under names that are awkward in JSON. */
#include "daemon/base/invariant.h"

#include "tests/support/scan_pair.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct scan_pair pair;
    if (size == 0)
        return 0;
    enum scan_form form = (data[0] | 0x20) == 'l'   ? SCAN_LINE
                          : (data[0] | 0x20) == 'd' ? SCAN_DATA
                                                    : SCAN_ENTRY;
    const char *text = (const char *)data + 1;
    scan_pair_init(&pair, !(data[0] & 0x20));
    invariant(scan_pair_agrees(&pair, form, text, size - 1));
    /* and once more, now that the names are expected in their order */
    invariant(scan_pair_agrees(&pair, form, text, size - 1));
    scan_pair_fini(&pair);
    return 0;
}
