/**
 * What a terminal does between the keyboard and a program that reads lines, as POSIX has it (canonical mode, General
 * Terminal Interface): what is typed is echoed and can be taken back until Enter sends the line; Ctrl+D ends the input, or
 * sends a line that has no end yet; Ctrl+U takes back the line, Ctrl+C interrupts.
 */

/** What happens with what is typed. */
export interface Discipline {
  /** Shows text in the terminal. */
  echo(text: string): void;
  /** Input for the program; `end`: no more will come. */
  send(text: string, end: boolean): void;
  interrupt(): void;
}

const ERASE = '\b \b';

/** Arrows and function keys (ECMA-48): nothing that a program reads by lines can do with them. */
const SEQUENCE = /^(?:\[[0-9;?]*[ -/]*[@-~]|O.|.)?/su;

export class LineDiscipline {
  private readonly to: Discipline;
  /** The characters of the line that is not sent yet. */
  private line: string[] = [];

  constructor(to: Discipline) {
    this.to = to;
  }

  /** Takes what was typed or pasted. */
  type(data: string): void {
    let rest = data;
    while (rest !== '') {
      const [key] = rest;
      rest = rest.slice(key.length);
      if (key === '\x1b') rest = rest.replace(SEQUENCE, '');
      else if (key === '\r' && rest.startsWith('\n')) continue;
      else this.press(key);
    }
  }

  private press(key: string): void {
    switch (key) {
      case '\r':
      case '\n':
        this.to.echo('\r\n');
        this.send('\n', false);
        break;
      case '\x03':
        this.to.echo('^C\r\n');
        this.line = [];
        this.to.interrupt();
        break;
      case '\x04':
        this.send('', this.line.length === 0);
        break;
      case '\x15':
        this.erase(this.line.length);
        break;
      case '\b':
      case '\x7f':
        this.erase(1);
        break;
      default:
        this.line.push(key);
        this.to.echo(echoOf(key));
    }
  }

  private erase(count: number): void {
    for (const key of this.line.splice(Math.max(this.line.length - count, 0))) {
      this.to.echo(ERASE.repeat(isControl(key) ? 2 : 1));
    }
  }

  private send(ending: string, end: boolean): void {
    const text = this.line.join('') + ending;
    this.line = [];
    this.to.send(text, end);
  }
}

const isControl = (key: string) => key < ' ';

/** Control characters as `^X`; a tab counts as one, so that it can be erased. */
function echoOf(key: string): string {
  return isControl(key) ? `^${String.fromCharCode(key.charCodeAt(0) + 64)}` : key;
}
