/**
 * Where trails end that no line computed: constants, bytes of the input, what the program states of memory and
 * globals, and what was never written.
 */
import { readVariable, sizeOf, type Variable } from '../../engine/debuginfo/index.ts';
import { TOKEN } from '../../engine/isa/vocabulary.ts';
import type { ByteSteps } from '../../engine/trace/byte-steps.ts';
import type { History } from '../../engine/trace/history.ts';
import { byteOf } from '../../engine/trace/notation.ts';
import type { Stretch } from '../../engine/trace/trail.ts';
import type { Hop } from '../protocol/protocol.ts';
import type { Debuggee } from '../recording/debuggee.ts';
import type { Places } from './whereabouts.ts';

/** A hop's kind and words. */
export type Ending = Pick<Hop, 'kind' | 'text'> & Partial<Pick<Hop, 'place' | 'function' | 'index'>>;

/** Bytes that a program's arguments take before their own: their number and size. */
const ARGUMENTS_HEADER = 8;

/** Characters of a string literal that are looked at. */
const LONGEST_LITERAL = 200;

interface StaticObject {
  readonly variable: Variable;
  readonly address: number;
  readonly size: number;
}

export class Endings {
  private readonly debuggee: Debuggee;
  private readonly steps: ByteSteps;
  private readonly places: Places;
  private objects: readonly StaticObject[] | undefined;

  constructor(debuggee: Debuggee, steps: ByteSteps, places: Places) {
    this.debuggee = debuggee;
    this.steps = steps;
    this.places = places;
  }

  /** What a trail ends at, or goes through. */
  of({ maker, token, address }: Stretch): Ending {
    switch (maker.kind) {
      case 'input':
        return maker.from < 0 ? { kind: 'input', text: 'the end of standard input' } : this.input(maker.from);
      case 'initial':
        return address === undefined ? this.initial(token) : this.ofMemory(address, 'initializer');
      case 'unwritten':
        return this.unwritten(address);
      case 'constant':
      case 'extension':
        return { kind: 'constant', text: this.places.of(maker.line).text };
      case 'edit':
        return { kind: 'edit', text: 'edited by you' };
      case 'compute':
        return { kind: 'compute', text: this.places.of(maker.line).text };
    }
  }

  /** A byte of the input by its token. */
  input(token: number): Ending {
    const { history } = this.steps;
    const { input } = history;
    const before = this.debuggee.takesArguments ? ARGUMENTS_HEADER + history.word(input.tokenOf(4)) : 0;
    const index = input.numberOf(token) - before;
    if (index < 0) return { kind: 'input', text: 'a byte of the arguments', index: index + before };
    return {
      kind: 'input',
      text: `byte ${index} of standard input: ${characterOf(byteOf(history.tokenAt(token)))}`,
      index,
    };
  }

  private initial(token: number): Ending {
    const { history } = this.steps;
    const { kind, key } = initialKey(history, token);
    if (kind === 'memory') return this.ofMemory(key, 'initializer');
    const name = history.program.globals.find(({ cell }) => cell === key)?.name ?? `global ${key}`;
    return { kind: 'initializer', text: `${name}, as the program begins` };
  }

  private unwritten(address: number | undefined): Ending {
    if (address === undefined) return { kind: 'constant', text: 'a local begins as 0' };
    return this.ofMemory(address, 'unknown');
  }

  /** Static storage has its initial value from its declaration, zeros too. */
  private ofMemory(address: number, otherwise: Hop['kind']): Ending {
    const found = this.objectAt(address);
    if (found) {
      const { file, line, name } = found.variable;
      if (!file) return { kind: 'initializer', text: name };
      return { kind: 'initializer', ...this.places.ofSource(this.debuggee.code.sourceOf(file), line) };
    }
    const where = `0x${address.toString(16)}`;
    if (otherwise === 'unknown') return { kind: otherwise, text: `nothing was ever written at ${where}` };
    return { kind: otherwise, ...(this.literalAt(address) ?? { text: `data of the program at ${where}` }) };
  }

  /** The string literal that an address lies in, if its bytes are text, and where it stands in a source. */
  private literalAt(address: number): Pick<Ending, 'text' | 'place'> | undefined {
    const { history } = this.steps;
    const byteAt = (at: number) => {
      const token = history.facts.byte(at);
      return token < 0 ? 0 : byteOf(history.tokenAt(token));
    };
    let start = address;
    while (isText(byteAt(start - 1)) && address - start < LONGEST_LITERAL) start--;
    let end = address;
    while (isText(byteAt(end)) && end - start < LONGEST_LITERAL) end++;
    // The zero behind a string belongs to it.
    if (start === end || address > end) return undefined;
    const bytes = Uint8Array.from({ length: end - start }, (_, i) => byteAt(start + i));
    const text = new TextDecoder('latin1').decode(bytes);
    const place = this.places.ofLiteral(text, address - start);
    return { text: `character ${address - start} of ${JSON.stringify(text)}`, ...(place && { place }) };
  }

  /** The variable with static storage that holds an address, if debug information knows one. */
  private objectAt(address: number): StaticObject | undefined {
    this.objects ??= this.staticObjects();
    return this.objects.find((object) => address >= object.address && address < object.address + object.size);
  }

  private staticObjects(): StaticObject[] {
    const nothing = {
      local: () => undefined,
      global: () => undefined,
      stack: () => undefined,
      memory: () => new Uint8Array(),
    };
    return (this.debuggee.debug?.globals ?? []).flatMap((variable) => {
      const { place, type } = readVariable(variable, 0, nothing);
      return place.kind === 'memory' ? [{ variable, address: place.address, size: sizeOf(type) ?? 0 }] : [];
    });
  }
}

/** What a byte of a `data` or `global` line of the prompt is: that of an address, or of a cell. */
export function initialKey(history: History, token: number): { kind: 'memory' | 'cell'; key: number } {
  let opening = token - 1;
  while (history.tokenAt(opening) !== TOKEN.data && history.tokenAt(opening) !== TOKEN.global) opening--;
  const key = history.word(opening + 1);
  if (history.tokenAt(opening) === TOKEN.global) return { kind: 'cell', key };
  return { kind: 'memory', key: key + token - opening - 5 };
}

function isText(byte: number): boolean {
  return (byte >= 0x20 && byte < 0x7f) || byte === 0x0a || byte === 0x09;
}

function characterOf(byte: number): string {
  if (byte === 0x27 || byte === 0x5c) return `'\\${String.fromCharCode(byte)}'`;
  return byte >= 0x20 && byte < 0x7f ? `'${String.fromCharCode(byte)}'` : byte === 0x0a ? "'\\n'" : String(byte);
}
