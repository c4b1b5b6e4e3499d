/**
 * A process of its own: a model's folder and a prompt's tokens in, the tokens that it generates out. Started with
 * `forbid.ts`; first makes sure that this is in force.
 *
 *     node --import tsx --import forbid.ts generate.ts MODEL PROMPT.json kernel|reference COUNT
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createGenerator, type Engine } from '../../engine/run/engines.ts';
import { readModel } from '../../engine/run/model-files.ts';

for (const file of ['isa/opcodes.ts', 'isa/vocabulary.ts', 'graph/graph.ts', 'machine/machine.ts']) {
  const url = new URL(`../../engine/${file}`, import.meta.url);
  assert.ok(readFileSync(url), `${file} exists`);
  await assert.rejects(import(url.href), /forbidden here/, `${file} cannot be imported`);
}

const [folder, promptFile, engine, count] = process.argv.slice(2);
const prompt = JSON.parse(readFileSync(promptFile, 'utf8')) as number[];
const generator = createGenerator(await readModel(folder), 'hull', engine as Engine);
generator.append(prompt);
const made = generator.generate(Number(count));
process.stdout.write(JSON.stringify(Array.from({ length: made }, (_, i) => generator.tokenAt(prompt.length + i))));
