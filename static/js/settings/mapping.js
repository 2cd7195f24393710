// A click on a path of the sample adds it to the field that last had the focus. Without this script
// paths are copied by hand.

import { showMessage } from '../shared/message.js';

const form = document.querySelector('[data-mapping]');
const paths = form?.querySelector('[data-places]');
let field = null;

function insert(path) {
  if (!field) { showMessage('Choose a field first.'); return; }
  // Every line of a field is an alternative.
  field.value = [field.value.trimEnd(), path].filter(Boolean).join('\n');
  field.focus();
}

if (paths) {
  form.addEventListener('focusin', ({ target }) => { if (target.matches('[data-pointers]:not([readonly])')) field = target; });
  form.querySelector('[data-places-hint]').hidden = false;
  for (const code of paths.querySelectorAll('[data-place]')) {
    const button = Object.assign(document.createElement('button'), { type: 'button', className: 'link', textContent: code.textContent });
    code.replaceWith(button);
    button.addEventListener('click', () => insert(button.textContent));
  }
}
