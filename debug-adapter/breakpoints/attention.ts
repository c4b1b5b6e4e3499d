/**
 * Attention breakpoints: stops before a trace line, one of whose tokens was chosen by a pass in which a head attended to
 * a token that the user asked about, or to one of a line of C.
 *
 * Looking at the heads of one token takes milliseconds. So the write logs say first which lines could be meant: those that
 * read what the line asked about wrote. Only their heads are looked at, in slices, and they alone decide.
 */
import type { DebugProtocol } from '@vscode/debugprotocol';
import { PlacedError } from '../../engine/errors.ts';
import { INSTRUCTION_TOKENS, PROGRAM_START } from '../../engine/isa/prompt.ts';
import { LookedUp } from '../../engine/trace/looked-up.ts';
import type { ArgumentsOf } from '../protocol/protocol.ts';
import type { Pace, Work } from '../recording/pace.ts';
import type { NamedHead } from '../recording/token-source.ts';
import type { BreakpointKind, Hits, Program } from './kind.ts';
import { placeSource } from './placement.ts';

type Spec = ArgumentsOf<'stepformer/setAttentionBreakpoints'>['breakpoints'][number];

/** An attention breakpoint that lies in the program. */
interface Gaze {
  id: number;
  /** Whether a trace line may attend to what is meant. */
  mayMeet(line: number): boolean;
  /** Whether a token is meant, by a head at a trace line. */
  means(token: number, line: number): boolean;
  isHead(head: NamedHead): boolean;
}

/** See the file's comment. */
export class AttentionBreakpoints implements BreakpointKind {
  private readonly nextId: () => number;
  private wanted: { id: number; spec: Spec }[] = [];
  private gazes: Gaze[] = [];
  private program: Program | undefined;

  constructor(nextId: () => number) {
    this.nextId = nextId;
  }

  get any(): boolean {
    return this.gazes.length > 0;
  }

  set({ breakpoints }: ArgumentsOf<'stepformer/setAttentionBreakpoints'>): DebugProtocol.Breakpoint[] {
    this.wanted = breakpoints.map((spec) => ({ id: this.nextId(), spec }));
    return this.place();
  }

  attach(program: Program): DebugProtocol.Breakpoint[] {
    this.program = program;
    return this.place();
  }

  next(from: number, to: number): number {
    const end = Math.min(to, this.program?.recording.lines ?? 0);
    for (let line = from; line < end; line++) if (this.gazes.some((gaze) => gaze.mayMeet(line))) return line;
    return -1;
  }

  previous(from: number, to: number): number {
    const end = Math.min(to, this.program?.recording.lines ?? 0);
    for (let line = end - 1; line >= from; line--) if (this.gazes.some((gaze) => gaze.mayMeet(line))) return line;
    return -1;
  }

  *hitsAt(line: number, pace: Pace): Work<Hits> {
    const hits: Hits = { ids: [], logs: [], kind: 'attention breakpoint' };
    const { recording } = this.program ?? {};
    if (!recording || line >= recording.lines) return hits;
    const near = this.gazes.filter((gaze) => gaze.mayMeet(line));
    for (let token = recording.firstToken(line); token < recording.firstToken(line + 1); token++) {
      const open = near.filter(({ id }) => !hits.ids.includes(id));
      if (open.length === 0) break;
      // A token was chosen by the pass over the one before it.
      yield* recording.feed(token, pace);
      const heads = recording.passes.inspect(token - 1)?.heads ?? [];
      for (const { id, isHead, means } of open) {
        const head = heads.find((one) => one.active && one.target >= 0 && isHead(one) && means(one.target, line));
        if (!head) continue;
        hits.ids.push(id);
        hits.description ??= `L${head.layer}·H${head.head} ${head.name} attends to token ${head.target}`;
      }
      if (pace.due()) yield;
    }
    return hits;
  }

  private place(): DebugProtocol.Breakpoint[] {
    const { program } = this;
    this.gazes = [];
    return this.wanted.map(({ id, spec }) => {
      if (!program) return { id, verified: false, message: 'The program is not loaded yet.' };
      try {
        this.gazes.push({ id, isHead: headOf(spec), ...targetOf(spec, program) });
        return { id, verified: true };
      } catch (error) {
        if (!(error instanceof PlacedError)) throw error;
        return { id, verified: false, message: error.message };
      }
    });
  }
}

/** The head by which every line finds the one before it. */
const START_OF_LINE = 'start of line';

/** Which heads are meant. @throws PlacedError */
function headOf({ place, layer, head, role }: Spec): Gaze['isHead'] {
  if ((layer === undefined) !== (head === undefined)) throw new PlacedError('a head is named by "layer" and "head"');
  // Of every line of C, the next line's start would count; who wants that names the head.
  if (place && layer === undefined && role === undefined) return ({ name }) => name !== START_OF_LINE;
  return (one) =>
    (layer === undefined || (one.layer === layer && one.head === head)) && (role === undefined || one.name === role);
}

/** Bytes of the widest value. */
const WIDEST = 8;

/** What is attended to, and where it may be. */
type Target = Pick<Gaze, 'mayMeet' | 'means'>;

/** @throws PlacedError where that is nothing */
function targetOf({ token, place }: Spec, program: Program): Target {
  if (token !== undefined && place === undefined) return tokenTarget(token, program);
  if (place !== undefined && token === undefined) return placeTarget(place, program);
  throw new PlacedError('what is attended to is either a "token" or a "place", a line of C');
}

function tokenTarget(token: number, { recording }: Program): Target {
  const { history } = recording;
  const looks = new LookedUp(history);
  return { means: (target) => target === token, mayMeet };

  function mayMeet(line: number): boolean {
    // Of the tables and the frame's size, every line may read.
    if (token < PROGRAM_START + INSTRUCTION_TOKENS) return true;
    // The prompt's last token is to the first line what a line's last is to the next.
    if (token >= history.promptLength - 1) {
      const own = recording.lineOfToken(token);
      if (line === own || line === own + 1) return true;
      return line > own && looks.some(line, (read) => recording.lineOfToken(read) === own);
    }
    // A constant of eight bytes has two instructions.
    const ahead = recording.instructionOfToken(token) - recording.cursorOf(line);
    return ahead === 0 || ahead === 1 || looks.some(line, (read) => token >= read && token < read + WIDEST);
  }
}

function placeTarget({ path, line: wanted }: NonNullable<Spec['place']>, { recording, code }: Program): Target {
  const looks = new LookedUp(recording.history);
  const { cursors, shown } = placeSource(code, path, wanted);
  if (cursors.length === 0) throw new PlacedError(shown.message ?? 'There is no code on this line.');
  const key = code.lineKeys[cursors[0]];
  const isThere = (line: number) => line >= 0 && code.lineKeys[recording.cursorOf(line)] === key;
  return {
    means: (target, line) => !isThere(line) && isThere(recording.lineOfToken(target)),
    mayMeet(line) {
      if (isThere(line)) return false;
      return isThere(line - 1) || looks.some(line, (read) => isThere(recording.lineOfToken(read)));
    },
  };
}
