/** Sources of tokens that fail, or say what makes no sense: reported, not believed; what was before stays. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PlacedError } from '../../engine/errors.ts';
import { TOKEN } from '../../engine/isa/vocabulary.ts';
import { Interpreter } from '../oracle/interpreter.ts';
import { Driver, launched } from './driver.ts';
import { RecordedSource } from './oracle-source.ts';
import { MODULE, VALUES } from './programs.ts';

test('a source that fails is reported, not believed', async () => {
  const program = await launched(VALUES);
  const debug = new Driver(VALUES, program, {}, new RecordedSource([]));
  const stop = debug.move('configurationDone');
  assert.equal(stop.reason, 'exception');
  assert.match(stop.text ?? '', /the recording ends here/);
});

test('what is shown is what the tokens say, right or wrong', async () => {
  const program = await launched(MODULE);
  const oracle = new Interpreter(program.loaded.program, program.input);
  oracle.run();
  const changed = oracle.trace.slice();
  // The product, 40, is said to be 41.
  changed[changed.indexOf(TOKEN.byte + 40)] = TOKEN.byte + 41;
  const debug = new Driver(MODULE, program, {}, new RecordedSource(changed));
  debug.move('configurationDone');
  for (let i = 0; i < 4; i++) debug.move('next');
  assert.deepEqual(debug.scope('Operand Stack'), { '[0]': '41' });
});

test('a token that makes no sense ends the run with its place; what was before it stays', async () => {
  const program = await launched(MODULE);
  const oracle = new Interpreter(program.loaded.program, program.input);
  oracle.run();
  const changed = oracle.trace.slice();
  const at = changed.indexOf(TOKEN.byte + 40);
  changed[at] = TOKEN.open;
  const debug = new Driver(MODULE, program, {}, new RecordedSource(changed));
  debug.move('configurationDone');
  const stop = debug.move('continue');
  assert.equal(stop.reason, 'exception');
  assert.match(stop.text ?? '', /"\{" cannot stand here, in line \d+ \(token \d+\)/);
  assert.equal(debug.move('continue').reason, 'exception', 'and again');
  debug.move('stepBack');
  assert.deepEqual(debug.scope('Operand Stack'), { '[0]': '20' });
});

test('a model that refuses the prompt is reported with its message', async () => {
  const program = await launched(MODULE);
  const source = new RecordedSource([]);
  source.append = () => {
    throw new PlacedError('beyond what softmax computes exactly', { token: 1000 });
  };
  const debug = new Driver(MODULE, program, {}, source);
  const stop = debug.move('configurationDone');
  assert.equal(stop.reason, 'exception');
  assert.match(stop.text ?? '', /beyond what softmax computes exactly \(token 1000\)/);
  assert.equal(debug.frames().length, 1);
});
