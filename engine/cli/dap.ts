/**
 * `stepformer dap`: starts the debug adapter. It is a program of its own built beside this one, found at run time:
 * nothing here depends on it.
 */
import { parseOptions, UsageError, wholeNumber } from './options.ts';

/** Serves until the client leaves; see debug-adapter/. */
export async function dap(args: readonly string[]): Promise<undefined> {
  const parsed = parseOptions(args, { port: 'value' });
  if (parsed.files.length > 0) throw new UsageError(`unexpected "${parsed.files[0]}"`);
  wholeNumber(parsed, 'port', 0, 65535);
  const fromSource = import.meta.url.endsWith('.ts');
  const url = new URL(fromSource ? '../../debug-adapter/main.ts' : './adapter.js', import.meta.url);
  await import(url.href);
  return undefined;
}
