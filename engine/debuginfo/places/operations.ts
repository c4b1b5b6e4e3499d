/**
 * Location expressions as lists of operations (DWARF 5, section 2.5; DW_OP_WASM_location from the WebAssembly tool
 * conventions, "DWARF for WebAssembly"): constants in one form, branches resolved, everything unknown refused.
 */
import { OP } from '../dwarf/constants.ts';
import { Cursor, DamagedData } from '../dwarf/cursor.ts';
import { indexedAddress, type Unit } from '../dwarf/entries.ts';

/** One decoded operation. `a` and `b` are its operands; for `implicitValue` the bytes are in `block`. */
export interface Operation {
  op: number;
  a: number;
  b: number;
  wide: bigint;
  block: Uint8Array | undefined;
}

/** What an optimiser leaves where the value itself is lost. */
const LOST: ReadonlySet<number> = new Set([OP.entryValue, OP.gnuEntryValue, OP.implicitPointer, OP.gnuImplicitPointer]);

/** Decodes an expression of `unit`. Throws `DamagedData`, saying why, for what cannot be evaluated. */
export function decodeOperations(expression: Uint8Array, unit: Unit): Operation[] {
  const cursor = new Cursor(expression);
  const operations: Operation[] = [];
  const starts = new Map<number, number>();
  while (!cursor.atEnd) {
    starts.set(cursor.offset, operations.length);
    const op = cursor.u8();
    const operation: Operation = { op, a: 0, b: 0, wide: 0n, block: undefined };
    const constant = (value: number | bigint): void => {
      operation.op = OP.constu;
      operation.wide = BigInt.asUintN(64, BigInt(value));
    };
    if (op >= OP.lit0 && op <= OP.lit31) constant(op - OP.lit0);
    else if (op === OP.addr) operation.a = cursor.unsigned(unit.addressSize);
    else if (op === OP.addrx || op === OP.constx) {
      const address = indexedAddress(unit, cursor.uleb());
      if (address === undefined) throw new DamagedData('its address index is outside .debug_addr');
      operation.op = OP.addr;
      operation.a = address;
    } else if (op === OP.const1u) constant(cursor.u8());
    else if (op === OP.const1s) constant(cursor.i8());
    else if (op === OP.const2u) constant(cursor.u16());
    else if (op === OP.const2s) constant((cursor.u16() << 16) >> 16);
    else if (op === OP.const4u) constant(cursor.u32());
    else if (op === OP.const4s) constant(cursor.u32() | 0);
    else if (op === OP.const8u || op === OP.const8s) constant(cursor.u64());
    else if (op === OP.constu) constant(cursor.ulebExact());
    else if (op === OP.consts) constant(cursor.sleb());
    else if (op === OP.plusUconst || op === OP.piece || op === OP.convert || op === OP.reinterpret) {
      operation.a = cursor.uleb();
    } else if (op === OP.fbreg) operation.a = Number(cursor.sleb());
    else if (op === OP.pick || op === OP.derefSize) operation.a = cursor.u8();
    else if (op === OP.bra || op === OP.skip) operation.a = ((cursor.u16() << 16) >> 16) + cursor.offset;
    else if (op === OP.implicitValue) operation.block = cursor.block(cursor.uleb());
    else if (op === OP.wasmLocation) {
      operation.a = cursor.u8();
      // Kinds 0 local, 1 global, 2 operand stack, with a LEB index; 3 global with four bytes, for the linker to fill in.
      operation.b = operation.a === 3 ? cursor.u32() : cursor.uleb();
      if (operation.a > 3) throw new DamagedData(`wasm location kind ${operation.a} is unknown`);
    } else if (!isPlain(op)) {
      const lost = LOST.has(op);
      throw new DamagedData(lost ? 'optimised out' : `its location uses DW_OP 0x${op.toString(16)}, which is not read`);
    }
    operations.push(operation);
  }
  starts.set(cursor.offset, operations.length);
  for (const operation of operations) {
    if (operation.op !== OP.bra && operation.op !== OP.skip) continue;
    const target = starts.get(operation.a);
    if (target === undefined) throw new DamagedData('its location branches into the middle of an operation');
    operation.a = target;
  }
  return operations;
}

function isPlain(op: number): boolean {
  return (
    (op >= OP.dup && op <= OP.plus) ||
    (op >= OP.shl && op <= OP.xor) ||
    (op >= OP.eq && op <= OP.ne) ||
    op === OP.deref ||
    op === OP.drop ||
    op === OP.nop ||
    op === OP.stackValue
  );
}
