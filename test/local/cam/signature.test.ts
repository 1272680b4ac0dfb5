import COS from "cos-nodejs-sdk-v5";
import fc from "fast-check";
import { authorization, SignatureError, verifySignature, type SignedRequest } from "../../../local/cam/signature";

const KEY = { secretId: "AKIDEXAMPLE", secretKey: "SECRETEXAMPLE" };
const findKey = (id: string): typeof KEY | undefined => (id === KEY.secretId ? KEY : undefined);

const REQUEST: SignedRequest = {
  method: "GET",
  path: "/logs/%E4%B8%AD%E6%96%87%20a%2Bb.gz",
  query: [
    ["prefix", "a b&c"],
    ["max-keys", "10"],
  ],
  headers: { host: "b-1250000000.cos.ap-guangzhou.myqcloud.com", range: "bytes=0-9" },
};

function signed(request: SignedRequest = REQUEST): SignedRequest {
  return { ...request, headers: { ...request.headers, authorization: authorization(request, KEY) } };
}

function faultOf(request: SignedRequest, token?: string, key: { sessionToken?: string } = {}): string {
  try {
    verifySignature(request, (id) => (findKey(id) ? { ...KEY, ...key } : undefined), token);
  } catch (error) {
    return (error as SignatureError).fault;
  }
  return "none";
}

describe("verifySignature", () => {
  beforeEach(() => jest.useRealTimers());
  afterEach(() => jest.useRealTimers());

  test("accepts a signature that was captured of Tencent's SDK", () => {
    jest.useFakeTimers({ now: 1_700_000_100_000 });
    const text =
      "q-sign-algorithm=sha1&q-ak=AKIDEXAMPLE&q-sign-time=1700000000;1700000900&q-key-time=1700000000;1700000900" +
      "&q-header-list=host;range&q-url-param-list=&q-signature=6b12883684a9b5e1c16c604554189f23cbd234f4";
    const path = "/logs/2026/08/20/%E4%B8%AD%E6%96%87%20a%2Bb.gz";
    const request = { ...REQUEST, path, query: [], headers: { ...REQUEST.headers, authorization: text } };
    expect(verifySignature(request, findKey, undefined)).toBe("AKIDEXAMPLE");
  });

  test("accepts what the SDK signs, whatever the key and the parameters are", () => {
    const text = fc.string({ unit: fc.constantFrom("a", "B", " ", "+", "%", "中", "&", "=", "'", "(", "*", "/", "~") });
    fc.assert(
      fc.property(
        text.map((end) => `k${end}`),
        fc.dictionary(fc.constantFrom("prefix", "Marker", "x-y", "x", "max-keys"), text),
        (key, query) => {
          const headers = { host: "b-1250000000.cos.ap-guangzhou.myqcloud.com" };
          const sdk = new COS({ SecretId: KEY.secretId, SecretKey: KEY.secretKey });
          const header = sdk.getAuth({ Method: "GET", Key: `/${key}`, Query: { ...query }, Headers: headers });
          const request = {
            method: "GET",
            path: `/${encodeURIComponent(key)}`,
            query: Object.entries(query),
            headers: { ...headers, authorization: header },
          };
          expect(verifySignature(request, findKey, undefined)).toBe(KEY.secretId);
        },
      ),
    );
  });

  test("accepts its own", () => {
    expect(faultOf(signed())).toBe("none");
  });

  test.each<[string, Partial<SignedRequest>]>([
    ["another method", { method: "PUT" }],
    ["another path", { path: "/logs/other.gz" }],
    ["another parameter", { query: [["prefix", "other"], REQUEST.query[1] as [string, string]] }],
    ["a parameter left out", { query: [] }],
    ["another host", { headers: { ...signed().headers, host: "c-1250000000.cos.ap-guangzhou.myqcloud.com" } }],
  ])("refuses %s", (_name, change) => {
    expect(faultOf({ ...signed(), ...change })).toBe("mismatch");
  });

  test("refuses what is missing, malformed, unknown", () => {
    expect(faultOf(REQUEST)).toBe("missing");
    expect(faultOf({ ...REQUEST, headers: { authorization: "Basic x" } })).toBe("malformed");
    const stranger = authorization(REQUEST, { secretId: "AKIDOTHER", secretKey: "x" });
    expect(faultOf({ ...REQUEST, headers: { ...REQUEST.headers, authorization: stranger } })).toBe("unknown key");
  });

  test("refuses what has expired or is not yet valid", () => {
    const request = signed();
    jest.useFakeTimers({ now: Date.now() + 3_600_000 });
    expect(faultOf(request)).toBe("expired");
    jest.useFakeTimers({ now: Date.now() - 7_200_000 });
    expect(faultOf(request)).toBe("not yet valid");
  });

  test("wants the token of a temporary key", () => {
    expect(faultOf(signed(), undefined, { sessionToken: "t" })).toBe("wrong token");
    expect(faultOf(signed(), "other", { sessionToken: "t" })).toBe("wrong token");
    expect(faultOf(signed(), "t", { sessionToken: "t" })).toBe("none");
  });
});
