/**
 * `npm run code`: a real VS Code in the browser, with the extension as it is built and the examples open. Runs until
 * it is interrupted. `npm run code -- --port 9000` takes another port.
 */
import { cpSync, existsSync } from 'node:fs';
import path from 'node:path';
import { cache, Missing, root, run } from '../../scripts/vscode-cache.ts';
import { QUIET, startServer } from './server.ts';

const at = process.argv.indexOf('--port');
const port = at < 0 ? 8080 : Number(process.argv[at + 1]);

try {
  if (!existsSync(path.join(root, 'dist/extension.cjs'))) run('npm', ['run', 'build'], { cwd: root });
  const examples = path.join(cache, 'examples');
  cpSync(path.join(root, 'examples'), examples, { recursive: true });
  const server = await startServer({ data: path.join(cache, 'code'), port, settings: QUIET, extension: 'project' });
  const file = `vscode-remote://127.0.0.1:${port}${path.join(examples, 'add.c')}`;
  const payload = encodeURIComponent(JSON.stringify([['openFile', file]]));
  console.log(`VS Code with Stepformer: ${server.url}/?folder=${encodeURIComponent(examples)}&payload=${payload}`);
  console.log(
    'Open it in a browser, then press F5 (or the button with the bug at the top right). Ctrl+C here ends it.',
  );
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => void server.stop().then(() => process.exit(0)));
} catch (error) {
  if (!(error instanceof Missing)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
