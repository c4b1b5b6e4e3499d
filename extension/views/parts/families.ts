/** Families of heads by what they look up: a family has a letter, a name and a colour (panel/palette.css) everywhere. */

export interface Family {
  readonly letter: string;
  /** As the colour's variable is called: `--family-memory`. */
  readonly name: string;
  /** What its heads look up. */
  readonly text: string;
  /** What the roles of its heads are called. */
  readonly roles: RegExp;
}

/** The first whose roles match; the last takes what is left. */
export const FAMILIES: readonly Family[] = [
  {
    letter: 'P',
    name: 'program',
    text: 'program: opcode, immediate, cursor',
    roles: /^(fetch |byte of immediate|slot of edit|cursor)/,
  },
  { letter: 'I', name: 'input', text: 'input', roles: /^(next input byte|end of input|input read)/ },
  { letter: 'B', name: 'below', text: 'below the top of the stack', roles: /(below stack top|third of stack)/ },
  { letter: 'T', name: 'top', text: 'top of the stack', roles: /(stack top|stack depth)/ },
  { letter: 'L', name: 'locals', text: 'locals and globals', roles: /(local or global)/ },
  { letter: 'M', name: 'memory', text: 'memory', roles: /^(memory |address of)/ },
  { letter: 'C', name: 'calls', text: 'calls and frames', roles: /(call depth|call of this frame|frame stride)/ },
  {
    letter: 'A',
    name: 'arithmetic',
    text: 'tables of arithmetic',
    roles: /(bits|zeros|shift|quotient|carry|of number|product|table|exponent|root)/,
  },
  { letter: 'S', name: 'sums', text: 'this line, and running sums', roles: /./ },
];

/** The family of a head with this role. */
export function familyOf(role: string): Family {
  return FAMILIES.find(({ roles }) => roles.test(role)) ?? FAMILIES[FAMILIES.length - 1];
}

/** The colour of a family, for a style. */
export const colourOf = (family: Family): string => `var(--family-${family.name})`;

/** What a head is called in the views. */
export const headName = ({ layer, head }: { layer: number; head: number }): string => `L${layer}·H${head}`;
