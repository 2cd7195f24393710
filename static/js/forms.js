// Forms that answer in place: a comment is posted without leaving the page, a pane's form brings
// back the pane. Without this script the same forms post and reload.
(() => {
  const post = (form, submitter) => fetch(form.action, {
    method: 'POST',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(new FormData(form, submitter)),
    credentials: 'same-origin',
  });
  // A session that ended answers with the sign-in page, which looks like success.
  const signedOut = (response) => response.redirected && new URL(response.url).pathname === '/login';
  const SIGNED_OUT = 'Your session has ended. Sign in again in another tab; what you typed is still here.';
  const parse = async (response) => new DOMParser().parseFromString(await response.text(), 'text/html');
  const said = (page) => page.querySelector('[data-message], .problem:not([hidden])')?.textContent || 'That did not work.';

  const comment = async (form) => {
    const field = form.elements.body;
    const problem = form.querySelector('[data-comment-error]');
    const sent = field.value;
    if (form.dataset.busy !== undefined) return;
    form.dataset.busy = '';
    try {
      const response = await post(form);
      if (signedOut(response)) throw new Error(SIGNED_OUT);
      if (response.ok) {
        // Only what was sent is cleared: more may have been typed since.
        if (field.value === sent) field.value = '';
        window.watchdeskDrafts.drop(window.watchdeskDrafts.subjectOf(form.closest('[data-stream]')), 'comment');
        problem.hidden = true;
        field.removeAttribute('aria-invalid');
        return;
      }
      const page = await parse(response);
      problem.textContent = page.querySelector('#c-error:not([hidden])')?.textContent || said(page);
      problem.hidden = false;
      field.setAttribute('aria-invalid', 'true');
    } catch (error) {
      problem.textContent = error.message === SIGNED_OUT ? SIGNED_OUT : 'Watchdesk cannot be reached. Your comment is still here; try again.';
      problem.hidden = false;
    } finally { delete form.dataset.busy; }
  };

  const inPane = async (form, submitter) => {
    const pane = form.closest('[data-pane]');
    form.elements.return_to.value = `/incidents/${pane.dataset.pane}/pane${location.search}`;
    try {
      const response = await post(form, submitter);
      if (signedOut(response)) { window.watchdeskSay(SIGNED_OUT); return; }
      const page = await parse(response);
      if (response.ok) {
        const focused = document.activeElement;
        // What was saved is no draft; what stands in the pane's other form still is one.
        window.watchdeskPane.replace(page, pane.dataset.pane, form.matches('[data-manage]'), focused?.id || focused?.textContent);
        return;
      }
      const manage = page.querySelector('[data-manage]');
      if (!manage) { window.watchdeskSay(said(page)); return; }
      manage.elements.return_to.value = location.pathname + location.search;
      manage.dataset.frozen = '';
      pane.querySelector('[data-manage]').replaceWith(document.adoptNode(manage));
      pane.querySelector('[data-manage]').dispatchEvent(new Event('watchdesk:content', { bubbles: true }));
      pane.querySelector('[data-manage] [aria-invalid="true"], [data-manage] .clash')?.scrollIntoView({ block: 'center' });
      pane.querySelector('[data-manage] [aria-invalid="true"]')?.focus();
    } catch { window.watchdeskSay('Watchdesk cannot be reached. Nothing was saved; what you typed is still here.'); }
  };

  document.addEventListener('submit', (event) => {
    const form = event.target;
    if (form.matches('[data-comment-form]')) { event.preventDefault(); comment(form); }
    else if (form.closest('[data-pane]') && form.matches('[data-manage], [data-pane-form]') && window.watchdeskPane) { event.preventDefault(); inPane(form, event.submitter); }
  });
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && event.target.form?.matches('[data-comment-form]')) { event.preventDefault(); event.target.form.requestSubmit(); }
  });
})();
