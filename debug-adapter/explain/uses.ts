/** Who read a value later: the readings of engine/trace/readers.ts with their places in C and the heads that testify. */
import { KIND, KINDS, STORES } from '../../engine/trace/notation.ts';
import type { Readers, Reading } from '../../engine/trace/readers.ts';
import type { ReadersAnswer } from '../protocol/protocol.ts';
import { BadRequest } from '../protocol/schema.ts';
import { initialKey } from './endings.ts';
import type { Teller } from './origin.ts';
import { evidenceOf } from './witness.ts';

/** The first `limit` readers of what a token wrote. @throws BadRequest for one that wrote nothing */
export function readersOf(teller: Teller, readers: Readers, token: number, limit: number): ReadersAnswer {
  const found = readingsOf(teller, readers, token, limit + 1).filter(({ look }) => look.token <= teller.recording.now);
  const shown = found.slice(0, limit).map(({ line, look }) => {
    const { text, place, function: name } = teller.places.of(line);
    const evidence = evidenceOf(teller.recording, look);
    const where = {
      traceLine: line,
      token: look.token,
      text,
      ...(place && { place }),
      ...(name && { function: name }),
    };
    return evidence ? { ...where, evidence } : where;
  });
  return { readers: shown, more: found.length > limit };
}

/** The readings of what a token wrote, ascending. @throws BadRequest for one that wrote nothing */
export function readingsOf({ steps }: Teller, readers: Readers, token: number, most: number): Reading[] {
  const { history } = steps;
  if (token < 0 || token >= history.tokenCount) throw new BadRequest(`there is no token ${token}`);
  if (history.input.numberOf(token) >= 0) return ofInput({ steps }, token);
  const line = history.lineOfToken(token);
  if (line < 0) return ofPrompt({ steps }, readers, token, most);
  const first = history.firstToken(line);
  const end = history.firstToken(line + 1) - 1;
  const { circuit } = steps.opcode(line);
  if (STORES[history.tokenAt(end)]) return readers.ofStack(line, most);
  if (circuit === 'cell-set') return readers.ofCell(line, steps.operand(line, 0), most);
  if (circuit !== 'store') throw new BadRequest(`token ${token} wrote nothing that could be read`);
  const address = history.word(steps.operand(line, 1)) + history.program.imms[history.cursorOf(line)];
  // A byte by itself, or at the line's end all of them: each line once.
  const bytes = token < end ? [token] : Array.from({ length: end - first }, (_, i) => first + i);
  const found = new Map<number, Reading>();
  for (const byte of bytes) {
    for (const reading of readers.ofMemory(byte, address + byte - first, most)) {
      if (!found.has(reading.line)) found.set(reading.line, reading);
    }
  }
  return [...found.values()].sort((a, b) => a.line - b.line).slice(0, most);
}

/** The line that read a byte of the input, if one has. */
function ofInput({ steps }: Pick<Teller, 'steps'>, token: number): Reading[] {
  const line = steps.input.lineOf(token);
  if (line === undefined) return [];
  return [{ line, look: { token: steps.history.firstToken(line), role: 'next input byte', target: token } }];
}

function ofPrompt({ steps }: Pick<Teller, 'steps'>, readers: Readers, token: number, most: number): Reading[] {
  const { history } = steps;
  if (KINDS[history.tokenAt(token)] !== KIND.byte) throw new BadRequest(`token ${token} is no value`);
  const { kind, key } = initialKey(history, token);
  return kind === 'memory' ? readers.ofMemory(token, key, most) : readers.ofInitial(key, token, most);
}
