/** The session's thread of an adapter under test. */
import { parentPort } from 'node:worker_threads';
import { hostSession } from '../../debug-adapter/wire/session-host.ts';
import { testSources } from './oracle-source.ts';

if (parentPort) hostSession(parentPort, testSources);
