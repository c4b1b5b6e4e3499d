/**
 * `npm run bench:debug`: how long a debugger's answers take on Inkala's recording, nine million tokens, in one process.
 * Prints medians in a table, beside what they should stay below.
 */
import type { AnswerReport } from './answers.ts';
import { inOwnProcess } from './own-process.ts';

const rows = await inOwnProcess<AnswerReport[]>('answers');
const cells = rows.map(({ what, median, worst, limit }) => [what, median.toFixed(1), worst.toFixed(1), String(limit)]);
const table = [['', 'median ms', 'worst ms', 'should be below'], ...cells];
const widths = table[0].map((_, column) => Math.max(...table.map((row) => row[column].length)));
for (const row of table) {
  console.log(row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join('  '));
}
