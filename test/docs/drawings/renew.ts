/** Writes the drawings of docs/ anew: `npx tsx test/docs/drawings/renew.ts`. Look at them before they are committed. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { drawings, IMAGES } from './drawings.ts';

for (const [name, content] of await drawings()) writeFileSync(path.join(IMAGES, name), content);
