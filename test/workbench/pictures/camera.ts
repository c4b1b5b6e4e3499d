/// <reference lib="dom" />
/** Takes pictures of a workbench: whole, of a part, or as the frames of an animation, with the key that was pressed. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import { PNG } from 'pngjs';
import type { Workbench } from '../workbench.ts';
import { animation, type Frame, png } from './apng.ts';

export class Camera {
  private readonly vscode: Workbench;
  private readonly frames: Frame[] = [];

  constructor(vscode: Workbench, width: number, height: number) {
    this.vscode = vscode;
    void vscode.page.setViewportSize({ width, height });
  }

  /** The window, or the part of it that an element takes. */
  async picture(file: string, part?: Locator): Promise<void> {
    await this.settled();
    mkdirSync(path.dirname(file), { recursive: true });
    const taken = part ? await part.screenshot() : await this.vscode.page.screenshot();
    writeFileSync(file, png(PNG.sync.read(taken)));
  }

  /** A frame that stands for some time; `caption` says what was done, or what is seen. */
  async frame(time: number, caption: string): Promise<void> {
    await this.settled();
    await this.vscode.page.evaluate(write, caption);
    this.frames.push({ picture: PNG.sync.read(await this.vscode.page.screenshot()), time });
    await this.vscode.page.evaluate(write, '');
  }

  animation(): Buffer {
    return animation(this.frames);
  }

  /** What VS Code draws later is drawn. */
  private async settled(): Promise<void> {
    const { page } = this.vscode;
    await page.mouse.move(5, 400);
    await page.waitForTimeout(1500);
  }
}

/** Runs in the page: a line at its foot. */
function write(caption: string): void {
  document.querySelector('#caption')?.remove();
  if (caption === '') return;
  const box = document.createElement('div');
  box.id = 'caption';
  box.textContent = caption;
  const style = { position: 'fixed', left: '50%', bottom: '34px', transform: 'translateX(-50%)', zIndex: '9999' };
  const look = {
    padding: '8px 18px',
    borderRadius: '6px',
    background: '#0078d4',
    color: '#ffffff',
    font: '600 17px sans-serif',
  };
  Object.assign(box.style, style, look);
  document.body.append(box);
}
