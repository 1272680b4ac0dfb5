import { createHmac, generateKeyPairSync } from "node:crypto";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { failureOf, problemsOf, resultOf, valueOf } from "./support";

/** An expression over a field, and what it makes of it. */
type Example = readonly [expression: string, field: string, expected: string];

function comesOut(...examples: Example[]): void {
  for (const [expression, x, expected] of examples)
    expect([expression, x, valueOf(expression, { x })]).toEqual([expression, x, expected]);
}

/** Why a step fails. */
function failure(expression: string, x = ""): string | undefined {
  return failureOf(`e_set("result", ${expression})`, { x });
}

describe("URLs", () => {
  it("url_encoding leaves letters, digits and _.-~ alone", () => {
    comesOut(
      ['url_encoding(v("x"))', "a b/c?d=é&~x_y-z.1", "a%20b%2Fc%3Fd%3D%C3%A9%26~x_y-z.1"],
      ['url_encoding(v("x"))', "𝒳", "%F0%9D%92%B3"],
      ["url_encoding(value=15)", "", "15"],
    );
  });

  it("url_decoding keeps what is no escape, and replaces what is no UTF-8", () => {
    comesOut(
      ['url_decoding(v("x"))', "a%20b%2Fc+d", "a b/c+d"],
      ['url_decoding(v("x"))', "100% %zz %4", "100% %zz %4"],
      ['url_decoding(v("x"))', "%ff%e4%b8%adé%C3", "\ufffd中é\ufffd"],
    );
  });

  it("url_decoding undoes url_encoding", () => {
    const isUndone = (text: string) => resultOf("url_decoding", [resultOf("url_encoding", [text])]) === text;
    fc.assert(fc.property(fc.string({ unit: "grapheme" }), isUndone));
  });

  it("fails for a field that is absent", () => {
    expect(failure('url_encoding(v("nowhere"))')).toContain("url_encoding must get a text, got None");
  });
});

describe("base64", () => {
  it("base64_encoding takes texts and bytes", () => {
    comesOut(
      ['base64_encoding(v("x"))', "Füße", "RsO8w59l"],
      ['base64_encoding(v("x"), format="RFC4648")', ">>>???", "Pj4+Pz8/"],
      ['base64_encoding(md5_encoding(v("x"), format="binary"))', "log", "3B1xu7XE0qXpNtt57xDBnw=="],
    );
  });

  it("base64_decoding gives text, and bytes where they are no text", () => {
    comesOut(
      ['base64_decoding(v("x"))', "RsO8w59l", "Füße"],
      ['base64_decoding(v("x"))', "Rs\nO8 w5-9l", "Füße"],
      ['base64_encoding(base64_decoding(v("x")))', "//79", "//79"],
      ['base64_decoding(v("x"))', "YQ==YQ==", "a"],
    );
  });

  it("base64_decoding wants the padding, unless RFC4648 fills it up", () => {
    expect(failure('base64_decoding(v("x"))', "YWI")).toContain('got 1 "=" too few');
    expect(failure('base64_decoding(v("x"))', "YWJjZ")).toContain("1 more than a multiple of 4");
    comesOut(
      ['base64_decoding(v("x"), format="RFC4648")', "YWI", "ab"],
      ['base64_decoding(v("x"), format="RFC4648")', "Pj4-Pz8_", ">>>???"],
    );
    expect(failure('base64_decoding(v("x"), format="RFC1")', "YQ==")).toContain(
      "format must be one of RFC3548, RFC4648",
    );
  });
});

describe("HTML", () => {
  it("html_encoding escapes quotes too", () => {
    comesOut(['html_encoding(v("x"))', `<a b="c" d='e'>&amp;`, "&lt;a b=&quot;c&quot; d=&#x27;e&#x27;&gt;&amp;amp;"]);
  });

  it("html_decoding knows the names, with and without their semicolon", () => {
    comesOut(
      ['html_decoding(v("x"))', "&lt;p&gt; &quot;&eacute;&quot; &NotEqualTilde; &nbsp;", '<p> "é" \u2242\u0338 \u00a0'],
      ['html_decoding(v("x"))', "&copy2024 &notit; &notin; &amp;lt;", "©2024 ¬it; ∉ &lt;"],
      ['html_decoding(v("x"))', "a & b &unknown; &; &", "a & b &unknown; &; &"],
    );
  });

  it("html_decoding reads numbers as browsers do", () => {
    comesOut(
      ['html_decoding(v("x"))', "&#72;&#x69;&#X21 &#128512;", "Hi! 😀"],
      ['html_decoding(v("x"))', "&#150;&#x80;&#0;&#xD800;&#1114112;", "–€\ufffd\ufffd\ufffd"],
      ['html_decoding(v("x"))', "[&#1;&#xFFFE;]", "[]"],
    );
  });

  it("html_decoding undoes html_encoding", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme", minLength: 1 }),
        (x) => valueOf('html_decoding(html_encoding(v("x")))', { x }) === x,
      ),
      { numRuns: 50 },
    );
  });
});

describe("digests", () => {
  it("md5_encoding writes hexadecimal digits", () => {
    comesOut(
      ['md5_encoding(v("x"))', "日志", "456d29ef8bafd5202547e50d3e64d4ea"],
      ['md5_encoding(v("x"), format="hex")', "", "d41d8cd98f00b204e9800998ecf8427e"],
    );
    expect(failure('md5_encoding(v("x"), format="octal")')).toContain("format must be one of hex, binary");
  });

  it("sha1_encoding knows the longer digests by name", () => {
    comesOut(
      ['sha1_encoding(v("x"))', "abc", "a9993e364706816aba3e25717850c26c9cd0d89d"],
      ['sha1_encoding(v("x"), format="SHA224")', "abc", "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7"],
      [
        'sha1_encoding(v("x"), format="SHA256")',
        "abc",
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
      ],
    );
    expect(valueOf('sha1_encoding("abc", format="SHA384")')).toMatch(/^cb00753f[0-9a-f]{88}$/);
    expect(valueOf('sha1_encoding("abc", format="sha512")')).toMatch(/^ddaf35a1[0-9a-f]{120}$/);
  });

  it("crc32_encoding writes eight digits, whatever the format of the input", () => {
    comesOut(
      ['crc32_encoding(v("x"))', "123456789", "cbf43926"],
      ['crc32_encoding(v("x"), input_format="hex")', "313233343536373839", "cbf43926"],
      ['crc32_encoding(v("x"), input_format="base64")', "MTIzNDU2Nzg5", "cbf43926"],
      ['crc32_encoding(v("x"), input_encoding="latin1")', "é", "0bd4b551"],
      ['crc32_encoding("")', "", "00000000"],
    );
  });
});

describe("compression", () => {
  it("gzip_decompress reads what other programs packed", () => {
    const packed = gzipSync("eins, zwei").toString("base64");
    comesOut(
      ['gzip_decompress(v("x"))', packed, "eins, zwei"],
      ['gzip_decompress(v("x"), from_format="hex")', Buffer.from(packed, "base64").toString("hex"), "eins, zwei"],
      ['gzip_decompress(v("x"), encoding="latin1")', gzipSync(Buffer.from("é", "latin1")).toString("base64"), "é"],
    );
  });

  it("gzip_compress and zlib_compress give back what went in", () => {
    comesOut(
      ['gzip_decompress(gzip_compress(v("x")))', "drei 三", "drei 三"],
      ['gzip_decompress(gzip_compress(v("x"), encoding="gbk"), encoding="gb18030")', "drei 三", "drei 三"],
      ['gzip_decompress(gzip_compress(v("x"), compresslevel=0, to_format="raw"), from_format="raw")', "drei", "drei"],
      ['zlib_decompress(zlib_compress(v("x"), 9))', "vier", "vier"],
      ['zlib_decompress(v("x"))', "eJxLTIQBABThA8s=", "aaaaaaaaaa"],
    );
    expect(failure('gzip_compress(v("x"), compresslevel=10)')).toContain("compresslevel must be 0 to 9");
  });

  it("zlib_decompress fails for what is no zlib data", () => {
    expect(failure('zlib_decompress(v("x"))', "YWJj")).toContain("must get zlib data, got 3 bytes");
  });

  it("stops where a few bytes would fill the memory", () => {
    const bomb = gzipSync(Buffer.alloc(17 * 1024 * 1024)).toString("base64");
    expect(failure('gzip_decompress(v("x"))', bomb)).toContain("must not make more than 16777216 bytes");
  });
});

describe("AES", () => {
  const KEY = '"0123456789abcdef"';
  const IV = 'b"fedcba9876543210"';

  it("aes_encrypt encrypts in each mode", () => {
    comesOut([`aes_encrypt(v("x"), ${KEY}, iv=${IV})`, "attack at dawn", "49a11c399d93aceebcdc13f6eb966197"]);
    const length = (options: string) => valueOf(`aes_encrypt("log", ${KEY}, ${options}, iv=${IV})`)!.length;
    expect([length('mode="ECB"'), length('mode="CFB"'), length('mode="OPENPGP"')]).toEqual([32, 6, 42]);
  });

  it.each(["CBC", "ECB", "CFB", "OFB", "CTR", "OPENPGP"])("aes_decrypt undoes aes_encrypt in mode %s", (mode) => {
    for (const pad of ["pkcs7", "iso7816", "x923"]) {
      for (const x of ["", "log", "sixteen bytes ..", "über sechzehn bytes lang"]) {
        const options = `mode="${mode}", pad_style="${pad}", iv=${IV}`;
        const encrypted = `aes_encrypt(v("x"), ${KEY}, ${options}, output_format="base64")`;
        const decrypted = `aes_decrypt(${encrypted}, ${KEY}, ${options}, input_format="base64")`;
        expect([pad, x, valueOf(decrypted, { x })]).toEqual([pad, x, x]);
      }
    }
  });

  it("reads what OpenSSL writes", () => {
    comesOut([`aes_decrypt(v("x"), ${KEY}, iv=${IV})`, "49a11c399d93aceebcdc13f6eb966197", "attack at dawn"]);
  });

  it("needs no iv for OPENPGP, which keeps it with the data", () => {
    comesOut([`aes_decrypt(aes_encrypt(v("x"), ${KEY}, mode="OPENPGP"), ${KEY}, mode="OPENPGP")`, "log", "log"]);
  });

  it("takes a new random iv each time where none is given", () => {
    const encrypt = `aes_encrypt(v("x"), ${KEY})`;
    expect(valueOf(encrypt, { x: "log" })).not.toBe(valueOf(encrypt, { x: "log" }));
  });

  it("never quotes a key", () => {
    const text = failure('aes_encrypt(v("x"), "topsecretkey")', "log");
    expect(text).toContain("key must be 16, 24 or 32 bytes long, got 12 bytes");
    expect(text!.split("\n")[0]).not.toContain("topsecret");
    expect(failure(`aes_decrypt(v("x"), ${KEY}, iv=${IV})`, "00".repeat(16))).toContain("found no pkcs7 padding");
    expect(failure(`aes_decrypt(v("x"), ${KEY})`, "00".repeat(16))).toContain("must get the iv");
    expect(failure(`aes_decrypt(v("x"), ${KEY}, iv=${IV})`, "0011")).toContain("whole blocks of 16 bytes");
    expect(failure(`aes_decrypt(v("x"), ${KEY}, iv=b"short")`, "00".repeat(16))).toContain("an iv of 16 bytes, got 5");
  });
});

describe("JSON Web Tokens", () => {
  const PAYLOAD = '{"iss": "me", "n": 1, "name": "Zoë"}';
  const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const ec = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
  const pem = (key: typeof rsa.privateKey, type: "pkcs8" | "spki") => key.export({ format: "pem", type }) as string;

  it("jwt_encoding signs a dict", () => {
    const token = valueOf(`jwt_encoding(${PAYLOAD}, "secret")`)!;
    const [header, payload, signature] = token.split(".");
    expect(Buffer.from(header, "base64url").toString()).toBe('{"typ":"JWT","alg":"HS256"}');
    expect(Buffer.from(payload, "base64url").toString()).toBe('{"iss":"me","n":1,"name":"Zo\\u00eb"}');
    expect(signature).toBe(createHmac("sha256", "secret").update(`${header}.${payload}`).digest("base64url"));
  });

  it("jwt_decoding gives back the payload", () => {
    comesOut(
      [
        `jwt_decoding(jwt_encoding(v("x"), "secret", algorithm="HS512", headers={"kid": "1"}), "secret")`,
        PAYLOAD,
        PAYLOAD,
      ],
      [`jwt_decoding(jwt_encoding(v("x"), "secret"), key="secret", algorithms=["HS256", "RS256"])`, PAYLOAD, PAYLOAD],
    );
  });

  it.each([
    ["RS256", rsa],
    ["PS384", rsa],
    ["ES256", ec],
  ] as const)("signs and verifies %s with a pair of keys", (algorithm, { privateKey, publicKey }) => {
    const environment = { PRIVATE: pem(privateKey, "pkcs8"), PUBLIC: pem(publicKey, "spki") };
    const encode = `jwt_encoding(v("x"), res_local("PRIVATE"), algorithm="${algorithm}")`;
    expect(valueOf(`jwt_decoding(${encode}, res_local("PUBLIC"))`, { x: PAYLOAD }, { environment })).toBe(PAYLOAD);
  });

  it("refuses a token that another key has signed", () => {
    expect(failure('jwt_decoding(jwt_encoding(v("x"), "other"), "secret")', PAYLOAD)).toContain(
      "got another signature",
    );
  });

  it("never takes a token that is not signed, nor a public key for a shared secret", () => {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const unsigned = `${part({ alg: "none" })}.${part({ iss: "me" })}.`;
    expect(failure('jwt_decoding(v("x"), "secret")', unsigned)).toContain("got none");
    const publicKey = pem(ec.publicKey, "spki");
    const forged = `${part({ alg: "HS256" })}.${part({ iss: "me" })}`;
    const token = `${forged}.${createHmac("sha256", publicKey).update(forged).digest("base64url")}`;
    const decode = (options: string) => `e_set("y", jwt_decoding(v("x"), v("key")${options}))`;
    expect(failureOf(decode(""), { x: token, key: publicKey })).toContain("signed with RS256");
    expect(failureOf(decode(', algorithms="HS256"'), { x: token, key: publicKey })).toContain("got a key in PEM");
    expect(valueOf('jwt_decoding(v("x"), options={"verify_signature": False})', { x: unsigned })).toBe('{"iss": "me"}');
  });

  it("holds the claims against the time and the audience", () => {
    const decode = (options = "") => `jwt_decoding(jwt_encoding(v("x"), "secret"), "secret"${options})`;
    const now = Math.floor(Date.now() / 1000);
    const claims = (value: object) => JSON.stringify(value);
    expect(failure(decode(), claims({ exp: now - 5 }))).toContain("has expired");
    expect(failure(decode(), claims({ nbf: now + 60 }))).toContain("not valid yet");
    expect(failure(decode(', audience="me"'), claims({ aud: ["you"] }))).toContain("another (aud)");
    expect(failure(decode(', issuer="me"'), claims({ iss: "you" }))).toContain("another (iss)");
    expect(failure(decode(', options={"require": ["exp"]}'), claims({}))).toContain("with exp");
    expect(failure(decode(", leeway=60"), claims({ exp: now - 5, aud: "me" }))).toContain("as audience, got none");
    comesOut([decode(', leeway=60, audience="me"'), '{"aud":"me"}', '{"aud": "me"}']);
    comesOut([decode(', options={"verify_exp": False}'), '{"exp": 1}', '{"exp": 1}']);
  });
});

describe("Hashids", () => {
  it("hashids_encoding makes short texts of numbers", () => {
    comesOut(
      ["hashids_encoding(123)", "", "Mj3"],
      ['hashids_encoding(v("x"), salt="this is my salt")', "[1, 2, 3]", "laHquq"],
    );
    expect(valueOf('hashids_encoding(5, salt="pepper", min_length=12)')).toHaveLength(12);
    expect(valueOf('hashids_encoding("no number")')).toBe("");
  });

  it("hashids_decoding gives the numbers back", () => {
    comesOut(
      ['hashids_decoding(v("x"), salt="this is my salt")', "laHquq", "[1, 2, 3]"],
      ['hashids_decoding(v("x"), salt="another salt")', "laHquq", "[]"],
      ["hashids_decoding(hashids_encoding(9007199254740993))", "", "[9007199254740993]"],
    );
    expect(failure('hashids_encoding(1, alphabet="abc")')).toContain("16 different characters");
  });
});

describe("Protocol Buffers", () => {
  const TEMPLATE = `'syntax = "proto3"; enum Level { INFO = 0; ERROR = 1; } message Tag { string key = 1; } message Log { int64 user_id = 1; string text = 2; repeated Tag tags = 3; Level level = 4; map<string, int32> counts = 5; bytes blob = 6; double ratio = 7; bool ok = 8; }'`;
  // user_id 2^53+1, text, two tags, level, counts, blob, ratio, ok: written by hand from the wire format.
  const DATA = Buffer.concat([
    Buffer.from([0x08, 0x81, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x10]),
    Buffer.from([0x12, 0x02, 0x68, 0x69]),
    Buffer.from([0x1a, 0x03, 0x0a, 0x01, 0x61, 0x1a, 0x03, 0x0a, 0x01, 0x62]),
    Buffer.from([0x20, 0x01]),
    Buffer.from([0x2a, 0x05, 0x0a, 0x01, 0x6b, 0x10, 0x07]),
    Buffer.from([0x32, 0x02, 0xff, 0x00]),
    Buffer.from([0x39, 0, 0, 0, 0, 0, 0, 0xe0, 0x3f]),
    Buffer.from([0x40, 0x01]),
  ]);
  const EXPECTED =
    '{"user_id": 9007199254740993, "text": "hi", "tags": [{"key": "a"}, {"key": "b"}], "level": "ERROR", "counts": {"k": 7}, "blob": "/wA=", "ratio": 0.5, "ok": true}';

  it("protobuf_decoding reads a message by a template", () => {
    comesOut(
      [`protobuf_decoding(v("x"), ${TEMPLATE})`, DATA.toString("base64"), EXPECTED],
      [`protobuf_decoding(v("x"), ${TEMPLATE}, message="Log", input_format="hex")`, DATA.toString("hex"), EXPECTED],
      [`protobuf_decoding(v("x"), ${TEMPLATE}, "Tag")`, "CgFh", '{"key": "a"}'],
      [`protobuf_decoding(v("x"), ${TEMPLATE})`, "GgA=", '{"tags": [{}]}'],
      [
        `protobuf_decoding(v("x"), "message A { optional B b = 1; } message B { optional int32 c = 1; }")`,
        "CgA=",
        '{"b": {}}',
      ],
      [`protobuf_decoding(v("x"), ${TEMPLATE})`, "", "{}"],
    );
  });

  it("protobuf_decoding tells what is wrong with data and template", () => {
    expect(failure(`protobuf_decoding(v("x"), ${TEMPLATE})`, "EgVo")).toContain("must get a Log of 3 bytes");
    expect(failure(`protobuf_decoding(v("x"), ${TEMPLATE}, "None")`, "")).toContain("a message of the template");
    expect(failure(`protobuf_decoding(v("x"), v("x"))`, "message {")).toContain("must get a .proto text");
    expect(problemsOf(`e_set("y", protobuf_decoding(v("x"), "message {"))`).join()).toContain("must get a .proto text");
  });
});
