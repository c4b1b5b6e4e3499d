/** Makes a failing case smaller while it still fails: a little, not to the least. */
import type { CProgram } from './c-generator.ts';
import { type Call, type RandomFunction, type RandomModule, zero } from './module.ts';

/** Whether a smaller case still fails. */
type Fails<T> = (smaller: T) => Promise<boolean>;

/** A module and its calls. */
export interface ModuleCase {
  readonly module: RandomModule;
  readonly calls: readonly Call[];
}

/** Takes calls away, empties functions, and cuts them short where no block is open. */
export async function shrinkModule(found: ModuleCase, fails: Fails<ModuleCase>): Promise<ModuleCase> {
  let best = found;
  const attempt = async (smaller: ModuleCase) => {
    if (!(await fails(smaller))) return false;
    best = smaller;
    return true;
  };
  for (let i = best.calls.length - 1; i >= 0 && best.calls.length > 1; i--) {
    await attempt({ ...best, calls: best.calls.filter((_, k) => k !== i) });
  }
  const withFunction = (index: number, fn: RandomFunction): ModuleCase => {
    const functions = best.module.functions.map((other, k) => (k === index ? fn : other));
    return { ...best, module: { ...best.module, functions } };
  };
  for (const index of best.module.functions.keys())
    await attempt(withFunction(index, cut(best.module.functions[index], 0)));
  for (const index of best.module.functions.keys()) {
    // From short to long: the first that fails is the shortest.
    const { lines } = best.module.functions[index];
    for (let length = 1; length < lines.length; length++) {
      if (lines[length - 1].depth !== 1) continue;
      if (await attempt(withFunction(index, cut(best.module.functions[index], length)))) break;
    }
  }
  return best;
}

/** The first lines of a function; what is on top of the stack behind them goes into a global, to be seen. */
function cut({ type, lines }: RandomFunction, length: number): RandomFunction {
  const top = lines[length - 1]?.top;
  const ending = [...(top ? [`global.set $${top}`] : []), ...type.results.map(zero), 'return'];
  const last = ending.map((text) => ({ text, depth: 1, top: undefined }));
  return { type, lines: [...lines.slice(0, length), ...last] };
}

/** Takes statements away. */
export async function shrinkC(found: CProgram, fails: Fails<CProgram>): Promise<CProgram> {
  let best = found;
  for (const index of found.functions.keys()) {
    for (let line = best.functions[index].lines.length - 1; line >= 0; line--) {
      const functions = best.functions.map((fn, k) =>
        k === index ? { ...fn, lines: fn.lines.filter((_, l) => l !== line) } : fn,
      );
      if (await fails({ functions })) best = { functions };
    }
  }
  return best;
}
