// Selected rows: the bulk bar appears with the first one and counts them.
(() => {
  const count = (form, name, place, bar) => {
    const update = () => {
      const boxes = form.id ? document.querySelectorAll(`input[form="${form.id}"][name="${name}"]`) : form.querySelectorAll(`input[name="${name}"]`);
      const chosen = [...boxes].filter((box) => box.checked).length;
      if (place) place.textContent = chosen ? `${chosen} selected` : '';
      if (bar) bar.hidden = chosen === 0;
    };
    document.addEventListener('change', (event) => { if (event.target.name === name) update(); });
    document.addEventListener('watchdesk:rows', update);
    update();
  };
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
