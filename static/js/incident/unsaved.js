// Says beside the pane's Save button that something of its form is not saved.

import { changedFields, changedTags } from './form-values.js';

function show() {
  const place = document.querySelector('[data-unsaved]');
  const form = place?.closest('[data-pane]').querySelector('[data-manage]');
  if (!form) return;
  const isFrozen = form.dataset.frozen !== undefined;
  place.hidden = !isFrozen && !Object.keys(changedFields(form)).length && !changedTags(form);
}

document.addEventListener('input', (event) => { if (event.target.form?.matches('[data-manage]')) show(); });
document.addEventListener('change', (event) => { if (event.target.form?.matches('[data-manage]')) show(); });
document.addEventListener('watchdesk:content', show);
document.addEventListener('watchdesk:state', show);
show();
