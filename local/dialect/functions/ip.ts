import { BlockList, isIP } from "node:net";
import { expression, type Definitions } from "../definition";
import { RowFailure } from "../values";

/** Functions on IP addresses. Fact: docs/design/facts/rules.md#dialect-addresses. */
export const IP: Definitions = {
  geo_parse: expression("data keep? ip_sep?", () => {
    throw new RowFailure("geo_parse needs CLS's own database of addresses, which the local cloud does not have");
  }),
  is_subnet_of: expression("networks ip", (args) => {
    const ip = args.text("ip");
    if (isIP(ip) === 0) return false;
    return args.names("networks").some((network) => holds(network, ip));
  }),
};

function holds(network: string, ip: string): boolean {
  const [address, prefix] = network.split("/");
  const family = isIP(address);
  if (family === 0 || !/^\d+$/.test(prefix ?? "") || Number(prefix) > (family === 4 ? 32 : 128)) {
    throw new RowFailure(`is_subnet_of: networks must be CIDR blocks, got ${network}`);
  }
  if (isIP(ip) !== family) return false;
  const type = family === 4 ? "ipv4" : "ipv6";
  const block = new BlockList();
  block.addSubnet(address, Number(prefix), type);
  return block.check(ip, type);
}
