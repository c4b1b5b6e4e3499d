/**
 * Preloaded into a process (`--import`): whatever imports the instruction set, the graph or the machine there fails.
 * It runs in front of every other resolver, and judges by the file that they find.
 */
import { register } from 'node:module';

const hooks = `
  export async function resolve(specifier, context, next) {
    const found = await next(specifier, context);
    if (/\\/engine\\/(isa|graph|machine|weights)\\//.test(found.url)) throw new Error('forbidden here: ' + found.url);
    return found;
  }
`;
register(`data:text/javascript,${encodeURIComponent(hooks)}`);
