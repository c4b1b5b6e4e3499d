/** Who read a value, and which branches decide, against what their definitions say when everything is looked through. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TokenProgram } from '../../engine/isa/program.ts';
import { encodePrompt } from '../../engine/isa/prompt.ts';
import { ByteSteps } from '../../engine/trace/byte-steps.ts';
import { ControlDependence, successorsOf } from '../../engine/trace/control-dependence.ts';
import { History } from '../../engine/trace/history.ts';
import { ReadLog } from '../../engine/trace/read-log.ts';
import { Readers } from '../../engine/trace/readers.ts';
import { WriteLog } from '../../engine/trace/write-log.ts';
import { type Line, programOf, wide } from '../oracle/build.ts';
import { Interpreter } from '../oracle/interpreter.ts';
import { randomNumbers, randomProgram } from './random-program.ts';

/** Stores and loads of all widths that overlap, around what the program states of memory. */
function randomAccesses(seed: number): TokenProgram {
  const random = randomNumbers(seed);
  const lines: Line[] = [];
  for (let i = 0; i < 60; i++) {
    lines.push(['i32.const', random(20)]);
    const kind = random(4);
    if (kind < 2) {
      const loads = ['i32.load', 'i32.load8_u', 'i32.load16_s', 'i64.load', 'i64.load32_u'];
      lines.push([loads[random(loads.length)], random(8)], ['drop']);
    } else if (kind === 2) {
      lines.push(['i32.const', random(2 ** 31)], [['i32.store', 'i32.store8', 'i32.store16'][random(3)], random(8)]);
    } else {
      lines.push(...wide(BigInt(random(2 ** 31)) << 20n), ['i64.store', random(8)]);
    }
  }
  lines.push(['halt']);
  return programOf(lines, { pages: 1, data: [{ address: 4, bytes: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8) }] });
}

function recorded(program: TokenProgram): { steps: ByteSteps; readers: Readers } {
  const oracle = new Interpreter(program);
  oracle.run(12_000);
  const history = new History(program, encodePrompt(program, new Uint8Array()));
  const steps = new ByteSteps(history);
  const reads = new ReadLog(history);
  const { trace } = oracle;
  // The log of reads is kept up while the trace grows.
  history.append(trace.subarray(0, trace.length >> 1));
  reads.gets(0, 0, 1, 1);
  history.append(trace.subarray(trace.length >> 1));
  return { steps, readers: new Readers(steps, reads) };
}

/** Per token that was written: the lines that moved or took a byte of it, by going through all lines. */
function allReaders({ steps }: { steps: ByteSteps }): Map<number, Set<number>> {
  const { history } = steps;
  const found = new Map<number, Set<number>>();
  const add = (token: number, line: number) => {
    const known = found.get(token);
    if (known) known.add(line);
    else found.set(token, new Set([line]));
  };
  for (let line = 0; line < history.lines; line++) {
    const { circuit, pops, variant } = steps.opcode(line);
    const taken = circuit === 'cell-set' ? 1 : pops;
    if (circuit !== 'halt') for (let k = 0; k < taken; k++) add(steps.operand(line, k), line);
    if (circuit !== 'load' && circuit !== 'cell-get') continue;
    if (variant === 'call') continue;
    for (let token = history.firstToken(line); token < history.firstToken(line + 1) - 1; token++) {
      const step = steps.step(token);
      if (step.kind === 'copy') add(step.from, line);
    }
  }
  return found;
}

test('readers of every written value are the lines that looked it up', () => {
  const compared = { stack: 0, memory: 0, most: 0 };
  for (let seed = 1; seed <= 24; seed++) {
    const run = recorded(seed % 2 === 0 ? randomProgram(seed) : randomAccesses(seed));
    const { history } = run.steps;
    const expected = allReaders(run);
    for (let address = 0; address < 20; address++) {
      const token = history.facts.byte(address);
      if (token < 0) continue;
      const lines = run.readers.ofMemory(token, address, 1e6).map((reading) => reading.line);
      assert.deepEqual(lines, [...(expected.get(token) ?? [])], `seed ${seed}, the byte stated at ${address}`);
    }
    for (let line = 0; line < history.lines - 1; line++) {
      const first = history.firstToken(line);
      const { circuit, pushes } = run.steps.opcode(line);
      const what = `seed ${seed}, line ${line}: ${history.text(line)}`;
      if (circuit === 'store') {
        const base = history.word(run.steps.operand(line, 1)) + history.program.imms[history.cursorOf(line)];
        for (let i = 0; i < history.widthAt(first); i++) {
          const lines = run.readers.ofMemory(first + i, base + i, 1e6).map((reading) => reading.line);
          assert.deepEqual(lines, [...(expected.get(first + i) ?? [])], what);
          compared.memory += lines.length;
        }
      } else if (pushes > 0) {
        const lines = run.readers.ofStack(line, 1e6).map((reading) => reading.line);
        const wanted = [...(expected.get(first) ?? [])].sort((a, b) => a - b);
        assert.deepEqual([...new Set(lines)], wanted, what);
        compared.stack += lines.length;
        compared.most = Math.max(compared.most, lines.length);
      }
    }
  }
  assert.ok(compared.stack > 1000 && compared.memory > 100 && compared.most > 3, JSON.stringify(compared));
});

test('the first writes from a token on, however many there are', () => {
  const random = randomNumbers(3);
  const log = new WriteLog();
  const all: number[] = [];
  for (let token = 5; all.length < 200; token += 1 + random(9)) {
    log.add(7, token);
    log.add(8, token);
    all.push(token);
  }
  for (let i = 0; i < 300; i++) {
    const from = random(all[all.length - 1] + 20);
    const most = 1 + random(5);
    assert.deepEqual(log.from(7, from, most), all.filter((token) => token >= from).slice(0, most), `from ${from}`);
  }
  assert.deepEqual(log.from(9, 0, 5), []);
});

/** Random code of one function: jumps anywhere, some of them back. */
function randomCode(seed: number): ReturnType<typeof programOf> {
  const random = randomNumbers(seed);
  const count = 4 + random(14);
  const lines: Line[] = [];
  for (let i = 0; i < count; i++) {
    const jump = random(count + 1) - i - 1;
    const kind = random(6);
    if (kind === 0) lines.push(['br', jump]);
    else if (kind < 3) lines.push([kind === 1 ? 'br_if' : 'if', jump]);
    else if (kind === 3) lines.push(['return']);
    else lines.push(['nop']);
  }
  lines.push(['return']);
  return programOf(lines);
}

/** Whether the exit can be reached from an instruction without going through `without`. */
function leaves(next: readonly (readonly number[])[], from: number, without: number): boolean {
  const seen = new Set([from]);
  const queue = from === without ? [] : [from];
  for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
    if (at === next.length) return true;
    for (const to of next[at]) {
      if (to === without || seen.has(to)) continue;
      seen.add(to);
      queue.push(to);
    }
  }
  return false;
}

test('an instruction depends on a branch if one way out of it must lead there and another need not', () => {
  let depending = 0;
  for (let seed = 1; seed <= 400; seed++) {
    const program = randomCode(seed);
    const [fn] = program.functions;
    const next = Array.from({ length: fn.end - fn.start }, (_, i) =>
      successorsOf(program, fn, fn.start + i).map((to) => to - fn.start),
    );
    // Of loops that are never left the definition says nothing.
    if (next.some((_, i) => !leaves(next, i, -1))) continue;
    const mustPass = (from: number, through: number) => !leaves(next, from, through);
    const dependence = new ControlDependence(program, fn);
    for (let at = 0; at < next.length; at++) {
      const marks = new Uint8Array(program.ops.length);
      dependence.branchesOf(fn.start + at, marks);
      for (const [branch, ways] of next.entries()) {
        const strictly = branch !== at && mustPass(branch, at);
        const depends = ways.length > 1 && ways.some((way) => way === at || mustPass(way, at)) && !strictly;
        assert.equal(marks[fn.start + branch] === 1, depends, `seed ${seed}: ${at} on ${branch}`);
        depending += Number(depends);
      }
    }
  }
  assert.ok(depending > 200, `${depending} dependences`);
});

test('a loop that is never left, and a table of jumps', () => {
  const endless = programOf([['br_if', 1], ['return'], ['nop'], ['br', -2]]);
  const marks = new Uint8Array(endless.ops.length);
  new ControlDependence(endless, endless.functions[0]).branchesOf(3, marks);
  assert.deepEqual([...marks], [0, 1, 0, 0, 0]);
  const table = programOf([['br_table', 1], ['br', 1], ['br', 1], ['nop'], ['return']]);
  marks.fill(0);
  new ControlDependence(table, table.functions[0]).branchesOf(4, marks);
  assert.deepEqual([...marks], [0, 1, 0, 0, 0], 'the first row leads there, the default does not');
});
