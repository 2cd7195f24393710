// Stores drafts for this tab, by the address of the incident or alert that they belong to.

import { readStored, store } from '../shared/tab-storage.js';

const nameOf = (subject) => `draft:${subject}`;

// The address of the incident or alert that an element shows.
export const subjectOf = (root) => root?.dataset.stream?.replace(/\/stream$/, '');

export function readDraft(subject) {
  try { return JSON.parse(readStored(nameOf(subject))) || {}; } catch { return {}; }
}

export function writeDraft(subject, draft) {
  const hasContent = draft.comment || draft.fields || draft.tags;
  store(nameOf(subject), hasContent ? JSON.stringify(draft) : '');
}

export function dropFormDraft(subject) {
  const draft = readDraft(subject);
  for (const name of ['fields', 'tags', 'revision', 'sent']) delete draft[name];
  writeDraft(subject, draft);
}

// With `text`, drops the draft only if it equals the text.
export function dropCommentDraft(subject, text) {
  const draft = readDraft(subject);
  if (text === undefined || draft.comment === text) delete draft.comment;
  writeDraft(subject, draft);
}
