// Shows the bar of bulk actions while rows are selected, with their number. When the whole page is
// selected, the bar offers to select everything that the filter finds.

const selectAll = document.querySelector('[data-select-all]');

function checkboxesOf(form, name) {
  const boxes = form.id ? document.querySelectorAll(`input[form="${form.id}"][name="${name}"]:enabled`) : form.querySelectorAll(`input[name="${name}"]`);
  return [...boxes];
}

// Keeps the number in `place`, and the bar, up to date with the form's checkboxes of this name.
function countSelected(form, name, place, bar) {
  const { scope } = form.elements;
  const selectFilter = form.querySelector('[data-select-filter]');
  const update = (event) => {
    const boxes = checkboxesOf(form, name);
    // While everything that the filter finds is selected, new rows are selected too.
    if (scope?.value === 'filter' && event?.type === 'watchdesk:rows' && !event.detail?.selecting) boxes.forEach((box) => { box.checked = true; });
    const selected = boxes.filter((box) => box.checked).length;
    const isPageSelected = selected > 0 && selected === boxes.length;
    if (scope && !isPageSelected) scope.value = '';
    const isFilterSelected = scope?.value === 'filter';
    const text = isFilterSelected ? selectFilter.dataset.all : selected ? `${selected} selected` : '';
    // Only when it differs: screen readers announce every change.
    if (place && place.textContent !== text) place.textContent = text;
    if (selectAll && form.id) {
      const shown = boxes.filter((box) => box.closest('[data-rows]'));
      selectAll.checked = shown.length > 0 && shown.every((box) => box.checked);
    }
    if (selectFilter) selectFilter.hidden = !isPageSelected || isFilterSelected;
    if (bar) bar.hidden = selected === 0;
  };
  document.addEventListener('change', (event) => { if (event.target.name === name) update(); });
  document.addEventListener('watchdesk:rows', update);
  selectFilter?.addEventListener('click', () => { scope.value = 'filter'; update(); place.focus(); });
  update();
}

// Enter in a checkbox would press the form's first button, "Assign to me".
document.addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && event.target.matches?.('input[type=checkbox][form=bulk], [data-move-select] input[type=checkbox]')) event.preventDefault();
});

const announce = () => document.dispatchEvent(new CustomEvent('watchdesk:rows', { detail: { selecting: true } }));

// A click with Shift sets every box since the last click. It would select the text between as well.
const BOX = '[data-rows] .col-check input:enabled';
let last = null;
document.addEventListener('mousedown', (event) => { if (event.shiftKey && event.target.matches(BOX)) event.preventDefault(); });
document.addEventListener('click', (event) => {
  const box = event.target;
  if (!box.matches(BOX)) return;
  const boxes = [...document.querySelectorAll(BOX)];
  const from = boxes.findIndex((one) => one.value === last);
  const to = boxes.indexOf(box);
  last = box.value;
  if (!event.shiftKey || from < 0) return;
  boxes.slice(Math.min(from, to), Math.max(from, to) + 1).forEach((one) => { one.checked = box.checked; });
  announce();
});

if (selectAll) {
  selectAll.hidden = false;
  selectAll.addEventListener('change', () => {
    // Rows of other pages keep their state.
    document.querySelectorAll(BOX).forEach((box) => { box.checked = selectAll.checked; });
    announce();
  });
}

const bulk = document.querySelector('[data-bulk]');
if (bulk) {
  countSelected(bulk, bulk.dataset.bulk, bulk.querySelector('[data-bulk-count]'), bulk);
  // Scripts may have shown another page or pane since this page was loaded.
  bulk.addEventListener('submit', () => { bulk.elements.return_to.value = location.pathname + location.search; });
}
