/**
 * `npm run approve`: takes the pictures of all views anew, or of those that are named (`npm run approve -- hull token`). They are
 * approved by being committed: look at them first.
 */
import { launchChromium } from '../../workbench/chromium.ts';
import { FOLDER, nameOf, pictured, renew, worn } from './approved.ts';
import { SCENES } from './scenes.ts';

const wanted = process.argv.slice(2);
const browser = await launchChromium();
for (const scene of SCENES) {
  if (wanted.length > 0 && !wanted.includes(scene.tab)) continue;
  for await (const { theme, plain } of worn(browser, scene)) renew(nameOf(scene, theme), await pictured(plain));
}
await browser.close();
console.log(`Look at what has changed in ${FOLDER}`);
