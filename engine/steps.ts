/** Long work in steps: who drives it may do something else between two of them, or leave it. */
export type Steps<T = void> = Generator<void, T, void>;
