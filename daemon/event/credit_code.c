#include "daemon/event/credit_code.h"

#include <stdint.h>

static const char alphabet[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";

/* Position in the alphabet + 1; 0: not in it. */
static const uint8_t place[128] = {
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

/* 3^(i-1) mod 31 */
static const uint8_t weight[CREDIT_CODE_LENGTH - 1] = {
    1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28};

char credit_code_check(const char text[CREDIT_CODE_LENGTH - 1])
{
    unsigned sum = 0;
    for (int i = 0; i < CREDIT_CODE_LENGTH - 1; i++) {
        unsigned c = (unsigned char)text[i];
        if (c > 127 || place[c] == 0)
            return 0;
        sum += (place[c] - 1U) * weight[i];
    }
    return alphabet[(31 - sum % 31) % 31];
}

bool credit_code_valid(const char *text, size_t length)
{
    return length == CREDIT_CODE_LENGTH && text[length - 1] != 0 &&
           credit_code_check(text) == text[length - 1];
}
