#include "daemon/sim/person.h"

#include <stdio.h>
#include <string.h>

static const char alphabet[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";

static int value_of(char c)
{
    return (int)(strchr(alphabet, c) - alphabet);
}

/* GB 11714: the last character of the nine of an organization. */
static char organization_check(const char *eight)
{
    static const int weight[] = {3, 7, 9, 10, 5, 8, 4, 2};
    int sum = 0;

    for (int i = 0; i < 8; i++)
        sum += (eight[i] - '0') * weight[i];
    sum = 11 - sum % 11;
    return sum == 10 ? 'X' : sum == 11 ? '0' : (char)('0' + sum);
}

static char code_check(const char *seventeen)
{
    int sum = 0, weight = 1;

    for (int i = 0; i < 17; i++, weight = weight * 3 % 31)
        sum += value_of(seventeen[i]) * weight;
    return alphabet[(31 - sum % 31) % 31];
}

void person_credit_code(struct random *r, char *out, const char *kind, uint32_t division)
{
    snprintf(out, WORLD_ID, "%.2s%06u%08u", kind, (unsigned)(division % 1000000),
        (unsigned)random_between(r, 1000000, 79999999));
    out[16] = organization_check(out + 8);
    out[17] = code_check(out);
    out[18] = '\0';
}

void person_phone(struct random *r, char *out)
{
    static const char *const prefix[] = {"138", "139", "135", "150", "158", "177", "188", "189"};

    random_digits(r, out, prefix[random_below(r, 8)], 11);
}

void person_ip(struct random *r, char *out, enum network network)
{
    static const int first[] = {183, 59, 115, 117, 47, 222};
    int part[3];

    for (int i = 2; i >= 0; i--)
        part[i] = (int)random_between(r, 1, 254);
    snprintf(out, WORLD_ID, "%d.%d.%d.%d", first[network], part[0], part[1], part[2]);
}

void person_address(struct random *r, char *out, const struct place *place)
{
    static const char *const road[] = {
        "青年路", "人民路", "建设路", "中山路", "解放路", "文化路", "学府路", "滨河路"};
    int floor = (int)random_between(r, 1, 12), room = floor * 100 + (int)random_between(r, 1, 40);
    int building = (int)random_between(r, 1, 12), number = (int)random_between(r, 1, 399);

    snprintf(out, WORLD_ADDRESS, "%s%06u%s%d号%d栋%d", place->city, (unsigned)place->code,
        road[random_below(r, 8)], number, building, room);
}

void person_seat(struct random *r, struct seat *seat, enum network network, uint32_t ip_region)
{
    static const char *const class[] = {
        "business", "government", "residential", "mobile", "datacenter", "business"};

    random_hex(r, seat->device, network == NET_MOBILE ? "ap" : "fp", 16);
    person_ip(r, seat->ip, network);
    seat->ip_region = ip_region;
    seat->ip_class = class[network];
    seat->channel = network == NET_MOBILE ? "app" : "web";
}

void person_init(struct random *r, struct person *p, enum network network, uint32_t ip_region)
{
    random_hex(r, p->operator_id, "op", 12);
    person_phone(r, p->phone);
    person_seat(r, &p->desk, network, ip_region);
    person_seat(r, &p->mobile, NET_MOBILE, ip_region);
}
