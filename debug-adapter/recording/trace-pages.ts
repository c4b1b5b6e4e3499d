/**
 * Names of the pages in which the trace is read: documents of 10,000 lines each, so that line n of a page is always
 * the same trace line. They are `stepformer-trace:/trace-<lines before>.stepformer-trace`, the same for all sessions, so
 * that breakpoints in them outlive one.
 */

/** Trace lines per page. */
export const PAGE_LINES = 10_000;

export const TRACE_SCHEME = 'stepformer-trace';

/** Number of the page that holds a trace line. */
export function pageOf(line: number): number {
  return Math.floor(line / PAGE_LINES);
}

/** Line of a trace line in its page's document, from 1. */
export function documentLine(line: number): number {
  return (line % PAGE_LINES) + 1;
}

/** URI of a page. */
export function pageUri(page: number): string {
  return `${TRACE_SCHEME}:/${pageName(page)}`;
}

/** Last part of a page's URI, which tabs show. */
export function pageName(page: number): string {
  return `trace-${page * PAGE_LINES}.${TRACE_SCHEME}`;
}

/** Page of a URI, however a client writes its path; undefined when it is none. */
export function pageOfUri(uri: string): number | undefined {
  const match = /^stepformer-trace:.*\/trace-(\d{1,10})\.stepformer-trace$/.exec(uri);
  if (!match) return undefined;
  const first = Number(match[1]);
  return first % PAGE_LINES === 0 ? first / PAGE_LINES : undefined;
}

/** A page of the trace as text. */
export interface TracePage {
  text: string;
  firstLine: number;
  lines: number;
  /** Whether no line will be added to it. */
  final: boolean;
}
