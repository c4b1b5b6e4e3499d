/**
 * How one token is computed, for people: the way through the decision tree of functions, what is left of the graph in
 * each of them, and what their look-ups find. Functions are made anew as they were for the run, only to be looked at.
 */
import { Answers, Knowledge } from '../analysis/knowledge.ts';
import type { Pivot } from '../analysis/pivots.ts';
import type { Plan } from '../analysis/plan.ts';
import type { Stage } from '../analysis/stage.ts';
import { isEffect } from '../code/scopes.ts';
import { type Reserve, StageCompiler, type StageParts } from '../code/stages.ts';
import type { Effect } from '../code/surroundings.ts';
import { memo } from '../graph/memo.ts';
import type { LookupNode, Node } from '../graph/node.ts';
import { type Names, textOf } from '../graph/text.ts';
import { stageModule } from './functions.ts';
import type { Heap } from './heap.ts';
import { type Memory, NodeValues } from './node-values.ts';

/** What the model's file calls its parts; the kernel itself does not read names. */
export interface PartNames {
  slot(slot: number): string;
  head(layer: number, head: number): string;
}

/** How many nodes there are of each kind. */
export type Kinds = Readonly<Partial<Record<Node['kind'], number>>>;

export interface Explanation {
  readonly position: number;
  /** Id of the token at this position. */
  readonly id: number;
  /** Whether the pass ends with the next token: within a prompt it does not. */
  readonly generates: boolean;
  /** Nodes made in reading the weights. */
  readonly nodes: number;
  /** Those on which logits, look-ups and records depend. */
  readonly live: Kinds;
  readonly heads: readonly HeadExplanation[];
  readonly tokenClass: ClassExplanation;
  /** From the first, which the token's class decides, to the one that gives the next token. */
  readonly functions: readonly FunctionExplanation[];
}

export interface HeadExplanation {
  readonly layer: number;
  readonly head: number;
  readonly name: string;
  /** Kind of look-up; `mean` where all tokens share the attention. */
  readonly kind: LookupNode['lookup']['kind'] | 'mean';
}

export interface ClassExplanation {
  readonly number: number;
  /** Classes that are told apart. */
  readonly classes: number;
  /** Token ids, or integers, in this class. */
  readonly members: number;
}

export interface FunctionExplanation {
  /** What is computed in it, scratch values of the functions before not counted. */
  readonly nodes: Kinds;
  readonly lookups: readonly LookupExplanation[];
  /** What happens besides, in words. */
  readonly effects: readonly string[];
  /** Bytes of the function's body. */
  readonly bytes: number;
  /** A WebAssembly module with this function alone. */
  readonly module: Uint8Array;
  /** Where it branches; undefined in the last. */
  readonly branch: BranchExplanation | undefined;
  /** Kind and byte of the next token (analysis/unembed.ts), in the last function of a pass that generates it. */
  readonly next: { readonly kind: string; readonly byte: string } | undefined;
}

export interface LookupExplanation {
  readonly name: string;
  readonly kind: LookupNode['lookup']['kind'];
  /** The query's first component, and its second where that is not 1. */
  readonly query: string;
  /** The token that it finds; undefined where several share the attention. */
  readonly found: TokenExplanation | undefined;
}

export interface TokenExplanation {
  readonly position: number;
  readonly id: number;
}

export interface BranchExplanation {
  /** A look-up, or an integer that tables are looked into. */
  readonly on: string;
  /** The token that the look-up finds, or the integer. */
  readonly brought: TokenExplanation | number;
  readonly class: ClassExplanation;
}

/** What is explained: a kernel that has come at least as far as the token. */
interface Explained {
  readonly memory: Memory;
  readonly parts: Omit<StageParts, 'reserve'>;
  readonly reserve: Reserve;
  /** The first function of a class of tokens. */
  readonly first: (tokenClass: number) => Stage;
  readonly generates: boolean;
}

/** Explains the pass over the token at `position`. */
export function explain(explained: Explained, position: number, partNames: PartNames): Explanation {
  const { memory, generates } = explained;
  const { plan, heap } = memory;
  const id = heap.token(position);
  const tokenClass = plan.tokens.of[id];
  const values = new NodeValues(memory, position);
  const functions: FunctionExplanation[] = [];
  for (let stage: Stage | undefined = explained.first(tokenClass); stage; ) {
    const [made, next] = explainFunction(explained, stage, values, partNames);
    functions.push(made);
    stage = next;
  }
  const heads = plan.heads.flatMap((list, layer) =>
    list.map(
      ({ head, at }): HeadExplanation => ({
        layer,
        head,
        name: partNames.head(layer, head),
        kind: at?.lookup.kind ?? 'mean',
      }),
    ),
  );
  return {
    position,
    id,
    generates,
    nodes: plan.size,
    live: kindsOf(plan.live.keys()),
    heads,
    tokenClass: classOf(plan.tokens.of, tokenClass, plan.tokens.members.length),
    functions,
  };
}

/** The function of a stage, and the stage to which it branches. */
function explainFunction(
  { memory, parts, reserve, generates }: Explained,
  stage: Stage,
  values: NodeValues,
  partNames: PartNames,
): [FunctionExplanation, Stage | undefined] {
  const known = new Knowledge(parts.plan, parts.past).graph(stage, new Answers());
  const names = namesIn(known, parts.plan, partNames);
  let childOf: ((choice: number) => Stage) | undefined;
  const compiler = new StageCompiler({
    ...parts,
    reserve: (count, child) => {
      childOf = child;
      return reserve(count, child);
    },
  });
  const { code, items } = compiler.compile(stage).make();
  const nodes: Node[] = [];
  const effects: string[] = [];
  const lookups = new Set<LookupNode>();
  for (const item of items) {
    if (isEffect(item)) effects.push(effectText(item, names));
    else if (!stage.available.has(item)) {
      nodes.push(item);
      if (item.kind === 'lookup') lookups.add(item);
      // Shifts are found without a search.
      if (item.kind === 'value' && !stage.available.has(item.at)) lookups.add(item.at);
    }
  }
  const branch = childOf && branchOf(memory.plan.pivots, stage, childOf(0), values, memory.heap);
  const { unembedding } = parts;
  const made = {
    nodes: kindsOf(nodes),
    lookups: [...lookups].map((at) => ({
      name: names.lookup(at),
      kind: at.lookup.kind,
      query: queryText(at, names),
      found: tokenFound(at, values, memory.heap),
    })),
    effects,
    bytes: code.entry().length,
    module: stageModule(code, childOf !== undefined),
    branch: branch && { on: textOf(branch.pivot.at, names), brought: branch.brought, class: branch.class },
    next:
      generates && !branch && unembedding
        ? { kind: textOf(known(unembedding.u), names), byte: textOf(known(unembedding.x), names) }
        : undefined,
  };
  return [made, childOf && branch && childOf(branch.class.number)];
}

/** The pivot that a function branches on, which is known in its children, and what it brought at this token. */
function branchOf(
  pivots: readonly Pivot[],
  stage: Stage,
  child: Stage,
  values: NodeValues,
  heap: Heap,
): { pivot: Pivot; brought: TokenExplanation | number; class: ClassExplanation } {
  const pivot = pivots[child.choices.findIndex((choice, i) => choice !== stage.choices[i])];
  const { at, of, first, members } = pivot;
  const token = at.kind === 'lookup' ? tokenFound(at, values, heap) : undefined;
  const brought = token?.id ?? values.of(at);
  const number = of[Math.min(Math.max(brought - first, 0), of.length - 1)];
  return { pivot, brought: token ?? brought, class: classOf(of, number, members.length) };
}

function classOf(of: Uint16Array, number: number, classes: number): ClassExplanation {
  return { number, classes, members: of.reduce((count, other) => count + Number(other === number), 0) };
}

function kindsOf(nodes: Iterable<Node>): Kinds {
  const kinds: Partial<Record<Node['kind'], number>> = {};
  for (const { kind } of nodes) kinds[kind] = (kinds[kind] ?? 0) + 1;
  return kinds;
}

function tokenFound(at: LookupNode, values: NodeValues, heap: Heap): TokenExplanation | undefined {
  const { target } = values.found(at);
  return target < 0 ? undefined : { position: target, id: heap.token(target) };
}

/** Look-ups are called by the heads that are one, as they are or as they are `known` in a stage. */
function namesIn(known: (node: Node) => Node, plan: Plan, { slot, head }: PartNames): Names {
  const called = new Map<Node, Set<string>>();
  plan.heads.forEach((list, layer) => {
    for (const { head: number, at } of list) {
      if (!at) continue;
      for (const node of [at, known(at)]) memo(called, node, () => new Set()).add(head(layer, number));
    }
  });
  return { column: slot, lookup: (at) => [...(called.get(at) ?? [at.lookup.kind])].join(' / ') };
}

function queryText({ x, y }: LookupNode, names: Names): string {
  const first = textOf(x, names);
  return y.kind === 'const' && y.value === 1 ? first : `(${first}, ${textOf(y, names)})`;
}

function effectText(effect: Effect, names: Names): string {
  switch (effect.kind) {
    case 'insert':
      return `joins group ${effect.group.index} with the key (${textOf(effect.keyX, names)}, ${textOf(effect.keyY, names)})`;
    case 'store': {
      const values = effect.values.map((value) => textOf(value, names));
      return `leaves in its record of group ${effect.group.index}: ${values.join('; ')}`;
    }
    case 'stream':
      return `leaves in a stream: ${textOf(effect.value, names)}`;
    case 'sum':
      return `adds ${textOf(effect.value, names)} to the sum of ${textOf(effect.form, names, 2)}`;
    case 'flag':
      return 'is the latest token of its kind';
  }
}
