/**
 * Profiles as files that other tools open: the format of https://www.speedscope.app, and the one of V8, which Chrome's
 * developer tools and VS Code show. Both get one sample per node of the tree, as long as its own tokens.
 */
import { pathToFileURL } from 'node:url';
import type { Profile } from './profile.ts';

/** A profile for a file of this name: V8's for `.cpuprofile`, else speedscope's. */
export function profileText(profile: Profile, file: string, name: string): string {
  return JSON.stringify(/\.cpuprofile$/i.test(file) ? cpuProfile(profile) : speedscope(profile, name));
}

/** `name`: what the profile is called where several are open. */
function speedscope({ functions, nodes, tokens }: Profile, name: string): object {
  const stacks: number[][] = [];
  for (const { fn, parent } of nodes) stacks.push([...(parent < 0 ? [] : stacks[parent]), fn]);
  const samples = [...nodes.keys()].filter((i) => nodes[i].tokens > 0);
  return {
    $schema: 'https://www.speedscope.app/file-format-schema.json',
    exporter: 'stepformer',
    name,
    shared: { frames: functions },
    profiles: [
      {
        type: 'sampled',
        name: `${name} (tokens)`,
        unit: 'none',
        startValue: 0,
        endValue: tokens,
        samples: samples.map((i) => stacks[i]),
        weights: samples.map((i) => nodes[i].tokens),
      },
    ],
  };
}

/** A token is a microsecond. Lines count from 0 for functions and from 1 for ticks; nodes from 1. */
function cpuProfile({ functions, nodes, tokens }: Profile): object {
  const children: number[][] = nodes.map(() => []);
  for (const [i, { parent }] of nodes.entries()) if (parent >= 0) children[parent].push(i + 1);
  const samples = [...nodes.keys()].filter((i) => nodes[i].tokens > 0);
  return {
    nodes: nodes.map(({ fn, tokens: own, lines }, i) => {
      const { name, file, line = 0 } = functions[fn];
      return {
        id: i + 1,
        callFrame: {
          functionName: i === 0 ? '(root)' : name,
          scriptId: '0',
          url: file === undefined ? '' : addressOf(file),
          lineNumber: line - 1,
          columnNumber: line > 0 ? 0 : -1,
        },
        hitCount: own,
        children: children[i],
        positionTicks: [...lines].map(([number, ticks]) => ({ line: number, ticks })),
      };
    }),
    startTime: 0,
    endTime: tokens,
    samples: samples.map((i) => i + 1),
    // Each says when its sample begins, counted from the one before; the last goes on to the end.
    timeDeltas: [0, ...samples.slice(0, -1).map((i) => nodes[i].tokens)],
  };
}

/** Sources that are no files have an address already. */
function addressOf(file: string): string {
  return /^[a-z][\w+.-]+:/.test(file) ? file : pathToFileURL(file).href;
}
