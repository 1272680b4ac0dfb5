import { isS3Signed, verifyS3Signature } from "../../../local/cam/s3-signature";
import type { SignatureError } from "../../../local/cam/signature";

/** The examples of Amazon's documentation of signature version 4 for S3. */
const KEY = { secretId: "AKIAIOSFODNN7EXAMPLE", secretKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY" };
const EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

function example(signature: string, query: [string, string][], change: Record<string, string> = {}) {
  const scope = `${KEY.secretId}/20130524/us-east-1/s3/aws4_request`;
  const headers = {
    host: "examplebucket.s3.amazonaws.com",
    "x-amz-content-sha256": EMPTY,
    "x-amz-date": "20130524T000000Z",
    authorization:
      `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host;x-amz-content-sha256;x-amz-date, ` +
      `Signature=${signature}`,
    ...change,
  };
  return { method: "GET", path: "/", query, headers };
}

const LIFECYCLE = "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543";
const LIST = "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7";

beforeEach(() => jest.useFakeTimers({ now: Date.UTC(2013, 4, 24) }));
afterEach(() => jest.useRealTimers());

function faultOf(request: ReturnType<typeof example>, key: typeof KEY & { sessionToken?: string } = KEY): string {
  try {
    return verifyS3Signature(request, (id) => (id === key.secretId ? key : undefined)) === key.secretId ? "none" : "";
  } catch (error) {
    return (error as SignatureError).fault;
  }
}

test.each<[string, string, [string, string][]]>([
  ["a parameter without a value", LIFECYCLE, [["lifecycle", ""]]],
  [
    "parameters in any order",
    LIST,
    [
      ["prefix", "J"],
      ["max-keys", "2"],
    ],
  ],
])("accepts the documentation's example: %s", (_what, signature, query) => {
  expect(faultOf(example(signature, query))).toBe("none");
});

test.each<[string, Record<string, string>, string]>([
  ["another host", { host: "other.s3.amazonaws.com" }, "mismatch"],
  ["another body", { "x-amz-content-sha256": "0".repeat(64) }, "mismatch"],
  ["no date", { "x-amz-date": "" }, "malformed"],
  ["another algorithm", { authorization: "AWS4-HMAC-SHA512 x" }, "malformed"],
])("refuses %s", (_what, change, fault) => {
  expect(faultOf(example(LIFECYCLE, [["lifecycle", ""]], change))).toBe(fault);
});

test("refuses another time, another key, and a temporary key without its token", () => {
  const request = example(LIFECYCLE, [["lifecycle", ""]]);
  expect(faultOf(request, { ...KEY, secretId: "OTHER" })).toBe("unknown key");
  expect(faultOf(request, { ...KEY, sessionToken: "t" })).toBe("wrong token");
  jest.useFakeTimers({ now: Date.UTC(2013, 4, 24, 0, 16) });
  expect(faultOf(request)).toBe("expired");
  jest.useFakeTimers({ now: Date.UTC(2013, 4, 23, 23, 44) });
  expect(faultOf(request)).toBe("not yet valid");
});

test("is told from COS's own by its first word", () => {
  expect(isS3Signed(example(LIST, []))).toBe(true);
  expect(isS3Signed({ headers: { authorization: "q-sign-algorithm=sha1" } })).toBe(false);
  expect(isS3Signed({ headers: {} })).toBe(false);
});
