import { goTo } from './shared/go-to.js';
import { showMessage } from './shared/message.js';

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
    const subject = window.watchdeskDrafts.subjectOf(form.closest('[data-stream]'));
    if (form.dataset.busy !== undefined) return;
    form.dataset.busy = '';
    // Whoever walked on meanwhile finds the comment as a draft when they come back.
    const tell = (words) => {
      problem.textContent = words;
      problem.hidden = false;
      if (!form.isConnected) showMessage(`Your comment on incident ${subject.split('/').pop()} was not posted: ${words}`);
    };
    try {
      const response = await post(form);
      if (signedOut(response)) throw new Error(SIGNED_OUT);
      if (response.ok) {
        // Only what was sent is cleared: more may have been typed since.
        if (field.value === sent) field.value = '';
        window.watchdeskDrafts.drop(subject, 'comment', form.isConnected ? undefined : sent);
        problem.hidden = true;
        field.removeAttribute('aria-invalid');
        return;
      }
      const page = await parse(response);
      tell(page.querySelector('#c-error:not([hidden])')?.textContent || said(page));
      field.setAttribute('aria-invalid', 'true');
    } catch (error) {
      tell(error.message === SIGNED_OUT ? SIGNED_OUT : 'Watchdesk cannot be reached. Your comment is still here; try again.');
    } finally { delete form.dataset.busy; }
  };

  const inPane = async (form, submitter) => {
    const pane = form.closest('[data-pane]');
    const id = pane.dataset.pane;
    const drafts = window.watchdeskDrafts;
    const sent = form.matches('[data-manage]') ? drafts.sent(form) : null;
    form.elements.return_to.value = `/incidents/${id}/pane${location.search}`;
    try {
      const response = await post(form, submitter);
      if (signedOut(response)) { showMessage(SIGNED_OUT); return; }
      const page = await parse(response);
      const open = window.watchdeskPane.open();
      if (response.ok && !page.querySelector('[data-pane]')) { goTo(response.url, page); return; }
      if (response.ok) {
        const focused = document.activeElement;
        // What was saved is no draft; what was typed since, or stands in the pane's other form, still is one.
        const here = open?.dataset.pane === id;
        if (sent) drafts.settle(drafts.subjectOf(pane), sent, here && open.querySelector('[data-manage]'), page.querySelector('[data-manage]')?.elements.revision.value);
        if (here) window.watchdeskPane.replace(page, id, focused?.id || focused?.textContent); else window.watchdeskPane.done(page, id);
        return;
      }
      // Whoever walked on finds what they typed as a draft when they come back.
      if (open !== pane) { showMessage(`Incident ${id} was not saved: ${said(page)}`); return; }
      const manage = page.querySelector('[data-manage]');
      if (!manage) { showMessage(said(page)); return; }
      manage.elements.return_to.value = location.pathname + location.search;
      manage.dataset.frozen = '';
      pane.querySelector('[data-manage]').replaceWith(document.adoptNode(manage));
      pane.querySelector('[data-manage]').dispatchEvent(new Event('watchdesk:content', { bubbles: true }));
      pane.querySelector('[data-manage] [aria-invalid="true"], [data-manage] .clash')?.scrollIntoView({ block: 'center' });
      pane.querySelector('[data-manage] [aria-invalid="true"]')?.focus();
    } catch { showMessage('Watchdesk cannot be reached. Nothing was saved; what you typed is still here.'); }
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
