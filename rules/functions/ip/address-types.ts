import { contains, type Network, parseNetwork } from "./network";

/**
 * Purposes of addresses, from the registries' tables as in Python's IPy; the smallest matching network applies. The
 * IPv6 table is as old as that library, so that rules get the same results.
 */
const TABLE = `
public: 0.0.0.0/1 128.0.0.0/1
private: 0.0.0.0/8 10.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.168.0.0/16
carrier_grade_nat: 100.64.0.0/10
loopback: 127.0.0.0/8
reserved: 224.0.0.0/3
reserved: ::/8 ::/96 200::/7 400::/7 600::/7 800::/5 1000::/4 2001:3c00::/22 2d00::/8 2e00::/7 3000::/4 4000::/3
  6000::/3 8000::/3 a000::/3 c000::/3 e000::/4 f000::/5 f800::/6 fe00::/9 fec0::/10
unspecified: ::/128
loopback: ::1/128
ipv4map: ::ffff:0:0/96
wkp46trans: 64:ff9b::/96
unassigned: 100::/8
global-unicast: 2000::/3
specialpurpose: 2001::/23
teredo: 2001::/32
bmwg: 2001:2::/48
orchid: 2001:10::/28
allocated apnic: 2001:200::/23 2001:c00::/23 2001:e00::/23 2001:4400::/23 2001:8000::/19 2001:a000::/20
  2001:b000::/20 2400::/12
allocated arin: 2001:400::/23 2001:1800::/23 2001:4800::/23 2600::/12 2610::/23 2620::/23
allocated ripe ncc: 2001:600::/23 2001:800::/23 2001:a00::/23 2001:1400::/23 2001:1600::/23 2001:1a00::/23
  2001:1c00::/22 2001:2000::/20 2001:3000::/21 2001:3800::/22 2001:4000::/23 2001:4600::/23 2001:4a00::/23
  2001:4c00::/23 2001:5000::/20 2003::/18 2a00::/12
documentation: 2001:db8::/32
allocated lacnic: 2001:1200::/23 2800::/12
allocated afrinic: 2001:4200::/23 2c00::/12
6to4: 2002::/16
ula: fc00::/7
linklocal: fe80::/10
multicast: ff00::/8
node-local multicast: ff01::/16
link-local multicast: ff02::/16
admin-local multicast: ff04::/16
site-local multicast: ff05::/16
org-local multicast: ff08::/16
global multicast: ff0e::/16
reserved multicast: ff0f::/16
prefix-based multicast: ff30::/12
rp-embedded multicast: ff70::/12
`;

interface Range {
  readonly network: Network;
  readonly name: string;
}

let ranges: readonly Range[] | undefined;

/** The kind of an address, or of a network's first address: `private`, `public`, `allocated ripe ncc` ... */
export function addressType(network: Network): string {
  ranges ??= readTable();
  const first: Network = { ...network, last: network.first };
  return ranges.find((range) => contains(range.network, first))?.name ?? "unknown";
}

function readTable(): readonly Range[] {
  return TABLE.replace(/\n {2}/g, " ")
    .trim()
    .split("\n")
    .flatMap((line) => {
      const [name, networks] = line.split(": ");
      return networks.split(" ").map((text) => ({ name, network: parseNetwork(text)! }));
    })
    .sort((one, other) => other.network.prefix - one.network.prefix);
}
