/** A view in VS Code compared with an approved picture, as those in a plain page are. */
import assert from 'node:assert/strict';
import type { Frame } from 'playwright-core';
import { PNG } from 'pngjs';
import { approvedPicture, compared, HALF, renew, TOLERATED } from '../views/pictures/approved.ts';
import { coarse } from '../views/pictures/compare.ts';
import { screenshots, type Workbench } from './workbench.ts';

/** With STEPFORMER_APPROVE the picture is taken anew. @throws where the view looks otherwise */
export async function looksApproved(vscode: Workbench, name: string, view: Frame): Promise<void> {
  const frame = await view.frameElement();
  const clip = await frame.boundingBox();
  assert.ok(clip, 'the view is in sight');
  await vscode.page.mouse.move(0, 0);
  const picture = PNG.sync.write(coarse(await vscode.page.screenshot({ clip, caret: 'hide' }), HALF));
  if (process.env.STEPFORMER_APPROVE) renew(name, picture);
  const { share } = compared(picture, approvedPicture(name));
  const what = `${(100 * share).toFixed(2)} % is unlike the approved ${name}.png; the workbench is in ${screenshots}`;
  assert.ok(share <= TOLERATED, `${what}; if it is meant so, run the test with STEPFORMER_APPROVE=1`);
}
