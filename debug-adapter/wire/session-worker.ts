/** The thread in which a session runs on the transformer. */
import { parentPort, workerData } from 'node:worker_threads';
import { startQuickly } from '../../engine/toolchain/cache/quick-start.ts';
import { RemoteClang } from '../../engine/toolchain/clang/remote.ts';
import type { ThreadData } from './session-threads.ts';

startQuickly();
// Only now: what is loaded from here on is what V8 keeps.
const [{ hostSession }, { transformerSources }] = await Promise.all([
  import('./session-host.ts'),
  import('../recording/transformer-source.ts'),
]);
const { clang } = workerData as ThreadData;
if (parentPort) hostSession(parentPort, transformerSources(), new RemoteClang(clang));
