/** The language server as a program: `--stdio` or `--node-ipc` says how its client is connected. */
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { serve } from './server.ts';

serve(createConnection(ProposedFeatures.all));
