/**
 * Steps into one call of several on a line: which calls there are, and the step that ends in the one that was chosen.
 */
import type { DebugProtocol } from '@vscode/debugprotocol';
import { OPCODES, opcodeIndex } from '../../engine/isa/opcodes.ts';
import { jumpTarget } from '../../engine/isa/program.ts';
import { expressionAt } from '../explain/source-text.ts';
import { type CodeMap, NO_LINE, type SourcePlace } from '../recording/code-map.ts';
import type { Frame } from '../recording/frames.ts';
import { NOT_INLINED } from '../recording/inlined-calls.ts';
import type { SourceText } from '../recording/source-text.ts';

const CALL_INDIRECT = opcodeIndex('call_indirect');

/** The calls of functions in C that the line of a frame has yet to make, in the order of the code; numbered by instruction. */
export function stepInTargets(code: CodeMap, sources: SourceText, frame: Frame): DebugProtocol.StepInTarget[] {
  const { lineKeys, inlined } = code;
  const key = lineKeys[frame.cursor];
  const call = inlined.at[frame.cursor];
  const targets: DebugProtocol.StepInTarget[] = [];
  const add = (cursor: number, name: string, place: SourcePlace | undefined) => {
    const text = place && sources.line(place.file, place.line);
    const label = (text && place.column > 0 && expressionAt(text, place.column)) || name;
    targets.push({ id: cursor, label, ...(place && { line: place.line, column: place.column }) });
  };
  let within = call;
  for (let cursor = frame.cursor; key !== NO_LINE && cursor < (frame.fn?.end ?? 0); cursor++) {
    const here = inlined.at[cursor];
    if (here !== call) {
      // Of what was inlined there, the calls that this line made itself.
      if (inlined.shared(here, call) !== call) break;
      const made = childOf(code, call, here);
      if (made !== within && code.starts[cursor] === 1) {
        const frames = code.framesOf(cursor);
        add(cursor, inlined.calls[made].name, frames[frames.length - inlined.depthOf(made)]?.place);
        within = made;
      }
      continue;
    }
    if (lineKeys[cursor] === NO_LINE) continue;
    if (lineKeys[cursor] !== key) break;
    within = call;
    const name = calleeOf(code, cursor);
    if (name !== undefined) add(cursor, name, code.placeOf(cursor));
  }
  return targets;
}

/** The call made by `call` that `inner` is, or is in. */
function childOf({ inlined }: CodeMap, call: number, inner: number): number {
  let child = inner;
  while (child !== NOT_INLINED && inlined.callers[child] !== call) child = inlined.callers[child];
  return child;
}

/** The function in C that an instruction calls, if it does. */
function calleeOf(code: CodeMap, cursor: number): string | undefined {
  const { program } = code;
  const op = program.ops[cursor];
  if (op === CALL_INDIRECT) return 'through a pointer';
  const { immediate, variant } = OPCODES[op];
  if (immediate !== 'jump' || variant !== 'call') return undefined;
  const callee = code.functionAt(jumpTarget(cursor, program.imms[cursor]));
  return callee && code.sourceFunctionAt(callee.body)?.name;
}
