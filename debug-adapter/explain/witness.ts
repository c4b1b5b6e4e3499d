/**
 * The head that testifies to a step: found by looking at the one pass in which it worked. What is told is the head's
 * own target, not what the write logs say: that both are the same is what makes it evidence.
 */
import type { Look } from '../../engine/trace/byte-steps.ts';
import type { Evidence } from '../protocol/protocol.ts';
import type { Recording } from '../recording/recording.ts';

/** Undefined where nobody knows what heads did, and for zeros that were not carried over to a later context: no head finds those. */
export function evidenceOf(recording: Recording, { token, role, target: written }: Look): Evidence | undefined {
  const { passes } = recording;
  const heads = passes.inspect(token - 1)?.heads.filter(({ name }) => name === role) ?? [];
  const found = heads.find(({ active }) => active) ?? heads[0];
  if (!found) return undefined;
  const { layer, head, target, margin } = found;
  if (target !== written && passes.carriedTo(token - 1, written) !== undefined) return undefined;
  return { layer, head, role, from: token, to: target, margin: Number.isFinite(margin) ? margin : null };
}
