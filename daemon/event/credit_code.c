#include "daemon/event/credit_code.h"

#include <stdint.h>

static const char alphabet[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";

/* Position in the alphabet + 1; 0: not in it. */
static const uint8_t place[256] = {
    ['0'] = 1,
    ['1'] = 2,
    ['2'] = 3,
    ['3'] = 4,
    ['4'] = 5,
    ['5'] = 6,
    ['6'] = 7,
    ['7'] = 8,
    ['8'] = 9,
    ['9'] = 10,
    ['A'] = 11,
    ['B'] = 12,
    ['C'] = 13,
    ['D'] = 14,
    ['E'] = 15,
    ['F'] = 16,
    ['G'] = 17,
    ['H'] = 18,
    ['J'] = 19,
    ['K'] = 20,
    ['L'] = 21,
    ['M'] = 22,
    ['N'] = 23,
    ['P'] = 24,
    ['Q'] = 25,
    ['R'] = 26,
    ['T'] = 27,
    ['U'] = 28,
    ['W'] = 29,
    ['X'] = 30,
    ['Y'] = 31,
};

/* Character i, from 1, weighs 3^(i-1): summed up from the last one, which stays below 2^31. */
char credit_code_check(const char text[CREDIT_CODE_LENGTH - 1])
{
    uint32_t sum = 0;
    bool all = true;
    for (int i = CREDIT_CODE_LENGTH - 2; i >= 0; i--) {
        uint32_t p = place[(unsigned char)text[i]];
        all &= p != 0;
        sum = sum * 3 + (p - 1);
    }
    return all ? alphabet[(31 - sum % 31) % 31] : '\0';
}

bool credit_code_valid(const char *text, size_t length)
{
    return length == CREDIT_CODE_LENGTH && text[length - 1] != 0 &&
           credit_code_check(text) == text[length - 1];
}
