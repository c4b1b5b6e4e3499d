/** What views ask: for each of them a file, and here all together. */
import { EDITOR_REQUESTS } from './editor.ts';
import { HULL_REQUESTS } from './hull.ts';
import { TIMELINE_REQUESTS } from './timeline.ts';
import { TOKEN_REQUESTS } from './token.ts';

export const VIEW_REQUESTS = { ...EDITOR_REQUESTS, ...HULL_REQUESTS, ...TIMELINE_REQUESTS, ...TOKEN_REQUESTS } as const;

/** Those that look at much of the recording and are answered by work. */
export type ViewWork = keyof typeof EDITOR_REQUESTS | keyof typeof TIMELINE_REQUESTS;

/** Those that are answered by work if there is much to look at. */
export type ViewSometimesWork = 'stepformer/hull' | 'stepformer/counterfactual';
