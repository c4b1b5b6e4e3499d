/**
 * The debug adapter as a program: on standard input and output, or with `--port N` for any number of clients on the
 * loopback interface. Only protocol is ever written to standard output.
 */
import { createServer } from 'node:net';
import { Adapter } from './adapter.ts';
import { SessionThreads, sessionUrl } from './session-threads.ts';

/** What a program that started the adapter with `--port` and a channel to it is told once it listens. */
export interface Listening {
  readonly port: number;
}

/** Serves until the client (on stdio), or whoever started the process, ends it. */
export function serve(session: URL = sessionUrl, argv: readonly string[] = process.argv): void {
  // Libraries that print would corrupt the protocol.
  for (const name of ['log', 'info', 'debug', 'trace'] as const) console[name] = console.error;
  process.on('uncaughtException', (error) => console.error(error));
  process.on('unhandledRejection', (error) => console.error(error));
  const at = argv.findIndex((arg) => /^--port(=|$)/.test(arg));
  if (at >= 0) listen(Number(argv[at].split('=')[1] ?? argv[at + 1]), new SessionThreads(session, true));
  else stdio(new SessionThreads(session, false));
}

function stdio(threads: SessionThreads): void {
  // An empty write calls back when everything before it is out; a client that does not read is not waited for.
  const leave = () => {
    process.stdout.write('', () => process.exit(0));
    setTimeout(() => process.exit(0), 500).unref();
  };
  const adapter = new Adapter(leave, threads);
  process.stdin.on('end', () => adapter.shutdown());
  process.on('SIGTERM', () => adapter.shutdown());
  process.on('SIGINT', () => adapter.shutdown());
  adapter.start(process.stdin, process.stdout);
}

function listen(port: number, threads: SessionThreads): void {
  // Started by a program that keeps a channel to it, it ends with that program.
  process.on('disconnect', () => process.exit(0));
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    console.error('--port needs a number from 0 to 65535');
    process.exit(65);
  }
  // Somebody is about to connect, or there would be no adapter.
  threads.warm();
  const server = createServer((socket) => {
    const adapter = new Adapter(() => socket.end(), threads);
    socket.on('error', () => adapter.shutdown());
    adapter.start(socket, socket);
  });
  server.on('error', (error) => {
    console.error(`cannot listen on port ${port}: ${error.message}`);
    process.exit(65);
  });
  server.listen(port, '127.0.0.1', () => {
    const address = server.address();
    const found = typeof address === 'object' && address ? address.port : port;
    process.send?.({ port: found } satisfies Listening);
    console.error(`listening on port ${found}`);
  });
}
