/** Bench of floats: how many lines and tokens an operator takes on random operands, counted by the oracle. */
import { OPERATORS, Operands } from '../toolchain/float-cases.ts';
import { Sides } from '../toolchain/operators.ts';

/** An operator's cost; the call, its arguments and the return around it are left out of the lines. */
export interface FloatReport {
  readonly operator: string;
  readonly lines: number;
  readonly most: number;
}

const OPERANDS = 500;
/** Shown: the others are as one of these. */
const SHOWN = ['add', 'mul', 'div', 'sqrt', 'lt', 'floor', 'convert_i64_s'].flatMap((name) => [
  `f32.${name}`,
  `f64.${name}`,
]);

/** Lines of operators on random operands. */
export async function benchFloats(): Promise<FloatReport[]> {
  const sides = await Sides.of(OPERATORS);
  const operands = new Operands(1);
  return OPERATORS.filter(({ name }) => SHOWN.includes(name) || name === 'i32.trunc_sat_f64_s').map(
    ({ name, params }) => {
      let [sum, most] = [0, 0];
      for (let i = 0; i < OPERANDS; i++) {
        sides.oracle(
          name,
          params.map((type) => operands.next(type)),
        );
        const lines = sides.ours.lines - 3 - 2 * params.length;
        sum += lines;
        most = Math.max(most, lines);
      }
      return { operator: name, lines: sum / OPERANDS, most };
    },
  );
}
