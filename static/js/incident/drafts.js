// Nothing typed is lost: what is half-written in a comment or half-changed in the manage form is kept
// for this browser tab, and restored when the same incident or alert is shown again.

import { dropFormDraft, readDraft, subjectOf, writeDraft } from './draft-storage.js';
import { changedFields, changedTags, fillFields, noteOriginalValues, noteSavedValues } from './form-values.js';
import { makeTagChoice } from './tag-choice.js';

const commentIn = (root) => root.querySelector('[data-comment-form] textarea');
const formIn = (root) => root.querySelector('[data-manage]');

function formDraft(form, sending) {
  const fields = changedFields(form);
  const draft = { tags: changedTags(form), revision: form.elements.revision?.value };
  if (Object.keys(fields).length) draft.fields = fields;
  if (sending) draft.sent = true;
  return draft;
}

export function saveDraft(root, sending = false) {
  const subject = subjectOf(root);
  if (!subject) return;
  const draft = { comment: commentIn(root)?.value || '' };
  const form = formIn(root);
  if (form && form.dataset.sent !== undefined) {
    // The form is on its way: its draft stays as it was sent until the next page shows the result.
    const { fields, tags, revision, sent } = readDraft(subject);
    Object.assign(draft, { fields, tags, revision, sent });
  } else if (form) {
    Object.assign(draft, formDraft(form, sending));
  }
  writeDraft(subject, draft);
}

function restoreTags(form, tags) {
  const chosen = form.querySelector('[data-chosen]');
  if (!tags || !chosen) return;
  const boxes = [...chosen.querySelectorAll('input')];
  boxes.forEach((box) => { box.checked = tags.includes(box.value); });
  const missing = tags.filter((tag) => !boxes.some((box) => box.value === tag));
  missing.forEach((tag) => chosen.append(makeTagChoice(tag)));
}

function restoreForm(form, subject, draft) {
  const isFrozen = form.dataset.frozen !== undefined;
  // A page that answers what was sent has a message, or all of it in its form.
  if (draft.sent && (isFrozen || document.querySelector('[data-flash] p'))) { dropFormDraft(subject); return; }
  if (isFrozen || !(draft.fields || draft.tags)) return;
  // The draft is older than the page: saving must show what changed since, whatever else arrives.
  if (draft.revision && Number(draft.revision) < Number(form.elements.revision?.value)) {
    form.elements.revision.value = draft.revision;
    form.dataset.stale = '';
  }
  fillFields(form, draft.fields);
  restoreTags(form, draft.tags);
}

export function restoreDraft(root) {
  const subject = subjectOf(root);
  if (!subject) return;
  const form = formIn(root);
  if (form) noteOriginalValues(form);
  const draft = readDraft(subject);
  const comment = commentIn(root);
  if (comment && !comment.value && draft.comment) comment.value = draft.comment;
  if (form) restoreForm(form, subject, draft);
}

// After `values` were saved as `revision`, only what was typed since is a draft: in the form if it is
// on the page, else in the storage.
export function settleDraft(subject, values, form, revision) {
  if (form) {
    noteSavedValues(form, values);
    delete form.dataset.frozen;
    form.elements.revision.value = revision;
    return;
  }
  const draft = readDraft(subject);
  for (const name of Object.keys(draft.fields || {})) if (values.get(name) === draft.fields[name]) delete draft.fields[name];
  if (!Object.keys(draft.fields || {}).length) delete draft.fields;
  if (draft.tags?.every((tag) => values.get(`tags=${tag}`) === 'true')) delete draft.tags;
  draft.revision = revision;
  writeDraft(subject, draft);
}

const shownRoot = () => document.querySelector('[data-stream]');

document.addEventListener('submit', (event) => {
  const form = event.target;
  if (!form.matches('[data-manage]') || form.closest('[data-pane]') || !shownRoot()) return;
  saveDraft(shownRoot(), true);
  form.dataset.sent = '';
});
addEventListener('pagehide', () => { if (shownRoot()) saveDraft(shownRoot()); });
// Back to a page that the browser kept: what was sent may be sent again.
addEventListener('pageshow', (event) => {
  const form = event.persisted && shownRoot() && formIn(shownRoot());
  if (form) delete form.dataset.sent;
});
if (shownRoot()) restoreDraft(shownRoot());
