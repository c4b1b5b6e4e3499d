/** The thread in which a session runs on the transformer. */
import { parentPort } from 'node:worker_threads';
import { hostSession } from './session-host.ts';
import { transformerSources } from './transformer-source.ts';

if (parentPort) hostSession(parentPort, transformerSources());
