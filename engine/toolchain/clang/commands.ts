/** What commands to clang's process say besides LLVM's own. */

/**
 * A command of our own before the last one, `[CHOOSE, argument, 'with' | 'without', pattern]`: that argument of it stays
 * only if something in `out/` has, or nothing has, a text of this pattern.
 */
export const CHOOSE = 'choose';

/** Where the headers and libraries of C++ are, for jobs that mention it. */
export const CXX_FOLDER = '/cxx';
