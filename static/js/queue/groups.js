// Folds the alerts of one title under the first of them, and ticks them together. Without this script all are shown.

const list = document.querySelector('[data-queue] .list');

const othersOf = (id) => [...list.querySelectorAll(`[data-under="${id}"]`)];
const announce = () => document.dispatchEvent(new CustomEvent('watchdesk:rows', { detail: { selecting: true } }));

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
  others.forEach((other) => { other.querySelector('.col-check input').checked = box.checked; });
  if (others.length) announce();
}

function hiddenBox(id) {
  const box = Object.assign(document.createElement('input'), { type: 'checkbox', name: 'alerts', value: id, checked: true });
  box.setAttribute('form', 'bulk');
  return box;
}

// Alerts without rows of their own are ticked with the first of their title, by boxes that nobody sees.
function tickUnlisted() {
  let changes = false;
  const placeOf = (id) => list.querySelector(`[data-ticked-with="${id}"]`);
  list.querySelectorAll('[data-ticked-with]').forEach((place) => {
    if (list.querySelector(`input[data-with][value="${place.dataset.tickedWith}"]:checked`)) return;
    place.remove();
    changes = true;
  });
  list.querySelectorAll('input[data-with]:checked').forEach((box) => {
    if (placeOf(box.value)) return;
    const place = Object.assign(document.createElement('div'), { hidden: true });
    place.dataset.tickedWith = box.value;
    place.append(...box.dataset.with.split(' ').map(hiddenBox));
    list.append(place);
    changes = true;
  });
  if (changes) announce();
}

if (list?.querySelector('.alert-queue')) {
  list.addEventListener('click', (event) => {
    const button = event.target.closest('[data-group]');
    if (button) fold(button.closest('[data-row]'), button.getAttribute('aria-expanded') === 'true');
  });
  list.addEventListener('change', (event) => {
    if (!event.target.matches('[data-rows] .col-check input')) return;
    tickOthers(event.target);
    tickUnlisted();
  });
  document.addEventListener('watchdesk:rows', () => { foldAll(); tickUnlisted(); });
  foldAll();
  tickUnlisted();
}
