/** Requests about recordings as files, and the bookmarks in them. */
import { request } from './dap-messages.ts';
import { integer, list, optional, otherwise, record, text } from './schema.ts';

const traceLine = integer();

/** A moment with a note. */
const bookmark = record({ id: integer(), traceLine, token: integer(), note: text });

export const RECORDING_REQUESTS = {
  /** Writes all that there is into a file, which `attach` with `recording` opens. */
  'stepformer/saveRecording': request(record({ path: text }), record({ bytes: integer() })),
  /** Those of the recording, by their moments. */
  'stepformer/bookmarks': request(record({}), record({ bookmarks: list(bookmark) })),
  /** Of the position, if no trace line is named. */
  'stepformer/addBookmark': request(record({ traceLine: optional(traceLine), note: otherwise(text, '') }), bookmark),
  'stepformer/removeBookmark': request(record({ id: integer() }), record({})),
} as const;
