/** Long work in steps: who drives it may do something else between two of them, or leave it. */
export type Steps<T = void> = Generator<void, T, void>;

/** Takes all steps without a pause. */
export function finish<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}
