import { PADDINGS, AES_FORMATS, AES_MODES } from "../functions/encoding/aes";
import { BASE64_FORMATS } from "../functions/encoding/base64";
import { COMPRESSION_FORMATS } from "../functions/encoding/compression";
import { CRC_FORMATS, MD5_FORMATS, SHA } from "../functions/encoding/digest";
import { JWT_ALGORITHMS } from "../functions/encoding/jwt-algorithms";
import { RFCS } from "../functions/value-extraction/e-syslogrfc";
import { JSON_FORMATS } from "../functions/value-extraction/json-names";
import { DIFFERENCE_UNITS, ROUNDINGS } from "../functions/date-time/difference";
import { PROPERTY_NAMES } from "../functions/date-time/properties";
import { isTruncateUnit, TRUNCATE_UNITS } from "../functions/date-time/truncate";
import { quoted } from "../functions/common/options";
import { isReadable, LOCAL_TYPES, READABLE, READABLE_REMEDY } from "../functions/resource";
import { MODES } from "../run/mode";
import { canDecode, canEncode, ENCODING_NAMES, ERROR_MODES } from "../python/codecs";
import { faultOfStrptime } from "../python/strptime";
import { isZone } from "../python/zone";
import { suggestion } from "./similar";
import { toText } from "../run/text";
import { isBytes, isList, isTrue, type Value } from "../run/values";

/** The values that a constant argument can have, if not all are allowed. */
interface ConstantType {
  /** Text of messages after "must be". */
  readonly wanted: string;
  fits(value: Value): boolean;
  /** Names that a mistyped value may have been meant to be. */
  readonly names?: () => readonly string[];
  /** The value as messages show it. @default quoted */
  readonly shown?: (value: Value) => string;
  /** A further remark on an invalid value. */
  readonly remark?: (value: Value) => string | undefined;
}

/**
 * Closed sets and ranges, by the names that signatures use. Each accepts everything that its functions accept at
 * runtime, including any case and other spellings: a constant is refused only if every event would fail.
 */
const CONSTANT_TYPES = {
  mode: oneOf(MODES),
  "json-format": {
    wanted: `one of ${JSON_FORMATS.join(", ")}, or a format such as {parent_list[0]}_{current}`,
    // A string without a placeholder would give all leaves the same name; None is the default.
    fits: (value: Value) => typeof value !== "string" || value.includes("{") || isNamed(JSON_FORMATS, value.trim()),
    names: () => JSON_FORMATS,
  },
  rfc: oneOf(RFCS),
  "local-type": oneOf(LOCAL_TYPES),
  variable: {
    wanted: READABLE,
    fits: (value: Value) => typeof value === "string" && isReadable(value),
    remark: () => READABLE_REMEDY,
  },
  "object-format": anyCase(["text", "binary"]),
  decompression: anyCase(["none", "gzip"]),

  zone: {
    wanted: "a name of the IANA database such as Asia/Shanghai, or an offset such as +08:00",
    fits: (value: Value) => value === "" || (typeof value === "string" && isZone(value)),
    names: () => Intl.supportedValuesOf("timeZone"),
  },
  "date-property": oneOf(PROPERTY_NAMES),
  "difference-unit": { ...oneOf(DIFFERENCE_UNITS), fits: (value: Value) => isUnit(value) },
  "truncate-unit": {
    wanted: `one of ${TRUNCATE_UNITS.join(", ")}, or minutes such as 5_minute`,
    fits: (value: Value) => typeof value === "string" && isTruncateUnit(value),
    names: () => TRUNCATE_UNITS,
  },
  rounding: oneOf(ROUNDINGS),
  "strptime-format": {
    wanted: "a format of Python's strptime, each directive once",
    fits: (value: Value) => typeof value === "string" && faultOfStrptime(value) === undefined,
    remark: (value: Value) => (typeof value === "string" ? faultOfStrptime(value) : undefined),
  },

  writable: {
    wanted: `one of ${ENCODING_NAMES.join(", ")}`,
    fits: (value: Value) => typeof value === "string" && canEncode(value),
    names: () => ENCODING_NAMES,
  },
  readable: {
    wanted: "the name of an encoding such as utf8, gbk, shift_jis",
    fits: (value: Value) => typeof value === "string" && canDecode(value),
    names: () => [...ENCODING_NAMES, "big5", "shift_jis", "euc-kr"],
  },
  "error-mode": oneOf(ERROR_MODES),

  "base64-format": anyCase(BASE64_FORMATS),
  "md5-format": anyCase(MD5_FORMATS),
  sha: anyCase(SHA),
  "crc-format": anyCase(CRC_FORMATS),
  "compression-format": anyCase(COMPRESSION_FORMATS),
  "aes-mode": anyCase(AES_MODES),
  padding: anyCase(PADDINGS),
  "aes-format": anyCase(AES_FORMATS),
  "aes-key": {
    wanted: "16, 24 or 32 bytes long",
    fits: (value: Value) => [16, 24, 32].includes(byteLength(value)),
    // The key is a secret: messages show only its length.
    shown: (value: Value) => `${byteLength(value)} bytes`,
  },
  "jwt-algorithm": oneOf([...JWT_ALGORITHMS.keys()]),
  "jwt-algorithms": listOf(oneOf([...JWT_ALGORITHMS.keys()])),

  bool: {
    wanted: "True or False",
    fits: (value: Value) => typeof value === "boolean" || typeof value === "bigint",
    remark: (value: Value) => `it counts as ${isTrue(value) ? "True" : "False"}`,
  },
  int: { wanted: "an int", fits: isInt },
  nth: {
    wanted: "a whole number other than 0",
    fits: (value: Value) => isWhole(value) && Number(value) !== 0,
  },
  nonzero: { wanted: "an int other than 0", fits: (value: Value) => isInt(value) && Number(value) !== 0 },
  base: {
    wanted: "0, or 2 to 36",
    fits: (value: Value) => isInt(value) && (Number(value) === 0 || (Number(value) >= 2 && Number(value) <= 36)),
  },
  character: { wanted: "one character", fits: isCharacter },
  // An empty value means the default.
  delimiter: { wanted: "one character", fits: (value: Value) => value === "" || isCharacter(value) },
  separator: { wanted: "a text that is not empty", fits: (value: Value) => value !== "" },
} as const satisfies Readonly<Record<string, ConstantType>>;

/** The type of a constant: one of the table, or a range of ints such as `0..9`. */
export type ConstantTypeName = keyof typeof CONSTANT_TYPES | `${number}..${number}`;

/** Whether the type exists, for signatures. */
export function isConstantType(name: string): name is ConstantTypeName {
  return Object.hasOwn(CONSTANT_TYPES, name) || RANGE.test(name);
}

/** What is wrong with the constant value of a parameter, with the nearest valid one. None always means the default. */
export function faultOfConstant(name: ConstantTypeName, parameter: string, value: Value): string | undefined {
  const type = typeOf(name);
  if (value === null || type.fits(value)) return undefined;
  const hint = typeof value === "string" && type.names ? suggestion(value, type.names()) : "";
  const remark = type.remark?.(value);
  const shown = (type.shown ?? quoted)(value);
  return `${parameter} must be ${type.wanted}, got ${shown}${hint}${remark === undefined ? "" : `; ${remark}`}`;
}

const RANGE = /^(\d+)\.\.(\d+)$/;

function typeOf(name: ConstantTypeName): ConstantType {
  const range = RANGE.exec(name);
  if (!range) return CONSTANT_TYPES[name as keyof typeof CONSTANT_TYPES];
  const [least, most] = [BigInt(range[1]), BigInt(range[2])];
  return {
    wanted: `${least} to ${most}`,
    fits: (value) => typeof value === "bigint" && value >= least && value <= most,
  };
}

function oneOf(names: readonly string[]) {
  return {
    wanted: `one of ${names.join(", ")}`,
    fits: (value: Value) => names.includes(value as string),
    names: () => names,
  };
}

function anyCase(names: readonly string[]) {
  return { ...oneOf(names), fits: (value: Value) => typeof value === "string" && isNamed(names, value) };
}

function listOf(type: ReturnType<typeof oneOf>) {
  return { ...type, fits: (value: Value) => (isList(value) ? value : [value]).every(type.fits) };
}

function isNamed(names: readonly string[], value: string): boolean {
  return names.some((name) => name.toLowerCase() === value.toLowerCase());
}

/** Units can end in "s". */
function isUnit(value: Value): boolean {
  return typeof value === "string" && DIFFERENCE_UNITS.includes(value.replace(/s$/, ""));
}

function isInt(value: Value): boolean {
  return typeof value === "bigint" || typeof value === "boolean";
}

/** A whole number, or a string that contains one. */
function isWhole(value: Value): boolean {
  if (typeof value === "string") return /^\s*[+-]?\d+(?:\.0+)?\s*$/.test(value);
  return typeof value === "bigint" || (typeof value === "number" && Number.isInteger(value));
}

function isCharacter(value: Value): boolean {
  return typeof value === "string" && [...value].length === 1;
}

function byteLength(value: Value): number {
  return isBytes(value) ? value.length : Buffer.byteLength(value === null ? "" : toText(value));
}
