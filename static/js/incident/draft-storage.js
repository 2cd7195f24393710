// Stores drafts in sessionStorage, by the address of the incident or alert that they belong to.

const keyOf = (subject) => `watchdesk:${subject}`;

// The address of the incident or alert that an element shows.
export const subjectOf = (root) => root?.dataset.stream?.replace(/\/stream$/, '');

export function readDraft(subject) {
  try { return JSON.parse(sessionStorage.getItem(keyOf(subject))) || {}; } catch { return {}; }
}

export function writeDraft(subject, draft) {
  try {
    if (draft.comment || draft.fields || draft.tags) sessionStorage.setItem(keyOf(subject), JSON.stringify(draft));
    else sessionStorage.removeItem(keyOf(subject));
  } catch { /* without storage a draft lasts as long as its page */ }
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
