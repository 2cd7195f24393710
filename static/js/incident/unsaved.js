// Says beside the Save button that something of the form is not saved, and discards it.

import { dropFormDraft, subjectOf } from './draft-storage.js';
import { changedFields, changedTags } from './form-values.js';
import { ownPart, ownParts } from './own-parts.js';

function show() {
  for (const root of document.querySelectorAll('[data-stream]')) {
    const form = ownPart(root, '[data-manage]');
    const isChanged = form && ('frozen' in form.dataset || Object.keys(changedFields(form)).length || changedTags(form));
    ownParts(root, '[data-unsaved]').forEach((place) => { place.hidden = !isChanged; });
  }
}

// Shows the incident or alert anew. A typed comment stays a draft.
document.addEventListener('click', ({ target }) => {
  if (!target.matches('[data-discard]')) return;
  const root = target.closest('[data-stream]');
  const form = ownPart(root, '[data-manage]');
  dropFormDraft(subjectOf(root));
  // Leaving keeps the stored draft.
  form.dataset.sent = '';
  location.assign(form.elements.return_to.value);
});
['input', 'change', 'watchdesk:content', 'watchdesk:state'].forEach((type) => document.addEventListener(type, show));
show();
