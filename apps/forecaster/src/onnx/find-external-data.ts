import { AppError } from '@candlecast/domain';

/** Where messages that may hold tensors stand in a message: field number → kind of message. */
type Fields = Readonly<Record<number, keyof typeof MESSAGES>>;

// Field numbers are onnx.proto3's. Everything that can lead to a tensor is here; the rest is skipped.
const MESSAGES = {
  model: { 7: 'graph', 20: 'training', 25: 'function' },
  training: { 1: 'graph', 2: 'graph' },
  function: { 7: 'node', 11: 'attribute' },
  graph: { 1: 'node', 5: 'tensor', 15: 'sparseTensor' },
  node: { 5: 'attribute' },
  attribute: { 5: 'tensor', 6: 'graph', 10: 'tensor', 11: 'graph', 22: 'sparseTensor', 23: 'sparseTensor' },
  sparseTensor: { 1: 'tensor', 2: 'tensor' },
  tensor: {},
} as const satisfies Record<string, Readonly<Record<number, string>>>;

const EXTERNAL_DATA = 13;
const DATA_LOCATION = 14;
const LONGEST_VARINT_BYTES = 10;
const VARINT = 0;
const LENGTH_DELIMITED = 2;
/** Bytes of the wire types that have a fixed size; a varint has none left once it is read. */
const FIXED_BYTES: Readonly<Record<number, number>> = { [VARINT]: 0, 1: 8, 5: 4 };

/**
 * Tells whether an ONNX file has a tensor that it keeps in another file: such a model can make the runtime read what it likes.
 * Throws `onnx_unreadable` when the bytes are no Protocol Buffers message.
 */
export function hasExternalData(file: Uint8Array): boolean {
  return visit(file, 'model');
}

function visit(bytes: Uint8Array, kind: keyof typeof MESSAGES): boolean {
  const fields: Fields = MESSAGES[kind];
  let at = 0;

  function varint(): number {
    let value = 0;
    for (let count = 0; count < LONGEST_VARINT_BYTES; count++) {
      const byte = bytes[at++];
      if (byte === undefined) break;
      value += (byte % 128) * 128 ** count;
      if (byte < 128) return value;
    }
    throw unreadable(at);
  }

  /** Returns how many bytes the field's content has; a varint is read on the way. */
  function contentBytes(wireType: number): number {
    if (wireType === LENGTH_DELIMITED) return varint();
    if (wireType === VARINT) varint();
    const size = FIXED_BYTES[wireType];
    if (size === undefined) throw unreadable(at);
    return size;
  }

  while (at < bytes.length) {
    const tag = varint();
    const field = Math.floor(tag / 8);
    if (kind === 'tensor' && (field === EXTERNAL_DATA || field === DATA_LOCATION)) return true;
    const size = contentBytes(tag % 8);
    if (at + size > bytes.length) throw unreadable(at);
    const inner = tag % 8 === LENGTH_DELIMITED ? fields[field] : undefined;
    if (inner && visit(bytes.subarray(at, at + size), inner)) return true;
    at += size;
  }
  return false;
}

function unreadable(at: number): AppError {
  return new AppError('onnx_unreadable', `byte ${at} is not where a Protocol Buffers message goes on`);
}
