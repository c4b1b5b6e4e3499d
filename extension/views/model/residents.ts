/** The slots of the residual stream over the layers: which variable is in each, from where to where, and who wrote it. */
import type { SlotPortrait } from '../../../engine/transformer/portrait.ts';

/** A variable as a bar over the layers. */
export interface Resident {
  readonly name: string;
  /** Columns of the bar: 0 is the embedding, 1 + l layer l; from the first up to but not including the last. */
  readonly start: number;
  readonly end: number;
  /** Who writes it, and whether another variable takes its place. */
  readonly title: string;
  /** Role of the first head that writes it; missing where neurons or the embedding do. */
  readonly role?: string;
}

/** The bars of a slot, in order; `layers`: how many the model has. */
export function residentsOf({ tenants, writers, embedded }: SlotPortrait, layers: number): Resident[] {
  return tenants.map(({ name, from, to }, i) => {
    // A place behind the feed-forward of layer l is 2l + 2: a variable that begins there is written by that layer.
    const start = Math.ceil(from / 2);
    const last = i === tenants.length - 1;
    const end = last ? layers + 1 : Math.ceil(to / 2);
    const column = (layer: number) => layer + 1;
    const isTaking = (layer: number) => column(layer) === start && i > 0;
    const own = writers.filter(({ layer }) => column(layer) >= start && column(layer) <= end);
    // In the layer of a handover heads still write to the variable before, and neurons to the one that comes.
    const lines = own.flatMap(({ layer, roles, neurons }) => {
      const isLeft = column(layer) === end && !last;
      const heads = isTaking(layer) ? [] : roles;
      const cells = isLeft ? 0 : neurons;
      return [
        ...heads.map((role) => ({ text: `L${layer}: ${role}`, role })),
        ...(cells > 0 ? [{ text: `L${layer}: ${cells} ${cells === 1 ? 'neuron' : 'neurons'}`, role: undefined }] : []),
      ];
    });
    const given = i === 0 && embedded ? ['written by the embedding'] : [];
    const gone = last ? [] : [`erased in L${end - 1}`];
    const role = lines.find((line) => line.role !== undefined)?.role;
    const title = [name, ...given, ...lines.map(({ text }) => text), ...gone].join('\n');
    return { name, start, end, title, ...(role !== undefined && { role }) };
  });
}
