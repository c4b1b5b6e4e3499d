/**
 * How long tests wait. A limit is there to end what hangs, never to measure: a machine that does ten other things at
 * once must not reach it. There are no other limits, but for looks that are repeated until one of these ends.
 */

/** Milliseconds for a process, a request or a whole test. */
export const PATIENCE = 15 * 60_000;

/** Milliseconds until something is to be seen in a workbench: what a test waits for when it is about to fail. */
export const PATIENCE_TO_SEE = 3 * 60_000;
