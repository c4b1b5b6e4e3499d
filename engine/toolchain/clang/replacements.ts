/**
 * Which of our functions take the place of wasi-libc's, by what a program mentions.
 *
 * Ours are shorter because they do less: a group that knows only the standard streams is linked where there can be no
 * other files; the formatters know no wide characters. What a program can need is seen in its objects: names of functions
 * that are called elsewhere and texts of formats stand there as they are. A name too many costs a longer trace, nothing
 * else.
 */

/** Folder of what every program is linked with. */
export const BASE = 'base';

/** Folder of what calls a `main` of another form than the two usual ones, which have these names. */
export const OTHER_MAIN = 'main';
export const USUAL_MAIN = /__main_void|__main_argc_argv/;

/** Folder of what POSIX has and wasi-libc has not, with headers of their names in `include`. */
export const POSIX = 'posix';

/** What mentions one of these is given a `raise` that looks at the mask of signals first. */
export const USES_SIGNAL_MASK = /sigprocmask|sigpending/;

/**
 * Folder of the file system, in the program's memory: what of WASI's interface wasi-libc does files with. Linked before
 * anything else where a program mentions one of these.
 */
export const FILESYSTEM = 'filesystem';
export const USES_FILES =
  /open|tmpfile|tmpnam|mk[sd]temp|stat|access|unlink|remove|rename|mkdir|rmdir|scandir|truncate|filebuf|fstream|(?<!strn?|wcs)dup(?:2|(?![a-z]))/;

/**
 * Folders of what takes the place of a family of functions: `files` those that are given a FILE, `streams` those that
 * name none (printf, getchar), `text` those on strings (snprintf, sscanf).
 */
export const GROUPS = ['files', 'streams', 'text'] as const;
export type Group = (typeof GROUPS)[number];

/** Functions, and the one class of libc++, that make a file or put one in the place of a stream. */
const OPENS = 'f(?:d|re|mem)?open|open_memstream|tmpfile|filebuf|fstream';
const REDIRECTS = 'freopen|dup2|dup3|__wasilibc_fd_renumber';
const BUFFERS = 'setv?buf|setbuffer|setlinebuf';

/** Conversions of wide characters, of floats of 128 bits, of arguments by number, with groups of digits, and the message of `errno`. */
export const LONG_FORMATS = String.raw`%[-+ #0-9.*]*(?:'|l[sc[]|[SCm]|L[aefgAEFG]|\d\$)`;

/** Formatters of wide text, which have `fprintf` and `fscanf` do numbers, floats as those of 128 bits. */
const WIDE = 'w(?:print|scan)f';

/** By group, the functions that a program must not name to be linked with it; no group knows `LONG_FORMATS`. */
export const UNLESS: ReadonlyMap<Group, RegExp> = new Map([
  ['files', new RegExp(`${OPENS}|${REDIRECTS}|${WIDE}`)],
  ['streams', new RegExp(`${REDIRECTS}|(?:${OPENS})[^]*(?:${BUFFERS})|(?:${BUFFERS})[^]*(?:${OPENS})`)],
]);

/** Exported by the file system: the address of its list of files. */
export const FILES_EXPORT = '__stepformer_files';
