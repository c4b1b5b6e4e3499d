/** A source of tokens for tests that are about the model itself: the kernel, on the weights as they are built. */
import type { TokenSource } from '../../../debug-adapter/recording/token-source.ts';
import { Kernel } from '../../../engine/kernel/kernel.ts';
import { Model } from '../../../engine/transformer/model.ts';
import { broughtBy, headForms } from '../../../engine/transformer/slot-names.ts';
import { modelFiles } from '../../../engine/weights/build.ts';

const model = Model.load(modelFiles());

/** The kernel, its heads by name; all of them, whatever came of it. */
export class KernelSource implements TokenSource {
  readonly model = 'built';

  release(): void {}

  another() {
    return new KernelSource();
  }

  aside() {
    return new KernelSource();
  }

  private readonly kernel = Kernel.create(model);

  get length(): number {
    return this.kernel.length;
  }

  get bytes(): number {
    return this.kernel.bytes;
  }

  read(from: number, to: number): Uint16Array {
    return this.kernel.read(from, to);
  }

  append(tokens: ArrayLike<number>): void {
    this.kernel.append(tokens);
  }

  generate(count: number): number {
    return this.kernel.generate(count);
  }

  inspect(index: number) {
    const { heads: names } = model.config.names;
    const { heads } = this.kernel.inspect(index);
    const named = (layer: number, head: number) => ({
      name: names[layer]?.[head] ?? '',
      active: true,
      brings: broughtBy(model, layer, head),
    });
    return { heads: heads.map((head) => ({ ...head, ...named(head.layer, head.head) })) };
  }

  forms(index: number, layer: number, head: number) {
    return headForms(model, layer, head, this.kernel.inspect(index).residuals[2 * layer]);
  }
}
