import fc from "fast-check";
import { isIP } from "node:net";
import { compressedText, parseAddress } from "../../rules/functions/ip/address";
import { valueOf } from "./support";

it.each([
  ["10.20.0.0/14", "10.23.255.255", "true"],
  ["10.20.0.0/14", "10.24.0.0", "false"],
  ["10.20.30.40/14", "10.21.0.0", "true"],
  ["10.20.0.0/255.252.0.0", "10.21.0.0/16", "true"],
  ["10.20.0.0-10.20.255.255", "10.20.7.7", "true"],
  ["0.0.0.0/0", "255.255.255.255", "true"],
  ["10.20.0.0/14", "::ffff:10.20.0.1", "false"],
  ["2001:db8::/32", "2001:db8:ffff::1", "true"],
  ["2001:db8::/33", "2001:db8:ffff::1", "false"],
  ["10.20.0.0/33", "10.20.0.0", "none"],
  ["10.20.0.0/14", "10.20.0", "true"],
  ["10.20.0.0/14", "10.20.0.x", "none"],
  ["-1", "10.20.0.1", "none"],
])("ip_cidrmatch of %s and %s is %s", (cidr, ip, expected) => {
  expect(valueOf('ip_cidrmatch(v("cidr"), v("ip"), default="none")', { cidr, ip })).toBe(expected);
  expect(valueOf(`ip_cidrmatch("${cidr}", v("ip"), default="none")`, { ip })).toBe(expected);
});

it("ip_cidrmatch gives empty text where neither an address nor a default is", () => {
  expect(valueOf('ip_cidrmatch("10.0.0.0/8", v("absent"))')).toBe("");
});

it.each([
  ["10.1.2.3", "IPv4"],
  ["fe80::1", "IPv6"],
  ["::ffff:10.1.2.3", "IPv6"],
  ["10.1.2.300", "none"],
  ["1::2::3", "none"],
  ["1:2:3:4:5:6:7", "none"],
  ["fe80::g", "none"],
  ["", "none"],
])("ip_version of %j is %s", (ip, expected) => {
  expect(valueOf('ip_version(v("ip"), default="none")', { ip })).toBe(expected);
});

it.each([
  ["10.1.2.3", "private"],
  ["172.31.0.1", "private"],
  ["172.32.0.1", "public"],
  ["127.9.9.9", "loopback"],
  ["239.1.1.1", "reserved"],
  ["100.64.9.9", "carrier_grade_nat"],
  ["8.8.4.4", "public"],
  ["fe80::1", "linklocal"],
  ["fd00::1", "ula"],
  ["2a01::1", "allocated ripe ncc"],
  ["2001:db8::1", "documentation"],
  ["2001:4860::1", "allocated arin"],
  ["nobody", "none"],
])("ip_type of %s is %s", (ip, expected) => {
  expect(valueOf('ip_type(v("ip"), default="none")', { ip })).toBe(expected);
});

it.each([
  ['"10.1.2.3", "255.255.0.0"', "10.1.0.0/16"],
  ['"10.1.2.3", "20"', "10.1.0.0/20"],
  ['"10.1.0.0-10.1.255.255"', "10.1.0.0/16"],
  ['"10.1.0.0/255.255.0.0"', "10.1.0.0/16"],
  ['"10.1.2.3"', "10.1.2.3"],
  ['"2001:db8:0:0:1::", "64"', "2001:db8::/64"],
  ['"10.1.0.0-10.1.255.254", default="none"', "none"],
  ['"10.1.2.3", "255.0.255.0", default="none"', "none"],
])("ip_makenet(%s) is %s", (values, expected) => {
  expect(valueOf(`ip_makenet(${values})`)).toBe(expected);
});

it.each([
  ["10.8.0.0/255.248.0.0", 0, "10.8.0.0/255.248.0.0"],
  ["10.8.0.0/255.248.0.0", 1, "10.8.0.0/13"],
  ["10.8.0.0/13", 2, "10.8.0.0/255.248.0.0"],
  ["10.8.0.0/13", 3, "10.8.0.0-10.15.255.255"],
  ["2001:db8::/127", 3, "2001:db8:0:0:0:0:0:0-2001:0db8:0000:0000:0000:0000:0000:0001"],
  ["10.8.0.1", 2, "10.8.0.1"],
  ["10.8.0.1/40", 1, "none"],
])("ip_to_format of %s as %d is %s", (cidr, want, expected) => {
  expect(valueOf(`ip_to_format(v("cidr"), ${want}, default="none")`, { cidr })).toBe(expected);
});

it.each([
  ["10.0.0.0/8", "10.9.0.0/16", "1"],
  ["10.9.0.0/16", "10.0.0.0/8", "-1"],
  ["10.9.0.0/16", "10.10.0.0/16", "0"],
  ["10.9.0.0/16", "10.9.0.0/16", "1"],
  ["10.9.0.0/16", "::/0", "0"],
  ["10.9.0.0/16", "ten", "none"],
])("ip_overlaps of %s and %s is %s", (one, other, expected) => {
  expect(valueOf('ip_overlaps(v("one"), v("other"), default="none")', { one, other })).toBe(expected);
});

it("ip2long gives the number of an address, a number for what is none", () => {
  const long = (ip: string, rest = "") => valueOf(`ip2long(v("ip")${rest})`, { ip });
  expect(long("1.2.3.4")).toBe("16909060");
  expect(long("255.255.255.255")).toBe("4294967295");
  expect(long("1.2.3.256")).toBe("0");
  expect(long("1.2.3", ", default=7")).toBe("7");
  expect(long("1.2.3", ', default="no number"')).toBe("0");
});

it("long2ip gives the address of a number", () => {
  const ip = (long: string) => valueOf('long2ip(v("long"), default="none")', { long });
  expect(ip("16909060")).toBe("1.2.3.4");
  expect(ip("4294967295")).toBe("255.255.255.255");
  expect(ip("4294967296")).toBe("none");
  expect(ip("-1")).toBe("none");
  expect(valueOf("long2ip(16909060)")).toBe("1.2.3.4");
});

describe("an address", () => {
  it("is read as the runtime reads it, and printed so that it reads the same", () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (text) => {
        const address = parseAddress(text)!;
        expect(address.version).toBe(isIP(text));
        const printed = compressedText(address.value);
        expect(isIP(printed)).toBe(address.version);
        expect(parseAddress(printed)).toEqual(address);
      }),
    );
  });

  it("never breaks, and IPv6 is nothing that the runtime does not take", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[0-9a-f:.]{0,45}$/), (text) => {
        if (parseAddress(text)?.version === 6 && text.includes(":")) expect(isIP(text)).toBe(6);
      }),
    );
  });
});
