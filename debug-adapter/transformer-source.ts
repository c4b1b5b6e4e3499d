import type { SourceFactory } from './session-host.ts';
export function transformerSources(): SourceFactory {
  return { warm: async () => {}, source: async () => Promise.reject(new Error('no model yet')) };
}
