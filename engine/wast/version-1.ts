/**
 * What version 1.0 of the language refuses and wabt takes even without later extensions: scripts of that version claim
 * that it is refused.
 */
import { EMPTY_BLOCK, typeName, type WasmFunction, type WasmModule } from '../toolchain/decode/module.ts';
import { CODE } from '../toolchain/lower/operators.ts';

/** Whether a module that is valid today was not in version 1.0, by the rules that wabt no longer has. */
export function isTooNew(module: WasmModule): boolean {
  return (
    module.types.some(({ results }) => results.length > 1) || module.functions.some((fn) => mixesLabels(module, fn))
  );
}

/** Whether a `br_table` leads to labels of different types: today those may be, where the code is not reached. */
function mixesLabels(module: WasmModule, { codes, immediates, tables, type }: WasmFunction): boolean {
  /** What a branch to each open block carries. */
  const labels = [module.types[type].results.join()];
  for (const [i, code] of codes.entries()) {
    const immediate = immediates[i];
    if (code === CODE.loop) {
      labels.push('');
    } else if (code === CODE.block || code === CODE.if) {
      labels.push(
        immediate >= 0 ? module.types[immediate].results.join() : immediate === EMPTY_BLOCK ? '' : typeName(immediate),
      );
    } else if (code === CODE.end) {
      labels.pop();
    } else if (code === CODE.brTable) {
      const targets = tables[immediate].map((depth) => labels[labels.length - 1 - depth]);
      if (targets.some((target) => target !== targets[0])) return true;
    }
  }
  return false;
}
