// Selected rows: the bulk bar appears with the first one and counts them. With the whole page
// selected, everything that the filter finds can be.
(() => {
  const count = (form, name, place, bar) => {
    const scope = form.elements.scope;
    const whole = form.querySelector('[data-select-filter]');
    const update = () => {
      const boxes = [...(form.id ? document.querySelectorAll(`input[form="${form.id}"][name="${name}"]`) : form.querySelectorAll(`input[name="${name}"]`))];
      const chosen = boxes.filter((box) => box.checked).length;
      const page = chosen > 0 && chosen === boxes.length;
      if (scope && !page) scope.value = '';
      const filter = scope?.value === 'filter';
      if (place) place.textContent = filter ? whole.dataset.all : chosen ? `${chosen} selected` : '';
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
  const all = document.querySelector('[data-select-all]');
  if (all) {
    all.hidden = false;
    all.addEventListener('change', () => {
      document.querySelectorAll('input[name="ids"]').forEach((box) => { box.checked = all.checked; });
      document.dispatchEvent(new Event('watchdesk:rows'));
    });
  }
  const bulk = document.querySelector('[data-bulk]');
  if (bulk) count(bulk, 'ids', bulk.querySelector('[data-bulk-count]'), bulk);
  const move = document.querySelector('[data-move-select]');
  if (move) count(move, 'alerts', move.querySelector('[data-select-count]'), null);
})();
