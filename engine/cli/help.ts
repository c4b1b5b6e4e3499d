/** What `--help` and `--version` print. */
import { readFile } from 'node:fs/promises';
import { EXIT_MEANINGS, EXIT_STATUS, type ExitStatus } from '../run/exit-status.ts';

const GENERAL = `stepformer: runs C and WebAssembly programs inside a transformer, and debugs them there

  stepformer run FILE...    run a program inside the model
  stepformer invoke MODULE FUNC ARGS...
                            call an exported function and print its results
  stepformer wast FILE...   run test scripts of the WebAssembly specification
  stepformer model          print the model: sizes, layers, heads with their roles
  stepformer export         write the model as safetensors or ONNX
  stepformer specialize FILE...
                            make a model that runs one program, which leaves its prompt
  stepformer dap            debug adapter (DAP) on standard input and output
  stepformer demo           the hardest Sudoku, solved inside the model

  stepformer COMMAND --help, stepformer --version
`;

/** Exit statuses, a line each. */
function statuses(...names: readonly ExitStatus[]): string {
  return names.map((name) => `    ${String(EXIT_STATUS[name]).padStart(3)}  ${EXIT_MEANINGS[name]}`).join('\n');
}

const COMMANDS: Record<string, string> = {
  run: `stepformer run FILE... [options] [-- ARGUMENT...]

  FILE...                   C files that make one program, or one .wat or .wasm file
  --stdin FILE|-            the program's standard input (- is ours); without it, ours, and a terminal's as it is read
  --arg A                   an argument of the program's main, as those behind -- are; any number of times
  --attention KIND          hull (default), hardmax or standard
  --optimize LEVEL          O0 (default), O1 or O2, for C
  -I DIR, -D NAME[=VALUE], -U NAME, -include FILE, -std=STANDARD, -f..., -W..., -msimd128
                            arguments of the C compiler; a compile_commands.json that names the file is read too
  --stack-size N            bytes of stack, for C (default 8388608)
  --file PATH[=HOST]        a file that the program finds at PATH: the host's of this name, or HOST; any number of times
  --env NAME=VALUE          a variable of the program's environment; any number of times
  --date DATE               the date on which the program starts, and the time: 2024-02-29, 2024-02-29T12:30:00Z
  --out DIR                 save the files that the program wrote below DIR
  --engine KIND             kernel (default with hull attention) or reference, the plain forward pass
  --model DIR               another model than the built-in one: an export, or one specialised for this program
  --max-tokens N            stop after N generated tokens (without it, the program runs to its end)
  --context N               tokens after which it goes on in another context (16777216; more for a large state)
  --trace FILE              write the trace as text, a line per executed instruction, and behind it the instructions with their
                            lines of C
  --record FILE             keep the run as a recording, to be opened in the debugger: with the sources and the input
  --profile FILE            keep which functions and lines the tokens went into: .cpuprofile, or else for speedscope
  --summary                 say at the end what the run cost, and whether the program had been compiled before
  --no-cache                compile, even what was compiled before, and keep nothing (as with STEPFORMER_NO_CACHE=1)
  --verify                  run the same module natively too, and compare output and exit
  --json                    print one JSON object instead of the program's output

  What the program writes to standard error is written to ours; with --json it is the field "errors".
  Exit status: the program's own, or
${statuses('badInput', 'differs', 'modelFailed', 'fault', 'budget', 'interrupted', 'trap')}
`,
  invoke: `stepformer invoke MODULE FUNC ARGS... [options]
       stepformer invoke MODULE --batch FILE|- [options]

  MODULE                    a .wat or .wasm file
  FUNC ARGS...              an exported function and its arguments: numbers as in WebAssembly's text (-5, 0x1p-3, nan)
  --batch FILE|-            calls, a line of JSON each: {"func": "add", "args": [3, -5]}; state stays between them
  --engine KIND             kernel (default) or reference, the plain forward pass
  --max-tokens N            most tokens of a call (without it, a call runs to its end)
  --context N               tokens after which it goes on in another context, as with run
  --json                    print objects: {"func", "results": [{"type", "value"}], "exit", "tokens"}, a line each

  Integers are printed as signed decimals, floats so that they are read as the same bits, NaNs as nan:0x...
  Exit status: 0, the program's own if it ends itself, or (in a batch, of the first such call)
${statuses('badInput', 'fault', 'budget', 'trap')}
`,
  wast: `stepformer wast FILE... [options]

  FILE...                   scripts (.wast) of the WebAssembly specification, or folders of them
  --engine KIND             kernel (default) or reference, the plain forward pass
  --max-tokens N            most tokens of a call (64000000)
  --brief                   one line per file
  --json                    print one JSON object: {"files": [{"file", "passed", "failed", "skipped", "failures"}]}

  Exit status: 0, or
${statuses('claimFailed', 'badInput', 'fault')}
`,
  model: `stepformer model [options]
       stepformer model --kernel TOKEN FILE... [options]

  --kernel TOKEN            how the kernel computes one token of a run, from 0, the prompt included
  FILE...                   the program that runs, as with run; its standard input is empty
  --arg A, --optimize LEVEL as with run
  --model DIR               another model than the built-in one
  --json                    print one JSON object

  Prints the model's sizes, its layers with the role of each head, and the named slots of the residual stream.
  With --kernel: the graph that the weights are, what kind of look-up each head is, and for this token its class, the
  functions that it goes through, what is left of the graph in each, what their look-ups find, and their WebAssembly.
  docs/kernel.md goes through one such report.
`,
  demo: `stepformer demo

  Compiles examples/sudoku.c, runs it inside the model, checks the answer natively and says what it cost.
`,
  export: `stepformer export --out DIR [options] [FILE...]

  --format KIND             safetensors (default): the model's three files; onnx: one graph of standard operators
  --out DIR                 the folder to write to
  --attention KIND          in the ONNX graph: softmax (default; for short traces and small addresses) or hard
  --model DIR               another model than the built-in one
  FILE...                   a program: its prompt is written too, as prompt.txt
  --arg A, --optimize LEVEL as with run
`,
  specialize: `stepformer specialize FILE... --out DIR [options]

  FILE...                   C files that make one program, or one .wat or .wasm file
  --out DIR                 the folder to write the model to; run it with: stepformer run --model DIR FILE...
  --optimize LEVEL          O0 (default), O1 or O2, for C: as later with run

  Bakes the program into feed-forward weights, a neuron per instruction. The trace stays the same.
`,
  dap: `stepformer dap [--port N]

  The debug adapter: on standard input and output, or for any number of clients on a port of the loopback interface.
`,
};

/** Help on a command, or in general. */
export function helpText(command?: string): string {
  return (command !== undefined && Object.hasOwn(COMMANDS, command) ? COMMANDS[command] : GENERAL) as string;
}

/** The package's version. */
export async function versionText(): Promise<string> {
  const folder = import.meta.url.endsWith('.ts') ? '../../' : '../';
  const text = await readFile(new URL(`${folder}package.json`, import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
