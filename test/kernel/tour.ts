/**
 * The printed blocks of docs/kernel.md: what `stepformer model --kernel` prints of the token that the tour follows, section
 * by section. Run by itself it writes them anew:
 *
 *     npx tsx test/kernel/tour.ts
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { reportOn, textOfReport } from '../../engine/cli/kernel-report.ts';
import { Model } from '../../engine/transformer/model.ts';
import { modelFiles } from '../../engine/weights/build.ts';

const TOUR = new URL('../../docs/kernel.md', import.meta.url);
/** The command that the page names. */
const COMMAND = /^stepformer model --kernel (\d+) (docs\/\S+)$/m;
/** A section by the start of its title: all of it, its code, or what is before its code. */
const BLOCK = /(<!-- printed: ([^,>]+?)(, (?:code|without code))? -->\n```text\n)[^`]*?(```\n<!-- \/printed -->\n)/g;

/** Lines of generated code. */
const CODE = /^ {4}\S|^ {6}/;

/** The page as it is, and as it is with what is printed today. */
export async function tour(): Promise<{ written: string; printed: string; blocks: number }> {
  const written = readFileSync(TOUR, 'utf8');
  const command = COMMAND.exec(written);
  if (!command) throw new Error('docs/kernel.md names no command `stepformer model --kernel TOKEN docs/FILE`');
  const file = fileURLToPath(new URL(`../../${command[2]}`, import.meta.url));
  const model = Model.load(modelFiles());
  const report = await reportOn(model, { token: Number(command[1]), files: [file], args: [], optimize: 'O0' });
  const sections = textOfReport(report, model.vocab).trimEnd().split('\n\n');
  let blocks = 0;
  const printed = written.replace(BLOCK, (_, start: string, title: string, part: string | undefined, end: string) => {
    const section = sections.find((text) => text.startsWith(title));
    if (section === undefined) throw new Error(`nothing printed starts with "${title}"`);
    blocks++;
    const lines = section.split('\n').filter((line) => part === undefined || CODE.test(line) === (part === ', code'));
    return `${start}${lines.map((line) => `${line}\n`).join('')}${end}`;
  });
  return { written, printed, blocks };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(TOUR, (await tour()).printed);
