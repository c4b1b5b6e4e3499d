/** The notebook of questions: answers belong to the moment at which they were asked, and one can leaf through them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Link, type Port } from '../../extension/views/link/link.ts';
import type { FromPage, ToPage, ViewMessage } from '../../extension/views/link/messages.ts';
import { Notebook } from '../../extension/views/why/model/notebook.ts';

/** A page's port whose other end is the test. */
class Ends implements Port {
  kept: Readonly<Record<string, unknown>> = {};
  readonly asked: FromPage['ask'][] = [];
  private listener: (message: ViewMessage<ToPage>) => void = () => {};

  post(message: ViewMessage<FromPage>): void {
    if (message.type === 'ask') this.asked.push(message);
  }

  listen(listener: (message: ViewMessage<ToPage>) => void): void {
    this.listener = listener;
  }

  keep(kept: Readonly<Record<string, unknown>>): void {
    this.kept = kept;
  }

  stopAt(token: number): void {
    const status = { token, traceLine: token / 5, past: false, now: token, reached: 0, ended: false, home: 0 };
    this.listener({
      type: 'session',
      stops: token,
      marks: 0,
      status: { ...status, state: 'stopped', tokensPerSecond: 0 },
    });
  }

  /** Answers all that was asked, with what was asked. */
  async answer(): Promise<void> {
    for (const { id, command, args } of this.asked.splice(0))
      this.listener({ type: 'answer', id, body: { command, args } });
    await new Promise((resolve) => setImmediate(resolve));
  }

  async refuse(error: string): Promise<void> {
    for (const { id } of this.asked.splice(0)) this.listener({ type: 'answer', id, error });
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function opened(kept: Readonly<Record<string, unknown>> = {}) {
  const ends = new Ends();
  ends.kept = kept;
  const notebook = new Notebook(new Link(ends));
  return { ends, notebook };
}

test('an answer stays that of its moment when the session goes elsewhere', async () => {
  const { ends, notebook } = opened();
  ends.stopAt(50);
  notebook.ask({ kind: 'calls', function: 'f' });
  assert.equal(notebook.current?.pending, true);
  await ends.answer();
  ends.stopAt(500);
  const { current } = notebook;
  assert.deepEqual([current?.token, current?.traceLine, current?.pending], [50, 10, false]);
  assert.deepEqual(current?.answer, { command: 'stepformer/calls', args: { function: 'f', limit: 1000 } });
  notebook.again();
  await ends.answer();
  assert.equal(notebook.current?.token, 500);
});

test('an expression is asked with its history, as it means something else elsewhere', async () => {
  const { ends, notebook } = opened();
  ends.stopAt(50);
  notebook.ask({ kind: 'origin', expression: 'x', frameId: 3 });
  assert.deepEqual(ends.asked.map(({ command }) => command).sort(), ['stepformer/history', 'stepformer/origin']);
  assert.ok(ends.asked.every(({ args }) => (args as { frameId?: number }).frameId === 3));
  await ends.answer();
  assert.ok(notebook.current?.history);
  // The frame was one of that stop.
  notebook.again();
  assert.ok(ends.asked.every(({ args }) => (args as { frameId?: number }).frameId === undefined));
});

test('one leafs through questions; a new one takes the place of those ahead', async () => {
  const { ends, notebook } = opened();
  for (const name of ['a', 'b', 'c']) notebook.ask({ kind: 'calls', function: name });
  await ends.answer();
  const shown = () => (notebook.current?.kind === 'calls' ? notebook.current.question.function : undefined);
  notebook.turn(-1);
  notebook.turn(-1);
  assert.deepEqual([shown(), notebook.canGoBack, notebook.canGoForward], ['a', false, true]);
  notebook.turn(-1);
  assert.equal(shown(), 'a');
  notebook.turn(1);
  notebook.ask({ kind: 'calls', function: 'd' });
  assert.deepEqual([shown(), notebook.canGoForward, notebook.all.entries.length], ['d', false, 3]);
});

test('a refusal is told, and an answer that comes late goes where it belongs', async () => {
  const { ends, notebook } = opened();
  notebook.ask({ kind: 'calls', function: 'a' });
  const [first] = ends.asked.splice(0);
  notebook.ask({ kind: 'calls', function: 'b' });
  await ends.refuse('there is no function b');
  assert.equal(notebook.current?.error, 'there is no function b');
  ends.asked.push(first);
  await ends.answer();
  assert.equal(notebook.current?.error, 'there is no function b');
  notebook.turn(-1);
  assert.ok(notebook.current?.answer);
});

test('what a page was opened with is asked once; why we are here means the line where one asked', () => {
  const { ends, notebook } = opened();
  ends.stopAt(50);
  const opening = { tab: 'why' };
  notebook.open(opening, { kind: 'control' });
  notebook.open(opening, { kind: 'control' });
  assert.deepEqual(
    ends.asked.map(({ args }) => args),
    [{ traceLine: 10 }],
  );
});

test('questions are kept when the page is taken down, answers are not', async () => {
  const { ends, notebook } = opened();
  ends.stopAt(50);
  notebook.ask({ kind: 'search', text: 'x == 3' });
  await ends.answer();
  assert.ok(!JSON.stringify(ends.kept).includes('stepformer/search'));
  const again = opened(ends.kept).notebook;
  assert.deepEqual(again.current?.question, { kind: 'search', text: 'x == 3' });
  assert.deepEqual([again.current?.token, again.current?.answer, again.current?.pending], [50, undefined, false]);
});
