/** Which implementation of the forward pass generates: everything above chooses here. */
import { PlacedError } from '../errors.ts';
import { Kernel, type Prepared } from '../kernel/kernel.ts';
import type { Generator } from '../transformer/generator.ts';
import type { Model } from '../transformer/model.ts';
import { type Attention, Transformer } from '../transformer/transformer.ts';

/** The kernel (fast, hull attention) or the plain forward pass, to check it against. */
export const ENGINES = ['kernel', 'reference'] as const;
export type Engine = (typeof ENGINES)[number];

export const ATTENTIONS = ['hull', 'hardmax', 'standard'] as const;

/**
 * Chooses what generates sequences: each call of the result begins one. Without an engine named: the kernel, if its
 * attention is wanted.
 * @param prepared what the model's kernel begins with
 * @throws PlacedError for the kernel with another attention than its own
 */
export function generators(model: Model, attention: Attention, engine?: Engine, prepared?: Prepared): () => Generator {
  const chosen = engine ?? (attention === 'hull' ? 'kernel' : 'reference');
  if (chosen === 'reference') return () => new Transformer(model, attention);
  if (attention !== 'hull') {
    throw new PlacedError(`the kernel computes hull attention; ${attention} attention needs the engine "reference"`);
  }
  return () => Kernel.create(model, prepared);
}

/** Makes what generates one sequence; see `generators`. */
export function createGenerator(model: Model, attention: Attention, engine?: Engine, prepared?: Prepared): Generator {
  return generators(model, attention, engine, prepared)();
}
