import { lookup } from "node:dns/promises";
import { BlockList, isIPv6 } from "node:net";

/** A key would be sent unencrypted over the Internet. */
export class PlaintextError extends Error {
  override readonly name = "PlaintextError";
  readonly code = "LOGS_PLAINTEXT";
}

const PRIVATE = new BlockList();
// RFC 1918, loopback, link-local, and the carrier-grade NAT range, where clouds have services of their own.
for (const [net, prefix] of [["10.0.0.0", 8], ["172.16.0.0", 12], ["192.168.0.0", 16], ["127.0.0.0", 8], ["169.254.0.0", 16], ["100.64.0.0", 10]] as const) PRIVATE.addSubnet(net, prefix); // prettier-ignore
for (const [net, prefix] of [["fc00::", 7], ["fe80::", 10], ["::1", 128]] as const) PRIVATE.addSubnet(net, prefix, "ipv6"); // prettier-ignore

/** Throws {@link PlaintextError} for a public address. Tencent's networks of customers are private. */
export function requirePrivate(address: string): void {
  if (PRIVATE.check(address, isIPv6(address) ? "ipv6" : "ipv4")) return;
  throw new PlaintextError(
    `a broker must have a private address, got ${address}: CLS takes the key as a password over plain text, which anybody ` +
      `on the way can read; consume inside the VPC or by CLS's own consumer groups, or say allowPlaintext: true`,
  );
}

/** Throws {@link PlaintextError} if a host name resolves to a public address. @param brokers each `host:port` */
export async function requirePrivateBrokers(brokers: readonly string[]): Promise<void> {
  for (const broker of brokers) {
    const host = broker.replace(/:\d+$/, "").replace(/^\[|\]$/g, "");
    // The client reports a name that does not resolve.
    const found = await lookup(host, { all: true }).catch(() => []);
    for (const { address } of found) requirePrivate(address);
  }
}
