// Says beside the pane's Save button that something of its form is not saved.

import { changedFields, changedTags } from './form-values.js';

function show() {
  const place = document.querySelector('[data-unsaved]');
  const form = place?.closest('[data-pane]').querySelector('[data-manage]');
  if (form) place.hidden = form.dataset.frozen === undefined && !Object.keys(changedFields(form)).length && !changedTags(form);
}

['input', 'change', 'watchdesk:content', 'watchdesk:state'].forEach((type) => document.addEventListener(type, show));
show();
