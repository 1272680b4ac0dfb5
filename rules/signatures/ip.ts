import { expression } from "./signature";

export const IP = {
  geo_parse: expression('ip, ip_db="SLS-GeoIP", keep_fields=None, provider="ipip", ip_sep=None', { part: "geo" }),
  ip_cidrmatch: expression('cidr|cidr_subnet, ip, default=""'),
  ip_version: expression('ip, default=""'),
  ip_type: expression('ip, default=""'),
  ip_makenet: expression('ip, subnet_mask=None, default=""'),
  ip_to_format: expression('cidr|cidr_subnet, want_prefix_len=0, default=""'),
  ip_overlaps: expression('cidr1|cidr_subnet, cidr2|cidr_subnet2, default=""'),
  ip2long: expression("ip|value, default=0"),
  long2ip: expression('n|value, default=""'),
};
