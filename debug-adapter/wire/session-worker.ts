/** The thread in which a session runs on the transformer. */
import { parentPort } from 'node:worker_threads';
import { transformerSources } from '../recording/transformer-source.ts';
import { hostSession } from './session-host.ts';

if (parentPort) hostSession(parentPort, transformerSources());
