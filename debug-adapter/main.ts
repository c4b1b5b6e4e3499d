/** The debug adapter's entry: serves from the moment it is loaded. */
import { serve } from './wire/server.ts';

serve();
