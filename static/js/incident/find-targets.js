// Lists the incidents that fit what is typed into a field for one (data-find-targets). The chosen one fills the field.

import { fetchPart } from '../shared/fetch-page.js';

const DELAY = 150;

async function list(form, field) {
  const from = new FormData(form);
  const query = new URLSearchParams({ q: field.value });
  [...new Set([...from.getAll('from'), ...from.getAll('ids')])].slice(0, 20).forEach((id) => query.append('from', id));
  const found = await fetchPart(`${field.dataset.findTargets}?${query}`, '[data-targets]').catch(() => null);
  if (found) form.querySelector('[data-targets]')?.replaceWith(found);
}

export function findTargets(root) {
  const field = root.querySelector('[data-find-targets]');
  const form = field?.form;
  if (!form) return;
  let timer = null;
  field.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(() => list(form, field), DELAY);
  });
  form.addEventListener('change', (event) => {
    if (event.target.name === 'related') field.value = event.target.value;
    if (event.target.name === 'new_incident' && event.target.checked) field.value = '';
  });
}

findTargets(document);
