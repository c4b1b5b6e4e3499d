/** The adapter under test, as a program. */
import { serve } from '../../debug-adapter/wire/server.ts';

serve(new URL('./oracle-worker.ts', import.meta.url));
