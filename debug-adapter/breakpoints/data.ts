/**
 * Data breakpoints: stops *before* the trace line that reads or writes a place, whichever way one comes.
 *
 * A place that belongs to a call (a local) is watched from the beginning to the end of that call, calls that it makes
 * included, and never outside. Every write stops, also of the value that is there already; the condition `$changed` is
 * for those that change it. Other conditions are about the state that the access leaves behind, as people mean `n == 5`.
 */
import type { DebugProtocol } from '@vscode/debugprotocol';
import { PlacedError } from '../../engine/errors.ts';
import { Accesses } from '../../engine/trace/accesses.ts';
import type { History } from '../../engine/trace/history.ts';
import { lineNumber } from '../../engine/trace/notation.ts';
import type { ArgumentsOf } from '../protocol/protocol.ts';
import type { Pace, Work } from '../recording/pace.ts';
import { type BoundPlace, dataNameOf, memoryPlace } from './data-place.ts';
import { type HitCondition, HitCounter, parseHitCondition } from './hit-counts.ts';
import { type BreakpointKind, earlier, type Format, type Hits, type Program } from './kind.ts';
import { Lifetime } from './lifetime.ts';

type Spec = ArgumentsOf<'setDataBreakpoints'>['breakpoints'][number];

/** How people know what a `dataId` names. */
export interface Known {
  name: string;
  format: Format;
}

/** A data breakpoint that lies in the program. */
interface Watch {
  id: number;
  name: string;
  format: Format;
  accesses: Accesses;
  /** Of the call that the place belongs to. */
  lifetime: Lifetime | undefined;
  /** Whether the user knows that the call has ended. */
  endTold: boolean;
  onlyChanges: boolean;
  condition: ((line: number, depth: number | undefined) => boolean) | undefined;
  hitCondition: HitCondition | undefined;
  counter: HitCounter | undefined;
}

/** See the file's comment. */
export class DataBreakpoints implements BreakpointKind {
  private readonly nextId: () => number;
  private specs: { id: number; spec: Spec }[] = [];
  private watches: Watch[] = [];
  private program: Program | undefined;
  private readonly known = new Map<string, Known>();

  constructor(nextId: () => number) {
    this.nextId = nextId;
  }

  get any(): boolean {
    return this.specs.length > 0;
  }

  /** What a `dataId` is called and how its value is shown, for breakpoints that are set on it later. */
  remember(dataId: string, known: Known): void {
    this.known.set(dataId, known);
  }

  attach(program: Program): DebugProtocol.Breakpoint[] {
    this.program = program;
    return this.place();
  }

  set({ breakpoints }: ArgumentsOf<'setDataBreakpoints'>): DebugProtocol.Breakpoint[] {
    this.specs = breakpoints.map((spec) => ({ id: this.nextId(), spec }));
    return this.place();
  }

  next(from: number, to: number): number {
    let found = -1;
    for (const watch of this.watches) {
      const { lifetime, accesses, endTold } = watch;
      const end = lifetime?.endBefore(to);
      found = earlier(found, accesses.first(Math.max(from, lifetime?.start ?? 0), end ?? to));
      if (end !== undefined && end >= from && !endTold) found = earlier(found, end);
    }
    return found;
  }

  previous(from: number, to: number): number {
    let found = -1;
    for (const { lifetime, accesses } of this.watches) {
      const start = Math.max(from, lifetime?.start ?? 0, found + 1);
      found = Math.max(found, accesses.last(start, lifetime?.endBefore(to) ?? to));
    }
    return found;
  }

  *hitsAt(line: number, pace: Pace): Work<Hits> {
    const hits: Hits = { ids: [], logs: [] };
    for (const watch of this.watches) {
      this.tellEnd(watch, line);
      if (!isAccess(watch, line)) continue;
      try {
        if (!holds(watch, line)) continue;
        if (watch.hitCondition) {
          watch.counter ??= counterOf(watch);
          const departure = this.program?.recording.departure ?? 0;
          if (!(yield* watch.counter.counts(watch.hitCondition, line, departure, pace))) continue;
        }
      } catch (error) {
        // As with other breakpoints, a condition that cannot be evaluated stops, saying so.
        if (!(error instanceof PlacedError)) throw error;
        this.program?.say(`Data breakpoint on ${watch.name}: ${error.message}`);
      }
      hits.ids.push(watch.id);
      hits.kind = 'data breakpoint';
      hits.description ??= descriptionOf(watch, line);
    }
    return hits;
  }

  /** Says once that the call of a place has ended. */
  private tellEnd(watch: Watch, line: number): void {
    if (watch.endTold || watch.lifetime?.endBefore(line + 1) !== line) return;
    watch.endTold = true;
    const { start } = watch.lifetime;
    this.program?.say(
      `Data breakpoint on ${watch.name}: the call that it belongs to (line ${lineNumber(start - 1)} of the trace) has ended.`,
    );
  }

  /** Makes watches of all that was set. */
  private place(): DebugProtocol.Breakpoint[] {
    const { program } = this;
    this.watches = [];
    return this.specs.map(({ id, spec }) => {
      if (!program) return { id, verified: false, message: 'The program is not loaded yet.' };
      try {
        this.watches.push(this.watch(id, spec, program));
        return { id, verified: true };
      } catch (error) {
        if (!(error instanceof PlacedError)) throw error;
        return { id, verified: false, message: error.message };
      }
    });
  }

  /** @throws PlacedError where there is nothing to watch */
  private watch(id: number, spec: Spec, program: Program): Watch {
    const { recording, expressions } = program;
    const { place, call, name, format } = this.find(spec.dataId, program);
    const access = spec.accessType ?? 'write';
    const changes = /^\s*\$changed\s*(?:&&(.+))?$/s.exec(spec.condition ?? '');
    const condition = changes ? changes[1] : spec.condition;
    return {
      id,
      name,
      format,
      accesses: new Accesses(recording.history, place, { reads: access !== 'write', writes: access !== 'read' }),
      lifetime: call === undefined ? undefined : lifetimeOf(recording.history, call),
      endTold: false,
      onlyChanges: changes !== null,
      condition: condition?.trim() ? expressions.conditionAnywhere(condition) : undefined,
      hitCondition: spec.hitCondition?.trim() ? parseHitCondition(spec.hitCondition) : undefined,
      counter: undefined,
    };
  }

  /** The place that a `dataId` names. @throws PlacedError */
  private find(dataId: string, { expressions }: Program): BoundPlace & Known {
    const found = dataNameOf(dataId);
    if (!found) throw new PlacedError(`"${dataId}" names no data: ask for it by dataBreakpointInfo`);
    if ('place' in found) return { ...found, ...(this.known.get(dataId) ?? unknown(found)) };
    const { functionName, expression } = found;
    const { address, length, format } = expressions.staticObject(expression, functionName);
    const place = memoryPlace(address, length);
    if (!place) throw new PlacedError(`"${expression}" has no bytes that could be watched`);
    return { place, call: undefined, name: expression, format };
  }
}

/** @throws PlacedError where a run made no such call, or not yet */
function lifetimeOf(history: History, call: number): Lifetime {
  if (call >= history.lines || history.depthOf(call + 1) !== history.depthOf(call) + 1) {
    throw new PlacedError(`the call that it belongs to (line ${lineNumber(call)} of the trace) is not one of this run`);
  }
  return new Lifetime(history, call);
}

function isAccess({ lifetime, accesses }: Watch, line: number): boolean {
  if (lifetime && (line < lifetime.start || lifetime.endBefore(line + 1) !== undefined)) return false;
  return accesses.first(line, line + 1) === line;
}

/** Whether an access counts but for its number. @throws PlacedError for a condition that cannot be evaluated */
function holds({ onlyChanges, accesses, condition, lifetime }: Watch, line: number): boolean {
  if (onlyChanges) {
    const before = accesses.bytesBefore(line);
    if (accesses.bytesBefore(line + 1).every((byte, i) => byte === before[i])) return false;
  }
  return condition?.(line + 1, lifetime?.depth) ?? true;
}

/** Counts the accesses whose condition holds. One that fails does not hold. */
function counterOf(watch: Watch): HitCounter {
  const { lifetime, accesses } = watch;
  const next = (from: number, to: number) =>
    accesses.first(Math.max(from, lifetime?.start ?? 0), lifetime?.endBefore(to) ?? to);
  return new HitCounter(next, (line) => {
    try {
      return holds(watch, line);
    } catch (error) {
      if (error instanceof PlacedError) return false;
      throw error;
    }
  });
}

/** What an access does: `total: 3 → 6`, `total is read: 6`. */
function descriptionOf({ name, format, accesses }: Watch, line: number): string {
  const before = format(accesses.bytesBefore(line), line);
  if (!accesses.isWrite(line)) return `${name} is read: ${before}`;
  return `${name}: ${before} → ${format(accesses.bytesBefore(line + 1), line + 1)}`;
}

/** Of bytes that nobody knows a type of: a number where they are as many as numbers have, or the first of them. */
function unknown({ place }: BoundPlace): Known {
  const name = place.kind === 'cell' ? `cell ${place.cell}` : `0x${place.address.toString(16)}`;
  return { name, format: (bytes) => numberText(bytes) };
}

const SHOWN_BYTES = 16;

/** Bytes as a signed number, or (if they are not as many as a number has) each in hexadecimal. */
export function numberText(bytes: Uint8Array): string {
  if (![1, 2, 4, 8].includes(bytes.length)) {
    const shown = Array.from(bytes.subarray(0, SHOWN_BYTES), (byte) => byte.toString(16).padStart(2, '0'));
    return `${shown.join(' ')}${bytes.length > SHOWN_BYTES ? ' …' : ''}`;
  }
  const number = bytes.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  return String(BigInt.asIntN(8 * bytes.length, number));
}
