// Says beside the Save button that something of the form is not saved, and discards it.

import { dropFormDraft, subjectOf } from './draft-storage.js';
import { saveDraft } from './drafts.js';
import { changedFields, changedTags, restoreOriginalValues } from './form-values.js';
import { ownPart, ownParts } from './own-parts.js';

function show() {
  for (const root of document.querySelectorAll('[data-stream]')) {
    const form = ownPart(root, '[data-manage]');
    const isSaved = !form || (form.dataset.frozen === undefined && !Object.keys(changedFields(form)).length && !changedTags(form));
    ownParts(root, '[data-unsaved]').forEach((place) => { place.hidden = isSaved; });
  }
}

function discard(button) {
  const root = button.closest('[data-stream]');
  const form = ownPart(root, '[data-manage]');
  // A form that was refused has no other values than those that were typed.
  if (form.dataset.frozen !== undefined) {
    dropFormDraft(subjectOf(root));
    form.dataset.sent = '';
    location.assign(form.elements.return_to.value);
    return;
  }
  restoreOriginalValues(form);
  saveDraft(root);
  form.dispatchEvent(new Event('change', { bubbles: true }));
  form.querySelector('select, input:not([type=hidden])').focus();
}

document.addEventListener('click', (event) => { if (event.target.matches('[data-discard]')) discard(event.target); });
['input', 'change', 'watchdesk:content', 'watchdesk:state'].forEach((type) => document.addEventListener(type, show));
show();
