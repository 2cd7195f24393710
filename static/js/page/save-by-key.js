// Ctrl+Enter (on a Mac, Command+Enter) in a field submits its form with the form's main button.

document.addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' || event.defaultPrevented || !(event.ctrlKey || event.metaKey)) return;
  const form = event.target.form;
  if (!form?.matches('main form[method=post]') || event.target.matches('button, input[type=submit]')) return;
  event.preventDefault();
  form.requestSubmit(form.querySelector('button.primary') || undefined);
});
