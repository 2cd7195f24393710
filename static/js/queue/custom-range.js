// "Custom" in the time range opens the filter panel, which has fields for the dates.

import { openPanel } from '../page/panel.js';

document.addEventListener('change', (event) => {
  const link = document.querySelector('a[data-panel="[data-filter-form]"]');
  if (event.target.matches('.search select[name=range]') && event.target.value === 'custom' && link) {
    event.stopPropagation();
    event.target.value = [...event.target.options].find((option) => option.defaultSelected)?.value;
    openPanel(link, '#f-range').then(() => {
      document.querySelector('#f-range [value=custom]')?.click();
      const from = document.querySelector('#f-range [name=fromTime]');
      from?.scrollIntoView({ block: 'center' });
      from?.focus({ preventScroll: true });
    });
  }
}, true);
// Typing a date selects "Custom".
document.addEventListener('input', (event) => {
  if (!event.target.matches('[name=fromTime], [name=toTime]')) return;
  const custom = event.target.form.querySelector('[name=range][value=custom]');
  if (custom) custom.checked = true;
});
