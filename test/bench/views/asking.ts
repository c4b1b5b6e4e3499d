/** What the adapter's answers for other views take: a page of the trace, and where a head looked, on a long recording. */
import type { HeadView } from '../../../debug-adapter/protocol/protocol.ts';
import { PAGE_LINES } from '../../../debug-adapter/recording/trace-pages.ts';
import type { Driver } from '../../debug-adapter/driver.ts';
import { randomNumbers, timed } from '../measure.ts';
import { reportOf, type ViewReport } from './report.ts';

const ROUNDS = 20;
const LINES = 1000;

export function askingReports(driver: Driver): ViewReport[] {
  const { reached } = driver.ask('stepformer/position');
  const random = randomNumbers();
  const pages = Array.from({ length: ROUNDS }, () => Math.floor((random() * reached) / PAGE_LINES));
  const shown = pages.map((page) => timed(() => driver.ask('stepformer/tracePage', { page })));
  const heads: HeadView[] = driver.ask('stepformer/attention').heads;
  const { layer, head } = heads.find(({ active }) => active) ?? heads[0];
  const patterns = Array.from({ length: ROUNDS }, () => {
    const from = Math.floor(random() * (reached - LINES));
    return timed(() => driver.ask('stepformer/pattern', { layer, head, from, to: from + LINES, points: 32 }));
  });
  return [
    reportOf('trace: a page', shown, 150, 'median'),
    reportOf('attention: where a head looked, the first picture', patterns, 200, 'median'),
  ];
}
