/**
 * One head in the pass that chose a token, as a picture in the plane: keys, their hull, the query, what won and by how
 * much, and what softmax would make of it. What won is what the head's inspection says; the points are the model's keys.
 */
import type { Role } from '../../../engine/trace/byte-steps.ts';
import type { HeadViews } from '../../inspect/heads/head-views.ts';
import type { AnswerOf, ArgumentsOf } from '../../protocol/protocol.ts';
import { BadRequest } from '../../protocol/schema.ts';
import type { Debuggee } from '../../recording/debuggee.ts';
import { framesOf } from '../../recording/frames.ts';
import type { Pace, Work } from '../../recording/pace.ts';
import type { PassKeys } from '../../recording/passes.ts';
import type { Recording } from '../../recording/recording.ts';
import type { NamedHead } from '../../recording/token-source.ts';
import { namedVariables, partAt } from '../naming.ts';
import { type Cloud, cloudOf, type Direction, directionOf } from './cloud.ts';
import { columnsOf, type Stretch, tokensAt, wholeOf } from './columns.ts';
import { Softmax } from './softmax.ts';

/** The head whose keys are addresses of memory. */
const LOADS: Role = 'memory load';

type Answer = AnswerOf<'stepformer/hull'>;
type Candidate = NonNullable<Answer['winner']>;

/** The cloud that was made last: a picture is zoomed and moved without another look at the keys. */
interface Known {
  readonly of: string;
  readonly cloud: Cloud;
  readonly softmax: Answer['softmax'];
}

export class Hulls {
  private readonly debuggee: Debuggee;
  private readonly recording: Recording;
  private readonly views: HeadViews;
  private readonly pace: Pace;
  private known: Known | undefined;

  constructor(debuggee: Debuggee, recording: Recording, views: HeadViews, pace: Pace) {
    this.debuggee = debuggee;
    this.recording = recording;
    this.views = views;
    this.pace = pace;
  }

  /** Of the pass that chose `token`. @throws BadRequest, Unfed */
  answer(args: ArgumentsOf<'stepformer/hull'> & { token: number }): Work<Answer> {
    const { layer, head, token } = args;
    const { recording } = this;
    if (token < 1 || token > recording.now) {
      throw new BadRequest(`no pass chose token ${token}: those from 1 to ${recording.now} were`);
    }
    const inspection = recording.passes.inspect(token - 1);
    const found = inspection?.heads.find((one) => one.layer === layer && one.head === head);
    if (!found) throw new BadRequest(`there is no head ${head} at work in layer ${layer}`);
    return this.picture(found, this.keysOf(token - 1, layer, head), args);
  }

  /** A token as a key. @throws BadRequest, Unfed */
  key({ layer, head, token, position, pass = token }: ArgumentsOf<'stepformer/key'>): AnswerOf<'stepformer/key'> {
    const { now, passes } = this.recording;
    if (Math.max(token, pass) > now) throw new BadRequest(`there is no token ${Math.max(token, pass)} yet`);
    const keys = this.keysOf(pass, layer, head);
    const at = position ?? passes.positionsOf(token, pass)[0] ?? keys.count;
    if (at >= keys.count) throw new BadRequest(`the pass over token ${pass} saw no key of token ${token}`);
    return { standing: this.views.standing(token, pass), key: [...keys.read(at, at + 1)] };
  }

  /** What C calls a byte in the line of a token. */
  private variableAt(address: number, token: number): Pick<Answer, 'variable'> {
    const { debuggee, recording } = this;
    const line = recording.lineOfToken(token);
    if (line < 0) return {};
    const frames = framesOf(recording.moment(line), recording, debuggee.code);
    const part = partAt(namedVariables(debuggee, frames), address, 1);
    if (!part) return {};
    const { frame } = part;
    const owner = frame && (debuggee.code.sourceFunctionAt(frame.cursor)?.name ?? frame.fn?.name);
    return { variable: { name: part.name, ...(owner ? { function: owner } : {}) } };
  }

  private keysOf(pass: number, layer: number, head: number): PassKeys {
    const keys = this.recording.passes.keys(pass, layer, head);
    if (!keys) throw new BadRequest('nobody knows the keys of heads here');
    return keys;
  }

  private *picture(
    found: NamedHead,
    keys: PassKeys,
    { token, window, points, sample }: ArgumentsOf<'stepformer/hull'> & { token: number },
  ): Work<Answer> {
    const { layer, head, query, score, margin, name: role } = found;
    const { passes } = this.recording;
    const { target, runnerUp } = found.positions ?? found;
    const context = passes.laterContext(token - 1);
    const inRun = (at: number) => passes.tokenOf(token - 1, at, role);
    const direction = directionOf(query);
    const { cloud, softmax } = yield* this.cloud(found, keys, direction, token, sample);
    const whole = wholeOf(cloud);
    const shown = wanted(window, whole);
    const scored = (across: number, along: number) => {
      return direction.axis === 'x' ? query[0] * across + query[1] * along : query[0] * along + query[1] * across;
    };
    const candidate = (at: number): Candidate => {
      const [x, y] = keys.read(at, at + 1);
      const [across, along] = direction.axis === 'x' ? [x, y] : [y, x];
      const tokens = tokensAt(cloud, across, along);
      const standing = this.views.standing(inRun(at), token - 1);
      const scoreThere = query[0] * x + query[1] * y;
      return { standing, key: [x, y], across, score: scoreThere, tokens, ...(context && { position: at }) };
    };
    return {
      layer,
      head,
      role,
      token,
      keys: keys.count,
      ...(context && { context }),
      prompt: this.recording.history.promptLength,
      now: this.recording.now,
      sampled: cloud.sampled,
      query: [...query],
      ...(role === LOADS && query[1] === 1 ? this.variableAt(query[0], token) : {}),
      axis: direction.axis,
      parabola: direction.axis === 'x' && isParabola(cloud),
      latest: keys.slope > 0,
      whole,
      window: shown,
      columns: columnsOf(cloud, shown, points, scored).map((column) =>
        context ? { ...column, token: inRun(column.token), position: column.token } : column,
      ),
      places: cloud.across.length,
      onHull: cloud.tokens.reduce((sum, count) => sum + count, 0),
      below: cloud.below,
      winner: target < 0 ? null : candidate(target),
      shared: found.shared,
      score,
      value: [...found.value],
      ...(runnerUp >= 0 ? { runnerUp: candidate(runnerUp) } : {}),
      margin: Number.isFinite(margin) ? margin : null,
      ...(softmax ? { softmax } : {}),
    };
  }

  private *cloud(
    { layer, head, query, score, ...found }: NamedHead,
    keys: PassKeys,
    direction: Direction,
    token: number,
    sample: boolean,
  ): Work<Omit<Known, 'of'>> {
    const of = `${layer} ${head} ${token}`;
    if (this.known?.of === of) return this.known;
    const { target, runnerUp } = found.positions ?? found;
    const until = keys.count;
    const always = [target, runnerUp].filter((at) => at >= 0);
    if (sample) {
      const cloud = yield* cloudOf(keys, until, direction, { sample, always }, this.pace);
      if (cloud.sampled > 1) return { cloud, softmax: undefined };
    }
    const softmax = new Softmax(keys, { query, score, target, runnerUp, tokens: until });
    const look = softmax.add.bind(softmax);
    const cloud = yield* cloudOf(keys, until, direction, { sample: false, always, look }, this.pace);
    const { scale } = softmax;
    this.known = { of, cloud, softmax: { scale, slope: keys.slope, weighed: softmax.weighed() } };
    return this.known;
  }
}

/** Whether all keys are (2k, -k²) for whole k. */
function isParabola({ across, along }: Cloud): boolean {
  return across.every((x, i) => Number.isInteger(x / 2) && along[i] === -((x / 2) ** 2));
}

/** The window as far as it makes sense. */
function wanted(window: Stretch | undefined, whole: Stretch): Stretch {
  return window && window.from <= window.to ? window : whole;
}
