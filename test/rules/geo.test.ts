import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ip2LocationFile } from "./geo/ip2location-file";
import { ipdbFile } from "./geo/ipdb-file";
import { mmdbFile } from "./geo/mmdb-file";
import { valueOf } from "./support";

const folder = mkdtempSync(join(tmpdir(), "geo-"));
afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, content: Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const ipdb = write(
  "places.ipdb",
  ipdbFile(
    ["country_name", "region_name", "city_name", "isp_domain", "latitude", "longitude"],
    [
      [
        "20.30.0.0/16",
        ["中国", "广东", "深圳", "电信", "22.5", "114.1", "China", "Guangdong", "Shenzhen", "CT", "22.5", "114.1"],
      ],
      ["20.31.0.0/24", ["日本", "", "", "", "", "", "Japan", "", "", "", "", ""]],
    ],
  ),
);

const bin = write(
  "places.BIN",
  ip2LocationFile(6, [
    [0, "--", "-", "-", "-", 0, 0, "-"],
    [0x141e0000, "CN", "China", "Guangdong", "Shenzhen", 22.5, 114.0625, "Telecom"],
    [0x141f0000, "JP", "Japan", "Tokyo", "Tokyo", 35.5, 139.75, "NTT"],
  ]),
);

const mmdb = write(
  "places.mmdb",
  mmdbFile([
    [
      "20.30.0.0/16",
      {
        city: { names: { en: "Shenzhen", "zh-CN": "深圳" } },
        country: { iso_code: "CN", names: { en: "China", "zh-CN": "中国" } },
        subdivisions: [{ names: { en: "Guangdong" } }],
        location: { latitude: 22.5, longitude: 114, accuracy_radius: 20 },
        traits: { is_anycast: true },
      },
    ],
    ["20.31.0.0/24", { country: { iso_code: "JP", names: { en: "Japan" } } }],
  ]),
);

function geo(path: string, ip: string, rest = "", environment: Record<string, string> = {}): unknown {
  const text = valueOf(`geo_parse(v("ip"), ip_db=${path}${rest})`, { ip }, { environment });
  return text === undefined ? undefined : JSON.parse(text);
}

describe("geo_parse", () => {
  it.each([
    ["ipip", ipdb, { city: "深圳", province: "广东", country: "中国" }],
    ["IP2Location", bin, { city: "Shenzhen", province: "Guangdong", country: "China" }],
    ["MaxMind", mmdb, { city: "深圳", province: "Guangdong", country: "中国" }],
  ])("tells city, province and country by a database of %s", (_, path, expected) => {
    expect(geo(`"${path}"`, "20.30.255.255")).toEqual(expected);
    expect(geo(`"${path}"`, "20.30.0.0")).toEqual(expected);
    expect(geo(`"${path}"`, "20.31.0.9")).not.toEqual(expected);
  });

  it.each([
    ["ipip", ipdb, { city_en: "Shenzhen", country_en: "China", isp: "电信", lat: 22.5, lon: 114.1 }],
    ["IP2Location", bin, { country_en: "CN", isp: "Telecom", lat: 22.5, lon: 114.0625 }],
    ["MaxMind", mmdb, { city_en: "Shenzhen", country_en: "CN", lat: 22.5, lon: 114 }],
  ])("tells more by %s where it is asked to", (_, path, expected) => {
    const keep = ', keep_fields=("city_en", "country_en", "isp", "lat", "lon")';
    expect(geo(`"${path}"`, "20.30.1.1", keep)).toEqual(expected);
  });

  it("names fields as asked, and what a database calls its own", () => {
    expect(geo(`"${mmdb}"`, "20.30.1.1", ', keep_fields=(("country", "state"), ("traits.is_anycast", "any"))')).toEqual(
      {
        state: "中国",
        any: true,
      },
    );
    expect(geo(`"${bin}"`, "20.31.1.1", ', provider="ip2location", keep_fields=("country_short", "latitude")')).toEqual(
      {
        country_short: "JP",
        latitude: 35.5,
      },
    );
  });

  it("takes several addresses apart, and has no place for what is none", () => {
    expect(geo(`"${bin}"`, "20.30.1.1, 20.31.1.1,nobody", ', keep_fields=("city",), ip_sep=","')).toEqual({
      "20.30.1.1": { city: "Shenzhen" },
      "20.31.1.1": { city: "Tokyo" },
      nobody: null,
    });
    for (const path of [ipdb, mmdb]) {
      expect(geo(`"${path}"`, "21.0.0.1")).toBeUndefined();
      expect(geo(`"${path}"`, "nobody")).toBeUndefined();
      expect(geo(`"${path}"`, "2001:db8::1")).toBeUndefined();
    }
  });

  it("finds the database by the environment where the rule names none", () => {
    expect(geo('"SLS-GeoIP"', "20.30.1.1", "", { GEOIP_DATABASE: ipdb })).toHaveProperty("city", "深圳");
    expect(() => geo('"SLS-GeoIP"', "20.30.1.1")).toThrow("GEOIP_DATABASE");
  });

  it("takes a database's content, as resources give it", () => {
    const rule = 'geo_parse("20.30.1.1", ip_db=str_encode(v("content"), "latin1"), keep_fields="city_en")';
    expect(valueOf(rule, { content: readFileSync(ipdb, "latin1") })).toBe('{"city_en": "Shenzhen"}');
  });

  it("fails on what is no database, with what it should be", () => {
    const text = write("places.txt", Buffer.from("city, country, and nothing else of use to anyone"));
    expect(() => geo(`"${text}"`, "20.30.1.1")).toThrow(/ipip.*MaxMind.*IP2Location/);
    const cut = write("cut.ipdb", readFileSync(ipdb).subarray(0, -1));
    expect(() => geo(`"${cut}"`, "20.30.1.1")).toThrow(/must have \d+ bytes of data, got/);
    const damaged = write("damaged.mmdb", readFileSync(mmdb).fill(0xff, 0, 64));
    expect(() => geo(`"${damaged}"`, "20.30.1.1")).toThrow("must be a whole database");
    expect(() => geo('"absent.mmdb"', "20.30.1.1")).toThrow('must name a file, got "absent.mmdb"');
    expect(() => geo(`"${ipdb}"`, "20.30.1.1", ", keep_fields=5")).toThrow("keep_fields must be names");
  });
});
