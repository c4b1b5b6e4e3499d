/** `npm run exactness`: analyses the machine, and writes the rows that take most bits into docs/exactness.md. */
import { readFileSync, writeFileSync } from 'node:fs';
import { machine } from '../../engine/machine/machine.ts';
import { analyse } from '../../engine/weights/exactness/exactness.ts';
import { schedule } from '../../engine/weights/schedule.ts';
import { BEFORE, BEHIND, tightestRows } from './tightest-rows.ts';

const PAGE = 'docs/exactness.md';

const graph = machine();
const found = analyse(graph, schedule(graph));
const table = tightestRows(found);
const [before, rest] = readFileSync(PAGE, 'utf8').split(BEFORE);
writeFileSync(PAGE, `${before}${BEFORE}${table}${rest.slice(rest.indexOf(BEHIND))}`);
console.log(`${found.rows.length} rows in ${found.cases.length} cases${table}`);
