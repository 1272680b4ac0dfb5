import COS from "cos-nodejs-sdk-v5";
import fc from "fast-check";
import { percentEncode, sign, signForPeriod, type SignedRequest } from "../../../functions/tencent/signature";

const CREDENTIALS = { secretId: "AKIDEXAMPLE", secretKey: "SECRETEXAMPLE" };
const PERIOD = "1700000000;1700000900";

/** What Tencent's SDK makes of the same request. */
function signWithSdk({ method, path, query, headers }: SignedRequest): string {
  return COS.getAuthorization({
    SecretId: CREDENTIALS.secretId,
    SecretKey: CREDENTIALS.secretKey,
    Method: method as "GET",
    Pathname: path,
    Query: { ...query },
    Headers: { ...headers },
    KeyTime: PERIOD,
  } as COS.StaticGetAuthorizationOptions);
}

describe("the signature of a request", () => {
  it("is the one that was captured", () => {
    const request = {
      method: "GET",
      path: "/logs/2026/08/20/中文 a+b.gz",
      headers: { host: "b-1250000000.cos.ap-guangzhou.myqcloud.com", range: "bytes=0-9" },
    };
    expect(signForPeriod(request, CREDENTIALS, PERIOD)).toBe(
      "q-sign-algorithm=sha1&q-ak=AKIDEXAMPLE&q-sign-time=1700000000;1700000900&q-key-time=1700000000;1700000900" +
        "&q-header-list=host;range&q-url-param-list=&q-signature=6b12883684a9b5e1c16c604554189f23cbd234f4",
    );
  });

  it.each<[string, SignedRequest]>([
    ["nothing but a method and a path", { method: "GET", path: "/", headers: {} }],
    ["plus, percent and quotes in its key", { method: "PUT", path: "/a+b%20c'(d)*!.gz", headers: { host: "h" } }],
    [
      "query parameters",
      {
        method: "GET",
        path: "/a",
        query: { versionId: "v+1=/", prefix: "a b", delimiter: "/", empty: "" },
        headers: {},
      },
    ],
    [
      "all headers that a client sends",
      {
        method: "PUT",
        path: "/a",
        headers: {
          "x-cos-security-token": "token+/=",
          "content-type": "application/json",
          "content-length": "5",
          host: "b-1.cos.ap-x.myqcloud.com",
          "if-match": '"e tag"',
          range: "bytes=5-",
        },
      },
    ],
  ])("is the SDK's, with %s", (_, request) => {
    expect(signForPeriod(request, CREDENTIALS, PERIOD)).toBe(signWithSdk(request));
  });

  it("is the SDK's for any key, parameter and header value", () => {
    const requests = fc.record({
      method: fc.constantFrom("GET", "PUT", "DELETE", "HEAD", "POST"),
      path: fc.string({ unit: "binary" }).map((key) => `/${key}`),
      query: fc
        .dictionary(fc.stringMatching(/^[A-Za-z][a-z-]{0,9}$/), fc.string({ unit: "binary" }))
        .filter(distinctNames),
      headers: fc.record({ host: fc.string(), "x-cos-meta": fc.string({ unit: "binary" }) }, { requiredKeys: [] }),
    });
    fc.assert(
      fc.property(requests, (request) => {
        expect(signForPeriod(request, CREDENTIALS, PERIOD)).toBe(signWithSdk(request));
      }),
    );
  });

  it("is good from a minute ago for a quarter of an hour", () => {
    const authorization = sign({ method: "GET", path: "/", headers: {} }, CREDENTIALS, 1_700_000_060_999);
    expect(authorization).toContain("q-sign-time=1700000000;1700000960&q-key-time=1700000000;1700000960&");
  });
});

describe("percentEncode", () => {
  it("leaves only letters, digits and -_.~", () => {
    expect(percentEncode("aZ09-_.~ !'()*/+%中")).toBe("aZ09-_.~%20%21%27%28%29%2A%2F%2B%25%E4%B8%AD");
  });
});

/** Parameters whose names differ in case only have no defined order. */
function distinctNames(query: Record<string, string>): boolean {
  const names = Object.keys(query).map((name) => name.toLowerCase());
  return new Set(names).size === names.length;
}
