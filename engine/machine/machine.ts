/**
 * The WebAssembly machine: from the features of a token and the tokens before it to the token that comes next.
 *
 * Reads like the pipeline: tokens, line, counters, instruction, stack, cells, memory, input, circuits, decision. Every stage gets
 * one context, with all that the stages before it made, and adds its own. Each states what it promises of its variables
 * (`Graph.bounded`) where it makes them; weights/exactness proves what follows from that.
 */
import { Graph } from '../graph/graph.ts';
import { LIMITS, type MachineLimits } from '../isa/limits.ts';
import type { ProgramCode } from '../isa/program.ts';
import { VOCABULARY } from '../isa/vocabulary.ts';
import { addition, bitwise, comparison } from './alu.ts';
import { bitCounts, bits } from './bits.ts';
import { stateCases } from './cases.ts';
import { cells } from './cells.ts';
import { division, multiplication } from './chains.ts';
import { counters } from './counters.ts';
import { kindOfNext, unembed } from './decision.ts';
import { dispatch } from './dispatch.ts';
import { ending } from './ending.ts';
import { extremes, signChanges } from './floats/choice.ts';
import { type FloatContext, floats } from './floats/fields.ts';
import { rounding } from './floats/rounding.ts';
import { input } from './input.ts';
import { bakedInstruction, fetchInstruction } from './instruction.ts';
import { line } from './line.ts';
import { memory } from './memory.ts';
import { passing } from './passing.ts';
import { shifting } from './shifting.ts';
import { operands, stack } from './stack.ts';
import { tokenFeatures } from './tokens.ts';

/**
 * Builds the machine's graph; with other limits than its own, to find out how far they could go. With a program, the
 * machine that runs this one alone, and does not look for it in the prompt.
 */
export function machine(limits: MachineLimits = LIMITS, program?: ProgramCode): Graph {
  const context = contextOf(limits, program);
  const { graph, cells, memory } = context;
  const sums = addition(context);
  const quotients = division(context);
  const shifted = shifting(context);
  const rounded = rounding(context, shifted);
  const result = graph.sum('next byte', [
    ...passing(context),
    ...cells.result,
    ...memory.result,
    ...sums.result,
    ...comparison(context),
    ...bitCounts(context),
    ...bitwise(context),
    ...multiplication(context),
    ...shifted.result,
    ...rounded.result,
    ...signChanges(context),
    ...extremes(context),
    ...quotients.result,
  ]);
  unembed(context, kindOfNext(context, [...sums.carry, ...rounded.carry], quotients), result);
  stateCases(context);
  return graph;
}

/** Everything in front of the circuits, stage by stage. */
function contextOf(limits: MachineLimits, program?: ProgramCode): FloatContext {
  const graph = new Graph(VOCABULARY.length);
  graph.bounded(graph.position, 0, limits.tokens - 1, 'the limit of tokens');
  graph.bounded(graph.square, 0, (limits.tokens - 1) ** 2, 'the limit of tokens');
  const made = { graph, limits, program };
  const withTokens = { ...made, features: tokenFeatures(made) };
  const withLine = { ...withTokens, line: line(withTokens) };
  const withCounters = { ...withLine, counters: counters(withLine) };
  const instruction = program ? bakedInstruction(withCounters, program) : fetchInstruction(withCounters);
  const withInstruction = { ...withCounters, instruction, dispatch: dispatch(withCounters, instruction) };
  const withStack = { ...withInstruction, stack: stack(withInstruction) };
  const withOperands = { ...withStack, operands: operands(withStack) };
  const withCells = { ...withOperands, cells: cells(withOperands) };
  const withMemory = { ...withCells, memory: memory(withCells) };
  const withInput = { ...withMemory, input: input(withMemory) };
  const withEnding = { ...withInput, ending: ending(withInput) };
  const withBits = { ...withEnding, bits: bits(withEnding) };
  return { ...withBits, floats: floats(withBits) };
}
