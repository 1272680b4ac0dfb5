import type { Implementations } from "../run/implementation";
import type { Value } from "../run/values";
import { aesDecrypt, aesEncrypt } from "./encoding/aes";
import { BASE64_FORMATS, decodeBase64, decodeBase64Leniently, encodeBase64 } from "./encoding/base64";
import { bytesOf, choice, textOf, textOrBytes } from "./encoding/bytes";
import { compressor, decompressor } from "./encoding/compression";
import { crc32, md5, sha } from "./encoding/digest";
import { decodeJwt, encodeJwt } from "./encoding/jwt";
import { quoteUrl, unquoteUrl } from "./encoding/url";

const HTML: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#x27;",
};

/**
 * Encoding, hashing, compression. A value is taken as the UTF-8 bytes of its text, or as the bytes that it is; None, such
 * as an absent field, fails. What is decoded is text where it is UTF-8, else bytes. Keys never stand in a failure.
 */
export const ENCODING: Implementations = {
  /** `url_encoding(value)`: percent-encodes all but letters, digits and `_.-~`. */
  url_encoding: { pure: quoteUrl },

  /** `url_decoding(value)`: percent-decodes; what is no escape stays, what is no UTF-8 becomes U+FFFD. `+` stays. */
  url_decoding: { pure: (value: Value) => unquoteUrl(textOf("url_decoding", value)) },

  /** `base64_encoding(value, format=None)`: the bytes in base64; RFC3548 and RFC4648 write the same. */
  base64_encoding: {
    pure: (value: Value, format?: Value) => {
      choice("base64_encoding", "format", format, BASE64_FORMATS);
      return encodeBase64(bytesOf("base64_encoding", value));
    },
  },

  /** `base64_decoding(value, format=None)`: RFC3548 (default) fails without padding, RFC4648 fills it up. */
  base64_decoding: {
    pure: (value: Value, format?: Value) => {
      const text = textOf("base64_decoding", value);
      const isStrict = choice("base64_decoding", "format", format, BASE64_FORMATS) === "RFC3548";
      return textOrBytes((isStrict ? decodeBase64 : decodeBase64Leniently)("base64_decoding", text));
    },
  },

  /** `html_encoding(value)`: escapes `&`, `<`, `>` and both quotes. */
  html_encoding: {
    pure: (value: Value) => textOf("html_encoding", value).replace(/[&<>"']/g, (character) => HTML[character]),
  },

  /** `md5_encoding(value, format="hex")`: the digest in hexadecimal digits, or bytes for `binary`. */
  md5_encoding: { pure: md5 },

  /** `sha1_encoding(value, format=None)`: the digest in hexadecimal digits, of SHA1 (default), SHA224, SHA256, SHA384 or SHA512. */
  sha1_encoding: { pure: sha },

  /**
   * `gzip_compress(data, compresslevel=6, to_format="base64", encoding="utf-8")`: levels 0 to 9; formats base64, hex, raw.
   * The header holds no time: the same data give the same text.
   */
  gzip_compress: { pure: compressor("gzip") },

  /**
   * `gzip_decompress(data, from_format="base64", encoding="utf-8")`: the text. Fails for what is not gzip, not in the
   * encoding, or longer than 16 MiB.
   */
  gzip_decompress: { pure: decompressor("gzip") },

  /** `zlib_compress(data, compresslevel=6, to_format="base64", encoding="utf-8")`: as `gzip_compress`, in zlib's format. */
  zlib_compress: { pure: compressor("zlib") },

  /** `zlib_decompress(data, from_format="base64", encoding="utf-8")`: as `gzip_decompress`. */
  zlib_decompress: { pure: decompressor("zlib") },

  /** `crc32_encoding(data, input_format="raw", input_encoding="utf-8")`: eight hexadecimal digits. */
  crc32_encoding: { pure: crc32 },

  /**
   * `aes_encrypt(data, key, mode="CBC", pad_style="pkcs7", input_format="raw", input_encoding="utf-8",
   * output_format="hex", iv=None)`: modes CBC, ECB, CFB (8 bits), OFB, CTR, OPENPGP; CBC and ECB pad with pkcs7, iso7816 or
   * x923; formats raw, hex, base64. The key has 16, 24 or 32 bytes, the iv 16, for CTR up to 16. Without an iv a random
   * one is used, and only OPENPGP keeps it with the data.
   */
  aes_encrypt: { impure: (_, ...values: Value[]) => aesEncrypt(...values) },

  /**
   * `aes_decrypt(data, key, mode="CBC", pad_style="pkcs7", input_format="hex", input_encoding="utf-8",
   * output_format="raw", iv=None, output_encoding=None)`: the inverse. Fails where the padding shows that key, iv or mode
   * are others.
   */
  aes_decrypt: { pure: aesDecrypt },

  /**
   * `jwt_encoding(payload, key, algorithm="HS256", headers=None)`: a signed token of a dict or its JSON; HS, RS, PS and ES
   * with 256, 384 and 512 bits. The key is a shared secret for HS, a private key in PEM for the others.
   */
  jwt_encoding: { pure: encodeJwt },

  /**
   * `jwt_decoding(token, key="", algorithms=None, options=None, audience=None, issuer=None, leeway=0)`: the payload of a
   * token. Fails where the signature is not the key's, or where `exp`, `nbf`, `iat`, `aud` or `iss` forbid it; the options
   * `verify_signature`, `verify_exp` and so on turn checks off. Without `algorithms`, those that fit the kind of the key.
   */
  jwt_decoding: { impure: decodeJwt },
};
