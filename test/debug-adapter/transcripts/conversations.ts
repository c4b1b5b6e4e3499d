/** The conversations that are kept as text beside this file. */
import { file } from '../driver.ts';
import { Talk } from './talk.ts';

const SUM = file(
  'sum.c',
  `#include <stdio.h>
struct pair { int left, right; };
static int sum(struct pair *pair) {
  int result = pair->left + pair->right;
  return result;
}
int main(void) {
  struct pair pair = { 3, 4 };
  int total = sum(&pair);
  printf("%d\\n", total);
  return total == 7 ? 0 : 1;
}
`,
);

const CLIENT = {
  adapterID: 'stepformer',
  clientID: 'transcript',
  linesStartAt1: true,
  columnsStartAt1: true,
  pathFormat: 'path',
  supportsMemoryEvent: true,
  supportsInvalidatedEvent: true,
};

/** By the name of the text. */
export const CONVERSATIONS: Readonly<Record<string, () => Promise<string>>> = {
  async breakpoint() {
    const talk = new Talk(SUM);
    await talk.ask('initialize', CLIENT);
    await talk.until('initialized', 'launch', { program: SUM, stopOnEntry: false });
    await talk.ask('setBreakpoints', { source: { path: SUM }, breakpoints: [{ line: 5, condition: 'result == 7' }] });
    await talk.until('stopped', 'configurationDone');
    await talk.ask('threads');
    const { stackFrames } = await talk.ask('stackTrace', { threadId: 1 });
    const { scopes } = await talk.ask('scopes', { frameId: stackFrames[0].id });
    const { variables } = await talk.ask('variables', { variablesReference: scopes[0].variablesReference });
    await talk.ask('variables', { variablesReference: variables[0].variablesReference });
    await talk.ask('evaluate', { expression: 'pair->left,x', frameId: stackFrames[0].id, context: 'watch' });
    await talk.ask('evaluate', { expression: 'sum(pair) * 2', frameId: stackFrames[0].id, context: 'repl' });
    await talk.ask('evaluate', { expression: 'result -= 4', frameId: stackFrames[0].id, context: 'repl' });
    await talk.until('stopped', 'stepOut', { threadId: 1 });
    await talk.until('stopped', 'continue', { threadId: 1 });
    return talk.end();
  },

  async backwards() {
    const talk = new Talk(SUM);
    await talk.quietly('initialize', CLIENT);
    await talk.until('initialized', 'launch', { program: SUM, stopOnEntry: true });
    await talk.until('stopped', 'configurationDone');
    await talk.until('stopped', 'next', { threadId: 1 });
    await talk.until('stopped', 'next', { threadId: 1 });
    await talk.until('stopped', 'stepformer/stepBackIn', { threadId: 1 });
    await talk.ask('stackTrace', { threadId: 1, levels: 1 });
    await talk.until('stopped', 'stepformer/stepBackOut', { threadId: 1 });
    await talk.ask('stackTrace', { threadId: 1, levels: 1 });
    await talk.until('stopped', 'reverseContinue', { threadId: 1 });
    await talk.ask('stepformer/position');
    return talk.end();
  },

  async refusals() {
    const talk = new Talk(SUM);
    await talk.ask('next', { threadId: 1 });
    await talk.quietly('initialize', CLIENT);
    await talk.ask('initialize', CLIENT);
    await talk.ask('attach', { processId: 1 });
    await talk.ask('setBreakpoints', { source: { path: SUM }, breakpoints: [{ line: 'four' }] });
    await talk.ask('nonsense');
    await talk.until('initialized', 'launch', { program: SUM });
    await talk.ask('launch', { program: SUM });
    await talk.until('stopped', 'configurationDone');
    await talk.ask('configurationDone');
    await talk.ask('scopes', { frameId: 99 });
    await talk.ask('variables', { variablesReference: 99 });
    await talk.ask('evaluate', { expression: 'pair.left +', context: 'repl' });
    await talk.ask('evaluate', { expression: 'nobody', context: 'repl' });
    await talk.ask('evaluate', { expression: 'nobody(1)', context: 'repl' });
    await talk.ask('evaluate', { expression: 'sum(0)', context: 'hover' });
    await talk.ask('evaluate', { expression: 'pair.left = 1', context: 'watch' });
    await talk.ask('readMemory', { memoryReference: 'there', count: 1 });
    return talk.end();
  },
};
