// Selected rows: the bar of bulk actions appears with the first one and counts them. With the whole
// page selected, everything that the filter finds can be.

const selectAll = document.querySelector('[data-select-all]');

function checkboxesOf(form, name) {
  const boxes = form.id ? document.querySelectorAll(`input[form="${form.id}"][name="${name}"]`) : form.querySelectorAll(`input[name="${name}"]`);
  return [...boxes];
}

// Keeps `place` and the bar showing what is selected in the form by checkboxes of this name.
function countSelected(form, name, place, bar) {
  const { scope } = form.elements;
  const selectFilter = form.querySelector('[data-select-filter]');
  const update = (event) => {
    const boxes = checkboxesOf(form, name);
    // With everything selected that the filter finds, rows that come in are selected too.
    if (scope?.value === 'filter' && event?.type === 'watchdesk:rows' && !event.detail?.selecting) boxes.forEach((box) => { box.checked = true; });
    const selected = boxes.filter((box) => box.checked).length;
    const wholePage = selected > 0 && selected === boxes.length;
    if (scope && !wholePage) scope.value = '';
    const wholeFilter = scope?.value === 'filter';
    const words = wholeFilter ? selectFilter.dataset.all : selected ? `${selected} selected` : '';
    // Written only when it changes: screen readers read each change.
    if (place && place.textContent !== words) place.textContent = words;
    if (selectAll && form.id) {
      const shown = boxes.filter((box) => box.closest('[data-rows]'));
      selectAll.checked = shown.length > 0 && shown.every((box) => box.checked);
    }
    if (selectFilter) selectFilter.hidden = !wholePage || wholeFilter;
    if (bar) bar.hidden = selected === 0;
  };
  document.addEventListener('change', (event) => { if (event.target.name === name) update(); });
  document.addEventListener('watchdesk:rows', update);
  selectFilter?.addEventListener('click', () => { scope.value = 'filter'; update(); place.focus(); });
  update();
}

// Enter in a checkbox would press the form's first button, which assigns what is selected.
document.addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && event.target.matches?.('input[type=checkbox][form=bulk], [data-move-select] input[type=checkbox]')) event.preventDefault();
});

if (selectAll) {
  selectAll.hidden = false;
  selectAll.addEventListener('change', () => {
    // What is selected on other pages stays selected.
    document.querySelectorAll('[data-rows] input[name="ids"]').forEach((box) => { box.checked = selectAll.checked; });
    document.dispatchEvent(new CustomEvent('watchdesk:rows', { detail: { selecting: true } }));
  });
}

const bulk = document.querySelector('[data-bulk]');
if (bulk) {
  countSelected(bulk, 'ids', bulk.querySelector('[data-bulk-count]'), bulk);
  // The answer leads back to the page and the pane that are shown now, not those that were loaded.
  bulk.addEventListener('submit', () => { bulk.elements.return_to.value = location.pathname + location.search; });
}

const alerts = document.querySelector('[data-move-select]');
if (alerts) countSelected(alerts, 'alerts', alerts.querySelector('[data-select-count]'), null);
