// Selected rows: the bulk bar appears with the first one and counts them. With the whole page
// selected, everything that the filter finds can be.
(() => {
  const all = document.querySelector('[data-select-all]');
  const count = (form, name, place, bar) => {
    const scope = form.elements.scope;
    const whole = form.querySelector('[data-select-filter]');
    const update = (event) => {
      const boxes = [...(form.id ? document.querySelectorAll(`input[form="${form.id}"][name="${name}"]`) : form.querySelectorAll(`input[name="${name}"]`))];
      // With all that match selected, so is what comes in.
      if (scope?.value === 'filter' && event?.type === 'watchdesk:rows' && !event.detail?.selecting) boxes.forEach((box) => { box.checked = true; });
      const chosen = boxes.filter((box) => box.checked).length;
      const page = chosen > 0 && chosen === boxes.length;
      if (scope && !page) scope.value = '';
      const filter = scope?.value === 'filter';
      const words = filter ? whole.dataset.all : chosen ? `${chosen} selected` : '';
      if (place && place.textContent !== words) place.textContent = words;
      if (all && form.id) { const shown = boxes.filter((box) => box.closest('[data-rows]')); all.checked = shown.length > 0 && shown.every((box) => box.checked); }
      if (whole) whole.hidden = !page || filter;
      if (bar) bar.hidden = chosen === 0;
    };
    document.addEventListener('change', (event) => { if (event.target.name === name) update(); });
    document.addEventListener('watchdesk:rows', update);
    whole?.addEventListener('click', () => { scope.value = 'filter'; update(); place.focus(); });
    update();
  };
  // Enter in a box would press the form's first button, which assigns what is selected.
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && event.target.matches?.('input[type=checkbox][form=bulk], [data-move-select] input[type=checkbox]')) event.preventDefault();
  });
  if (all) {
    all.hidden = false;
    all.addEventListener('change', () => {
      // What is selected on other pages stays so.
      document.querySelectorAll('[data-rows] input[name="ids"]').forEach((box) => { box.checked = all.checked; });
      document.dispatchEvent(new CustomEvent('watchdesk:rows', { detail: { selecting: true } }));
    });
  }
  const bulk = document.querySelector('[data-bulk]');
  if (bulk) {
    count(bulk, 'ids', bulk.querySelector('[data-bulk-count]'), bulk);
    // Back to the page and the pane that are shown now, not those that were loaded.
    bulk.addEventListener('submit', () => { bulk.elements.return_to.value = location.pathname + location.search; });
  }
  const move = document.querySelector('[data-move-select]');
  if (move) count(move, 'alerts', move.querySelector('[data-select-count]'), null);
})();
