#include "daemon/ops/config_text.h"

#include <string.h>
#include <sys/un.h>

#define LOWER "abcdefghijklmnopqrstuvwxyz"
#define UPPER "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGIT "0123456789"

static bool consists_of(const char *text, const char *set, size_t min, size_t max)
{
    size_t n = strspn(text, set);
    return text[n] == 0 && n >= min && n <= max;
}

bool config_text_is_name(const char *text)
{
    return consists_of(text, LOWER UPPER DIGIT "._-", 1, 48);
}

bool config_text_is_word(const char *text)
{
    return consists_of(text, LOWER DIGIT "_", 1, 48) && strchr(LOWER, *text) != NULL;
}

bool config_text_is_office(const char *text)
{
    return consists_of(text, LOWER DIGIT "-", 0, 48);
}

bool config_text_is_key(const char *text)
{
    size_t n = 0;
    while (text[n] > ' ' && text[n] < 0x7f)
        n++;
    return text[n] == 0 && n >= 1 && n <= 256;
}

bool config_text_is_prefix(const char *text)
{
    return consists_of(text, DIGIT, 0, 6) && strlen(text) % 2 == 0;
}

static bool is_port(const char *text)
{
    if (!consists_of(text, DIGIT, 1, 5))
        return false;
    long port = 0;
    for (; *text; text++)
        port = port * 10 + (*text - '0');
    return port >= 1 && port <= 65535;
}

static bool is_socket_path(const char *path)
{
    return path[0] == '/' && path[1] && strlen(path) < sizeof((struct sockaddr_un *)0)->sun_path;
}

/* host[:port] with a name, an IPv4 address or a bracketed IPv6 address */
static bool is_authority(const char *text)
{
    const char *end;
    if (*text == '[') {
        end = text + 1 + strspn(text + 1, DIGIT "abcdefABCDEF:.");
        if (end == text + 1 || *end++ != ']')
            return false;
    } else {
        end = text + strspn(text, LOWER UPPER DIGIT ".-_");
    }
    return end > text && (*end == 0 || (*end == ':' && is_port(end + 1)));
}

bool config_text_is_url(const char *text)
{
    if (strncmp(text, "unix://", 7) == 0)
        return is_socket_path(text + 7);
    if (strncmp(text, "redis://", 8) == 0)
        return is_authority(text + 8);
    return strncmp(text, "rediss://", 9) == 0 && is_authority(text + 9);
}

bool config_text_is_host(const char *text)
{
    return consists_of(text, LOWER UPPER DIGIT ".-_", 1, 253) ||
           (strchr(text, ':') && consists_of(text, DIGIT "abcdefABCDEF:.", 2, 45));
}

bool config_text_is_listen(const char *text)
{
    if (!*text)
        return true;
    if (strncmp(text, "unix:", 5) == 0)
        return is_socket_path(text + 5);
    if (strncmp(text, "127.0.0.1:", 10) == 0)
        return is_port(text + 10);
    return strncmp(text, "[::1]:", 6) == 0 && is_port(text + 6);
}
