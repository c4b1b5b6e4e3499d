/**
 * What a client talks to: the branches of a recording, of which it sees one. An edit at a moment that has been gone past
 * begins another, which shares nothing but the program and breakpoints: its tokens up to there are the same, and what
 * follows is what the model says then. An edit where nothing has followed yet stays on its branch.
 */
import { type AssignmentText, assignmentIn } from '../../engine/debuginfo/index.ts';
import { type Edit, editTokens } from '../../engine/isa/edit-lines.ts';
import type { EditMark } from '../../engine/recording/saved-branches.ts';
import type { SavedRecording } from '../../engine/recording/saved-recording.ts';
import { lineNumber } from '../../engine/trace/notation.ts';
import { changes, memoryEdit, memoryText } from '../inspect/assignment.ts';
import { withReport } from '../inspect/evaluation.ts';
import type { Assignment } from '../inspect/inspector.ts';
import type { AnswerOf, ArgumentsOf, BranchRequest, Handlers, RequestName } from '../protocol/protocol.ts';
import { BadRequest } from '../protocol/schema.ts';
import type { Debuggee } from '../recording/debuggee.ts';
import { Pace, type Work } from '../recording/pace.ts';
import type { Recording } from '../recording/recording.ts';
import { type Branch, BranchTree } from './branch-tree.ts';
import { compare } from './comparison.ts';
import { FedAnswers } from './fed-answers.ts';
import type { StandardInput } from './input.ts';
import { restore, save } from './saving.ts';
import { Session, type SessionRequest, type Shared } from './session.ts';

/** What is debugged, and how. */
export interface BranchesOptions extends Omit<Shared, 'pace'> {
  /** The branch that is shown at first. */
  readonly recording: Recording;
  /** The file that it was restored from. */
  readonly saved?: SavedRecording | undefined;
}

export class Branches {
  readonly pace = new Pace();
  private readonly shared: Shared;
  private readonly tree: BranchTree;
  private readonly saved: SavedRecording | undefined;
  private readonly fed: FedAnswers;
  private current: Branch & { session: Session };

  constructor({ recording, saved, ...shared }: BranchesOptions) {
    this.shared = { ...shared, pace: this.pace };
    this.fed = new FedAnswers(shared.emit, this.pace);
    this.saved = saved;
    this.tree = new BranchTree(saved);
    const branch = saved ? this.tree.get(saved.current) : this.tree.add({ name: 'main', fork: undefined, edits: [] });
    const session = new Session(this.shared, recording, saved && this.tree.resumed(branch.id));
    this.current = Object.assign(branch, { session });
    session.placeBreakpoints();
  }

  get debuggee(): Debuggee {
    return this.shared.debuggee;
  }

  get recording(): Recording {
    return this.current.session.recording;
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

  /** Answers a request, or says by what work it is answered. @throws BadRequest, PlacedError */
  request<C extends RequestName>(command: C, args: ArgumentsOf<C>): AnswerOf<C> | Work<AnswerOf<C>> {
    type Answer = AnswerOf<C> | Work<AnswerOf<C>>;
    if (Object.hasOwn(this.handlers, command)) {
      const handlers = this.handlers as Pick<Handlers, RequestName & BranchRequest>;
      return handlers[command as BranchRequest](args as never) as Answer;
    }
    if (command === 'evaluate') {
      const evaluated = args as ArgumentsOf<'evaluate'>;
      const typed = evaluated.context === 'repl' ? assignmentIn(evaluated.expression) : undefined;
      if (typed) return this.typed(typed, evaluated) as Answer;
    }
    const { session } = this.current;
    const ask = () => session.request(command as SessionRequest, args as never) as Answer;
    return this.fed.answer(session.recording, () => this.current.session === session, ask);
  }

  pause(): void {
    this.current.session.pause();
  }

  cancel(progressId: string): void {
    this.fed.cancel(progressId);
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
      return this.write(memoryEdit(args, recording.moment(this.here()).memorySize));
    },
    'stepformer/undoEdit': () => this.undo(),
    'stepformer/branches': () => ({ branches: this.tree.list.map((branch) => this.told(branch)) }),
    'stepformer/compareBranches': ({ with: id }) => this.compared(this.tree.get(id)),
    'stepformer/switchBranch': ({ id }) => this.switched(this.tree.get(id)),
    'stepformer/renameBranch': ({ id, name }) => {
      this.tree.get(id).name = name;
      return {};
    },
    'stepformer/dropBranch': ({ id }) => {
      const dropped = this.tree.get(id);
      if (dropped === this.current) throw new BadRequest('this is the branch that is shown: switch to another first');
      this.tree.drop(dropped);
      return {};
    },
    'stepformer/saveRecording': ({ path }) => {
      const { debuggee, current, tree } = this;
      current.session.stopped();
      return save(path, debuggee, this.recording, this.shared.options, tree, current.id);
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
    const { inspector } = this.editable();
    const frame = inspector.frame(this.here(), frameId);
    const before = isPostfix ? inspector.evaluation.evaluate(target, frame, context, format.hex) : undefined;
    const { made, called } = yield* inspector.assigning(this.here(), target, value, frameId, this.pace);
    const { value: result, ...more } = yield* this.assign(made, format.hex);
    return withReport(before ?? { variablesReference: 0, ...more, result }, called, context);
  }

  /** Assigns: what the value is then. What would change nothing is no edit. */
  private *assign({ edit, expression, frame }: Assignment, hex: boolean): Work<AnswerOf<'setVariable'>> {
    const valueIn = ({ inspector, position }: Session) => {
      const there = inspector.counterpart(position, frame) ?? frame;
      return inspector.evaluation.evaluate(expression, there, 'watch', hex);
    };
    const { result: before } = valueIn(this.current.session);
    yield* this.edit(edit, (session) => `${expression} = ${valueIn(session).result} (was ${before})`);
    const { result, ...more } = valueIn(this.current.session);
    return { value: result, ...more };
  }

  private *write(edit: Edit): Work<AnswerOf<'writeMemory'>> {
    const before = this.recording.moment(this.here());
    yield* this.edit(edit, () => memoryText(edit, before));
    return { bytesWritten: edit.bytes.length };
  }

  /** Puts an edit where the session is, and stands behind it. `text` says what it changed. */
  private *edit(edit: Edit, text: (changed: Session) => string): Work {
    const { session, edits } = this.current;
    const { recording, position } = session;
    if (!changes(edit, recording.moment(position))) return;
    const place = this.debuggee.code.placeOf(recording.cursorOf(position));
    const mark = {
      traceLine: position,
      token: recording.firstToken(position),
      ...(place ? { place: { path: place.file, line: place.line } } : {}),
    };
    const before = edits.filter(({ traceLine }) => traceLine < position);
    const name = place ? `from line ${place.line}` : `from trace line ${lineNumber(position)}`;
    yield* this.goOn(position, editTokens(edit), name, position === recording.reached, (changed) => [
      ...before,
      { ...mark, text: text(changed) },
    ]);
    this.current.session.changed();
  }

  /** Takes back the last edit; see the request. */
  private *undo(): Work<AnswerOf<'stepformer/undoEdit'>> {
    const { current } = this;
    const { session, fork, edits } = current;
    session.stopped();
    const { position, recording } = session;
    const last = edits.findLast(({ traceLine }) => traceLine >= (fork?.from ?? 0) && traceLine <= position);
    if (!last) throw new BadRequest('no edit of this branch lies at the position, or before it');
    const { traceLine } = last;
    if (traceLine === fork?.from) {
      const parent = yield* this.awake(this.tree.get(fork.parent));
      this.unmoved(session, position);
      this.current = parent;
      parent.session.position = traceLine;
      this.tree.drop(current);
    } else {
      const before = edits.filter((edit) => edit.traceLine < traceLine);
      const name = `without the edit at trace line ${lineNumber(traceLine)}`;
      yield* this.goOn(traceLine, new Uint16Array(), name, recording.reached === traceLine + 1, () => before);
    }
    this.current.session.show();
    this.shared.emit('invalidated', { areas: ['all'] });
    return {};
  }

  /**
   * Goes on from a trace line of this branch with what a host states there, and stands behind it: on the branch itself if
   * nothing `isOpen`, else on a new one.
   */
  private *goOn(
    from: number,
    given: Uint16Array,
    name: string,
    isOpen: boolean,
    editsOf: (session: Session) => readonly EditMark[],
  ): Work {
    const { current } = this;
    const { session: old } = current;
    const { position, recording, bookmarks } = old;
    const forked = yield* recording.fork(from, given, this.pace);
    const line = forked.lines;
    const notes = isOpen ? bookmarks.list.filter(({ traceLine }) => traceLine <= from) : [];
    const standing = { position: line, reached: line, bookmarks: notes };
    const session = new Session(this.shared, forked, standing);
    session.input.typedBefore(old.input);
    yield* session.follow(standing);
    this.unmoved(old, position);
    const edits = editsOf(session);
    if (isOpen) {
      recording.release();
      Object.assign(current, { session, edits });
    } else {
      const shared = forked.firstToken(from) - forked.history.promptLength;
      const branch = this.tree.add({ name, fork: { parent: current.id, from, shared }, edits });
      this.current = Object.assign(branch, { session });
    }
    session.placeBreakpoints();
  }

  /** @throws BadRequest if somebody has moved since work began */
  private unmoved(session: Session, position: number): void {
    session.stopped();
    if (session === this.current.session && session.position === position) return;
    throw new BadRequest('the position has moved on meanwhile: nothing was changed');
  }

  private *switched(branch: Branch): Work<AnswerOf<'stepformer/switchBranch'>> {
    const { session } = this.current;
    session.stopped();
    const { position } = session;
    const awake = yield* this.awake(branch);
    this.unmoved(session, position);
    this.current = awake;
    awake.session.show();
    return {};
  }

  private *compared(branch: Branch): Work<AnswerOf<'stepformer/compareBranches'>> {
    this.current.session.stopped();
    const other = yield* this.awake(branch);
    return compare(this.current, other);
  }

  /** A branch with its session, which one of a file has not before it is looked at. */
  private *awake(branch: Branch): Work<Branch & { session: Session }> {
    const { session, id } = branch;
    if (session) return Object.assign(branch, { session });
    const recording = this.recording.sibling();
    yield* restore(recording, this.saved?.branches ?? [], id, this.pace);
    const resumed = this.tree.resumed(id);
    const made = new Session(this.shared, recording, resumed);
    yield* made.follow(resumed);
    return Object.assign(branch, { session: branch.session ?? made });
  }

  private told({ id, name, fork, edits }: Branch): AnswerOf<'stepformer/branches'>['branches'][number] {
    const { parent, from } = fork ?? {};
    const begins = parent === undefined ? {} : { parent, from };
    return { id, name, current: id === this.current.id, ...begins, edits: [...edits] };
  }
}
