/** The answer in one sentence, in C's terms: the chain below it is the proof. */
import type { ControlAnswer, Hop, HopOperand, OriginAnswer } from '../../../../debug-adapter/protocol/protocol.ts';
import { isText } from './chain.ts';
import { characterIn, code, counted, plain, strong, type Words, withValues } from './words.ts';

/** Why a value is what it is. `subject`: what was asked about. */
export function originSentence(subject: string, { hops, more }: OriginAnswer): Words[] {
  const newest = hops[0];
  const oldest = hops.at(-1);
  if (!newest || !oldest) return [plain('Nothing is known of '), code(subject), plain('.')];
  const parts = partsOf(newest);
  if (parts) return [code(subject), plain(` was ${parts}: each has a way of its own.`)];
  const character = isText(newest) ? characterIn(newest.value) : undefined;
  const value = character ? `${newest.value} ${character}` : newest.value;
  const start: Words[] = [code(subject), plain(' is '), strong(value), plain(' because ')];
  if (more) return [...start, ...goingOn(hops)];
  return [...start, ...endSentence(oldest), ...changes(hops)];
}

/** Of a chain whose end is not told yet: what made the value last. */
function goingOn(hops: readonly Hop[]): Words[] {
  const rest = `${counted(hops.length, 'step', 'steps')} so far`;
  const last = hops.find(({ kind }) => kind === 'compute');
  if (!last) return [plain(`it was copied, again and again: ${rest}.`)];
  return [...endSentence(last).slice(0, -1), plain(`, and so on: ${rest}.`)];
}

/** `put together of 2 parts`, of a value without one origin. */
function partsOf({ kind, text, operands, expression }: Hop): string | undefined {
  if (!operands || expression !== undefined) return undefined;
  return kind === 'copy' ? text : `computed by the debugger from ${counted(operands.length, 'value', 'values')}`;
}

function endSentence(hop: Hop): Words[] {
  switch (hop.kind) {
    case 'input':
      return typed(hop);
    case 'compute':
      return hop.expression
        ? [code(hop.expression), plain(' was '), strong(withValues(hop.expression, hop.operands ?? [])), plain('.')]
        : [plain('it was computed so: '), code(hop.text), plain('.')];
    case 'constant':
      return [strong('the program says so'), plain(': '), code(hop.text), plain('.')];
    case 'initializer':
      return [strong(literal(hop) ?? 'it begins so'), plain(': '), code(hop.text), plain('.')];
    case 'edit':
      return [strong('you changed it'), plain('.')];
    case 'unknown':
      return [strong('nothing was ever written there'), plain(': memory begins as 0.')];
    case 'copy':
      return partsOf(hop)
        ? [plain('it was '), strong(hop.text), plain('.')]
        : [plain('it was copied: '), code(hop.text), plain('.')];
  }
}

/** Of a character of a text that stands in the program: which it is. */
function literal({ text, value }: Hop): string | undefined {
  const character = /^character \d+ of "/.test(text) ? characterIn(value) : undefined;
  return character && `the program says ${character}`;
}

/** What comes of `byte 0 of standard input: '5'`. */
function typed({ text }: Hop): Words[] {
  const [, where, what] = /^(byte \d+ of standard input): (.+)$/.exec(text) ?? [];
  if (!what) return [plain('of the input: '), strong(text), plain('.')];
  return [strong(`you typed ${what}`), plain(`: ${where}.`)];
}

/** Whether something was computed on the way, behind the end. */
function changes(hops: readonly Hop[]): Words[] {
  const oldest = hops[hops.length - 1];
  const between = hops.slice(0, -1).filter(({ kind }) => kind === 'compute').length;
  if (between > 0) return [plain(` On the way ${counted(between, 'computation', 'computations')} changed it.`)];
  return oldest.kind === 'input' || oldest.kind === 'constant' ? [plain(' Nothing changed it on the way.')] : [];
}

/** Why a line was reached. */
export function controlSentence({ kind, text, taken, condition, place, function: name }: ControlAnswer): Words[] {
  const start = plain('This is reached because ');
  if (kind === 'start') return [start, strong('the program begins here'), plain('.')];
  if (kind === 'call') {
    const by = name ? [plain(' in '), code(name)] : [];
    return [start, plain('of '), strong('the call'), ...(place ? [plain(' '), code(text)] : []), ...by, plain('.')];
  }
  // Of a line of C the condition says it all, of an instruction it is the way that was taken.
  const way = taken === undefined || !/^br_/.test(text) ? '' : taken ? ' branched' : ' did not branch';
  if (!condition) return [start, code(text), plain(`${way || ' chose this way'}.`)];
  const { name: what, value } = conditionOf(condition);
  return [start, code(text), plain(`${way}: `), code(what), plain(' was '), strong(value), plain('.')];
}

const COMPARISON = /==|!=|<=|>=|[^<]<[^<]|[^>]>[^>]/;

/** A condition as people say it: `!(a > b)` that is 0 is `a > b` that is true. */
export function conditionOf({ text, value }: HopOperand): { name: string; value: string } {
  const negated = /^!\((.*)\)$/.exec(text)?.[1] ?? /^!(.*)$/.exec(text)?.[1];
  const isSet = value !== '0';
  if (negated !== undefined) {
    const whole = conditionOf({ text: negated, value: isSet ? '0' : '1', token: -1 });
    // Of what is no comparison it is only known whether it was 0.
    return COMPARISON.test(negated) || negated.startsWith('!') ? whole : { ...whole, value: isSet ? '0' : 'not 0' };
  }
  return { name: text, value: COMPARISON.test(text) ? String(isSet) : value };
}
