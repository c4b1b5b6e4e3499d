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
import type { Recording } from '../../recording/recording.ts';
import type { HeadKeys, NamedHead } from '../../recording/token-source.ts';
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
    recording.passes.needFirst(token - 1);
    const inspection = recording.passes.inspect(token - 1);
    const found = inspection?.heads.find((one) => one.layer === layer && one.head === head);
    if (!found) throw new BadRequest(`there is no head ${head} at work in layer ${layer}`);
    return this.picture(found, this.keysOf(layer, head), args);
  }

  /** A token as a key. @throws BadRequest, Unfed */
  key({ layer, head, token }: ArgumentsOf<'stepformer/key'>): AnswerOf<'stepformer/key'> {
    if (token > this.recording.now) throw new BadRequest(`there is no token ${token} yet`);
    this.recording.passes.needFirst(token);
    const read = this.keysOf(layer, head).read(token, token + 1);
    return { standing: this.views.standing(token), key: [...read] };
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

  private keysOf(layer: number, head: number): HeadKeys {
    const keys = this.recording.passes.keys(layer, head);
    if (!keys) throw new BadRequest('nobody knows the keys of heads here');
    return keys;
  }

  private *picture(
    found: NamedHead,
    keys: HeadKeys,
    { token, window, points, sample }: ArgumentsOf<'stepformer/hull'> & { token: number },
  ): Work<Answer> {
    const { layer, head, query, target, runnerUp, score, margin } = found;
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
      return { standing: this.views.standing(at), key: [x, y], across, score: query[0] * x + query[1] * y, tokens };
    };
    return {
      layer,
      head,
      role: found.name,
      token,
      keys: token,
      prompt: this.recording.history.promptLength,
      now: this.recording.now,
      sampled: cloud.sampled,
      query: [...query],
      ...(found.name === LOADS && query[1] === 1 ? this.variableAt(query[0], token) : {}),
      axis: direction.axis,
      parabola: direction.axis === 'x' && isParabola(cloud),
      latest: keys.slope > 0,
      whole,
      window: shown,
      columns: columnsOf(cloud, shown, points, scored),
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
    { layer, head, query, score, target, runnerUp }: NamedHead,
    keys: HeadKeys,
    direction: Direction,
    until: number,
    sample: boolean,
  ): Work<Omit<Known, 'of'>> {
    const of = `${layer} ${head} ${until}`;
    if (this.known?.of === of) return this.known;
    const always = [target, runnerUp].filter((token) => token >= 0);
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
