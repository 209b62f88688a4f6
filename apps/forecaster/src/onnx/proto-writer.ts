// The wire format of Protocol Buffers, as much of it as an ONNX file needs. A message is the concatenation of its fields.

const VARINT = 0;
const LENGTH_DELIMITED = 2;
const FIXED32 = 5;
const encoder = new TextEncoder();

/** Returns the fields joined into one message. */
export function joinFields(fields: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(fields);
}

/** Returns a whole-number field; throws a RangeError for a negative value, which nothing here needs. */
export function intField(field: number, value: number): Uint8Array {
  return joinFields([tag(field, VARINT), varint(value)]);
}

/** Returns a 32-bit float field. */
export function floatField(field: number, value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setFloat32(0, value, true);
  return joinFields([tag(field, FIXED32), bytes]);
}

/** Returns a field of bytes: raw data, or a message. */
export function bytesField(field: number, bytes: Uint8Array): Uint8Array {
  return joinFields([tag(field, LENGTH_DELIMITED), varint(bytes.length), bytes]);
}

/** Returns a field of UTF-8 text. */
export function textField(field: number, text: string): Uint8Array {
  return bytesField(field, encoder.encode(text));
}

function tag(field: number, wireType: number): Uint8Array {
  return varint(field * 8 + wireType);
}

function varint(value: number): Uint8Array {
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`${value} is not a whole number from 0`);
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return Uint8Array.of(...bytes, rest);
}
