/** A message that is not the expected protobuf. */
export class ProtobufError extends Error {
  override readonly name = "ProtobufError";
}

/** An encoded field. */
export interface Field {
  readonly number: number;
  readonly value: number | Uint8Array;
}

/** The fields of a message, in order. */
export function* fieldsOf(bytes: Uint8Array): Generator<Field> {
  const reader = new Reader(bytes);
  while (!reader.atEnd) {
    const tag = reader.varint();
    const number = Math.floor(tag / 8);
    const wireType = tag % 8;
    if (wireType === 0) yield { number, value: reader.varint() };
    else if (wireType === 1) yield { number, value: reader.take(8) };
    else if (wireType === 2) yield { number, value: reader.take(reader.varint()) };
    else if (wireType === 5) yield { number, value: reader.take(4) };
    else throw new ProtobufError(`wire type must be 0, 1, 2 or 5, got ${wireType}`);
  }
}

class Reader {
  private position = 0;

  constructor(private readonly bytes: Uint8Array) {}

  get atEnd(): boolean {
    return this.position >= this.bytes.length;
  }

  varint(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.bytes[this.position++];
      if (byte === undefined || scale > 2 ** 63) throw new ProtobufError("the message ends inside a number");
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  }

  take(length: number): Uint8Array {
    if (this.position + length > this.bytes.length) throw new ProtobufError("the message ends inside a field");
    this.position += length;
    return this.bytes.subarray(this.position - length, this.position);
  }
}

export function bytesOf(field: Field): Uint8Array {
  if (typeof field.value === "number") throw new ProtobufError(`field ${field.number} must hold bytes`);
  return field.value;
}

export function numberOf(field: Field): number {
  if (typeof field.value !== "number") throw new ProtobufError(`field ${field.number} must hold a number`);
  return field.value;
}

export function textOf(field: Field): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytesOf(field));
  } catch {
    throw new ProtobufError(`field ${field.number} must hold UTF-8`);
  }
}
