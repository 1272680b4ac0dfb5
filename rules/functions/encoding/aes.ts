import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";

import { fail, type Value } from "../../run/values";
import { bytesOf, choice, readFormat, textOption, writeFormat } from "./bytes";

const BLOCK = 16;
export const AES_MODES = ["CBC", "ECB", "CFB", "OFB", "CTR", "OPENPGP"] as const;
type Mode = (typeof AES_MODES)[number];

/** Node's names of the modes; CFB shifts by a byte, as in PyCrypto. */
const CIPHERS: Readonly<Record<Exclude<Mode, "OPENPGP">, string>> = {
  CBC: "cbc",
  ECB: "ecb",
  CFB: "cfb8",
  OFB: "ofb",
  CTR: "ctr",
};
/** Modes that need complete blocks. */
const PADDED: ReadonlySet<Mode> = new Set(["CBC", "ECB"]);
export const PADDINGS = ["pkcs7", "iso7816", "x923"] as const;
type Padding = (typeof PADDINGS)[number];
export const AES_FORMATS = ["raw", "bytes", "hex", "base64"] as const;

/** `aes_encrypt`, its parameters in order. */
export function aesEncrypt(...values: readonly Value[]): Value {
  const [data, key, mode, padStyle, inputFormat, inputEncoding, outputFormat, iv] = values;
  const caller = "aes_encrypt";
  const format = choice(caller, "input_format", inputFormat, AES_FORMATS);
  const plain = readFormat(caller, data, format, textOption(caller, "input_encoding", inputEncoding));
  const settings = {
    caller,
    key: keyOf(caller, key),
    mode: choice(caller, "mode", mode, AES_MODES),
    iv: ivOf(caller, iv),
  };
  const padding = choice(caller, "pad_style", padStyle, PADDINGS);
  const output = choice(caller, "output_format", outputFormat, AES_FORMATS);
  const encrypted = encrypt(settings, PADDED.has(settings.mode) ? pad(plain, padding) : plain);
  return output === "raw" || output === "bytes" ? encrypted : writeFormat(encrypted, output);
}

/** `aes_decrypt`, its parameters in order. */
export function aesDecrypt(...values: readonly Value[]): Value {
  const [data, key, mode, padStyle, inputFormat, inputEncoding, outputFormat, iv, outputEncoding] = values;
  const caller = "aes_decrypt";
  const format = choice(caller, "input_format", inputFormat, AES_FORMATS);
  const encrypted = readFormat(caller, data, format, textOption(caller, "input_encoding", inputEncoding));
  const settings = {
    caller,
    key: keyOf(caller, key),
    mode: choice(caller, "mode", mode, AES_MODES),
    iv: ivOf(caller, iv),
  };
  const padding = choice(caller, "pad_style", padStyle, PADDINGS);
  const decrypted = decrypt(settings, encrypted);
  const plain = PADDED.has(settings.mode) ? unpad(caller, decrypted, padding) : decrypted;
  const output = choice(caller, "output_format", outputFormat, AES_FORMATS);
  const encoding = outputEncoding === null ? undefined : textOption(caller, "output_encoding", outputEncoding);
  return writeFormat(plain, output, encoding);
}

interface Settings {
  readonly caller: string;
  readonly key: Uint8Array;
  readonly mode: Mode;
  readonly iv: Uint8Array | undefined;
}

function encrypt({ key, mode, iv, caller }: Settings, plain: Uint8Array): Uint8Array {
  const vector = iv ?? randomBytes(BLOCK);
  if (mode === "OPENPGP") {
    const start = openPgpStart(key, wholeIv(caller, vector));
    return Buffer.concat([start, run("Cipher", key, "cfb", start.subarray(2), plain)]);
  }
  return run("Cipher", key, CIPHERS[mode], nodeIv(caller, mode, vector), plain);
}

function decrypt({ key, mode, iv, caller }: Settings, encrypted: Uint8Array): Uint8Array {
  if (mode === "OPENPGP") return decryptOpenPgp(caller, key, iv, encrypted);
  if (mode !== "ECB" && iv === undefined) fail(`${caller} must get the iv that the data was encrypted with, got None`);
  if (PADDED.has(mode) && encrypted.length % BLOCK !== 0) {
    fail(`${caller} must get whole blocks of ${BLOCK} bytes in mode ${mode}, got ${encrypted.length} bytes`);
  }
  return run("Decipher", key, CIPHERS[mode], nodeIv(caller, mode, iv), encrypted);
}

/** The data begins with the encrypted vector, as `aes_encrypt` writes it, unless it was removed and is passed as iv. */
function decryptOpenPgp(caller: string, key: Uint8Array, iv: Uint8Array | undefined, data: Uint8Array): Uint8Array {
  const given = iv && (iv.length === BLOCK + 2 ? Buffer.from(iv) : openPgpStart(key, wholeIv(caller, iv)));
  const start = given ?? Buffer.from(data.subarray(0, BLOCK + 2));
  if (start.length < BLOCK + 2) fail(`${caller} must get at least ${BLOCK + 2} bytes in mode OPENPGP without an iv`);
  const begins = start.equals(data.subarray(0, BLOCK + 2));
  return run("Decipher", key, "cfb", start.subarray(2), begins ? data.subarray(BLOCK + 2) : data);
}

/**
 * OpenPGP's first 18 bytes: the vector followed by its last two bytes, encrypted with a vector of zeros (RFC 4880,
 * 13.9).
 */
function openPgpStart(key: Uint8Array, iv: Uint8Array): Buffer {
  const repeated = Buffer.concat([iv, iv.subarray(-2)]);
  return run("Cipher", key, "cfb", Buffer.alloc(BLOCK), repeated);
}

function run(
  direction: "Cipher" | "Decipher",
  key: Uint8Array,
  cipher: string,
  iv: Uint8Array | null,
  data: Uint8Array,
): Buffer {
  const name = `aes-${key.length * 8}-${cipher}`;
  const stream = direction === "Cipher" ? createCipheriv(name, key, iv) : createDecipheriv(name, key, iv);
  stream.setAutoPadding(false);
  return Buffer.concat([stream.update(data), stream.final()]);
}

function keyOf(caller: string, value: Value): Uint8Array {
  const key = bytesOf(caller, value);
  // The key is a secret: messages show only its length.
  if (![16, 24, 32].includes(key.length))
    fail(`${caller} must get a key of 16, 24 or 32 bytes, got ${key.length} bytes`);
  return key;
}

function ivOf(caller: string, value: Value): Uint8Array | undefined {
  return value === null ? undefined : bytesOf(caller, value);
}

/** A counter can be given with fewer bytes; the rest starts at zero. */
function nodeIv(caller: string, mode: Mode, iv: Uint8Array | undefined): Uint8Array | null {
  if (mode === "ECB" || iv === undefined) return null;
  if (mode === "CTR" && iv.length < BLOCK) return Buffer.concat([iv, Buffer.alloc(BLOCK - iv.length)]);
  return wholeIv(caller, iv);
}

function wholeIv(caller: string, iv: Uint8Array): Uint8Array {
  return iv.length === BLOCK ? iv : fail(`${caller} must get an iv of ${BLOCK} bytes, got ${iv.length} bytes`);
}

function pad(bytes: Uint8Array, style: Padding): Uint8Array {
  const count = BLOCK - (bytes.length % BLOCK);
  const padding = Buffer.alloc(count, style === "pkcs7" ? count : 0);
  if (style === "x923") padding[count - 1] = count;
  if (style === "iso7816") padding[0] = 0x80;
  return Buffer.concat([bytes, padding]);
}

function unpad(caller: string, bytes: Uint8Array, style: Padding): Uint8Array {
  const wrong = (): never => fail(`${caller} found no ${style} padding; check key, iv, mode and pad_style`);
  if (bytes.length === 0) return wrong();
  const count = style === "iso7816" ? bytes.length - bytes.lastIndexOf(0x80) : bytes[bytes.length - 1];
  if (count < 1 || count > BLOCK) return wrong();
  const end = bytes.length - count;
  return Buffer.from(pad(bytes.subarray(0, end), style)).equals(bytes) ? bytes.subarray(0, end) : wrong();
}
