import { group } from "../define";
import { replaceEach } from "../../run/length";
import type { Value } from "../../run/values";
import { aesDecrypt, aesEncrypt } from "./aes";
import { BASE64_FORMATS, decodeBase64, decodeBase64Leniently, encodeBase64 } from "./base64";
import { bytesOf, choice, textOf, textOrBytes } from "./bytes";
import { compressor, decompressor } from "./compression";
import { crc32, md5, sha } from "./digest";
import { decodeJwt, encodeJwt } from "./jwt";
import { quoteUrl, unquoteUrl } from "./url";

const HTML: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#x27;",
};

/**
 * Encoding, hashing, compression. A value is processed as the UTF-8 bytes of its text, or as bytes; None, such as an
 * absent field, fails. Decoded data is a string if it is UTF-8, otherwise bytes. Failures never contain keys.
 */
export const ENCODING = group("Encoding / hashing / compression", {
  url_encoding: {
    parameters: "value|x",
    doc: "percent-encodes everything except letters, digits and `_.-~`.",
    pure: quoteUrl,
  },

  url_decoding: {
    parameters: "value|x",
    doc:
      "percent-decodes; text that is not an escape stays unchanged, bytes that are not UTF-8 become U+FFFD. " +
      "`+` stays unchanged.",
    pure: (value: Value) => unquoteUrl(textOf("url_decoding", value)),
  },

  base64_encoding: {
    parameters: "value|x, format:base64-format=None",
    doc: "encodes bytes in base64; RFC3548 and RFC4648 give the same result.",
    pure: (value: Value, format: Value) => {
      choice("base64_encoding", "format", format, BASE64_FORMATS);
      return encodeBase64(bytesOf("base64_encoding", value));
    },
  },

  base64_decoding: {
    parameters: "value|x, format:base64-format=None",
    doc: "decodes base64; RFC3548 (default) fails if padding is missing, RFC4648 adds it.",
    pure: (value: Value, format: Value) => {
      const text = textOf("base64_decoding", value);
      const isStrict = choice("base64_decoding", "format", format, BASE64_FORMATS) === "RFC3548";
      return textOrBytes((isStrict ? decodeBase64 : decodeBase64Leniently)("base64_decoding", text));
    },
  },

  html_encoding: {
    parameters: "value|x",
    doc: "escapes `&`, `<`, `>` and both quotes.",
    pure: (value: Value) => replaceEach(textOf("html_encoding", value), /[&<>"']/g, ([character]) => HTML[character]),
  },

  md5_encoding: {
    parameters: 'value|x, format:md5-format="hex"',
    doc: "the MD5 digest in hexadecimal digits, or as bytes for `binary`.",
    noneIsDefault: true,
    pure: md5,
  },

  sha1_encoding: {
    parameters: "value|x, format:sha=None",
    doc: "the digest in hexadecimal digits, by SHA1 (default), SHA224, SHA256, SHA384 or SHA512.",
    pure: sha,
  },

  gzip_compress: {
    parameters:
      'data|value, compresslevel:0..9=6, to_format|to_fmat:compression-format="base64", encoding:writable?="utf-8"',
    doc:
      "compresses with gzip; levels 0 to 9; formats base64, hex, raw. The header contains no time, so the same " +
      "data gives the same text.",
    noneIsDefault: true,
    pure: compressor("gzip"),
  },

  gzip_decompress: {
    parameters: 'data|value, from_format|from_fmat:compression-format="base64", encoding:readable="utf-8"',
    doc:
      "decompresses gzip. Fails if the data is not gzip, the text is not in the encoding, or it is longer than " +
      "16 MiB.",
    noneIsDefault: true,
    pure: decompressor("gzip"),
  },

  zlib_compress: {
    parameters:
      'data|value, compresslevel:0..9=6, to_format|to_fmat:compression-format="base64", encoding:writable?="utf-8"',
    doc: "like `gzip_compress`, in zlib's format.",
    noneIsDefault: true,
    pure: compressor("zlib"),
  },

  zlib_decompress: {
    parameters: 'data|value, from_format|from_fmat:compression-format="base64", encoding:readable="utf-8"',
    doc: "like `gzip_decompress`, for zlib's format.",
    noneIsDefault: true,
    pure: decompressor("zlib"),
  },

  crc32_encoding: {
    parameters: 'data|value, input_format:crc-format="raw", input_encoding:writable?="utf-8"',
    doc: "the CRC-32 checksum in eight hexadecimal digits.",
    noneIsDefault: true,
    pure: crc32,
  },

  aes_encrypt: {
    parameters:
      'data|value, key:aes-key, mode:aes-mode="CBC", pad_style:padding="pkcs7", input_format:aes-format="raw", input_encoding:writable?="utf-8", output_format:aes-format="hex", iv=None',
    doc:
      "encrypts with AES: modes CBC, ECB, CFB (8 bits), OFB, CTR, OPENPGP; CBC and ECB pad with pkcs7, iso7816 " +
      "or x923; formats raw, hex, base64. The key has 16, 24 or 32 bytes, the iv 16, for CTR up to 16. Without " +
      "an iv, a random one is used, and only OPENPGP stores it with the data.",
    noneIsDefault: true,
    impure: (_, ...values: Value[]) => aesEncrypt(...values),
  },

  aes_decrypt: {
    parameters:
      'data|value, key:aes-key, mode:aes-mode="CBC", pad_style:padding="pkcs7", input_format:aes-format="hex", input_encoding:writable?="utf-8", output_format:aes-format="raw", iv=None, output_encoding:readable?=None',
    doc: "the inverse of `aes_encrypt`. Fails if the padding shows that the key, iv or mode is wrong.",
    noneIsDefault: true,
    pure: aesDecrypt,
  },

  jwt_encoding: {
    parameters: 'payload|data|value, key, algorithm:jwt-algorithm="HS256", headers=None',
    doc:
      "a signed token of a dict or its JSON; algorithms HS, RS, PS and ES with 256, 384 and 512 bits. The key " +
      "is a shared secret for HS, and a private key in PEM for the others.",
    noneIsDefault: true,
    pure: encodeJwt,
  },

  jwt_decoding: {
    parameters:
      'token|jwt|data|value, key="", algorithms|algorithm:jwt-algorithms?=None, options=None, audience=None, issuer=None, leeway=0',
    doc:
      "the payload of a token. Fails if the signature does not match the key, or if `exp`, `nbf`, `iat`, `aud` " +
      "or `iss` do not allow it; the options `verify_signature`, `verify_exp` and so on turn off checks. " +
      "Without `algorithms`, those that match the type of the key are accepted.",
    noneIsDefault: true,
    impure: decodeJwt,
  },

  html_decoding: {
    parameters: "value|x",
    doc:
      "decodes HTML's character references, by number and by name; if the semicolon is missing, the longest " +
      "name that is valid without it. Text that is not a reference stays unchanged.",
    part: "html",
  },

  protobuf_decoding: {
    parameters: 'data|value, template|proto, message=None, input_format:compression-format="base64"',
    doc:
      "decodes a message to a dict of the fields that are set, by their names in the template: 64-bit ints as " +
      "ints, enums by name, bytes as base64. The template is the text of a `.proto` file without imports, or " +
      "the bytes of a descriptor set; `message` names one of its messages, if several are not nested in " +
      "others. The data is text in the format, or bytes.",
    noneIsDefault: true,
    part: "protobuf",
  },

  hashids_encoding: {
    parameters: 'value|values|data, salt="", min_length:0..1000=0, alphabet=None',
    doc:
      "a short text for a non-negative number, or for a list of them, like the library Hashids; an empty text " +
      "for other values.",
    noneIsDefault: true,
    part: "hashids",
  },

  hashids_decoding: {
    parameters: 'value|data, salt="", min_length:0..1000=0, alphabet=None',
    doc: "the list of numbers in a text of `hashids_encoding`; empty if there are none.",
    noneIsDefault: true,
    part: "hashids",
  },
});
