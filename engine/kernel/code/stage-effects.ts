/** What has to happen in one function besides the next token: each thing is made when it is first asked for. */

import type { Plan } from '../analysis/plan.ts';
import type { Stage } from '../analysis/stage.ts';
import type { Node } from '../graph/node.ts';
import type { Present } from './needs.ts';
import type { Effect } from './surroundings.ts';

export class StageEffects implements Present {
  readonly available: ReadonlySet<Node>;
  private readonly plan: Plan;
  private readonly stage: Stage;
  private readonly graph: (node: Node) => Node;
  private readonly inserts = new Map<number, Effect | undefined>();
  private readonly sums = new Map<Node, Effect>();

  /** `graph`: a node as it is in this stage. */
  constructor(plan: Plan, stage: Stage, graph: (node: Node) => Node) {
    this.available = stage.available;
    this.plan = plan;
    this.stage = stage;
    this.graph = graph;
  }

  effectOf(index: number): Effect | undefined {
    if (this.stage.inserted.has(index)) return undefined;
    if (!this.inserts.has(index)) this.inserts.set(index, this.insert(index));
    return this.inserts.get(index);
  }

  /** Undefined for tokens that are known to leave no record. */
  private insert(index: number): Effect | undefined {
    const group = this.plan.groups[index];
    const [keyX, keyY] = [this.graph(group.keyX), this.graph(group.keyY)];
    const { zero } = this.plan.nodes;
    const silent =
      group.kind === 'address' &&
      keyX === zero &&
      group.low[0] === 0 &&
      keyY.kind === 'const' &&
      keyY.value === group.low[1];
    return silent ? undefined : { kind: 'insert', group, keyX, keyY };
  }

  sumEffect(form: Node): Effect | undefined {
    if (!form.local) this.sum(form);
    return this.sums.get(form);
  }

  private sum(form: Node): void {
    if (!this.sums.has(form)) this.sums.set(form, { kind: 'sum', form, value: this.graph(form) });
  }

  ownForm(form: Node): Node {
    return this.graph(form);
  }

  /** Groups that the token joins in this function. */
  joined(): number[] {
    return [...this.inserts].filter(([, effect]) => effect).map(([group]) => group);
  }

  /** What happens in a token's first function: sums of what is known at once, flags. */
  first(): Effect[] {
    const { plan, stage } = this;
    if (stage.started) return [];
    for (const form of plan.sums) if (form.local) this.sum(form);
    const member = plan.tokens.members[stage.tokenClass];
    const flags = plan.flags.filter(({ top }) => top[member] === 1);
    return [...this.sums.values(), ...flags.map((lookup): Effect => ({ kind: 'flag', lookup }))];
  }

  /** What happens in its last, where everything is computed. */
  last(): Effect[] {
    const { plan, stage, graph } = this;
    const effects: Effect[] = [];
    for (const group of plan.liveGroups) {
      const after = this.effectOf(group);
      if (after) effects.push(after);
      if (plan.stored[group].length === 0 || (!after && !stage.inserted.has(group))) continue;
      effects.push({ kind: 'store', group: plan.groups[group], values: plan.stored[group].map(graph), after });
    }
    for (const form of plan.sums) {
      if (form.local) continue;
      this.sum(form);
      effects.push(this.sums.get(form)!);
    }
    for (const form of plan.streams) effects.push({ kind: 'stream', form, value: graph(form) });
    return effects;
  }
}
