/** One program in contexts of any size, and in a single one, from the model: what several tests hold against each other. */
import { openRecording } from '../../../debug-adapter/protocol/launch.ts';
import { Pace } from '../../../debug-adapter/recording/pace.ts';
import { Recording, type RecordingOptions } from '../../../debug-adapter/recording/recording.ts';
import { transformerSources } from '../../../debug-adapter/recording/transformer-source.ts';
import { Driver, file, launched } from '../driver.ts';

const sources = transformerSources();
export const pace = new Pace();
export const encoder = new TextEncoder();

/** Prints what it reads, and keeps it in all places that a machine has. */
export const PROGRAM = file(
  'many-contexts.c',
  `extern int getchar(void);
extern int putchar(int);
unsigned total = 5;
char seen[40] = "abc";
static int depth(int n) { int below = n > 0 ? depth(n - 1) : 1; return below * 3 + n; }
int main(void) {
  int c, at = 0;
  long long wide = 1;
  while ((c = getchar()) >= 0) {
    seen[at++] = (char)c;
    total = total * 31 + c;
    wide = wide * 1000003 + depth(c & 3);
    putchar('a' + (int)(wide & 15));
  }
  for (int i = 0; i < at; i++) putchar(seen[i]);
  return (int)(total & 127) + depth(4);
}
`,
);
export const program = await launched(PROGRAM);

export async function recordingOf(options: Partial<RecordingOptions> = {}): Promise<Recording> {
  const { loaded } = program;
  const input = options.input ?? encoder.encode('hel');
  const more = options.more ?? false;
  const source = await sources.source({ program: loaded.program, input, more, attention: 'hull', engine: undefined });
  return new Recording({ program: loaded.program, budget: 1e7, ...options, input, source });
}

/** Contexts that have room for little beside what they begin with. */
export const small = (room: number) => (state: number) => state + room;

/** A session, begun: at its entry, or of a recording where that stands. */
export async function open(
  contextLength?: (state: number) => number,
  {
    path = PROGRAM,
    text = 'hel',
    recording,
    ...options
  }: { path?: string; text?: string; recording?: string; [attribute: string]: unknown } = {},
): Promise<Driver> {
  const opened = recording === undefined ? await launched(path) : await openRecording({ recording });
  const { loaded } = opened;
  const input = encoder.encode(text);
  const source = await sources.source({ program: loaded.program, input, attention: 'hull', engine: undefined });
  const debug = new Driver(path, { ...opened, input }, { stopOnEntry: true, ...options }, source, contextLength);
  debug.move('configurationDone');
  return debug;
}
