// Keeps unsaved input of the comment and manage forms for this browser tab, and restores it when the
// same incident or alert is shown again.

import { dropFormDraft, readDraft, subjectOf, writeDraft } from './draft-storage.js';
import { changedFields, changedTags, fillFields, noteOriginalValues, noteSavedValues } from './form-values.js';
import { ownPart } from './own-parts.js';
import { makeTagChoice } from './tag-choice.js';

const commentIn = (root) => ownPart(root, '[data-comment-form] textarea');
const formIn = (root) => ownPart(root, '[data-manage]');

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
  const form = formIn(root);
  // A page without forms, such as that of a viewer, has nothing to say of what was typed elsewhere.
  if (!form && !commentIn(root)) return;
  const draft = { comment: commentIn(root)?.value || '' };
  if (form && form.dataset.sent !== undefined) {
    // While the form is being sent its draft stays as it was; the next page shows the result.
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
  // The answer to a sent form has a message when it was saved, and the typed values when it was refused.
  if (draft.sent && (isFrozen || document.querySelector('[data-flash] p'))) { dropFormDraft(subject); return; }
  if (isFrozen || !(draft.fields || draft.tags)) return;
  // The draft is based on an older revision. Saving with that revision shows what changed meanwhile.
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

// Removes saved `values` from a draft, so that only input typed since remains. `form` is the form on
// the page, if the incident is still shown; else the stored draft is changed.
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

const shownRoots = () => [...document.querySelectorAll('[data-stream]')];

document.addEventListener('submit', (event) => {
  const form = event.target;
  const root = form.closest('[data-stream]');
  if (!form.matches('[data-manage]') || form.closest('[data-pane]') || !root) return;
  saveDraft(root, true);
  form.dataset.sent = '';
});
addEventListener('pagehide', () => shownRoots().forEach((root) => saveDraft(root)));
// The browser restored this page from its cache: its form can be sent again.
addEventListener('pageshow', (event) => {
  if (event.persisted) shownRoots().map(formIn).forEach((form) => { if (form) delete form.dataset.sent; });
});
shownRoots().forEach(restoreDraft);
