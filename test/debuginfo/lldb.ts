/**
 * The oracle: LLDB as WebAssembly (`@vscode/dwarf-debugging`) asked the same questions about the same module and state,
 * every answer compared.
 */
import assert from 'node:assert/strict';
import { spawn } from '@vscode/dwarf-debugging';
import {
  bare,
  childrenOf,
  type DebugInfo,
  type MachineState,
  ROW,
  readDebugInfo,
  readVariable,
  scalarOf,
  sizeOf,
  spellType,
  type Type,
  Unreadable,
  type Value,
  type Variable,
} from '../../engine/debuginfo/index.ts';

/** What LLDB says about a value. */
interface Remote {
  type: string;
  description?: string;
  value?: unknown;
  objectId?: string;
  linearMemoryAddress?: number;
}

interface RawLocation {
  rawModuleId: string;
  codeOffset: number;
  inlineFrameIndex: number;
}

/** How much was compared: a test that compared nothing has failed. */
export interface Tally {
  lines: number;
  /** Frames of functions that were inlined. */
  inlined: number;
  /** Variables in scope in frames that called them. */
  outer: number;
  scopes: number;
  values: number;
  /** Values one side could not read. */
  gone: number;
}

const MODULE = 'module';

export interface CompareOptions {
  state: MachineState;
  /** Optimised code: LLDB reads what the compiler left where it can; only values both sides have are compared. */
  optimised?: boolean;
}

/** Compares lines, functions, scopes, types and values at every row of the line table. Throws on a difference. */
export async function compareWithLldb(wasm: Uint8Array, { state, optimised }: CompareOptions): Promise<Tally> {
  const info = readDebugInfo(wasm)!;
  assert.deepEqual(info.warnings, []);
  const worker = spawn({
    async getWasmLinearMemory(offset, length) {
      const padded = new Uint8Array(length);
      padded.set(state.memory(offset, length));
      return padded.buffer;
    },
    getWasmLocal: async (index) => wasmValue(state.local(index)),
    getWasmGlobal: async (index) => wasmValue(state.global(index)),
    getWasmOp: async (index) => wasmValue(state.stack(index)),
  });
  try {
    const { rpc } = worker;
    await rpc.sendMessage('hello', [], false);
    const code = wasm.slice().buffer;
    const files = await rpc.sendMessage('addRawModule', MODULE, '', { url: 'file:///module.wasm', code });
    assert.ok(Array.isArray(files));
    const comparison = new Comparison(info, rpc as unknown as Rpc, state, optimised === true);
    await comparison.run(files);
    return comparison.tally;
  } finally {
    await worker.dispose();
  }
}

function wasmValue(
  value: number | bigint | undefined,
): { type: 'i32'; value: number } | { type: 'i64'; value: bigint } {
  return typeof value === 'bigint' ? { type: 'i64', value } : { type: 'i32', value: (value ?? 0) | 0 };
}

interface Rpc {
  // biome-ignore lint/suspicious/noExplicitAny: answers are checked by what is compared.
  sendMessage(method: string, ...parameters: unknown[]): Promise<any>;
}

class Comparison {
  readonly tally: Tally = { lines: 0, inlined: 0, outer: 0, scopes: 0, values: 0, gone: 0 };
  private readonly info: DebugInfo;
  private readonly rpc: Rpc;
  private readonly state: MachineState;
  private readonly optimised: boolean;
  private readonly globalsSeen = new Set<string>();

  constructor(info: DebugInfo, rpc: Rpc, state: MachineState, optimised: boolean) {
    this.info = info;
    this.rpc = rpc;
    this.state = state;
    this.optimised = optimised;
  }

  async run(files: string[]): Promise<void> {
    const { info } = this;
    const { count, offsets, flags, lines, files: rowFiles } = info.lines;
    for (const url of files) {
      const mapped: number[] = (await this.rpc.sendMessage('getMappedLines', MODULE, url)) ?? [];
      const path = decodeURI(url.replace('file://', ''));
      const file = info.files.indexOf(path);
      const ours = new Set<number>();
      for (let row = 0; row < count; row++) {
        if (rowFiles[row] === file && lines[row] > 0 && !(flags[row] & ROW.endSequence)) ours.add(lines[row] - 1);
      }
      // LLDB leaves out lines whose only code has no length, and counts code of no line (0, its -1) as one of its own;
      // every other line it names we must have.
      for (const line of mapped) assert.ok(line < 0 || ours.has(line), `${path}:${line + 1} has code for LLDB`);
    }
    for (let row = 0; row < count; row++) {
      if (flags[row] & ROW.endSequence) continue;
      await this.compareLine(offsets[row]);
      await this.compareScope(offsets[row]);
    }
  }

  private at(codeOffset: number, inlineFrameIndex = 0): RawLocation {
    return { rawModuleId: MODULE, codeOffset, inlineFrameIndex };
  }

  private async compareLine(codeOffset: number): Promise<void> {
    const sourceFrames = this.info.framesAt(codeOffset);
    await this.comparePlace(codeOffset, 0, this.info.lineAt(codeOffset));
    for (const [index, { call, ranges }] of sourceFrames.entries()) {
      assert.ok(
        ranges.some(({ low, high }) => low <= codeOffset && codeOffset < high),
        `frame ${index} holds ${codeOffset}`,
      );
      if (!call) continue;
      this.tally.inlined++;
      await this.comparePlace(codeOffset, index + 1, call.line > 0 ? call : undefined);
      await this.compareNames(codeOffset, index + 1);
    }
    const { frames } = await this.rpc.sendMessage('getFunctionInfo', this.at(codeOffset));
    assert.deepEqual(
      sourceFrames.map(({ name }) => name),
      // A main with parameters has a name for the linker that LLDB prefers.
      frames.map(({ name }: { name: string }) => (name === '__main_argc_argv' ? 'main' : name)),
      `function at ${codeOffset}`,
    );
    this.tally.lines++;
  }

  /** Names in scope in a frame that called an inlined function. LLDB lists more: what is gone or declared later. */
  private async compareNames(codeOffset: number, frame: number): Promise<void> {
    const listed: { scope: string; name: string }[] = await this.rpc.sendMessage(
      'listVariablesInScope',
      this.at(codeOffset, frame),
    );
    const theirs = new Set(listed.filter(({ scope }) => scope !== 'GLOBAL').map(({ name }) => name));
    for (const { name } of this.info.variablesAt(codeOffset, frame)) {
      assert.ok(theirs.has(name), `${name} is in scope in frame ${frame} of ${codeOffset} for LLDB too`);
      this.tally.outer++;
    }
  }

  /** The source place of a frame: of the innermost where its code is, of the others where they call the one inside. */
  private async comparePlace(
    codeOffset: number,
    frame: number,
    ours: { file: string | undefined; line: number; column: number } | undefined,
  ): Promise<void> {
    const theirs = await this.rpc.sendMessage('rawLocationToSourceLocation', this.at(codeOffset, frame));
    const expected = ours
      ? [{ url: `file://${encodeURI(ours.file ?? '')}`, line: ours.line - 1, column: Math.max(ours.column - 1, 0) }]
      : [];
    const actual = theirs.map((place: { sourceFileURL: string; lineNumber: number; columnNumber: number }) => ({
      url: place.sourceFileURL,
      line: place.lineNumber,
      column: Math.max(place.columnNumber, 0),
    }));
    assert.deepEqual(expected, actual, `line of code offset ${codeOffset}, frame ${frame}`);
  }

  private async compareScope(codeOffset: number): Promise<void> {
    const { info } = this;
    const listed: { scope: string; name: string; type: string }[] = await this.rpc.sendMessage(
      'listVariablesInScope',
      this.at(codeOffset),
    );
    const here = info.nearestLineAt(codeOffset);
    const locals = new Map(info.variablesAt(codeOffset).map((variable) => [variable.name, variable]));
    const theirs = new Map(
      listed.filter(({ scope }) => scope !== 'GLOBAL').map((variable) => [variable.name, variable]),
    );
    for (const [name, variable] of locals) {
      if (theirs.has(name)) continue;
      // What optimisers have left nothing of where a function is inlined LLDB does not list; here it says so.
      const isGone = this.optimised && variable.locate(codeOffset).kind === 'gone';
      assert.ok(isGone, `${name} is in scope at ${codeOffset} for LLDB too`);
      locals.delete(name);
    }
    for (const [name] of theirs) {
      // Lengths of variable length arrays are the compiler's own: no source names them.
      if (locals.has(name) || name.startsWith('__vla_expr')) continue;
      // Optimisers leave parameters out that nothing needs; LLDB lists them, without a value.
      if (this.optimised && !(await this.hasValue(name, codeOffset))) continue;
      // What else LLDB lists and we don't must be declared on a later line.
      const owner = info.functionAt(codeOffset)!;
      const later = declarations(owner.scope, name).some((variable) => variable.line > (here?.line ?? 0));
      assert.ok(later, `${name} is in scope at ${codeOffset} (line ${here?.line}) for LLDB`);
    }
    this.tally.scopes++;
    const owner = info.functionAt(codeOffset);
    if (owner && codeOffset < owner.prologueEnd) return;
    for (const [name, variable] of locals) await this.compareVariable(variable, theirs.get(name)!.type, codeOffset);
    for (const { scope, name, type } of listed) {
      const variable = info.globals.find((global) => global.name === name);
      if (scope !== 'GLOBAL' || !variable || this.globalsSeen.has(name) || locals.has(name)) continue;
      this.globalsSeen.add(name);
      await this.compareVariable(variable, type, codeOffset);
    }
  }

  private async hasValue(name: string, codeOffset: number): Promise<boolean> {
    try {
      return (await this.rpc.sendMessage('evaluate', name, this.at(codeOffset), 1)) !== null;
    } catch {
      return false;
    }
  }

  private async compareVariable(variable: Variable, typeName: string, codeOffset: number): Promise<void> {
    const label = `${variable.name} at ${codeOffset}`;
    const declared = bare(variable.type);
    // LLDB does not know how long a variable length array is, nor what it holds.
    if (declared.kind === 'array' && declared.countAt) return;
    if (!/[{.]/.test(variable.typeName) && !typeName.includes('unnamed')) {
      assert.equal(comparable(variable.typeName), typeName, `type of ${label}`);
    }
    const ours = readVariable(variable, codeOffset, this.state);
    let theirs: Remote | null;
    try {
      theirs = await this.rpc.sendMessage('evaluate', variable.name, this.at(codeOffset), 1);
    } catch {
      theirs = null;
    }
    // LLDB evaluates the outermost of several variables of one name in places; an address tells which it took.
    if (ours.place.kind === 'memory' && theirs?.linearMemoryAddress !== undefined) {
      assert.equal(ours.place.address, theirs.linearMemoryAddress, `address of ${label}`);
    }
    if (!theirs || ours.place.kind === 'gone') {
      this.tally.gone++;
      if (!this.optimised) assert.fail(`${label}: ${theirs ? 'we have no value' : 'LLDB has no value'}`);
      return;
    }
    await this.compareValue(ours, theirs, label, 0);
  }

  private async compareValue(ours: Value, theirs: Remote, label: string, depth: number): Promise<void> {
    const type = bare(ours.type);
    if (ours.bits) return;
    let scalar: number | bigint | undefined;
    try {
      if (['integer', 'enum', 'boolean', 'float', 'pointer'].includes(type.kind)) scalar = scalarOf(ours, this.state);
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      this.tally.gone++;
      return;
    }
    this.tally.values++;
    if (type.kind === 'integer' && type.character) {
      const printable = /^'([ -&(-[\]-~])'$/.exec(theirs.description ?? '');
      if (printable) assert.equal(Number(scalar) & 255, printable[1].charCodeAt(0), label);
    } else if (type.kind === 'integer' || type.kind === 'enum') {
      assert.equal(scalar, BigInt(theirs.value as number), label);
    } else if (type.kind === 'boolean') {
      if (Number(scalar) < 2) assert.equal(scalar === 1n, theirs.value, label);
    } else if (type.kind === 'float') {
      if (!(Number.isNaN(scalar) && theirs.value === undefined)) compareFloats(Number(scalar), theirs, label);
    } else if (type.kind === 'pointer') {
      await this.comparePointer(ours, Number(scalar), type.to, theirs, label, depth);
    } else if (theirs.objectId !== undefined && depth < 3) {
      const properties = await this.rpc.sendMessage('getProperties', theirs.objectId);
      const children = childrenOf(ours, this.state, undefined, 0, 12);
      const total = type.kind === 'array' ? type.count : children.length;
      assert.equal(total, properties.length, `number of children of ${label}`);
      for (const [index, { name, value }] of children.entries()) {
        await this.compareValue(value, properties[index].value, `${label}: ${name}`, depth + 1);
      }
    }
  }

  private async comparePointer(
    ours: Value,
    address: number,
    target: Type,
    theirs: Remote,
    label: string,
    depth: number,
  ): Promise<void> {
    if (theirs.type === 'string') return this.compareText(address, String(theirs.value), label);
    if (theirs.objectId === undefined) return;
    const [property] = await this.rpc.sendMessage('getProperties', theirs.objectId);
    assert.equal(`0x${address.toString(16)}`, property.name, label);
    const size = sizeOf(target);
    if (depth > 1 || size === undefined || address === 0 || this.state.memory(address, size).length < size) return;
    const place = { kind: 'memory', address } as const;
    await this.compareValue({ type: target, place }, property.value, `${label}: *${spellType(ours.type)}`, depth + 1);
  }

  private compareText(address: number, text: string, label: string): void {
    if (!/^[ -~]*$/.test(text)) return;
    const bytes = this.state.memory(address, text.length);
    assert.equal(String.fromCharCode(...bytes), text, label);
  }
}

function declarations(scope: { variables: Variable[]; children: (typeof scope)[] }, name: string): Variable[] {
  const own = scope.variables.filter((variable) => variable.name === name);
  return [...own, ...scope.children.flatMap((child) => declarations(child, name))];
}

function compareFloats(ours: number, theirs: Remote, label: string): void {
  if (typeof theirs.value === 'number') assert.ok(Object.is(ours, theirs.value) || ours === theirs.value, label);
}

/** LLDB spells C types as C++ has them. */
function comparable(typeName: string): string {
  return typeName.replace(/\b(struct|union|enum) /g, '').replace(/\b_Bool\b/g, 'bool');
}

/** Memory of plausible contents, the same for one seed: small numbers, addresses, text and any bits. */
export function plausibleMemory(size: number, seed: number): Uint8Array {
  const memory = new Uint8Array(size);
  const view = new DataView(memory.buffer);
  let random = seed;
  const next = (): number => {
    random = (Math.imul(random, 1664525) + 1013904223) >>> 0;
    return random;
  };
  for (let at = 0; at + 4 <= size; at += 4) {
    const kind = next() >>> 29;
    const bits = next();
    if (kind < 3) view.setInt32(at, (bits >>> 16) % 100, true);
    else if (kind < 5) view.setUint32(at, (bits % (size / 4)) * 4, true);
    else if (kind === 5) for (let i = 0; i < 4; i++) memory[at + i] = i === 3 ? 0 : 97 + ((bits >>> (8 * i)) % 26);
    else view.setUint32(at, bits, true);
  }
  return memory;
}
