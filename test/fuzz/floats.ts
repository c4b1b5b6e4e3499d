/** Random operands of every operator on floats: what the machine is to compute (its instructions, by the oracle) against V8. */
import { assertSame, OPERATORS, Operands } from '../toolchain/float-cases.ts';
import { Sides } from '../toolchain/operators.ts';

/** Tries so many operands, the operators in turn; prints the first that differs. Returns the exit status. */
export async function fuzzFloats(count: number, seed: number): Promise<number> {
  const sides = await Sides.of(OPERATORS);
  const operands = new Operands(seed);
  console.log(`seed ${seed}`);
  for (let i = 0; i < count; i++) {
    const operator = OPERATORS[i % OPERATORS.length];
    try {
      assertSame(
        sides,
        operator,
        operator.params.map((type) => operands.next(type)),
      );
    } catch (error) {
      console.log((error as Error).message);
      return 1;
    }
    if ((i + 1) % 1_000_000 === 0) console.log(`${(i + 1).toLocaleString('en')} operations agree`);
  }
  console.log(`${count.toLocaleString('en')} operations agree with V8`);
  return 0;
}
