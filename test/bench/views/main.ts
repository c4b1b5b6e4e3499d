/**
 * `npm run bench:views`: how long the views take on Inkala's recording, nine million tokens, in a plain page served by
 * the adapter. Prints a table, beside what the times should stay below.
 */

import { type ArgumentsOf, isWork, REQUESTS, type RequestName } from '../../../debug-adapter/protocol/protocol.ts';
import { checkSent } from '../../../debug-adapter/protocol/schema.ts';
import { finish } from '../../../debug-adapter/recording/pace.ts';
import { transformed } from '../../views/plain/plain-page.ts';
import { launchChromium } from '../../workbench/chromium.ts';
import { exampleFile } from '../programs.ts';
import { askingReports } from './asking.ts';
import { hullReports } from './hull.ts';
import { modelReports, openingReports } from './opening.ts';
import type { ViewReport } from './report.ts';
import { selectingReports } from './selecting.ts';
import { timelineReports } from './timeline.ts';

const browser = await launchChromium();
const driver = await transformed(exampleFile('sudoku'));
driver.move('continue');
// Without the checks that tests make of every answer.
Object.assign(driver, {
  ask(command: RequestName, args: object = {}): unknown {
    const checked = checkSent<unknown>(REQUESTS[command].arguments, command, args) as ArgumentsOf<RequestName>;
    const answering: unknown = driver.session.request(command, checked);
    return isWork(answering) ? finish(answering) : answering;
  },
});
const reports: ViewReport[] = [
  ...(await timelineReports(browser, driver)),
  ...askingReports(driver),
  ...(await openingReports(browser, driver)),
  ...(await modelReports(browser, driver)),
  ...(await selectingReports(browser, driver)),
  ...(await hullReports(browser, driver)),
];
await browser.close();

const cells = reports.map(({ what, median, most, worst, limit, of }) => [
  what,
  ...[median, most, worst].map((time) => time.toFixed(1)),
  `${of} < ${limit}`,
]);
const table = [['', 'median ms', 'p95 ms', 'worst ms', 'should be'], ...cells];
const widths = table[0].map((_, column) => Math.max(...table.map((row) => row[column].length)));
for (const row of table) {
  console.log(row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join('  '));
}
