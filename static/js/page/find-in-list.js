// Adds a field to long lists of choices that hides the choices without the typed text.

function addField(list) {
  list.dataset.hasFind = '';
  const field = Object.assign(document.createElement('input'), { type: 'search', placeholder: 'Find', className: 'find' });
  field.setAttribute('aria-label', `Find in ${list.dataset.long}`);
  field.addEventListener('input', () => {
    const typed = field.value.trim().toLowerCase();
    list.querySelectorAll('label, .filter-line').forEach((line) => { line.hidden = typed !== '' && !line.textContent.toLowerCase().includes(typed); });
  });
  field.addEventListener('keydown', (event) => { if (event.key === 'Enter') event.preventDefault(); });
  list.querySelector('legend').after(field);
}

const addFields = (root) => root.querySelectorAll('[data-long]:not([data-has-find])').forEach(addField);

document.addEventListener('watchdesk:panel', (event) => addFields(event.target));
addFields(document);
