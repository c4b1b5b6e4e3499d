/** What commands to clang's process say besides LLVM's own. */

/**
 * A command of our own before the last one, `[CHOOSE, argument, 'with' | 'without' | 'unsaid', pattern]`: that argument of
 * it stays only if something in `out/` has, or nothing has, a text of this pattern; or if the data of what it links has
 * none, else it is linked again. Bitcode packs its texts, so formats are seen there when it is linked.
 */
export const CHOOSE = 'choose';

/** Where the headers and libraries of C++ are, for jobs that mention it. */
export const CXX_FOLDER = '/cxx';
