/** The thread in which a session runs on the transformer. */
import { parentPort } from 'node:worker_threads';
import { startQuickly } from '../../engine/toolchain/cache/quick-start.ts';

startQuickly();
// Only now: what is loaded from here on is what V8 keeps.
const [{ hostSession }, { transformerSources }] = await Promise.all([
  import('./session-host.ts'),
  import('../recording/transformer-source.ts'),
]);
if (parentPort) hostSession(parentPort, transformerSources());
