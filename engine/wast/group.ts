/**
 * Modules of a script that are linked with each other: one program, and one instance of it in the model. A module that
 * joins makes another group, which begins in the state that the old ones are in.
 */
import { PlacedError } from '../errors.ts';
import { OPCODES } from '../isa/opcodes.ts';
import type { TokenProgram } from '../isa/program.ts';
import type { WasmModule } from '../toolchain/decode/module.ts';
import type { Helpers } from '../toolchain/helpers/load-helpers.ts';
import { lower } from '../toolchain/lower/lower.ts';
import type { Generator } from '../transformer/generator.ts';
import { Instance, type Outcome } from './instance.ts';
import { moduleAt } from './state.ts';

export interface GroupOptions {
  /** Makes the model ready for a new sequence. */
  readonly generator: () => Generator;
  readonly helpers: Helpers;
  /** Most tokens to generate for one call. */
  readonly budget: number;
}

export class Group {
  /** Why its state is not what it ought to be: something that would have changed it was skipped. */
  stale: string | undefined;
  /** Which growth of memory the machine refused to a group that this one was made of. */
  refusedBefore: string | undefined;
  private readonly module: WasmModule;
  private readonly program: TokenProgram;
  private readonly options: GroupOptions;
  private made: Instance | undefined;

  /**
   * @param module linked: it imports nothing
   * @throws PlacedError naming what it needs and the machine does not have
   */
  constructor(module: WasmModule, file: string, options: GroupOptions) {
    this.module = module;
    this.program = lower(module, { file }, { helpers: options.helpers, exports: true });
    this.options = options;
  }

  /** Made when something is asked of it. */
  get instance(): Instance {
    this.made ??= new Instance(this.program, this.options.generator(), this.options.budget);
    return this.made;
  }

  /** How instantiation ends. Where nothing runs then, it is put off until something is asked of the instance. */
  start(): Outcome {
    const { module, program } = this;
    const runs = module.start !== undefined || OPCODES[program.ops[1]].circuit === 'trap';
    return runs ? this.instance.start : { kind: 'results', values: [] };
  }

  /** Which growth of memory the module allows and the machine refused, in words. */
  get refused(): string | undefined {
    return this.made?.refused ?? this.refusedBefore;
  }

  /** The module in its present state. @throws PlacedError when a call has not ended: there is no state then */
  present(): WasmModule {
    const { made, module, program } = this;
    if (!made) return module;
    if (made.limit !== undefined) throw new PlacedError(made.limit);
    return moduleAt(module, program, made.moment);
  }
}
