/**
 * The head that testifies to a step: found by looking at the one pass in which it worked. What is told is the head's
 * own target, not what the write logs say: that both are the same is what makes it evidence.
 */
import type { Look } from '../../engine/trace/byte-steps.ts';
import type { Evidence } from '../protocol/protocol.ts';
import type { Recording } from '../recording/recording.ts';

/** Undefined where nobody knows what heads did, and in contexts that cannot be looked at. */
export function evidenceOf(recording: Recording, { token, role }: Look): Evidence | undefined {
  if (!recording.passes.canInspect(token - 1)) return undefined;
  const heads = recording.passes.inspect(token - 1)?.heads.filter(({ name }) => name === role) ?? [];
  const found = heads.find(({ active }) => active) ?? heads[0];
  if (!found) return undefined;
  const { layer, head, target, margin } = found;
  return { layer, head, role, from: token, to: target, margin: Number.isFinite(margin) ? margin : null };
}
