/**
 * An ONNX file under construction: constants, nodes, inputs and outputs of one graph. (Format: onnx.proto of the ONNX
 * repository; the numbers below are its field numbers.) Knows nothing of transformers.
 */
import { Message } from './protobuf.ts';

/** Types of elements, by their number in TensorProto.DataType. */
export const TYPE = { int64: 7, double: 11 } as const;
export type ElementType = keyof typeof TYPE;

/** Version of the operators' definitions, and of the format that goes with it. */
const OPSET = 18;
const IR_VERSION = 8;

/** AttributeProto.AttributeType. */
const INT = 2;

/** A tensor's shape: sizes, or names of sizes that are known only at run time. */
export type Shape = readonly (number | string)[];

export class OnnxFile {
  private readonly nodes: Message[] = [];
  private readonly constants: Message[] = [];
  private readonly inputs: Message[] = [];
  private readonly outputs: Message[] = [];
  private readonly names = new Set<string>();

  /** A constant tensor in row-major order; returns its name. */
  constant(name: string, shape: readonly number[], data: Float64Array | BigInt64Array): string {
    const tensor = new Message();
    for (const size of shape) tensor.integer(1, size);
    tensor.integer(2, data instanceof Float64Array ? TYPE.double : TYPE.int64);
    tensor.text(8, this.fresh(name));
    // Raw data is little endian, as typed arrays are wherever this runs.
    tensor.bytes(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    this.constants.push(tensor);
    return name;
  }

  /** A float64 scalar. */
  scalar(name: string, value: number): string {
    return this.constant(name, [], Float64Array.of(value));
  }

  /** Whole numbers as a vector: axes, shapes, indices. */
  integers(name: string, values: readonly number[]): string {
    return this.constant(name, [values.length], BigInt64Array.from(values, BigInt));
  }

  /** A node with one output, which bears its name; returns that. */
  op(type: string, name: string, inputs: readonly string[], attributes: Readonly<Record<string, number>> = {}): string {
    this.node(type, inputs, [name], attributes);
    return name;
  }

  /** A node. Attributes are integers; axes and shapes are inputs. */
  node(
    type: string,
    inputs: readonly string[],
    outputs: readonly string[],
    attributes: Readonly<Record<string, number>> = {},
  ): void {
    const node = new Message();
    for (const input of inputs) {
      if (!this.names.has(input)) throw new RangeError(`${type} reads ${input}, which is not made yet`);
      node.text(1, input);
    }
    for (const output of outputs) node.text(2, this.fresh(output));
    node.text(3, `${outputs[0]}:${type}`).text(4, type);
    for (const [name, value] of Object.entries(attributes)) {
      node.message(5, new Message().text(1, name).integer(3, value).integer(20, INT));
    }
    this.nodes.push(node);
  }

  input(name: string, type: ElementType, shape: Shape): string {
    this.inputs.push(valueInfo(this.fresh(name), type, shape));
    return name;
  }

  output(name: string, type: ElementType, shape: Shape): void {
    this.outputs.push(valueInfo(name, type, shape));
  }

  /** The file's bytes. `documentation` is for whoever opens it. */
  encode(graphName: string, producer: string, documentation: string): Uint8Array {
    const graph = new Message();
    for (const node of this.nodes) graph.message(1, node);
    graph.text(2, graphName);
    for (const constant of this.constants) graph.message(5, constant);
    for (const input of this.inputs) graph.message(11, input);
    for (const output of this.outputs) graph.message(12, output);
    const operators = new Message().text(1, '').integer(2, OPSET);
    return new Message()
      .integer(1, IR_VERSION)
      .text(2, producer)
      .text(6, documentation)
      .message(7, graph)
      .message(8, operators)
      .encode();
  }

  private fresh(name: string): string {
    if (this.names.has(name)) throw new RangeError(`there is a ${name} already`);
    this.names.add(name);
    return name;
  }
}

function valueInfo(name: string, type: ElementType, shape: Shape): Message {
  const dimensions = new Message();
  for (const size of shape) {
    dimensions.message(1, typeof size === 'number' ? new Message().integer(1, size) : new Message().text(2, size));
  }
  const tensor = new Message().integer(1, TYPE[type]).message(2, dimensions);
  return new Message().text(1, name).message(2, new Message().message(1, tensor));
}
