/**
 * What a client talks to: the branches of a recording, of which it sees one. An edit at a moment that has been gone past
 * begins another, which shares nothing but the program and breakpoints: its tokens up to there are the same, and what
 * follows is what the model says then. An edit where nothing has followed yet stays on its branch.
 */

import { type AssignmentText, assignmentIn } from '../../engine/debuginfo/index.ts';
import { type Edit, editTokens } from '../../engine/isa/edit-lines.ts';
import type { Breakpoints } from '../breakpoints/breakpoints.ts';
import { memoryEdit } from '../inspect/assignment.ts';
import { withReport } from '../inspect/evaluation.ts';
import type { Assignment } from '../inspect/inspector.ts';
import type { LaunchOptions } from '../protocol/launch.ts';
import type {
  Answering,
  AnswerOf,
  ArgumentsOf,
  BranchRequest,
  Emit,
  Handlers,
  RequestName,
} from '../protocol/protocol.ts';
import { BadRequest } from '../protocol/schema.ts';
import type { Debuggee } from '../recording/debuggee.ts';
import { begun, type Pace, type Work } from '../recording/pace.ts';
import type { Recording } from '../recording/recording.ts';
import type { StandardInput } from './input.ts';
import type { Resumed } from './saving.ts';
import { Session, type SessionRequest } from './session.ts';

interface Branch {
  readonly id: number;
  name: string;
  parent?: number;
  /** The trace line of the parent that it begins at. */
  readonly from?: number;
  session: Session;
}

export class Branches {
  readonly debuggee: Debuggee;
  private readonly breakpoints: Breakpoints;
  private readonly options: LaunchOptions;
  private readonly emit: Emit;
  private readonly all = new Map<number, Branch>();
  private current: Branch;
  private nextId = 1;

  /** `resumed`: where to go on in a recording that was saved. */
  constructor(
    debuggee: Debuggee,
    recording: Recording,
    breakpoints: Breakpoints,
    options: LaunchOptions,
    emit: Emit,
    resumed?: Resumed,
  ) {
    this.debuggee = debuggee;
    this.breakpoints = breakpoints;
    this.options = options;
    this.emit = emit;
    this.current = { id: 0, name: 'main', session: this.session(recording, resumed) };
    this.all.set(0, this.current);
  }

  get recording(): Recording {
    return this.current.session.recording;
  }

  get pace(): Pace {
    return this.current.session.pace;
  }

  /** Standard input of the branch that is shown. */
  get input(): StandardInput {
    return this.current.session.input;
  }

  /** Whether there is work to do. */
  get busy(): boolean {
    return this.current.session.busy;
  }

  /** Works for some milliseconds. */
  work(milliseconds: number): void {
    this.current.session.work(milliseconds);
  }

  /** See `Session`. @throws BadRequest, PlacedError */
  request<C extends RequestName>(command: C, args: ArgumentsOf<C>): Answering<C> {
    if (Object.hasOwn(this.handlers, command)) {
      const handlers = this.handlers as Pick<Handlers, RequestName & BranchRequest>;
      return handlers[command as BranchRequest](args as never) as Answering<C>;
    }
    if (command === 'evaluate') {
      const evaluated = args as ArgumentsOf<'evaluate'>;
      const typed = evaluated.context === 'repl' ? assignmentIn(evaluated.expression) : undefined;
      if (typed) return begun(this.typed(typed, evaluated)) as Answering<C>;
    }
    return this.current.session.request(command as SessionRequest, args as never) as Answering<C>;
  }

  pause(): void {
    this.current.session.pause();
  }

  cancel(progressId: string): void {
    this.current.session.cancel(progressId);
  }

  finish(): void {
    this.current.session.finish();
  }

  private readonly handlers: Pick<Handlers, BranchRequest> = {
    setVariable: ({ name, value, variablesReference: reference, format }) => {
      const { inspector } = this.editable();
      return this.assign(inspector.assignment(this.here(), name, value, { reference }), format.hex);
    },
    setExpression: ({ expression, value, frameId, format }) => {
      const { inspector } = this.editable();
      return this.assign(inspector.assignment(this.here(), expression, value, { frameId }), format.hex);
    },
    writeMemory: (args) => {
      const { recording } = this.editable();
      const edit = memoryEdit(args, recording.moment(this.here()).memorySize);
      this.edit(edit);
      return { bytesWritten: edit.bytes.length };
    },
    'stepformer/branches': () => ({ branches: [...this.all.values()].map((branch) => this.told(branch)) }),
    'stepformer/switchBranch': ({ id }) => {
      this.current.session.stopped();
      this.current = this.branch(id);
      this.current.session.show();
      return {};
    },
    'stepformer/renameBranch': ({ id, name }) => {
      this.branch(id).name = name;
      return {};
    },
    'stepformer/dropBranch': ({ id }) => {
      const dropped = this.branch(id);
      if (dropped === this.current) throw new BadRequest('this is the branch that is shown: switch to another first');
      this.all.delete(id);
      for (const branch of this.all.values()) if (branch.parent === id) branch.parent = dropped.parent;
      return {};
    },
  };

  private here(): number {
    return this.current.session.position;
  }

  /** @throws BadRequest where nothing can be changed */
  private editable(): Session {
    const { session } = this.current;
    session.stopped();
    if (session.recording.end?.line === session.position) {
      throw new BadRequest('The program has ended here: step back to change something before that.');
    }
    return session;
  }

  /** An assignment that was typed in the console. */
  private *typed(
    { target, value, isPostfix }: AssignmentText,
    args: ArgumentsOf<'evaluate'>,
  ): Work<AnswerOf<'evaluate'>> {
    const { frameId, format, context } = args;
    const { inspector, pace } = this.editable();
    const frame = inspector.frame(this.here(), frameId);
    const before = isPostfix ? inspector.evaluation.evaluate(target, frame, context, format.hex) : undefined;
    const { made, called } = yield* inspector.assigning(this.here(), target, value, frameId, pace);
    const { value: result, ...more } = this.assign(made, format.hex);
    return withReport(before ?? { variablesReference: 0, ...more, result }, called, context);
  }

  private assign({ edit, expression, frame }: Assignment, hex: boolean): AnswerOf<'setVariable'> {
    this.edit(edit);
    const { inspector, position } = this.current.session;
    const { evaluation } = inspector;
    const { result, ...more } = evaluation.evaluate(
      expression,
      inspector.counterpart(position, frame) ?? frame,
      'watch',
      hex,
    );
    return { value: result, ...more };
  }

  /** Puts an edit where the session is, and stands behind it. */
  private edit(edit: Edit): void {
    const { current, debuggee } = this;
    const { recording, position, bookmarks } = current.session;
    const fork = recording.fork(position, editTokens(edit));
    const isPast = position < recording.reached;
    const standing = { position: position + 1, reached: position + 1, bookmarks: isPast ? [] : bookmarks.list };
    const session = this.session(fork, standing);
    session.follow(standing, true);
    if (isPast) {
      const id = this.nextId++;
      const place = debuggee.code.placeOf(recording.cursorOf(position));
      const name = place ? `from line ${place.line}` : `from trace line ${position + 1}`;
      this.current = { id, name, parent: current.id, from: position, session };
      this.all.set(id, this.current);
    } else {
      current.session = session;
    }
    this.emit('invalidated', { areas: ['all'] });
  }

  private session(recording: Recording, resumed?: Resumed): Session {
    return new Session(this.debuggee, recording, this.breakpoints, this.options, this.emit, resumed);
  }

  private branch(id: number): Branch {
    const found = this.all.get(id);
    if (!found) throw new BadRequest(`there is no branch ${id}`);
    return found;
  }

  private told({ id, name, parent, from }: Branch): AnswerOf<'stepformer/branches'>['branches'][number] {
    const fork = parent === undefined ? {} : { parent, ...(from === undefined ? {} : { from }) };
    return { id, name, current: id === this.current.id, ...fork };
  }
}
