// Fetches pages and parts of pages, and sends forms, without leaving the page.

import { showUnreachable } from './message.js';

export const parsePage = async (response) => new DOMParser().parseFromString(await response.text(), 'text/html');

// A session that ended answers with the sign-in page, which looks like success.
export const isSignedOut = (response) => response.redirected && new URL(response.url).pathname === '/login';

export async function fetchPage(href) {
  const response = await fetch(href, { credentials: 'same-origin' });
  if (!response.ok || response.redirected) throw new Error(`no page at ${href}`);
  return parsePage(response);
}

// The element of another page that the selector finds, ready to be put into this one.
export async function fetchPart(href, selector) {
  const part = (await fetchPage(href)).querySelector(selector);
  if (!part) throw new Error(`no ${selector} at ${href}`);
  return document.adoptNode(part);
}

// A lost connection is no reason to leave the page; any other failure is explained by the page at `href`.
export function explainFailure(error, href) {
  if (error instanceof TypeError) showUnreachable(); else location.assign(href);
}

export const postForm = (form, submitter) => fetch(form.action, {
  method: 'POST',
  body: new URLSearchParams(new FormData(form, submitter)),
  credentials: 'same-origin',
});

// The message of a page that refused a form.
export const problemOf = (page) => page.querySelector('[data-message], .problem:not([hidden])')?.textContent || 'That did not work.';
