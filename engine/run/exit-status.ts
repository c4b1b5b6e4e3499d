/**
 * Exit statuses that are not the program's own, each with one meaning, for the command line and the debug adapter. A
 * program that ends by itself gives its own.
 */

export const EXIT_STATUS = {
  claimFailed: 1,
  badInput: 65,
  differs: 70,
  modelFailed: 76,
  fault: 99,
  budget: 124,
  interrupted: 130,
  trap: 134,
} as const;

export type ExitStatus = keyof typeof EXIT_STATUS;

/** When each is given. */
export const EXIT_MEANINGS: Readonly<Record<ExitStatus, string>> = {
  claimFailed: 'a claim of a script failed',
  badInput: 'the input is bad: options, files, or a program that cannot be run',
  differs: 'the native run of --verify differs',
  modelFailed: 'the model cannot go on: what it says is no trace, or a limit of its own is met',
  fault: 'a fault of Stepformer itself',
  budget: 'the tokens of the budget ran out, or the memory of a debugging session',
  interrupted: 'interrupted (Ctrl-C); what there was until then is printed and kept, and a second one ends it at once',
  trap: 'the program trapped',
};

/** The status of a process that ended with this code: its low byte. */
export function statusOfCode(code: number): number {
  return code & 0xff;
}
