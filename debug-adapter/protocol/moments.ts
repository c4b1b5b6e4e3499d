/** How moments and places are sent, in all of our requests: see protocol.ts. */
import { integer, lineOfSource, record, text } from './schema.ts';

export const token = integer();
export const traceLine = integer();
export const place = record({ path: text, line: lineOfSource });
