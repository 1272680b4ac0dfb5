import { expression } from "./signature";

export const ENCODING_HASHING_COMPRESSION = {
  url_encoding: expression("value|x"),
  url_decoding: expression("value|x"),
  base64_encoding: expression("value|x, format:base64-format=None"),
  base64_decoding: expression("value|x, format:base64-format=None"),
  html_encoding: expression("value|x"),
  html_decoding: expression("value|x", { part: "html" }),
  md5_encoding: expression('value|x, format:md5-format="hex"'),
  sha1_encoding: expression("value|x, format:sha=None"),
  gzip_compress: expression(
    'data|value, compresslevel:0..9=6, to_format|to_fmat:compression-format="base64", encoding:writable?="utf-8"',
  ),
  gzip_decompress: expression(
    'data|value, from_format|from_fmat:compression-format="base64", encoding:readable="utf-8"',
  ),
  zlib_compress: expression(
    'data|value, compresslevel:0..9=6, to_format|to_fmat:compression-format="base64", encoding:writable?="utf-8"',
  ),
  zlib_decompress: expression(
    'data|value, from_format|from_fmat:compression-format="base64", encoding:readable="utf-8"',
  ),
  crc32_encoding: expression('data|value, input_format:crc-format="raw", input_encoding:writable?="utf-8"'),
  aes_encrypt: expression(
    'data|value, key:aes-key, mode:aes-mode="CBC", pad_style:padding="pkcs7", input_format:aes-format="raw", input_encoding:writable?="utf-8", output_format:aes-format="hex", iv=None',
  ),
  aes_decrypt: expression(
    'data|value, key:aes-key, mode:aes-mode="CBC", pad_style:padding="pkcs7", input_format:aes-format="hex", input_encoding:writable?="utf-8", output_format:aes-format="raw", iv=None, output_encoding:readable?=None',
  ),
  protobuf_decoding: expression('data|value, template|proto, message=None, input_format:compression-format="base64"', {
    part: "protobuf",
  }),
  jwt_encoding: expression('payload|data|value, key, algorithm:jwt-algorithm="HS256", headers=None'),
  jwt_decoding: expression(
    'token|jwt|data|value, key="", algorithms|algorithm:jwt-algorithms?=None, options=None, audience=None, issuer=None, leeway=0',
  ),
  hashids_encoding: expression('value|values|data, salt="", min_length:0..1000=0, alphabet=None', { part: "hashids" }),
  hashids_decoding: expression('value|data, salt="", min_length:0..1000=0, alphabet=None', { part: "hashids" }),
};
