/** Requests about the bookmarks of a recording. */
import { request } from './dap-messages.ts';
import { integer, list, optional, otherwise, record, text } from './schema.ts';

const traceLine = integer();

/** A moment with a note. */
const bookmark = record({ id: integer(), traceLine, token: integer(), note: text });

export const RECORDING_REQUESTS = {
  /** Those of the recording, by their moments. */
  'stepformer/bookmarks': request(record({}), record({ bookmarks: list(bookmark) })),
  /** Of the position, if no trace line is named. */
  'stepformer/addBookmark': request(record({ traceLine: optional(traceLine), note: otherwise(text, '') }), bookmark),
  'stepformer/removeBookmark': request(record({ id: integer() }), record({})),
} as const;
