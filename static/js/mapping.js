// A place of the sample goes into the field that was last typed in. Without this script places are
// copied by hand.
(() => {
  const form = document.querySelector('[data-mapping]');
  const places = form?.querySelector('[data-places]');
  if (!places) return;
  let field = null;
  form.addEventListener('focusin', ({ target }) => { if (target.matches('[data-pointers]:not([readonly])')) field = target; });
  form.querySelector('[data-places-hint]').hidden = false;
  for (const code of places.querySelectorAll('[data-place]')) {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'link';
    button.textContent = code.textContent;
    code.replaceWith(button);
    button.addEventListener('click', () => {
      if (!field) return window.watchdeskSay('Choose a field first.');
      // Another line is another alternative.
      field.value = [field.value.trimEnd(), button.textContent].filter(Boolean).join('\n');
      field.focus();
      return undefined;
    });
  }
})();
