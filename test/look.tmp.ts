import { launchChromium } from './workbench/chromium.ts';
import { STEADY, startServer } from './workbench/server.ts';
import { Workbench } from './workbench/workbench.ts';
const server = await startServer({ data: '/tmp/first/vs', extension: 'project', settings: STEADY });
const browser = await launchChromium();
const shot=async (v:Workbench,n:string)=>{ await v.page.waitForTimeout(3000); await v.page.screenshot({path:'/tmp/first/look-'+n+'.png'}); console.log(n); };
const v = await Workbench.open(browser, server, '/work/wt/first/examples', 'add.c');
v.page.setDefaultTimeout(40000);
try { await v.command('Developer: Show Running Extensions'); await shot(v,'running'); } catch(e) { console.log(String(e)); await shot(v,'fail1'); }
try { await v.command('Stepformer: Get Started'); await shot(v,'walk-1'); await v.page.getByText('Travel there', { exact: true }).first().click(); await shot(v,'walk-2'); } catch(e) { console.log(String(e)); await shot(v,'fail2'); }
try { await v.press('Control+Shift+X'); await v.page.waitForTimeout(3000); await v.page.locator('.extensions-list .monaco-list-row', {hasText:'Stepformer'}).first().click(); await shot(v,'page'); await v.page.mouse.move(700,600); await v.page.mouse.wheel(0,900); await shot(v,'page-2'); } catch(e) { console.log(String(e)); await shot(v,'fail3'); }
await browser.close(); await server.stop(); process.exit(0);
