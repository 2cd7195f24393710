// A page shown in place: a link with data-panel fetches its page and shows the part that the
// attribute names under the link. Without this script the link leads to the page itself.
(() => {
  let shown = null;
  let asked = 0;
  const close = (back = true) => {
    if (!shown) return;
    const { box, link } = shown;
    shown = null;
    box.remove();
    link.setAttribute('aria-expanded', 'false');
    if (back) link.focus({ preventScroll: true });
  };
  const open = async (link, place) => {
    if (shown) { const same = shown.link === link; close(); if (same && !place) return; }
    const mine = ++asked;
    const response = await fetch(link.href, { credentials: 'same-origin' }).catch(() => null);
    if (mine !== asked) return;
    if (!response) { window.watchdeskAway(); return; }
    const page = response && response.ok && !response.redirected ? new DOMParser().parseFromString(await response.text(), 'text/html') : null;
    const inner = page?.querySelector(link.dataset.panel);
    if (!inner) { location.assign(link.href); return; }
    const box = document.createElement('div');
    box.className = 'panel';
    box.setAttribute('role', 'dialog');
    box.tabIndex = -1;
    const heading = inner.querySelector('h1');
    box.setAttribute('aria-labelledby', heading.id);
    box.append(document.adoptNode(inner));
    box.addEventListener('keydown', (event) => { if (event.key === 'Escape') { event.preventDefault(); event.stopPropagation(); close(); } });
    box.addEventListener('click', (event) => { if (event.target.closest('[data-panel-close]')) { event.preventDefault(); close(); } });
    link.after(box);
    link.setAttribute('aria-expanded', 'true');
    shown = { box, link };
    box.dispatchEvent(new Event('watchdesk:panel', { bubbles: true }));
    const wanted = place && box.querySelector(place);
    if (wanted) { wanted.open = true; wanted.scrollIntoView({ block: 'nearest' }); }
    ((wanted || box).querySelector('input:not([type=hidden], [type=radio]), summary') || heading).focus();
  };
  document.addEventListener('click', (event) => {
    const link = event.target.closest('a[data-panel]');
    if (link && event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey) { event.preventDefault(); open(link); return; }
    if (shown && !shown.box.contains(event.target)) close(false);
  });
  document.querySelectorAll('a[data-panel]').forEach((link) => { link.setAttribute('role', 'button'); link.setAttribute('aria-haspopup', 'dialog'); link.setAttribute('aria-expanded', 'false'); });
  document.addEventListener('keydown', (event) => { if (event.key === ' ' && event.target.matches?.('a[data-panel]')) { event.preventDefault(); open(event.target); } });
  // A range of one's own is typed in the panel, where there is room for it.
  document.addEventListener('change', (event) => {
    const link = document.querySelector('a[data-panel="[data-filter-form]"]');
    if (event.target.matches('.search select[name=range]') && event.target.value === 'custom' && link) {
      event.stopPropagation();
      event.target.value = [...event.target.options].find((option) => option.defaultSelected)?.value;
      open(link, '#f-range');
    }
  }, true);

  // Long lists get a field that narrows them; dates that are typed are a custom range.
  const dress = (root) => {
    root.querySelectorAll('[data-long]:not([data-dressed])').forEach((list) => {
      list.dataset.dressed = '';
      const field = Object.assign(document.createElement('input'), { type: 'search', placeholder: 'Find', className: 'find' });
      field.setAttribute('aria-label', `Find in ${list.dataset.long}`);
      field.addEventListener('input', () => {
        const typed = field.value.trim().toLowerCase();
        list.querySelectorAll('label, .filter-line').forEach((line) => { line.hidden = typed !== '' && !line.textContent.toLowerCase().includes(typed); });
      });
      field.addEventListener('keydown', (event) => { if (event.key === 'Enter') event.preventDefault(); });
      list.querySelector('legend').after(field);
    });
  };
  document.addEventListener('input', (event) => {
    if (!event.target.matches('[name=fromTime], [name=toTime]')) return;
    const custom = event.target.form.querySelector('[name=range][value=custom]');
    if (custom) custom.checked = true;
  });
  document.addEventListener('watchdesk:panel', (event) => dress(event.target));
  dress(document);
})();
