/**
 * A module debugged in its text: the n-th operator of the text is the n-th of the bytes, so each has a line and a column.
 * Held against each other they are name by name; a function in which they differ has no lines rather than wrong ones.
 */
import { type DebugInfo, MappedInfo, type Mapping } from '../../debuginfo/index.ts';
import { readFunctions, type TextFunction } from '../../wat/functions.ts';
import { Lines } from '../../wat/lines.ts';
import type { WasmFunction, WasmModule } from '../decode/module.ts';
import { OPERATORS, operatorName } from '../decode/operators.ts';
import { endOf, globalsOf, localsOf } from './numbers.ts';

const NAMES: ReadonlySet<string> = new Set(OPERATORS.map(({ name }) => name));

/**
 * Debug information of a module and its text.
 * @param file the path under which the text is known
 */
export function textInfo(text: string, file: string, module: WasmModule): DebugInfo {
  const source = readFunctions(text, (word) => NAMES.has(word));
  const lines = new Lines(text);
  const rows: Mapping['rows'][number][] = [];
  const functions: Mapping['functions'][number][] = [];
  const unmatched: string[] = [];
  for (const [body, fn] of module.functions.entries()) {
    const written = source.functions[body];
    const name = written?.name || module.names.functions.get(fn.index) || `func[${fn.index}]`;
    if (!written || !isSame(written, fn)) {
      unmatched.push(name);
      continue;
    }
    for (const [i, { start }] of written.operators.entries()) {
      rows.push({ offset: fn.offsets[i] - module.codeSection, file: 0, ...lines.placeOf(start) });
    }
    const parameters = module.types[fn.type].params.length;
    const names = [...written.parameters];
    names.length = parameters;
    names.push(...written.locals);
    const { line } = lines.placeOf(written.start);
    functions.push({ name, line, body, end: endOf(module, fn), ...localsOf(module, fn, (index) => names[index]) });
  }
  const globals = globalsOf(module, (index) => source.globals[index]);
  const info = new MappedInfo(module.bytes, { files: [file], rows, functions, globals });
  for (const name of unmatched) info.warnings.push(`${name}: the text and the bytes differ, it is shown without lines`);
  return info;
}

function isSame({ operators }: TextFunction, { codes }: WasmFunction): boolean {
  return operators.length === codes.length && operators.every(({ name }, i) => name === operatorName(codes[i]));
}
