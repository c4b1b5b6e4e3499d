/** What is known in a function of the decision tree, and the graph that is left of the model's when it is. */

import type { LookupOf } from '../graph/lookup.ts';
import { memo } from '../graph/memo.ts';
import type { LookupNode, Node } from '../graph/node.ts';
import { valuesById } from './classify.ts';
import { PartialEvaluator } from './partial-evaluation.ts';
import type { Pivot } from './pivots.ts';
import type { Plan } from './plan.ts';
import type { Stage } from './stage.ts';

/** What tokens that are already there can be asked. */
export interface Past {
  /** Number of tokens that every pass from now on has before it. */
  settled(): number;
  /** A local form at a token that is already there. */
  localAt(form: Node, position: number): number;
}

/** What was asked about a class of tokens, and the answers. */
export class Answers {
  /** By column: the value that the class agrees in. */
  readonly features = new Map<number, number | undefined>();
  /** Whether a flag's look-up finds the current token. */
  readonly found = new Map<LookupOf<'flag'>, boolean>();
}

const unknown = () => undefined;

export class Knowledge {
  private readonly plan: Plan;
  private readonly past: Past;
  /** The pivot that tells most classes apart. */
  private readonly telling: Pivot | undefined;
  /** By class of the telling pivot: the graph when nothing else is known. */
  private readonly told = new Map<number, PartialEvaluator>();
  /** By class, for each pivot: values of the nodes that depend on the pivot only. */
  private readonly pure = new Map<Pivot, Map<number, ReadonlyMap<Node, number>>>();
  /** [column][class]: value of a feature that a class of tokens agrees in. */
  private readonly features: (readonly (number | undefined)[])[] = [];

  constructor(plan: Plan, past: Past) {
    this.plan = plan;
    this.past = past;
    this.telling = [...plan.pivots].sort((a, b) => b.members.length - a.members.length)[0];
  }

  /** True when what a pivot looks up is the current token itself. */
  isSelf({ tokenClass }: Stage, { at }: Pivot): boolean {
    const member = this.plan.tokens.members[tokenClass];
    return at.kind === 'lookup' && at.lookup.kind === 'flag' && at.lookup.top[member] === 1;
  }

  /** Whether another class of tokens would give the same answers. */
  agrees({ features, found }: Answers, tokenClass: number): boolean {
    const member = this.plan.tokens.members[tokenClass];
    for (const [column, value] of features) if (this.feature(column)[tokenClass] !== value) return false;
    for (const [{ top }, isSelf] of found) if ((top[member] === 1) !== isSelf) return false;
    return true;
  }

  /**
   * The graph as it is in a stage, node by node; `answers` takes note of what is asked about the class of tokens. What the telling pivot brought decides most of it, and is the same for
   * tokens of all classes: that part is done once for each of the pivot's classes.
   */
  graph(stage: Stage, answers: Answers): (node: Node) => Node {
    const { nodes, pivots, tokens } = this.plan;
    const member = tokens.members[stage.tokenClass];
    const known = pivots.filter((_, i) => stage.choices[i] >= 0);
    const choiceOf = (pivot: Pivot) => stage.choices[pivots.indexOf(pivot)];
    const rest = new PartialEvaluator(nodes, {
      values: known.filter((pivot) => pivot !== this.telling).map((pivot) => this.valuesOf(pivot, choiceOf(pivot))),
      feature: (column) => memo(answers.features, column, () => this.feature(column)[stage.tokenClass]),
      isSelf: (lookup) => lookup.kind === 'flag' && memo(answers.found, lookup, () => lookup.top[member] === 1),
      found: (at, form) => this.constant(stage, at, form),
    });
    const { telling } = this;
    if (!telling || !known.includes(telling)) return (node) => rest.of(node);
    const told = memo(this.told, choiceOf(telling), () => {
      const values = [this.valuesOf(telling, choiceOf(telling))];
      return new PartialEvaluator(nodes, { values, feature: unknown, isSelf: unknown, found: unknown });
    });
    return (node) => rest.of(told.of(node));
  }

  private feature(column: number): readonly (number | undefined)[] {
    let byClass = this.features[column];
    if (!byClass) {
      const { values } = this.plan.nodes.columns[column];
      const { of, members } = this.plan.tokens;
      const agreed: (number | undefined)[] = members.map((id) => values[id]);
      for (let id = 0; id < values.length; id++) if (values[id] !== agreed[of[id]]) agreed[of[id]] = undefined;
      byClass = agreed;
      this.features[column] = byClass;
    }
    return byClass;
  }

  private valuesOf(pivot: Pivot, choice: number): ReadonlyMap<Node, number> {
    const byChoice = memo(this.pure, pivot, () => new Map());
    return memo(byChoice, choice, () => {
      const values = new Map<Node, number>();
      for (const node of pivot.pure) values.set(node, evaluate(node, values, pivot, choice));
      return values;
    });
  }

  /** What a look-up with a constant query brings: tables do not change, nor do tokens that are already there. */
  private constant(stage: Stage, { lookup, x, y }: LookupNode, form: Node): number | undefined {
    if (x.kind !== 'const' || y.kind !== 'const' || y.value <= 0) return undefined;
    const nearest = x.value / y.value + 0.5;
    const k = Math.floor(nearest);
    // A tie, or nearly one.
    if (nearest - k < 2 ** -36 || nearest - k > 1 - 2 ** -36) return undefined;
    if (lookup.kind === 'table' && stage.ready) {
      const id = lookup.ids[Math.min(lookup.ids.length - 1, Math.max(0, k))];
      return valuesById(this.plan.nodes, form)[id];
    }
    if (lookup.kind === 'position' && form.local && k < this.past.settled()) {
      return this.past.localAt(form, Math.max(0, k));
    }
    return undefined;
  }
}

/** A node's number, from those of what it is made of. */
function evaluate(node: Node, values: ReadonlyMap<Node, number>, pivot: Pivot, choice: number): number {
  const of = (part: Node) => (part.kind === 'const' ? part.value : values.get(part)!);
  switch (node.kind) {
    case 'lin': {
      let sum = node.constant;
      for (let i = 0; i < node.terms.length; i++) sum += node.weights[i] * of(node.terms[i]);
      return sum;
    }
    case 'product': {
      const gate = of(node.gate);
      return gate > 0 ? gate * of(node.up) : 0;
    }
    case 'mul':
      return of(node.a) * of(node.b);
    case 'clamp':
      return Math.min(Math.max(of(node.x), 0), node.limit);
    default:
      return pivot.known.get(node)![choice];
  }
}
