/** Commands that are used less than `run`: in one part of the built program, which `run` does not load. */
export { dap } from './dap.ts';
export { exportModel } from './export.ts';
export { invoke } from './invoke.ts';
export { model } from './model.ts';
export { specialize } from './specialize.ts';
export { wast } from './wast.ts';
