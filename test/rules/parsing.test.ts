import { failureOf, valueOf } from "./support";

function parsed(expression: string, x = ""): unknown {
  return JSON.parse(valueOf(expression, { x })!);
}

/** Why a step fails. */
function failure(expression: string, x: string): string | undefined {
  return failureOf(`e_set("result", ${expression})`, { x });
}

const IPHONE =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 16_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/16.5 Mobile/15E148 Safari/604.1";

describe("user agents", () => {
  it("ua_parse_agent names the browser", () => {
    expect(parsed('ua_parse_agent(v("x"))', IPHONE)).toEqual({ family: "Mobile Safari", major: "16", minor: "5" });
  });

  it("ua_parse_os names the system", () => {
    expect(parsed('ua_parse_os(v("x"))', IPHONE)).toEqual({ family: "iOS", major: "16", minor: "5" });
  });

  it("ua_parse_device names the device", () => {
    expect(parsed('ua_parse_device(v("x"))', IPHONE)).toEqual({ family: "iPhone", brand: "Apple", model: "iPhone" });
  });

  it("ua_parse_all gives all three, and Other for what nobody knows", () => {
    const other = { family: "Other" };
    expect(parsed('ua_parse_all(v("x"))', "nothing special")).toEqual({ user_agent: other, os: other, device: other });
    expect(parsed('ua_parse_all(v("x"))', IPHONE)).toMatchObject({
      os: { family: "iOS" },
      device: { model: "iPhone" },
    });
  });

  it("looks at 1,024 characters, so that no text takes long", () => {
    const hostile = `Mozilla/5.0 (${"Android 1; ".repeat(100_000)}`;
    const start = performance.now();
    expect(parsed('ua_parse_device(v("x"))', hostile)).toHaveProperty("family");
    expect(performance.now() - start).toBeLessThan(500);
  });
});

describe("url_parse", () => {
  it("takes a URL apart", () => {
    expect(parsed('url_parse(v("x"))', "HTTPS://me:pw@Example.com:8443/a/b;v=1?q=1&r#top")).toEqual({
      scheme: "https",
      netloc: "me:pw@Example.com:8443",
      path: "/a/b",
      params: "v=1",
      query: "q=1&r",
      fragment: "top",
    });
  });

  it("gives a scheme to what has none, and leaves the fragment in place where it is asked to", () => {
    expect(parsed('url_parse(v("x"), scheme="ftp", allow_fragments=False)', "//host/a#b")).toEqual({
      scheme: "ftp",
      netloc: "host",
      path: "/a#b",
      params: "",
      query: "",
      fragment: "",
    });
    expect(parsed('url_parse(v("x"))', "mailto:a;b@c")).toMatchObject({ scheme: "mailto", path: "a;b@c", params: "" });
  });

  it("fails for broken brackets", () => {
    expect(parsed('url_parse(v("x"))', "http://[::1]:80/")).toMatchObject({ netloc: "[::1]:80" });
    expect(failure('url_parse(v("x"))', "http://[::1/")).toContain("an IPv6 address in brackets");
    expect(failure('url_parse(v("x"))', "http://[1.2.3.4]/")).toContain("an IPv6 address in brackets");
    expect(failure('url_parse(v("x"))', "http://a\u2100b/")).toContain("characters that stand for delimiters");
  });
});

describe("url_parse_qs", () => {
  it("takes the first value of each name", () => {
    expect(parsed('url_parse_qs(v("x"))', "a=1&b=x+y%21&a=2&c=&d&%e4=1")).toEqual({ a: "1", b: "x y!", "\ufffd": "1" });
  });

  it("keeps blank values, and all values, where it is asked to", () => {
    expect(parsed('url_parse_qs(v("x"), keep_blank_values=True)', "c=&d")).toEqual({ c: "", d: "" });
    expect(parsed('url_parse_qs(v("x"), ignore_multi_fields=False)', "a=1&a=2&b=3")).toEqual({
      a: ["1", "2"],
      b: ["3"],
    });
  });

  it("decodes with another encoding", () => {
    expect(parsed('url_parse_qs(v("x"), encoding="gbk")', "a=%C4%E3")).toEqual({ a: "你" });
    expect(parsed('url_parse_qs(v("x"), encoding="ascii", errors="ignore")', "a=1%ff2")).toEqual({ a: "12" });
  });

  it("fails for what is no pair, where it is strict", () => {
    expect(failure('url_parse_qs(v("x"), strict_parsing=True)', "a=1&b")).toContain('got "b"');
    expect(failure('url_parse_qs(v("x"), encoding="klingon")', "a=%20")).toContain(
      'must be one of utf8, ascii, latin1, utf-16, gbk, gb18030, got "klingon"',
    );
  });

  it("takes names of prototypes for names", () => {
    expect(valueOf('url_parse_qs(v("x"))', { x: "__proto__=1&constructor=2" })).toBe(
      '{"__proto__": "1", "constructor": "2"}',
    );
  });
});
