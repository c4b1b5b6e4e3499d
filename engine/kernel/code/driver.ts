/**
 * The module that every model shares: the loop over tokens, the stub that stands in for functions not yet generated,
 * the insertion of a record, and what JavaScript answers.
 */

import { MAX_SHIFT } from '../graph/lookup.ts';
import { CALLS, callStage, TABLES, TYPES } from './calls.ts';
import { DIRECTORY, GROUP, RECORD, SLOT, TOKENS } from './memory-map.ts';
import { DEOPT } from './surroundings.ts';
import { Code, I32, MEMORY, moduleBytes, OP } from './wasm.ts';

/** Addresses that the driver is made for. */
export interface DriverParts {
  readonly groups: readonly { readonly group: number; readonly cell: number; readonly directory: number }[];
  readonly emptyPage: number;
  /** Class of each token id, two bytes each. */
  readonly tokenClass: number;
  /** 1 for ids that end generation, a byte each. */
  readonly eos: number;
  /** Cell for why the loop stopped: 0 at its end, 1 behind a token that ends generation, -DEOPT. */
  readonly status: number;
  readonly checkpoint: number;
}

/** Behind those of every module: (i32) -> (); (i32, i32, i32, i32) -> i32. */
const OWN_TYPES = [
  { parameters: [I32], results: [] },
  { parameters: [I32, I32, I32, I32], results: [I32] },
];
const TOLD = TYPES.length;
const RUN = TYPES.length + 1;
/** Calls that JavaScript answers. */
const ANSWERED = CALLS.filter(({ name }) => name !== 'insert');
const IMPORTS = [
  { name: 'newPage', type: 0 },
  { name: 'missing', type: TOLD },
  { name: 'checkpoint', type: TOLD },
  { name: 'newChunk', type: TOLD },
  ...ANSWERED,
];

export function driverModule(parts: DriverParts): Uint8Array {
  return moduleBytes({
    types: [...TYPES, ...OWN_TYPES],
    tables: TABLES,
    imports: IMPORTS,
    functions: [
      { name: 'stub', type: 0, code: stub() },
      { name: 'giveUp', type: 0, code: new Code(2).i32(DEOPT) },
      { name: 'insert', type: 1, code: insert(parts) },
      { name: 'run', type: RUN, code: run(parts) },
      ...ANSWERED.map(({ name, type }) => ({ name, type, code: forward(name, type) })),
    ],
  });
}

/** What JavaScript answers, as a function that can stand in the table. */
function forward(name: string, type: number): Code {
  const { parameters } = TYPES[type];
  const code = new Code(parameters.length);
  for (const i of parameters.keys()) code.get(i);
  return code.call(IMPORTS.findIndex((known) => known.name === name));
}

/** (position, id) -> token: has the function of this slot generated, then calls it. */
function stub(): Code {
  const code = new Code(2);
  const slot = code.local(I32);
  code.i32(0).mem(MEMORY.i32_load, SLOT).tee(slot).call(1);
  return callStage(code.get(0).get(1).get(slot));
}

/** (slots, start, end, generates) -> position reached. */
function run({ tokenClass, eos, status, checkpoint }: DriverParts): Code {
  const code = new Code(4);
  const [slots, t, end, generates] = [0, 1, 2, 3];
  const [id, slot, next] = [code.local(I32), code.local(I32), code.local(I32)];
  const token = (offset: number) => {
    code.i32(0).mem(MEMORY.i32_load, TOKENS).get(t).i32(1).op(OP.i32_shl, OP.i32_add);
    return 2 * (MAX_SHIFT + offset);
  };
  const stop = (why: number) => code.i32(0).i32(why).mem(MEMORY.i32_store, status).get(t).op(OP.return);
  code.loop();
  code.get(t).get(end).op(OP.i32_ge_s).if();
  stop(0).op(OP.end);
  code
    .get(t)
    .i32(checkpoint - 1)
    .op(OP.i32_and, OP.i32_eqz)
    .if()
    .get(t)
    .call(2)
    .op(OP.end);
  const here = token(0);
  code.mem(MEMORY.i32_load16_u, here).tee(id).i32(1).op(OP.i32_shl).mem(MEMORY.i32_load16_u, tokenClass);
  code.get(slots).op(OP.i32_add).set(slot).i32(0).get(slot).mem(MEMORY.i32_store, SLOT);
  callStage(code.get(t).get(id).get(slot)).tee(next).i32(DEOPT).op(OP.i32_eq).if();
  stop(-DEOPT).op(OP.end);
  code.get(generates).if();
  const behind = token(1);
  code.get(next).mem(MEMORY.i32_store16, behind);
  code.get(next).mem(MEMORY.i32_load8_u, eos).if().get(t).i32(1).op(OP.i32_add).set(t);
  stop(1).op(OP.end, OP.end);
  code.get(t).i32(1).op(OP.i32_add).set(t).br(0).op(OP.end);
  return code.op(OP.unreachable);
}

/** (group, key, position) -> record: the same one when the token has already left it. */
function insert({ groups, emptyPage }: DriverParts): Code {
  const code = new Code(3);
  const [group, key, t] = [0, 1, 2];
  const [cell, directory, page, record, entry, previous, word] = Array.from({ length: 7 }, () => code.local(I32));
  for (const place of groups) {
    code.get(group).i32(place.group).op(OP.i32_eq).if();
    code.i32(place.cell).set(cell).i32(place.directory).set(directory).op(OP.end);
  }
  code.get(cell).mem(MEMORY.i32_load, GROUP.last).tee(record).if();
  code.get(record).mem(MEMORY.i32_load, RECORD.position).get(t).op(OP.i32_eq).if();
  code.get(record).op(OP.return, OP.end, OP.end);
  code.get(cell).mem(MEMORY.i32_load, GROUP.next).get(cell).mem(MEMORY.i32_load, GROUP.end).op(OP.i32_eq).if();
  code.get(group).call(3).op(OP.end);
  code.get(cell).get(cell).mem(MEMORY.i32_load, GROUP.next).tee(record);
  code.get(cell).mem(MEMORY.i32_load, GROUP.stride).op(OP.i32_add).mem(MEMORY.i32_store, GROUP.next);
  code.get(directory).get(key).i32(DIRECTORY.bits).op(OP.i32_shr_u).i32(2).op(OP.i32_shl, OP.i32_add);
  code.mem(MEMORY.i32_load).tee(page).i32(emptyPage).op(OP.i32_eq).if();
  code.get(group).get(key).i32(DIRECTORY.bits).op(OP.i32_shr_u).call(0).set(page).op(OP.end);
  const inPage = () =>
    code
      .get(key)
      .i32(DIRECTORY.entries - 1)
      .op(OP.i32_and);
  inPage().i32(3).op(OP.i32_shl).get(page).op(OP.i32_add).tee(entry).mem(MEMORY.i32_load).set(previous);
  code.get(record).get(t).mem(MEMORY.i32_store, RECORD.position);
  code.get(record).get(previous).mem(MEMORY.i32_store, RECORD.previous);
  code.get(record).get(key).mem(MEMORY.i32_store, RECORD.key);
  code.get(entry).get(record).mem(MEMORY.i32_store);
  code.get(cell).get(record).mem(MEMORY.i32_store, GROUP.last);
  code.get(previous).op(OP.i32_eqz).if();
  code.get(entry).get(t).mem(MEMORY.i32_store, 4);
  inPage().i32(5).op(OP.i32_shr_u).i32(2).op(OP.i32_shl).get(page).op(OP.i32_add).tee(word);
  code.get(word).mem(MEMORY.i32_load, DIRECTORY.bitmap).i32(1).get(key).i32(31).op(OP.i32_and, OP.i32_shl, OP.i32_or);
  code.mem(MEMORY.i32_store, DIRECTORY.bitmap).op(OP.end);
  return code.get(record);
}
