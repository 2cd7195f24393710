// A select that submits its form when its value changes. By keyboard every arrow key changes the
// value, so there Enter submits.

let changedByKeyboard = null;

document.addEventListener('keydown', (event) => {
  if (!event.target.matches('[data-submit-on-change]')) return;
  changedByKeyboard = event.target;
  if (event.key === 'Enter') { event.preventDefault(); event.target.form.requestSubmit(); }
});
document.addEventListener('pointerdown', () => { changedByKeyboard = null; });
document.addEventListener('change', (event) => {
  if (event.target.matches('[data-submit-on-change]') && event.target !== changedByKeyboard) event.target.form.requestSubmit();
});
