/**
 * A build step that is left out where nothing that it depends on has changed.
 *
 * A step's stamp is a hash of its code with everything that this imports, of the files that it reads, and of the
 * installed packages; with it, of what the step made. It is kept beside what was made. So a change anywhere below the
 * step makes it run again, and so does a result that somebody else has written over.
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';

export interface Step {
  readonly name: string;
  /** Modules whose code makes it: the one that is called, and those that run in processes of their own. */
  readonly modules: readonly string[];
  /** Files, and folders of files, that it reads. */
  readonly reads: readonly string[];
  /** The file or folder that it makes. */
  readonly output: string;
  make(output: string): Promise<void>;
}

/** Paths of the files at or below a place, in a fixed order. */
function filesAt(place: string): string[] {
  if (!statSync(place).isDirectory()) return [place];
  const names = readdirSync(place, { recursive: true, encoding: 'utf8' }).sort();
  return names.map((name) => path.join(place, name)).filter((file) => statSync(file).isFile());
}

async function stampOf({ modules, reads, output }: Step): Promise<string> {
  const hash = createHash('sha256');
  const bundled = await build({
    entryPoints: [...modules],
    outdir: 'unwritten',
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    logLevel: 'silent',
  });
  for (const { contents } of bundled.outputFiles) hash.update(contents);
  for (const file of [...reads, 'package-lock.json', output].flatMap(filesAt)) {
    const contents = readFileSync(file);
    hash.update(`${file}\0${contents.length}\0`).update(contents);
  }
  return hash.digest('hex');
}

/** Runs a step, or leaves it out where its stamp in the folder `stamps` is that of today. */
export async function stamped(step: Step, stamps: string): Promise<void> {
  const file = path.join(stamps, step.name);
  const { output } = step;
  if (existsSync(output) && existsSync(file) && readFileSync(file, 'utf8') === (await stampOf(step))) {
    console.log(`  ${output} is up to date`);
    return;
  }
  rmSync(output, { recursive: true, force: true });
  await step.make(output);
  writeFileSync(file, await stampOf(step));
  console.log(`  ${output} is made`);
}
