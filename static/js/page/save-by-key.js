// Ctrl+Enter (on a Mac, Command+Enter) in a field submits its form with the form's main button.

document.addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' || event.defaultPrevented || !(event.ctrlKey || event.metaKey)) return;
  const form = event.target.form;
  if (!form?.matches(':is(main, dialog) form[method=post]') || event.target.matches('button, input[type=submit]')) return;
  event.preventDefault();
  const main = form.querySelector('button.primary') || [...form.elements].find((control) => control.type === 'submit' && !control.matches('.sr'));
  form.requestSubmit(main);
});
