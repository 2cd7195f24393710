// "Custom" in the time range opens the filter panel, which has fields for the dates.

import { openPanel } from '../page/panel.js';

document.addEventListener('change', (event) => {
  const link = document.querySelector('a[data-panel="[data-filter-form]"]');
  if (event.target.matches('.search select[name=range]') && event.target.value === 'custom' && link) {
    event.stopPropagation();
    event.target.value = [...event.target.options].find((option) => option.defaultSelected)?.value;
    openPanel(link, '#f-range').then(() => document.querySelector('#f-range [value=custom]')?.click());
  }
}, true);
// Typing a date selects "Custom".
document.addEventListener('input', (event) => {
  if (!event.target.matches('[name=fromTime], [name=toTime]')) return;
  const custom = event.target.form.querySelector('[name=range][value=custom]');
  if (custom) custom.checked = true;
});
