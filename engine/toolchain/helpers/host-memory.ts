/**
 * The part of the machine's memory that the functions of `helpers/host.c` have to themselves: its end. They are linked with
 * their data there.
 */
import { MEMORY_PAGES, PAGE_SIZE } from '../../isa/limits.ts';

/** Pages for all files that a program writes, and what the functions need themselves. */
export const HOST_PAGES = 128;

/** The first byte. */
export const HOST_BASE = (MEMORY_PAGES - HOST_PAGES) * PAGE_SIZE;

/** Bytes of stack. */
export const HOST_STACK = 16384;

/** Variables of these functions, exported by name: what is given to the program, and the files that there are. */
export const HOST_VARIABLES = {
  given: '__stepformer_given',
  surroundings: '__stepformer_surroundings',
  files: '__stepformer_files',
} as const;

/** The modules of helpers: those without these functions, and all. */
export const HELPER_FILES = { plain: 'plain.wasm', host: 'host.wasm' } as const;
