/// <reference lib="dom" />
/** WebAssembly in its text: F5, steps both ways, a breakpoint in the gutter, names and their values under the pointer. */
import { uiTest, writeWorkspaceFile } from '../stage.ts';
import { until } from '../workbench.ts';

const TEXT = `(module
  (global $total (mut i32) (i32.const 0))
  (func $add (param $x i32)
    local.get $x
    global.get $total
    i32.add
    global.set $total)
  (func (export "main") (result i32)
    (call $add (i32.const 3))
    (call $add (i32.const 4))
    global.get $total))
`;

describe('WebAssembly text', () => {
  before(() => writeWorkspaceFile('total.wat', TEXT));

  uiTest('F5 on a .wat: stops, steps in and back, shows its names', 'total.wat', async (vscode) => {
    await vscode.press('F5');
    await vscode.stopsAt(9);
    await vscode.press('F11');
    await vscode.stopsAt(4);
    await vscode.variableIs('$x', '3');
    await vscode.press('F10');
    await vscode.stopsAt(5);
    await vscode.press('F10');
    await vscode.stopsAt(6);
    const name = vscode.page
      .locator('.view-line', { hasText: 'local.get $x' })
      .locator('span', { hasText: '$x' })
      .last();
    await name.hover();
    await vscode.page.locator('.debug-hover-widget .value', { hasText: '3' }).waitFor();
    await vscode.screenshot('text');
    await vscode.toolbar('step-back');
    await vscode.stopsAt(5);
    await vscode.toggleBreakpoint(7);
    await vscode.press('F5');
    await vscode.stopsAt(7);
    await vscode.press('F5');
    await until('the second call', async () => (await vscode.variables()).get('$x') === '4');
    await vscode.stopsAt(7);
  });
});
