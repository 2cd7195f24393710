// A trial takes seconds: its button says that it runs.
(() => {
  let waiting = null;
  document.addEventListener('submit', (event) => {
    const button = event.submitter;
    if (!event.target.matches('[data-rule]') || button?.value !== 'try') return;
    if (waiting) { event.preventDefault(); return; }
    waiting = [button, button.textContent];
    button.textContent = 'Trying …';
    button.setAttribute('aria-busy', 'true');
    window.watchdeskSay('Trying the rule on the past; this takes up to 30 seconds.');
  });
  // Coming back by the browser's own button shows the page as it was left.
  window.addEventListener('pageshow', () => {
    if (!waiting) return;
    const [button, text] = waiting;
    button.textContent = text;
    button.removeAttribute('aria-busy');
    waiting = null;
  });
})();
