import { createHash, createHmac } from "node:crypto";
import fc from "fast-check";
import { signTc3 } from "../../../functions/tencent/tc3";

describe("signature v3 of a request to API 3.0", () => {
  // The worked example of https://cloud.tencent.com/document/api/213/30654, whose keys are asterisks.
  const credentials = { secretId: `AKID${"*".repeat(32)}`, secretKey: "*".repeat(32) };
  const body = '{"Limit": 1, "Filters": [{"Values": ["\\u672a\\u547d\\u540d"], "Name": "instance-name"}]}';
  const headers = {
    "Content-Type": "application/json; charset=utf-8",
    Host: "cvm.tencentcloudapi.com",
    "X-TC-Action": "DescribeInstances",
  };

  it("is the published one", () => {
    expect(signTc3({ product: "cvm", headers, body }, credentials, 1551113065)).toBe(
      `TC3-HMAC-SHA256 Credential=AKID${"*".repeat(32)}/2019-02-25/cvm/tc3_request, ` +
        "SignedHeaders=content-type;host;x-tc-action, " +
        "Signature=10b1a37a7301a02ca19a647ad722d5e43b4b3cff309d421d85b46093f6ab6c4f",
    );
  });

  it("is of the day in UTC, and of the bytes that are sent", () => {
    const sign = (content: string | Uint8Array, seconds: number) =>
      signTc3({ product: "scf", headers, body: content }, credentials, seconds);
    expect(sign("", 1767225599)).toContain("/2025-12-31/scf/tc3_request");
    expect(sign("", 1767225600)).toContain("/2026-01-01/scf/tc3_request");
    expect(sign(Buffer.from("中"), 1)).toBe(sign("中", 1));
  });

  it("is what the document's steps, taken one by one, come to", () => {
    const cases = fc.record({
      secretKey: fc.string(),
      action: fc.stringMatching(/^[A-Z][A-Za-z]{0,20}$/),
      content: fc.string({ unit: "binary" }),
      seconds: fc.nat({ max: 4_000_000_000 }),
    });
    fc.assert(
      fc.property(cases, ({ secretKey, action, content, seconds }) => {
        const sent = { "content-type": "application/json", host: "scf.tencentcloudapi.com", "x-tc-action": action };
        const signed = signTc3(
          { product: "scf", headers: sent, body: content },
          { secretId: "id", secretKey },
          seconds,
        );
        expect(signed.split("Signature=")[1]).toBe(byTheBook(secretKey, action, content, seconds));
      }),
    );
  });
});

function byTheBook(secretKey: string, action: string, body: string, seconds: number): string {
  const hash = (text: string) => createHash("sha256").update(text, "utf8").digest("hex");
  const mac = (key: string | Buffer, text: string) => createHmac("sha256", key).update(text, "utf8").digest();
  const canonicalRequest =
    "POST\n/\n\ncontent-type:application/json\nhost:scf.tencentcloudapi.com\n" +
    `x-tc-action:${action.toLowerCase()}\n\ncontent-type;host;x-tc-action\n${hash(body)}`;
  const day = new Date(seconds * 1000);
  const pad = (number: number) => String(number).padStart(2, "0");
  const date = `${day.getUTCFullYear()}-${pad(day.getUTCMonth() + 1)}-${pad(day.getUTCDate())}`;
  const text = `TC3-HMAC-SHA256\n${seconds}\n${date}/scf/tc3_request\n${hash(canonicalRequest)}`;
  const secretDate = mac(`TC3${secretKey}`, date);
  const secretService = mac(secretDate, "scf");
  const secretSigning = mac(secretService, "tc3_request");
  return mac(secretSigning, text).toString("hex");
}
