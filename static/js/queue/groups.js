// Folds the alerts of one title under the first of them. Without this script all are shown.

import { checkboxOf, list, rowById } from './rows.js';

const othersOf = (id) => [...list.querySelectorAll(`[data-under="${id}"]`)];

// Shows or hides the others of a row's title, and says so at the button.
function fold(row, folded) {
  othersOf(row.dataset.row).forEach((other) => { other.hidden = folded; other.toggleAttribute('data-folded', folded); });
  const button = row.querySelector('[data-group]');
  button.hidden = false;
  button.setAttribute('aria-expanded', String(!folded));
}

function foldAll() {
  list.querySelectorAll('[data-group][hidden]').forEach((button) => {
    const row = button.closest('[data-row]');
    fold(row, othersOf(row.dataset.row).every((other) => other.dataset.folded !== undefined));
  });
}

// Ticking the row of a folded title ticks all of its alerts.
function tickOthers(box) {
  const others = othersOf(box.value).filter((other) => other.hidden);
  others.forEach((other) => { checkboxOf(other).checked = box.checked; });
  if (others.length) document.dispatchEvent(new CustomEvent('watchdesk:rows', { detail: { selecting: true } }));
}

if (list?.querySelector('.alert-queue')) {
  list.addEventListener('click', (event) => {
    const button = event.target.closest('[data-group]');
    if (button) fold(button.closest('[data-row]'), button.getAttribute('aria-expanded') === 'true');
  });
  list.addEventListener('change', (event) => { if (event.target.matches('.col-check input') && rowById(event.target.value)) tickOthers(event.target); });
  document.addEventListener('watchdesk:rows', foldAll);
  foldAll();
}
