import { bytesField, floatField, intField, joinFields, textField } from './proto-writer.ts';

// Field numbers are onnx.proto3's: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3

/** A constant of the graph: float32, or int64 where an operator wants whole numbers (axes, shapes). */
export interface Constant {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array | BigInt64Array;
}

/** One operation. An empty input or output name leaves an optional one out. */
export interface Operation {
  readonly operator: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes?: Readonly<Record<string, Attribute>>;
}

/** A whole number or whole numbers; wrapped floats, because ONNX tells 1 from 1.0. */
export type Attribute = number | readonly number[] | { readonly float: number };

/** A float32 tensor that goes in or comes out; a named dimension may have any size. */
export interface Port {
  readonly name: string;
  readonly shape: readonly (number | string)[];
}

/** A graph from inputs to outputs; operations stand in an order in which they can run. */
export interface Graph {
  readonly name: string;
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
  readonly constants: readonly Constant[];
  readonly operations: readonly Operation[];
}

const IR_VERSION = 8;
const OPSET = 17;
const FLOAT = 1;
const INT64 = 7;
const ATTRIBUTE_FLOAT = 1;
const ATTRIBUTE_INT = 2;
const ATTRIBUTE_INTS = 7;

/** Returns the bytes of an ONNX file (opset 17) that holds the graph and the metadata. The same graph gives the same bytes. */
export function toOnnxFile(graph: Graph, metadata: Readonly<Record<string, string>>): Uint8Array {
  return joinFields([
    intField(1, IR_VERSION),
    textField(2, 'candlecast'),
    bytesField(7, toGraph(graph)),
    bytesField(8, joinFields([textField(1, ''), intField(2, OPSET)])),
    ...Object.entries(metadata).map(([key, value]) => bytesField(14, joinFields([textField(1, key), textField(2, value)]))),
  ]);
}

function toGraph({ name, inputs, outputs, constants, operations }: Graph): Uint8Array {
  return joinFields([
    ...operations.map((operation, index) => bytesField(1, toNode(operation, index))),
    textField(2, name),
    ...constants.map((constant) => bytesField(5, toTensor(constant))),
    ...inputs.map((port) => bytesField(11, toValueInfo(port))),
    ...outputs.map((port) => bytesField(12, toValueInfo(port))),
  ]);
}

function toNode({ operator, inputs, outputs, attributes = {} }: Operation, index: number): Uint8Array {
  return joinFields([
    ...inputs.map((input) => textField(1, input)),
    ...outputs.map((output) => textField(2, output)),
    textField(3, `${operator}_${index}`),
    textField(4, operator),
    ...Object.entries(attributes).map(([name, attribute]) => bytesField(5, toAttribute(name, attribute))),
  ]);
}

function toAttribute(name: string, value: Attribute): Uint8Array {
  if (typeof value === 'number') return joinFields([textField(1, name), intField(3, value), intField(20, ATTRIBUTE_INT)]);
  if ('float' in value) return joinFields([textField(1, name), floatField(2, value.float), intField(20, ATTRIBUTE_FLOAT)]);
  return joinFields([textField(1, name), ...value.map((item) => intField(8, item)), intField(20, ATTRIBUTE_INTS)]);
}

function toTensor({ name, shape, values }: Constant): Uint8Array {
  const isFloat = values instanceof Float32Array;
  return joinFields([
    ...shape.map((size) => intField(1, size)),
    intField(2, isFloat ? FLOAT : INT64),
    textField(8, name),
    bytesField(9, toLittleEndian(values)),
  ]);
}

function toLittleEndian(values: Float32Array | BigInt64Array): Uint8Array {
  const view = new DataView(new ArrayBuffer(values.byteLength));
  values.forEach((value, index) => {
    if (typeof value === 'bigint') view.setBigInt64(index * 8, value, true);
    else view.setFloat32(index * 4, value, true);
  });
  return new Uint8Array(view.buffer);
}

function toValueInfo({ name, shape }: Port): Uint8Array {
  const dimensions = shape.map((size) => bytesField(1, typeof size === 'string' ? textField(2, size) : intField(1, size)));
  const tensorType = joinFields([intField(1, FLOAT), bytesField(2, joinFields(dimensions))]);
  return joinFields([textField(1, name), bytesField(2, bytesField(1, tensorType))]);
}
