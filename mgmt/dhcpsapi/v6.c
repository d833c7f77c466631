#include "mgmt/dhcpsapi/v6.h"

#include <string.h>

#include "mgmt/dhcpsapi/result.h"

ProtobufCBinaryData fo_v6_give(DHCP_IPV6_ADDRESS address, uint8_t room[FO_IPV6_LENGTH])
{
    struct fo_writer w = fo_writer_of(room, FO_IPV6_LENGTH);

    fo_write_ipv6(&w, (struct fo_ipv6){address.HighOrderBits, address.LowOrderBits});
    return (ProtobufCBinaryData){FO_IPV6_LENGTH, room};
}

DHCP_IPV6_ADDRESS fo_v6_take(const ProtobufCBinaryData *m)
{
    struct fo_reader r = fo_reader_of(m->data, m->len);
    struct fo_ipv6 a;

    fo_read_ipv6(&r, &a);
    return (DHCP_IPV6_ADDRESS){a.high, a.low};
}

ProtobufCBinaryData fo_v6_give_uid(const DHCP_CLIENT_UID *uid)
{
    if (uid == NULL || uid->Data == NULL)
        return (ProtobufCBinaryData){0};
    return (ProtobufCBinaryData){uid->DataLength, uid->Data};
}

bool fo_v6_take_uid(void *owner, const ProtobufCBinaryData *m, DHCP_CLIENT_UID *out)
{
    out->Data = fo_result_add(owner, m->len);
    if (out->Data == NULL)
        return false;
    out->DataLength = (DWORD)m->len;
    if (m->len != 0)
        memcpy(out->Data, m->data, m->len);
    return true;
}
