/**
 * `select` of two vectors, by their halves: on the stack are those of the first, those of the second and the condition.
 * `first` is the first of four locals to put them into.
 */
export function pushVectorSelect(push: (name: string, imm?: number) => void, first: number): void {
  const [condition, second, upper, secondUpper] = [first, first + 1, first + 2, first + 3];
  for (const cell of [condition, secondUpper, second, upper]) push('local.set', cell);
  push('local.get.i64', second);
  push('local.get', condition);
  push('select.i64');
  push('local.get.i64', upper);
  push('local.get.i64', secondUpper);
  push('local.get', condition);
  push('select.i64');
}
