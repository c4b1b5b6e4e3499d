/** What stands in the machine's memory for the functions of `helpers/host.c` at the start: their data, and what is given. */
import type { DataSegment } from '../../isa/program.ts';
import { evaluate } from '../decode/constants.ts';
import type { WasmModule } from '../decode/module.ts';
import { HOST_VARIABLES } from '../helpers/host-memory.ts';
import type { Helpers } from '../helpers/load-helpers.ts';
import type { Given } from './given.ts';

/** The date that all programs start on, in milliseconds: the year 2024. */
const START = Date.UTC(2024, 0);

/** Bytes of a row of the table of files, as `libc/src/filesystem/nodes.h` declares it: path, bytes, their number. */
const ROW = 12;

/** Address of a variable; undefined where the helpers have none. */
export function addressOf({ exports, globals }: WasmModule, name: string): number | undefined {
  const found = exports.find((entry) => entry.kind === 'global' && entry.name === name);
  return found && evaluate(globals[found.index].initial, globals)?.low;
}

/** The files with their table, and the environment, as bytes of which some are addresses. */
export class GivenImage {
  private readonly given: Given;
  private readonly parts: Uint8Array[] = [];
  private readonly rows: number[] = [];
  /** How many bytes. */
  readonly size: number;
  private readonly environment: number;

  constructor(given: Given | undefined) {
    this.given = given ?? { files: [], env: [], startDate: undefined };
    let at = ROW * (this.given.files.length + 1);
    const place = (bytes: Uint8Array) => {
      this.parts.push(bytes);
      at += bytes.length;
      return at - bytes.length;
    };
    for (const { path, bytes } of this.given.files) {
      this.rows.push(place(Buffer.from(`${path}\0`)), place(bytes), bytes.length);
    }
    this.environment = place(this.variables);
    this.size = at;
  }

  private get variables(): Uint8Array {
    return Buffer.from(this.given.env.map((text) => `${text}\0`).join(''));
  }

  /** The segments, the image at `base` among them. */
  segments(helpers: Helpers, base: number): DataSegment[] {
    const { env, files, startDate = START } = this.given;
    const table = new Uint32Array(3 * (files.length + 1));
    table.set(this.rows.map((value, i) => (i % 3 === 2 ? value : base + value)));
    const nanoseconds = BigInt(startDate) * 1_000_000n;
    const surroundings = new Uint8Array(24);
    const view = new DataView(surroundings.buffer);
    for (const [i, value] of [env.length, this.variables.length, base + this.environment].entries()) {
      view.setUint32(4 * i, value, true);
    }
    view.setBigUint64(16, nanoseconds, true);
    const { module } = helpers;
    const at = (name: string, bytes: Uint8Array): DataSegment[] => {
      const address = addressOf(module, name);
      return address === undefined ? [] : [{ address, bytes }];
    };
    return [
      { address: base, bytes: Buffer.concat([new Uint8Array(table.buffer), ...this.parts]) },
      ...module.data.map(({ offset, bytes }) => ({
        address: (offset && evaluate(offset, module.globals)?.low) ?? 0,
        bytes,
      })),
      ...at(HOST_VARIABLES.given, new Uint8Array(Uint32Array.of(base).buffer)),
      ...at(HOST_VARIABLES.surroundings, surroundings),
    ];
  }
}
