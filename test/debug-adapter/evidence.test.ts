/**
 * The head that is told as the evidence of a hop attended to exactly the token that the write logs say: over all that
 * programs computed, moved, read and tested, on the model's own passes.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Explanations } from '../../debug-adapter/explain/explanations.ts';
import { hops } from '../../debug-adapter/explain/origin.ts';
import { subjectOfToken } from '../../debug-adapter/explain/subject.ts';
import { readingsOf } from '../../debug-adapter/explain/uses.ts';
import { evidenceOf } from '../../debug-adapter/explain/witness.ts';
import { Inspector } from '../../debug-adapter/inspect/inspector.ts';
import { Debuggee } from '../../debug-adapter/recording/debuggee.ts';
import { finish, Pace } from '../../debug-adapter/recording/pace.ts';
import { Recording } from '../../debug-adapter/recording/recording.ts';
import type { Look, Role } from '../../engine/trace/byte-steps.ts';
import { file, launched } from './driver.ts';
import { KernelSource } from './inspect/kernel-source.ts';

/** A program that has run to its end, and what explains it. */
async function explained(path: string, stdin: string): Promise<Explanations> {
  const { loaded, input } = await launched(path, [], stdin);
  const recording = new Recording({ program: loaded.program, input, source: new KernelSource(), budget: 1e6 });
  finish(recording.complete(1e6, new Pace()));
  assert.equal(recording.failure, undefined);
  recording.reached = recording.lastPosition;
  const debuggee = new Debuggee(loaded);
  return new Explanations(debuggee, recording, new Inspector(debuggee, recording).evaluation);
}

const C = `#include <stdio.h>
#include <stdlib.h>
#include <string.h>
struct pair { int key; short value; char name[6]; };
static struct pair pairs[3] = { { 3, -3, "three" }, { 1, 1, "one" }, { 2, -2, "two" } };
static int compare(const void *a, const void *b) { return ((const struct pair *)a)->key - ((const struct pair *)b)->key; }
int main(void) {
  char line[12];
  fgets(line, sizeof line, stdin);
  struct pair other = pairs[1];
  qsort(pairs, 3, sizeof pairs[0], compare);
  int sum = pairs[0].value + pairs[2].value;
  long long big = (long long)atoi(line) * sum;
  double half = big / 2.0;
  int larger = sum > line[0] ? sum : line[1];
  printf("%lld %.1f %d %s\\n", big % 7, half, larger, other.name);
  return 0;
}
`;

const WAT = `(module
  (import "stepformer" "read_byte" (func $read (result i32)))
  (import "stepformer" "write_byte" (func $write (param i32)))
  (memory 1)
  (data (i32.const 16) "\\01\\02\\03\\04\\05\\06\\07\\08")
  (global $total (mut i64) (i64.const 5))
  (func $twice (param $x i64) (param $y i32) (result i64)
    (local $zero i64)
    (i64.add (local.get $x) (select (i64.extend_i32_s (local.get $y)) (local.get $zero) (local.get $y))))
  (func (export "main") (result i32)
    (global.set $total (call $twice (i64.load (i32.const 16)) (call $read)))
    (i64.store (i32.const 20) (global.get $total))
    (call $write (i32.load8_s (i32.const 21)))
    (i32.load16_u offset=1 (i32.const 18))))
`;

const PROGRAMS: [name: string, path: string, stdin: string][] = [
  ['C', file('evidence.c', C), '12\n'],
  ['WebAssembly', file('evidence.wat', WAT), 'a'],
];

/** Tokens that are asked about, of all of a run. */
const MOST_TOKENS = 500;

for (const [name, path, stdin] of PROGRAMS) {
  test(`the head of every hop attended to the write that the log says: ${name}`, async (t) => {
    const { teller, readers } = await explained(path, stdin);
    const { recording, steps } = teller;
    const { history } = steps;
    const seen = new Map<Role, number>();
    const known = new Map<string, boolean>();
    const check = (look: Look, what: string) => {
      const key = `${look.token} ${look.role} ${look.target}`;
      if (known.has(key) || look.token < 0) return;
      known.set(key, true);
      const evidence = evidenceOf(recording, look);
      assert.equal(evidence?.role, look.role, what);
      // What was never written has no token: the head found something else.
      if (look.target >= 0) assert.equal(evidence?.to, look.target, `${what}: ${key}, ${evidence?.to}`);
      seen.set(look.role, (seen.get(look.role) ?? 0) + 1);
    };
    const from = history.promptLength;
    const by = Math.max(1, Math.floor((history.tokenCount - from) / MOST_TOKENS));
    for (let token = from; token < history.tokenCount; token += by) {
      const line = history.lineOfToken(token);
      const isValue = history.widthAt(history.firstToken(line)) > 0 && steps.opcode(line).circuit !== 'branch';
      if (!isValue || steps.opcode(line).circuit === 'return') continue;
      let count = 0;
      for (const { look } of hops(teller, subjectOfToken(steps, token))) {
        if (look) check(look, `${history.text(line)} (line ${line})`);
        if (++count === 6) break;
      }
      for (const { look } of readingsOf(teller, readers, token, 2)) check(look, `a reader of line ${line}`);
    }
    t.diagnostic(JSON.stringify([...seen]));
    assert.ok(known.size > 20, `${known.size} look-ups`);
    const wanted: Role[] = ['stack top', 'memory load', 'byte of local or global', 'byte of immediate'];
    for (const role of wanted) assert.ok((seen.get(role) ?? 0) > 0, `no ${role} among ${JSON.stringify([...seen])}`);
  });
}

test('the condition of a branch is told with the head that read it', async () => {
  const why = await explained(PROGRAMS[0][1], '12\n');
  const { recording, steps } = why.teller;
  let branches = 0;
  for (let line = 50; line < recording.lastPosition; line += 97) {
    const found = why.controlOf(line);
    if (found.kind !== 'branch') continue;
    branches++;
    assert.equal(found.evidence?.to, found.condition?.token, `line ${line}`);
    assert.ok(found.traceLine < line && steps.callOf(found.traceLine) === steps.callOf(line), `line ${line}`);
  }
  assert.ok(branches > 10, `${branches} branches`);
});
